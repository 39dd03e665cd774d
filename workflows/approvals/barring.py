"""Say that people may never vote on a request, because of what they did about it."""

from collections.abc import Collection
from uuid import UUID

from db.enums import Exclusion
from db.queries import approvals as stored
from db.session import Session


def bar(session: Session, request_id: UUID, person_ids: Collection[UUID], why: Exclusion) -> None:
    """Keep these people from voting on a request, also in its later rounds. The caller holds it; none is barred yet."""
    for person_id in person_ids:
        stored.bar(session, request_id, person_id, why)


def barred_for_good(session: Session, request_id: UUID) -> dict[UUID, Exclusion]:
    """Return who may not vote on a request whatever its next round says: who let it go ahead by break-glass."""
    rows = stored.exclusions(session, request_id)
    return {each.person_id: each.why for each in rows if each.why is Exclusion.BROKE_GLASS}
