"""What those asked do, and those who are not: vote, ask, pass on, ask somebody else."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from db.enums import Verb
from db.session import Session
from tests.support.machine.base import Base, fate, number, who
from tests.support.machine.pies import NAMES
from workflows import approvals
from workflows.approvals import LaneSnapshot, Refused, Vote, Voted


class Deciding(Base):
    """Anybody decides on anything, asked or not."""

    @rule(name=who, lane=number, verb=st.sampled_from(Verb), seen=st.sampled_from(["now", "now", "stale"]), fate=fate)
    def vote(self, name: str, lane: int, verb: Verb, seen: str, fate: int) -> None:
        """Let anybody vote on anything, asked or not."""
        found = self.lane(lane)
        if found is None or not self.may_act(name):
            return
        digest = found.content_digest if seen == "now" else "0" * 64
        self.do(lambda session: self._vote(session, Vote(found.id, verb, digest, "Soggy."), name), fate)

    @rule(place=number, verb=st.sampled_from([Verb.APPROVE, Verb.APPROVE, Verb.APPROVE, *Verb]), fate=fate)
    def vote_when_asked(self, place: int, verb: Verb, fate: int) -> None:
        """Let somebody who is asked vote, and hold the answer to counting it."""
        self._one_votes(self._asked(), place, verb, fate)

    def _one_votes(self, asked: Sequence[tuple[str, UUID]], place: int, verb: Verb, fate: int = 0) -> None:
        if not asked:
            return
        name, request_id = asked[place % len(asked)]
        shown = self._lane_shown(name, request_id)
        assert shown is not None, f"{name} is asked and sees no lane"
        vote = Vote(shown.id, verb, shown.content_digest, "Soggy.")
        before = self.figures.refusals
        outcome = self.do(lambda session: self._vote(session, vote, name), fate)
        refused_at_once = fate == 0 and self.figures.refusals > before
        assert not refused_at_once, f"{name} was asked and refused: {outcome}"

    @rule(places=st.lists(number, min_size=1, max_size=3))
    def several_approve(self, places: Sequence[int]) -> None:
        """Let one after the other approve, so that runs get beyond the first stage."""
        for place in places:
            self.vote_when_asked(place, Verb.APPROVE, 0)

    def _asked(self) -> list[tuple[str, UUID]]:
        """Return who is asked and can act, and about which request."""
        return [
            (name, request)
            for name in NAMES
            for request in sorted(self.world.waiting_for.get(self.people[name].id, ()))
            if self.may_act(name)
        ]

    def _lane_shown(self, name: str, request_id: UUID) -> LaneSnapshot | None:
        with self.database.reading() as session:
            return approvals.existing_request(session, request_id).open_lane_of(self.people[name].id)

    def _vote(self, session: Session, vote: Vote, name: str) -> Voted | Refused:
        return approvals.cast_vote(session, vote, voter=self.member(name), now=self.clock)

    @rule(name=who, number=number, fate=fate)
    def ask(self, name: str, number: int, fate: int) -> None:
        request, person = self.request(number), self.member(name)
        self.do(lambda session: approvals.ask_question(session, request.id, "Why?", asker=person, now=self.clock), fate)

    @rule(name=st.sampled_from(["Ann", "Ann", "Owen", "Bea"]), number=number, fate=fate)
    def answer(self, name: str, number: int, fate: int) -> None:
        questions = self.world.rows["approval_questions"]
        if questions:
            asked, person = questions[number % len(questions)], self.member(name)
            self.do(
                lambda session: approvals.answer_question(session, asked.id, "So.", actor=person, now=self.clock), fate
            )

    @rule(name=st.sampled_from(["Ann", "Ann", "Owen", "Dan"]), number=number, fate=fate)
    def nudge(self, name: str, number: int, fate: int) -> None:
        request, person = self.request(number), self.member(name)
        self.do(lambda session: approvals.nudge(session, request.id, actor=person, now=self.clock), fate)

    @rule(lane=number, place=number, to=who, by=st.sampled_from(["", "", "Lea", "Dan"]), fate=fate)
    def pass_on(self, lane: int, place: int, to: str, by: str, fate: int) -> None:
        found = self.lane(lane)
        seats = self.world.seats.get(found.id, ()) if found else ()
        if found is None or not seats:
            return
        names = {person.id: name for name, person in self.people.items()}
        seat = self.member(names[seats[place % len(seats)].person_id])
        other, actor = self.member(to), self.member(by) if by else seat
        self.do(
            lambda session: approvals.reassign(
                session, found.id, seat=seat, to=other, reason="Knows pies.", actor=actor, now=self.clock
            ),
            fate,
        )

    @rule(number=number, name=who, by=who, fate=fate)
    def ask_one_more(self, number: int, name: str, by: str, fate: int) -> None:
        request, person, actor = self.request(number), self.member(name), self.member(by)
        self.do(
            lambda session: approvals.add_approver(
                session, request.id, person=person, reason="Knows ovens.", actor=actor, now=self.clock
            ),
            fate,
        )
