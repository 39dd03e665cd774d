"""Ask whoever approves very fast for a second look, and keep that they took it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from db.enums import APPROVING
from db.queries import bursts as stored
from db.session import Session
from workflows import ledger
from workflows.approvals import bursts
from workflows.approvals.snapshots import Vote
from workflows.ledger import Fact, LedgerKind


def lately_approved(session: Session, person_id: UUID, *, now: datetime) -> list[UUID]:
    """Return the requests this person approved in the last minutes and did not look at again, oldest first."""
    return [request_id for request_id, _ in _given(session, person_id, now=now)]


def asks_again(session: Session, vote: Vote, voter: UUID, *, counted: int, now: datetime) -> bool:
    """Say whether a vote that would count is held up until its voter has looked again; keep that they have.

    The request is locked already. Near a burst the person's other votes wait, so that two at once are counted one
    after the other. `counted` is how many approvals of theirs are known of without that. Rejections and requests for
    changes say why, and are never held up.
    """
    if vote.verb not in APPROVING or not bursts.may_be_near(counted, more=vote.together):
        return False
    stored.hold_voter(session, voter)
    given = _given(session, voter, now=now)
    if not bursts.is_burst([at for _, at in given], now, more=vote.together):
        return False
    if vote.is_confirmed:
        _confirm(session, voter, len(given) + vote.together, now=now)
    return not vote.is_confirmed


def confirm_burst(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Keep that this person looked again; nothing when they have approved no more than others since they last did.

    It casts no vote: that is for what they still have before them.
    """
    stored.hold_voter(session, person_id)
    given = _given(session, person_id, now=now)
    if bursts.is_burst([at for _, at in given], now):
        _confirm(session, person_id, len(given) + 1, now=now)


def _given(session: Session, person_id: UUID, *, now: datetime) -> Sequence[tuple[UUID, datetime]]:
    return stored.recent_approvals(session, person_id, lately=now - bursts.WITHIN)


def _confirm(session: Session, person_id: UUID, approvals: int, *, now: datetime) -> None:
    stored.confirm(session, person_id, at=now)
    data: dict[str, ledger.Value] = {"approvals": approvals, "minutes": int(bursts.WITHIN.total_seconds() // 60)}
    fact = Fact(LedgerKind.BURST_CONFIRMED, data)
    ledger.record(session, f"person:{person_id}", [fact], actor=person_id, now=now)
