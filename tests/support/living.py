"""A use case after its approval, a programme whose gates are open or not, and people who move it on."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt import BoltResponse
from sqlalchemy import func, insert
from sqlmodel import col, select, update

from db.enums import (
    Criterion,
    FoundationKind,
    GateAct,
    LessonStatus,
    Phase,
    UseCaseState,
    VersionStatus,
    WorkstreamKind,
)
from db.ids import new_id
from db.session import Database, Session
from db.tables import (
    ApprovalRequest,
    FoundationPart,
    FoundationVersion,
    GateRequest,
    GateWaiver,
    Kpi,
    Lesson,
    OnboardingChecklist,
    Person,
    UseCase,
    Workstream,
    WorkstreamTask,
)
from handlers.ids import Action
from tests.support.asking import ANN, BEN, MAREK, OTTO, PRIYA, Asking
from tests.support.fakes import Post
from tests.support.house import House, filled
from workflows import intake, ledger, lifecycle
from workflows.checkins import Locked, Measured
from workflows.lifecycle import Life, Move, Moved, NotMoved, NotSet, Planned, Set, Wanted
from workflows.people import Actor
from workflows.programme import CRITERIA, GateState

INES = "U_INES"
GATES = tuple(Phase)[1:]


def found_the_programme(database: Database, at: datetime, *, by: UUID, without: FoundationKind | None = None) -> None:
    """Let the next version of every part of the foundation be approved and in force, but of one."""
    with database.transaction() as session:
        known = {each.kind: (each.id, each.newest) for each in session.exec(select(FoundationPart))}
        for kind in FoundationKind:
            if kind not in known:
                part = {"id": new_id(), "kind": kind, "newest": 0, "reminders": 0, "version": 1}
                session.connection().execute(insert(FoundationPart), part)
            if kind is not without:
                part_id, newest = known.get(kind) or (part["id"], 0)
                _approve(session, part_id, newest + 1, at, by=by)


def _approve(session: Session, part_id: UUID, number: int, at: datetime, *, by: UUID) -> None:
    of_it = update(FoundationPart).where(col(FoundationPart.id) == part_id)
    session.connection().execute(of_it.values(newest=number))
    version = {"part_id": part_id, "number": number, "status": VersionStatus.APPROVED, "salt": "s"}
    version |= {"link": "https://wiki.example/part", "summary": "All there is."}
    version |= {"begun_by": by, "begun_at": at, "approved_at": at}
    session.connection().execute(insert(FoundationVersion), version)


def open_gate(database: Database, phase: Phase, at: datetime, *, by: UUID) -> None:
    """Let people have opened the gate into a phase."""
    with database.transaction() as session:
        session.connection().execute(insert(GateRequest), _decided(session, phase, GateAct.OPEN, at, by=by))


def do_without(database: Database, phase: Phase, criterion: Criterion, until: date, at: datetime, *, by: UUID) -> None:
    """Let people have decided to do without a criterion of a gate until the end of a day."""
    with database.transaction() as session:
        request = _decided(session, phase, GateAct.WAIVE, at, by=by)
        session.connection().execute(insert(GateRequest), request)
        reason, _ = ledger.write_text(session, "It comes later.", by=by, now=at)
        waiver = {"request_id": request["id"], "criterion": criterion, "until": until, "reason_id": reason}
        session.connection().execute(insert(GateWaiver), waiver)


def open_every_gate(database: Database, at: datetime, *, by: UUID) -> None:
    """Let the foundation hold, and people have opened every gate, without what use cases are to prove until later."""
    found_the_programme(database, at, by=by)
    until = (at + timedelta(days=180)).date()
    for phase in GATES:
        open_gate(database, phase, at, by=by)
        for each in CRITERIA[phase] if phase is not Phase.FOCUSED_DEPLOYMENT else ():
            do_without(database, phase, each, until, at, by=by)


def _decided(session: Session, phase: Phase, act: GateAct, at: datetime, *, by: UUID) -> dict[str, Any]:
    number = (session.exec(select(func.max(GateRequest.number))).one() or 0) + 1
    number = max(number, 900)  # the product counts its own from 1
    asked = {"id": new_id(), "number": number, "phase": phase, "act": act, "evidence": "{}"}
    asked |= {"evidence_digest": "0" * 64, "stands": GateState.OPEN.value, "asked_by": by, "asked_at": at}
    return asked | {"settled_at": at, "took_effect_at": at}


def publish(database: Database, use_case_id: UUID, at: datetime, *, by: UUID, number: int) -> None:
    """Let a lesson and an onboarding checklist be published about a use case."""
    with database.transaction() as session:
        words = {"worked": "Short files", "did_not": "Scans", "advice": "Begin with text"}
        who = {"written_by": by, "written_at": at, "published_by": by, "published_at": at}
        lesson = {"id": new_id(), "number": number, "use_case_id": use_case_id, "status": LessonStatus.PUBLISHED}
        session.connection().execute(insert(Lesson), lesson | words | who)
        steps = {"use_case_id": use_case_id, "steps": "Show it", "published_by": by, "published_at": at, "version": 1}
        session.connection().execute(insert(OnboardingChecklist), steps)


def _id_of(given: Set) -> UUID | None:
    return given.task.id if given.task else None


class Living(Asking):
    """Marek owns an approved use case, Otto sponsors it, Ines leads the programme; the first gate is open."""

    def __init__(self, house: House, *, gates: int = 1, without: FoundationKind | None = None, **answers: Any) -> None:
        house.world.people.setdefault(INES, house.world.people[BEN] | {"id": INES, "real_name": "Ines"})
        house.world.people[INES] |= {"profile": {"display_name": "", "real_name": "Ines"}}
        house.grant("lead", INES)
        super().__init__(house, **answers)
        self.found(gates=gates, without=without)

    def found(self, *, gates: int, without: FoundationKind | None = None) -> None:
        by, now = self.person(PRIYA), self.house.clock.now()
        found_the_programme(self.house.database, now, by=by, without=without)
        for phase in GATES[:gates]:
            open_gate(self.house.database, phase, now, by=by)

    def another(self, name: str) -> UUID:
        """Propose and approve another use case of Marek's; return it."""
        reference = self.house.propose(PRIYA, sponsor=OTTO, name=name)
        self.house.approve(ANN, reference)
        self.house.send()
        self.beat()
        return self.id_of(reference)

    def id_of(self, reference: str) -> UUID:
        with self.house.database.reading() as session:
            number = intake.reference_number(reference)
            return session.exec(select(UseCase.id).where(UseCase.number == number)).one()

    # ------------------------------------------------------------------------------------------- moving

    def move(self, move: Move, who: str = MAREK, *, use_case_id: UUID | None = None) -> Moved | NotMoved:
        found, now = use_case_id or self.use_case_id, self.house.clock.now()
        return self.house.act(who, lambda session, actor: lifecycle.move_on(session, found, move, actor=actor, now=now))

    def deploy(self, who: str = MAREK) -> None:
        """Move it into deployment, and have everybody hear of it."""
        assert isinstance(self.move(Move.DEPLOY, who), Moved)
        self.house.send()

    def suspend(self, who: str = MAREK, reason: str = "It invents numbers.") -> Moved | NotMoved:
        now, found = self.house.clock.now(), self.use_case_id
        return self.house.act(
            who, lambda session, actor: lifecycle.suspend(session, found, reason, actor=actor, now=now)
        )

    def resume(self, who: str = MAREK) -> Moved | NotMoved:
        now, found = self.house.clock.now(), self.use_case_id
        return self.house.act(who, lambda session, actor: lifecycle.resume(session, found, actor=actor, now=now))

    def live(self, state: UseCaseState) -> None:
        """Bring it into a state of its life as people do, with everything that needs."""
        steps = (self.deploy, self.go_live, self.optimise, self.scale)
        for step in steps[: lifecycle.LIVE.index(state) + 1]:
            step()
        assert self.state is state

    def go_live(self) -> None:
        self.finish_workstreams()
        assert isinstance(self.move(Move.GO_LIVE), Moved)

    def optimise(self) -> None:
        self.lock_baselines()
        assert isinstance(self.move(Move.OPTIMISE), Moved)

    def scale(self) -> None:
        self.publish()
        assert isinstance(self.move(Move.SCALE), Moved)

    # ------------------------------------------------------------------------------------- workstreams

    def workstream(self, kind: WorkstreamKind = WorkstreamKind.TECHNICAL_INTEGRATION) -> Workstream:
        with self.house.database.reading() as session:
            found = select(Workstream).where(Workstream.use_case_id == self.use_case_id, col(Workstream.kind) == kind)
            return session.exec(found).one()

    def tasks(self) -> list[WorkstreamTask]:
        with self.house.database.reading() as session:
            return list(session.exec(select(WorkstreamTask).order_by(col(WorkstreamTask.created_at))))

    def give_task(
        self,
        who: str = MAREK,
        to: str = BEN,
        *,
        due: date | None = None,
        kind: WorkstreamKind = WorkstreamKind.TECHNICAL_INTEGRATION,
        name: str = "Connect the archive",
    ) -> Set | NotSet:
        now, workstream_id = self.house.clock.now(), self.workstream(kind).id
        owner = self.house.act(to, lambda _, actor: actor)
        wanted = Wanted(name, owner, due or (now + timedelta(days=10)).date())
        return self.house.act(
            who,
            lambda session, actor: lifecycle.add_task(
                session, workstream_id, wanted, may_know=lambda *_: True, actor=actor, now=now
            ),
        )

    def finish_workstreams(self, who: str = MAREK) -> None:
        """Do one task in each workstream, train three people, and say that both are complete."""
        for kind in WorkstreamKind:
            self.finish_workstream(kind, who)

    def finish_workstream(self, kind: WorkstreamKind, who: str = MAREK, *, besides: UUID | None = None) -> None:
        """Do a task, and one `besides` where that is of it; train three people, and say that it is complete."""
        given, now = self.give_task(who, who, kind=kind), self.house.clock.now()
        assert isinstance(given, Set)
        ids = [each.id for each in given.workstream.tasks if each.is_open and each.id in (besides, _id_of(given))]

        def finish(session: Session, actor: Actor) -> Set | NotSet:
            done: Set | NotSet = given
            for task_id in ids:
                done = lifecycle.finish_task(session, task_id, actor=actor, now=now)
            assert isinstance(done, Set)
            plan, seen = Planned(done.workstream.owner, None, 3, 3), done.workstream.version
            lifecycle.change_workstream(
                session, given.workstream.id, plan, seen=seen, may_know=lambda *_: True, actor=actor, now=now
            )
            return lifecycle.complete(session, given.workstream.id, actor=actor, now=now)

        assert isinstance(self.house.act(who, finish), Set)

    # ---------------------------------------------------------------------------- what a move asks for

    def lock_baselines(self) -> None:
        """Let Marek lock the baseline of every KPI."""
        now = self.house.clock.now()
        day = (now - timedelta(days=5)).date()
        with self.house.database.reading() as session:
            kpis = list(session.exec(select(Kpi.id).where(Kpi.use_case_id == self.use_case_id)))
        for kpi_id in kpis:

            def lock(session: Session, actor: Actor, *, kpi_id: UUID = kpi_id) -> object:
                said = Measured("6", day, day, "40", "Timed by hand.")
                return intake.lock_baseline(session, kpi_id, said, amends=None, actor=actor, now=now)

            assert isinstance(self.house.act(MAREK, lock), Locked)

    def publish(self) -> None:
        """Let a lesson and an onboarding checklist be published about it."""
        by, now = self.person(MAREK), self.house.clock.now()
        publish(self.house.database, self.use_case_id, now, by=by, number=1)

    # ------------------------------------------------------------------------------------------ looking

    @property
    def state(self) -> UseCaseState:
        return self.state_of(self.use_case_id)

    def state_of(self, use_case_id: UUID) -> UseCaseState:
        with self.house.database.reading() as session:
            return session.exec(select(UseCase.state).where(UseCase.id == use_case_id)).one()

    def life(self) -> Life:
        with self.house.database.reading() as session:
            found = lifecycle.life_of(session, self.use_case_id, now=self.house.clock.now())
            assert found is not None
            return found

    def person(self, who: str) -> UUID:
        with self.house.database.reading() as session:
            return session.exec(select(Person.id).where(Person.slack_id == who)).one()

    def window(self, who: str = MAREK, action: Action = Action.LIFE, value: str = "") -> dict[str, Any]:
        """Press a button and return the window it opens."""
        before = len(self.house.world.opened)
        self.house.press(who, action, value or str(self.use_case_id))
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        return self.house.world.opened[-1]

    def send_form(self, who: str, view: dict[str, Any], **typed: Any) -> BoltResponse:
        """Send a form as it stands, with these inputs by the last word of their block's id."""
        inputs = filled(view, answered={})
        for block, given in inputs.items():
            word = block.rpartition(".")[2]
            if word in typed:
                key = next(each for each in ("selected_user", "selected_date", "value") if each in given)
                given[key] = typed[word]
        response = self.house.submit(who, view, inputs)
        self.house.send()
        return response

    def told(self, who: str) -> list[Post]:
        return self.house.posts_to(who)

    def hide(self) -> None:
        """Let the use case be confidential from now on, whatever led there."""
        with self.house.database.transaction() as session:
            of_it = update(ApprovalRequest).where(col(ApprovalRequest.subject_id) == self.use_case_id)
            session.connection().execute(of_it.values(confidential=True))
            session.connection().execute(
                update(UseCase).where(col(UseCase.id) == self.use_case_id).values(confidential=True)
            )


__all__ = ["ANN", "BEN", "INES", "MAREK", "OTTO", "PRIYA", "Living"]
