"""Use cases are moved, stopped and mended in any order while gates open, lapse and are done without, on both engines.

After every try the service has let a move through exactly when a model of its own says that nothing was lacking, with
the gates as the one function says they are.
"""

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
from workflows.lifecycle import FORWARD, LIVE, Lack, Move, Moved, Planned, Wanted, Why
from workflows.lifecycle.states import after
from workflows.people import Actor

__all__ = ["fresh"]

EXAMPLES, STEPS, PLACES = 8, 25, 2
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

    @initialize(gates=st.sampled_from([3, 1, 2, 1, 3, 0]))
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

    @rule(place=number, move=st.sampled_from(FORWARD), who=st.sampled_from(["Owen", "Owen", "Lea", "Bea"]))
    def move(self, place: int, move: Move, who: str) -> None:
        self._move(self.cases[place], move, who)

    @rule(places=st.lists(number, min_size=2, max_size=8), mends=st.sampled_from([True, True, False]))
    def move_some_on(self, places: list[int], *, mends: bool) -> None:
        """Make moves that lead on, mostly with what they need."""
        for place in places:
            self._move_on(place, mends=mends)

    def _move_on(self, place: int, *, mends: bool) -> None:
        case = self.cases[place]
        move = lifecycle.next_move(case.state)
        if move is None:
            return
        if mends:
            {Move.GO_LIVE: self.work, Move.OPTIMISE: self.lock, Move.SCALE: self.publish}.get(move, lambda _: None)(
                place
            )
        self._move(case, move, "Owen")

    def _move(self, case: Case, move: Move, who: str) -> None:
        lacks, criteria = self._lacking(case, move)
        with self.database.transaction() as session:
            outcome = lifecycle.move_on(session, case.id, move, actor=self.people[who], now=self.clock)
        assert isinstance(outcome, Moved) is (who != "Bea" and not lacks), (case, move, who, outcome)
        if isinstance(outcome, Moved):
            case.state = after(move)
            return
        assert (outcome.why is Why.NOT_YOURS) is (who == "Bea")
        assert self.people["Lea"].id in {each.id for each in outcome.who_may}
        if who != "Bea":
            assert {each.criterion for each in outcome.missing} == lacks, (case, move, outcome)
            assert [each.lacks and each.lacks.criterion for each in outcome.missing if each.gate] == criteria
            mendable = [each for each in outcome.missing if each.criterion is not Lack.OTHER_STATE]
            assert all(each.way for each in mendable), outcome
            assert all(each.owner for each in outcome.missing if each.criterion not in (Lack.GATE, Lack.PLACE)), outcome

    def _lacking(self, case: Case, move: Move) -> tuple[set[Lack], list[Criterion | None]]:
        """Say by the model, and the gates, what is lacking: what, and the criteria of the gates in the way."""
        leads_from = dict(zip(FORWARD, (UseCaseState.APPROVED, *LIVE), strict=False))
        if case.state is not leads_from[move]:
            return {Lack.SUSPENDED if case.stopped else Lack.OTHER_STATE}, []
        with self.database.reading() as session:
            at = programme.programme_at(session, self.clock)
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

    @rule(place=number)
    def suspend(self, place: int) -> None:
        case = self.cases[place]
        with self.database.transaction() as session:
            outcome = lifecycle.suspend(session, case.id, "It errs.", actor=self.people["Lea"], now=self.clock)
        assert isinstance(outcome, Moved) is (case.state in LIVE and not case.stopped), (case, outcome)
        case.stopped |= {SuspensionCause.BY_HAND} if isinstance(outcome, Moved) else set()

    @rule(place=number)
    def resume(self, place: int) -> None:
        case = self.cases[place]
        with self.database.transaction() as session:
            outcome = lifecycle.resume(session, case.id, actor=self.people["Owen"], now=self.clock)
        assert isinstance(outcome, Moved) is (SuspensionCause.BY_HAND in case.stopped), (case, outcome)
        case.stopped.discard(SuspensionCause.BY_HAND)

    @rule(place=number, goes_on=st.booleans())
    def lapse(self, place: int, *, goes_on: bool) -> None:
        """Let the approval lapse, or be given anew."""
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

    @rule(place=number)
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

    @rule(place=number)
    def reopen(self, place: int) -> None:
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

    @rule(place=number)
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

    @rule(place=number)
    def publish(self, place: int) -> None:
        case = self.cases[place]
        if not case.published:
            publish(self.database, case.id, self.clock, by=self.people["Owen"].id, number=next(self.numbers))
            case.published = True

    @rule(place=number)
    def hit(self, place: int) -> None:
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

    @rule()
    def open_next(self) -> None:
        if len(self.opened) < len(GATES):
            phase = GATES[len(self.opened)]
            open_gate(self.database, phase, self.clock, by=self.people["Lea"].id)
            self.opened.append(phase)

    @rule(ends_in=st.sampled_from([None, None, 3, -1]), which=st.integers(0, 7))
    def review(self, ends_in: int | None, which: int) -> None:
        """Let a part of the foundation lapse now or soon, or hold again."""
        day = None if ends_in is None else (self.clock + timedelta(days=ends_in)).date()
        with self.database.transaction() as session:
            part_id = session.exec(select(FoundationVersion.part_id).order_by(col(FoundationVersion.part_id))).all()[
                which
            ]
            of_it = update(FoundationVersion).where(col(FoundationVersion.part_id) == part_id)
            session.connection().execute(of_it.values(review_on=day))

    @rule(criterion=st.sampled_from([Criterion.CONTEXT_PACK, Criterion.STAKEHOLDER_MAP, Criterion.FIRST_VALUE]))
    def waive(self, criterion: Criterion) -> None:
        """Let a criterion be done without for some days."""
        phase = Era.OPTIMISATION if criterion is Criterion.FIRST_VALUE else Era.FOCUSED_DEPLOYMENT
        until = (self.clock + timedelta(days=4)).date()
        do_without(self.database, phase, criterion, until, self.clock, by=self.people["Lea"].id)

    @rule(days=st.sampled_from([1, 3, 8]))
    def wait(self, days: int) -> None:
        self.clock += timedelta(days=days)

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

    def teardown(self) -> None:
        if hasattr(self, "_place"):
            self._place.__exit__(None, None, None)


def _all(*_: object) -> bool:
    return True


def test_a_move_passes_exactly_when_nothing_is_lacking(fresh: Fresh) -> None:
    class Here(Moving):
        pass

    Here.fresh = staticmethod(fresh)
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
