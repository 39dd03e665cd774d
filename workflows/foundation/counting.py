"""When a version of a part of the foundation counts, and when its owner is asked to look at it again.

Values in, values out. Days are those of the part's owner; moments are in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from db.enums import VersionStatus
from workflows.people.worktime import Calendar, resolved, works_at

REMINDED: Final = (-30, -7, 1)
"""On which days, counted from the last day a version holds, its owner is asked to look at it again."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A version of a part of the foundation that was approved. `holds_until`: when its review is overdue."""

    number: int
    since: datetime
    holds_until: datetime | None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when an approved version counts, and until just before when."""

    number: int
    since: datetime
    until: datetime | None


def approved(
    number: int,
    *,
    approved_at: datetime,
    effective_on: date | None,
    review_on: date | None,
    revoked_at: datetime | None,
    zone: str,
) -> Approved:
    """Return an approved version with the moments its days stand for in this zone."""
    begins = approved_at
    if effective_on is not None:
        begins = max(begins, resolved(zone, effective_on, 0))
    ends = resolved(zone, review_on + timedelta(days=1), 0) if review_on else None
    return Approved(number, begins, ends, revoked_at)


def spans(versions: Sequence[Approved]) -> tuple[Span, ...]:
    """Return when the approved versions of a part count, in the order of their numbers.

    A version counts until the next one does, until its review is overdue, or until it was revoked, whichever is first:
    revoking the newest never brings an older one back. One that never counts, because it was revoked before its first
    day, ends no other.
    """
    ordered = sorted((each for each in versions if _ever_counts(each)), key=lambda each: each.number)
    found = []
    for at, version in enumerate(ordered):
        until = min([*_ends(version), *(each.since for each in ordered[at + 1 : at + 2])], default=None)
        if until is None or version.since < until:
            found.append(Span(version.number, version.since, until))
    return tuple(found)


def _ever_counts(version: Approved) -> bool:
    return all(version.since <= each for each in _ends(version))


def _ends(version: Approved) -> list[datetime]:
    return [each for each in (version.holds_until, version.revoked_at) if each is not None]


class PartState(StrEnum):
    """Where a part of the foundation stands. The first four are of one that was never approved."""

    NOT_BEGUN = "not_begun"
    WRITTEN = "written"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    NOT_APPROVED = "not_approved"
    APPROVED = "approved"
    EFFECTIVE_FROM = "effective_from"
    LAPSED = "lapsed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a part stands. `number` is the version that is about, 0 for none.

    `at`: until when it counts, from when it will, or since when it does not any more.
    """

    state: PartState
    number: int = 0
    at: datetime | None = None


_WRITTEN: Final = {
    VersionStatus.DRAFT: PartState.WRITTEN,
    VersionStatus.IN_REVIEW: PartState.IN_REVIEW,
    VersionStatus.CHANGES_REQUESTED: PartState.CHANGES_REQUESTED,
}


def standing(newest: tuple[int, VersionStatus] | None, versions: Sequence[Approved], *, now: datetime) -> Standing:
    """Return where a part stands now: as its approved versions say, and where there are none as its newest one does."""
    if not versions:
        if newest is None:
            return Standing(PartState.NOT_BEGUN)
        return Standing(_WRITTEN.get(newest[1], PartState.NOT_APPROVED), newest[0])
    for each in spans(versions):
        if each.since <= now and (each.until is None or now < each.until):
            return Standing(PartState.APPROVED, each.number, each.until)
    last = max(versions, key=lambda each: each.number)
    if last.revoked_at is not None and last.revoked_at <= now:
        return Standing(PartState.REVOKED, last.number, last.revoked_at)
    if last.since > now:
        return Standing(PartState.EFFECTIVE_FROM, last.number, last.since)
    return Standing(PartState.LAPSED, last.number, last.holds_until)


# ---------------------------------------------------------------------------------------- looking at it again


def given_by(review_on: date, *, today: date) -> int:
    """Return how many of the reminders have had their day: only the newest of them is still worth giving."""
    return sum(review_on + timedelta(days=each) <= today for each in REMINDED)


def remind_at(calendar: Calendar, review_on: date, *, given: int, not_before: datetime) -> datetime | None:
    """Return when somebody is reminded next, in their working hours; None when that was all, or they never work."""
    if given >= len(REMINDED):
        return None
    day = review_on + timedelta(days=REMINDED[given])
    return works_at(calendar, max(resolved(calendar.zone, day, 0), not_before))
