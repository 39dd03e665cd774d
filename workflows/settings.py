"""What an organisation has set, each change on the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.queries import configuration as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind

STREAM = "configuration:settings"


ON, OFF = "on", "off"
"""What a setting holds that is a switch; not set, it is on."""


class SettingName(StrEnum):
    GOVERNANCE_CHANNEL = "governance-channel"
    CHECK_IN_CADENCE = "check-in-cadence"
    CHECK_IN_TIME = "check-in-time"
    CHECK_INS_FROM = "check-ins-from"
    YOUR_WEEK = "your-week"


class ChannelUse(StrEnum):
    """What else a channel can be set for, as the record names it."""

    DIGEST = "digest-channel"
    ROLE = "role-channel"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation as Slack describes it now. `is_member`: we are in it."""

    id: str
    is_shared: bool = False
    is_archived: bool = False
    is_direct: bool = False
    is_member: bool = True


class ChannelProblem(StrEnum):
    """Why nothing can be posted in a channel."""

    SHARED = "shared"
    ARCHIVED = "archived"
    DIRECT = "direct"
    NOT_IN_IT = "not_in_it"


@dataclass(frozen=True, slots=True)
class Digest:
    """A channel with a weekly digest: on which ISO weekday, how many minutes after midnight, in which zone."""

    channel: str
    weekday: int
    minute: int
    zone: str


def problem_with(channel: Channel) -> ChannelProblem | None:
    """Return why a channel may not be used. Others outside the organisation must not read what we post."""
    if channel.is_shared:
        return ChannelProblem.SHARED
    if channel.is_archived:
        return ChannelProblem.ARCHIVED
    if channel.is_direct:
        return ChannelProblem.DIRECT
    return None if channel.is_member else ChannelProblem.NOT_IN_IT


def value_of(session: Session, name: SettingName) -> str | None:
    return stored.setting(session, name.value)


def change(session: Session, name: SettingName, value: str | None, *, actor: UUID | None, now: datetime) -> bool:
    """Set `name` to `value`, or to nothing; return whether that changed anything.

    `actor` is None for the host's command line.
    """
    stored.hold_counters(session)  # one change at a time
    if stored.setting(session, name.value) == value:
        return False
    if value is None:
        stored.delete_setting(session, name.value)
    else:
        stored.put_setting(session, name=name.value, value=value, changed_at=now)
    _record(session, {"name": name.value}, value, actor=actor, now=now)
    return True


def digests(session: Session) -> Sequence[Digest]:
    """Return where digests are posted, and when."""
    return [Digest(row.channel, row.weekday, row.local_minute, row.zone) for row in stored.digest_channels(session)]


def set_digest(session: Session, digest: Digest, *, actor: UUID | None, now: datetime) -> bool:
    """Have a digest posted in a channel from its next moment on; return whether that changed anything."""
    stored.hold_counters(session)
    if digest in digests(session):
        return False
    values: dict[str, object] = {"weekday": digest.weekday, "local_minute": digest.minute, "zone": digest.zone}
    stored.put_digest_channel(session, digest.channel, values | {"since": now})
    when: dict[str, ledger.Value] = {"weekday": digest.weekday, "minute": digest.minute, "zone": digest.zone}
    _record(session, {"name": ChannelUse.DIGEST.value, **when}, digest.channel, actor=actor, now=now)
    return True


def remove_digest(session: Session, channel: str, *, actor: UUID | None, now: datetime) -> bool:
    """Post no digest in a channel any more; return whether one was."""
    stored.hold_counters(session)
    if not stored.delete_digest_channel(session, channel):
        return False
    removed: dict[str, ledger.Value] = {"name": ChannelUse.DIGEST.value, "removed": True}
    _record(session, removed, channel, actor=actor, now=now)
    return True


def role_channels(session: Session) -> Mapping[str, str]:
    """Return the channel of each role that has one: where a lane of many people is asked."""
    return {row.role: row.channel for row in stored.role_channels(session)}


def set_role_channel(session: Session, role: str, channel: str | None, *, actor: UUID | None, now: datetime) -> bool:
    """Give a role a channel, or none; return whether that changed anything."""
    stored.hold_counters(session)
    if role_channels(session).get(role) == channel:
        return False
    stored.put_role_channel(session, role, channel)
    _record(session, {"name": ChannelUse.ROLE.value, "role": role}, channel, actor=actor, now=now)
    return True


def _record(
    session: Session, what: Mapping[str, ledger.Value], value: str | None, *, actor: UUID | None, now: datetime
) -> None:
    """Put a change on the record. A value may be a Slack id: the event has its salted digest, the salt is kept."""
    data = dict(what) | {"value": None}
    if value is not None:
        text_id, digest = ledger.write_text(session, value, by=actor, now=now)
        data |= {"value": digest, "value_text": str(text_id)}
    ledger.record(session, STREAM, [Fact(LedgerKind.SETTING_CHANGED, data)], actor=actor, now=now)
