"""Frozen pictures of break-glass, and the outcomes of calling it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import BreakGlassStatus
from workflows.breaking_glass.rules import ANSWER_WITHIN, IN_VAIN, WAS_IN_FORCE, NoGlass
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class GlassSnapshot:
    """A break-glass: `called_by` wants something to go ahead, and `second` has to agree, or did.

    `ends_at` is set once it is in force. `settled_at`: nothing is left of it; what ended because its time was up
    is settled only with its request.
    """

    id: UUID
    request_id: UUID
    subject_kind: str
    subject_id: UUID
    called_by: Actor
    called_at: datetime
    second: Actor
    hours: int
    reason: str
    status: BreakGlassStatus
    in_force_at: datetime | None = None
    ends_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def lapses_at(self) -> datetime:
        """Return when a call that nobody answers ends by itself."""
        return self.called_at + ANSWER_WITHIN


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody can do about break-glass for a request. `call` waits for its second person."""

    may_call: bool = False
    call: GlassSnapshot | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody asks for, as they typed it."""

    reason: str
    hours: str
    second_id: UUID | None


class At(StrEnum):
    """What keeps a call from being taken: the case or the caller, or something in the form."""

    ALL = "all"
    REASON = "reason"
    HOURS = "hours"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `glass` is the break-glass it was about, as it stands."""

    why: NoGlass
    at: At = At.ALL
    glass: GlassSnapshot | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How often break-glass was called in some time, by how it stands now."""

    by_status: Mapping[BreakGlassStatus, int]

    @property
    def in_force(self) -> int:
        """Return how often it was in force, ended or not."""
        return sum(number for status, number in self.by_status.items() if status in WAS_IN_FORCE)

    @property
    def in_vain(self) -> int:
        """Return how often nobody approved in that time what it let through."""
        return sum(number for status, number in self.by_status.items() if status in IN_VAIN)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of all there were: the reference and name of what it was about."""

    glass: GlassSnapshot
    reference: str
    name: str
