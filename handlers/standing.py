"""Say where a request stands and who has it now, the same on every screen."""

from uuid import UUID

from db.enums import LaneStatus, RequestStatus, StageStatus, Verb
from handlers.text import REQUEST_STATUSES, TIERS, escape, listed, moment, named, shown
from workflows.approvals import LaneSnapshot, Refusal, RequestSnapshot, approvals_needed

LANES_SHOWN = 8
_MARKS = {RequestStatus.IN_REVIEW: "⏳", RequestStatus.APPROVED: "✅", RequestStatus.REJECTED: "⛔"}
_DID = {Verb.APPROVE: "approved", Verb.REJECT: "rejected"}
_REFUSALS = {
    Refusal.OWN_REQUEST: "You proposed {reference}, so somebody else decides on it.",
    Refusal.OWN_USE_CASE: "You own {reference}, so somebody else decides on it.",
    Refusal.OWN_EDIT: "You edited what was submitted as {reference}, so somebody else decides on it.",
    Refusal.NOT_AN_APPROVER: "You are not among the people asked to decide on {reference}. Nothing was changed.",
    Refusal.CONTENT_CHANGED: "{reference} was changed after this card was drawn. Please read the new card.",
    Refusal.NOT_YET: "{reference} has not reached you yet: an earlier stage is still deciding.",
    Refusal.REASON_MISSING: "Please give a reason: the proposer needs to know what would have to change.",
    Refusal.ALREADY_DECIDED: "{reference} is no longer open for your decision. Nothing was changed.",
    Refusal.UNKNOWN: "{reference} does not exist any more. Nothing was changed.",
}


def standing(request: RequestSnapshot) -> str:
    """Return in one line where a request stands and who has it now."""
    status = f"{_MARKS[request.status]} {REQUEST_STATUSES[request.status]}"
    last = request.last_vote()
    if request.status is not RequestStatus.IN_REVIEW:
        return f"{status} by {named(last[0].name)} {moment(last[1].cast_at)}" if last else status
    names = [person.name for person in request.waits_for()]
    if not names:
        return f"⚠️ {status}, but nobody may decide it yet. An admin has to give somebody the role."
    return f"{status}: {listed([named(name) for name in names])} has it now"


def progress(request: RequestSnapshot) -> list[str]:
    """Return where the request stands, lane by lane, and what happens next, as mrkdwn lines."""
    if request.status is not RequestStatus.IN_REVIEW:
        return [decided(request)]
    lines = []
    for stage in request.stages:
        if stage.status is StageStatus.OPEN:
            lines += [_lane_line(lane) for lane in stage.lanes]
    if len(lines) > LANES_SHOWN:  # a context block holds ten elements
        lines = [*lines[:LANES_SHOWN], f"… and {len(lines) - LANES_SHOWN} more lanes."]
    waiting = [stage.name for stage in request.stages if stage.status is StageStatus.WAITING]
    following = f"Next: {named(waiting[0])}." if waiting else "Next: with that it is approved and the proposer is told."
    return [*lines, following]


def decided(request: RequestSnapshot) -> str:
    last = request.last_vote()
    status = f"{_MARKS[request.status]} *{REQUEST_STATUSES[request.status]}*"
    if last is None:
        return f"{status}."
    person, vote = last
    reason = f" Reason: “{escape(shown(' '.join(vote.reason.split()), limit=400))}”" if vote.reason else ""
    return f"{status} by {named(person.name)} {moment(vote.cast_at)}.{reason}"


def refusal_text(why: Refusal, request: RequestSnapshot | None, viewer: UUID | None) -> str:
    """Return what a person is told whose vote does not count; the late one hears who decided and when."""
    if why is Refusal.ALREADY_DECIDED and request is not None:
        own = request.vote_of(viewer) if viewer else None
        if own is not None:
            did, when = _DID[own[1].verb], moment(own[1].cast_at)
            return f"You {did} {request.reference} {when}; that is stored and counts once."
        if request.status is not RequestStatus.IN_REVIEW:
            return f"{request.reference}: {decided(request)} Your click came later and changed nothing."
        faster = request.vote_instead_of(viewer) if viewer else None
        if faster is not None:
            who, did, when = named(faster[0].name), _DID[faster[1].verb], moment(faster[1].cast_at)
            return f"{who} {did} {request.reference} {when}. Your click came later and changed nothing."
    return _REFUSALS[why].format(reference=request.reference if request else "That request")


def proposed(request: RequestSnapshot) -> str:
    """Return who proposed it when, under which tier."""
    return f"*{TIERS[request.tier]}* · proposed by {named(request.requester.name)} · {moment(request.opened_at)}"


def _lane_line(lane: LaneSnapshot) -> str:
    if lane.status is LaneStatus.BLOCKED:
        return (
            f"⚠️ *{named(lane.name)} is blocked*: nobody may decide it. "
            "An admin must give its role to somebody who neither proposed nor owns it."
        )
    needed = approvals_needed(lane.rule, len(lane.seats))
    given = sum(seat.vote is not None and seat.vote.verb is Verb.APPROVE for seat in lane.seats)
    if lane.status is LaneStatus.APPROVED:
        return f"✅ {named(lane.name)}: approved."
    names = [named(seat.person.name) for seat in lane.seats if seat.vote is None]
    since = min((seat.asked_at for seat in lane.seats), default=None)
    asked = f", asked {moment(since)}" if since else ""
    return f"⏳ *{named(lane.name)}*: {given} of {needed} approved; waits for {listed(names)}{asked}."
