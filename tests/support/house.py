"""The product in one piece for a test: its app, database, outbox and clock, in a Slack that is a fake."""

import itertools
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from slack_bolt import BoltResponse
from sqlmodel import col, select

from bot.app import build_app
from bot.intake import Intake
from bot.outbox import OutboxWorker
from db.enums import OutboxStatus
from db.ids import new_id
from db.session import Database, Session
from db.tables import ApprovalLane, ApprovalRequest, LedgerEvent, OutboxRow
from handlers import ticks
from handlers.acting import act
from handlers.deps import Deps, Workspace
from handlers.ids import INPUT, Action, Block, Callback, Command, Shortcut
from handlers.intake.payloads import PREFIX
from handlers.profiles import profile_of
from tests.support.fakes import TEAM, FakeSlack, ManualClock, Post, World, member
from workflows import people, policy, reactions, settings
from workflows.intake import Step, pages, reading
from workflows.intake.answers import KPI_FIELDS, SIMILAR, Answers, line, text
from workflows.intake.proposals import proposal_of
from workflows.intake.rules import first_problems
from workflows.people import Actor, NotAMember, Unchecked
from workflows.settings import SettingName

Done = TypeVar("Done")

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
            answer_within_hours: 12
subjects:
  use_case:
    tier: medium
    chains: {medium: standard}
"""
PEOPLE = ("U_PRIYA", "U_MAREK", "U_ANN", "U_BEN", "U_OTTO")


class House:
    """People press, type and submit; time is moved by hand; promises leave when `send` is called."""

    def __init__(self, database: Database, *, reads_files: bool = True) -> None:
        self.database = database
        self.clock = ManualClock()
        self.world = World(people={slack_id: member(slack_id) for slack_id in PEOPLE})
        self.slack = FakeSlack(self.world)
        self.outbox = OutboxWorker(database, self.slack, self.clock, lease=timedelta(seconds=60), senders=0)
        self.deps = Deps(
            database=database,
            workspace=Workspace(TEAM, None, "U_BOT", "https://alder-bank.slack.com/", reads_files),
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
            # Numbers are asked for where a test is about them; elsewhere weekly messages would stand between others.
            settings.change(session, SettingName.CHECK_INS_FROM, "deployment", actor=None, now=self.clock.now())
            settings.change(session, SettingName.YOUR_WEEK, "off", actor=None, now=self.clock.now())
        self.grant("governance", "U_ANN")

    # ------------------------------------------------------------------ people acting

    def command(self, who: str, text: str = "", *, command: Command = Command.USE_CASE, trigger: str = "") -> str:
        """Type `/usecase …`, or another command, and return the private answer; `trigger` tells deliveries apart."""
        body = {"command": command, "text": text, "user_id": who, "team_id": TEAM, "channel_id": "C_GENERAL"}
        response = self._deliver(body | {"trigger_id": trigger or f"t.{next(self._numbers)}"})
        assert response.status == 200, response.body
        return response.body or ""

    def press(
        self, who: str, action: Action, value: str, *, where: str | None = None, stamp: str = "", message: str = "1.0"
    ) -> BoltResponse:
        """Press a button in a direct message with the bot, or in `where`; `home` is the Home tab.

        `message` is the time stamp of the message it stands in, which may be gone.
        """
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
            body["container"] = {"type": "message", "message_ts": message, "channel_id": channel}
            body["channel"] = {"id": channel}
        return self._deliver(body)

    def submit(
        self, who: str, view: dict[str, Any], values: dict[str, dict[str, Any]], *, view_id: str = ""
    ) -> BoltResponse:
        """Submit a modal as it was opened, with these inputs by block id."""
        body = {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "view": view
            | {"id": view_id or f"V{next(self._numbers)}", "hash": "1.h", "state": {"values": _state(values)}},
        }
        return self._deliver(body)

    def turn(
        self, who: str, action: Action, value: str = "", *, view: dict[str, Any] | None = None, **answers: Any
    ) -> dict[str, Any]:
        """Press a button in a window, by default the one opened last, with these answers typed into it.

        Returns the window as it is then.
        """
        number, view = next(self._numbers), view or self.world.opened[-1]
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": f"{number}.0"}
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "trigger_id": f"t.{number}",
            "container": {"type": "view", "view_id": "V1"},
            "view": view | {"id": "V1", "hash": "h", "state": {"values": _state(filled(view, answered={}, **answers))}},
            "actions": [pressed],
        }
        assert self._deliver(body).status == 200
        return self.world.opened[-1]

    def search(self, who: str, block: Block, typed: str = "") -> dict[str, str]:
        """Type into a searched select and return what is offered: value to text."""
        body = {
            "type": "block_suggestion",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "view": {"id": "V1", "type": "modal"},
            "block_id": block,
            "action_id": block,
            "value": typed,
        }
        response = self._deliver(body)
        assert response.status == 200, response.body
        return {each["value"]: each["text"]["text"] for each in json.loads(response.body or "{}")["options"]}

    def open_home(self, who: str) -> None:
        event = {"type": "app_home_opened", "user": who, "tab": "home"}
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(self._numbers)}", "event": event}
        assert self._deliver(body).status == 200

    def tell(self, event: dict[str, Any]) -> BoltResponse:
        """Let Slack tell the product of an event."""
        number = next(self._numbers)
        return self._deliver({"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event})

    def propose(self, who: str = "U_PRIYA", **answers: Any) -> str:
        """Propose a use case as its last step sends it, and return its reference.

        `propose_with` goes through the steps before it, as people do: that takes longer than most tests.
        """
        given, now = answers_of(form(**answers)), self.clock.now()
        for slack_id in {str(given["owner"]), str(given["sponsor"])}:
            self.act(slack_id, lambda _, __: None)  # Slack is asked who they are

        def deed(session: Session, proposer: Actor) -> str:
            questions, named = policy.questions(session), pages.people_in(session, given)
            similar = reading.similar_to(session, line(given, "name"), text(given, "problem"))
            whole = {**given, SIMILAR: tuple(map(str, similar))}
            wrong = first_problems(whole, questions, named=named, today=pages.today_of(proposer, now))
            assert wrong is None, wrong
            says = proposal_of(whole, questions, named=named)
            return reactions.propose(session, says, token=new_id(), proposer=proposer, now=now).reference

        return self.act(who, deed)

    def act(self, who: str, deed: Callable[[Session, Actor], Done]) -> Done:
        """Do something as this person without a window, as listeners do; Slack is asked who they are."""
        done = act(self.deps, self.slack, who, deed)
        assert not isinstance(done, NotAMember | Unchecked), f"{who} may not act"
        return done

    def propose_with(self, who: str = "U_PRIYA", **answers: Any) -> BoltResponse:
        """Go through the steps until the proposal is sent or something is wrong; return the last answer."""
        self.command(who, "new")
        return self.go_on(who, self.world.opened[-1], **answers)

    def drafted(self, who: str = "U_PRIYA", *, until: Step = Step.PREVIEW, **answers: Any) -> dict[str, Any]:
        """Begin a proposal and go on to this step; return its window."""
        self.command(who, "new")
        return self.gone_on(who, self.world.opened[-1], until=until, **answers)

    def go_on(self, who: str, view: dict[str, Any], **answers: Any) -> BoltResponse:
        """Fill in and submit one step after the other, until there is no next one; return the last answer."""
        while True:
            response = self.submit(who, view, filled(view, **answers))
            told = json.loads(response.body or "{}")
            if told.get("response_action") != "update" or "submit" not in told["view"]:
                return response
            if step_of(told["view"]) is step_of(view):
                return response
            view = told["view"]

    def gone_on(self, who: str, view: dict[str, Any], *, until: Step, **answers: Any) -> dict[str, Any]:
        """Fill in and submit the steps before this one; return its window."""
        while step_of(view) is not until:
            response = self.submit(who, view, filled(view, **answers))
            told = json.loads(response.body or "{}")
            assert told.get("response_action") == "update", told
            view = told["view"]
        return view

    def edit(self, who: str, use_case_id: str, **changes: Any) -> dict[str, Any]:
        """Press Edit, or the button that asks for a change, and change these answers; return the last step's window."""
        before, changes = len(self.world.opened), {"oversight": "The handler reads it beside the file."} | changes
        self.press(who, Action.EDIT, use_case_id)
        assert len(self.world.opened) == before + 1, self.whispers_to(who)
        view = self.world.opened[-1]
        while step_of(view) is not Step.PREVIEW:
            asked = {block["block_id"].removeprefix(PREFIX) for block in view["blocks"] if block["type"] == "input"}
            here = {field: answer for field, answer in changes.items() if {field, f"{field}.0"} & asked}
            view = view_in(self.submit(who, view, filled(view, answered={}, **here)))
        return view

    def submit_again(self, view: dict[str, Any], who: str = "U_PRIYA") -> str:
        """Send a proposal that was sent before and return what the person reads."""
        response = self.submit(who, view, {})
        assert response.status == 200, response.body
        return words(json.loads(response.body or "{}"))

    def shortcut(self, who: str, callback: Shortcut, **message: str) -> BoltResponse:
        """Choose a shortcut: in the search, or in the menu of a message in C_GENERAL."""
        body: dict[str, Any] = {
            "type": "message_action" if message else "shortcut",
            "callback_id": callback,
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "trigger_id": f"t.{next(self._numbers)}",
            "action_ts": "1.0",
        }
        if message:
            body |= {"channel": {"id": "C_GENERAL"}, "message": {"type": "message", **message}}
        return self._deliver(body)

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


USUAL: Mapping[str, Any] = {
    "name": "Summarise complaint files",
    "problem": "Reading one file takes six hours.",
    "team": "Complaints",
    "owner": "U_MAREK",
    "sponsor": "U_MAREK",
    "objective": "Answer within five days",
    "output_use": "summarising",
    "confidential": [],
    "differs": "It reads other files.",
    "data_class": "personal",
    "processing": "own_cloud",
    "build": "in_house",
    "affected": ["own_team"],
    "decision": "none",
    "areas": ["none"],
    "practices": ["none"],
    "vendor": "Northlight",
    "model": "Digest 2",
    "oversight": "The handler reads the file beside it.",
    "outputs": "A page for each file",
    "benefit": "Customers wait two days less",
    "kpi_name.0": "Hours per file",
    "kpi_unit.0": "hours",
    "kpi_direction.0": "down",
    "kpi_baseline.0": "6",
    "kpi_target.0": "3",
    "kpi_due.0": "2026-12-01",
}
"""What people answer unless a test says otherwise. With these answers there is no step for details."""


def form(**answers: Any) -> dict[str, Any]:
    """Return the answers of a proposal by field, with these instead of the usual ones; `kpi_…` is the first KPI's."""
    given = {"kpi_name" if field == "kpi" else field: answer for field, answer in answers.items()}
    return {**USUAL, **{f"{field}.0" if field in KPI_FIELDS else field: answer for field, answer in given.items()}}


def answers_of(form: Mapping[str, Any]) -> Answers:
    """Return a form as a draft keeps it: nothing is empty, and several choices are a tuple."""
    return {
        field: tuple(answer) if isinstance(answer, list | tuple) else str(answer)
        for field, answer in form.items()
        if answer
    }


def filled(view: dict[str, Any], *, answered: Mapping[str, Any] | None = None, **answers: Any) -> dict[str, Any]:
    """Return the inputs of a window filled in, by block: with these answers, the usual ones, or what stands there.

    `answered` replaces the usual answers; empty, what was not answered stays as it stands.
    """
    given = form(**answers) if answered is None else {key: form(**answers)[key] for key in _fields(answers)}
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return {
        block: _typed(element, given[field])
        if (field := block.removeprefix(PREFIX)) in given
        else _as_it_stands(element)
        for block, element in inputs.items()
    }


def _fields(answers: Mapping[str, Any]) -> list[str]:
    renamed = ["kpi_name" if field == "kpi" else field for field in answers]
    return [f"{field}.0" if field in KPI_FIELDS else field for field in renamed]


def _typed(element: dict[str, Any], answer: Any) -> dict[str, Any]:
    kind = element["type"]
    typed: dict[str, Any] = {"type": kind, "action_id": element["action_id"]}
    if kind in ("static_select", "external_select"):
        return typed | {"selected_option": {"value": answer} if answer else None}
    if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
        return typed | {"selected_options": [{"value": each} for each in answer or []]}
    return typed | {{"users_select": "selected_user", "datepicker": "selected_date"}.get(kind, "value"): answer}


def _as_it_stands(element: dict[str, Any]) -> dict[str, Any]:
    """Return what Slack sends for an input nobody touched."""
    several = [each["value"] for each in element.get("initial_options", [])]
    one = element.get("initial_option", {}).get("value")
    return _typed(
        element,
        several or one or element.get("initial_value") or element.get("initial_user") or element.get("initial_date"),
    )


def _state(values: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return inputs as `view.state.values`; a searched select has its block's id as action id."""
    return {
        block: {value.get("action_id") or (block if value.get("type") == "external_select" else INPUT): value}
        for block, value in values.items()
    }


def step_of(view: dict[str, Any]) -> Step | None:
    """Return the step a draft's window shows, None for any other window."""
    carried = view["private_metadata"].rpartition(".")[2]
    return Step(carried) if carried in set(Step) else None


def view_in(response: BoltResponse) -> dict[str, Any]:
    """Return the window an answer shows instead of the one submitted."""
    view: dict[str, Any] = json.loads(response.body or "{}")["view"]
    return view


def errors_in(response: BoltResponse) -> dict[str, str]:
    """Return what stands at which field."""
    told = json.loads(response.body or "{}")
    assert told["response_action"] == "errors", told
    return {block.removeprefix(PREFIX): text for block, text in told["errors"].items()}


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
