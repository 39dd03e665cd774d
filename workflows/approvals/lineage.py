"""Which votes of earlier rounds a request's lanes rest on: approvals they keep, and votes that count on in them."""

from uuid import UUID

from db.enums import Verb
from db.queries import approvals as stored
from db.session import Session


def conditional_votes(session: Session, request_id: UUID) -> frozenset[tuple[UUID, UUID]]:
    """Return (lane, person) of every vote with conditions that counts in a request as its current round stands.

    The lane is the one in which it stands, and each lane of an earlier round from which it came there.
    """
    row = stored.request(session, request_id)
    if row is None:
        return frozenset()
    lanes = stored.lanes(session, request_id, of_round=row.round)
    cast: dict[UUID, set[UUID]] = {}
    for vote in stored.votes(session, request_id):
        if vote.verb is Verb.APPROVE_WITH_CONDITIONS:
            cast.setdefault(vote.lane_id, set()).add(vote.person_id)
    return frozenset(
        (each, person)
        for lane in lanes
        if lane.id in cast
        for each in lineage(session, lane.id)
        for person in cast[lane.id]
    )


def lineage(session: Session, lane_id: UUID) -> tuple[UUID, ...]:
    """Return a lane and those of earlier rounds whose approval it keeps or whose votes it took up, the newest first."""
    found: list[UUID] = []
    following: UUID | None = lane_id
    while following is not None:
        found.append(following)
        lane = stored.lane(session, following)
        following = (lane.kept_from or lane.votes_from) if lane else None
    return tuple(found)
