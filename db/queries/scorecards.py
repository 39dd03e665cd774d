"""Rounds of opinions, who is asked, and what they said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, insert, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import Dimension
from db.ids import new_id
from db.prepared import Prepared
from db.session import Session
from db.tables import Scorecard, ScorecardAsked, ScorecardProof, ScorecardScore

# Every beat of the clock asks these two, so they are prepared.
_DUE = Prepared(
    select_columns(col(Scorecard.id))
    .where(
        or_(
            col(Scorecard.is_open).is_(True) & (col(Scorecard.closes_at) <= bindparam("now")),
            col(Scorecard.tell_at) <= bindparam("now"),
        )
    )
    .order_by(col(Scorecard.number))
)
_TO_ASK = Prepared(
    select_columns(col(ScorecardAsked.scorecard_id), col(ScorecardAsked.person_id))
    .where(col(ScorecardAsked.act_at) <= bindparam("now"))
    .order_by(col(ScorecardAsked.act_at), col(ScorecardAsked.person_id))
    .limit(bindparam("at_most", type_=Integer()))
)


class ToAsk(NamedTuple):
    """Somebody the clock has to write to about a round."""

    scorecard_id: UUID
    person_id: UUID


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """Return the rounds whose last day is over, or of which somebody is to be told."""
    return [row[0] for row in _DUE.all(session, now=now)]


def to_ask(session: Session, now: datetime, *, limit: int) -> Sequence[ToAsk]:
    """Return whom the clock has to write to, the longest due first."""
    return [ToAsk(*row) for row in _TO_ASK.all(session, now=now, at_most=limit)]


def open_round(session: Session) -> Scorecard | None:
    return session.exec(select(Scorecard).where(col(Scorecard.is_open).is_(True))).first()


def round_of(session: Session, scorecard_id: UUID) -> Scorecard | None:
    """Return a round as it is stored now."""
    statement = select(Scorecard).where(Scorecard.id == scorecard_id)
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def numbered(session: Session, number: int) -> Scorecard | None:
    return session.exec(select(Scorecard).where(Scorecard.number == number)).first()


def newest_closed(session: Session, *, before: int | None = None) -> Scorecard | None:
    """Return the newest round that is over; of those with a number below `before`, where given."""
    statement = select(Scorecard).where(col(Scorecard.closed_at).is_not(None))
    if before is not None:
        statement = statement.where(col(Scorecard.number) < before)
    return session.exec(statement.order_by(col(Scorecard.number).desc()).limit(1)).first()


def lock_round(session: Session, scorecard_id: UUID) -> Scorecard | None:
    """Return a round that nobody else can answer or close before the commit."""
    statement = select(Scorecard).where(Scorecard.id == scorecard_id).with_for_update()
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def insert_round(session: Session, values: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]) -> UUID:
    """Store a round and whom it asks; a second open one violates its key, and its transaction fails."""
    scorecard_id = new_id()
    session.connection().execute(insert(Scorecard), {"id": scorecard_id, "is_open": True, **values})
    rows = [{"scorecard_id": scorecard_id, "messages": 0, **each} for each in asked]
    session.connection().execute(insert(ScorecardAsked), rows)
    return scorecard_id


def close_round(
    session: Session, scorecard_id: UUID, values: Mapping[str, Any], proofs: Sequence[Mapping[str, Any]]
) -> None:
    """Close a round the caller holds, with what is proven now; nobody is written to about answers any more."""
    connection = session.connection()
    changed = connection.execute(
        update(Scorecard)
        .where(col(Scorecard.id) == scorecard_id, col(Scorecard.is_open).is_(True))
        .values(is_open=None, **values)
    )
    if changed.rowcount != 1:
        raise LookupError(f"scorecard {scorecard_id} is closed already")
    connection.execute(insert(ScorecardProof), [{"scorecard_id": scorecard_id, **each} for each in proofs])
    connection.execute(
        update(ScorecardAsked).where(col(ScorecardAsked.scorecard_id) == scorecard_id).values(act_at=None)
    )


def set_tell_at(session: Session, scorecard_id: UUID, at: datetime | None) -> None:
    session.connection().execute(update(Scorecard).where(col(Scorecard.id) == scorecard_id).values(tell_at=at))


def asked(session: Session, scorecard_ids: Collection[UUID]) -> Sequence[ScorecardAsked]:
    if not scorecard_ids:
        return []
    statement = select(ScorecardAsked).where(col(ScorecardAsked.scorecard_id).in_(scorecard_ids))
    return session.exec(statement, execution_options={"populate_existing": True}).all()


def lock_asked(session: Session, scorecard_id: UUID, person_id: UUID) -> ScorecardAsked | None:
    """Return somebody's place in a round that nobody else can change before the commit."""
    statement = select(ScorecardAsked).where(
        ScorecardAsked.scorecard_id == scorecard_id, ScorecardAsked.person_id == person_id
    )
    return session.exec(statement.with_for_update(), execution_options={"populate_existing": True}).first()


def set_asked(session: Session, scorecard_id: UUID, person_id: UUID, values: Mapping[str, Any]) -> None:
    statement = update(ScorecardAsked).where(
        col(ScorecardAsked.scorecard_id) == scorecard_id, col(ScorecardAsked.person_id) == person_id
    )
    session.connection().execute(statement.values(**values))


def put_scores(
    session: Session, scorecard_id: UUID, person_id: UUID, scores: Mapping[Dimension, int | None], *, at: datetime
) -> None:
    """Store what somebody says of these dimensions, in place of what they said of them before."""
    connection = session.connection()
    connection.execute(
        delete(ScorecardScore).where(
            col(ScorecardScore.scorecard_id) == scorecard_id,
            col(ScorecardScore.person_id) == person_id,
            col(ScorecardScore.dimension).in_(scores),
        )
    )
    place = {"scorecard_id": scorecard_id, "person_id": person_id, "scored_at": at}
    rows = [{**place, "dimension": dimension, "score": score} for dimension, score in scores.items()]
    if rows:
        connection.execute(insert(ScorecardScore), rows)


def scores_of(session: Session, scorecard_id: UUID, person_id: UUID) -> dict[Dimension, int | None]:
    """Return what one person says."""
    statement = select_columns(col(ScorecardScore.dimension), col(ScorecardScore.score)).where(
        col(ScorecardScore.scorecard_id) == scorecard_id, col(ScorecardScore.person_id) == person_id
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def scores(session: Session, scorecard_id: UUID) -> Sequence[tuple[Dimension, int | None]]:
    """Return what everybody says, without who said it."""
    statement = (
        select_columns(col(ScorecardScore.dimension), col(ScorecardScore.score))
        .where(col(ScorecardScore.scorecard_id) == scorecard_id)
        .order_by(col(ScorecardScore.dimension), col(ScorecardScore.score))
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def proofs(session: Session, scorecard_id: UUID) -> Sequence[ScorecardProof]:
    return session.exec(select(ScorecardProof).where(ScorecardProof.scorecard_id == scorecard_id)).all()
