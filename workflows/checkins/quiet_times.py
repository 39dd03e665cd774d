"""Quiet times as Slack tells them: asked for before people are, kept, and believed for a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.queries import checkin_clock as stored
from db.queries.checkin_clock import AskedSoon
from db.session import Session
from workflows.checkins.quiet import USABLE_FOR, Quiet

__all__ = ["AskedSoon", "keep_quiet_times", "quiet_of", "quiet_of_all", "to_ask_about"]

AHEAD: Final = timedelta(minutes=10)
"""How long before somebody is asked it is looked whether they are left in peace then."""

KNOWN_FOR: Final = timedelta(minutes=30)
"""How long nobody asks again; what changes meanwhile Slack tells by itself."""


def quiet_of(session: Session, person_id: UUID, *, now: datetime) -> Quiet | None:
    """Return the quiet time somebody has now or next, as far as Slack has told it within a day."""
    found = stored.quiet_time(session, person_id, since=now - USABLE_FOR)
    return Quiet(*found) if found else None


def quiet_of_all(session: Session, ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Quiet]:
    """Return the same of these people in one question; who has none is missing."""
    return {each: Quiet(*span) for each, span in stored.quiet_times(session, ids, since=now - USABLE_FOR).items()}


def to_ask_about(session: Session, *, limit: int, now: datetime) -> Sequence[AskedSoon]:
    """Return people who are asked or reminded within minutes and whose quiet time has to be asked for; reads only."""
    return stored.to_ask_about(session, soon=now + AHEAD, stale=now - KNOWN_FOR, limit=limit)


def keep_quiet_times(session: Session, told: Mapping[UUID, Quiet | None], *, asked_at: datetime) -> None:
    """Keep what Slack said of people, by our ids, when it was asked at `asked_at`. None: nothing keeps them quiet."""
    rows = [
        {
            "person_id": person_id,
            "starts_at": quiet.starts_at if quiet else None,
            "ends_at": quiet.ends_at if quiet else None,
            "checked_at": asked_at,
        }
        for person_id, quiet in told.items()
    ]
    stored.keep_quiet_times(session, rows)
