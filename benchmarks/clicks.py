"""The durable approve click, against a Bolt app that only acknowledges and against the driver alone."""

import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote_plus

from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Engine, PoolProxiedConnection, func, select

from benchmarks.measuring import Call, Timing, timed
from benchmarks.seeding import APPROVER, NOW, Ballot, ballots, postgres_copy, sqlite_copy
from bot import verifier
from bot.app import build_app
from bot.intake import Intake
from bot.verifier import Row
from db.engine import sqlite_driver
from db.enums import OutboxKind, RequestStatus, Verb
from db.session import Database
from db.tables import ApprovalLane, ApprovalRequest, ApprovalVote, Delivery, LedgerEvent, OutboxRow
from handlers.deps import Deps, Workspace
from handlers.ids import Action
from tests.support.fakes import TEAM, FakeSlack, World
from tests.support.postgres import Postgres
from tests.support.statements import Statement, recorded

Transport = Literal["http", "socket"]
TRANSPORTS: tuple[Transport, ...] = ("http", "socket")
SECRET = "a" * 32
PROMISES_PER_CLICK = 5
"""Two cards (governance channel, approver), two Homes (approver, proposer), and the proposer's news."""


# ---------------------------------------------------------------------------------------------- deliveries


def payload(ballot: Ballot) -> dict[str, Any]:
    """Return the press of Approve on an approver's card, as large as Slack sends it."""
    number = next(_stamps)
    channel = {"id": "D_ANN", "name": "directmessage"}
    return {
        "type": "block_actions",
        "user": {"id": APPROVER, "username": "ann", "name": "ann", "team_id": TEAM},
        "api_app_id": "A0GATEHOUSE",
        "token": "verification-token-nobody-uses",
        "container": {"type": "message", "message_ts": f"{number}.000100", "channel_id": "D_ANN"},
        "trigger_id": f"{number}.1234567890.abcdef0123456789abcdef0123456789",
        "team": {"id": TEAM, "domain": "northwind"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": channel,
        "message": {
            "user": "U_BOT",
            "type": "message",
            "ts": f"{number}.000100",
            "bot_id": "B0GATEHOUSE",
            "app_id": "A0GATEHOUSE",
            "team": TEAM,
            "text": "UC-1 “Summarise complaint files” by Priya waits for your decision.",
            "blocks": _card(ballot),
        },
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{TEAM}/{number}/abcdefghijklmnopqrstuvwx",
        "actions": [
            {
                "action_id": Action.APPROVE.value,
                "block_id": "approvals.card.buttons",
                "text": {"type": "plain_text", "text": "Approve", "emoji": True},
                "value": ballot.value,
                "style": "primary",
                "type": "button",
                "action_ts": f"{number}.000200",
            }
        ],
    }


_stamps = itertools.count(1_700_000_000)


def _card(ballot: Ballot) -> list[dict[str, Any]]:
    def words(text: str) -> dict[str, Any]:
        return {"type": "mrkdwn", "text": text, "verbatim": False}

    def press(action: Action, label: str) -> dict[str, Any]:
        text = {"type": "plain_text", "text": label, "emoji": True}
        return {"type": "button", "action_id": action.value, "text": text, "value": ballot.value}

    facts = ("*Team*\nComplaints", "*Owner*\nMarek", "*Objective*\nAnswer within five days", "*KPI*\nHours per file")
    title = {"type": "plain_text", "text": "UC-1 · Summarise complaint files", "emoji": True}
    presses = [press(Action.APPROVE, "Approve"), press(Action.REJECT, "Reject"), press(Action.OPEN, "Read it all")]
    return [
        {"type": "header", "block_id": "b0", "text": title},
        {"type": "context", "block_id": "b1", "elements": [words("Medium risk · proposed by Priya on 2 March")]},
        {"type": "section", "block_id": "b2", "fields": [words(each) for each in facts]},
        {"type": "section", "block_id": "b3", "text": words("> Reading one file takes six hours. " * 8)},
        {"type": "context", "block_id": "b4", "elements": [words("Waits for *AI governance*: Ann, 1 of 1.")]},
        {"type": "actions", "block_id": "approvals.card.buttons", "elements": presses},
        {"type": "context", "block_id": "b5", "elements": [words("Replies here are not votes; the buttons are.")]},
    ]


def signed(body: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the form and the headers Slack would post for this payload now."""
    form, stamp = f"payload={quote_plus(json.dumps(body))}", str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=form)
    return form, {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }


# ------------------------------------------------------------------------------------------ who is measured


class BareBolt:
    """The floor: a Bolt app with five listeners that only acknowledges the same payload."""

    name = "bare Bolt, acks only"

    def __init__(self) -> None:
        result = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id="U_BOT", bot_token="xoxb-fake")  # noqa: S106 - not a token

        def authorise() -> AuthorizeResult:
            return result

        self.app = App(
            client=FakeSlack(World()),
            authorize=authorise,
            signing_secret=SECRET,
            process_before_response=True,
            ssl_check_enabled=False,
            token_verification_enabled=False,
            attaching_function_token_enabled=False,
        )

        def acknowledge(ack: Ack) -> None:
            ack()

        # The one that answers comes first, as in the product: each listener tried before it costs the floor too.
        self.app.action(re.compile(r"^approvals\."))(acknowledge)
        for feature in ("intake", "home", "people", "policy"):
            self.app.action(re.compile(rf"^{feature}\."))(acknowledge)

    def prepare(self, transport: Transport, ballots_: Sequence[Ballot]) -> list[Call]:
        calls: list[Call] = []
        for ballot in ballots_:
            if transport == "http":
                form, headers = signed(payload(ballot))
                calls.append(partial(self._dispatch, body=form, headers=headers))
            else:
                calls.append(partial(self._dispatch, body=payload(ballot), mode="socket_mode"))
        return calls

    def _dispatch(self, **arguments: Any) -> None:
        response = self.app.dispatch(BoltRequest(**arguments))
        assert response.status == 200, response.body


class Product:
    """The real app on a database; every click is one request's last missing approval."""

    def __init__(self, name: str, engine: Engine, goal: float | None) -> None:
        self.name, self.engine, self.goal = name, engine, goal
        self._looks = itertools.count()
        self._world = World()
        deps = Deps(
            database=Database(engine),
            workspace=Workspace(TEAM, None, "U_BOT"),
            now=self._now,
            wake_outbox=lambda: None,
            count=lambda _: None,
        )
        self.intake = Intake(build_app(deps, FakeSlack(self._world), signing_secret=SECRET, verify=True))
        self._waiting = deque(ballots(engine))
        self._clicked: list[Ballot] = []
        self._before = self._rows(OutboxRow)

    def _now(self) -> datetime:
        """Return a minute later every time: whoever approves twelve in four minutes is asked for a second look."""
        return NOW + timedelta(minutes=next(self._looks))

    def take(self, clicks: int) -> list[Ballot]:
        return [self._waiting.popleft() for _ in range(clicks)]

    def prepare(self, transport: Transport, ballots_: Sequence[Ballot]) -> list[Call]:
        calls: list[Call] = []
        for ballot in ballots_:
            body = payload(ballot)
            if transport == "http":
                form, headers = signed(body)
                calls.append(partial(self._over_http, form.encode(), headers))
            else:
                calls.append(partial(self._over_socket, body))
        self._clicked += ballots_
        return calls

    def check(self) -> int:
        """Raise unless everything clicked so far is stored, chained and promised; return how many clicks that is."""
        assert self._world.calls == [], "Slack was called"
        expected = {ballot.lane_id for ballot in self._clicked}
        lane, vote, request, outbox = ApprovalLane, ApprovalVote, ApprovalRequest, OutboxRow
        columns: Any = (vote.lane_id, vote.verb, request.status, outbox.kind)
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(*columns)
                .select_from(vote)
                .join(lane, lane.id == vote.lane_id)
                .join(request, request.id == lane.request_id)
                .join(outbox, (outbox.subject_id == request.id) & (outbox.kind == OutboxKind.REQUEST_SETTLED))
            ).all()
            event: Any = LedgerEvent
            events = connection.execute(
                select(event.stream, event.seq, event.body, event.prev_hash, event.hash).order_by(
                    event.stream, event.seq
                )
            )
            report = verifier.verify(Row(*row) for row in events)
        assert len(rows) == len(expected), f"{len(rows)} votes with their news for {len(expected)} clicks"
        assert {str(row[0]) for row in rows} == expected, "votes on other lanes than those clicked"
        assert {row[1:3] for row in rows} == {(Verb.APPROVE, RequestStatus.APPROVED)}, "a click did not settle"
        assert self._rows(Delivery) == len(expected), "deliveries and clicks differ"
        assert self._rows(OutboxRow) - self._before == PROMISES_PER_CLICK * len(expected), "promises are missing"
        assert report.problem is None, report.sentence()
        return len(expected)

    def _rows(self, table: Any) -> int:
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def _over_http(self, form: bytes, headers: Mapping[str, str]) -> None:
        response = self.intake.over_http(form, headers)
        assert response.status == 200, response.body

    def _over_socket(self, body: dict[str, Any]) -> None:
        response = self.intake.over_socket(body)
        assert response.status == 200, response.body


class Driver:
    """The second floor: the driver alone sends the very statements of recorded clicks, one commit for each click."""

    def __init__(self, engine: Engine, clicks: Sequence[Sequence[Statement]]) -> None:
        self.statements = sum(each.count for each in clicks[0])
        self._engine = engine
        self._waiting = deque(clicks)
        self._idle: deque[PoolProxiedConnection] = deque()
        # As the product does: SQLite's own queue starves one of eight writers.
        self._one_writer = threading.Lock() if engine.dialect.name == "sqlite" else None

    def prepare(self, clicks: int) -> list[Call]:
        taken = [self._waiting.popleft() for _ in range(clicks)]
        return [partial(self._replay, statements) for statements in taken]

    def _replay(self, statements: Sequence[Statement]) -> None:
        # Connections are set up as the product's are; nothing of SQLAlchemy takes part once they are open.
        opened = self._idle.pop() if self._idle else self._engine.raw_connection()
        connection: Any = opened.driver_connection
        if self._one_writer is None:
            self._send(connection, statements)
            connection.commit()
        else:
            with self._one_writer:
                connection.execute("BEGIN IMMEDIATE")
                self._send(connection, statements)
                connection.execute("COMMIT")
        self._idle.append(opened)

    @staticmethod
    def _send(connection: Any, statements: Sequence[Statement]) -> None:
        cursor = connection.cursor()
        for statement in statements:
            if statement.many:
                cursor.executemany(statement.text, statement.parameters)
                continue
            cursor.execute(statement.text, statement.parameters)
            if cursor.description is not None:
                cursor.fetchall()


# ------------------------------------------------------------------------------------------------ measuring


@dataclass
class Measured:
    """All rounds of one line of the table."""

    name: str
    transport: Transport
    goal: float | None = None
    timings: list[Timing] = field(default_factory=list)
    statements: int | None = None
    raw: list[Timing] = field(default_factory=list)


@dataclass
class Result:
    floors: dict[Transport, Measured]
    lines: list[Measured]
    checked: dict[str, int]


@contextmanager
def contenders(
    seeded: Path, engines: Sequence[str], server: Postgres | None, recorded_clicks: int
) -> Iterator[list[tuple[Product, Driver]]]:
    """Give the product and its raw floor on each engine, each with a database of its own."""
    with ExitStack() as stack:

        def database(engine: str, use: str) -> Engine:
            if engine == "postgresql":
                assert server is not None
                return stack.enter_context(postgres_copy(seeded, f"{use}_clicks", server))
            return stack.enter_context(sqlite_copy(seeded, f"{use}-{engine}", engine.upper()))

        pairs = []
        for engine in engines:
            name, goal = NAMES[engine]
            heard = _recorded_clicks(database(engine, "heard"), recorded_clicks)
            driver = Driver(database(engine, "raw"), heard)
            pairs.append((Product(name, database(engine, "product"), goal), driver))
        yield pairs


NAMES: dict[str, tuple[str, float | None]] = {
    "wal": ("SQLite WAL", 0.5),
    "truncate": ("SQLite TRUNCATE", None),
    "postgresql": ("PostgreSQL", 0.3),
}


def _recorded_clicks(engine: Engine, clicks: int) -> list[Sequence[Statement]]:
    with recorded(engine) as recording:
        product = Product("recorded", engine, None)
        calls = product.prepare("socket", product.take(clicks))
        calls.pop()()  # opens the connection, whose set-up is no part of a click
        recording.taken()
        heard = []
        for call in calls:
            call()
            heard.append(recording.taken())
    return heard


def measure(
    pairs: Sequence[tuple[Product, Driver]],
    *,
    rounds: int,
    clicks: int,
    threads: int,
    transports: Sequence[Transport],
    say: Callable[[str], None],
) -> Result:
    """Go over everybody in turn, round by round. Raise when a click that was counted is not stored in full."""
    bare, tokens = BareBolt(), [Ballot("0", f"0198f000-0000-7000-8000-000000000000.{'0' * 64}")] * clicks
    floors = {transport: Measured(BareBolt.name, transport) for transport in transports}
    lines = {
        (product.name, transport): Measured(
            product.name, transport, product.goal if transport == "http" else None, statements=driver.statements
        )
        for transport in transports
        for product, driver in pairs
    }
    checked: dict[str, int] = {}
    for number in range(rounds + 1):  # the first is a warm-up
        counts = number > 0
        say(f"round {number} of {rounds}" if counts else "warming up")
        order = pairs if number % 2 else pairs[::-1]
        for transport in transports:
            floor = timed(bare.prepare(transport, tokens), threads)
            if counts:
                floors[transport].timings.append(floor)
            for product, driver in order:
                timing = timed(product.prepare(transport, product.take(clicks)), threads)
                raw = timed(driver.prepare(clicks), threads)
                checked[product.name] = product.check()
                if counts:
                    lines[product.name, transport].timings.append(timing)
                    lines[product.name, transport].raw.append(raw)
    return Result(floors, list(lines.values()), checked)


def sqlite_version() -> str:
    return str(sqlite_driver().sqlite_version)
