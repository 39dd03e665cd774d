"""How many approvals somebody gave in the last minutes, and when they last said that they meant a burst of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from db.enums import Verb
from db.prepared import Prepared
from db.session import Session
from db.tables import ApprovalVote, Person, SecondLook

_GIVEN = aliased(ApprovalVote)  # beside the votes of the statement this stands in
_LATELY = (
    col(_GIVEN.cast_by) == bindparam("voter_id"),
    col(_GIVEN.cast_at) > bindparam("lately"),
    or_(col(_GIVEN.verb) == Verb.APPROVE, col(_GIVEN.verb) == Verb.APPROVE_WITH_CONDITIONS),
)
LATELY_APPROVED = select_columns(func.count()).select_from(_GIVEN).where(*_LATELY).correlate(None).scalar_subquery()
"""How many approvals `voter_id` gave after `lately`: a part of the statement every vote asks anyway."""

_CONFIRMED = exists().where(
    col(SecondLook.person_id) == col(_GIVEN.cast_by), col(SecondLook.confirmed_at) >= col(_GIVEN.cast_at)
)
_RECENT = Prepared(
    select_columns(col(_GIVEN.request_id), col(_GIVEN.cast_at))
    .where(*_LATELY, ~_CONFIRMED)
    .distinct()  # a vote that counts in a later round too has a row in each
    .order_by(col(_GIVEN.cast_at), col(_GIVEN.request_id))
)
# Both engines know this clause; SQLAlchemy has one construct for each of them.
_CONFIRM = text(
    "INSERT INTO second_looks (person_id, confirmed_at) VALUES (:person_id, :at) "
    "ON CONFLICT (person_id) DO UPDATE SET confirmed_at = excluded.confirmed_at"
).bindparams(
    bindparam("person_id", type_=SecondLook.metadata.tables["second_looks"].c.person_id.type),
    bindparam("at", type_=UTCDateTime()),
)


def hold_voter(session: Session, person_id: UUID) -> None:
    """Wait for this person's other votes, and make them wait until the commit; rows that refer to them may be added.

    Whoever has the lock of a request takes this one after it.
    """
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).first()


def recent_approvals(session: Session, person_id: UUID, *, lately: datetime) -> Sequence[tuple[UUID, datetime]]:
    """Return (request, when) of the approvals this person gave after `lately`, oldest first.

    Those of before they last confirmed a burst are not among them.
    """
    rows = _RECENT.all(session, voter_id=person_id, lately=lately)
    return [(row[0], row[1]) for row in rows]


def confirm(session: Session, person_id: UUID, *, at: datetime) -> None:
    """Keep that the person looked again: what they approved until then is not counted any more."""
    session.connection().execute(_CONFIRM, {"person_id": person_id, "at": at})
