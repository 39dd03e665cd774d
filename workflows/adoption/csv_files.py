"""Read usage from CSV: our own two shapes, and what Microsoft 365 gives. Every mistake is named with its line."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TextIO

from db.enums import UsageMeasure, UsageTells
from workflows.adoption import sources
from workflows.adoption.adapters import seen_person
from workflows.adoption.gathering import MOST, Count, Gathering, PersonDay, UsageFile, WrongError, day_in
from workflows.people.rules import TEAM_LIMIT, Unusable, columns_in, wrong_length

MEASURES: Final = (UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE)
COUNTS: Final = ("first_day", "last_day", "team", *map(str, MEASURES))
PEOPLE: Final = ("day", "person", "team", "interactions")
_SEEN: Final = {
    "report_refresh_date": "reportRefreshDate",
    "user_principal_name": "userPrincipalName",
    "last_activity_date": "lastActivityDate",
}
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
HEADERS: Final = (
    f"The first line names the columns, for counts {','.join(COUNTS)} (team may be left out, and one of the last three "
    f"is enough), or for people by day {','.join(PEOPLE)} (team and interactions may be left out)."
)
_TEAMS_NOT_KEPT = "The column team is not kept: with teams beside people by day, small teams would tell who they are."


def read_own(stream: TextIO, into: Gathering) -> UsageFile | Unusable:
    """Read counts over days, or people by day, whichever the columns say."""
    lines = _records(stream, into)
    line, columns = next(lines, (0, []))
    names = columns_in(columns)
    if not names:
        return Unusable(tuple(into.problems) or (f"The file is empty. {HEADERS}",))
    problem = _header_problem(names)
    if problem:
        return Unusable((f"line {line}: {problem}",))
    tells = UsageTells.PEOPLE_BY_DAY if "person" in names else UsageTells.COUNTS
    if tells is UsageTells.PEOPLE_BY_DAY and "team" in names:
        into.notes[_TEAMS_NOT_KEPT] = None
    for where, cells in _rows(lines, names, into):
        try:
            (_person if tells is UsageTells.PEOPLE_BY_DAY else _counts)(where, cells, into)
        except WrongError as error:
            into.wrong(where, error)
    return into.finished(tells)


def read_microsoft(stream: TextIO, into: Gathering) -> UsageFile | Unusable:
    """Read the report of Microsoft 365 as it is downloaded."""
    lines = _records(stream, into)
    line, columns = next(lines, (0, []))
    names = columns_in(columns)
    missing = [each for each in _SEEN if each not in names]
    if missing or not names:
        told = "Report Refresh Date, User Principal Name and Last Activity Date are needed"
        return Unusable(
            tuple(into.problems)
            or (f"line {line or 1}: this is no report of Microsoft 365 Copilot usage by user. The columns {told}.",)
        )
    for where, cells in _rows(lines, names, into):
        try:
            seen_person(where, {_SEEN[name]: cells[name] for name in _SEEN}, into)
        except WrongError as error:
            into.wrong(where, error)
    return into.finished(UsageTells.LAST_ACTIVITY)


def _header_problem(names: Sequence[str]) -> str:
    shape = PEOPLE if "person" in names else COUNTS
    needed = ("day", "person") if "person" in names else ("first_day", "last_day")
    unknown = [each for each in names if each not in shape]
    lacks = [each for each in needed if each not in names]
    if unknown:
        return f"column {names.index(unknown[0]) + 1} has no name that is known. {HEADERS}"
    if len(set(names)) < len(names):
        return f"a column is there twice. {HEADERS}"
    if lacks:
        return f"the column {lacks[0]} is missing. {HEADERS}"
    if shape is COUNTS and not set(names) & set(map(str, MEASURES)):
        return f"none of {', '.join(MEASURES)} is there. {HEADERS}"
    return ""


def _counts(where: str, cells: Mapping[str, str], into: Gathering) -> None:
    first, last = (day_in(cells, name, latest=into.latest) for name in ("first_day", "last_day"))
    if first > last:
        raise WrongError(f"first_day: {first} is after last_day, {last}. Exchange them.")
    team, told = _team(cells.get("team", "")), {each: _number(cells, each) for each in MEASURES}
    eligible, active = told[UsageMeasure.ELIGIBLE], told[UsageMeasure.ACTIVE]
    if all(value is None for value in told.values()):
        raise WrongError(f"{', '.join(MEASURES)}: all are empty; write what is known, or leave the line out.")
    if eligible is not None and active is not None and active > eligible:
        raise WrongError(f"active: {active} is more than the {eligible} who could use it. Correct one of the two.")
    for measure, value in told.items():
        if value is not None:
            into.count(Count(where, measure, sources.AS_COUNTED, first, last, team, value))


def _person(where: str, cells: Mapping[str, str], into: Gathering) -> None:
    day = day_in(cells, "day", latest=into.latest)
    if not cells["person"]:
        raise WrongError("person: it is empty; write what your source calls them, the same on every line.")
    into.covers(day, day)
    into.day(PersonDay(where, cells["person"], day, _number(cells, "interactions")))


def _number(cells: Mapping[str, str], name: str) -> int | None:
    cell = cells.get(name, "")
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell) or int(cell) > MOST:
        raise WrongError(f"{name}: it is no whole number from 0 to {MOST}. Write digits only, such as 1200.")
    return int(cell)


def _team(cell: str) -> str:
    plain = "".join(each for each in " ".join(cell.split()) if unicodedata.category(each) != "Cc")
    if len(plain) > TEAM_LIMIT:
        raise WrongError(f"team: it has {len(plain)} characters; at most {TEAM_LIMIT} are kept. Shorten it.")
    return plain


def _rows(
    lines: Iterator[tuple[int, list[str]]], names: Sequence[str], into: Gathering
) -> Iterator[tuple[str, dict[str, str]]]:
    for line, cells in lines:
        problem = wrong_length(line, cells, names)
        if problem:
            into.problems.append(problem)
            continue
        yield f"line {line}", dict(zip(names, map(str.strip, cells), strict=True))


def _records(stream: TextIO, into: Gathering) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every line that holds something, as it is read; a file that is no CSV ends there."""
    first = stream.readline()
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(_with(first, stream), delimiter=separator, strict=True)
    begun = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begun, cells
            begun = reader.line_num + 1
    except csv.Error as error:
        into.problems.append(f"line {begun}: this is no CSV: {error}. Are quotes missing around a cell with commas?")


def _with(first: str, stream: TextIO) -> Iterator[str]:
    yield first
    yield from stream
