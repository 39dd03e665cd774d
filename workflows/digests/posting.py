"""Post each channel's digest once a week, however many processes run and whenever they are restarted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from db.enums import OutboxKind
from db.ids import new_id
from db.queries import configuration
from db.queries import digests as stored
from db.session import Session
from workflows import ledger, outbox, people
from workflows.digests.making import as_json, digest_hash, digest_of, find, keep
from workflows.digests.snapshots import Digest, StoredDigest
from workflows.digests.turns import LATE, Schedule, Turn, turn_of
from workflows.digests.windows import Window
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import ADMIN, LEAD, Actor

STREAM: Final = "digests:posted"
DETAILS: Final = ("use_cases", "numbers", "coming")
"""The messages below a digest, in their order, as their promises name them."""
KEEP_ASKED: Final = timedelta(days=30)
"""For how long a digest somebody asked for is kept. Posted ones stay."""


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether a channel's digest is due; reads only, and nearly nothing where no channel has one."""
    return bool(turns(session, now=now))


def turns(session: Session, *, now: datetime) -> Sequence[Turn]:
    """Return the digests that are due, the channel that waits longest first."""
    found = [turn_of(Schedule(*row), now) for row in stored.schedules(session)]
    return sorted((each for each in found if each is not None), key=lambda turn: turn.moment)


def draft(session: Session, turn: Turn, *, now: datetime) -> Digest | None:
    """Return what is to be posted, None where it is too late for it; reads only.

    Reading ten thousand use cases takes seconds, in which no writer should have to wait: `post` stores what is read.
    """
    return None if turn.is_too_late(now) else digest_of(session, turn.window, now=now)


def post(session: Session, turn: Turn, digest: Digest | None, *, now: datetime) -> int:
    """Keep a digest, record it and promise its messages; return 1, or 0 where somebody else did or it is not due now.

    Without a digest the week is left out, which is recorded. Holds the counters: one is posted at a time.
    """
    configuration.hold_counters(session)
    if turn not in turns(session, now=now):
        return 0
    content = as_json(digest) if digest is not None else None
    window = turn.window if digest is None else digest.window
    row: dict[str, Any] = {
        "id": new_id(),
        "channel": turn.channel,
        "week": turn.week,
        "first_day": window.first,
        "last_day": window.last,
        "content": content,
        "content_digest": digest_hash(content) if content is not None else None,
        "made_at": now,
    }
    if not stored.claim(session, row):
        return 0
    ledger.record(session, STREAM, [_fact(turn, row, digest, now=now)], actor=None, now=now)
    if digest is not None:
        promise(session, turn.channel, row["id"], now=now)
    return 1


def promise(session: Session, conversation: str, digest_id: UUID, *, is_preview: bool = False, now: datetime) -> None:
    """Promise a digest and the messages below it, in a channel or in somebody's direct messages."""
    said: dict[str, str | None] = {"preview": "1"} if is_preview else {}
    headline = Promise(OutboxKind.DIGEST, conversation, digest_id, said)
    details = [Promise(OutboxKind.DIGEST_DETAILS, conversation, digest_id, {**said, "page": each}) for each in DETAILS]
    outbox.promise(session, [headline, *details], now=now)


def preview(session: Session, digest: Digest, *, to: Actor, now: datetime) -> StoredDigest:
    """Keep a digest and promise it to one person as what would be posted now; nothing is posted."""
    kept = keep(session, digest, asked_by=to.id, now=now)
    promise(session, to.slack_id, kept.id, is_preview=True, now=now)
    return kept


def is_still_wanted(session: Session, found: StoredDigest, *, now: datetime) -> bool:
    """Say whether a digest is still to be posted: not too late, and not where an admin wants none any more.

    What is posted already, or was asked for, stays as it is.
    """
    if found.channel is None or found.place is not None:
        return True
    is_set = any(row.channel == found.channel for row in stored.schedules(session))
    return is_set and now - found.digest.made_at <= LATE


def place(session: Session, digest_id: UUID, *, channel: str | None, ts: str | None) -> None:
    """Write down where Slack put a digest: what follows stands below it."""
    stored.place(session, digest_id, posted_in=channel, ts=ts)


def posted_of(session: Session, channel: str, iso_week: str | None = None) -> StoredDigest | None:
    """Return what was posted in a channel, the newest or that about this ISO week.

    None where nothing was, or nobody can read it any more: never another week instead.
    """
    for digest_id, last_day in stored.posted_in(session, channel):
        if iso_week in (None, Window.ending(last_day, "UTC").iso_week):
            return find(session, digest_id)
    return None


def report_lost(session: Session, digest_id: UUID, conversation: str, *, error: str, now: datetime) -> None:
    """Tell the leads, or the admins where nobody leads, that Slack would not take a channel's digest, and why."""
    row = stored.by_id(session, digest_id)
    if row is None or row.channel != conversation:
        return
    told = people.holders_of(session, LEAD) or people.holders_of(session, ADMIN)
    lost = {"lost": conversation, "error": error}
    outbox.promise(session, [Promise(OutboxKind.DIGEST, each.slack_id, digest_id, lost) for each in told], now=now)


def forget_asked(session: Session, *, now: datetime) -> int:
    """Drop what somebody asked for more than thirty days ago; return how many. What was posted stays."""
    return stored.forget_asked_before(session, now - KEEP_ASKED)


def window_if_posted_now(now: datetime, zone: str) -> Window:
    """Return the days a digest would be about if it were posted now."""
    return Turn("", now.date(), now, zone).window


def _fact(turn: Turn, row: dict[str, Any], digest: Digest | None, *, now: datetime) -> Fact:
    days = {"first_day": turn.window.first.isoformat(), "last_day": turn.window.last.isoformat()}
    about: dict[str, ledger.Value] = {"digest": str(row["id"]), **days}
    if digest is None:
        return Fact(LedgerKind.DIGEST_SKIPPED, about | {"hours_late": int((now - turn.moment).total_seconds() // 3600)})
    head = digest.standing.head
    said: dict[str, ledger.Value] = {
        "content": row["content_digest"],
        "streams": head.streams,
        "head": head.hash or None,
    }
    return Fact(LedgerKind.DIGEST_POSTED, about | said)
