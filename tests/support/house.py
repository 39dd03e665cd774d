"""The product in one piece for a test: its app, database, outbox and clock, in a Slack that is a fake."""

import itertools
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from slack_bolt import BoltResponse
from sqlmodel import col, select

from bot.app import build_app
from bot.intake import Intake
from bot.outbox import OutboxWorker
from db.enums import OutboxStatus
from db.session import Database
from db.tables import ApprovalLane, ApprovalRequest, LedgerEvent, OutboxRow
from handlers import ticks
from handlers.deps import Deps, Workspace
from handlers.ids import INPUT, Action, Block, Callback
from handlers.profiles import profile_of
from tests.support.fakes import TEAM, FakeSlack, ManualClock, Post, World, member
from workflows import people, policy, reactions, settings
from workflows.settings import SettingName

GOVERNANCE = "C_GOVERNANCE"
# One stage, one lane, one role: what most tests need. Tests of tiers and chains put the shipped policy in force.
ONE_LANE = """
name: One lane
version: 1
roles:
  governance: {name: AI governance}
chains:
  standard:
    stages:
      - key: review
        name: Governance review
        lanes:
          - key: governance
            name: AI governance
            role: governance
            rule: any
            sections: [purpose, data, model, people, oversight, value]
            remind_after_hours: 24
subjects:
  use_case:
    tier: medium
    chains: {medium: standard}
"""
PEOPLE = ("U_PRIYA", "U_MAREK", "U_ANN", "U_BEN", "U_OTTO")


class House:
    """People press, type and submit; time is moved by hand; promises leave when `send` is called."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock()
        self.world = World(people={slack_id: member(slack_id) for slack_id in PEOPLE})
        self.slack = FakeSlack(self.world)
        self.outbox = OutboxWorker(database, self.slack, self.clock, lease=timedelta(seconds=60), senders=0)
        self.deps = Deps(
            database=database,
            workspace=Workspace(TEAM, None, "U_BOT"),
            now=self.clock.now,
            wake_outbox=lambda: None,
            count=self._count,
        )
        app = build_app(self.deps, self.slack)

        @app.use
        def answer_with_fake(context: dict[str, Any], next: Any) -> None:  # noqa: A002 - Bolt's name for it
            context["client"] = self.slack
            next()

        self.intake = Intake(app)
        self._numbers = itertools.count(1)
        with database.transaction() as session:
            policy.apply(session, ONE_LANE, actor=None, now=self.clock.now())
            settings.change(session, SettingName.GOVERNANCE_CHANNEL, GOVERNANCE, actor=None, now=self.clock.now())
        self.grant("governance", "U_ANN")

    # ------------------------------------------------------------------ people acting

    def command(self, who: str, text: str = "") -> str:
        """Type `/usecase …` and return the private answer."""
        body = {"command": "/usecase", "text": text, "user_id": who, "team_id": TEAM, "channel_id": "C_GENERAL"}
        response = self._deliver(body | {"trigger_id": f"t.{next(self._numbers)}"})
        assert response.status == 200, response.body
        return response.body or ""

    def press(self, who: str, action: Action, value: str, *, where: str | None = None, stamp: str = "") -> BoltResponse:
        """Press a button in a direct message with the bot, or in `where`; `home` is the Home tab."""
        number = next(self._numbers)
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "trigger_id": f"t.{number}",
            "actions": [
                {
                    "type": "button",
                    "action_id": action,
                    "block_id": "buttons",
                    "value": value,
                    "action_ts": stamp or f"{number}.0",
                }
            ],
        }
        if where == "home":
            body["container"] = {"type": "view", "view_id": "V_HOME"}
            body["view"] = {"id": "V_HOME", "type": "home"}
        else:
            channel = where or "D_" + who.removeprefix("U_")
            body["container"] = {"type": "message", "message_ts": "1.0", "channel_id": channel}
            body["channel"] = {"id": channel}
        return self._deliver(body)

    def submit(
        self, who: str, view: dict[str, Any], values: dict[str, dict[str, Any]], *, view_id: str = ""
    ) -> BoltResponse:
        """Submit a modal as it was opened, with these inputs by block id."""
        state = {block: {INPUT: value} for block, value in values.items()}
        body = {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "view": view | {"id": view_id or f"V{next(self._numbers)}", "hash": "1.h", "state": {"values": state}},
        }
        return self._deliver(body)

    def open_home(self, who: str) -> None:
        event = {"type": "app_home_opened", "user": who, "tab": "home"}
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(self._numbers)}", "event": event}
        assert self._deliver(body).status == 200

    def tell(self, event: dict[str, Any]) -> BoltResponse:
        """Let Slack tell the product of an event."""
        number = next(self._numbers)
        return self._deliver({"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event})

    def propose(self, who: str = "U_PRIYA", **answers: Any) -> str:
        """Propose a use case as a person would and return its reference."""
        response = self.propose_with(who, **answers)
        assert response.status == 200, response.body
        return reference_in(response)

    def propose_with(self, who: str = "U_PRIYA", **answers: Any) -> BoltResponse:
        self.command(who, "new")
        return self.submit(who, self.world.opened[-1], form(**answers))

    def submit_again(self, view: dict[str, Any], who: str = "U_PRIYA") -> str:
        """Submit a proposal form that was submitted before and return what the person reads."""
        response = self.submit(who, view, form())
        assert response.status == 200, response.body
        return words(json.loads(response.body or "{}"))

    def approve(self, who: str, reference: str = "UC-1") -> BoltResponse:
        """Press Approve with the value the person's card carries, whether or not it still shows the button."""
        return self.press(who, Action.APPROVE, self.ballot(reference))

    def reject(self, who: str, reason: str, reference: str = "UC-1") -> BoltResponse:
        """Press Reject and submit the reason."""
        opened = len(self.world.opened)
        response = self.press(who, Action.REJECT, self.ballot(reference))
        if len(self.world.opened) == opened:
            return response
        return self.submit(who, self.world.opened[-1], {Block.REASON: {"value": reason}})

    # ------------------------------------------------------------------ time and the outbox

    def advance(self, **by: float) -> None:
        self.clock.advance(**by)
        ticks.tick(self.database, self.clock.now())

    def send(self) -> None:
        """Send everything promised, until nothing is due."""
        self.outbox.drain()

    # ------------------------------------------------------------------ looking

    def ballot(self, reference: str = "UC-1") -> str:
        """Return what the vote buttons of a request's first open lane carry."""
        with self.database.reading() as session:
            lane = session.exec(
                select(ApprovalLane)
                .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalLane.request_id))
                .where(ApprovalRequest.reference == reference)
            ).first()
            assert lane is not None
            return f"{lane.id}.{lane.content_digest}"

    def request_id(self, reference: str = "UC-1") -> UUID:

        with self.database.reading() as session:
            found = session.exec(select(ApprovalRequest.id).where(ApprovalRequest.reference == reference)).first()
            assert found is not None
            return found

    def posts_to(self, who: str) -> list[Post]:
        """Return the messages a person or channel got, oldest first."""
        place = "D_" + who.removeprefix("U_") if who.startswith("U_") else who
        return [post for post in self.world.posts if post.channel == place]

    def whispers_to(self, who: str) -> list[str]:
        return [whisper["text"] for whisper in self.world.whispers if whisper["user"] == who]

    def facts(self) -> list[str]:
        """Return the kinds on the record, stream by stream."""
        with self.database.reading() as session:
            rows = session.exec(select(LedgerEvent).order_by(LedgerEvent.stream, col(LedgerEvent.seq)))
            return [json.loads(row.body)["kind"] for row in rows]

    def outbox_rows(self, *statuses: OutboxStatus) -> list[OutboxRow]:
        with self.database.reading() as session:
            statement = select(OutboxRow).order_by(col(OutboxRow.seq))
            if statuses:
                statement = statement.where(col(OutboxRow.status).in_(statuses))
            return list(session.exec(statement))

    def grant(self, role: str, slack_id: str) -> None:

        profile = profile_of(self.world.people[slack_id], self.deps.workspace)
        with self.database.transaction() as session:
            person_id = people.store_profile(session, profile, now=self.clock.now())
            reactions.grant_role(session, role, person_id, actor=None, now=self.clock.now())

    def _count(self, what: str) -> None:
        self.intake.count(what)

    def _deliver(self, body: dict[str, Any]) -> BoltResponse:
        return self.intake.over_socket(body)


def form(**answers: Any) -> dict[str, dict[str, Any]]:
    """Return the proposal form filled in, with these answers instead of the usual ones."""
    usual = {
        "name": "Summarise complaint files",
        "problem": "Reading one file takes six hours.",
        "team": "Complaints",
        "owner": "U_MAREK",
        "objective": "Answer within five days",
        "kpi": "Hours per file, from 6 to 3",
        "data_class": "personal",
        "processing": "own_cloud",
    } | answers
    values: dict[str, dict[str, Any]] = {}
    for name, answer in usual.items():
        block = Block(f"intake.use_case.{name}")
        if name == "owner":
            values[block] = {"type": "users_select", "selected_user": answer}
        elif name in ("data_class", "processing"):
            option = {"value": answer} if answer else None
            values[block] = {"type": "static_select", "selected_option": option}
        else:
            values[block] = {"type": "plain_text_input", "value": answer}
    return values


def reference_in(response: BoltResponse) -> str:
    """Return the reference in the answer to a submitted proposal."""
    view = json.loads(response.body or "{}")["view"]
    assert view["callback_id"] == Callback.SUBMIT_USE_CASE
    return str(view["title"]["text"])


def buttons(post: Post) -> dict[str, str]:
    """Return the buttons of a message by what they say: label to value."""
    found = {}
    for block in post.blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else [block.get("accessory") or {}]
        for element in elements:
            if element.get("type") == "button":
                found[element["text"]["text"]] = element["value"]
    return found


def words(thing: Any) -> str:
    """Return every text in a message, view or block, for what a person can read."""
    if isinstance(thing, Post):
        return words(thing.blocks)
    if isinstance(thing, dict):
        return "\n".join(words(value) for key, value in thing.items() if key not in ("type", "action_id", "value"))
    if isinstance(thing, list):
        return "\n".join(words(each) for each in thing)
    return thing if isinstance(thing, str) else ""
