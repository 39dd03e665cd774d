"""Put a policy in force, or, where the one in force wants that decided, ask people whether to."""

import hashlib
from datetime import datetime
from uuid import UUID

from db.enums import Exclusion, LaneStatus
from db.ids import new_id
from db.queries import configuration
from db.queries import policy_changes as stored
from db.session import Session
from workflows import approvals, ledger, people, policy, settings
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.policy import ADMIN, InForce, PolicyError
from workflows.policy_changes import settling
from workflows.policy_changes.reading import SUBJECT_KIND, subject
from workflows.policy_changes.snapshots import NotDone, NotPut, PolicyProposed, PutInForce
from workflows.settings import SettingName


def is_decided(session: Session) -> bool:
    """Say whether the policy in force wants changes of it decided by people."""
    current = _in_force(session)
    return current is not None and SUBJECT_KIND in current.policy.subjects


def put_forward(
    session: Session,
    text: str,
    *,
    by: Actor | None,
    instead_of: UUID | None = None,
    expects: bool | None = None,
    now: datetime,
) -> PutInForce | PolicyProposed | NotDone:
    """Put a policy that can be used in force, or propose it where changes are decided by people.

    `by` is nobody for the command line, which may not propose. `instead_of` is a proposal that this one is to replace,
    and may say the same; the caller withdraws it, and has locked its request before. `expects` is whether whoever asks
    was told that people decide: where that has changed since, nothing is done. The policies are locked from here on,
    so nobody else puts one in force.
    """
    if by is not None and ADMIN not in people.roles_of(session, by.id):
        return NotDone(NotPut.NOT_AN_ADMIN)
    policy.hold(session)
    current = _in_force(session)
    is_asked = is_decided(session)
    if expects is not None and expects is not is_asked:
        return NotDone(NotPut.SWITCHED)
    refusal = _refusal(session, current, text, by=by, instead_of=instead_of) if current else None
    if refusal is not None:
        return refusal
    if current is None or by is None or not is_asked:
        number = policy.apply(session, text, actor=by.id if by else None, now=now)
        settling.tell_overtaken(session, now=now)
        return PutInForce(number)
    return _propose(session, text, based_on=current.number, by=by, now=now)


def _in_force(session: Session) -> InForce | None:
    """Return the policy in force; None before the first one, and where this version of the product cannot read it."""
    try:
        return policy.in_force(session)
    except (LookupError, PolicyError):
        return None


def _refusal(
    session: Session, current: InForce, text: str, *, by: Actor | None, instead_of: UUID | None
) -> NotDone | None:
    digest = _digest(text)
    if current.content_hash == digest:
        return NotDone(NotPut.IN_FORCE, current.number)
    if SUBJECT_KIND not in current.policy.subjects:
        return None
    for row, request_id in stored.pending(session, SUBJECT_KIND):
        if row.content_hash == digest and row.based_on == current.number and row.id != instead_of:
            reference = approvals.existing_request(session, request_id).reference
            return NotDone(NotPut.PENDING, current.number, reference)
    return NotDone(NotPut.NEEDS_PROPOSER, current.number) if by is None else None


def _propose(session: Session, text: str, *, based_on: int, by: Actor, now: datetime) -> PolicyProposed:
    proposal_id, digest = new_id(), _digest(text)
    number = configuration.next_number(session, SUBJECT_KIND)
    stored.insert_proposal(
        session,
        {
            "id": proposal_id,
            "number": number,
            "content": text,
            "content_hash": digest,
            "based_on": based_on,
            "proposed_by": by.id,
            "proposed_at": now,
        },
    )
    fact = Fact(LedgerKind.POLICY_PROPOSED, {"number": number, "content_hash": digest, "based_on": based_on})
    ledger.record(session, settling.stream_of(proposal_id), [fact], actor=by.id, now=now)
    opened = approvals.open_request(
        session,
        subject(proposal_id, number, digest),
        policy.route(session, SUBJECT_KIND, {}),
        requester=by,
        excluded={by.id: Exclusion.PROPOSER},
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        now=now,
    )
    request = approvals.existing_request(session, opened.request_id)
    lanes = [lane for stage in request.stages for lane in stage.lanes]
    blocked = tuple(lane.name for lane in lanes if lane.status is LaneStatus.BLOCKED)
    return PolicyProposed(request.reference, request.id, opened.asked, blocked)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
