"""One real use case of a public register and everything that can be said of it, for what is exported."""

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select

from bot.verifier import Report, Row, verify
from db.session import Session
from db.tables import Kpi
from handlers.ids import INPUT, Action, Block, Command
from tests.support.asking import ANN, BEN, MAREK, PRIYA
from tests.support.conditions import accept, approve_if, give_evidence, want
from tests.support.house import House, buttons, view_in
from tests.support.living import INES, Living
from workflows import approvals, exports, intake
from workflows.checkins import Locked, Measured
from workflows.exports import Pack
from workflows.people import Actor

REGISTER: Final = Path(__file__).parents[1] / "bot" / "registers" / "omb_2025.csv"
NASTY: Final = '=HYPERLINK("https://evil.example","read")'
QUESTION, ANSWER = "Who reads the files nobody shortlists?", "HR reads one in ten & says which."
BENEFIT = "Applicants hear from us within two days <sic>"
WHY_AMENDED, METHOD = "Two weeks were a holiday.", "Timed by hand, <file by file>."


def real_entry(line: int = 1) -> dict[str, str]:
    """Return an entry of the register as its agency wrote it."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[line - 1]


class Exporting(Living):
    """Marek's use case is one of FEMA's; Ann asked about it and approved it with conditions, Ben confirms numbers."""

    def __init__(self, house: House, **answers: Any) -> None:
        entry = real_entry()
        says = {"name": entry["name"], "problem": entry["problem"], "team": entry["team"], "vendor": NASTY}
        super().__init__(house, **(says | {"differs": "It is another."} | answers))

    def decide(self) -> None:
        now = self.house.clock.now()

        def ask(session: Session, ann: Actor) -> None:
            request = approvals.latest_about(session, intake.SUBJECT_KIND, [self._id(session)])
            [found] = request.values()
            approvals.ask_question(session, found.id, QUESTION, asker=ann, now=now)

        def answer(session: Session, priya: Actor) -> None:
            [found] = approvals.latest_about(session, intake.SUBJECT_KIND, [self._id(session)]).values()
            [question] = approvals.questions_of(session, found.id)
            approvals.answer_question(session, question.id, ANSWER, actor=priya, now=now)

        self.house.act(ANN, ask)
        self.house.act(PRIYA, answer)
        later = want("Log <every> answer", blocks="continuation", day=date(2026, 6, 30))
        approve_if(self.house, ANN, want("Sign the DPIA"), later)

    def _id(self, session: Session) -> Any:
        found = intake.find(session, intake.reference_number(self.reference) or 0)
        assert found is not None
        return found.id

    # ---------------------------------------------------------------------------------------- its life

    def go_on(self) -> None:
        """Meet the first condition, report and confirm numbers, lock and amend a baseline, change it, go live, stop."""
        house = self.house
        give_evidence(house, text="Signed on Monday.")
        accept(house, ANN)
        self.go_to("2026-03-03T09:00", step=60)
        self.answer("5.5", CONFIDENCE="at_risk", VERIFIER=BEN)
        house.send()
        house.press(BEN, Action.CONFIRM_NUMBERS, buttons(house.posts_to(BEN)[-1])["Confirm"])
        self.answer("5.25", view=self.open_form())
        self.lock_twice()
        self.deploy()
        self.change()
        self.go_live()
        self.suspend(reason="It reads <b>CVs</b> twice.")
        self.publish()
        house.send()

    def lock_twice(self) -> None:
        """Let Marek lock the baseline and amend it."""
        now, amends = self.house.clock.now(), None
        day = (now - timedelta(days=1)).date()
        with self.house.database.reading() as session:
            [kpi_id] = session.exec(select(Kpi.id).where(col(Kpi.use_case_id) == self.use_case_id)).all()
        for value in ("6.25", "6"):

            def lock(session: Session, marek: Actor, *, value: str = value, amends: Any = amends) -> Any:
                said = Measured(value, day, day, "40", METHOD, WHY_AMENDED)
                return intake.lock_baseline(session, kpi_id, said, amends=amends, actor=marek, now=now)

            locked = self.house.act(MAREK, lock)
            assert isinstance(locked, Locked)
            amends = locked.baseline.id

    def change(self) -> None:
        """Let Priya ask for a change of what it brings, and Ann approve it."""
        house = self.house
        view = house.edit(PRIYA, str(self.use_case_id), benefit=BENEFIT)
        house.submit(PRIYA, view, {})
        house.send()
        newest = next(each for each in reversed(house.posts_to(ANN)) if "Approve" in buttons(each))
        house.press(ANN, Action.APPROVE, buttons(newest)["Approve"])
        house.send()

    # ------------------------------------------------------------------------------------------ files

    def pack(self) -> Pack:
        with self.house.database.reading() as session:
            found = exports.pack_of(session, self.use_case_id, now=self.house.clock.now())
            assert found is not None
            return found

    def order(self, who: str, shape: str = "gatehouse", kind: str = "xlsx", *, view_id: str = "") -> str:
        """Let somebody ask for the register on the programme's page; return what they read then."""
        view = self.form(who)
        chosen = {Block.EXPORT_SHAPE: shape, Block.EXPORT_FORMAT: kind}
        values = {
            block: {"type": "static_select", "action_id": INPUT, "selected_option": {"value": value}}
            for block, value in chosen.items()
        }
        response = self.house.submit(who, view, values, view_id=view_id)
        return json.dumps(view_in(response), ensure_ascii=False)

    def form(self, who: str) -> dict[str, Any]:
        self.house.command(who, "programme", command=Command.GATEHOUSE)
        return self.house.turn(who, Action.EXPORT_REGISTER, "window")

    def files(self) -> list[bytes]:
        """Send what is promised, and return the files that came; pictures are none of them."""
        self.house.send()
        return [each for each in self.house.world.files.values() if not each.startswith(b"\x89PNG")]


def events_in(page: str) -> list[dict[str, Any]]:
    """Return the events embedded in a page, as a browser reads that element."""
    [found] = re.findall(r'<script type="application/json" id="events">(.*?)</script>', page, re.DOTALL)
    events: list[dict[str, Any]] = json.loads(found)
    return events


def verified(events: list[dict[str, Any]]) -> Report:
    return verify(Row(**each) for each in events)


__all__ = ["ANN", "BEN", "INES", "MAREK", "PRIYA", "Exporting"]
