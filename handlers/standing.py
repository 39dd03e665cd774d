"""Say where a request stands and who has it now, the same on every screen."""

from collections.abc import Sequence
from uuid import UUID

from db.enums import APPROVING, PENDING, LaneStatus, RequestStatus, StageStatus, SuspensionCause, UseCaseState, Verb
from handlers.kinds import kind_of
from handlers.text import (
    SUSPENDED_UNTIL,
    TIERS,
    USE_CASE_STATES,
    answer_in_words,
    day_in_words,
    inline,
    listed,
    moment,
    named,
)
from workflows.approvals import LaneSnapshot, RequestSnapshot, SeatSnapshot, VoteSnapshot
from workflows.intake import CHANGEABLE, LIVE, UseCaseSnapshot
from workflows.people import Actor
from workflows.policy import RELATIONS, TierReason

LANES_SHOWN = 8
REASONS_SHOWN = 4
REASON_SHOWN = 300  # characters, which escaped and beside escaped names still fit into one text
_MARKS = {
    RequestStatus.IN_REVIEW: "⏳",
    RequestStatus.CHANGES_REQUESTED: "✏️",
    RequestStatus.APPROVED: "✅",
    RequestStatus.REJECTED: "⛔",
    RequestStatus.WITHDRAWN: "↩️",
    RequestStatus.EXPIRED: "⌛",
}
_VOTED = {Verb.APPROVE: "✅", Verb.APPROVE_WITH_CONDITIONS: "☑️", Verb.REQUEST_CHANGES: "✏️", Verb.REJECT: "⛔"}
DID = {
    Verb.APPROVE: "approved",
    Verb.APPROVE_WITH_CONDITIONS: "approved with conditions",
    Verb.REQUEST_CHANGES: "asked for changes to",
    Verb.REJECT: "rejected",
}
_TO_UNBLOCK = {False: "give its role to somebody", True: "make somebody programme lead"}  # by: is it a relation


def standing(request: RequestSnapshot, *, with_tier: bool = False) -> str:
    """Return in one line where a request stands and who has it now; its tier where what stands around has another."""
    status = f"{_MARKS[request.status]} {_status(request, with_tier=with_tier)}"
    if request.status is not RequestStatus.IN_REVIEW:
        has_it = f": {_answers_for(request)} has it now" if request.changes_asked() else ""
        by = ": " if request.status in (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED) else " by "
        return f"{status}{by}{_decider(request)}{has_it}"
    names = list({person.id: person.name for person in request.waits_for()}.values())
    if not names:
        return f"⚠️ {status}, but nobody may decide it yet. An admin has to give somebody a role that may."
    return f"{status}: {has_it_now(names)}"


def what_holds(request: RequestSnapshot, state: UseCaseState, causes: Sequence[SuspensionCause]) -> str:
    """Return that a use case is suspended and for how long, or what it is while a change of it is asked for, or was."""
    if state is UseCaseState.SUSPENDED:
        return suspended_until(causes)
    if state is UseCaseState.RETIRED:
        return "🗄️ It is retired: nobody uses it any more."
    if not request.is_change or request.status is RequestStatus.APPROVED:
        return ""
    is_undecided = request.status in PENDING
    if state in CHANGEABLE:
        until = " until this is decided" if is_undecided else ""
        return f"✅ It stays approved as it was{until}."
    ended = "⚠️ Its earlier approval ended when the change was sent; it is not approved any more."
    return "⚠️ Its tier rose, so its earlier approval no longer counts." if is_undecided else ended


def in_use(state: UseCaseState) -> str:
    """Return how far a use case is in its life, where it is in use."""
    return f"🚀 {USE_CASE_STATES[state]}." if state in LIVE else ""


def approved_until(use_case: UseCaseSnapshot) -> str:
    """Return until when a use case's approval holds, where it does and that is known."""
    has_lapsed = SuspensionCause.APPROVAL_LAPSED in use_case.suspended_by
    if use_case.valid_until is None or use_case.state not in CHANGEABLE or has_lapsed:
        return ""
    return f"📅 Approved until {day_in_words(use_case.valid_until)}."


def suspended_until(causes: Sequence[SuspensionCause]) -> str:
    """Return until when something is suspended: until nothing holds it up any more."""
    until = listed([SUSPENDED_UNTIL[cause] for cause in causes], last="and")
    return f"⏸️ It is suspended until {until}."


def _status(request: RequestSnapshot, *, with_tier: bool) -> str:
    called = kind_of(request.subject_kind).status(request.status)
    status = "Approved with conditions" if request.is_conditional else called
    if request.is_change:
        is_back = request.status is RequestStatus.CHANGES_REQUESTED
        status = "Changes requested to the change" if is_back else f"Change {status.lower()}"
    return f"{status} ({TIERS[request.tier]})" if with_tier else status


def has_it_now(names: Sequence[str]) -> str:
    """Return “Ann has it now”, “Ann and Ben have it now”."""
    return f"{listed([named(name) for name in names], last='and')} {'has' if len(names) == 1 else 'have'} it now"


def progress(
    request: RequestSnapshot, viewer: UUID | None = None, *, with_tier: bool = False, renews: bool = False
) -> list[str]:
    """Return where the request stands, lane by lane, what happens next and by when, as mrkdwn lines.

    With a `viewer` the lines speak to them, who must be one of those involved: they may read the reason. Without
    one the lines are fit for everybody. `with_tier`: they begin with what has the request's tier, as in `standing`.
    `renews`: nothing would change, the question is whether an approval still holds.
    """
    if request.status is not RequestStatus.IN_REVIEW:
        return [decided(request, with_reason=viewer is not None, with_tier=with_tier)]
    open_lanes = [lane for stage in request.stages if stage.status is StageStatus.OPEN for lane in stage.lanes]
    own = request.open_lane_of(viewer) if viewer else None
    lines = _lines_beside(own, open_lanes, viewer) if own else [_lane_line(lane, viewer) for lane in open_lanes]
    if len(lines) > LANES_SHOWN:
        lines = [*lines[:LANES_SHOWN], f"… and {len(lines) - LANES_SHOWN} more lanes."]
    waiting = [stage.name for stage in request.stages if stage.status is StageStatus.WAITING]
    lines = [*([standing(request, with_tier=True)] if with_tier else []), *_passed(request), *lines]
    kind = kind_of(request.subject_kind)
    then = "the change is in force" if request.is_change else kind.once_approved
    then = "its approval is renewed" if renews else then
    final = f"If {kind.approved}, {then} and {_answers_for(request)} is told."
    lines += _may_change(request, viewer) if viewer and own else []
    lines += [*_vote_that_stands(request, viewer), f"Next: {named(waiting[0])}." if waiting else final]
    return [*lines, *(_by_when(request, viewer) if viewer else [])]


def _may_change(request: RequestSnapshot, viewer: UUID) -> list[str]:
    """Tell somebody whom one lane still waits for where they may change what they decided in others."""
    lanes = [f"*{named(lane.name)}*" for lane, _ in request.votes_to_change(viewer)]
    until = "until they have, you can open it and change your decision there."
    return [f"Others still decide in {listed(lanes, last='and')}: {until}"] if lanes else []


def _vote_that_stands(request: RequestSnapshot, viewer: UUID | None) -> list[str]:
    """Tell somebody whose earlier vote still counts that nothing is asked of them."""
    for seat in (seat for lane in request.open_lanes() for seat in lane.seats):
        vote = _of_an_earlier_round(seat)
        if vote is not None and viewer in {seat.person.id, vote.delegate.id if vote.delegate else seat.person.id}:
            did = "approval" if vote.verb in APPROVING else "rejection"
            return [f"Your {did}, {moment(vote.cast_at)}, still counts: nothing you look at has changed since."]
    return []


def _of_an_earlier_round(seat: SeatSnapshot) -> VoteSnapshot | None:
    """Return a vote that was given before its person was asked here, and still counts."""
    return seat.vote if seat.vote is not None and seat.vote.cast_at < seat.asked_at else None


def _by_when(request: RequestSnapshot, person_id: UUID) -> list[str]:
    """Return by when this person should decide and when they are reminded, in one line; none when no date is known."""
    seat = request.open_seat_of(person_id)
    if seat is None or seat.due_at is None:
        return []
    if seat.is_overdue:
        return [f"Your decision was due {moment(seat.due_at)}."]
    reminded = ""
    if seat.remind_at is not None:
        reminded = f"; you are reminded {'then' if seat.remind_at == seat.due_at else moment(seat.remind_at)}"
    return [f"Please decide by *{moment(seat.due_at)}*{reminded}."]


def _lines_beside(own: LaneSnapshot, lanes: Sequence[LaneSnapshot], viewer: UUID | None) -> list[str]:
    """Return the lane of somebody whose turn it is, and the others in as few lines as they allow."""
    others = [lane for lane in lanes if lane.id != own.id]
    blocked = [_lane_line(lane, viewer) for lane in others if lane.status is LaneStatus.BLOCKED]
    waiting = [f"*{named(lane.name)}*" for lane in others if lane.status is LaneStatus.OPEN]
    approved = [f"*{named(lane.name)}*" for lane in others if lane.status is LaneStatus.APPROVED]
    lines = [_lane_line(own, viewer), *blocked]
    if waiting:
        lines.append(f"⏳ Asked at the same time: {listed(waiting, last='and')}.")
    if approved:
        lines.append(f"✅ Approved by {listed(approved, last='and')}.")
    return lines


def votes(request: RequestSnapshot) -> list[str]:
    """Return how everybody voted in the current round, lane by lane; for those involved."""
    return [
        f"{_VOTED[seat.vote.verb]} {named(lane.name)}: {voter(seat.person, seat.vote)}, {moment(seat.vote.cast_at)}"
        for stage in request.stages
        for lane in stage.lanes
        for seat in lane.seats
        if seat.vote is not None
    ]


def _passed(request: RequestSnapshot) -> list[str]:
    """Return the stages that are through, in one line, when the request has several."""
    through = [named(stage.name) for stage in request.stages if stage.status is StageStatus.APPROVED]
    return (
        [f"✅ Through {listed(through, last='and')}, stage {len(through) + 1} of {len(request.stages)} now."]
        if through
        else []
    )


def decided(request: RequestSnapshot, *, with_reason: bool, with_tier: bool = False) -> str:
    """Return who decided and when; the reason is for those involved only."""
    last = request.last_vote()
    status = f"{_MARKS[request.status]} *{_status(request, with_tier=with_tier)}*"
    said = last[1].reason if last else request.pinned.decided
    if request.status in (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED):
        return f"{status}: {_decider(request)}."
    lead = {RequestStatus.CHANGES_REQUESTED: "Asked for"}.get(request.status, "Reason")
    reason = f" {lead}: “{inline(said, limit=REASON_SHOWN)}”" if said and (with_reason or last is None) else ""
    return f"{status} by {_decider(request)}.{reason}"


def proposed(request: RequestSnapshot) -> str:
    """Return under which tier it is, who proposed it when, and who answers for it since they left."""
    what = "change asked for" if request.is_change else kind_of(request.subject_kind).sent
    is_same = request.requester.id == request.proposer.id
    taken_over = "" if is_same else f" · {named(request.requester.name)} has taken it over"
    left = " · ⚠️ nobody is left to answer for it" if request.is_orphaned else taken_over
    return f"*{TIERS[request.tier]}* · {what} by {named(request.proposer.name)}, {moment(request.opened_at)}{left}"


def why_tier(request: RequestSnapshot) -> list[str]:
    """Return why the request has its tier: the policy's sentences, with the answers that led there."""
    return [reason_line(reason) for reason in request.pinned.reasons[:REASONS_SHOWN]]


def reason_line(reason: TierReason) -> str:
    """Return the sentence of one policy line and, in brackets, the answers that met it."""
    answers = [answer_in_words(each.fact, each.value) or each.says or each.value for each in reason.matched]
    seen = "; ".join(dict.fromkeys(inline(each, limit=80) for each in answers))
    return f"{inline(reason.text, limit=300)} ({seen})" if seen else inline(reason.text, limit=300)


def _answers_for(request: RequestSnapshot) -> str:
    """Return the name of who answers for it: its proposer, or its owner once they left; “nobody” when they left too."""
    return "nobody" if request.is_orphaned else named(request.requester.name)


def _decider(request: RequestSnapshot) -> str:
    """Return who settled it, or gave it back, and when: a person, or the policy itself."""
    last = request.last_vote()
    if last is not None:
        return f"{voter(*last)}, {moment(last[1].cast_at)}"
    when = f", {moment(request.settled_at)}" if request.settled_at else ""
    if request.status is RequestStatus.WITHDRAWN:
        called_off = kind_of(request.subject_kind).called_off
        if called_off:
            return f"{called_off}{when}"
        return f"{'a programme lead' if request.is_orphaned else named(request.requester.name)} took it back{when}"
    if request.status is RequestStatus.EXPIRED:
        return f"nobody decided in time{when}"
    return f"the policy (version {request.pinned.number}){when}"


def _asked(person: Actor, delegate: Actor | None, viewer: UUID | None) -> str:
    """Return who is asked, as this viewer would say it, and who may decide in their place."""
    name = "you" if person.id == viewer else named(person.name)
    if delegate is None:
        return name
    return f"{name} ({'you' if delegate.id == viewer else named(delegate.name)} may decide instead)"


def voter(person: Actor, vote: VoteSnapshot) -> str:
    """Return whose vote it is; of a delegate's, both names."""
    return f"{named(vote.delegate.name)} for {named(person.name)}" if vote.delegate else named(person.name)


def did_in(kind: str, verb: Verb) -> str:
    """Return what somebody did who voted like this on a subject of this kind."""
    return kind_of(kind).did.get(verb, DID[verb])


def did_it(vote: VoteSnapshot, what: str, viewer: UUID, *, kind: str) -> str:
    """Return a vote as those read it whose it is: who gave it, or in whose name somebody did who stood in for them."""
    is_by_other = vote.delegate is not None and vote.delegate.id != viewer
    who, for_you = (named(vote.delegate.name), " for you") if vote.delegate and is_by_other else ("You", "")
    return f"{who} {did_in(kind, vote.verb)} {what}{for_you}"


def how_to_unblock(lane: LaneSnapshot) -> str:
    """Return what has to be done so that somebody may decide a lane."""
    return f"An admin must {_TO_UNBLOCK[lane.role in RELATIONS]} who neither proposed nor owns it."


def _lane_line(lane: LaneSnapshot, viewer: UUID | None) -> str:
    if lane.status is LaneStatus.BLOCKED:
        return f"⚠️ *{named(lane.name)} is blocked*: nobody may decide it. {how_to_unblock(lane)}"
    needed = lane.needed
    given = sum(seat.vote is not None and seat.vote.verb in APPROVING for seat in lane.seats)
    if lane.status is LaneStatus.APPROVED:
        again = " Nothing it looks at has changed since." if lane.is_kept else ""
        who = [voter(seat.person, seat.vote) for seat in lane.seats if seat.vote is not None] if viewer else []
        by = f" by {listed(who, last='and')}" if who else ""
        how = " with conditions" if _has_conditions(lane) else ""
        return f"✅ {named(lane.name)}: approved{how}{by}.{again}"
    waits = sorted((seat.person for seat in lane.seats if seat.is_awaited), key=lambda person: person.id != viewer)
    stand_ins = {seat.person.id: seat.delegate for seat in lane.seats}
    names = [_asked(person, stand_ins[person.id], viewer) for person in waits]
    since = min((seat.asked_at for seat in lane.seats), default=None)
    asked = f", asked {moment(since)}" if since else ""
    count = f"{given} of {needed} approved; waits" if needed > 1 else "waits"
    still_count = filter(None, map(_of_an_earlier_round, lane.seats))
    if any(vote.verb in APPROVING for vote in still_count):
        count = f"✅ {given} of {needed} approved; nothing it looks at has changed since. Waits"
    is_told = any(seat.is_open_to(viewer) for seat in lane.seats) if viewer else False
    return f"⏳ *{named(lane.name)}*: {count} for {listed(names)}{asked}{_due(lane, is_told=is_told)}"


def _has_conditions(lane: LaneSnapshot) -> bool:
    return any(seat.vote is not None and seat.vote.verb is Verb.APPROVE_WITH_CONDITIONS for seat in lane.seats)


def _due(lane: LaneSnapshot, *, is_told: bool) -> str:
    """Return the end of a lane's line: by when its people should decide, and what happens then if it is near the end.

    `is_told`: its reader hears beside it by when to decide themselves.
    """
    if lane.expires_at is not None:
        return f". The request expires {moment(lane.expires_at)} unless somebody decides."
    due = None if is_told else lane.due()
    if due is None:
        return "."
    when, is_over = due
    then = "; the programme leads are told then" if lane.is_escalated and not is_over else ""
    return f", {'was due' if is_over else 'due by'} {moment(when)}{then}."
