"""What proposers and the policy do: open requests, send them again, reroute them, take them back."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from db.enums import Exclusion, RequestStatus, Section, Tier
from db.ids import new_id
from db.session import Session
from tests.support.machine.base import Base, fate, number, who
from tests.support.machine.pies import CHANNEL, POLICIES, SECTIONS
from workflows import approvals, obligations, policy, reactions
from workflows.approvals import Opened, Refused, Subject
from workflows.people import Actor

letters = st.sampled_from("abc")
MOST_CHANGES = 4


def follow_pie(
    session: Session,
    kind: str,
    subject_id: UUID,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
    unconditional: bool = False,
) -> None:
    """Do what follows when a request about a pie moves: no feature answers for pies, but they can have conditions."""
    if not unconditional:
        obligations.follow(session, kind, subject_id, status, actor=actor, now=now)


class Proposing(Base):
    """Ann proposes; others edit and own."""

    @precondition(lambda self: len(self.subjects) == 1)
    @rule(fate=fate, confidential=st.booleans())
    def open_another(self, fate: int, *, confidential: bool) -> None:
        self._open(confidential=confidential, fate=fate)

    def _open(self, *, confidential: bool, fate: int = 0) -> None:
        sections = dict.fromkeys(SECTIONS, "a" * 64)
        requester = self.people["Ann"]

        def deed(session: Session) -> Any:
            subject = Subject("pie", new_id(), f"PIE-{len(self.subjects) + 1}", 1, sections)
            snapshot = policy.route(session, "pie", {})
            opened = approvals.open_request(
                session,
                subject,
                snapshot,
                requester=requester,
                excluded={requester.id: Exclusion.PROPOSER},
                governance_channel=CHANNEL,
                confidential=confidential,
                now=self.clock,
            )
            return self._followed(session, subject, opened), subject

        outcome = self.do(deed, max(fate, 0))
        if outcome is not None:
            self.subjects[outcome[0].request_id] = outcome[1]

    @rule(
        number=number,
        editor=st.sampled_from(["Ann", "Ann", "Dan", "Bea"]),
        owner=st.sampled_from(["", "", "Owen", "Bea", "Carl", "Dan", "Dora"]),
        tier=st.sampled_from([None, None, None, *Tier]),
        sections=st.dictionaries(st.sampled_from(SECTIONS), letters),
        fate=fate,
    )
    def resubmit(
        self, number: int, editor: str, owner: str, sections: dict[Section, str], *, tier: Tier | None, fate: int
    ) -> None:
        request = self.request(number)
        before = self.subjects[request.id]
        changed = before.sections | {section: letter * 64 for section, letter in sections.items()}
        subject = replace(before, revision=self.next_revision(before), sections=changed)
        excluded = {self.people["Ann"].id: Exclusion.PROPOSER}
        excluded |= {self.people[editor].id: Exclusion.EDITOR} if editor != "Ann" else {}
        excluded |= {self.people[owner].id: Exclusion.OWNER} if owner else {}

        def deed(session: Session) -> Any:
            snapshot = policy.route(session, "pie", {})
            if tier is not None and snapshot.chain is not None and tier is not Tier.PROHIBITED:
                snapshot = replace(snapshot, tier=tier)
            opened = approvals.resubmit(
                session,
                request.id,
                subject,
                snapshot,
                editor=self.people[editor],
                excluded=excluded,
                confidential=request.confidential,
                now=self.clock,
            )
            return self._followed(session, subject, opened)

        self.do(deed, fate)
        if self.world.requests[request.id].revision == subject.revision:
            self.subjects[request.id] = subject

    @precondition(lambda self: any(each.status is RequestStatus.CHANGES_REQUESTED for each in self.requests()))
    @rule(
        owner=st.sampled_from(["", "", "", "Bea", "Dan"]), sections=st.dictionaries(st.sampled_from(SECTIONS), letters)
    )
    def bring_back(self, owner: str, sections: dict[Section, str]) -> None:
        """Resubmit what is with its proposer, so that runs do not end there."""
        numbers = [n for n, each in enumerate(self.requests()) if each.status is RequestStatus.CHANGES_REQUESTED]
        self.resubmit(numbers[0], "Ann", owner, sections, tier=None, fate=0)

    @precondition(lambda self: any(self.can_be_changed(each) for each in self.requests()))
    @rule(
        owner=st.sampled_from(["", "", "Bea", "Dan"]),
        sections=st.dictionaries(st.sampled_from(SECTIONS[:2]), letters, min_size=1),
        fate=fate,
    )
    def ask_for_a_change(self, owner: str, sections: dict[Section, str], fate: int) -> None:
        """Ask to change something approved, in a section somebody may look at."""
        approved = next(each for each in self.requests() if self.can_be_changed(each))
        before = self.subjects[approved.id]
        changed = before.sections | {section: letter * 64 for section, letter in sections.items()}
        subject = replace(before, revision=self.next_revision(before), sections=changed)
        requester = self.people["Ann"]
        excluded = {self.people[owner].id: Exclusion.OWNER} if owner else {}
        excluded |= {requester.id: Exclusion.PROPOSER}

        def deed(session: Session) -> Any:
            opened = approvals.open_request(
                session,
                subject,
                policy.route(session, "pie", {}),
                requester=requester,
                excluded=excluded,
                governance_channel=CHANNEL,
                confidential=approved.confidential,
                amends=approved.id,
                now=self.clock,
            )
            return self._followed(session, subject, opened)

        opened = self.do(deed, max(fate, 0))
        if opened is not None:
            self.subjects[opened.request_id] = subject

    def next_revision(self, subject: Subject) -> int:
        return max(each.revision for each in self.requests() if each.subject_id == subject.id) + 1

    def can_be_changed(self, request: Any) -> bool:
        """Say whether a request is the newest approved one about its subject, and no other about that is undecided."""
        about = [each for each in self.requests() if each.subject_id == request.subject_id]
        newest = max((each.revision for each in about if each.status is RequestStatus.APPROVED), default=None)
        pending = (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED)
        return request.revision == newest and len(about) < MOST_CHANGES and not any(e.status in pending for e in about)

    @rule(policy_number=st.integers(0, len(POLICIES) - 1), number=number, reroute=st.booleans(), fate=fate)
    def apply_a_policy(self, policy_number: int, number: int, fate: int, *, reroute: bool) -> None:
        """Put another policy in force, and perhaps lay a request out anew under it."""
        self._apply(policy_number)
        if not reroute:
            return
        request = self.request(number)

        def deed(session: Session) -> Any:
            snapshot = policy.route(session, "pie", {})
            subject = self.subjects[request.id]
            opened = approvals.reroute(session, request.id, subject, snapshot, actor=None, now=self.clock)
            return self._followed(session, subject, opened)

        self.do(deed, fate)

    def _followed(self, session: Session, subject: Subject, opened: Opened | Refused) -> Opened | Refused:
        """Do what follows from where a request stands that was just sent, and return it."""
        if isinstance(opened, Opened):
            follow_pie(session, subject.kind, subject.id, opened.status, actor=None, now=self.clock)
        return opened

    def _apply(self, policy_number: int) -> None:
        text = POLICIES[policy_number]
        self.do(lambda session: policy.apply(session, text, actor=None, now=self.clock))

    @rule(name=who, number=number, fate=fate)
    def withdraw(self, name: str, number: int, fate: int) -> None:
        request, person = self.request(number), self.member(name)
        if number == 0 or name != "Ann":  # else half of all runs would end here
            self.do(lambda session: reactions.withdraw(session, request.id, actor=person, now=self.clock), fate)
