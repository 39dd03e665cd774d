"""Remind people who are asked and have not answered; each reminder fires once."""

from datetime import datetime

from db.enums import OutboxKind
from db.queries import approvals as stored
from db.session import Session
from workflows import ledger, people
from workflows.approvals import announcing
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise


def reminders_due(session: Session, *, now: datetime) -> bool:
    """Say whether `remind_due` would find work; reads only."""
    return bool(stored.due_reminders(session, now, limit=1))


def remind_due(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Promise a reminder to everybody whose time has come; return how many.

    Each fires once, however many processes run this and whenever they are restarted.
    """
    reminded = 0
    for seat in stored.due_reminders(session, now, limit=limit):
        request = stored.lock(session, seat.request_id)
        due = seat.remind_at
        if request is None or due is None or not stored.clear_reminder(session, seat.id, remind_at=due):
            continue
        person = people.named(session, [seat.person_id])[seat.person_id]
        fact = Fact(LedgerKind.REMINDED, {"lane": str(seat.lane_id), "person": str(seat.person_id)})
        ledger.record(session, stream_of(request.id), [fact], actor=None, now=now)
        payload = {"person": str(seat.person_id)}
        promise = Promise(OutboxKind.VOTE_REMINDER, person.slack_id, request.id, payload)
        # The card says when the next reminder comes, so it changes with this one.
        announcing.redraw(session, request.id, people=(), news=[promise], now=now)
        reminded += 1
    return reminded
