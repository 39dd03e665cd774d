"""What the outbox may ask of Slack, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel, or in a person's direct messages when `channel` is their id.

    `text` is complete by itself: screen readers and phones show nothing else. `card` is the copy this becomes.
    """

    channel: str
    text: str
    blocks: Sequence[dict[str, Any]] = ()
    card: UUID | None = None


@dataclass(frozen=True, slots=True)
class Update:
    channel: str
    ts: str
    text: str
    blocks: Sequence[dict[str, Any]]
    card: UUID


@dataclass(frozen=True, slots=True)
class Whisper:
    """A private answer; said once or not at all. `thread` is the message below which the person spoke."""

    channel: str
    user: str
    text: str
    blocks: Sequence[dict[str, Any]] = ()
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """The last form of a message in which its one reader pressed what cannot be pressed again: `text`, and no button.

    Said once, like a private answer, which `otherwise` is where that message is gone.
    """

    channel: str
    ts: str
    text: str
    blocks: Sequence[dict[str, Any]]
    otherwise: Whisper


@dataclass(frozen=True, slots=True)
class Publish:
    user: str
    view: dict[str, Any] = field(default_factory=dict)


Message = Post | Update | Whisper | Settle | Publish
