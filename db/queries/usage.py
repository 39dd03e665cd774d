"""What sources count of how use cases are used: files that were read, counts, and people as keyed hashes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    union_all,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select

from db.enums import UsageMeasure, UsageSource, UsageTells
from db.prepared import Prepared
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, UsageCount, UsageDay, UsageImport, UsageKey, UsageSeen

_ONE = 1
_WHOSE = ("use_case_id", "source", "person_key")
_AT_ONCE = 5_000
_INSERT_DAY = Prepared(insert(UsageDay), "use_case_id", "source", "person_key", "day", "import_id", "interactions")
_INSERT_SEEN = Prepared(
    insert(UsageSeen), "use_case_id", "source", "person_key", "reported_on", "import_id", "last_active"
)
_NO_NUMBER: Any = cast(null(), Integer)
_NO_WORDS: Any = tuple(literal("", String) for _ in range(4))


class Told(NamedTuple):
    """Something told of a use case: that a file was read, a count, or what was said in a check-in.

    `what` is one of IMPORT, COUNT and SAID; `kind` what the file tells, or what the count counts. `value` and `other`
    are the count, or who could use it and who did as it was said.
    """

    what: str
    use_case_id: UUID
    source: str
    kind: str
    definition: str
    team: str
    first_day: date
    last_day: date
    value: int | None
    other: int | None


class People(NamedTuple):
    """How many people a source told of from `first_day` to `last_day`, and how many of them used it."""

    use_case_id: UUID
    source: str
    first_day: date
    last_day: date
    assigned: int | None
    active: int


class Wanted(NamedTuple):
    """Of which use case people are to be counted, from which source, and over which days, both included."""

    use_case_id: UUID
    source: UsageSource
    tells: UsageTells
    first_day: date
    last_day: date


IMPORT, COUNT, SAID = "import", "count", "said"


# ---------------------------------------------------------------------------------------------- the key


def make_key(session: Session, key: str, *, at: datetime) -> None:
    """Store the key people are hashed under, unless there is one."""
    new = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(new(UsageKey).values(id=_ONE, key=key, made_at=at).on_conflict_do_nothing())


def key(session: Session) -> str | None:
    """Return the key; None while nothing was ever imported."""
    statement = select_columns(col(UsageKey.key)).where(col(UsageKey.id) == _ONE)
    return session.connection().execute(statement).scalar()


def hold_key(session: Session) -> None:
    """Let nobody else import before the commit."""
    statement = select_columns(col(UsageKey.id)).where(col(UsageKey.id) == _ONE).with_for_update(key_share=True)
    session.connection().execute(statement)


# ------------------------------------------------------------------------------------ what a file brings


def imports_of(session: Session, use_case_id: UUID, source: UsageSource) -> Sequence[UsageImport]:
    of_it = (col(UsageImport.use_case_id) == use_case_id, col(UsageImport.source) == source)
    return session.exec(select(UsageImport).where(*of_it)).all()


def counts_between(
    session: Session, use_case_id: UUID, source: UsageSource, first: date, last: date
) -> Sequence[UsageCount]:
    """Return the counts that count and end on one of these days."""
    of_it = (
        col(UsageCount.use_case_id) == use_case_id,
        col(UsageCount.source) == source,
        col(UsageCount.superseded_at).is_(None),
        col(UsageCount.last_day).between(first, last),
    )
    return session.exec(select(UsageCount).where(*of_it)).all()


def days_between(
    session: Session, use_case_id: UUID, source: UsageSource, first: date, last: date
) -> Iterator[tuple[str, date, int | None]]:
    """Yield (person, day, interactions) of everybody who used it on one of these days."""
    statement = select_columns(col(UsageDay.person_key), col(UsageDay.day), col(UsageDay.interactions)).where(
        col(UsageDay.use_case_id) == use_case_id,
        col(UsageDay.source) == source,
        col(UsageDay.day).between(first, last),
    )
    return ((row[0], row[1], row[2]) for row in session.connection().execute(statement))


def seen_between(
    session: Session, use_case_id: UUID, source: UsageSource, first: date, last: date
) -> Iterator[tuple[str, date, date | None]]:
    """Yield (person, reported on, last active) of the reports of these days."""
    statement = select_columns(col(UsageSeen.person_key), col(UsageSeen.reported_on), col(UsageSeen.last_active)).where(
        col(UsageSeen.use_case_id) == use_case_id,
        col(UsageSeen.source) == source,
        col(UsageSeen.reported_on).between(first, last),
    )
    return ((row[0], row[1], row[2]) for row in session.connection().execute(statement))


def insert_import(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(UsageImport), dict(values))


def insert_counts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(UsageCount), list(rows))


def supersede(session: Session, ids: Collection[UUID], *, at: datetime) -> None:
    """Let these counts count no more."""
    some = list(ids)
    for begun in range(0, len(some), _AT_ONCE):
        statement = update(UsageCount).where(col(UsageCount.id).in_(some[begun : begun + _AT_ONCE]))
        session.connection().execute(statement.values(superseded_at=at))


def insert_days(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store days that are new; a hundred thousand of them hold up everybody else, so they go to the driver."""
    if rows:
        _INSERT_DAY.run_each(session, rows)


def update_days(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `import_id` and `interactions` of days that are there."""
    _update(session, UsageDay, rows, day="day", told="interactions")


def insert_seen(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        _INSERT_SEEN.run_each(session, rows)


def update_seen(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `import_id` and `last_active` of what is there."""
    _update(session, UsageSeen, rows, day="reported_on", told="last_active")


def _update(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, day: str, told: str) -> None:
    if not rows:
        return
    columns = table.metadata.tables[str(table.__tablename__)].c
    statement = update(table).where(
        *(columns[name] == bindparam(f"of_{name}", type_=columns[name].type) for name in (*_WHOSE, day))
    )
    values: dict[str, Any] = {name: bindparam(name) for name in ("import_id", told)}
    keys = {name: f"of_{name}" for name in (*_WHOSE, day)}  # an UPDATE of many rows wants names of its own for these
    renamed = [{keys.get(name, name): value for name, value in row.items()} for row in rows]
    session.connection().execute(statement.values(values), renamed)


# --------------------------------------------------------------------------------------------- reading


def told(session: Session, use_case_ids: Collection[UUID], first: date, last: date, *, back: int) -> Sequence[Told]:
    """Return everything told of these use cases that overlaps the days from `first` to `last`, in one statement.

    Files are those of up to `back` days earlier, since windows may end before `last`. Check-ins are those dated within
    the days, in the revision that counts.
    """
    if not use_case_ids:
        return []
    earlier = date.fromordinal(first.toordinal() - back)
    parts = (
        _files_told(use_case_ids, earlier, last),
        _counts_told(use_case_ids, first, last),
        _said_told(use_case_ids, first, last),
    )
    return [Told(*row) for row in session.connection().execute(union_all(*parts))]


def _files_told(use_case_ids: Collection[UUID], first: date, last: date) -> Any:
    return select_columns(
        literal(IMPORT, String),
        col(UsageImport.use_case_id),
        cast(col(UsageImport.source), String),
        cast(col(UsageImport.tells), String),
        *_NO_WORDS[:2],
        col(UsageImport.first_day),
        col(UsageImport.last_day),
        _NO_NUMBER,
        _NO_NUMBER,
    ).where(
        col(UsageImport.use_case_id).in_(use_case_ids),
        col(UsageImport.first_day) <= last,
        col(UsageImport.last_day) >= first,
    )


def _counts_told(use_case_ids: Collection[UUID], first: date, last: date) -> Any:
    return select_columns(
        literal(COUNT, String),
        col(UsageCount.use_case_id),
        cast(col(UsageCount.source), String),
        cast(col(UsageCount.measure), String),
        col(UsageCount.definition),
        col(UsageCount.team),
        col(UsageCount.first_day),
        col(UsageCount.last_day),
        col(UsageCount.value),
        _NO_NUMBER,
    ).where(
        col(UsageCount.use_case_id).in_(use_case_ids),
        col(UsageCount.superseded_at).is_(None),
        col(UsageCount.measure) != UsageMeasure.INTERACTIONS,
        col(UsageCount.first_day) <= last,
        col(UsageCount.last_day) >= first,
    )


def _said_told(use_case_ids: Collection[UUID], first: date, last: date) -> Any:
    is_counted = and_(
        col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
    )
    return (
        select_columns(
            literal(SAID, String),
            col(CheckIn.use_case_id),
            *_NO_WORDS,
            col(CheckIn.on_date),
            col(CheckIn.ends_on),
            col(CheckInAnswer.eligible),
            col(CheckInAnswer.active),
        )
        .join(CheckInAnswer, is_counted)
        .where(col(CheckIn.use_case_id).in_(use_case_ids), col(CheckIn.on_date).between(first, last))
    )


def people_in(session: Session, wanted: Collection[Wanted]) -> Sequence[People]:
    """Return how many people were told of in each of these, in one statement; what nobody was told of is missing."""
    groups: dict[tuple[UsageSource, UsageTells, date, date], list[UUID]] = {}
    for each in wanted:
        groups.setdefault((each.source, each.tells, each.first_day, each.last_day), []).append(each.use_case_id)
    parts = [
        (_by_day if tells is UsageTells.PEOPLE_BY_DAY else _last_seen)(ids, source, first, last)
        for (source, tells, first, last), ids in groups.items()
    ]
    if not parts:
        return []
    rows: Iterable[Any] = session.connection().execute(union_all(*parts))
    return [People(*row) for row in rows]


def _by_day(ids: Sequence[UUID], source: UsageSource, first: date, last: date) -> Any:
    return (
        select_columns(
            col(UsageDay.use_case_id),
            literal(source.value, String),
            literal(first, Date),
            literal(last, Date),
            cast(null(), Integer),
            func.count(col(UsageDay.person_key).distinct()),
        )
        .where(
            col(UsageDay.use_case_id).in_(ids),
            col(UsageDay.source) == source,
            col(UsageDay.day).between(first, last),
        )
        .group_by(col(UsageDay.use_case_id))
    )


def _last_seen(ids: Sequence[UUID], source: UsageSource, first: date, last: date) -> Any:
    """Count who had access as of the report of the last day, and who was active since the first one."""
    return (
        select_columns(
            col(UsageSeen.use_case_id),
            literal(source.value, String),
            literal(first, Date),
            literal(last, Date),
            func.count(),
            func.coalesce(func.sum(case((col(UsageSeen.last_active) >= first, 1), else_=0)), 0),
        )
        .where(col(UsageSeen.use_case_id).in_(ids), col(UsageSeen.source) == source, col(UsageSeen.reported_on) == last)
        .group_by(col(UsageSeen.use_case_id))
    )


def active_between(session: Session, use_case_id: UUID, source: UsageSource, first: date, last: date) -> frozenset[str]:
    """Return who used it on one of these days."""
    statement = (
        select_columns(col(UsageDay.person_key))
        .where(
            col(UsageDay.use_case_id) == use_case_id,
            col(UsageDay.source) == source,
            col(UsageDay.day).between(first, last),
        )
        .distinct()
    )
    return frozenset(session.connection().execute(statement).scalars())


def active_before(session: Session, use_case_id: UUID, source: UsageSource, day: date) -> frozenset[str]:
    """Return who used it before a day, as far as the source ever told."""
    return active_between(session, use_case_id, source, date.min, date.fromordinal(day.toordinal() - 1))


def active_as_of(session: Session, use_case_id: UUID, source: UsageSource, first: date, on: date) -> frozenset[str]:
    """Return who was active last on `first` or later, as of the report of a day."""
    statement = select_columns(col(UsageSeen.person_key)).where(
        col(UsageSeen.use_case_id) == use_case_id,
        col(UsageSeen.source) == source,
        col(UsageSeen.reported_on) == on,
        col(UsageSeen.last_active) >= first,
    )
    return frozenset(session.connection().execute(statement).scalars())


def first_seen(
    session: Session, use_case_id: UUID, source: UsageSource, *, until: date
) -> Sequence[tuple[str, date, date | None]]:
    """Return (person, first reported on, earliest activity known) of everybody in the reports up to a day."""
    statement = (
        select_columns(
            col(UsageSeen.person_key), func.min(col(UsageSeen.reported_on)), func.min(col(UsageSeen.last_active))
        )
        .where(
            col(UsageSeen.use_case_id) == use_case_id,
            col(UsageSeen.source) == source,
            col(UsageSeen.reported_on) <= until,
        )
        .group_by(col(UsageSeen.person_key))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]
