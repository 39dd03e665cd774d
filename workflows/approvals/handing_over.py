"""Hand the requests of proposers who left to whoever owns what they are about; tell the leads when nobody is left.

The engine does not know who owns a subject: the caller says, as a function of its kind and id.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from db.enums import Exclusion, Membership, OutboxKind
from db.queries import approvals as stored
from db.session import Session
from workflows import ledger, people
from workflows.approvals import announcing
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import LEAD

OwnerOf = Callable[[str, UUID], UUID | None]


def anybody_to_hand_over(session: Session, owner_of: OwnerOf) -> bool:
    """Say whether `hand_over` would change a request; reads only."""
    return any(
        each.orphaned_at is None or _heir(session, each, owner_of) for each in stored.requests_of_leavers(session)
    )


def hand_over(session: Session, owner_of: OwnerOf, *, now: datetime) -> int:
    """Give every pending request whose proposer left to the owner, if they are a full member; return how many changed.

    Where the owner is gone too the leads are told once, and it waits for an owner, or for its proposer to come back.
    What was handed over stays with whom it was handed to. The one who left stays barred from voting.
    """
    return sum(_hand_over(session, each.id, owner_of, now=now) for each in stored.requests_of_leavers(session))


def _hand_over(session: Session, request_id: UUID, owner_of: OwnerOf, *, now: datetime) -> bool:
    request = stored.lock(session, request_id)
    left = next((each for each in stored.requests_of_leavers(session) if each.id == request_id), None)
    if request is None or left is None:
        return False  # it was decided, or another process was faster, or they are back
    heir = _heir(session, left, owner_of)
    if heir is not None:
        _give(session, request, heir, now=now)
    elif left.orphaned_at is None:
        _tell_leads(session, request, now=now)
    else:
        return False
    return True


def _heir(session: Session, left: stored.RequestOfLeaver, owner_of: OwnerOf) -> Actor | None:
    """Return who answers for a request from now on: its proposer once they are back, else the owner; full members."""
    is_back = left.membership is Membership.MEMBER
    heir_id = left.requester_id if is_back else owner_of(left.subject_kind, left.subject_id)
    heir = people.named(session, [heir_id]).get(heir_id) if heir_id else None
    return heir if heir and heir.membership is Membership.MEMBER else None


def _give(session: Session, request: stored.LockedRequest, heir: Actor, *, now: datetime) -> None:
    """Make somebody the one who answers for a request; they may not vote on it from now on."""
    before = request.requester_id
    stored.set_requester(session, request.id, version=request.version, requester_id=heir.id, orphaned_at=None)
    if heir.id not in {each.person_id for each in stored.exclusions(session, request.id)}:
        stored.bar(session, request.id, heir.id, Exclusion.OWNER)
    data = {"from": str(before), "to": str(heir.id)}
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.REQUEST_HANDED_OVER, data)], actor=None, now=now)
    news = [Promise(OutboxKind.HANDED_OVER, heir.slack_id, request.id, {"from": str(before)})]
    concerned = stored.asked_ever(session, request.id) | {before, heir.id}
    announcing.redraw(session, request.id, people=concerned, news=news if heir.id != before else (), now=now)


def _tell_leads(session: Session, request: stored.LockedRequest, *, now: datetime) -> None:
    """Tell the programme leads, who may take it back, that nobody is left to answer for a request."""
    stored.set_requester(
        session, request.id, version=request.version, requester_id=request.requester_id, orphaned_at=now
    )
    leads = people.holders_of(session, LEAD)
    data: dict[str, ledger.Value] = {
        "requester": str(request.requester_id),
        "leads": [str(person.id) for person in leads],
    }
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.REQUEST_ORPHANED, data)], actor=None, now=now)
    news = [Promise(OutboxKind.ORPHANED, person.slack_id, request.id) for person in leads]
    concerned = stored.asked_ever(session, request.id) | {person.id for person in leads}
    announcing.redraw(session, request.id, people=concerned, news=news, now=now)
