"""Make a digest, keep it as it was told, and read it again."""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from db.ids import new_id
from db.queries import digests as stored
from db.queries.digest_numbers import take_time
from db.session import Session
from db.tables import DigestRow
from workflows import adoption
from workflows.digests import discretion
from workflows.digests.numbers import numbers_in
from workflows.digests.snapshots import Digest, StoredDigest
from workflows.digests.standing import standing_at
from workflows.digests.windows import Window

log = logging.getLogger(__name__)


def digest_of(session: Session, window: Window, *, team: str | None = None, now: datetime) -> Digest:
    """Return a window as it is known now; of one `team` only where one is named. Each statement may take its time."""
    take_time(session)
    return Digest(
        window=window,
        team=team,
        made_at=now,
        standing=standing_at(session, window, team=team, now=now),
        adoption=adoption.adoption_in(session, window.first, window.last, team=team, now=now),
        numbers=numbers_in(session, window, team=team, now=now),
    )


def keep(session: Session, digest: Digest, *, asked_by: UUID | None = None, now: datetime) -> StoredDigest:
    """Keep a digest somebody asked for, so that what is sent of it as a file says the same."""
    content = as_json(digest)
    row: dict[str, Any] = {
        "id": new_id(),
        "team": digest.team,
        "first_day": digest.window.first,
        "last_day": digest.window.last,
        "content": content,
        "content_digest": digest_hash(content),
        "made_at": now,
        "asked_by": asked_by,
    }
    stored.insert_digest(session, row)
    return StoredDigest(row["id"], None, None, digest, row["content_digest"], None)


def find(session: Session, digest_id: UUID) -> StoredDigest | None:
    """Return a digest as it was made; None where there is none, it was skipped, or nobody can read it any more.

    That is where it was forgotten, or where an older Gatehouse did not tell what one does now. Use cases that became
    confidential since are named in it no more.
    """
    row = stored.by_id(session, digest_id)
    found = None if row is None else read(row)
    if found is None:
        return None
    confidential = stored.confidential_among(session, discretion.named_in(found.digest))
    return replace(found, digest=discretion.without(found.digest, confidential)) if confidential else found


def read(row: DigestRow) -> StoredDigest | None:
    if row.content is None or row.content_digest is None:
        return None
    try:
        digest = _adapter().validate_json(row.content)
    except ValueError:
        log.warning("a digest was stored in a shape that is not known", extra={"digest": str(row.id)})
        return None
    place = (row.posted_in, row.ts) if row.posted_in and row.ts else None
    return StoredDigest(row.id, row.channel, row.week, digest, row.content_digest, place)


def as_json(digest: Digest) -> str:
    return str(_adapter().dump_json(digest).decode())


def digest_hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@lru_cache(maxsize=1)
def _adapter() -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415 - building it takes some milliseconds, and few need it

    return TypeAdapter(Digest)
