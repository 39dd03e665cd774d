"""Pictures Slack has from us, by the digest of what they are drawn from: none is sent twice."""

from dataclasses import dataclass
from datetime import datetime

from db.queries import pictures as stored
from db.session import Session


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A file Slack has, and since when, in real time."""

    file_id: str
    sent_at: datetime


def sent(session: Session, digest: str) -> SentPicture | None:
    """Return the file Slack has of this picture, as far as we know: it may be deleted there by now."""
    row = stored.sent(session, digest)
    return SentPicture(row.file_id, row.sent_at) if row else None


def keep(session: Session, digest: str, file_id: str, *, real_now: datetime) -> None:
    stored.keep(session, digest, file_id, at=real_now)


def forget(session: Session, file_id: str) -> None:
    """Know no more of a file that Slack does not have any more."""
    stored.forget(session, file_id)
