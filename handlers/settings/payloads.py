"""Presses and forms of the settings, as typed values."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    checked_id,
    chosen,
    chosen_in_search,
    optional,
    taken,
    taken_uuid,
)
from handlers.settings.words import WEEKDAYS
from workflows.settings import Digest

PROPOSED, AT_ONCE = "proposed", "at_once"
"""What the button says that puts a tried policy forward."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_ZONES = frozenset(available_timezones())
ZONES = tuple(sorted(zone for zone in _ZONES if "/" in zone and not zone.startswith("Etc/")))


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of the settings to show. `number` counts from nought, where a page has more than it can show."""

    name: str
    role: str = ""
    number: int = 0

    @classmethod
    def of_button(cls, body: dict[str, Any]) -> "Page":
        return cls.of(taken(body, "actions", 0, "value"))

    @classmethod
    def of(cls, value: str) -> "Page":
        name, _, rest = value.partition(":")
        role, _, number = rest.partition(":")
        if name not in ("overview", "role", "governance", "digest", "check_ins", "policy", "gone"):
            raise MalformedPayloadError(f"no page {name!r}")
        if name == "role":
            role = checked_role(role)
        return cls(name, role, int(number) if number.isascii() and number.isdigit() else 0)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Whose role is to be withdrawn: a person's, by our id, or a user group's."""

    role: str
    person: UUID | None
    group: str | None

    @classmethod
    def of_button(cls, body: dict[str, Any]) -> "Withdrawal":
        role, _, holder = taken(body, "actions", 0, "value").partition(":")
        kind, _, holder_id = holder.partition(":")
        if kind == "person":
            return cls(checked_role(role), taken_uuid(holder_id), None)
        return cls(checked_role(role), None, checked_id(holder_id))


@dataclass(frozen=True, slots=True)
class RoleForm:
    """To whom a role is to be given, and its channel. `person`, `group` and `channel` are Slack ids."""

    role: str
    person: str | None
    group: str | None
    channel: str | None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "RoleForm":
        person, group = chosen(body, Block.ROLE_PERSON, INPUT), chosen_in_search(body, Block.ROLE_GROUP)
        channel = _conversation(body, Block.ROLE_CHANNEL)
        return cls(
            role=checked_role(taken(body, "view", "private_metadata")),
            person=checked_id(person) if person else None,
            group=checked_id(group) if group else None,
            channel=channel,
        )


def digest_of(body: dict[str, Any]) -> Digest:
    weekday = chosen(body, Block.DIGEST_WEEKDAY, INPUT) or ""
    zone = chosen_in_search(body, Block.DIGEST_ZONE) or ""
    channel = _conversation(body, Block.DIGEST_CHANNEL)
    minute = chosen_minute(body, Block.DIGEST_TIME)
    is_day = weekday.isascii() and weekday.isdigit() and int(weekday) in WEEKDAYS
    if channel is None or minute is None or zone not in _ZONES or not is_day:
        raise MalformedPayloadError("a digest without channel, day, time or zone")
    return Digest(channel, int(weekday), minute, zone)


def governance_channel(body: dict[str, Any]) -> str:
    channel = _conversation(body, Block.GOVERNANCE_CHANNEL)
    if channel is None:
        raise MalformedPayloadError("no channel was chosen")
    return channel


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file somebody chose in a form, which Slack keeps at `address`."""

    address: str


@dataclass(frozen=True, slots=True)
class TriedFile:
    """A file that was tried, as its result's window carries it: where Slack keeps it, and the SHA-256 of its content.

    `instead_of` is the proposal it is to replace, if any.
    """

    address: str
    digest: str
    instead_of: UUID | None

    @classmethod
    def of_window(cls, body: dict[str, Any]) -> "TriedFile":
        digest, _, rest = taken(body, "view", "private_metadata").partition(" ")
        instead_of, _, address = rest.partition(" ")
        if not _DIGEST.fullmatch(digest):
            raise MalformedPayloadError("a window that carries no file")
        return cls(address, digest, proposal_of(instead_of))

    def carried(self) -> str:
        return f"{self.digest} {self.instead_of or ''} {self.address}"


def proposal_of(carried: str) -> UUID | None:
    """Return the proposal a form or button names, or None where it is for a new one."""
    return taken_uuid(carried) if carried else None


def expects_decision(body: dict[str, Any]) -> bool:
    """Say whether the button that puts a policy forward told that people decide about it."""
    value = taken(body, "actions", 0, "value")
    if value not in (PROPOSED, AT_ONCE):
        raise MalformedPayloadError(f"no way {value[:20]!r} to put a policy forward")
    return value == PROPOSED


def policy_file(body: dict[str, Any]) -> ChosenFile:
    return ChosenFile(
        taken(body, "view", "state", "values", Block.POLICY_FILE, INPUT, "files", 0, "url_private_download")
    )


def checked_role(text: str) -> str:
    if not _ROLE.fullmatch(text):
        raise MalformedPayloadError(f"no role {text!r}")
    return text


def chosen_minute(body: dict[str, Any], block: Block) -> int | None:
    """Return the minutes after midnight of a picked time, or None when none was picked."""
    text = optional(body, "view", "state", "values", block, INPUT, "selected_time")
    found = _TIME.fullmatch(text or "")
    return int(found[1]) * 60 + int(found[2]) if found else None


def zones_matching(typed: str, *, limit: int) -> list[str]:
    """Return the zones whose name holds what was typed, with spaces or underscores."""
    wanted = typed.strip().replace(" ", "_").casefold()
    return [zone for zone in ZONES if wanted in zone.casefold()][:limit]


def _conversation(body: dict[str, Any], block: Block) -> str | None:
    text = optional(body, "view", "state", "values", block, INPUT, "selected_conversation")
    return checked_id(text) if text else None
