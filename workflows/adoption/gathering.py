"""What a file tells, gathered entry by entry: nothing twice, nothing contradictory. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from db.enums import UsageMeasure, UsageTells
from workflows.people.rules import Unusable

MOST: Final = 2_147_483_647
"""The largest number a column holds."""


class WrongError(Exception):
    """An entry cannot count; the message says where in it, and what to write."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many, over some days, both included. `team` is empty where all are meant; `where` is where it stands."""

    where: str
    measure: UsageMeasure
    definition: str
    first_day: date
    last_day: date
    team: str
    value: int


@dataclass(frozen=True, slots=True)
class PersonDay:
    """Somebody used it on a day. `person` is what the source calls them, which never leaves the import."""

    where: str
    person: str = field(repr=False)
    day: date = field()
    interactions: int | None = None


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Somebody has access, and when they used it last, as of a day; None: never yet."""

    where: str
    person: str = field(repr=False)
    reported_on: date = field()
    last_active: date | None = None


@dataclass(frozen=True, slots=True)
class UsageFile:
    """Everything a file tells, and of which days. `notes` are what whoever imports it should know."""

    counts: tuple[Count, ...]
    days: tuple[PersonDay, ...]
    seen: tuple[LastSeen, ...]
    tells: UsageTells
    first_day: date
    last_day: date
    notes: tuple[str, ...] = ()


class Gathering:
    """Takes what entries say, and keeps what is wrong with them. `latest` is the last day that has begun anywhere."""

    def __init__(self, latest: date) -> None:
        self.latest = latest
        self.problems: list[str] = []
        self.notes: dict[str, None] = {}
        self._counts: dict[tuple[object, ...], Count] = {}
        self._days: dict[tuple[str, date], PersonDay] = {}
        self._seen: dict[tuple[str, date], LastSeen] = {}
        self._covered: tuple[date, date] | None = None

    def wrong(self, where: str, why: object) -> None:
        self.problems.append(f"{where}, {why}")

    def count(self, each: Count) -> None:
        """Take a count. Raises WrongError when another one of the file contradicts it."""
        key = (each.measure, each.definition, each.first_day, each.last_day, each.team)
        there = self._counts.setdefault(key, each)
        if there.value != each.value:
            raise WrongError(f"{each.measure}: {there.where} says {there.value} for the same. Leave one of them out.")

    def day(self, each: PersonDay, *, adds: bool = False) -> None:
        """Take that somebody used it on a day; where the source tells it in parts, `adds` their interactions.

        Raises WrongError when another line contradicts it.
        """
        key = (identifier(each.person), each.day)
        there = self._days.setdefault(key, each)
        if there is each:
            return
        if adds:
            both = (there.interactions, each.interactions)
            total = None if both[0] is None or both[1] is None else both[0] + both[1]
            self._days[key] = replace(there, interactions=total)
        elif there.interactions != each.interactions:
            raise WrongError(f"person: {there.where} is about the same person and day. Leave one of them out.")

    def seen(self, each: LastSeen) -> None:
        """Take when somebody was active last. Raises WrongError when another line contradicts it."""
        there = self._seen.setdefault((identifier(each.person), each.reported_on), each)
        if there.last_active != each.last_active:
            raise WrongError(f"person: {there.where} is about the same person and day. Leave one of them out.")

    def covers(self, first: date, last: date) -> None:
        """Take that the file tells of these days, also where nobody used it."""
        was = self._covered or (first, last)
        self._covered = (min(was[0], first), max(was[1], last))

    def finished(self, tells: UsageTells) -> UsageFile | Unusable:
        """Return what was gathered, or everything that is wrong with it."""
        first, last = self._covered or (date.min, date.min)
        if tells is UsageTells.LAST_ACTIVITY and first != last:
            self.problems.append(f"There are reports of {first} and of {last}. Put each into a file of its own.")
        if self.problems:
            return Unusable(tuple(self.problems))
        spans = [(each.first_day, each.last_day) for each in self._counts.values()]
        if tells is not UsageTells.COUNTS:  # a count of a month says nothing of who used it on its days
            spans = [self._covered] if self._covered else []
        if not spans:
            return Unusable(("The file tells of nobody and of no number. Nothing can follow from it.",))
        return UsageFile(
            tuple(self._counts.values()),
            tuple(self._days.values()),
            tuple(self._seen.values()),
            tells,
            min(first for first, _ in spans),
            max(last for _, last in spans),
            tuple(self.notes),
        )


def identifier(person: str) -> str:
    """Return what a source calls somebody in one form: capitals and spaces around it make nobody another person."""
    return person.strip().casefold()


# ------------------------------------------------------------------------------------ reading one entry
# What stands in an entry is never said back: where columns were exchanged it is what people are called.


def whole(entry: Mapping[str, object], name: str) -> int | None:
    """Return a number of people or things from 0; None where nobody says one. Raises WrongError for anything else."""
    value = entry.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise WrongError(f"{name}: it is no whole number from 0 to {MOST}.")
    return value


def text(entry: Mapping[str, object], name: str) -> str:
    """Return a text that has to be there. Raises WrongError where it is not."""
    value = entry.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise WrongError(f"{name}: it is missing or empty.")
    return value


def day_in(entry: Mapping[str, object], name: str, *, latest: date) -> date:
    """Return a day such as 2026-11-03 that is not still to come. Raises WrongError for anything else."""
    value = entry.get(name)
    if value is None or value == "":
        raise WrongError(f"{name}: it is missing; write a day such as 2026-11-03.")
    found = _day(value)
    if found is None:
        raise WrongError(f"{name}: it is no day; write it like 2026-11-03.")
    if found > latest:
        raise WrongError(f"{name}: {found} is still to come; write a day up to {latest}.")
    return found


def part(entry: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return an object within an entry; an empty one where there is none. Raises WrongError for anything else."""
    value = entry.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise WrongError(f"{name}: it is no object.")
    return value


def entries(entry: Mapping[str, object], name: str) -> list[object]:
    """Return a list within an entry. Raises WrongError where there is none."""
    value = entry.get(name)
    if not isinstance(value, list):
        raise WrongError(f"{name}: it is no list.")
    return value


def _day(value: object) -> date | None:
    plain = value.partition("T")[0] if isinstance(value, str) else ""
    try:
        return date.fromisoformat(plain) if len(plain) == len("2026-11-03") else None
    except ValueError:
        return None
