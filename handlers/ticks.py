"""What the clock starts: functions of the database and the time they are given."""

import logging
from datetime import datetime

from db.availability import UNAVAILABLE
from db.session import Database
from workflows import (
    approvals,
    auditing,
    breaking_glass,
    checkins,
    deliveries,
    digests,
    foundation,
    intake,
    lifecycle,
    obligations,
    outbox,
    people,
    programme,
    reactions,
    recertifying,
    recorded,
    scorecards,
)

log = logging.getLogger(__name__)


def tick(database: Database, now: datetime) -> int:
    """Do everything that is due at `now`; return how much was done. Running it twice does nothing twice.

    What decides requests, what follows the texts in force, and check-ins are stored one after the other.
    """
    with database.reading() as session:
        if not (
            approvals.anything_due(session, now=now)
            or approvals.can_unblock(session)
            or approvals.anybody_left(session)
            or reactions.anybody_to_hand_over(session)
            or approvals.delegation_due(session, now=now)
            or people.anybody_back(session, now=now)
            or obligations.anything_due(session, now=now)
            or approvals.weekly_due(session, now=now)
            or digests.your_week_due(session, now=now)
            or breaking_glass.anything_due(session, now=now)
            or auditing.any_overtaken(session)
            or recertifying.anything_due(session, now=now)
            or recorded.anything_due(session, now=now)
            or intake.kpis_behind(session)
            or foundation.anything_due(session, now=now)
            or checkins.anything_due(session, now=now)
            or programme.anything_due(session, now=now)
            or lifecycle.anything_due(session, now=now)
            or scorecards.anything_due(session, now=now)
            or digests.anything_due(session, now=now)
        ):
            return 0
    with database.transaction() as session:
        # First: it holds every request about a subject, the oldest first, and must not hold a newer one of it already.
        moved = obligations.run(session, now=now)
        moved += reactions.hand_over(session, now=now) + approvals.vacate(session, now=now)
        moved += approvals.follow_delegations(session, now=now)
        moved += approvals.unblock(session, now=now) + approvals.remind_due(session, now=now)
        moved += people.sum_up(session, now=now)
        moved += approvals.tell_weekly(session, now=now)
        moved += breaking_glass.end_due(session, now=now)
        moved += auditing.call_off_overtaken(session, now=now)
        moved += recertifying.run(session, now=now)
        moved += recorded.run(session, now=now)
        moved += reactions.time_out(session, now=now)
        moved += foundation.run(session, now=now)
    with database.reading() as session:
        behind = intake.kpis_behind(session)
    for use_case_id in behind:  # each by itself: it takes schedules, of which who says that they are away takes several
        with database.transaction() as session:
            moved += intake.follow_kpis(session, use_case_id, now=now)
    with database.transaction() as session:
        moved += programme.run(session, now=now)
        moved += lifecycle.run(session, now=now)
    with database.transaction() as session:
        moved += checkins.run(session, now=now) + scorecards.run(session, now=now)
    moved += _post_digests(database, now)
    with database.transaction() as session:
        return moved + digests.tell_your_week(session, now=now)  # last: replicas wait here for one another


def _post_digests(database: Database, now: datetime) -> int:
    """Post what is due, after all else: it tells what became of this moment.

    One that cannot be made keeps no other channel waiting: it is tried again, until it is too late for it.
    """
    posted = 0
    with database.reading() as session:
        due = digests.turns(session, now=now)
    for turn in due:
        try:
            posted += _post_digest(database, turn, now)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("a digest cannot be made", extra={"channel": turn.channel})
    return posted


def _post_digest(database: Database, turn: digests.Turn, now: datetime) -> int:
    """Read first, then store: reading takes long, and no writer should wait for it."""
    with database.reading() as session:
        digest = digests.draft(session, turn, now=now)
    with database.transaction() as session:
        return digests.post(session, turn, digest, now=now)


def tidy(database: Database, now: datetime) -> int:
    """Forget what is no longer needed: deliveries, messages long sent, digests asked for, drafts without a word."""
    with database.transaction() as session:
        forgotten = deliveries.forget_old(session, now=now) + outbox.forget_old(session, now=now)
        forgotten += digests.forget_asked(session, now=now)
        return forgotten + intake.forget_blank(session, now=now)
