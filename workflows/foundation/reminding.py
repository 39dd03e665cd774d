"""Ask whoever owns a part to look at it again: 30 and 7 days before its last day, and once it has lapsed.

In their working hours, each once, however many processes run it. Where nobody owns it any more the leads are asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from db.enums import FoundationKind, Membership
from db.queries import foundation as stored
from db.session import Session
from workflows import ledger, people
from workflows.foundation import counting, holding
from workflows.foundation.counting import REMINDED
from workflows.foundation.holding import Held
from workflows.foundation.snapshots import PartSnapshot, VersionSnapshot
from workflows.ledger import LedgerKind
from workflows.people import LEAD, Actor

AT_ONCE = 8
LOOK_AGAIN: Final = timedelta(days=1)


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether somebody is to be reminded; reads only."""
    return bool(stored.due(session, now, limit=1))


def run(session: Session, *, now: datetime) -> int:
    """Remind whoever is to be reminded; return how many parts that were. Each is locked first."""
    return sum(_turn(session, each, now=now) for each in stored.due(session, now, limit=AT_ONCE))


def begin(session: Session, held: Held, *, now: datetime) -> None:
    """Have the owner reminded of the version that is kept from now on; what would be due already is left out."""
    version = held.part.kept
    if version is None or version.text.review_on is None:
        return
    given = min(counting.given_by(version.text.review_on, today=held.today), len(REMINDED) - 1)
    at = _next(session, held.part, version, given=given, now=now)
    stored.update_part(session, held.row, {"reminders": given, "remind_at": at})


def follow_owner(session: Session, held: Held, *, now: datetime) -> None:
    """Have who owns a part now reminded in their own hours of what is still to come."""
    version = held.part.kept
    if version is None or held.row.reminders >= len(REMINDED):
        return
    at = _next(session, held.part, version, given=held.row.reminders, now=now)
    stored.update_part(session, held.row, {"remind_at": at})


def _turn(session: Session, kind: FoundationKind, *, now: datetime) -> bool:
    """Say what is due to whoever answers for a part, or put it off until they work; say whether they hear of it."""
    held = holding.hold(session, kind, actor=None, now=now)
    if held.row.remind_at is None or held.row.remind_at > now:
        return False  # another process was faster
    version, given = held.part.kept, held.row.reminders
    if version is None or version.text.review_on is None or given >= len(REMINDED):
        stored.update_part(session, held.row, {"remind_at": None})
        return False
    whom = answer_for(session, held.part)
    if not whom:
        stored.update_part(session, held.row, {"remind_at": now + LOOK_AGAIN})
        return False
    at = _next(session, held.part, version, given=given, now=now)
    if at is None or at > now:  # their hours or their leave have changed
        stored.update_part(session, held.row, {"remind_at": at or now + LOOK_AGAIN})
        return False
    _remind(session, held, version, whom, now=now)
    return True


def _remind(session: Session, held: Held, version: VersionSnapshot, whom: Sequence[Actor], *, now: datetime) -> None:
    review_on = version.text.review_on
    if review_on is None:
        raise LookupError(f"{held.part.reference} holds without an end")
    given = max(counting.given_by(review_on, today=held.today), held.row.reminders + 1)
    following = _next(session, held.part, version, given=given, now=now)
    stored.update_part(session, held.row, {"reminders": given, "remind_at": following})
    told: list[str] = [str(each.id) for each in whom]
    data: dict[str, ledger.Value] = {
        "part": held.kind.value,
        "version": version.number,
        "reminder": given,
        "people": told,
    }
    holding.record(session, held.id, LedgerKind.FOUNDATION_REMINDED, data, actor=None, now=now)
    news = [holding.news_for(held.part, each, "review", version.number, reminder=str(given)) for each in whom]
    holding.tell(session, held.part, news=news, now=now)


def answer_for(session: Session, part: PartSnapshot) -> Sequence[Actor]:
    """Return who is asked about a part: its owner, or the programme leads where it has none who is a full member."""
    if part.owner is not None and part.owner.membership is Membership.MEMBER:
        return [part.owner]
    return people.holders_of(session, LEAD)


def _next(
    session: Session, part: PartSnapshot, version: VersionSnapshot, *, given: int, now: datetime
) -> datetime | None:
    """Return when the next reminder comes, in the hours of the first of those who are asked; None after the last."""
    if given >= len(REMINDED) or version.text.review_on is None:
        return None
    whom = answer_for(session, part)
    if not whom:
        return now + LOOK_AGAIN
    calendar = people.calendars_of(session, [whom[0].id])[whom[0].id]
    return counting.remind_at(calendar, version.text.review_on, given=given, not_before=now) or now + LOOK_AGAIN
