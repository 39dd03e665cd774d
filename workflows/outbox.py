"""Promise messages in the transaction of the fact they tell. Sending happens after the commit, elsewhere."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import OutboxKind, OutboxStatus
from db.queries import outbox as stored
from db.session import Session

PICTURES = frozenset({OutboxKind.CARD_SYNC, OutboxKind.CHECK_IN, OutboxKind.VERIFICATION_ASKED, OutboxKind.HOME_SYNC})

ANSWERS = frozenset({OutboxKind.WHISPER, OutboxKind.NOT_A_VOTE})
"""Private answers to what somebody just did: said soon and once, or not at all."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A message to send. `conversation` is a channel's or a person's Slack id; order holds within one.

    `is_bulk`: one of many the clock sends at once. What somebody waits for goes before it, also in its conversation.
    """

    kind: OutboxKind
    conversation: str
    subject_id: UUID | None = None
    payload: Mapping[str, str | None] = field(default_factory=dict)
    is_bulk: bool = False


def promise(session: Session, promises: Sequence[Promise], *, now: datetime) -> None:
    """Write the promises down; they may be sent as soon as the transaction is committed."""
    if not promises:
        return
    stored.promise(
        session,
        [
            {
                "kind": promised.kind,
                "conversation": promised.conversation,
                "subject_id": promised.subject_id,
                "payload": json.dumps(dict(promised.payload)) if promised.payload else "{}",
                "is_bulk": promised.is_bulk,
                "created_at": now,
            }
            for promised in promises
        ],
    )


def home_of(slack_id: str) -> str:
    """Return the conversation of a person's Home tab: its own line, so a full Home never delays a message."""
    return f"home:{slack_id}"


@dataclass(frozen=True, slots=True)
class Pending:
    """A promise this worker holds the lease of. `ambiguous`: an earlier attempt may have reached Slack.

    `drawn_at` is when it is turned into a message, once it is.
    """

    kind: OutboxKind
    conversation: str
    subject_id: UUID | None
    payload: Mapping[str, str | None]
    created_at: datetime
    key: UUID
    attempt: int
    ambiguous: bool
    is_bulk: bool
    first_attempt_at: datetime
    claimed: stored.Claimed
    drawn_at: datetime | None = None

    @property
    def now(self) -> datetime:
        """Return the business time as of which it is drawn."""
        return self.drawn_at or self.created_at


def claim(
    session: Session, *, owner: str, real_now: datetime, lease: timedelta, with_bulk: bool = True
) -> Pending | None:
    """Take the next message whose turn it is, for `lease` of real time; None when nothing is due.

    Bulk comes when nothing else is due, and not at all unless `with_bulk`.
    Later promises of the same picture are dropped: it is drawn from the database after this commit.
    """
    claimed = stored.claim(session, owner=owner, real_now=real_now, lease=lease, with_bulk=with_bulk)
    if claimed is None:
        return None
    if claimed.kind in PICTURES:
        stored.cancel_later(session, claimed)
    return Pending(
        kind=claimed.kind,
        conversation=claimed.conversation,
        subject_id=claimed.subject_id,
        payload=json.loads(claimed.payload),
        created_at=claimed.created_at,
        key=claimed.key,
        attempt=claimed.attempt,
        ambiguous=claimed.ambiguous,
        is_bulk=claimed.is_bulk,
        first_attempt_at=claimed.first_attempt_at,
        claimed=claimed,
    )


def end_leases(session: Session, *, by: datetime) -> int:
    """Let what is being sent be taken over from `by` on; for holders known to be dead. Return how many."""
    return stored.shorten_leases(session, by)


def mark_sent(session: Session, pending: Pending, *, channel: str | None, ts: str | None, real_now: datetime) -> bool:
    """Say that the message reached Slack; False when the lease was lost and another worker has it."""
    values = {"status": OutboxStatus.SENT, "sent_at": real_now, "channel": channel, "ts": ts, "last_error": None}
    return stored.finish(session, pending.claimed, values)


def mark_waiting(
    session: Session, pending: Pending, *, until: datetime, ambiguous: bool, error: str, counts: bool = True
) -> bool:
    """Put the message back, not to be tried before `until` (real time). What does not count leaves all attempts."""
    values = {"status": OutboxStatus.READY, "not_before": until, "ambiguous": ambiguous, "last_error": error[:400]}
    if not counts:  # a lapsed lease keeps its number, so no number is ever held by two workers at once
        values["attempt"] = pending.attempt - 1
    return stored.finish(session, pending.claimed, values)


def mark_over(session: Session, pending: Pending, status: OutboxStatus, *, error: str) -> bool:
    """Cancel the message, or declare it dead: it will not be tried again."""
    return stored.finish(session, pending.claimed, {"status": status, "last_error": error[:400]})


def is_idle(session: Session, *, real_now: datetime) -> bool:
    """Say whether nothing is being sent and nothing could be sent now."""
    return stored.due_rows(session, real_now) == 0


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop messages sent or cancelled more than thirty days ago; return how many. Dead ones stay to be looked at."""
    return stored.forget_before(session, now - timedelta(days=30))


def waiting(session: Session) -> int:
    """Return how many messages are still to be sent."""
    return stored.open_rows(session)


def undelivered(session: Session) -> int:
    """Return how many messages were given up."""
    return len(stored.dead_rows(session))
