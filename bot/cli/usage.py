"""How much use cases are used, from the command line: what a source counted, and what follows from it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Final

from bot.cli.commands import RefusedError, clock, open_database, unusable_text
from db.enums import UsageSource
from handlers.use import HIDDEN_BECAUSE, TELLINGS, figure_text, rate_text, use_line
from workflows import adoption, intake
from workflows.adoption import Figure, Outcome, PlannedUsage, SourceFigures, Telling, movement_of_enough
from workflows.people import Unusable

_LINES_SHOWN: Final = 100
_FURTHEST_ZONE: Final = timedelta(hours=14)
"""A day begins so long before it does in UTC, at the Line Islands."""


def import_file(file: str, *, source: str, use_case: str, is_dry: bool) -> int:
    """Store what a source counted of a use case; nothing of it when an entry is wrong, and nothing when `is_dry`.

    The same file again stores nothing. Nobody's identifier is stored or printed.
    """
    wanted = adoption.named(source)
    if wanted is None:
        raise RefusedError(f"There is no source {source!r}. Those there are: {', '.join(UsageSource)}.")
    now = clock().now()
    with Path(file).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        read = adoption.read(stream, wanted, latest=(now + _FURTHEST_ZONE).astimezone(UTC).date())
    if isinstance(read, Unusable):
        raise RefusedError(unusable_text(file, read))
    database = open_database()
    with database.transaction() as session:
        scope = adoption.scope_of(session, source=wanted, use_case=use_case, is_dry=is_dry, now=now)
    if isinstance(scope, Unusable):
        raise RefusedError(unusable_text(file, scope))
    hidden = adoption.hidden(scope, read)  # takes a while of a large file, so outside of what others wait for
    with database.transaction() as session:
        planned = adoption.plan(session, scope, hidden, file_digest=digest)
        if not is_dry:
            adoption.carry_out(session, planned, now=now)
    for each in _told(planned, is_dry=is_dry):
        print(each)
    return 0


def _told(planned: PlannedUsage, *, is_dry: bool) -> Iterator[str]:
    """Yield what became of each entry, of many the first ones, and what there is to say of all."""
    for each in planned.lines[:_LINES_SHOWN]:
        yield f"{each.where}: {each.outcome}: {each.says}"
    if len(planned.lines) > _LINES_SHOWN:
        yield f"… and {len(planned.lines) - _LINES_SHOWN} more"
    yield from planned.file.notes
    days = f"{planned.file.first_day} to {planned.file.last_day}"
    yield f"{adoption.NAMES[planned.scope.source]} about {planned.scope.reference}, {days}:"
    stored, replaced, unchanged = (planned.count(each) for each in Outcome)
    did = "Would store" if is_dry else "Stored"
    yield f"{did}: {stored}. Instead of what was told before: {replaced}. As the file says already: {unchanged}."


def show(use_case: str, *, until: str | None) -> int:
    """Print what each source says of seven days, and what follows from it. Fewer than five people are not shown."""
    last = clock().now().astimezone(UTC).date() - timedelta(days=1) if until is None else _day(until)
    with open_database().reading() as session:
        found = intake.find(session, intake.reference_number(use_case) or 0)
        if found is None:
            raise RefusedError(f"There is no use case {use_case!r}. Write one such as UC-1.")
        figures = adoption.figures_of(session, found.id, last - timedelta(days=6), last)
    print(f"{found.reference}, seven days up to {last}:")
    if not figures:
        print("Nobody said anything of these days.")
    lines = [line for each in figures for line in _figures(each)]
    if any(TELLINGS[Telling.SUPPRESSED] in line for line in lines):
        lines.append(HIDDEN_BECAUSE)
    print(*lines, sep="\n")
    return 0


def _figures(each: SourceFigures) -> Iterator[str]:
    yield f"- {use_line(each.use)}"
    yield f"  {each.use.definition}"
    yield f"  adoption rate: {rate_text(adoption.rate_of_enough(each.rate, each.use.active))}"
    people = {"active in 7 days (WAU)": each.weekly, "active in 28 days (MAU)": each.monthly}
    yield from (f"  {name}: {figure_text(figure)}" for name, figure in people.items())
    moved = movement_of_enough(each.movement)
    parts = {"retained": moved.retained, "reactivated": moved.reactivated, "lapsed": moved.lapsed, "new": moved.new}
    if moved.retained.is_shown:
        yield "  " + ", ".join(
            f"{name}: {figure.value:g}" for name, figure in parts.items() if figure.value is not None
        )
    else:
        yield f"  {', '.join(parts)}: {figure_text(moved.retained)}"
    yield f"  time to first use: {_first_use(each)}"


def _first_use(each: SourceFigures) -> str:
    found = each.first_use
    if not found.days.is_shown:
        return figure_text(found.days)
    of = adoption.of_enough(Figure.of(found.of))
    return f"{found.days.value:g} days, median of {found.of} people" if of.is_shown else figure_text(of)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(f"{text[:40]!r} is no day; write it like 2026-11-03.") from error
