"""Which pictures Slack has from us."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, text
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from db.session import Session
from db.tables import Picture

# Both engines know this clause; SQLAlchemy has one construct for each of them.
_KEEP = text(
    "INSERT INTO pictures (digest, file_id, sent_at) VALUES (:digest, :file_id, :sent_at) "
    "ON CONFLICT (digest) DO UPDATE SET file_id = excluded.file_id, sent_at = excluded.sent_at"
).bindparams(bindparam("sent_at", type_=UTCDateTime()))


class Sent(NamedTuple):
    file_id: str
    sent_at: datetime


def sent(session: Session, digest: str) -> Sent | None:
    statement = select_columns(col(Picture.file_id), col(Picture.sent_at)).where(col(Picture.digest) == digest)
    row = session.connection().execute(statement).first()
    return Sent(*row) if row else None


def keep(session: Session, digest: str, file_id: str, *, at: datetime) -> None:
    """Write down which file Slack has; of two workers who sent the same picture the later one's counts."""
    session.connection().execute(_KEEP, {"digest": digest, "file_id": file_id, "sent_at": at})


def forget(session: Session, file_id: str) -> None:
    session.connection().execute(delete(Picture).where(col(Picture.file_id) == file_id))
