"""Store what a usage source tells: all of a file or nothing, and the same file again does nothing.

Nobody's identifier is stored. A person is HMAC-SHA256 (RFC 2104) of use case, source and identifier, under a key made
on first use: the same person is another key in another use case or source, so that nobody can join the two.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from db.enums import UsageSource, UsageTells
from db.ids import new_id
from db.queries import importing
from db.queries import usage as stored
from db.session import Session
from workflows import ledger
from workflows.adoption.gathering import Count, LastSeen, PersonDay, UsageFile, identifier
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
class Scope:
    """Of what a file tells: a use case and a source, and the key under which people are hashed for both."""

    reference: str
    use_case_id: UUID
    source: UsageSource
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlannedUsage:
    """What a file brings, line by line: what is new, and what is there and told otherwise.

    `is_nothing`: everything in it is known, also that nobody used it on its other days.
    """

    scope: Scope
    file: UsageFile
    file_digest: str
    lines: tuple[Line, ...]
    is_nothing: bool
    counts: tuple[Count, ...]
    superseded: tuple[UUID, ...]
    new_days: tuple[PersonDay, ...]
    known_days: tuple[PersonDay, ...]
    new_seen: tuple[LastSeen, ...]
    known_seen: tuple[LastSeen, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.lines)


def scope_of(session: Session, *, source: UsageSource, use_case: str, is_dry: bool, now: datetime) -> Scope | Unusable:
    """Return of what a file tells, or why that is nothing. The key is made on first use, and stored unless `is_dry`."""
    numbered = _REFERENCE.fullmatch(use_case)
    number = int(numbered[1]) if numbered else 0
    found = importing.use_cases_numbered(session, [number]).get(number)
    if found is None:
        return Unusable((f"There is no use case {use_case.strip()[:40]!r}. Write one such as UC-1.",))
    fresh = secrets.token_hex(32)
    if not is_dry:
        stored.make_key(session, fresh, at=now)
    return Scope(f"UC-{number}", found[0], source, stored.key(session) or fresh)


def hidden(scope: Scope, file: UsageFile) -> UsageFile:
    """Return a file with keyed hashes in place of what its source calls people. Needs no session, and some time."""
    secret, prefix = bytes.fromhex(scope.key), f"{scope.use_case_id}\n{scope.source.value}\n"

    def hashed(person: str) -> str:
        message = f"{prefix}{identifier(person)}".encode("utf-8", "surrogatepass")
        return hmac.digest(secret, message, "sha256").hex()

    return replace(
        file,
        days=tuple(PersonDay(each.where, hashed(each.person), each.day, each.interactions) for each in file.days),
        seen=tuple(LastSeen(each.where, hashed(each.person), each.reported_on, each.last_active) for each in file.seen),
    )


def plan(session: Session, scope: Scope, file: UsageFile, *, file_digest: str) -> PlannedUsage:
    """Return what a file, its people hidden, brings. Nothing is stored; nobody else imports before the commit."""
    stored.hold_key(session)
    lines: list[Line] = []
    counts, superseded = _plan_counts(session, scope, file.counts, lines)
    new_days, known_days = _plan_days(session, scope, file.days, lines)
    new_seen, known_seen = _plan_seen(session, scope, file.seen, lines)
    is_told = any(
        each.tells is file.tells and each.first_day <= file.first_day and each.last_day >= file.last_day
        for each in stored.imports_of(session, scope.use_case_id, scope.source)
    )
    is_nothing = is_told and all(each.outcome is Outcome.UNCHANGED for each in lines)
    return PlannedUsage(
        scope=scope,
        file=file,
        file_digest=file_digest if file.tells is UsageTells.COUNTS else _keyed(scope, file_digest),
        lines=tuple(lines),
        is_nothing=is_nothing,
        counts=tuple(counts),
        superseded=tuple(superseded),
        new_days=tuple(new_days),
        known_days=tuple(known_days),
        new_seen=tuple(new_seen),
        known_seen=tuple(known_seen),
    )


def _keyed(scope: Scope, digest: str) -> str:
    """Return the digest of a file that tells of people so that nobody can try lists of them against it."""
    return hmac.digest(bytes.fromhex(scope.key), digest.encode(), "sha256").hex()


def carry_out(session: Session, planned: PlannedUsage, *, now: datetime) -> None:
    """Store what was planned in this transaction, with one fact for the file. What it says already is not stored."""
    if planned.is_nothing:
        return
    scope, file, import_id = planned.scope, planned.file, new_id()
    of_it = {"use_case_id": scope.use_case_id, "source": scope.source, "import_id": import_id}
    row = {
        "id": import_id,
        "use_case_id": scope.use_case_id,
        "source": scope.source,
        "tells": file.tells,
        "first_day": file.first_day,
        "last_day": file.last_day,
        "file_digest": planned.file_digest,
        "imported_at": now,
    }
    stored.insert_import(session, row)
    stored.supersede(session, planned.superseded, at=now)
    stored.insert_counts(session, [{"id": new_id(), **of_it, **_count_row(each)} for each in planned.counts])
    stored.insert_days(session, [of_it | _day_row(each) for each in planned.new_days])
    stored.update_days(session, [of_it | _day_row(each) for each in planned.known_days])
    stored.insert_seen(session, [of_it | _seen_row(each) for each in planned.new_seen])
    stored.update_seen(session, [of_it | _seen_row(each) for each in planned.known_seen])
    data: dict[str, ledger.Value] = {
        "import": str(import_id),
        "use_case": str(scope.use_case_id),
        "source": scope.source.value,
        "tells": file.tells.value,
        "first_day": file.first_day.isoformat(),
        "last_day": file.last_day.isoformat(),
        "file_digest": planned.file_digest,
        **{each.value: planned.count(each) for each in Outcome},
    }
    stream = f"{STREAMS}{scope.use_case_id}"
    ledger.record(session, stream, [Fact(LedgerKind.USAGE_IMPORTED, data)], actor=None, now=now)


def _plan_counts(
    session: Session, scope: Scope, counts: Sequence[Count], lines: list[Line]
) -> tuple[list[Count], list[UUID]]:
    """Return the counts to store and those they take the place of; `lines` grow by what becomes of each."""
    if not counts:
        return [], []
    first, last = min(each.last_day for each in counts), max(each.last_day for each in counts)
    there = {
        (row.measure, row.definition, row.first_day, row.last_day, row.team): row
        for row in stored.counts_between(session, scope.use_case_id, scope.source, first, last)
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
    session: Session, scope: Scope, days: Sequence[PersonDay], lines: list[Line]
) -> tuple[list[PersonDay], list[PersonDay]]:
    """Return what is new, and what is there and told otherwise. What is told no more stays."""
    if not days:
        return [], []
    first, last = min(each.day for each in days), max(each.day for each in days)
    found = stored.days_between(session, scope.use_case_id, scope.source, first, last)
    there = {(person, day): interactions for person, day, interactions in found}
    new: list[PersonDay] = []
    known: list[PersonDay] = []
    for each in days:
        key, says = (each.person, each.day), f"somebody used it on {each.day}"
        if key not in there:
            new.append(each)
            lines.append(Line(each.where, Outcome.STORED, says))
        elif each.interactions is None or there[key] == each.interactions:
            lines.append(Line(each.where, Outcome.UNCHANGED, says))
        else:
            known.append(each)
            lines.append(Line(each.where, Outcome.REPLACED, f"{says}, with other interactions"))
    return new, known


def _plan_seen(
    session: Session, scope: Scope, seen: Sequence[LastSeen], lines: list[Line]
) -> tuple[list[LastSeen], list[LastSeen]]:
    """Return what is new, and what is there and told otherwise."""
    if not seen:
        return [], []
    on = [each.reported_on for each in seen]
    found = stored.seen_between(session, scope.use_case_id, scope.source, min(on), max(on))
    there = {(person, day): last for person, day, last in found}
    new: list[LastSeen] = []
    known: list[LastSeen] = []
    for each in seen:
        key = (each.person, each.reported_on)
        says = f"somebody has access on {each.reported_on}, {_last(each.last_active)}"
        if key not in there:
            new.append(each)
            lines.append(Line(each.where, Outcome.STORED, says))
        elif there[key] == each.last_active:
            lines.append(Line(each.where, Outcome.UNCHANGED, says))
        else:
            known.append(each)
            lines.append(Line(each.where, Outcome.REPLACED, f"{says}, told otherwise before"))
    return new, known


def _count_row(each: Count) -> dict[str, Any]:
    return {
        "measure": each.measure,
        "definition": each.definition,
        "first_day": each.first_day,
        "last_day": each.last_day,
        "team": each.team,
        "value": each.value,
    }


def _day_row(each: PersonDay) -> dict[str, Any]:
    return {"person_key": each.person, "day": each.day, "interactions": each.interactions}


def _seen_row(each: LastSeen) -> dict[str, Any]:
    return {"person_key": each.person, "reported_on": each.reported_on, "last_active": each.last_active}


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _last(active: date | None) -> str:
    return f"active last on {active}" if active else "never active yet"
