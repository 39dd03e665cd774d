"""What a digest says of adoption, and what stands behind it. Numbers of people: by team, as known when it is asked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from db.enums import UsageSource
from db.queries import adoption as stored
from db.session import Session
from workflows.adoption import by_team, figures, sources
from workflows.adoption.snapshots import Adoption, SourceUse
from workflows.adoption.sources import CHECK_IN
from workflows.adoption.weekly_rules import ACTIVE, ASSIGNED, ELIGIBLE, Case, Kind, Sample, sources_of
from workflows.people.rules import team_key

REPORTED_WITHIN: Final = timedelta(days=7)
"""How long after a window a report of last activity may be dated that still tells of it."""


class _Days(NamedTuple):
    first: date
    last: date


def adoption_in(
    session: Session,
    first: date,
    last: date,
    *,
    team: str | None,
    now: datetime,  # noqa: ARG001 - of a past window, too, is told what is known by now
) -> Adoption:
    """Return how much is used from `first` to `last`, both included, by team; of one `team` only where one is named.

    Teams are those of the use cases in use now, by the text in force, however they are spelt. What is hidden and why is
    in `by_team` and `suppression`, which source counts in `weekly_rules`. At most fifty teams are named, by name; the
    rest is in the total.
    """
    cases = _cases(session, first, last)
    key_of = {name: team_key(name) for name in {each.team for each in cases}}
    return by_team.adoption(cases, key_of, team=None if team is None else team_key(team))


def sources_behind(
    session: Session,
    first: date,
    last: date,
    *,
    team: str | None,
    now: datetime,  # noqa: ARG001 - as above
) -> tuple[tuple[UUID, SourceUse], ...]:
    """Return what each source says of each use case in use. The caller leaves out those a reader may not read.

    Confidential use cases are among them, of a `team` too. Fewer than five people are hidden here as well.
    """
    key = None if team is None else team_key(team)
    cases = [each for each in _cases(session, first, last) if key in (None, team_key(each.team))]
    return tuple((each.id, says) for each in cases for says in sources_of(each.now))


def _cases(session: Session, first: date, last: date) -> list[Case]:
    """Return the use cases in use, with what every source says of them in the window and the one before."""
    now = _Days(first, last)
    before = _Days(first - (last - first) - timedelta(days=1), first - timedelta(days=1))
    said: tuple[defaultdict[int, list[Sample]], ...] = (defaultdict(list), defaultdict(list))
    found = (
        *_answers(session, now, before),
        *_people_by_day(session, now, before),
        *_counts(session, now, before),
        *_last_activity(session, now, before),
    )
    for which, number, sample in found:
        said[which][number].append(sample)
    return [
        Case(each.id, each.team, each.confidential, said[0].get(each.number, ()), said[1].get(each.number, ()))
        for each in stored.in_use(session)
    ]


_Found = Iterator[tuple[int, int, Sample]]
"""In which window, nought for the newer one, of the use case with which number, and what."""


def _answers(session: Session, now: _Days, before: _Days) -> _Found:
    for row in stored.answered(session, before.first, now.last):
        which, asked = int(row.on_date < now.first), figures.asked_of(row.on_date, row.ends_on)
        for measure, people in ((ELIGIBLE, row.eligible), (ACTIVE, row.active)):
            if people is not None:
                yield which, row.number, Sample(Kind.ANSWER, CHECK_IN, sources.SAID, *asked, measure, people)


def _people_by_day(session: Session, now: _Days, before: _Days) -> _Found:
    """Yield how many people used it in a window of which any day was told, nobody among them: that is not unsaid."""
    told: defaultdict[tuple[int, UsageSource], list[figures.Span]] = defaultdict(list)
    for each in stored.days_told(session, before.first, now.last):
        told[each.number, each.source].append((each.first, each.last))
    used = {(row.number, row.source): row for row in stored.by_day(session, before.first, now.first, now.last)}
    for (number, source), spans in told.items():
        row = used.get((number, source))
        for which, (days, people) in enumerate(((now, row.now if row else 0), (before, row.before if row else 0))):
            if figures.days_told(spans, *days):
                definition = figures.by_day_defined(spans, days)
                yield which, number, Sample(Kind.DAYS, source.value, definition, *days, ACTIVE, people)


def _counts(session: Session, now: _Days, before: _Days) -> _Found:
    for row in stored.counted(session, before.first, now.last):
        said = Sample(Kind.COUNT, row.source.value, row.definition, row.first, row.last, row.measure, row.people)
        for which, days in enumerate((now, before)):
            is_within = days.first <= row.first and row.last <= days.last
            is_about = row.first <= days.last and days.first <= row.last
            if is_within or (is_about and row.measure is not ACTIVE):
                yield which, row.number, said


def _last_activity(session: Session, now: _Days, before: _Days) -> _Found:
    reports: defaultdict[tuple[int, str], list[stored.Seen]] = defaultdict(list)
    for row in stored.seen(session, before.first, now.first, now.last, until=now.last + REPORTED_WITHIN):
        reports[row.number, row.source.value].append(row)
    for (number, source), rows in reports.items():
        for which, days in enumerate((now, before)):
            for sample in _last_activity_in(days, source, [_Report.of(row, which) for row in rows]):
                yield which, number, sample


class _Report(NamedTuple):
    """What a report says of one window: who has access, who used it last in it, and who did later."""

    on: date
    assigned: int
    active: int
    later: int

    @classmethod
    def of(cls, row: stored.Seen, which: int) -> "_Report":
        in_it = (row.before, row.later_than_before) if which else (row.now, row.later)
        return cls(row.reported_on, row.assigned, *in_it)


def _last_activity_in(days: _Days, source: str, reports: Sequence[_Report]) -> Iterator[Sample]:
    """Yield what the report that tells most of a window says.

    That is the first one after its last day by which nobody has used it again; else the last one within it, up to that
    day. Whoever used it later may have used it in the window as well: that cannot be told.
    """
    told = [each for each in reports if days.first <= each.on <= days.last + REPORTED_WITHIN]
    if not told:
        return
    whole = [each for each in told if each.on >= days.last and not each.later]
    within = [each for each in told if each.on <= days.last]
    best = min(whole, default=None) or max(within, default=None) or min(told)
    kind = Kind.SEEN if best.on <= days.last or not best.later else Kind.ACCESS
    definition = f"last activity as reported on {best.on.isoformat()}"
    until = min(best.on, days.last)
    yield Sample(kind, source, definition, days.first, until, ASSIGNED, best.assigned)
    if kind is Kind.SEEN:
        yield Sample(kind, source, definition, days.first, until, ACTIVE, best.active)
