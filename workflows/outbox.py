"""Promise messages in the transaction of the fact they tell. Sending happens after the commit, elsewhere."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.enums import OutboxKind
from db.queries import outbox as stored
from db.session import Session


@dataclass(frozen=True, slots=True)
class Promise:
    """A message to send. `conversation` is a channel's or a person's Slack id; order holds within one."""

    kind: OutboxKind
    conversation: str
    subject_id: UUID | None = None
    payload: Mapping[str, str | None] = field(default_factory=dict)


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
                "created_at": now,
            }
            for promised in promises
        ],
    )


def home_of(slack_id: str) -> str:
    """Return the conversation of a person's Home tab: its own line, so a full Home never delays a message."""
    return f"home:{slack_id}"
