"""Pies: a subject no feature knows, to try the engine with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel import col, select

from db.enums import Exclusion, Membership, Section, Tier, Verb
from db.tables import ApprovalLane, ApprovalStage
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import TEAM
from tests.support.house import House
from workflows import approvals, people, policy
from workflows.approvals import Opened, Refused, RequestSnapshot, Subject, Vote, Voted
from workflows.people import Actor, Delegated, NoDelegation

PIE_POLICY = policy_text(
    stage("taste", lane("bakers", "baker", rule="all", sections=["purpose"]), lane("cooks", "cook", sections=["data"])),
    stage("serve", lane("waiters", "waiter", sections=["purpose", "data"])),
    kind="pie",
    tier="low",
)
PIE = Subject("pie", uuid4(), "PIE-1", 1, {Section.PURPOSE: "a" * 64, Section.DATA: "b" * 64})


STAFF = (("U_BAKER1", "baker"), ("U_BAKER2", "baker"), ("U_COOK", "cook"), ("U_WAITER", "waiter"))


class Kitchen:
    """Pies go through approvals without any feature that knows what a pie is."""

    def __init__(
        self,
        house: House,
        text: str = PIE_POLICY,
        staff: Sequence[tuple[str, str]] = STAFF,
        *,
        confidential: bool = False,
        channel: str | None = None,
        relations: Mapping[str, str] | None = None,
    ) -> None:
        self.house = house
        put_in_force(house, text)
        for slack_id, role in staff:
            hire(house, slack_id, role)
        self.people = {slack_id: self.actor(slack_id) for slack_id in house.world.people}
        self.subject = replace(PIE, relations=self._who(relations or {}))
        with house.database.transaction() as session:
            opened = approvals.open_request(
                session,
                self.subject,
                policy.route(session, "pie", {}),
                requester=self.people["U_ANN"],
                excluded={self.people["U_ANN"].id: Exclusion.PROPOSER},
                governance_channel=channel,
                confidential=confidential,
                now=house.clock.now(),
            )
        self.opened = opened
        self.request_id = opened.request_id
        self.asked = {person.slack_id for person in opened.asked}

    def actor(self, slack_id: str) -> Actor:
        known = profile(slack_id)
        with self.house.database.transaction() as session:
            person_id = people.store_profile(session, known, now=self.house.clock.now())
        return Actor(person_id, slack_id, known.name, known.zone)

    def lane(self, key: str, *, of_round: int | None = None) -> ApprovalLane:
        """Return a lane of the newest round, or of an earlier one."""
        with self.house.database.reading() as session:
            statement = (
                select(ApprovalLane)
                .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
                .where(ApprovalLane.key == key)
                .order_by(col(ApprovalStage.round).desc())
            )
            if of_round is not None:
                statement = statement.where(ApprovalStage.round == of_round)
            return session.exec(statement.limit(1)).one()

    def _who(self, relations: Mapping[str, str]) -> dict[str, UUID]:
        return {relation: self.people[slack_id].id for relation, slack_id in relations.items()}

    def resubmit(
        self,
        *,
        editor: str = "U_ANN",
        owner: str | None = None,
        tier: str = "",
        relations: Mapping[str, str] | None = None,
        **sections: str,
    ) -> Opened | Refused:
        """Send the pie again with these sections changed, each given as one letter, and these people related to it."""
        changed = {Section(name): letter * 64 for name, letter in sections.items()}
        revision = self.request().revision + 1
        related = {**self.subject.relations, **self._who(relations or {})}
        self.subject = replace(PIE, revision=revision, sections=PIE.sections | changed, relations=related)
        excluded = {self.people["U_ANN"].id: Exclusion.PROPOSER}
        excluded |= {self.people[owner].id: Exclusion.OWNER} if owner else {}
        self.house.clock.advance(seconds=1)
        with self.house.database.transaction() as session:
            snapshot = policy.route(session, "pie", {})
            return approvals.resubmit(
                session,
                self.request_id,
                self.subject,
                replace(snapshot, tier=Tier(tier)) if tier else snapshot,
                editor=self.people[editor],
                excluded=excluded,
                now=self.house.clock.now(),
            )

    def reroute(self, text: str) -> Opened | Refused:
        """Apply another policy and lay the pie out anew under it."""
        put_in_force(self.house, text)
        with self.house.database.transaction() as session:
            snapshot = policy.route(session, "pie", {})
            now = self.house.clock.now()
            return approvals.reroute(session, self.request_id, self.subject, snapshot, actor=None, now=now)

    def away(self, who: str, delegate: str, *, hours: float = 24) -> Delegated | NoDelegation:
        """Let somebody decide for `who` from now on, for so many hours, and let the clock beat once."""
        now = self.house.clock.now()
        with self.house.database.transaction() as session:
            made = people.delegate(
                session,
                self.people[who],
                self.people[delegate],
                starts_at=now,
                ends_at=now + timedelta(hours=hours),
                now=now,
            )
        self.house.advance(seconds=2)
        return made

    def beat(self, **by: float) -> None:
        """Let time pass and run the engine's clock; no feature has to answer for pies."""
        self.house.clock.advance(**by)
        now = self.house.clock.now()
        with self.house.database.transaction() as session:
            approvals.follow_delegations(session, now=now)
            approvals.remind_due(session, now=now)
            approvals.time_out(session, now=now)

    def request(self) -> RequestSnapshot:
        with self.house.database.reading() as session:
            return approvals.existing_request(session, self.request_id)

    def vote(self, who: str, key: str, verb: Verb = Verb.APPROVE, *, seen: str | None = None) -> Voted | Refused:
        here = self.lane(key)
        self.house.clock.advance(seconds=1)
        with self.house.database.transaction() as session:
            vote = Vote(here.id, verb, here.content_digest if seen is None else seen, "Soggy.")
            return approvals.cast_vote(session, vote, voter=self.people[who], now=self.house.clock.now())

    def standing(self) -> tuple[str, dict[str, str], dict[str, str]]:
        request = self.request()
        lanes = {each.name: each.status.value for part in request.stages for each in part.lanes}
        return request.status.value, {each.name: each.status.value for each in request.stages}, lanes


def profile(slack_id: str) -> people.Profile:
    return people.Profile(slack_id, TEAM, slack_id.removeprefix("U_").capitalize(), "Europe/Berlin", Membership.MEMBER)
