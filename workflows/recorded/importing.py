"""Import another register: what is new in it is recorded, what came from the same place before stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.enums import Membership
from db.ids import new_id
from db.queries import configuration
from db.queries import recorded as stored
from db.session import Session
from workflows import intake, ledger, people
from workflows.people import Actor
from workflows.recorded import asking, recording
from workflows.recorded.files import Refused, Register, Row


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what becomes of it. `number` is what a known one has; `says` what else there is to say of it."""

    line: int
    name: str
    outcome: Outcome
    number: int | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a register brings, line by line, and until when what is new has to be proposed."""

    lines: tuple[Line, ...]
    news: tuple[tuple[Row, Actor | None, date], ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.lines)


def plan(session: Session, register: Register, *, now: datetime) -> Planned:
    """Return what becomes of each line. Nothing is stored; nobody else records anything before the commit."""
    configuration.hold_counters(session)
    rows = [each for each in register.lines if isinstance(each, Row)]
    there = stored.by_origin(session, [row.origin for row in rows])
    ours = _ours(session, rows)
    owners = {each: people.find(session, each) for each in {row.owner for row in rows if row.owner}}
    lines: list[Line] = []
    news: list[tuple[Row, Actor | None, date]] = []
    for each in register.lines:
        line = each if isinstance(each, Refused) else _refused(each, owners)
        if isinstance(line, Refused):
            lines.append(Line(line.line, line.name, Outcome.REFUSED, says=line.why))
        elif line.origin in there:
            known = there[line.origin]
            says = "it was dropped" if known.dropped_at else "it was proposed" if known.use_case_id else ""
            lines.append(Line(line.line, line.name, Outcome.KNOWN, known.number, says))
        elif line.origin in ours:
            lines.append(Line(line.line, line.name, Outcome.KNOWN, ours[line.origin], "it is this one, exported here"))
        else:
            owner = owners.get(line.owner) if line.owner else None
            news.append((line, owner, recording.usual_day(session, owner, now=now)))
            lines.append(Line(line.line, line.name, Outcome.NEW, says=_cut_text(line)))
    return Planned(tuple(lines), tuple(news))


def carry_out(session: Session, planned: Planned, *, now: datetime) -> Mapping[int, int]:
    """Record what is new in this transaction; return the number of each by its line."""
    if not planned.news:
        return {}
    days = asking.first_asked_at(session, [(owner, day) for _, owner, day in planned.news], now=now)
    numbers = configuration.next_numbers(session, intake.SUBJECT_KIND, len(planned.news))
    rows = []
    for number, (row, owner, day) in zip(numbers, planned.news, strict=True):
        owner_id = owner.id if owner else None
        rows.append(
            {
                "id": new_id(),
                "number": number,
                "name": row.name,
                "team": row.team,
                "problem": row.problem,
                "stage": row.stage,
                "vendor": row.vendor,
                "owner_id": owner_id,
                "origin": row.origin,
                "propose_by": day,
                "ask_at": days[owner_id, day],
                "recorded_at": now,
            }
        )
    stored.insert_recordings(session, rows)
    firsts = {recording.stream_of(UUID(str(each["id"]))): recording.recorded_fact(each, imported=True) for each in rows}
    ledger.begin(session, firsts, actor=None, now=now)
    _redraw(session, planned, now=now)
    return {row.line: number for number, (row, _, _) in zip(numbers, planned.news, strict=True)}


def _ours(session: Session, rows: Sequence[Row]) -> Mapping[str, int]:
    """Return which lines are of our own register, by their origin: what has that number here, under that name."""
    numbers = {row.origin: intake.reference_number(row.origin) for row in rows}
    names = stored.names_by_number(session, [each for each in numbers.values() if each is not None])
    return {
        row.origin: number
        for row in rows
        for number in [numbers[row.origin]]
        if number is not None and " ".join(names.get(number, "").split()) == (row.whole_name or row.name)
    }


def _cut_text(row: Row) -> str:
    if row.whole_name is None:
        return ""
    return f"its name has {len(row.whole_name)} characters: it is cut, and kept whole with the problem"


def _redraw(session: Session, planned: Planned, *, now: datetime) -> None:
    leads = people.holders_of(session, people.LEAD)
    concerned = {owner.id for _, owner, _ in planned.news if owner} | {lead.id for lead in leads}
    recording.redraw_homes(session, concerned, now=now)


def _refused(row: Row, owners: Mapping[str, Actor | None]) -> Row | Refused:
    """Return the line, or why whoever it names cannot own anything."""
    if row.owner is None:
        return row
    owner = owners[row.owner]
    if owner is None:
        why = (
            f"owner: nobody here has the id {row.owner}. Correct it, leave it empty, or let Gatehouse read who is "
            "there: gatehouse people sync"
        )
        return Refused(row.line, row.name, why)
    if owner.membership is not Membership.MEMBER:
        why = f"owner: {owner.name} is no full member ({owner.membership}). Name somebody else, or leave it empty."
        return Refused(row.line, row.name, why)
    return row
