"""Short ways to where something happens: several deeds in a row that random ones would seldom add up to."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from db.enums import BreakGlassStatus, SuspensionCause, UseCaseState, Verb
from tests.support.machine.base import number
from tests.support.machine.cases import typed
from tests.support.machine.deciding import Voting, Wish, wishes
from tests.support.machine.demands import standing
from tests.support.machine.following import Following
from tests.support.machine.lives import glasses, holding_up, owner_of
from tests.support.machine.meeting import Meeting
from tests.support.machine.waiting import Waiting
from workflows.breaking_glass.rules import ANSWER_WITHIN

MOST_VOTES = 5


class Hurrying(Following, Voting, Meeting, Waiting):
    """People do what is to be done now, and time moves to when something falls due."""

    @precondition(lambda self: self.world.waiting_for)
    @rule(places=st.lists(number, min_size=1, max_size=MOST_VOTES), wants=wishes)
    def decide_what_waits(self, places: Sequence[int], wants: Sequence[Wish]) -> None:
        """Let whoever is asked approve, the first one perhaps with conditions, until nothing waits."""
        for turn, place in enumerate(places):
            with_conditions = bool(wants) and turn == 0
            self.vote_when_asked(place, Verb.APPROVE_WITH_CONDITIONS if with_conditions else Verb.APPROVE, 0, wants)

    @precondition(lambda self: self.moments())
    @rule(number=st.integers(0, 20), late=st.sampled_from([0, 0, 14, 40]), twice=st.booleans())
    def move_to_what_is_due(self, number: int, late: float, *, twice: bool) -> None:
        """Let time pass until something is due, or a little longer; two processes may do it at once."""
        moments = self.moments()
        self.clock = moments[number % len(moments)] + timedelta(hours=late)
        if twice:
            self.beat_twice_at_once(0)
        else:
            self.tick()

    @precondition(lambda self: self.audits_to_do())
    @rule(number=number, passes=st.sampled_from([True, False, False]))
    def look_at_what_was_let_through(self, number: int, *, passes: bool) -> None:
        """Let somebody say whether a line should have approved something."""
        audits = self.audits_to_do()
        request = audits[number % len(audits)]
        asked = [each for each in self._asked() if each[1] == request.id]
        self._one_votes(asked, number, Verb.APPROVE if passes else Verb.REJECT)

    @precondition(lambda self: self.suspended())
    @rule(
        number=number,
        kind=st.sampled_from(["low", "low", "medium", "high"]),
        places=st.lists(number, max_size=MOST_VOTES),
    )
    def put_right(self, number: int, kind: str, places: Sequence[int]) -> None:
        """Let people do what lets something suspended go on, and perhaps decide about it at once."""
        found = self.suspended()
        case = found[number % len(found)]
        causes = {each.cause: each for each in holding_up(self.world, case)}
        if SuspensionCause.CONDITION_OVERDUE in causes:
            self._let_go(self.world.conditions[causes[SuspensionCause.CONDITION_OVERDUE].about_id])
        elif SuspensionCause.APPROVAL_LAPSED in causes:
            for place in [place for place, each in enumerate(self.asked()) if each.use_case_id == case.id]:
                self.answer_whether_it_holds(place, "", "valid", 0)
        elif SuspensionCause.BREAK_GLASS_ENDED not in causes:
            name = self.name_of(owner_of(self.world, case))
            if self.may_act(name):
                benefit = f"Pies of {self.clock:%d %B}."
                changes = typed(kind, benefit=benefit, name="Count pies", owner=self._slack(case, ""))
                self._send(case, name, changes, 0)
        for place in places:
            self.vote_when_asked(place, Verb.APPROVE, 0)

    @precondition(lambda self: self.in_review())
    @rule(number=number, places=st.lists(number, max_size=MOST_VOTES))
    def let_it_run_out(self, number: int, places: Sequence[int]) -> None:
        """Let something go ahead by break-glass until its time is up, and people decide about it then."""
        self.break_glass(number, "Dan", "Dora", hours="1", agrees=True, fate=0)
        ends = [each.ends_at for each in glasses(self.world) if each.status is BreakGlassStatus.IN_FORCE]
        self.clock = max([self.clock, *ends])
        self.tick()
        for place in places:
            self.vote_when_asked(place, Verb.APPROVE, 0)

    def _let_go(self, condition: Any) -> None:
        for demand in standing(self.world, condition.id):
            name = self.name_of(demand.person_id)
            is_still = any(each.id == demand.id for each in standing(self.world, condition.id))
            if is_still:
                self._judge(self.world.conditions[condition.id], name, "accept" if condition.number % 2 else "waive", 0)

    def suspended(self) -> list[Any]:
        cases = sorted(self.world.cases.values(), key=lambda each: each.number)
        return [each for each in cases if each.state is UseCaseState.SUSPENDED]

    def audits_to_do(self) -> list[Any]:
        return [each for each in self.in_review() if each.subject_kind == "audit"]

    def moments(self) -> list[datetime]:
        """Return when something falls due, the soonest first, as far as that is still to come."""
        days: set[date] = {each.due_on + timedelta(days=1) for each in self.to_be_met()}
        for case in self.world.cases.values():
            if case.valid_until is not None:
                days |= {case.valid_until - timedelta(days=30), case.valid_until + timedelta(days=1)}
        days |= {each.due_on + timedelta(days=1) for each in self.asked()}
        found = {datetime.combine(each, datetime.min.time(), UTC) for each in days}
        found |= {each.prompt_at for each in self.asked() if each.prompt_at is not None}
        for glass in glasses(self.world):
            found |= {glass.ends_at} if glass.status is BreakGlassStatus.IN_FORCE else set()
            found |= {glass.called_at + ANSWER_WITHIN} if glass.status is BreakGlassStatus.CALLED else set()
        return sorted(each for each in found if each > self.clock)
