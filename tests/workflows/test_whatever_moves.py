"""Use cases are moved, stopped and mended in any order while gates open, lapse and are done without, on both engines.

After every try the service has let a move through exactly when a model of its own says that nothing was lacking, with
the gates as the one function says they are.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert
from sqlmodel import col, select, update

from db.enums import Criterion, KpiSource, Membership, SuspensionCause, UseCaseState, WorkstreamKind
from db.enums import Phase as Era
from db.ids import new_id
from db.tables import FoundationVersion, Kpi, Reading, UseCase, Workstream
from tests.support.fakes import MONDAY_MORNING, TEAM
from tests.support.living import GATES, do_without, found_the_programme, open_gate, publish
from tests.support.machine.base import Fresh
from tests.support.machine.cases import proposal
from tests.support.machine.running import fresh
from workflows import intake, lifecycle, people, policy, programme, reactions
from workflows.checkins import Measured
from workflows.lifecycle import FORWARD, LIVE, Lack, Missing, Move, Moved, Planned, Wanted, Why
from workflows.lifecycle.states import after
from workflows.people import Actor
from workflows.programme import Programme

__all__ = ["fresh"]

EXAMPLES, STEPS, PLACES = 7, 16, 2
NOT_TRIED = {Lack.NOT_BY_HAND, Lack.PROVISIONAL, Lack.CONDITION, Lack.KPI}
POLICY = f"""
name: Fast
version: 1
roles: {{governance: {{name: AI governance}}}}
chains:
  one: {{stages: [{{key: a, name: A, lanes: [{{key: b, name: B, role: governance, rule: any, sections: [data],
    answer_within_hours: 8}}]}}]}}
subjects:
  use_case: {{tier: low, approved_by: {{low: {{line: quick, reason: It is harmless.}}}}}}
programme: {{deployments_at_once: {PLACES}, grace_days: 5}}
"""
number = st.integers(0, 2)
a_move = st.tuples(number, st.integers(0, 20), st.sampled_from(["Owen", "Owen", "Lea", "Bea"]))
"""Of which use case, which move (mostly the one that leads on), and by whom."""
HAPPENINGS = [*["prepare"] * 8, "suspend", *["resume"] * 2, "lapse", "reopen", "hit", *["open_next"] * 2]
HAPPENINGS += [*["review"] * 2, "waive", "wait"]
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@dataclass
class Case:
    """What the model knows of a use case."""

    id: UUID
    state: UseCaseState = UseCaseState.APPROVED
    stopped: set[SuspensionCause] = field(default_factory=set)
    complete: bool = False
    locked: bool = False
    published: bool = False
    hit: bool = False


class Moving(RuleBasedStateMachine):
    fresh: ClassVar[Fresh]
    told: ClassVar[Counter[Move | Lack]]

    @initialize(gates=st.sampled_from([3, 1, 2, 3, 0]))
    def begin(self, gates: int) -> None:
        self._place = type(self).fresh()
        self.database = self._place.__enter__()
        self.clock, self.numbers = MONDAY_MORNING, iter(range(1, 1000))
        self.people: dict[str, Actor] = {}
        with self.database.transaction() as session:
            policy.apply(session, POLICY, actor=None, now=self.clock)
            for name in ("Owen", "Lea", "Bea"):
                profile = people.Profile(f"U_{name.upper()}", TEAM, name, "Europe/Berlin", Membership.MEMBER)
                person_id = people.store_profile(session, profile, now=self.clock)
                self.people[name] = Actor(person_id, profile.slack_id, name, profile.zone)
            people.grant_role(session, people.LEAD, self.people["Lea"].id, actor=None, now=self.clock)
        owner, by = self.people["Owen"].id, self.people["Lea"].id
        found_the_programme(self.database, self.clock, by=by)
        self.cases = []
        for place in range(3):
            says = proposal("low", place, owner=owner, sponsor=by, confidential=False)
            with self.database.transaction() as session:
                sent = reactions.propose(session, says, token=new_id(), proposer=self.people["Bea"], now=self.clock)
            with self.database.transaction() as session:
                intake.follow_kpis(session, sent.use_case_id, now=self.clock)
            self.cases.append(Case(sent.use_case_id))
        self.opened: list[Era] = []
        for _ in range(gates):
            self.open_next()

    # ---------------------------------------------------------------------------------------- moving

    @rule(what=st.sampled_from(HAPPENINGS), place=number, how=st.integers(0, 7), moves=st.lists(a_move, max_size=3))
    def go_on(self, what: str, place: int, how: int, moves: list[tuple[int, int, str]]) -> None:
        """Let something happen, and people then try some moves: one rule, so that no example goes without either."""
        getattr(self, what)(place, how)
        for case_place, wanted, who in moves:
            case = self.cases[case_place]
            move = lifecycle.next_move(case.state) if wanted >= len(FORWARD) else FORWARD[wanted]
            self._move(case, move or Move.SCALE, who)

    def prepare(self, place: int, how: int) -> None:
        """Do what the next move of a use case needs, and mostly have its owner make it."""
        needs = {Move.GO_LIVE: self.work, Move.OPTIMISE: self.lock, Move.SCALE: self.publish}
        does = needs.get(lifecycle.next_move(self.cases[place].state) or Move.DEPLOY)
        (does or (self.work, self.lock, self.publish)[how % 3])(place)
        if how > 1:
            self._move(self.cases[place], lifecycle.next_move(self.cases[place].state) or Move.SCALE, "Owen")

    def _move(self, case: Case, move: Move, who: str) -> None:
        lacks, criteria = self._lacking(case, move, self._at())
        with self.database.transaction() as session:
            outcome = lifecycle.move_on(session, case.id, move, actor=self.people[who], now=self.clock)
        assert isinstance(outcome, Moved) is (who != "Bea" and not lacks), (case, move, who, outcome)
        if isinstance(outcome, Moved):
            case.state = after(move)
            self.told[move] += 1
            return
        assert (outcome.why is Why.NOT_YOURS) is (who == "Bea")
        assert self.people["Lea"].id in {each.id for each in outcome.who_may}
        if who != "Bea":
            self.told.update(lacks)
            assert {each.criterion for each in outcome.missing} == lacks, (case, move, outcome)
            assert [each.lacks and each.lacks.criterion for each in outcome.missing if each.gate] == criteria

    def _at(self) -> Programme:
        with self.database.reading() as session:
            return programme.programme_at(session, self.clock)

    def _lacking(self, case: Case, move: Move, at: Programme) -> tuple[set[Lack], list[Criterion | None]]:
        """Say by the model, and the gates, what is lacking: what, and the criteria of the gates in the way."""
        leads_from = dict(zip(FORWARD, (UseCaseState.APPROVED, *LIVE), strict=False))
        if case.state is not leads_from[move]:
            return {Lack.SUSPENDED if case.stopped else Lack.OTHER_STATE}, []
        closed = programme.why_closed(at.gates, after(move))
        criteria: list[Criterion | None] = []
        for gate in closed:
            criteria += [each.criterion for each in gate.lacking] or [None]
        on_the_way = [each for each in self.cases if each.state in LIVE[:2] and not each.hit]
        is_full = at.phase is Era.FOCUSED_DEPLOYMENT and len(on_the_way) >= PLACES
        needs = {
            Move.DEPLOY: {Lack.PLACE: is_full},
            Move.GO_LIVE: {Lack.WORKSTREAM: not case.complete},
            Move.OPTIMISE: {Lack.BASELINE: not case.locked},
            Move.SCALE: {Lack.LESSON: not case.published, Lack.CHECKLIST: not case.published},
        }[move]
        lacking = {Lack.SUSPENDED: bool(case.stopped), Lack.GATE: bool(closed), **needs}
        return {each for each, lacks in lacking.items() if lacks}, criteria

    # --------------------------------------------------------------------------- stopping and going on

    def suspend(self, place: int, _: int) -> None:
        case = self.cases[place]
        with self.database.transaction() as session:
            outcome = lifecycle.suspend(session, case.id, "It errs.", actor=self.people["Lea"], now=self.clock)
        assert isinstance(outcome, Moved) is (case.state in LIVE and not case.stopped), (case, outcome)
        case.stopped |= {SuspensionCause.BY_HAND} if isinstance(outcome, Moved) else set()

    def resume(self, place: int, _: int) -> None:
        case = self.cases[place]
        with self.database.transaction() as session:
            outcome = lifecycle.resume(session, case.id, actor=self.people["Owen"], now=self.clock)
        assert isinstance(outcome, Moved) is (SuspensionCause.BY_HAND in case.stopped), (case, outcome)
        case.stopped.discard(SuspensionCause.BY_HAND)

    def lapse(self, place: int, how: int) -> None:
        """Let the approval lapse, or be given anew."""
        goes_on = how > 1
        case, cause = self.cases[place], SuspensionCause.APPROVAL_LAPSED
        if goes_on is (cause not in case.stopped):
            return
        with self.database.transaction() as session:
            if goes_on:
                intake.lift(session, case.id, [cause], actor=None, now=self.clock)
            else:
                intake.suspend(session, case.id, cause, about=new_id(), actor=None, now=self.clock)
        (case.stopped.discard if goes_on else case.stopped.add)(cause)

    # -------------------------------------------------------------------------------- what moves need

    def work(self, place: int) -> None:
        """Do a task in both workstreams and complete them, where it is in deployment."""
        case, owen = self.cases[place], self.people["Owen"]
        if case.state is not UseCaseState.IN_DEPLOYMENT or case.complete:
            return
        for kind in WorkstreamKind:
            with self.database.transaction() as session:
                of_it = select(Workstream.id).where(Workstream.use_case_id == case.id, col(Workstream.kind) == kind)
                stream_id = session.exec(of_it).one()
                wanted = Wanted("Do it", owen, date(2027, 1, 4))
                given = lifecycle.add_task(session, stream_id, wanted, may_know=_all, actor=owen, now=self.clock)
                assert isinstance(given, lifecycle.Set)
                assert given.task is not None
                done = lifecycle.finish_task(session, given.task.id, actor=owen, now=self.clock)
                assert isinstance(done, lifecycle.Set)
                plan, seen = Planned(owen, None, 2, 2), done.workstream.version
                lifecycle.change_workstream(
                    session, stream_id, plan, seen=seen, may_know=_all, actor=owen, now=self.clock
                )
                assert isinstance(lifecycle.complete(session, stream_id, actor=owen, now=self.clock), lifecycle.Set)
        case.complete = True

    def reopen(self, place: int, _: int) -> None:
        case = self.cases[place]
        with self.database.transaction() as session:
            first = select(Workstream.id).where(Workstream.use_case_id == case.id).order_by(col(Workstream.kind))
            stream_id = session.exec(first).first()
            if stream_id is None:
                return
            outcome = lifecycle.reopen(session, stream_id, actor=self.people["Lea"], now=self.clock)
            is_possible = case.complete and case.state is UseCaseState.IN_DEPLOYMENT
            assert isinstance(outcome, lifecycle.Set) is is_possible, (case, outcome)
            if is_possible:
                lifecycle.complete(session, stream_id, actor=self.people["Lea"], now=self.clock)

    def lock(self, place: int) -> None:
        case = self.cases[place]
        if case.locked:
            return
        day = (self.clock - timedelta(days=3)).date()
        with self.database.transaction() as session:
            kpi_id = session.exec(select(Kpi.id).where(Kpi.use_case_id == case.id)).one()
            said = Measured("10", day, day, "4", "Counted.")
            intake.lock_baseline(session, kpi_id, said, amends=None, actor=self.people["Owen"], now=self.clock)
        case.locked = True

    def publish(self, place: int) -> None:
        case = self.cases[place]
        if not case.published:
            publish(self.database, case.id, self.clock, by=self.people["Owen"].id, number=next(self.numbers))
            case.published = True

    def hit(self, place: int, _: int) -> None:
        """Let a system read twice that its one KPI reaches its target."""
        case = self.cases[place]
        with self.database.transaction() as session:
            kpi = session.exec(select(Kpi).where(Kpi.use_case_id == case.id)).one()
            for back in (2, 1):
                row = {"id": new_id(), "kpi_id": kpi.id, "value": 1.0, "unit": kpi.unit, "source": KpiSource.SYSTEM}
                row |= {"read_for": (self.clock - timedelta(days=back)).date(), "entered_at": self.clock}
                session.connection().execute(insert(Reading), row)
        case.hit = True

    # ------------------------------------------------------------------------------- gates and the clock

    def open_next(self, *_: int) -> None:
        if len(self.opened) < len(GATES):
            phase = GATES[len(self.opened)]
            open_gate(self.database, phase, self.clock, by=self.people["Lea"].id)
            self.opened.append(phase)

    def review(self, place: int, which: int) -> None:
        """Let a part of the foundation lapse now or soon, or every one hold again."""
        ends_in = (-1, 3 if which % 2 else None, None)[place]
        day = None if ends_in is None else (self.clock + timedelta(days=ends_in)).date()
        with self.database.transaction() as session:
            part_id = session.exec(select(FoundationVersion.part_id).order_by(col(FoundationVersion.part_id))).all()[
                which
            ]
            of_it = update(FoundationVersion).where(col(FoundationVersion.part_id) == part_id)
            of_it = of_it if ends_in else update(FoundationVersion)
            session.connection().execute(of_it.values(review_on=day))

    def waive(self, place: int, _: int) -> None:
        """Let a criterion be done without for some days."""
        criterion = (Criterion.CONTEXT_PACK, Criterion.STAKEHOLDER_MAP, Criterion.FIRST_VALUE)[place]
        phase = Era.OPTIMISATION if criterion is Criterion.FIRST_VALUE else Era.FOCUSED_DEPLOYMENT
        until = (self.clock + timedelta(days=4)).date()
        do_without(self.database, phase, criterion, until, self.clock, by=self.people["Lea"].id)

    def wait(self, place: int, _: int) -> None:
        self.clock += timedelta(days=(1, 3, 8)[place])

    # ------------------------------------------------------------------------------------ what holds

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        if not hasattr(self, "cases"):
            return
        with self.database.reading() as session:
            stored = {row.id: (row.state, row.suspended_from) for row in session.exec(select(UseCase))}
        stopped = UseCaseState.SUSPENDED
        wanted = {each.id: (stopped, each.state) if each.stopped else (each.state, None) for each in self.cases}
        assert stored == wanted
        on_the_way = [each for each in self.cases if each.state in LIVE[:2] and not each.hit]
        assert len(self.opened) > 1 or len(on_the_way) <= PLACES

    @invariant()
    def every_use_case_is_said_to_lack_what_it_lacks(self) -> None:
        if not hasattr(self, "cases"):
            return
        with self.database.reading() as session:
            cases = intake.use_cases_of(session, [each.id for each in self.cases])
            lives = lifecycle.lives_of(session, list(cases.values()), now=self.clock)
        at = self._at()
        for case in self.cases:
            life = lives[case.id]
            assert life.move is lifecycle.next_move(case.state)
            if life.move is not None:
                lacks, criteria = self._lacking(case, life.move, at)
                self._says(life.missing, lacks, criteria)
                self.told.update(lacks)

    @staticmethod
    def _says(missing: tuple[Missing, ...], lacks: set[Lack], criteria: list[Criterion | None]) -> None:
        """Hold what is said to be missing to the model: each with who owns it, and the way to mend it."""
        assert {each.criterion for each in missing} == lacks, missing
        assert [each.lacks and each.lacks.criterion for each in missing if each.gate] == criteria
        assert all(each.owner for each in missing if each.criterion not in (Lack.GATE, Lack.PLACE)), missing
        assert all(each.way for each in missing if each.criterion not in (Lack.OTHER_STATE, Lack.PLACE)), missing

    def teardown(self) -> None:
        if hasattr(self, "_place"):
            self._place.__exit__(None, None, None)


def _all(*_: object) -> bool:
    return True


def test_a_move_passes_exactly_when_nothing_is_lacking(fresh: Fresh) -> None:
    class Here(Moving):
        pass

    Here.fresh, Here.told = staticmethod(fresh), Counter()
    run_state_machine_as_test(
        seed(1)(Here),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = {*FORWARD, *Lack} - NOT_TRIED
    assert wanted <= set(Here.told), f"never came about: {wanted - set(Here.told)}"
