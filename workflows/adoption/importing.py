"""Store what a usage source tells: all of a file or nothing, and the same file again does nothing.

Nobody's identifier is stored. A person is HMAC-SHA256 (RFC 2104) of use case, source and identifier, under a key made
on first use: the same person is another key in another use case or source, so that nobody can join the two.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from db.enums import UsageSource
from db.ids import new_id
from db.queries import importing
from db.queries import usage as stored
from db.session import Session
from workflows import ledger
from workflows.adoption.gathering import Count, UsageFile, identifier
from workflows.ledger import Fact, LedgerKind
from workflows.people import Unusable

STREAMS: Final = "usage:"
_REFERENCE: Final = re.compile(r"\s*(?:UC[-\s]?)?(\d{1,9})\s*", re.IGNORECASE | re.ASCII)


class Outcome(StrEnum):
    """What becomes of an entry."""

    STORED = "stored"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, what becomes of it, and what it says, without saying of whom."""

    where: str
    outcome: Outcome
    says: str


@dataclass(frozen=True, slots=True)
class PlannedUsage:
    """What a file brings, line by line, and the rows that are written for it.

    `is_nothing`: everything in it is known, also that nobody used it on its other days.
    """

    reference: str
    use_case_id: UUID
    source: UsageSource
    file: UsageFile
    file_digest: str
    lines: tuple[Line, ...]
    is_nothing: bool
    counts: tuple[Count, ...]
    superseded: tuple[UUID, ...]
    days: tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]
    seen: tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.lines)


def plan(
    session: Session,
    file: UsageFile,
    *,
    source: UsageSource,
    use_case: str,
    file_digest: str,
    is_dry: bool,
    now: datetime,
) -> PlannedUsage | Unusable:
    """Return what a file brings to a use case, or why it cannot count.

    Nothing is stored but the key, on first use and unless `is_dry`; nobody else imports before the commit.
    """
    numbered = _REFERENCE.fullmatch(use_case)
    number = int(numbered[1]) if numbered else 0
    found = importing.use_cases_numbered(session, [number]).get(number)
    if found is None:
        return Unusable((f"There is no use case {use_case.strip()[:40]!r}. Write one such as UC-1.",))
    use_case_id, _ = found
    fresh = secrets.token_hex(32)
    if not is_dry:
        stored.make_key(session, fresh, at=now)
    key_of = _hashing(stored.hold_key(session) or fresh, use_case_id, source)
    lines: list[Line] = []
    counts, superseded = _plan_counts(session, use_case_id, source, file.counts, lines)
    base = {"use_case_id": use_case_id, "source": source}
    days = _plan_days(session, base, file, key_of, lines)
    seen = _plan_seen(session, base, file, key_of, lines)
    is_told = any(
        each.tells is file.tells and each.first_day <= file.first_day and each.last_day >= file.last_day
        for each in stored.imports_of(session, use_case_id, source)
    )
    is_nothing = is_told and all(each.outcome is Outcome.UNCHANGED for each in lines)
    return PlannedUsage(
        f"UC-{number}",
        use_case_id,
        source,
        file,
        file_digest,
        tuple(lines),
        is_nothing,
        tuple(counts),
        tuple(superseded),
        days,
        seen,
    )


def carry_out(session: Session, planned: PlannedUsage, *, now: datetime) -> None:
    """Store what was planned in this transaction, with one fact for the file. What it says already is not stored."""
    if planned.is_nothing:
        return
    import_id, file = new_id(), planned.file
    row = {
        "id": import_id,
        "use_case_id": planned.use_case_id,
        "source": planned.source,
        "tells": file.tells,
        "first_day": file.first_day,
        "last_day": file.last_day,
        "file_digest": planned.file_digest,
        "imported_at": now,
    }
    stored.insert_import(session, row)
    stored.supersede(session, planned.superseded, at=now)
    stored.insert_counts(session, [_count_row(planned, each, import_id) for each in planned.counts])
    of_it = {"import_id": import_id}
    new, known = planned.days
    stored.insert_days(session, [{**each, **of_it} for each in new])
    stored.update_days(session, [{**each, **of_it} for each in known])
    new, known = planned.seen
    stored.insert_seen(session, [{**each, **of_it} for each in new])
    stored.update_seen(session, [{**each, **of_it} for each in known])
    data: dict[str, ledger.Value] = {
        "import": str(import_id),
        "use_case": str(planned.use_case_id),
        "source": planned.source.value,
        "tells": file.tells.value,
        "first_day": file.first_day.isoformat(),
        "last_day": file.last_day.isoformat(),
        "file_digest": planned.file_digest,
        **{each.value: planned.count(each) for each in Outcome},
    }
    stream = f"{STREAMS}{planned.use_case_id}"
    ledger.record(session, stream, [Fact(LedgerKind.USAGE_IMPORTED, data)], actor=None, now=now)


def _hashing(key: str, use_case_id: UUID, source: UsageSource) -> Callable[[str], str]:
    """Return what makes a keyed hash of somebody, of this use case and source."""
    secret, scope = bytes.fromhex(key), f"{use_case_id}\n{source.value}\n"

    def key_of(person: str) -> str:
        message = f"{scope}{identifier(person)}".encode("utf-8", "surrogatepass")
        return hmac.digest(secret, message, "sha256").hex()

    return key_of


def _plan_counts(
    session: Session, use_case_id: UUID, source: UsageSource, counts: Sequence[Count], lines: list[Line]
) -> tuple[list[Count], list[UUID]]:
    """Return the counts to store and those they take the place of; `lines` grow by what becomes of each."""
    if not counts:
        return [], []
    first, last = min(each.last_day for each in counts), max(each.last_day for each in counts)
    there = {
        (row.measure, row.definition, row.first_day, row.last_day, row.team): row
        for row in stored.counts_between(session, use_case_id, source, first, last)
    }
    news, superseded = [], []
    for each in counts:
        known = there.get((each.measure, each.definition, each.first_day, each.last_day, each.team))
        says = f"{each.value} {each.measure}, {_days(each.first_day, each.last_day)}"
        says += f", {each.team}" if each.team else ""
        if known is not None and known.value == each.value:
            lines.append(Line(each.where, Outcome.UNCHANGED, says))
            continue
        news.append(each)
        if known is None:
            lines.append(Line(each.where, Outcome.STORED, says))
        else:
            superseded.append(known.id)
            lines.append(Line(each.where, Outcome.REPLACED, f"{says} instead of {known.value}"))
    return news, superseded


def _plan_days(
    session: Session, base: Mapping[str, Any], file: UsageFile, key_of: Callable[[str], str], lines: list[Line]
) -> tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]:
    """Return the rows that are new, and those that are there and told otherwise. What is told no more stays."""
    if not file.days:
        return (), ()
    first, last = min(each.day for each in file.days), max(each.day for each in file.days)
    found = stored.days_between(session, base["use_case_id"], base["source"], first, last)
    there = {(person, day): interactions for person, day, interactions in found}
    new, known = [], []
    for each in file.days:
        person = key_of(each.person)
        row = {**base, "person_key": person, "day": each.day, "interactions": each.interactions}
        says = f"somebody used it on {each.day}"
        if (person, each.day) not in there:
            new.append(row)
            lines.append(Line(each.where, Outcome.STORED, says))
        elif each.interactions is None or there[person, each.day] == each.interactions:
            lines.append(Line(each.where, Outcome.UNCHANGED, says))
        else:
            known.append(row)
            lines.append(Line(each.where, Outcome.REPLACED, f"{says}, with other interactions"))
    return tuple(new), tuple(known)


def _plan_seen(
    session: Session, base: Mapping[str, Any], file: UsageFile, key_of: Callable[[str], str], lines: list[Line]
) -> tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]:
    """Return the rows that are new, and those that are there and told otherwise."""
    if not file.seen:
        return (), ()
    on = [each.reported_on for each in file.seen]
    found = stored.seen_between(session, base["use_case_id"], base["source"], min(on), max(on))
    there = {(person, day): last for person, day, last in found}
    new, known = [], []
    for each in file.seen:
        person = key_of(each.person)
        row = {**base, "person_key": person, "reported_on": each.reported_on, "last_active": each.last_active}
        says = f"somebody has access on {each.reported_on}, {_last(each.last_active)}"
        if (person, each.reported_on) not in there:
            new.append(row)
            lines.append(Line(each.where, Outcome.STORED, says))
        elif there[person, each.reported_on] == each.last_active:
            lines.append(Line(each.where, Outcome.UNCHANGED, says))
        else:
            known.append(row)
            lines.append(Line(each.where, Outcome.REPLACED, f"{says}, told otherwise before"))
    return tuple(new), tuple(known)


def _count_row(planned: PlannedUsage, each: Count, import_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "import_id": import_id,
        "use_case_id": planned.use_case_id,
        "source": planned.source,
        "measure": each.measure,
        "definition": each.definition,
        "first_day": each.first_day,
        "last_day": each.last_day,
        "team": each.team,
        "value": each.value,
    }


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _last(active: date | None) -> str:
    return f"active last on {active}" if active else "never active yet"
