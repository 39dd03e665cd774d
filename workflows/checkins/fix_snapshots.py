"""Frozen pictures of fixes and of what had to be corrected, and the outcomes of doing something with a fix."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import RootCause, UseCaseState
from workflows import people
from workflows.checkins import corrections
from workflows.checkins.corrections import Looked, NoFix, Rate
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done about a root cause, who does it, a full member, and by when."""

    cause: RootCause
    text: str
    owner: Actor
    due: date | None


@dataclass(frozen=True, slots=True)
class FixSnapshot:
    """What is done about one root cause. `accepted_on` is the date of the check-in on whose answer it was accepted.

    `may`: who may change it, and say that it is done or dropped, besides programme leads.
    """

    id: UUID
    use_case_id: UUID
    use_case: UseCaseState
    check_in_id: UUID
    accepted_on: date
    cause: RootCause
    text: str
    owner: Actor
    due: date
    accepted_by: Actor
    accepted_at: datetime
    version: int
    may: frozenset[UUID]
    done_by: Actor | None = None
    done_at: datetime | None = None
    dropped_by: Actor | None = None
    dropped_at: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Say whether it is open and its day is over where its owner is."""
        return self.is_open and people.local_day(self.owner, now) > self.due


@dataclass(frozen=True, slots=True)
class Corrections:
    """What answers about a use case say of corrections, the oldest first, and its fixes, the newest first."""

    looked: tuple[Looked, ...] = ()
    fixes: tuple[FixSnapshot, ...] = ()

    def lately(self, cause: RootCause) -> Rate | None:
        """Return the rate of a cause over the eight weeks up to the newest answer that looked at any output."""
        return corrections.rate(corrections.lately(self.looked), cause)

    def before(self, fix: FixSnapshot) -> Rate | None:
        """Return the rate of a fix's cause over the eight weeks up to the check-in it was accepted on."""
        return corrections.rate(corrections.until(self.looked, fix.accepted_on), fix.cause)

    def after(self, fix: FixSnapshot) -> Rate | None:
        """Return the rate of a fix's cause since it was done; while it is open, since it was accepted.

        The answer it was accepted on is before it, also when it was given before the date of its check-in.
        """
        day = people.local_day(fix.owner, fix.done_at or fix.accepted_at)
        return corrections.rate(corrections.after(self.looked, max(day, fix.accepted_on)), fix.cause)

    def open_for(self, cause: RootCause) -> FixSnapshot | None:
        return next((each for each in self.fixes if each.cause is cause and each.is_open), None)


@dataclass(frozen=True, slots=True)
class Fixed:
    """It is stored: the fix as it is now."""

    fix: FixSnapshot


@dataclass(frozen=True, slots=True)
class NotFixed:
    """Why nothing came of it, and the fix as it is; none for whoever may not know of it."""

    why: NoFix
    fix: FixSnapshot | None = None
