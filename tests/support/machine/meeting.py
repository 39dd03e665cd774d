"""What becomes of conditions: evidence is given, judged for a lane, and what is asked for is let go."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from db.enums import ConditionStatus
from tests.support.machine.base import Base, fate, number, who
from tests.support.machine.demands import standing
from tests.support.machine.pies import NAMES
from workflows import obligations
from workflows.conditions import Evidence, Moved, rules

LINK = Evidence("https://docs.example.com/oven", "It is there.")
deeds = st.sampled_from(["accept", "accept", "accept", "not enough", "waive", "waive"])


class Meeting(Base):
    """Owners meet conditions, and others try; lanes judge them, and others try."""

    @precondition(lambda self: self.to_be_met())
    @rule(number=number, fate=fate)
    def meet(self, number: int, fate: int) -> None:
        """Let whoever has to meet a condition give evidence for it."""
        condition = self._condition(number)
        name = self._name_of(condition.owner_id)
        outcome = self._offer(condition, name, fate) if self.may_act(name) else None
        assert fate or outcome is None or isinstance(outcome, Moved), f"{name} gave evidence and was refused: {outcome}"

    @rule(number=number, name=who, fate=fate)
    def give_evidence(self, number: int, name: str, fate: int) -> None:
        """Let anybody give evidence for anything."""
        condition = self._condition(number)
        if condition is not None and self.may_act(name):
            self._offer(condition, name, fate)

    @precondition(lambda self: self.to_be_met())
    @rule(number=number, place=number, deed=deeds, fate=fate)
    def judge(self, number: int, place: int, deed: str, fate: int) -> None:
        """Let somebody whose vote set a condition decide about it."""
        condition = self._condition(number)
        asking = sorted({self._name_of(each.person_id) for each in standing(self.world, condition.id)})
        self._judge(condition, asking[place % len(asking)], deed, fate)

    @rule(number=number, name=who, deed=deeds, fate=fate)
    def judge_anything(self, number: int, name: str, deed: str, fate: int) -> None:
        """Let anybody decide about anything."""
        condition = self._condition(number)
        if condition is not None:
            self._judge(condition, name, deed, fate)

    def to_be_met(self) -> list[Any]:
        return [each for each in self.world.conditions.values() if each.status in rules.IN_FORCE]

    def _offer(self, condition: Any, name: str, fate: int) -> Any:
        self.pass_a_second()
        person = self.member(name)
        return self.do(
            lambda session: obligations.offer(session, condition.id, LINK, actor=person, now=self.clock), fate
        )

    def _judge(self, condition: Any, name: str, deed: str, fate: int) -> None:
        if not self.may_act(name):
            return
        self.pass_a_second()
        person, seen = self.member(name), condition.offered_id or condition.id
        if deed == "accept" and condition.status is ConditionStatus.OPEN and fate == 0:
            self._offer(condition, self._name_of(condition.owner_id), 0)
            seen = self.world.conditions[condition.id].offered_id or seen
        done = {
            "accept": lambda session: obligations.accept(
                session, condition.id, seen=seen, actor=person, now=self.clock
            ),
            "not enough": lambda session: obligations.find_wanting(
                session, condition.id, "Unsigned.", seen=seen, actor=person, now=self.clock
            ),
            "waive": lambda session: obligations.waive(session, condition.id, "Cold.", actor=person, now=self.clock),
        }
        self.do(done[deed], fate)

    def _condition(self, number: int) -> Any | None:
        """Return one of the conditions that are to be met, if there are any, else any one."""
        found = sorted(self.to_be_met() or self.world.conditions.values(), key=lambda each: each.id)
        return found[number % len(found)] if found else None

    def _name_of(self, person_id: UUID) -> str:
        return next(name for name in NAMES if self.people[name].id == person_id)
