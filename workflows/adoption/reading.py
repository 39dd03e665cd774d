"""Read how use cases are used: what each source says of a window, and what follows from it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from db.enums import UsageMeasure, UsageSource, UsageTells
from db.queries import usage as stored
from db.queries.usage import Told, Wanted
from db.session import Session
from workflows.adoption import figures
from workflows.adoption.figures import Counted, FirstUse, Movement, SourceFigures, Span, Use
from workflows.adoption.snapshots import SourceUse

Kind = tuple[UsageSource, UsageTells]


def uses_of(session: Session, use_case_id: UUID, first: date, last: date) -> tuple[SourceUse, ...]:
    """Return what each source says of a use case from `first` to `last`, both included, in two statements.

    A source's window is as long as the one asked for, and ends on the last of its days that the source told of. Who
    says nothing of these days is missing.
    """
    return uses_of_many(session, [use_case_id], first, last)[use_case_id]


def uses_of_many(
    session: Session, use_case_ids: Collection[UUID], first: date, last: date
) -> Mapping[UUID, tuple[SourceUse, ...]]:
    """Return the same for several use cases, in two statements however many they are."""
    found = _uses(session, use_case_ids, first, last)
    return {use_case_id: tuple(each.says for each in uses) for use_case_id, uses in found.items()}


def figures_of(session: Session, use_case_id: UUID, first: date, last: date) -> tuple[SourceFigures, ...]:
    """Return everything that follows from each source about a window, the one before it, and 7 and 28 days up to it."""
    ids = [use_case_id]
    uses = _uses(session, ids, first, last)[use_case_id]
    weekly, monthly = (
        figures.by_source(_uses(session, ids, *figures.ending(last, days))[use_case_id])
        for days in (figures.WEEK, figures.MONTH)
    )
    return tuple(
        SourceFigures(
            each.tells,
            each.says,
            figures.in_days(weekly.get((each.says.source, each.tells)), figures.WEEK),
            figures.in_days(monthly.get((each.says.source, each.tells)), figures.MONTH),
            figures.rate(each.says, [other.says for other in uses if other is not each]),
            _movement(session, use_case_id, each),
            _first_use(session, use_case_id, each),
        )
        for each in uses
    )


def _uses(session: Session, use_case_ids: Collection[UUID], first: date, last: date) -> Mapping[UUID, Sequence[Use]]:
    back = figures.days_in(first, last) - 1
    told: defaultdict[UUID, list[Told]] = defaultdict(list)
    for row in stored.told(session, use_case_ids, first, last, back=back):
        told[row.use_case_id].append(row)
    wanted = [each for use_case_id, rows in told.items() for each in _wanted(use_case_id, rows, first, last)]
    people = {(row.use_case_id, row.source, row.assigned is None): row for row in stored.people_in(session, wanted)}
    found: dict[UUID, list[Use]] = {}
    for each in use_case_ids:
        files, counts, said = _sorted(told[each])
        by_people = [_of_people(want, files, people) for want in wanted if want.use_case_id == each]
        found[each] = [*_in_order(by_people, counts, files, first, last), *_only(figures.of_check_ins(said))]
    return found


def _sorted(
    rows: Sequence[Told],
) -> tuple[
    Mapping[Kind, list[Span]],
    Mapping[UsageSource, list[Counted]],
    Sequence[tuple[date, date, int | None, int | None]],
]:
    """Return the days files told of, what was counted, and what was said in check-ins."""
    files: defaultdict[Kind, list[Span]] = defaultdict(list)
    counts: defaultdict[UsageSource, list[Counted]] = defaultdict(list)
    said = []
    for row in rows:
        if row.what == stored.IMPORT:
            files[UsageSource(row.source), UsageTells(row.kind)].append((row.first_day, row.last_day))
        elif row.what == stored.SAID:
            said.append((row.first_day, row.last_day, row.value, row.other))
        elif row.value is not None:
            measure = UsageMeasure(row.kind)
            count = Counted(measure, row.definition, row.team, row.first_day, row.last_day, row.value)
            counts[UsageSource(row.source)].append(count)
    return files, counts, said


def _wanted(use_case_id: UUID, rows: Sequence[Told], first: date, last: date) -> Iterator[Wanted]:
    """Yield over which days people are to be counted, for each source that tells of people."""
    files, _, _ = _sorted(rows)
    days = figures.days_in(first, last)
    for (source, tells), spans in files.items():
        until = figures.last_told(spans, first, last)
        if tells is not UsageTells.COUNTS and until is not None:
            yield Wanted(use_case_id, source, tells, *figures.ending(until, days))


def _of_people(
    want: Wanted, files: Mapping[Kind, list[Span]], people: Mapping[tuple[UUID, str, bool], stored.People]
) -> Use:
    is_by_day = want.tells is UsageTells.PEOPLE_BY_DAY
    found = people.get((want.use_case_id, want.source, is_by_day))
    window = (want.first_day, want.last_day)
    if is_by_day:
        told = files[want.source, want.tells]
        return figures.of_people_by_day(want.source, told, window, found.active if found else 0)
    assigned, active = (found.assigned or 0, found.active) if found else (0, 0)
    return figures.of_last_activity(want.source, window, assigned=assigned, active=active)


def _in_order(
    by_people: Sequence[Use],
    counts: Mapping[UsageSource, list[Counted]],
    files: Mapping[Kind, list[Span]],
    first: date,
    last: date,
) -> Iterator[Use]:
    """Yield what each source says, source by source; what one tells in two ways stands beside each other."""
    for source in UsageSource:
        theirs = [each for each in by_people if each.says.source == source]
        theirs += _only(figures.of_counts(source, counts.get(source, []), first, last))
        until = figures.last_told(files.get((source, UsageTells.COUNTS), []), first, last)
        if not theirs and until is not None and source not in _COUNTS_PEOPLE:
            theirs.append(figures.of_nobody(source, (first, until)))
        yield from theirs


def _movement(session: Session, use_case_id: UUID, use: Use) -> Movement:
    """Return who moved between the window before and this one, where the source tells who was who in both."""
    if use.tells not in (UsageTells.PEOPLE_BY_DAY, UsageTells.LAST_ACTIVITY):
        return figures.NO_MOVEMENT
    source, first, last = UsageSource(use.says.source), use.says.first_day, use.says.last_day
    days, yesterday = figures.days_in(first, last), first - timedelta(days=1)
    told = [
        (each.first_day, each.last_day)
        for each in stored.imports_of(session, use_case_id, source)
        if each.tells is use.tells
    ]
    until = figures.last_told(told, *figures.ending(yesterday, days))
    if until is None:
        return figures.MOVEMENT_UNSAID
    if use.tells is UsageTells.PEOPLE_BY_DAY:
        before = stored.active_between(session, use_case_id, source, *figures.ending(yesterday, days))
        now = stored.active_between(session, use_case_id, source, first, last)
        return figures.movement(before, now, stored.active_before(session, use_case_id, source, first))
    before = stored.active_as_of(session, use_case_id, source, *figures.ending(until, days))
    now = stored.active_as_of(session, use_case_id, source, first, last)
    ever = [person for person, _, active in stored.first_seen(session, use_case_id, source, until=until) if active]
    return figures.movement(before, now, ever)


def _first_use(session: Session, use_case_id: UUID, use: Use) -> FirstUse:
    """Return how long it took people to begin, where the source tells who had access before they did."""
    if use.tells is not UsageTells.LAST_ACTIVITY:
        return FirstUse(figures.CANNOT)
    source, last = UsageSource(use.says.source), use.says.last_day
    seen = stored.first_seen(session, use_case_id, source, until=last)
    return figures.time_to_first_use((first, active) for _, first, active in seen)


def _only(use: Use | None) -> list[Use]:
    return [] if use is None else [use]


_COUNTS_PEOPLE = frozenset({UsageSource.CSV, UsageSource.GITHUB_COPILOT})
