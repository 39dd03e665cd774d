"""Who comes and goes: delegations, leave, people who leave the workspace, roles granted and withdrawn."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from db.enums import Membership
from tests.support.machine.base import Base, fate, who
from tests.support.machine.pies import COOKS, HELD, ZONES
from workflows import people, reactions
from workflows.people import Description, Detail


class Leaving(Base):
    """People leave, return, and get other roles."""

    @rule(
        name=who,
        membership=st.sampled_from([Membership.MEMBER, Membership.GUEST, Membership.DEACTIVATED]),
        zone=st.sampled_from(ZONES),
        fate=fate,
    )
    def hear_of(self, name: str, membership: Membership, zone: str, fate: int) -> None:
        """Let Slack tell of somebody who left, returned, became a guest, or moved."""
        if name == "Ann" and membership is not Membership.MEMBER:
            return
        profile = self._profile(name, membership, zone=zone)
        self.do(lambda session: people.store_profile(session, profile, now=self.clock), fate)

    @rule(name=who, role=st.sampled_from(sorted(HELD)), fate=fate)
    def grant(self, name: str, role: str, fate: int) -> None:
        person = self.people[name].id
        self.do(lambda session: reactions.grant_role(session, role, person, actor=None, now=self.clock), fate)

    @rule(name=who, role=st.sampled_from(sorted(HELD)), fate=fate)
    def withdraw_a_role(self, name: str, role: str, fate: int) -> None:
        person = self.people[name].id
        self.do(lambda session: people.withdraw_role(session, role, person, actor=None, now=self.clock), fate)


class BeingAway(Base):
    """People are away and let others decide for them; user groups change."""

    @rule(name=who, to=who, starts=st.sampled_from([-1.0, 0.0, 0.0, 5.0]), lasts=st.sampled_from([1, 8, 72]), fate=fate)
    def delegate(self, name: str, to: str, starts: float, lasts: float, fate: int) -> None:
        start = self.clock + timedelta(hours=starts)
        end = start + timedelta(hours=lasts)
        person, other = self.member(name), self.member(to)
        self.do(
            lambda session: people.delegate(session, person, other, starts_at=start, ends_at=end, now=self.clock), fate
        )

    @rule(names=st.lists(who, min_size=2, max_size=3, unique=True), to=who)
    def delegate_to_one(self, names: Sequence[str], to: str) -> None:
        """Let several people delegate to the same one, who starts for all of them in the same beat."""
        for name in names:
            self.delegate(name, to, 0.0, 24, 0)
        self.tick()

    @rule(name=who, fate=fate)
    def come_back(self, name: str, fate: int) -> None:
        person = self.member(name)
        self.do(lambda session: people.end_delegations(session, person, now=self.clock), fate)

    @rule(name=who, first=st.integers(-1, 2), days=st.integers(0, 30), fate=fate)
    def go_on_leave(self, name: str, first: int, days: int, fate: int) -> None:
        begins = self.clock.date() + timedelta(days=first)
        said = Description(told=frozenset({Detail.LEAVE}), leave=((begins, begins + timedelta(days=days)),))
        self.do(lambda session: people.describe(session, self.member(name), said, now=self.clock), fate)

    @rule(name=who, joins=st.booleans(), fate=fate)
    def change_the_cooks(self, name: str, fate: int, *, joins: bool) -> None:
        one = [self.people[name].slack_id]
        added, removed = (one, []) if joins else ([], one)
        self.do(
            lambda session: people.change_members(session, COOKS.id, added=added, removed=removed, now=self.clock), fate
        )
