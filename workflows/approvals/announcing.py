"""Promise the messages a change of a request calls for: its cards, the Homes it shows on, and news for people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from db.enums import OutboxKind
from db.queries import approvals as stored
from db.queries import people as stored_people
from db.session import Session
from workflows import outbox
from workflows.outbox import Promise


def redraw(
    session: Session,
    request_id: UUID,
    *,
    people: Collection[UUID],
    news: Sequence[Promise] = (),
    now: datetime,
) -> None:
    """Promise every copy of the card anew, the Homes of `people` and of those barred from voting, then `news`."""
    promises = [
        Promise(OutboxKind.CARD_SYNC, conversation, card_id)
        for card_id, conversation in stored.cards(session, request_id)
    ]
    promises += _homes(session, people, request_id)
    outbox.promise(session, [*promises, *news], now=now)


def set_confidential(session: Session, subject_kind: str, subject_id: UUID, *, confidential: bool) -> None:
    """Say of everything ever asked about a subject whether only the people involved may know of it."""
    stored.set_confidential(session, subject_kind, subject_id, confidential=confidential)


def redraw_for(session: Session, request_id: UUID | None, *, now: datetime) -> None:
    """Promise every copy of a card anew because somebody met a stale one; None is no request and does nothing."""
    if request_id is not None:
        redraw(session, request_id, people=(), now=now)


def _homes(session: Session, people: Collection[UUID], request_id: UUID) -> list[Promise]:
    return [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(slack_id), person_id)
        for person_id, slack_id in stored_people.with_home_open(session, people, request_id)
    ]
