"""Settings, policy versions and counters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from db.tables import Counter, PolicyVersion, Setting


def setting(session: Session, name: str) -> str | None:
    row = session.connection().execute(select(Setting.value).where(Setting.name == name)).first()
    return row[0] if row else None


def settings(session: Session) -> Sequence[Setting]:
    return session.exec(select(Setting).order_by(Setting.name)).all()


def put_setting(session: Session, *, name: str, value: str, changed_at: datetime) -> None:
    session.connection().execute(delete(Setting).where(col(Setting.name) == name))
    session.connection().execute(insert(Setting), {"name": name, "value": value, "changed_at": changed_at})


def policy_in_force(session: Session) -> PolicyVersion | None:
    return session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number).desc()).limit(1)).first()


def insert_policy(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(PolicyVersion), values)


def hold_counters(session: Session) -> None:
    """Wait for whoever is giving out a number, and make others wait until the commit."""
    session.exec(select(Counter).order_by(Counter.name).with_for_update()).all()


def next_number(session: Session, name: str) -> int:
    """Return the next number of a counter, from 1, without gaps: the counter's row stays locked to the commit."""
    connection = session.connection()
    statement = (
        update(Counter).where(col(Counter.name) == name).values(value=Counter.value + 1).returning(col(Counter.value))
    )
    row = connection.execute(statement).first()
    if row is None:
        raise LookupError(f"no counter {name!r}: the database was not migrated by this version")
    return int(row[0])
