"""Settings, policy versions and counters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, col, select

from db.tables import Counter, DigestChannel, PolicyVersion, RoleChannel, Setting

# Written once: building a statement takes longer than SQLite needs to answer it.
_SETTING = select(Setting.value).where(Setting.name == bindparam("called"))
_IN_FORCE = select(PolicyVersion).order_by(col(PolicyVersion.number).desc()).limit(1)
_COUNTERS_HELD = select(Counter).order_by(Counter.name).with_for_update()


def setting(session: Session, name: str) -> str | None:
    row = session.connection().execute(_SETTING, {"called": name}).first()
    return row[0] if row else None


def settings(session: Session) -> Sequence[Setting]:
    return session.exec(select(Setting).order_by(Setting.name)).all()


def put_setting(session: Session, *, name: str, value: str, changed_at: datetime) -> None:
    session.connection().execute(delete(Setting).where(col(Setting.name) == name))
    session.connection().execute(insert(Setting), {"name": name, "value": value, "changed_at": changed_at})


def delete_setting(session: Session, name: str) -> None:
    session.connection().execute(delete(Setting).where(col(Setting.name) == name))


def digest_channels(session: Session) -> Sequence[DigestChannel]:
    return session.exec(select(DigestChannel).order_by(DigestChannel.channel)).all()


def put_digest_channel(session: Session, channel: str, values: Mapping[str, Any]) -> None:
    delete_digest_channel(session, channel)
    session.connection().execute(insert(DigestChannel), {"channel": channel, **values})


def delete_digest_channel(session: Session, channel: str) -> int:
    statement = delete(DigestChannel).where(col(DigestChannel.channel) == channel)
    return session.connection().execute(statement).rowcount


def role_channels(session: Session) -> Sequence[RoleChannel]:
    return session.exec(select(RoleChannel).order_by(RoleChannel.role)).all()


def put_role_channel(session: Session, role: str, channel: str | None) -> None:
    """Make this the channel of a role, or leave it without one."""
    session.connection().execute(delete(RoleChannel).where(col(RoleChannel.role) == role))
    if channel is not None:
        session.connection().execute(insert(RoleChannel), {"role": role, "channel": channel})


def policy_in_force(session: Session) -> PolicyVersion | None:
    return session.exec(_IN_FORCE).first()


def policy_versions(session: Session) -> Sequence[PolicyVersion]:
    """Return every version, the first one first."""
    return session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number))).all()


def policy_version(session: Session, number: int) -> PolicyVersion | None:
    return session.exec(select(PolicyVersion).where(PolicyVersion.number == number)).first()


def insert_policy(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(PolicyVersion), values)


def hold_counters(session: Session) -> None:
    """Wait for whoever is giving out a number, and make others wait until the commit."""
    session.exec(_COUNTERS_HELD).all()


def next_number(session: Session, name: str) -> int:
    """Return the next number of a counter, from 1, without gaps: the counter's row stays locked to the commit."""
    return next_numbers(session, name, 1)[0]


def next_numbers(session: Session, name: str, count: int) -> range:
    """Return as many next numbers of a counter, one after the other: its row stays locked to the commit."""
    more = update(Counter).where(col(Counter.name) == name).values(value=Counter.value + count)
    row = session.connection().execute(more.returning(col(Counter.value))).first()
    if row is None:
        raise LookupError(f"no counter {name!r}: the database was not migrated by this version")
    return range(int(row[0]) - count + 1, int(row[0]) + 1)
