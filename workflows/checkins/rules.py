"""What is the same KPI in the next text, what a baseline must be, and who may say so. Values in, values out."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import Cadence, Direction, KpiField, KpiSource
from workflows.checkins.numbers import NotANumberError, as_typed, mark_of, number, whole

LONGEST_METHOD: Final = 1000
LONGEST_REASON: Final = 1000
FEWEST_WEEKS, MOST_WEEKS = 3, 26
_UNTIL: Final = " to "


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number that is to show whether it works, as a text says. A band lies between `target` and `target_high`."""

    name: str
    unit: str
    direction: Direction
    baseline: float | None
    target: float
    target_high: float | None
    due: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a KPI is asked for. `weeks` belongs to every so many weeks, and to nothing else."""

    cadence: Cadence
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A KPI as it is stored, as far as a text says anything about it."""

    id: UUID
    key: str
    says: Kpi
    in_use: bool
    owner_id: UUID


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after. People are ids, numbers as they can be typed, days ISO dates."""

    field: KpiField
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What becomes of one KPI by a text: `says` is what it is now, None where the text has it no more."""

    known: Known | None
    key: str
    says: Kpi | None
    owner_id: UUID
    changes: tuple[Changed, ...] = ()


class Why(StrEnum):
    """Why nothing was changed about a KPI."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    ENDED = "ended"  # the use case
    RETIRED = "retired"  # the KPI: a later text has it no more
    LOCKED_MEANWHILE = "locked_meanwhile"
    CHANGED_MEANWHILE = "changed_meanwhile"
    UNCHANGED = "unchanged"


class Part(StrEnum):
    """The fields of a baseline."""

    VALUE = "value"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    N = "n"
    METHOD = "method"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Measured:
    """A baseline as somebody typed it. `reason` belongs to an amendment."""

    value: str
    first_day: date | None
    last_day: date | None
    n: str
    method: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A baseline that can be locked."""

    value: float
    first_day: date
    last_day: date
    n: int
    method: str
    reason: str


# ------------------------------------------------------------------------------------- one text after the other


def keys_of(kpis: Sequence[Kpi]) -> list[str]:
    """Return what makes each of a text's KPIs the same in the next text: its name, however people type it.

    Of two with one name the first stays the first.
    """
    seen: Counter[str] = Counter()
    keys = []
    for kpi in kpis:
        folded = " ".join(unicodedata.normalize("NFKC", kpi.name).casefold().split())
        seen[folded] += 1
        keys.append(hashlib.sha256(f"{folded}\n{seen[folded]}".encode()).hexdigest())
    return keys


def follow(known: Sequence[Known], kpis: Sequence[Kpi], *, owner_before: UUID | None, owner: UUID) -> list[Followed]:
    """Return what a text makes of the KPIs known so far: kept under the same name, new, or retired.

    `owner` answers for the use case by this text, `owner_before` did by the one before: KPIs that were theirs go on
    with the use case, those of others stay theirs. A KPI that comes back is the one it was.
    """
    by_key = {each.key: each for each in known}
    keys = keys_of(kpis)
    found = []
    for key, says in zip(keys, kpis, strict=True):
        before = by_key.get(key)
        if before is None:
            found.append(Followed(None, key, says, owner))
            continue
        goes_on = before.owner_id == owner_before or not before.in_use
        now_owned_by = owner if goes_on else before.owner_id
        found.append(Followed(before, key, says, now_owned_by, _changes(before, says, now_owned_by)))
    dropped = [each for each in known if each.in_use and each.key not in keys]
    gone = (Changed(KpiField.IN_USE, "yes", "no"),)
    return [*found, *(Followed(each, each.key, None, each.owner_id, gone) for each in dropped)]


def target_of(kpi: Kpi) -> str:
    """Return “3”, or “10 to 20”."""
    return _UNTIL.join(as_typed(end) for end in (kpi.target, kpi.target_high) if end is not None)


def ends_of(target: str) -> list[str]:
    """Return the numbers in what `target_of` wrote."""
    return target.split(_UNTIL)


def changed(field: KpiField, before: str | None, after: str | None) -> tuple[Changed, ...]:
    return () if before == after else (Changed(field, before, after),)


def _changes(known: Known, says: Kpi, owner_id: UUID) -> tuple[Changed, ...]:
    was = known.says
    return (
        *(() if known.in_use else (Changed(KpiField.IN_USE, "no", "yes"),)),
        *changed(KpiField.NAME, was.name, says.name),
        *changed(KpiField.UNIT, was.unit, says.unit),
        *changed(KpiField.DIRECTION, was.direction.value, says.direction.value),
        *changed(KpiField.TARGET, target_of(was), target_of(says)),
        *changed(KpiField.DUE, was.due.isoformat(), says.due.isoformat()),
        *changed(KpiField.PROPOSED, _proposed(was), _proposed(says)),
        *changed(KpiField.OWNER, str(known.owner_id), str(owner_id)),
    )


def _proposed(kpi: Kpi) -> str | None:
    return None if kpi.baseline is None else as_typed(kpi.baseline)


# --------------------------------------------------------------------------------------------- what people change


def why_not(*, actor: UUID, may: Collection[UUID], leads: bool, has_ended: bool, in_use: bool) -> Why | None:
    """Return why somebody may not change a KPI, or None when they may. `may` are those who answer for it."""
    if actor not in may and not leads:
        return Why.NOT_YOURS
    if has_ended:
        return Why.ENDED
    return None if in_use else Why.RETIRED


def edits(before: tuple[Rhythm, KpiSource, UUID], after: tuple[Rhythm, KpiSource, UUID]) -> tuple[Changed, ...]:
    """Return what changes from one way of reporting a KPI to another."""
    (rhythm, source, owner), (new_rhythm, new_source, new_owner) = before, after
    return (
        *changed(KpiField.CADENCE, rhythm_typed(rhythm), rhythm_typed(new_rhythm)),
        *changed(KpiField.SOURCE, source.value, new_source.value),
        *changed(KpiField.OWNER, str(owner), str(new_owner)),
    )


def rhythm_typed(rhythm: Rhythm) -> str:
    """Return a rhythm as one word: “weekly”, “every_weeks.5”."""
    return rhythm.cadence.value if rhythm.weeks is None else f"{rhythm.cadence.value}.{rhythm.weeks}"


def rhythm_read(word: str) -> Rhythm | None:
    """Return what `rhythm_typed` wrote, or None for anything else."""
    name, _, weeks = word.partition(".")
    if name == Cadence.EVERY_WEEKS:
        is_count = weeks.isascii() and weeks.isdecimal() and FEWEST_WEEKS <= int(weeks) <= MOST_WEEKS
        return Rhythm(Cadence.EVERY_WEEKS, int(weeks)) if is_count else None
    return Rhythm(Cadence(name)) if name in set(Cadence) and not weeks else None


def understood(
    said: Measured,
    kpi: Kpi,
    *,
    today: date,
    locale: str | None,
    last: float | None,
    needs_reason: bool,
) -> Understood | dict[Part, str]:
    """Return a baseline as typed numbers and days, or what is wrong with it, field by field.

    `today` is the day where whoever typed it is, `last` what was known before; `locale` and `last` tell what “1,234”
    means.
    """
    wrong: dict[Part, str] = {}
    value, n = 0.0, 0
    try:
        value = number(said.value, kpi.unit, mark=mark_of(locale), last=last)
    except NotANumberError as error:
        wrong[Part.VALUE] = str(error)
    else:
        wrong |= _against_target(value, kpi)
    try:
        n = whole(said.n)
    except NotANumberError as error:
        wrong[Part.N] = str(error)
    wrong |= _wrong_days(said.first_day, said.last_day, today)
    wrong |= _wrong_text(Part.METHOD, said.method, LONGEST_METHOD)
    wrong |= _wrong_text(Part.REASON, said.reason, LONGEST_REASON) if needs_reason else {}
    if wrong or said.first_day is None or said.last_day is None:
        return wrong
    return Understood(value, said.first_day, said.last_day, n, said.method.strip(), said.reason.strip())


_MISSING: Final = {
    Part.METHOD: "Say in a sentence how it was measured, for example “Timesheets of 40 files, averaged”.",
    Part.REASON: "Say why it is measured anew, for example “Ten files were counted twice”.",
}


def _wrong_text(part: Part, text: str, longest: int) -> dict[Part, str]:
    if not text.strip():
        return {part: _MISSING[part]}
    return {part: f"At most {longest} characters; this has {len(text)}."} if len(text) > longest else {}


def _wrong_days(first: date | None, last: date | None, today: date) -> dict[Part, str]:
    wrong = {}
    if first is None:
        wrong[Part.FIRST_DAY] = "Choose the first day it was measured on."
    if last is None:
        wrong[Part.LAST_DAY] = "Choose the last day it was measured on."
    elif last > today:
        wrong[Part.LAST_DAY] = f"A baseline is measured before it is locked: choose a day up to today, {today}."
    elif first is not None and last < first:
        wrong[Part.LAST_DAY] = "The last day lies before the first one. Choose the same day or a later one."
    return wrong


def _against_target(value: float, kpi: Kpi) -> dict[Part, str]:
    """Return what is wrong with measuring improvement from here to the target."""
    change = "Request a change of the target first, and lock the baseline then."
    if kpi.direction is Direction.BAND:
        return {}
    if value == kpi.target:
        return {Part.VALUE: f"This equals the target, so nothing would have to improve. {change}"}
    if (kpi.target > value) is not (kpi.direction is Direction.UP):
        way = "up" if kpi.direction is Direction.UP else "down"
        return {Part.VALUE: f"It should go {way} to {as_typed(kpi.target)}, and this lies beyond that. {change}"}
    return {}
