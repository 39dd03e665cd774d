"""Anybody does anything, in any order, twice, or with the process dying half-way: the services on a real database.

After every deed the whole stored state is read and held to everything in `invariants`.
"""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from db.enums import LaneStatus, RequestStatus, Section, Verb
from tests.support.machine.base import number
from tests.support.machine.deciding import Deciding
from tests.support.machine.invariants import chains_broken
from tests.support.machine.leaving import BeingAway, Leaving
from tests.support.machine.meeting import Meeting
from tests.support.machine.pies import SECTIONS
from tests.support.machine.proposing import Proposing, letters
from tests.support.machine.waiting import Waiting
from workflows.ledger import LedgerKind


class Engine(Proposing, Deciding, Meeting, Leaving, BeingAway, Waiting):
    """Everything people do, and the end."""

    @initialize(
        policy_number=st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7]),
        confidential=st.booleans(),
        places=st.none() | st.lists(number, max_size=3),
    )
    def open_the_first(self, policy_number: int, places: Sequence[int] | None, *, confidential: bool) -> None:
        """Begin with a request nobody has looked at, or with one that came back."""
        self._apply(policy_number)
        self._open(confidential=confidential)
        if places is not None:
            self.give_it_back_and_bring_it_back(places, {})

    @precondition(lambda self: self.world.waiting_for)
    @rule(places=st.lists(number, max_size=3), changed=st.dictionaries(st.sampled_from(SECTIONS), letters, max_size=1))
    def give_it_back_and_bring_it_back(self, places: Sequence[int], changed: dict[Section, str]) -> None:
        """Let a few approve, somebody of a lane without votes ask for changes, and the proposer change little.

        By this votes count on.
        """
        for place in places:
            self.vote_when_asked(place, Verb.APPROVE, 0)
        asked = [(*each, self._lane_shown(*each)) for each in self._asked()]
        beside = [(name, request) for name, request, lane in asked if lane and not self.world.votes.get(lane.id)]
        self._one_votes(beside, len(places), Verb.REQUEST_CHANGES)
        if any(each.status is RequestStatus.CHANGES_REQUESTED for each in self.requests()):
            self.bring_back("", changed)

    def teardown(self) -> None:
        """See that nothing waits for ever: leave everybody alone for a year, and all that can be decided has ended.

        What is left is with its proposer, or blocked, which every card says.
        """
        try:
            if self.has_failed or not self.subjects:
                return
            self.figures.ends.update(each.status.value for each in self.requests())
            self.figures.count("conditions", (each.status.value for each in self.world.conditions.values()))
            events = [each["kind"] for told in self.world.events.values() for each in told]
            self.figures.carried += events.count(LedgerKind.VOTES_CARRIED)
            problem = chains_broken(self.world)
            assert problem is None, problem
            self._wait_a_year()
        finally:
            self._place.__exit__(None, None, None)

    def _wait_a_year(self) -> None:
        for days in (1, 3, 10, 30, 60, 120, 180):
            self.clock += timedelta(days=days)
            self.tick()
        blocked = {each.request_id for each in self.world.lanes.values() if each.status is LaneStatus.BLOCKED}
        waiting = [
            request.reference
            for request in self.requests()
            if request.status is RequestStatus.IN_REVIEW and request.id not in blocked
        ]
        assert not waiting, f"{waiting} wait for ever"
