"""Store a date of a schedule that has come: to be asked for, or skipped because the clock came too late."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.enums import CheckInState
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckInSchedule
from workflows import ledger
from workflows.ledger import Fact, LedgerKind

Period = tuple[date, datetime]
"""The date and the moment at which a period has ended and the next one begins."""


def open_run(
    session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, *, asked: UUID, now: datetime
) -> UUID:
    """Store a date of a schedule, to be looked at by the clock at once. The caller advanced the schedule past it."""
    values = {"state": CheckInState.PENDING, "asked_id": asked, "act_at": now}
    return _open(session, schedule, on_date, ends, values, now=now)


def skip_late(session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, *, now: datetime) -> UUID:
    """Store a date of a schedule that the clock came to more than a period late: nobody was asked."""
    values = {"state": CheckInState.SKIPPED, "asked_id": schedule.person_id, "act_at": None}
    return _open(session, schedule, on_date, ends, values, now=now)


def _open(
    session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, values: dict[str, Any], *, now: datetime
) -> UUID:
    ends_on, closes_at = ends
    common = {
        "schedule_id": schedule.id,
        "use_case_id": schedule.use_case_id,
        "on_date": on_date,
        "ends_on": ends_on,
        "closes_at": closes_at,
    }
    opened = stored.insert_check_in(session, common | values)
    data: dict[str, ledger.Value] = {
        "schedule": str(schedule.id),
        "use_case": str(schedule.use_case_id),
        "on": on_date.isoformat(),
        "until": ends_on.isoformat(),
        "state": values["state"].value,
    }
    ledger.record(session, f"check_in:{opened}", [Fact(LedgerKind.CHECK_IN_OPENED, data)], actor=None, now=now)
    return opened
