"""What the clock does about rounds: write to who is asked, remind them once, close when the last day is over, tell.

Each happens once, whatever restarts and however many processes run it: a round is held while anything of it is done.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import Membership, OutboxKind
from db.queries import scorecards as stored
from db.session import Session
from db.tables import Scorecard
from workflows import outbox, people
from workflows.outbox import Promise
from workflows.people import LEAD
from workflows.scorecards import rounds, rules

AT_ONCE: Final = 50
LOOK_AGAIN: Final = timedelta(days=1)
"""After how long it is looked again whether somebody works: leave can be shortened."""

_MESSAGES: Final = 2
"""The question, and one reminder."""


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do anything; reads only."""
    return bool(stored.due(session, now) or stored.to_ask(session, now, limit=1))


def run(session: Session, *, now: datetime) -> int:
    """Do what is due; return how much that was."""
    done = sum(_turn(session, each, now=now) for each in stored.due(session, now))
    return done + sum(_write(session, *each, now=now) for each in stored.to_ask(session, now, limit=AT_ONCE))


def _turn(session: Session, scorecard_id: UUID, *, now: datetime) -> bool:
    """Close a round whose last day is over; tell of one that was closed."""
    held = stored.lock_round(session, scorecard_id)
    if held is None:
        return False
    if held.is_open and held.closes_at <= now:
        rounds.settle(session, held, actor=None, now=now)
        return True
    return held.tell_at is not None and held.tell_at <= now and _tell(session, held, now=now)


def _tell(session: Session, held: Scorecard, *, now: datetime) -> bool:
    """Tell whoever started a round that it is closed, or the programme leads once they left; in working hours."""
    opener = people.named(session, [held.opened_by]).get(held.opened_by)
    is_here = opener is not None and opener.membership is Membership.MEMBER
    whom = [opener] if opener is not None and is_here else list(people.holders_of(session, LEAD))
    calendars = people.calendars_of(session, [each.id for each in whom])
    works = [at for each in whom if (at := people.works_at(calendars[each.id], now)) is not None]
    first = min(works, default=None)
    if first is None or first > now:
        stored.set_tell_at(session, held.id, min(first or now + LOOK_AGAIN, now + LOOK_AGAIN) if whom else None)
        return False
    stored.set_tell_at(session, held.id, None)
    outbox.promise(session, [Promise(OutboxKind.SCORECARD_CLOSED, each.slack_id, held.id) for each in whom], now=now)
    return True


def _write(session: Session, scorecard_id: UUID, person_id: UUID, *, now: datetime) -> bool:
    """Ask somebody or remind them, in their hours; say whether they hear of it. Who left hears nothing."""
    held = stored.lock_round(session, scorecard_id)
    row = stored.lock_asked(session, scorecard_id, person_id)
    if held is None or row is None or row.act_at is None or row.act_at > now:
        return False  # another process was faster, or they answered meanwhile
    person = people.named(session, [person_id])[person_id]
    if not held.is_open or person.membership is not Membership.MEMBER or row.messages >= _MESSAGES:
        stored.set_asked(session, scorecard_id, person_id, {"act_at": None})
        return False
    calendar = people.calendars_of(session, [person_id])[person_id]
    at = people.works_at(calendar, now)
    if at is None or at > now:
        stored.set_asked(session, scorecard_id, person_id, {"act_at": min(at or now + LOOK_AGAIN, now + LOOK_AGAIN)})
        return False
    is_first = row.messages == 0
    following = rules.reminder_at(calendar, held.due_on, heard=now) if is_first else None
    stored.set_asked(session, scorecard_id, person_id, {"act_at": following, "messages": row.messages + 1})
    payload = {"person": str(person_id)} | ({} if is_first else {"reminder": "1"})
    outbox.promise(session, [Promise(OutboxKind.SCORECARD_ASKED, person.slack_id, held.id, payload)], now=now)
    return True
