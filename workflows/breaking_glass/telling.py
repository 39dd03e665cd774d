"""Tell people of a break-glass: who has to agree, and everybody whose decision it does not wait for."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import Membership, OutboxKind
from db.session import Session
from workflows import approvals, intake, outbox, people
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass.snapshots import GlassSnapshot
from workflows.outbox import Promise
from workflows.people import ADMIN, LEAD, Actor


class Told(StrEnum):
    """What somebody is told of a break-glass. Stored in promises; never rename one."""

    IN_FORCE = "in_force"
    RATIFIED = "ratified"
    REFUSED = "refused"
    ENDED = "ended"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    UNANSWERED = "unanswered"
    DECIDED = "decided"


def concerned(session: Session, request: RequestSnapshot, glass: GlassSnapshot) -> dict[UUID, Actor]:
    """Return the full members it goes past or matters to, each once.

    Those asked in this round and those who are to be asked later, proposer, owner, sponsor and editors, the programme
    leads, the admins, and the two themselves. All of them may know of a request that is confidential.
    """
    lanes = [lane for stage in request.stages for lane in stage.lanes]
    seats = [seat for lane in lanes for seat in lane.seats if not seat.has_left]
    ids = {seat.person.id for seat in seats} | {seat.delegate.id for seat in seats if seat.delegate}
    ids |= request.related | intake.insiders(session, glass.subject_id) | {request.requester.id}
    ids |= {glass.called_by.id, glass.second.id}
    roles = {lane.role for lane in lanes if not lane.seats} | {LEAD, ADMIN}
    holders = {each.id: each for role in sorted(roles) for each in people.holders_of(session, role)}
    known = {**people.named(session, ids), **holders}
    return {key: each for key, each in known.items() if each.membership is Membership.MEMBER}


def news_of(glass: GlassSnapshot, what: Told, to: Collection[Actor]) -> list[Promise]:
    return [
        Promise(OutboxKind.BREAK_GLASS_TOLD, each.slack_id, glass.id, {"what": what.value, "person": str(each.id)})
        for each in to
    ]


def tell_everybody(
    session: Session,
    request: RequestSnapshot,
    glass: GlassSnapshot,
    what: Told,
    *,
    without: Collection[UUID],
    now: datetime,
) -> None:
    """Tell everybody concerned but those who know, and redraw cards and Homes, which show it too."""
    all_of_them = concerned(session, request, glass)
    told = [each for key, each in all_of_them.items() if key not in without]
    approvals.redraw(session, request.id, people=all_of_them.keys(), news=news_of(glass, what, told), now=now)


def tell_of_call(session: Session, glass: GlassSnapshot, news: Collection[Promise], *, now: datetime) -> None:
    """Send `news` of a call, and redraw the Homes of the two, where it stands while it waits."""
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, [glass.called_by.id, glass.second.id])
    ]
    outbox.promise(session, [*homes, *news], now=now)
