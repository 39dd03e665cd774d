"""Tell each programme lead once a week where requests wait."""

from collections.abc import Sequence
from datetime import date, datetime

from db.enums import OutboxKind
from db.queries import weekly as stored
from db.session import Session
from workflows import outbox, people
from workflows.approvals import weeks
from workflows.approvals.outlook import where_requests_wait
from workflows.outbox import Promise
from workflows.people import LEAD, Actor

_TOLD, _NOTHING = "where_requests_wait", "nothing_waited"


def weekly_due(session: Session, *, now: datetime) -> bool:
    """Say whether a lead's week has begun and they were not told yet; reads only."""
    return bool(_due(session, now=now))


def tell_weekly(session: Session, *, now: datetime) -> int:
    """Promise every lead whose week has begun where requests wait; return how many leads that was.

    Each is told once for a week, however many processes run this and whenever they are restarted. That nothing waits
    is told once, to who was told before that something does; as long as nothing does, nobody hears of it.
    """
    told = 0
    for lead, week in _due(session, now=now):
        if stored.claim(session, _TOLD, str(lead.id), week, at=now):
            told += 1
            if _is_news(session, lead, week, now=now):
                promise = Promise(OutboxKind.WHERE_REQUESTS_WAIT, lead.slack_id, lead.id, is_bulk=True)
                outbox.promise(session, [promise], now=now)
    return told


def _is_news(session: Session, lead: Actor, week: date, *, now: datetime) -> bool:
    if where_requests_wait(session, now=now).places.anything():
        return True
    before = stored.newest_before(session, _TOLD, str(lead.id), week)
    stored.claim(session, _NOTHING, str(lead.id), week, at=now)
    return before is not None and not stored.is_claimed(session, _NOTHING, str(lead.id), before)


def _due(session: Session, *, now: datetime) -> Sequence[tuple[Actor, date]]:
    leads = {lead.id: lead for lead in people.holders_of(session, LEAD)}
    calendars = people.calendars_of(session, leads.keys()) if leads else {}
    weeks_due = {key: weeks.week_due(calendar, now) for key, calendar in calendars.items()}
    due = [(leads[key], week) for key, week in weeks_due.items() if week is not None]
    return [each for each in due if not stored.is_claimed(session, _TOLD, str(each[0].id), each[1])]
