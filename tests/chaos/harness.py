"""A company whose workspace and bot are real processes that a test starts, kills and starts again."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sqlmodel import col, func, select

from bot.cli.children import TIE_TO_PARENT
from bot.cli.demo import free_port, is_ready
from bot.settings import VARIABLES
from db.engine import make_engine
from db.enums import OutboxStatus, RequestStatus
from db.session import Database
from db.tables import ApprovalRequest, ApprovalSeat, CheckInSchedule, OutboxRow, Person
from handlers.ids import Action, Callback
from handlers.intake.payloads import PREFIX
from tests.chaos.nursery import ForkedBot

Json = dict[str, Any]
Found = TypeVar("Found")

ROOT = Path(__file__).parents[2]
GENERAL, GOVERNANCE = "C0GENERAL", "C0GOVERNANCE"
PROPOSERS = ("U0PRIYA", "U0YUKI", "U0LEON", "U0AMARA")
OWNER, ANN, BO, CY, EVE = "U0MAREK", "U0ANN", "U0BO", "U0CY", "U0EVE"
APPROVERS = (ANN, BO)
COUNCIL = (CY, EVE)
DANA = "U0DANA"
"""She owns the workspace, so she becomes the first admin."""

ROLES = {"governance": APPROVERS, "council": COUNCIL}
PEOPLE = (*PROPOSERS, OWNER, *APPROVERS, *COUNCIL, DANA)
BOT = "U0GATEHOUSE"
LEASE_SECONDS = 4
PAUSE_SECONDS = 0.03
IS_LONG = "GATEHOUSE_CHAOS_MINUTES" in os.environ
"""Whether this is the long form of the fault tests: GATEHOUSE_CHAOS_MINUTES is how long its random runs take."""

HISTORY_SCOPES = ("channels:history", "groups:history", "im:history")

ANSWERS: Json = {
    "problem": "Reading one complaint file takes six hours.",
    "team": "Complaints",
    "owner": OWNER,
    "sponsor": OWNER,
    "objective": "Answer within five days",
    "output_use": "acting",
    "differs": "It reads other files.",
    "data_class": "internal",
    "processing": "own_cloud",
    "build": "in_house",
    "affected": ["own_team"],
    "decision": "none",
    "areas": ["none"],
    "practices": ["none"],
    "oversight": "The handler reads the file beside it.",
    "outputs": "A page for each file",
    "benefit": "Customers wait two days less",
    "kpi_name.0": "Hours per file",
    "kpi_unit.0": "hours",
    "kpi_direction.0": "down",
    "kpi_baseline.0": "6",
    "kpi_target.0": "3",
    "kpi_due.0": "2099-12-01",
}
"""Answers to every step, by field. Under the default policy Ann or Bo decides on them alone."""

BY_THE_POLICY = {"output_use": "summarising"}
"""With these nobody is asked: a line of the policy approves it."""

BY_EVERYBODY = {"areas": ["employment"]}
"""With these four lanes decide, and after them both of the council."""

COMMITS_AT_START = 4
"""What a bot stores before it is at rest: its policy, the people, the user groups, and the first admin."""


class TooLateError(AssertionError):
    """What a test waited for did not come; the message ends with what the processes wrote."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message as somebody sees it. `reference` is empty when it is no card, `key` the promise it was posted for."""

    reference: str
    channel: str
    ts: str
    text: str
    actions: tuple[str, ...]
    key: str | None
    ballot: str = ""
    """What its Approve button carries."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything in the workspace at one moment."""

    channels: list[Json]

    def messages(self) -> Iterator[tuple[Json, Json]]:
        """Yield channel and message of everything the bot posted for others to see."""
        for channel in self.channels:
            for message in channel["messages"]:
                if message["user"] == BOT and not message["deleted"] and message["ephemeral_for"] is None:
                    yield channel, message

    def cards(self, reference: str = "") -> list[Card]:
        """Return every posted card of a use case, or of all, whoever sees it."""
        found = (_card(channel, message) for channel, message in self.messages())
        return [card for card in found if card.reference and reference in ("", card.reference)]

    def direct(self, person: str, starts_with: str) -> list[Card]:
        """Return the bot's direct messages to a person that begin with these words."""
        return [
            _card(channel, message)
            for channel, message in self.messages()
            if channel["kind"] == "im" and person in channel["members"] and message["text"].startswith(starts_with)
        ]

    def by_key(self) -> dict[str, list[Card]]:
        """Return the posted messages by the promise they were posted for."""
        found: dict[str, list[Card]] = {}
        for channel, message in self.messages():
            card = _card(channel, message)
            if card.key is not None:
                found.setdefault(card.key, []).append(card)
        return found


def _card(channel: Json, message: Json) -> Card:
    rows = (block["elements"] for block in message["blocks"] if block["type"] == "actions")
    buttons = {str(element["action_id"]): str(element.get("value", "")) for elements in rows for element in elements}
    headers = (block["text"]["text"] for block in message["blocks"] if block["type"] == "header")
    reference, _, _ = next(headers, "").partition(" · ")
    return Card(
        reference=reference,
        channel=channel["id"],
        ts=message["ts"],
        text=message["text"],
        actions=tuple(buttons),
        key=((message["metadata"] or {}).get("event_payload") or {}).get("k"),
        ballot=buttons.get(Action.APPROVE, ""),
    )


class Process:
    """A process of ours that a test may kill. What all its lives wrote is in one log."""

    def __init__(self, *command: str, log: Path, environment: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", TIE_TO_PARENT, str(os.getpid()), "-m", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=environment,
                start_new_session=True,
            )

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def ask_to_stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 20) -> int:
        return self._process.wait(seconds)


@dataclass
class Company:
    """The running company. People act through `act`; the bot is killed and started by the test.

    `repeats_events` lets the workspace send an event again, after a minute and after five, that no bot acknowledged.
    A bot that is to die at its first envelope must not meet one of those instead.

    Start processes from the main thread only: the kernel ends them with the thread that started them.
    """

    folder: Path
    database_url: str
    history: bool = True
    repeats_events: bool = False
    lease_seconds: int = LEASE_SECONDS
    port: int = field(default_factory=lambda: free_port(0))
    bot_port: int = field(default_factory=lambda: free_port(0))
    bot: ForkedBot | None = None
    replicas: dict[int, ForkedBot] = field(default_factory=dict)
    """Bots beside `bot` on the same database, by the port on which each says that it is ready."""
    workspace: Process | None = None

    def __post_init__(self) -> None:
        self.seed = self.folder / "workspace.yml"
        self.seed.write_text(json.dumps(self._seed()), encoding="utf-8")
        self.database = Database(make_engine(self.database_url))

    def _seed(self) -> Json:
        never_again = {} if self.repeats_events else {"settings": {"retry_scale": 10_000}}
        return _described(history=self.history) | never_again

    # ------------------------------------------------------------------------------------- processes

    def start(self) -> None:
        """Start the workspace, name governance channel and approvers, start the bot; return when it is at rest."""
        self.prepare()
        self.start_bot()
        self.wait_until_directory_read()

    def prepare(self) -> None:
        """Start the workspace and set up what a bot needs to find; no bot has run yet."""
        self.start_workspace()
        self.gatehouse(
            *(("settings", "set", "governance-channel", GOVERNANCE),),
            *(("roles", "grant", role, person) for role, people in ROLES.items() for person in people),
        )

    def stop(self) -> None:
        self.database.engine.dispose()
        for process in (self.bot, *self.replicas.values(), self.workspace):
            if process is not None:
                process.kill()

    def start_workspace(self) -> None:
        self.workspace = Process(
            "sandbox",
            *("--workspace", str(self.seed), "--state", str(self.folder / "workspace.sqlite3")),
            *("--port", str(self.port)),
            log=self.folder / "workspace.log",
            environment=self._environment(),
        )
        self.wait_for(self._workspace_answers, "the workspace did not start")

    def start_bot(self, *, crash_at: str = "", until_ready: bool = True) -> None:
        """Start the bot, to die at a named point if one is given."""
        log = self.folder / "bot.log"
        self._life_began = log.stat().st_size if log.exists() else 0
        self.bot = ForkedBot(log=log, environment=self._environment() | {"GATEHOUSE_CRASH_AT": crash_at})
        if until_ready:
            self.wait_for(self.bot_is_ready, "the bot did not become ready")

    def kill_bot(self) -> None:
        if self.bot is not None:
            self.bot.kill()

    def restart_bot(self, *, crash_at: str = "") -> None:
        self.kill_bot()
        self.start_bot(crash_at=crash_at)

    def start_replica(self, port: int, *, crash_at: str = "") -> None:
        """Start a bot beside the first, or the one of this port again, to die at a named point if one is given."""
        environment = self._environment() | {"GATEHOUSE_PORT": str(port), "GATEHOUSE_CRASH_AT": crash_at}
        self.replicas[port] = ForkedBot(log=self.folder / f"replica-{port}.log", environment=environment)

    def bot_is_ready(self) -> bool:
        assert self.bot is not None
        if self.bot.exit_code is not None:
            raise TooLateError(self.told("the bot ended by itself"))
        return is_ready(self.bot_port)

    def wait_until_directory_read(self) -> None:
        """Wait until the bot has read who is in the workspace: for five minutes it asks about nobody.

        It stores nothing by itself after that.
        """
        self.wait_for(self._directory_was_read, "the bot did not read who is there")

    def _directory_was_read(self) -> bool:
        with (self.folder / "bot.log").open("rb") as log:
            log.seek(self._life_began)
            return b"people read" in log.read()

    def bot_died(self) -> bool:
        """Say whether the bot is gone, and insist that it was killed."""
        code = None if self.bot is None else self.bot.exit_code
        assert code in (None, -signal.SIGKILL), self.told(f"the bot ended with {code}")
        return code is not None

    def gatehouse(self, *commands: tuple[str, ...]) -> str:
        """Run the product's own commands, in one process; return what they printed."""
        program = "import sys, json; from bot.cli import main\nfor each in json.loads(sys.argv[1]):\n"
        program += "    code = main(each)\n    if code: sys.exit(code)"
        done = subprocess.run(
            [sys.executable, "-c", program, json.dumps(commands)],
            cwd=ROOT,
            env=self._environment(),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, self.told(done.stdout + done.stderr)
        return done.stdout

    # ---------------------------------------------------------------------------------------- people

    def act(self, person: str, do: str, **what: Any) -> Json:
        """Do something as this person; what Slack shows as an error comes back with `ok` false."""
        return self._call("POST", "/control/act", {"as": person, "do": do, **what})

    def press(self, person: str, card: Card, action: Action) -> Json:
        container = {"type": "message", "channel": card.channel, "ts": card.ts}
        return self.act(person, "press", container=container, action_id=str(action))

    def begin(self, person: str) -> None:
        """Open the first step of a proposal."""
        answer = self.act(person, "command", channel=GENERAL, command="/usecase", text="new")
        assert answer["ok"], self.told(str(answer))

    def next(self, person: str, answers: Json) -> Json:
        """Fill in the window in front of this person, as far as it asks for these answers, and submit it."""
        modal = self.modal(person)
        return self.act(person, "submit", view_id=modal["id"], state=_filled(modal, answers))

    def draft(self, person: str, name: str, **answers: Any) -> None:
        """Go through the steps of a proposal to the last one, which shows who decides, while nothing fails."""
        self.begin(person)
        self._go_on(person, ANSWERS | {"name": name} | answers)

    def edit(self, person: str, reference: str, **answers: Any) -> None:
        """Press Edit where changes were requested and go through the steps to the last one, while nothing fails."""
        news = self.wait_for(lambda: self.asked_to_change(person, reference), f"{person} was not asked for changes")
        assert self.press(person, news[-1], Action.EDIT)["ok"]
        self._go_on(person, {"differs": ANSWERS["differs"]} | answers)  # everything else stays as it stands

    def _go_on(self, person: str, answers: Json) -> None:
        while not is_last_step(self.modal(person)):
            answer = self.next(person, answers)
            assert answer.get("response_action") == "update", self.told(str(answer))

    def send(self, person: str) -> Json:
        """Send what the last step shows; `accepted` in the answer says whether Slack showed it as sent."""
        answer = self.next(person, {})
        accepted = answer["ok"] and answer.get("response_action") == "update"
        return answer | {"accepted": accepted and bool(reference_in(self.modal(person)))}

    def propose(self, person: str, name: str, **answers: Any) -> str:
        """Propose a use case while nothing fails; return its reference."""
        self.draft(person, name, **answers)
        answer = self.send(person)
        assert answer["accepted"], self.told(str(answer))
        return self.reference_shown(person)

    def reference_shown(self, person: str) -> str:
        """Return the reference in the modal in front of this person, and close the modal."""
        modal = self.modal(person)
        reference = reference_in(modal)
        assert reference, self.told(str(modal))
        self.act(person, "close", view_id=modal["id"])
        return reference

    def asked_to_change(self, person: str, reference: str) -> list[Card]:
        """Return the messages that ask a proposer to change a use case, oldest first."""
        mine = self._direct_messages(person).direct(person, f"*{reference}* “")
        return [card for card in mine if Action.EDIT in card.actions]

    def close_all(self, person: str) -> None:
        for modal in reversed(self.seen_by(person)["modals"]):
            self.act(person, "close", view_id=modal["id"])

    def modal(self, person: str) -> Json:
        modals = self.seen_by(person)["modals"]
        assert modals, self.told(f"{person} has no modal in front of them")
        return dict(modals[-1])

    def seen_by(self, person: str) -> Json:
        return self._call("GET", f"/control/state?as={person}")

    def everything(self) -> Workspace:
        return Workspace(self._call("GET", "/control/state")["channels"])

    def direct_cards(self, person: str) -> list[Card]:
        """Return the cards this person sees in their direct messages, oldest first."""
        return self._direct_messages(person).cards()

    def card_of(self, person: str, reference: str) -> Card | None:
        """Return the newest card of a use case that this person sees in their direct messages."""
        return next((card for card in reversed(self.direct_cards(person)) if card.reference == reference), None)

    def _direct_messages(self, person: str) -> Workspace:
        return Workspace([each for each in self.seen_by(person)["dms"] if each["with"] == BOT])

    def references(self, *statuses: RequestStatus, proposed_by: str | None = None) -> list[str]:
        """Return the references of the requests with one of these statuses, oldest first."""
        with self.database.reading() as session:
            statement = (
                select(ApprovalRequest.reference)
                .join(Person, col(Person.id) == col(ApprovalRequest.requester_id))
                .where(col(ApprovalRequest.status).in_(statuses))
            )
            if proposed_by is not None:
                statement = statement.where(Person.slack_id == proposed_by)
            return list(session.exec(statement.order_by(col(ApprovalRequest.id))))

    def move_clock(self, seconds: float) -> Json:
        return self._call("POST", "/control/clock/advance", {"seconds": seconds})

    def seconds_to_reminder(self, reference: str) -> float:
        """Return how long it is until somebody is reminded of this request; raises when nobody is going to be."""
        now = datetime.fromisoformat(self.clock()["now"])
        with self.database.reading() as session:
            due = session.exec(
                select(func.min(ApprovalSeat.remind_at))
                .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalSeat.request_id))
                .where(ApprovalRequest.reference == reference)
            ).one()
        assert due is not None, f"nobody is going to be reminded of {reference}"
        return (due - now).total_seconds()

    def seconds_to_check_in(self) -> float:
        """Return how long it is until the next use case is asked for its numbers, once one is going to be."""

        def due() -> datetime | None:
            with self.database.reading() as session:
                return session.exec(select(func.min(CheckInSchedule.next_at))).one()

        at = self.wait_for(due, "nobody is going to be asked for numbers")
        return (at - datetime.fromisoformat(self.clock()["now"])).total_seconds()

    def clock(self) -> Json:
        return self._call("GET", "/control/clock")

    # --------------------------------------------------------------------------------------- waiting

    def is_at_rest(self) -> bool:
        """Say whether nothing is left to send."""
        open_ones = (OutboxStatus.READY, OutboxStatus.SENDING)
        with self.database.reading() as session:
            return session.exec(select(OutboxRow).where(col(OutboxRow.status).in_(open_ones))).first() is None

    def rest(self, *, seconds: float = 25) -> None:
        self.wait_for(self.is_at_rest, "the outbox did not come to rest", seconds=seconds)

    def wait_for(self, found: Callable[[], Found | None], otherwise: str, *, seconds: float = 25) -> Found:
        """Return what `found` finds, as soon as it finds something."""
        deadline = time.monotonic() + seconds
        while True:
            result = found()
            if result:
                return result
            if time.monotonic() > deadline:
                raise TooLateError(self.told(otherwise))
            time.sleep(PAUSE_SECONDS)

    def told(self, problem: str) -> str:
        """Return the problem and the end of both logs."""
        logs = [self.folder / "workspace.log", self.folder / "bot.log", *sorted(self.folder.glob("replica-*.log"))]
        tails = [f"--- {log.name}\n{_tail(log)}" for log in logs if log.exists()]
        return "\n".join([problem, *tails])

    def _workspace_answers(self) -> bool:
        try:
            return bool(self.clock()["ok"])
        except OSError:
            return False

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            raw = None if body is None else json.dumps(body)
            connection.request(method, path, body=raw, headers={"Content-Type": "application/json"})
            return dict(json.load(connection.getresponse()))
        finally:
            connection.close()

    def _environment(self) -> dict[str, str]:
        """Return an environment in which every variable of the bot is set here and none by a shell or a file."""
        address = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return (
            kept
            | dict.fromkeys(VARIABLES, "")
            | {
                "SLACK_BOT_TOKEN": "xoxb-chaos",
                "SLACK_APP_TOKEN": "xapp-chaos",
                "SLACK_API_URL": f"{address}/api/",
                "GATEHOUSE_CLOCK_URL": f"{address}/control/clock",
                "GATEHOUSE_LEASE_SECONDS": str(self.lease_seconds),
                "GATEHOUSE_PORT": str(self.bot_port),
                "DATABASE_URL": self.database_url,
            }
        )


@contextmanager
def company(folder: Path, database_url: str, **options: Any) -> Iterator[Company]:
    """Give a running company and end its processes afterwards."""
    running = Company(folder, database_url, **options)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def is_last_step(modal: Json) -> bool:
    """Say whether this is the step that shows who decides."""
    return modal["callback_id"] == Callback.SUBMIT_USE_CASE and bool(modal.get("submit"))


def reference_in(modal: Json) -> str:
    """Return the reference of the use case that this window says is stored; empty for any other window."""
    title = str(modal["title"]["text"])
    return title if modal["callback_id"] == Callback.SUBMIT_USE_CASE and title.startswith("UC-") else ""


def _filled(modal: Json, answers: Json) -> Json:
    """Return what is typed into a step: nothing where `answers` say nothing, so that what stands there stays."""
    state = {}
    for block in modal["blocks"]:
        field = str(block["block_id"]).removeprefix(PREFIX)
        if block["type"] == "input" and field in answers:
            state[block["block_id"]] = {block["element"]["action_id"]: answers[field]}
    return state


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])


def _described(*, history: bool) -> Json:
    names = {person: person[2:].title() for person in PEOPLE}
    members = [{"id": person, "name": name.lower(), "real_name": name} for person, name in names.items()]
    members[PEOPLE.index(DANA)]["kind"] = "owner"
    return {
        "team": {"id": "T0CHAOS", "name": "Chaos", "domain": "chaos"},
        "users": members,
        "channels": [
            {"id": GENERAL, "name": "general", "members": "all"},
            {"id": GOVERNANCE, "name": "governance", "kind": "private", "members": [*APPROVERS, BOT]},
        ],
        "apps": [
            {
                "manifest": _manifest(history=history),
                "bot_user_id": BOT,
                "bot_token": "xoxb-chaos",
                "app_token": "xapp-chaos",
            }
        ],
    }


def _manifest(*, history: bool) -> Json:
    manifest: Json = deepcopy(yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8")))
    if not history:
        scopes = manifest["oauth_config"]["scopes"]
        scopes["bot_optional"] = [scope for scope in scopes["bot_optional"] if scope not in HISTORY_SCOPES]
    return manifest
