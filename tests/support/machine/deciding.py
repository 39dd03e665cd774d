"""What those asked do, and those who are not: vote with or without conditions, ask, pass on, ask somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from db.enums import Blocks, ConditionStatus, EvidenceKind, Verb
from db.ids import new_id
from db.session import Session
from tests.support.machine.base import Base, fate, number, who
from tests.support.machine.pies import NAMES
from workflows import approvals, people, reactions, subjects
from workflows.approvals import LaneSnapshot, Refusal, Refused, Vote, Voted
from workflows.conditions import Asks, Wanted


@dataclass(frozen=True)
class Wish:
    """A condition as somebody types it: due so many days from the day it is where its owner is."""

    text: str
    owner: str
    days: int
    evidence: EvidenceKind
    blocks: Blocks


SIGNED = Wish("Sign it", "Owen", 10, EvidenceKind.DOCUMENT, Blocks.CONTINUATION)
wishes = st.lists(
    st.builds(
        Wish,
        text=st.sampled_from(["Sign it", "Sign it", " sign  IT", "Test the oven"]),
        owner=st.sampled_from(["Owen", "Owen", "Owen", "Owen", "Bea", "Dora"]),
        days=st.sampled_from([1, 2, 7, 10, 40]),
        evidence=st.sampled_from([EvidenceKind.DOCUMENT, EvidenceKind.STATEMENT]),
        blocks=st.sampled_from(Blocks),
    ),
    max_size=3,
)
verbs = st.sampled_from([Verb.APPROVE] * 3 + [Verb.APPROVE_WITH_CONDITIONS] * 3 + [*Verb])


class Voting(Base):
    """Anybody decides on anything, asked or not."""

    @rule(
        name=who,
        lane=number,
        verb=st.sampled_from(Verb),
        seen=st.sampled_from(["now", "now", "stale"]),
        wants=wishes,
        fate=fate,
    )
    def vote(self, name: str, lane: int, verb: Verb, *, seen: str, wants: Sequence[Wish], fate: int) -> None:
        """Let anybody vote on anything, asked or not, and with no condition where some are called for."""
        found = self.lane(lane)
        if found is None or not self.may_act(name):
            return
        digest = found.content_digest if seen == "now" else "0" * 64
        self._look_again(name, Vote(found.id, verb, digest, "Soggy."), self._asks(found, wants), fate)

    @rule(place=number, verb=verbs, wants=wishes, fate=fate)
    def vote_when_asked(self, place: int, verb: Verb, fate: int, wants: Sequence[Wish] = ()) -> None:
        """Let somebody who is asked vote, and hold the answer to counting it."""
        self._one_votes(self._asked(), place, verb, fate, wants)

    def _one_votes(
        self, asked: Sequence[tuple[str, UUID]], place: int, verb: Verb, fate: int = 0, wants: Sequence[Wish] = ()
    ) -> None:
        if not asked:
            return
        name, request_id = asked[place % len(asked)]
        shown = self._lane_shown(name, request_id)
        assert shown is not None, f"{name} is asked and sees no lane"
        if not subjects.takes(self.world.requests[request_id].subject_kind, verb):
            verb = Verb.REJECT
        vote = Vote(shown.id, verb, shown.content_digest, "Soggy.")
        before = self.figures.refusals
        asks = self._asks(self.world.lanes[shown.id], wants or [SIGNED])
        outcome = self._look_again(name, vote, asks, fate)
        refused_at_once = fate == 0 and self.figures.refusals > before
        assert not refused_at_once, f"{name} was asked and refused: {outcome}"

    def _look_again(self, name: str, vote: Vote, asks: Asks, fate: int) -> Voted | Refused | None:
        """Vote, and confirm it where so many approvals in a row are to be looked at again: that is never refused."""
        self.pass_a_second()
        outcome = self.do(lambda session: self._vote(session, vote, asks, name), fate)
        if not isinstance(outcome, Refused) or outcome.why is not Refusal.SECOND_LOOK:
            return outcome
        self.figures.second_looks += 1
        self.figures.refusals -= 2 if fate < 0 else 1
        sure = replace(vote, is_confirmed=True)
        outcome = self.do(lambda session: self._vote(session, sure, asks, name))
        assert isinstance(outcome, Voted), f"{name} looked again and was refused: {outcome}"
        return outcome

    def _asks(self, lane: Any, wants: Sequence[Wish]) -> Asks:
        """Return what a vote in a lane asks for, in what an odd number of wishes makes: also what others ask for."""
        wanted = {each.key: each for each in map(self._wanted, wants)}
        about = self.world.requests[lane.request_id].subject_id
        others = [
            each.id
            for each in self.world.conditions.values()
            if each.subject_id == about and each.status in (ConditionStatus.PROPOSED, ConditionStatus.DROPPED)
        ]
        return Asks(list(wanted.values()), sorted(others) if len(wants) % 2 else ())

    def _wanted(self, wish: Wish) -> Wanted:
        owner = self.member(wish.owner)
        due_on = people.local_day(owner, self.clock) + timedelta(days=wish.days)
        return Wanted(wish.text, owner.id, due_on, wish.evidence, wish.blocks)

    @rule(places=st.lists(number, min_size=1, max_size=4), wants=wishes)
    def several_approve(self, places: Sequence[int], wants: Sequence[Wish]) -> None:
        """Let one after the other approve, so that runs get beyond the first stage; with wishes, with conditions.

        Each of them wants the same by another day.
        """
        verb = Verb.APPROVE_WITH_CONDITIONS if wants else Verb.APPROVE
        for turn, place in enumerate(places):
            self.vote_when_asked(place, verb, 0, [replace(each, days=each.days + turn) for each in wants])

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

    def _vote(self, session: Session, vote: Vote, asks: Asks, name: str) -> Voted | Refused:
        given = asks if vote.verb is Verb.APPROVE_WITH_CONDITIONS else None
        delivery = str(new_id())
        return reactions.cast_vote(
            session, vote, voter=self.member(name), delivery=delivery, asks=given, now=self.clock
        )


class Deciding(Voting):
    """People do everything else that those asked can do."""

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
