"""What is known of how use cases in use are used, over two windows in a row: summed up to the use case and source."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import UsageMeasure, UsageSource, UsageTells, UseCaseState
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, UsageCount, UsageDay, UsageImport, UsageSeen, UseCase, UseCaseRevision

IN_USE: Final = (
    UseCaseState.IN_DEPLOYMENT,
    UseCaseState.DEPLOYED,
    UseCaseState.OPTIMISING,
    UseCaseState.SCALING,
)
_IS_IN_USE: Final = col(UseCase.state).in_(IN_USE)
_PEOPLE: Final = (UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE)


class InUse(NamedTuple):
    """A use case in use, and its team by the text in force."""

    id: UUID
    number: int
    team: str
    confidential: bool


class Answered(NamedTuple):
    """What was said of people in the answer that counts to a check-in of a date."""

    number: int  # of the use case
    on_date: date
    ends_on: date  # of its period
    eligible: int | None
    active: int | None


class ByDay(NamedTuple):
    """How many people used it on any day of the window, and of the one before."""

    number: int  # of the use case
    source: UsageSource
    now: int
    before: int


class Told(NamedTuple):
    """Files told of people on each of these days, also where nobody used it on one."""

    number: int  # of the use case
    source: UsageSource
    first: date
    last: date


class Counted(NamedTuple):
    number: int  # of the use case
    source: UsageSource
    measure: UsageMeasure
    definition: str
    first: date
    last: date
    people: int


class Seen(NamedTuple):
    """A report of who has access: how many, how many used it last in the window, and later; the same of the other."""

    number: int  # of the use case
    source: UsageSource
    reported_on: date
    assigned: int
    now: int
    later: int
    before: int
    later_than_before: int


def in_use(session: Session) -> Sequence[InUse]:
    in_force = and_(
        col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
    )
    statement = (
        select_columns(col(UseCase.id), col(UseCase.number), col(UseCaseRevision.team), col(UseCase.confidential))
        .join(UseCaseRevision, in_force)
        .where(_IS_IN_USE)
    )
    return [InUse(*row) for row in session.connection().execute(statement).all()]


def answered(session: Session, since: date, last: date) -> Sequence[Answered]:
    """Return what was said of people in check-ins dated from `since` to `last`, whenever it was said."""
    eligible, active = col(CheckInAnswer.eligible), col(CheckInAnswer.active)
    counts = and_(
        col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
    )
    statement = (
        select_columns(col(UseCase.number), col(CheckIn.on_date), col(CheckIn.ends_on), eligible, active)
        .join(UseCase, col(UseCase.id) == col(CheckIn.use_case_id))
        .join(CheckInAnswer, counts)
        .where(_IS_IN_USE)
        .where(col(CheckIn.on_date).between(since, last), eligible.is_not(None) | active.is_not(None))
    )
    return [Answered(*row) for row in session.connection().execute(statement).all()]


def by_day(session: Session, since: date, first: date, last: date) -> Sequence[ByDay]:
    """Return how many people used it on any day from `first` to `last`, and on any from `since` before that."""
    now, before = (
        func.max(case((is_so, 1), else_=0)) for is_so in (col(UsageDay.day) >= first, col(UsageDay.day) < first)
    )
    # By the columns of the key and in their order: what a person did is read at one place of its index.
    person = (col(UsageDay.use_case_id), col(UsageDay.source), col(UsageDay.person_key))
    people = (
        select_columns(*person, now.label("now"), before.label("before"))
        .where(col(UsageDay.day).between(since, last))
        .group_by(*person)
        .subquery()
    )
    statement = (
        select_columns(col(UseCase.number), people.c.source, func.sum(people.c.now), func.sum(people.c.before))
        .join(people, people.c.use_case_id == col(UseCase.id))
        .where(_IS_IN_USE)
        .group_by(col(UseCase.number), people.c.source)
    )
    return [ByDay(*row) for row in session.connection().execute(statement).all()]


def days_told(session: Session, since: date, last: date) -> Sequence[Told]:
    """Return of which days files told of people day by day, of those with any from `since` to `last`."""
    columns = (col(UseCase.number), col(UsageImport.source), col(UsageImport.first_day), col(UsageImport.last_day))
    statement = (
        select_columns(*columns)
        .join(UseCase, col(UseCase.id) == col(UsageImport.use_case_id))
        .where(_IS_IN_USE, col(UsageImport.tells) == UsageTells.PEOPLE_BY_DAY)
        .where(col(UsageImport.last_day) >= since, col(UsageImport.first_day) <= last)
        .distinct()
    )
    return [Told(*row) for row in session.connection().execute(statement).all()]


def counted(session: Session, since: date, last: date) -> Sequence[Counted]:
    """Return the counts of people that count and are about any day from `since` to `last`.

    A count of all is taken before those by team, which are of other people each and are summed; where one of the teams
    told of in these days does not say this, nobody knows the sum.
    """
    period = (
        col(UsageCount.use_case_id),
        col(UsageCount.source),
        col(UsageCount.definition),
        col(UsageCount.first_day),
        col(UsageCount.last_day),
    )
    counts = (
        col(UsageCount.superseded_at).is_(None),
        col(UsageCount.measure).in_(_PEOPLE),
        col(UsageCount.last_day) >= since,
        col(UsageCount.first_day) <= last,
    )
    of_team = case((col(UsageCount.team) != "", col(UsageCount.team)))
    named = func.count(of_team.distinct()).label("teams")
    periods = select_columns(*period, named).where(*counts).group_by(*period).subquery()
    of_all = func.max(case((col(UsageCount.team) == "", col(UsageCount.value))))
    of_teams = case((func.count(of_team) == func.max(periods.c.teams), func.sum(col(UsageCount.value))))
    alike = (col(UseCase.number), col(UsageCount.source), col(UsageCount.measure), *period[2:])
    statement = (
        select_columns(*alike, func.coalesce(of_all, of_teams))
        .join(UseCase, col(UseCase.id) == col(UsageCount.use_case_id))
        .join(periods, and_(*(column == periods.c[number] for number, column in enumerate(period))))
        .where(_IS_IN_USE, *counts)
        .group_by(*alike)
    )
    return [Counted(*row) for row in session.connection().execute(statement).all() if row[-1] is not None]


def seen(session: Session, since: date, first: date, last: date, *, until: date) -> Sequence[Seen]:
    """Return what reports dated from `since` to `until` say of the days from `first` to `last`, and of those before."""
    used, yesterday = col(UsageSeen.last_active), first - timedelta(days=1)
    of = (col(UseCase.number), col(UsageSeen.source), col(UsageSeen.reported_on))
    statement = (
        select_columns(
            *of,
            func.count(),
            _how_many(used.between(first, last)),
            _how_many(used > last),
            _how_many(used.between(since, yesterday)),
            _how_many(used > yesterday),
        )
        .join(UseCase, col(UseCase.id) == col(UsageSeen.use_case_id))
        .where(_IS_IN_USE)
        .where(col(UsageSeen.reported_on).between(since, until))
        .group_by(*of)
    )
    return [Seen(*row) for row in session.connection().execute(statement).all()]


def _how_many(is_so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((is_so, 1), else_=None))
