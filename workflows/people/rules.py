"""Read what an organisation says of its people: one line each, and every mistake named with what to write instead."""

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

TEAM_LIMIT = 80
CLEARS = "-"
"""What a cell holds to empty what we know. An empty cell leaves it as it is."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SLACK_ID = re.compile(r"[UW][A-Z0-9_]{1,31}")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|(24):(00)")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-"})


def team_key(team: str) -> str:
    """Return what is the same for a team however it is spelt: without regard to case and blanks."""
    return " ".join(team.split()).casefold()[:TEAM_LIMIT]


def same_team(wanted: str, known: Iterable[str]) -> list[str]:
    """Return the spellings of a team among those there are."""
    return [each for each in known if team_key(each) == team_key(wanted)]


class Detail(StrEnum):
    """What can be said of a person that Slack does not know. The values are the columns of the file."""

    MANAGER = "manager"
    TEAM = "team"
    COUNTRY = "country"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of one person; only what is `told` counts, the rest stays as it is.

    `manager` is a Slack id, `hours` are minutes after midnight, `days` ISO weekdays such as “12345”, `leave` first
    and last days.
    """

    told: frozenset[Detail] = frozenset()
    manager: str | None = None
    team: str | None = None
    country: str | None = None
    hours: tuple[int, int] | None = None
    days: str | None = None
    leave: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: of whom it speaks, and what it says."""

    line: int
    slack_id: str
    said: Description


@dataclass(frozen=True, slots=True)
class Unusable:
    """Nothing was stored. `problems` names line and column of each mistake, and says what to write."""

    problems: tuple[str, ...]


class _CellError(Exception):
    """A cell cannot be understood; the message says what to write."""


def read(text: str, *, countries: Collection[str]) -> tuple[Row, ...] | Unusable:
    """Return the rows of a CSV file, or everything that is wrong with it. `countries` are the codes there are."""
    try:
        found = list(records(text))
    except csv.Error as error:
        return Unusable((f"This is no CSV file: {error}.",))
    if not found:
        return Unusable(("The file is empty. Its first line names the columns: slack_id, " + ", ".join(Detail) + ".",))
    (line, header), *lines = found
    columns = columns_in(header)
    problems = list(_header_problems(line, columns))
    if problems:
        return Unusable(tuple(problems))
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        row = _row(number, columns, cells, countries, problems)
        if row is None:
            continue
        if row.slack_id in seen:
            problems.append(f"line {number}, slack_id: {row.slack_id} has a line already, {seen[row.slack_id]}.")
        seen.setdefault(row.slack_id, number)
        rows.append(row)
    return Unusable(tuple(problems)) if problems else tuple(rows)


def circle(start: str, managers: Mapping[str, str | None]) -> Sequence[str]:
    """Return who leads back to `start` when one asks for manager after manager; nobody when nothing does."""
    passed = [start]
    above = managers.get(start)
    while above is not None and above not in passed:
        passed.append(above)
        above = managers.get(above)
    return passed if above == start else ()


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every line of a CSV file that holds something. Raises csv.Error for what is none."""
    plain = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=separator_of(text), strict=True)
    begun = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begun, cells
        begun = reader.line_num + 1


def separator_of(text: str) -> str:
    """Return what stands between the cells of a CSV file. Spreadsheets of some countries write semicolons."""
    first = text.partition("\n")[0]
    return ";" if ";" in first and "," not in first else ","


def columns_in(header: Sequence[str]) -> list[str]:
    """Return the names in the first line, however spreadsheets spell them."""
    return [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in header]


def wrong_length(line: int, cells: Sequence[str], columns: Sequence[str]) -> str:
    """Return what to say of a line that has more or fewer cells than the first one; nothing where it has as many."""
    if len(cells) == len(columns):
        return ""
    return (
        f"line {line}: it has {len(cells)} cells, the first line {len(columns)}. Put quotes around a cell that "
        "holds what separates the others."
    )


def _header_problems(line: int, columns: Sequence[str]) -> Iterator[str]:
    known = ("slack_id", *Detail)
    for column in dict.fromkeys(columns):
        if column not in known:
            yield f"line {line}: there is no column {column!r}. There are: {', '.join(known)}."
        elif columns.count(column) > 1:
            yield f"line {line}: the column {column} is there twice."
    if "slack_id" not in columns:
        yield f"line {line}: the column slack_id is missing; it says whom a line is about."


def _row(
    line: int, columns: Sequence[str], cells: Sequence[str], countries: Collection[str], problems: list[str]
) -> Row | None:
    if problem := wrong_length(line, cells, columns):
        problems.append(problem)
        return None
    given = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    slack_id = given.pop("slack_id")
    if not _SLACK_ID.fullmatch(slack_id):
        problems.append(f"line {line}, slack_id: {slack_id!r} is no Slack id; write one such as U0ANN.")
        return None
    said = Description()
    for column, cell in given.items():
        try:
            said = _say(said, Detail(column), cell, countries) if cell else said
        except _CellError as error:
            problems.append(f"line {line}, {column}: {error}")
    return Row(line, slack_id, said)


def _say(said: Description, detail: Detail, cell: str, countries: Collection[str]) -> Description:
    """Return the description with one cell more."""
    said = replace(said, told=said.told | {detail})
    if cell == CLEARS:
        return said
    match detail:
        case Detail.MANAGER:
            return replace(said, manager=_manager(cell))
        case Detail.TEAM:
            return replace(said, team=_team(cell))
        case Detail.COUNTRY:
            return replace(said, country=_country(cell, countries))
        case Detail.WORKING_HOURS:
            return replace(said, hours=_hours(cell))
        case Detail.WORKING_DAYS:
            return replace(said, days=_days(cell))
        case Detail.LEAVE:
            return replace(said, leave=_leave(cell))


def _manager(cell: str) -> str:
    if not _SLACK_ID.fullmatch(cell):
        raise _CellError(f"{cell!r} is nobody's Slack id; write one such as U0ANN, or - for nobody.")
    return cell


def _team(cell: str) -> str:
    team = " ".join(cell.split())
    if len(team) > TEAM_LIMIT:
        raise _CellError(f"it has {len(team)} letters; write at most {TEAM_LIMIT}.")
    if any(unicodedata.category(letter) == "Cc" for letter in team):
        raise _CellError("it holds a character that cannot be shown; write letters.")
    return team


def _country(cell: str, countries: Collection[str]) -> str:
    if cell.upper() not in countries:
        raise _CellError(f"{cell!r} is no country; write its two letters (ISO 3166-1), such as DE.")
    return cell.upper()


def _hours(cell: str) -> tuple[int, int]:
    begins, _, ends = cell.translate(_DASHES).replace(" ", "").partition("-")
    from_, to = _minutes(begins), _minutes(ends)
    if from_ is None or to is None:
        raise _CellError(f"{cell!r} is not understood; write 09:00-17:00.")
    if from_ >= to:
        raise _CellError(f"{cell!r} ends before it begins; write the earlier time first, such as 09:00-17:00.")
    return from_, to


def _minutes(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    return int(found[1] or found[3]) * 60 + int(found[2] or found[4]) if found else None


def _days(cell: str) -> str:
    found: set[int] = set()
    for part in re.split(r"[\s,;/]+", re.sub(r"\s*-\s*", "-", cell.translate(_DASHES))):
        first, dash, last = part.partition("-")
        begins, ends = _day(first), _day(last if dash else first)
        if begins is None or ends is None:
            raise _CellError(f"{cell!r} is not understood; write Mon-Fri, or Mon,Tue,Thu in quotes.")
        found |= {(begins + step) % 7 for step in range((ends - begins) % 7 + 1)}
    return "".join(str(day + 1) for day in sorted(found))


def _day(text: str) -> int | None:
    short = text[:3].capitalize()
    full = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    if short not in DAYS or not full[DAYS.index(short)].startswith(text.capitalize()):
        return None
    return DAYS.index(short)


def _leave(cell: str) -> tuple[tuple[date, date], ...]:
    spans = sorted(_span(part.strip()) for part in cell.split(";") if part.strip())
    for (_, ended), (begins, _) in itertools.pairwise(spans):
        if begins <= ended:
            raise _CellError(f"two leaves hold {begins}; write them as one.")
    return tuple(spans)


def _span(text: str) -> tuple[date, date]:
    begins, slash, ends = text.partition("/")
    try:
        first = date.fromisoformat(begins.strip())
        last = date.fromisoformat(ends.strip()) if slash else first
    except ValueError as error:
        raise _CellError(f"{text!r} is not understood; write 2026-12-24/2027-01-02, first and last day.") from error
    if last < first:
        raise _CellError(f"{text!r} ends before it begins; write the first day first.")
    return first, last
