"""Promise the messages a change of a request calls for: its cards, the Homes it shows on, and news for people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from db.enums import OutboxKind
from db.queries import approvals as stored
from db.queries import people as stored_people
from db.session import Session
from workflows import outbox, people, settings
from workflows.approvals.snapshots import CardSnapshot
from workflows.outbox import Promise
from workflows.policy import ADMIN, LEAD
from workflows.settings import SettingName


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


def redraw_for(session: Session, request_id: UUID | None, *, now: datetime) -> None:
    """Promise every copy of a card anew because somebody met a stale one; None is no request and does nothing."""
    if request_id is not None:
        redraw(session, request_id, people=(), now=now)


def report_unreachable(session: Session, card: CardSnapshot, *, error: str, now: datetime) -> None:
    """Say in the governance channel that Slack refused an approver's card; of a confidential request to the leads.

    Where there are none, or it is theirs, the admins are told. A channel's own card is nobody's.
    """
    if card.person_id is None:
        return
    request = card.request
    if request.confidential:
        told = _others(session, LEAD, card.person_id) or _others(session, ADMIN, card.person_id)
    else:
        channel = settings.value_of(session, SettingName.GOVERNANCE_CHANNEL)
        told = [channel] if channel else []
    payload = {"reference": request.reference, "person": card.conversation, "error": error}
    outbox.promise(session, [Promise(OutboxKind.UNDELIVERABLE, each, request.id, payload) for each in told], now=now)


def _others(session: Session, role: str, person_id: UUID) -> list[str]:
    return [person.slack_id for person in people.holders_of(session, role) if person.id != person_id]


def _homes(session: Session, people: Collection[UUID], request_id: UUID) -> list[Promise]:
    return [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(slack_id), person_id)
        for person_id, slack_id in stored_people.with_home_open(session, people, request_id)
    ]
