"""What the rest of the product does when a request moves, in the same transaction.

Approvals know subjects, not features; here a subject's kind is matched to the feature it belongs to.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter

from db.enums import RequestStatus
from db.session import Session
from workflows import approvals, deliveries, intake, people, policy
from workflows.approvals import Refusal, Refused, RequestSnapshot, Vote, Voted
from workflows.people import Actor
from workflows.policy import Policy, PolicyError

type_of_vote_outcome: TypeAdapter[Voted | Refused] = TypeAdapter(
    Annotated[Voted | Refused, Field(discriminator="outcome")]
)


def cast_vote(session: Session, vote: Vote, *, voter: Actor, delivery: str, now: datetime) -> Voted | Refused:
    """Cast a vote and let the subject's feature take over what it settled.

    `delivery` is the key of what Slack delivered: the same delivery again returns the same outcome. A missing
    reason is not remembered: the modal stays open, and what it sends when corrected has the same key.
    """
    remembered = deliveries.begin(session, delivery, now=now)
    if remembered is not None:
        return type_of_vote_outcome.validate_json(remembered)
    outcome = approvals.cast_vote(session, vote, voter=voter, now=now)
    if isinstance(outcome, Voted) and outcome.status is not RequestStatus.IN_REVIEW:
        _settled(session, outcome, actor=voter, now=now)
    if isinstance(outcome, Refused) and outcome.why is Refusal.REASON_MISSING:
        deliveries.forget(session, delivery)
    else:
        deliveries.remember(session, delivery, type_of_vote_outcome.dump_json(outcome).decode())
    return outcome


def grant_role(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> tuple[bool, int]:
    """Give a role to a person; return whether that was new, and how many blocked lanes could open."""
    granted = people.grant_role(session, role, person_id, actor=actor, now=now)
    return granted, approvals.unblock(session, role, now=now)


def may_read(session: Session, request: RequestSnapshot, viewer: UUID) -> bool:
    """Say whether this person may see answers, votes and reasons, and know of it when it is confidential.

    Proposer, owner, sponsor, editors, everybody in the chain whether asked yet or not, leads, auditors and admins.
    """
    if request.involves(viewer):
        return True
    if people.roles_of(session, viewer) & (request.roles() | {policy.ADMIN, policy.AUDITOR, policy.LEAD}):
        return True
    return request.subject_kind == intake.SUBJECT_KIND and viewer in intake.insiders(session, request.subject_id)


def require_every_kind(rules: Policy) -> None:
    """Raise PolicyError when a kind of subject people can submit has no rule: each submission would fail."""
    if intake.SUBJECT_KIND not in rules.subjects:
        raise PolicyError([f"line 1: subjects: there is no rule for {intake.SUBJECT_KIND}"])


def _settled(session: Session, outcome: Voted, *, actor: Actor, now: datetime) -> None:
    match outcome.subject_kind:
        case intake.SUBJECT_KIND:
            intake.settle(session, outcome.subject_id, outcome.status, actor=actor, now=now)
        case _:
            raise LookupError(f"no feature answers for subjects of kind {outcome.subject_kind!r}")
