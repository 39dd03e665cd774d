"""What follows a decision, in any order: use cases through the real services, from their proposal to their end.

After every deed the whole stored state is read and held to `INVARIANTS`, as in `engine`.
"""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from db.enums import LaneStatus, RequestStatus, UseCaseState, Verb
from db.tables import (
    Audit,
    BreakGlass,
    Campaign,
    CampaignCase,
    FastLane,
    Recertification,
    UseCase,
    UseCaseRevision,
    UseCaseSuspension,
)
from tests.support.machine import lasting, lives
from tests.support.machine.base import number
from tests.support.machine.cases import KINDS, POLICIES
from tests.support.machine.hurrying import Hurrying
from tests.support.machine.invariants import INVARIANTS as OF_REQUESTS
from tests.support.machine.invariants import Invariant, chains_broken
from tests.support.machine.leaving import Leaving
from tests.support.machine.world import TABLES

INVARIANTS: Sequence[Invariant] = (
    *OF_REQUESTS,
    lives.a_use_case_is_what_became_of_its_requests,
    lives.suspended_is_what_something_holds_up,
    lives.each_cause_is_justified,
    lives.an_overdue_condition_holds_it_up,
    lives.conditions_are_met_before_it_is_plainly_approved,
    lives.provisional_is_what_break_glass_let_through,
    lives.break_glass_follows_its_table,
    lives.the_two_have_no_other_part_in_it,
    lasting.an_approval_holds_longer_by_an_answer_or_an_approval,
    lasting.what_is_approved_has_a_last_day,
    lasting.one_question_is_asked_at_a_time,
    lasting.each_prompt_goes_once,
    lasting.no_line_approves_what_failed,
    lasting.a_closed_line_approves_nothing,
    lasting.draws_can_be_made_again,
    lasting.audits_are_of_what_holds,
)


class Afterwards(Hurrying, Leaving):
    """Everything people do after a decision, and the end."""

    policies = POLICIES
    promises = INVARIANTS
    tables = (
        *TABLES,
        UseCase,
        UseCaseRevision,
        UseCaseSuspension,
        BreakGlass,
        Audit,
        FastLane,
        Recertification,
        Campaign,
        CampaignCase,
    )

    @initialize(
        policy=st.sampled_from([0, 0, 0, 1, 2, 3]),
        some=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3),
        goes_ahead=st.booleans(),
        places=st.lists(number, max_size=4),
    )
    def propose_some(self, policy: int, some: Sequence[str], places: Sequence[int], *, goes_ahead: bool) -> None:
        """Begin with use cases some of which people have looked at already, or one that goes ahead by break-glass."""
        self.apply_a_policy(policy, 0, reroute=False)
        for kind in some:
            self.propose("Ann", "Owen", kind, 0, confidential=False)
        if goes_ahead and self.in_review():
            self.break_glass(0, "Dan", "Dora", hours="72", agrees=True, fate=0)
        for place in places:
            self.vote_when_asked(place, Verb.APPROVE_WITH_CONDITIONS if place == 1 else Verb.APPROVE, 0)

    @rule(months=st.sampled_from([0.9, 1, 1, 2]), beats=st.integers(1, 3))
    def let_weeks_pass(self, months: float, beats: int) -> None:
        """Let so much time pass that approvals end, with few beats in between."""
        for _ in range(beats):
            self.clock += timedelta(days=30 * months / beats)
            self.tick()

    def teardown(self) -> None:
        """See that nothing goes on for ever: two years of silence later nobody uses anything any more."""
        try:
            if self.has_failed or not self.world.cases:
                return
            self.figures.ends.update(each.status.value for each in self.requests())
            self._count()
            problem = chains_broken(self.world)
            assert problem is None, problem
            self._wait_two_years()
        finally:
            self._place.__exit__(None, None, None)

    def _count(self) -> None:
        world = self.world
        self.figures.count("use cases", (each.state.value for each in world.cases.values()))
        self.figures.count("causes", (each.cause.value for each in world.of(UseCaseSuspension)))
        self.figures.count("conditions", (each.status.value for each in world.conditions.values()))
        self.figures.count(
            "questions", (each.answer.value if each.answer else "open" for each in world.of(Recertification))
        )
        self.figures.count("break-glass", (each.status.value for each in world.of(BreakGlass)))
        self.figures.count("audits", (each.result.value if each.result else "open" for each in world.of(Audit)))

    def _wait_two_years(self) -> None:
        for days in (3, 20, 40, 60, 120, 180, 300):
            self.clock += timedelta(days=days)
            self.tick()
        blocked = {each.request_id for each in self.world.lanes.values() if each.status is LaneStatus.BLOCKED}
        waiting = [
            request.reference
            for request in self.requests()
            if request.status is RequestStatus.IN_REVIEW and request.id not in blocked
        ]
        assert not waiting, f"{waiting} wait for ever"
        running = (UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS, *lives.LIVE)
        used = [f"UC-{each.number}" for each in self.world.cases.values() if each.state in running]
        assert not used, f"{used} go on although nobody said so for two years"
