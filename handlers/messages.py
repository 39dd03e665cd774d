"""What the outbox may ask of Slack, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from db.session import Session


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a message, in place of the block called `place`, which says in words what there is without it.

    `digest` is of all it is drawn from: equal ones are sent once. `svg` draws it, which takes milliseconds and is done
    only where Slack does not have it yet. `alt_text` says all that it shows.
    """

    digest: str
    place: str
    title: str
    alt_text: str
    svg: Callable[[], str]

    def block(self, file_id: str) -> dict[str, Any]:
        """Return the block that shows it, from a file Slack has."""
        return {
            "type": "image",
            "block_id": self.place,
            "slack_file": {"id": file_id},
            "alt_text": self.alt_text,
            "title": {"type": "plain_text", "text": self.title, "emoji": False},
        }

    def into(self, blocks: Sequence[dict[str, Any]], file_id: str) -> list[dict[str, Any]]:
        """Return these blocks with the picture where its words stand."""
        return [self.block(file_id) if each.get("block_id") == self.place else each for each in blocks]


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel, or in a person's direct messages when `channel` is their id.

    `text` is complete by itself: screen readers and phones show nothing else. `card` is the copy this becomes, and
    `thread` the message it stands below.
    """

    channel: str
    text: str
    blocks: Sequence[dict[str, Any]] = ()
    card: UUID | None = None
    picture: Picture | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    channel: str
    ts: str
    text: str
    blocks: Sequence[dict[str, Any]]
    card: UUID
    picture: Picture | None = None


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
class Attachment:
    """A file in a channel, or in a person's direct messages when `channel` is their id, below `text`.

    Where Slack takes no files `otherwise` is said in its place. `record` writes down exactly this one, in a transaction
    of its own before the file leaves; an attempt made again writes again.
    """

    channel: str
    text: str
    name: str
    title: str
    content: bytes
    otherwise: str
    record: Callable[[Session], None] | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    user: str
    view: dict[str, Any] = field(default_factory=dict)
    picture: Picture | None = None


Message = Post | Update | Whisper | Settle | Attachment | Publish
