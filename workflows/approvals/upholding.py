"""Who speaks for a lane after it has decided: whoever could decide it today, with those who did."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Membership
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows import people
from workflows.approvals.related import asked_in
from workflows.people import Actor
from workflows.policy import LEAD


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks for a lane; `stands_in_for` is who is away and has asked them to decide meanwhile."""

    person: Actor
    voted: bool = False
    stands_in_for: Actor | None = None


def hold(session: Session, subject_kind: str, subject_id: UUID) -> None:
    """Let nobody else change a request about this subject before the commit, nor what follows from one."""
    stored.lock_about(session, subject_kind, subject_id)


def speakers(session: Session, lane_id: UUID, *, without: Collection[UUID], now: datetime) -> Sequence[Speaker]:
    """Return who speaks for a lane now, and who stands in for those of them who are away.

    Those who hold its role, or are who it asks, and those whose votes stand in it; full members, and never anybody in
    `without` or barred from any request about the subject. Where nobody is left its fallbacks do, in order, then the
    programme leads.
    """
    lane = stored.lane(session, lane_id)
    if lane is None:
        return ()
    barred = {*without, *stored.barred_about(session, lane.request_id)}
    voters = stored.voters_of(session, lane_id)
    for role in (None, *filter(None, lane.fallbacks.split(",")), LEAD):
        found = _of_lane(session, lane, voters) if role is None else asked_in(session, lane.request_id, role)
        able = [each for each in found if each.id not in barred]
        if able:
            return [*(Speaker(each, each.id in voters) for each in able), *_standing_in(session, able, barred, now=now)]
    return ()


def _of_lane(session: Session, lane: ApprovalLane, voters: Collection[UUID]) -> Sequence[Actor]:
    """Return those who voted in a lane before those who could have."""
    wanted = list(people.named(session, {*voters, *filter(None, [lane.ad_hoc_id])}).values())
    found = {each.id: each for each in wanted if each.membership is Membership.MEMBER}
    if lane.ad_hoc_id is None:
        found |= {each.id: each for each in asked_in(session, lane.request_id, lane.seated_role or lane.role)}
    return list(found.values())


def _standing_in(
    session: Session, able: Sequence[Actor], barred: Collection[UUID], *, now: datetime
) -> Sequence[Speaker]:
    """Return the delegates of those who are away: full members who are not away themselves and may speak here."""
    delegates = people.delegates_of(session, [each.id for each in able], now=now)
    away = people.delegates_of(session, [each.id for each in delegates.values()], now=now)
    own = {each.id for each in able}
    return [
        Speaker(delegates[each.id], stands_in_for=each)
        for each in able
        if each.id in delegates
        and delegates[each.id].membership is Membership.MEMBER
        and delegates[each.id].id not in {*barred, *own, *away}
    ]
