"""Digests as they were told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import select

from db.session import Session
from db.tables import DigestRow


def insert_digest(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(DigestRow), values)


def by_id(session: Session, digest_id: UUID) -> DigestRow | None:
    return session.exec(select(DigestRow).where(DigestRow.id == digest_id)).first()
