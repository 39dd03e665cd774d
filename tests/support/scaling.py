"""A use case that is scaling in a programme whose gates are open, and people who learn from it and take it further."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import yaml
from slack_bolt import BoltResponse
from sqlalchemy import insert
from sqlmodel import col, select, update

from db.enums import RolloutStatus, UseCaseState
from db.ids import new_id
from db.tables import Lesson, Rollout, RolloutStep, UseCase, UseCaseStage
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, buttons, view_in
from tests.support.living import open_every_gate
from workflows import people

PRIYA, MAREK, OTTO, ANN, BEN, EVA, LEO = "U_PRIYA", "U_MAREK", "U_OTTO", "U_ANN", "U_BEN", "U_EVA", "U_LEO"
STEPS = "1. Show it to the team\n- Give everybody access\nRead ten files together"


def rollout_policy(*lanes: dict[str, Any], tier: str = "medium") -> str:
    """Return a policy whose use cases have one lane, and whose rollouts go through these, or Ann's alone."""
    document = yaml.safe_load(policy_text(stage("one", lane("review", "governance")), tier=tier))
    chosen = lanes or (lane("governance", "governance", sections=["purpose", "data", "model", "people"]),)
    document["chains"]["rollout"] = {"stages": [stage("one", *chosen)]}
    document["roles"] |= {each["role"]: {"name": each["role"].capitalize()} for each in chosen}
    document["subjects"]["rollout"] = {"chains": dict.fromkeys(("high", "medium", "low"), "rollout")}
    return yaml.safe_dump(document, sort_keys=False)


class Scaling:
    """Marek owns UC-1, Otto sponsors it, and Priya proposed it; Ann decides. It is Monday, 2 March 2026, in Berlin.

    It was in deployment and is scaling, unless told otherwise; gates are closed until `open_gates`.
    """

    def __init__(
        self, house: House, *, policy: str = "", state: UseCaseState = UseCaseState.SCALING, **answers: Any
    ) -> None:
        self.house = house
        put_in_force(house, policy or rollout_policy())
        for who in (EVA, LEO):
            hire(house, who)
        self.reference = house.propose(PRIYA, **{"sponsor": OTTO, **answers})
        house.approve(ANN, self.reference)
        with house.database.transaction() as session:
            connection = session.connection()
            self.use_case_id = session.exec(select(UseCase.id).where(UseCase.number == 1)).one()
            stages = (UseCaseState.IN_DEPLOYMENT, UseCaseState.SCALING)
            at = house.clock.now()
            rows = [
                {"id": new_id(), "use_case_id": self.use_case_id, "state": each, "entered_at": at} for each in stages
            ]
            connection.execute(insert(UseCaseStage), rows)
        house.advance(seconds=2)  # its KPIs are taken over
        self.put_in(state)
        house.send()

    # ------------------------------------------------------------------ the programme

    def put_in(self, state: UseCaseState) -> None:
        with self.house.database.transaction() as session:
            moved = update(UseCase).where(col(UseCase.id) == self.use_case_id).values(state=state)
            session.connection().execute(moved)

    def open_gates(self) -> None:
        """Let the foundation hold and every gate be open, without what use cases are to prove until later."""
        with self.house.database.reading() as session:
            ann = people.find(session, ANN)
        assert ann is not None
        open_every_gate(self.house.database, self.house.clock.now(), by=ann.id)

    # ------------------------------------------------------------------ lessons and checklists

    def write(
        self, who: str = MAREK, *, worked: str = "Short files.", did_not: str = "", advice: str = "Begin small."
    ) -> Any:
        """Write the draft of a lesson as its form sends it; return the window that answers, or the errors."""
        self.house.press(who, Action.WRITE_LESSON, str(self.use_case_id))
        return self.save(who, self.house.world.opened[-1], worked=worked, did_not=did_not, advice=advice)

    def save(self, who: str, form: dict[str, Any], **parts: str) -> BoltResponse:
        typed = {f"lessons.lesson.{name}": {"type": "plain_text_input", "value": text} for name, text in parts.items()}
        return self.house.submit(who, form, typed)

    def published(self, who: str = MAREK, **parts: str) -> dict[str, Any]:
        """Let a lesson be written and published; return its window."""
        window = view_in(self.write(who, **parts))
        value = in_window(window)["Publish"]
        return self.house.turn(MAREK, Action.PUBLISH_LESSON, value, view=window)

    def list_steps(self, text: str = STEPS, who: str = MAREK) -> BoltResponse:
        """Publish the checklist as its form sends it."""
        self.house.press(who, Action.WRITE_CHECKLIST, str(self.use_case_id))
        form = self.house.world.opened[-1]
        return self.house.submit(who, form, {Block.CHECKLIST_STEPS: {"type": "plain_text_input", "value": text}})

    def lessons(self) -> list[Lesson]:
        with self.house.database.reading() as session:
            return list(session.exec(select(Lesson).order_by(col(Lesson.number))))

    # ------------------------------------------------------------------ rollouts

    def form(self, who: str = MAREK) -> dict[str, Any]:
        self.house.press(who, Action.ROLL_OUT, str(self.use_case_id))
        return self.house.world.opened[-1]

    def ask(self, who: str = MAREK, *, form: dict[str, Any] | None = None, **typed: str) -> BoltResponse:
        """Ask for a rollout as the form sends it; what differs is named by its section."""
        form = form or self.form(who)
        starts = (self.house.clock.now() + timedelta(days=7)).date().isoformat()
        given = {"team": "Payments", "owner": EVA, "people": "40", "starts": starts} | typed
        values: dict[str, dict[str, Any]] = {}
        for block in form["blocks"]:
            if block["type"] == "input":
                name = block["block_id"].removeprefix("rollouts.rollout.")
                name = "affected" if name == "differs.people" else name.removeprefix("differs.")
                key = {"users_select": "selected_user", "datepicker": "selected_date"}.get(
                    block["element"]["type"], "value"
                )
                values[block["block_id"]] = {"type": block["element"]["type"], key: given.get(name) or None}
        response = self.house.submit(who, form, values)
        self.house.send()
        return response

    def approve(self, who: str = ANN) -> None:
        """Approve by the newest card somebody has."""
        self.house.press(who, Action.APPROVE, buttons(self.house.posts_to(who)[-1])["Approve"])
        self.house.send()

    def tick(self, who: str = EVA, *positions: int, action: Action = Action.FINISH_STEP) -> dict[str, Any]:
        """Tick off steps in the window of the newest rollout; return it as it is then."""
        rollout = self.rollouts()[-1]
        self.house.press(who, Action.ROLLOUT_STEPS, str(rollout.id))
        for position in positions:
            self.house.turn(who, action, f"{rollout.id}.{position}")
        self.house.send()
        return self.house.world.opened[-1]

    def rollouts(self) -> list[Rollout]:
        with self.house.database.reading() as session:
            return list(session.exec(select(Rollout).order_by(col(Rollout.number))))

    def statuses(self) -> list[RolloutStatus]:
        return [each.status for each in self.rollouts()]

    def steps(self) -> list[RolloutStep]:
        with self.house.database.reading() as session:
            return list(session.exec(select(RolloutStep).order_by(col(RolloutStep.position))))

    def opened(self, who: str, reference: str | None = None) -> dict[str, Any]:
        """Open a request, by default the use case's, and return its window."""
        self.house.press(who, Action.OPEN, str(self.house.request_id(reference or self.reference)))
        return self.house.world.opened[-1]

    def window(self, who: str, action: Action, value: UUID | None = None) -> dict[str, Any]:
        self.house.press(who, action, str(value or self.use_case_id))
        return self.house.world.opened[-1]


def in_window(view: dict[str, Any]) -> dict[str, str]:
    """Return the buttons of a window by what they say; of several that say the same the first one."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        for element in [block.get("accessory") or {}, *block.get("elements", [])]:
            if element.get("type") == "button":
                found.setdefault(element["text"]["text"], element["value"])
    return found
