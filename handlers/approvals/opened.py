"""Draw a request opened: everything about it, the ballot, the words a ballot needs, and what it led to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.enums import PENDING, Exclusion, RequestStatus, Verb
from handlers.approvals.cards import proposed_and_why, renews, what_is_new
from handlers.approvals.payloads import ballot_value
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    header,
    link,
    modal,
    plain,
    question,
    quoted,
    radio,
    section,
    sections,
    text_input,
    whole,
)
from handlers.glass import alarm_blocks, way_blocks
from handlers.ids import Action, Block, Callback
from handlers.kinds import Way, kind_of
from handlers.standing import did_in, did_it, progress, proposed, standing, votes
from handlers.subjects import KPI_FACT, SubjectPicture
from handlers.terms import condition_sections
from handlers.text import inline, moment, named, shown
from handlers.waits import outlook_for
from workflows import subjects
from workflows.approvals import LaneSnapshot, Outlook, QuestionSnapshot, RequestSnapshot, VoteSnapshot
from workflows.breaking_glass import Ways

QUESTIONS_SHOWN = 5
TITLE_IN_HEADER = 135  # what surely fits beside a reference
REASON_LIMIT = 2000
VOTES_SHOWN = 10
NO_GLASS: Final = Ways()


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at a request: whether they may read what it says, steer the programme, and lead it.

    `glass` is what they can do about break-glass.
    """

    id: UUID
    may_read: bool
    steers: bool = False
    leads: bool = False
    glass: Ways = NO_GLASS


def opened_modal(
    request: RequestSnapshot,
    subject: SubjectPicture,
    onlooker: Onlooker,
    questions: Sequence[QuestionSnapshot] = (),
    outlook: Outlook | None = None,
    *,
    changing: UUID | None = None,
    ways: Sequence[BlockKit] = (),
    use: Sequence[str] = (),
) -> BlockKit:
    """Draw everything about a request for those who may read it, with a ballot when it is this person's turn.

    Who sent or owns it also reads what to expect. `changing` is the lane in which they want to change their decision,
    instead of voting where they have not; `ways` are what else they can do; `use` says how much it is used.
    """
    viewer = onlooker.id
    blocks = [header(f"{subject.reference} · {subject.title}")]
    blocks += alarm_blocks(subject.alarm, subject.alarm_reason if onlooker.may_read else "")
    if not onlooker.may_read:
        blocks += [
            context(proposed(request)),
            context(*filter(None, (standing(request), subject.holds))),
            section("Only the people involved can see the answers and reasons."),
            *([actions("approvals.opened.buttons", *ways)] if ways else []),
        ]
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    stands = (*progress(request, viewer, renews=renews(subject)), outlook_for(request, viewer, outlook), subject.holds)
    blocks += [proposed_and_why(request), context(*filter(None, stands))]
    if request.status is not RequestStatus.IN_REVIEW and (voted := votes(request)):
        blocks.append(context(*voted))
    if len(subject.title) > TITLE_IN_HEADER:
        blocks.append({"type": "section", "text": plain(subject.title)})
    blocks += condition_sections(subject.conditions)
    blocks += what_is_new(subject)
    blocks += [quoted(subject.story)]
    blocks += [link("Document", subject.document, text=subject.document)] if subject.document else []
    blocks += [*whole(_besides_kpis(request, subject), source=subject.source)]
    blocks += sections(*subject.kpis) if subject.kpis else []
    blocks += [context(*use)] if use else []
    blocks += [block for each in questions[-QUESTIONS_SHOWN:] for block in _question_lines(each)]
    blocks += way_blocks(onlooker.glass, viewer, subject.reference, subject.title)
    blocks += _ways_on(request, subject, onlooker, ways)
    lane, given = _lane_to_vote_in(request, viewer, changing)
    blocks += _ballot(lane, given, viewer, kind=request.subject_kind) if lane else []
    blocks += _other_lanes(request, viewer, lane)
    if lane is None:
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    submit = "Change decision" if given else "Send decision"
    return modal(Callback.VOTE, subject.reference, blocks, submit=submit, carries=ballot_value(lane))


def _besides_kpis(request: RequestSnapshot, subject: SubjectPicture) -> list[tuple[str, str]]:
    """Return the answers, without the KPIs as they were proposed where what became of them follows."""
    is_said_below = bool(subject.kpis) and request.status not in PENDING
    return [pair for pair in subject.whole if not (is_said_below and pair[0] == KPI_FACT)]


def _ballot(lane: LaneSnapshot, given: VoteSnapshot | None, viewer: UUID, *, kind: str) -> list[BlockKit]:
    """Draw the ballot of somebody whose turn it is in a lane, or who may still change what was `given` there."""
    choices = {
        Verb.APPROVE: "Approve",
        Verb.REQUEST_CHANGES: "Request changes, saying which",
        Verb.REJECT: "Reject, with a reason",
    }
    words = kind_of(kind).votes
    choices = {verb: words.get(verb, text) for verb, text in choices.items() if subjects.takes(kind, verb)}
    asked = question(Block.DECISION, "Your decision", radio(choices))
    if given is not None:
        left = {verb: text for verb, text in choices.items() if verb is not given.verb}
        until = "until you send another decision, or the others have decided."
        hint = f"{did_it(given, 'it', viewer, kind=kind)}. That counts in {shown(lane.name)} {until}"
        asked = question(Block.DECISION, "Change your decision", radio(left), hint=hint)
    approves = kind_of(kind).votes.get(Verb.APPROVE)
    unless = f"you choose {approves}" if approves else "you approve"
    hint = f"Needed unless {unless}. The proposer and the people involved can read it."
    return [*_with_conditions(lane, kind), asked, _reason("Reason", optional=True, hint=hint)]


def _with_conditions(lane: LaneSnapshot, kind: str) -> list[BlockKit]:
    if not subjects.takes(kind, Verb.APPROVE_WITH_CONDITIONS):
        return []
    label = f"Set conditions in {lane.name}"
    pressed = button(Action.APPROVE_WITH_CONDITIONS, "Approve with conditions", ballot_value(lane), label=label)
    return [section("Would you approve it if something else is done?") | {"accessory": pressed}]


def _lane_to_vote_in(
    request: RequestSnapshot, viewer: UUID, changing: UUID | None
) -> tuple[LaneSnapshot | None, VoteSnapshot | None]:
    """Return the open lane in which somebody may vote, and the vote they gave there already, if they did.

    It is the one they want to change their decision in, while they may; else one that waits for them.
    """
    votes = request.votes_to_change(viewer)
    chosen = next((each for each in votes if each[0].id == changing), None)
    if chosen is not None:
        return chosen
    lane = request.open_lane_of(viewer)
    return (lane, None) if lane is not None else next(iter(votes), (None, None))


def _other_lanes(request: RequestSnapshot, viewer: UUID, shown_lane: LaneSnapshot | None) -> list[BlockKit]:
    """Draw the ways to the other ballots: of the lane that still waits for somebody, and of votes they may change."""
    lines: list[BlockKit] = []
    open_lane = request.open_lane_of(viewer)
    if open_lane is not None and open_lane != shown_lane:
        decide = button(Action.OPEN, "Decide", str(request.id), label=f"Decide in {open_lane.name}")
        lines.append(section(f"*{named(open_lane.name)}* still waits for your decision.") | {"accessory": decide})
    votes = [each for each in request.votes_to_change(viewer) if each[0] != shown_lane]
    for lane, vote in votes[:VOTES_SHOWN]:
        change = button(Action.CHANGE, "Change", str(lane.id), label=f"Change your decision in {lane.name}")
        told = did_it(vote, f"it in *{named(lane.name)}*", viewer, kind=request.subject_kind)
        text = f"{told}, {moment(vote.cast_at)}. Others still decide there."
        lines.append(section(text) | {"accessory": change})
    return lines


def reason_modal(request: RequestSnapshot, subject: SubjectPicture, lane_value: str, verb: Verb) -> BlockKit:
    """Ask for the words a rejection or a request for changes needs, and nothing else."""
    what = f"*{request.reference}* “{inline(subject.title)}”"
    if verb is Verb.REJECT:
        kind = kind_of(request.subject_kind)
        submit = kind.votes.get(verb, "Reject")
        lead, title = kind.rejecting.format(what=what), f"{submit} {request.reference}"
        label = "Reason"
        hint = "The proposer reads this. Say what would have to change."
    else:
        lead = f"You give {what} back to {named(request.requester.name)}. It returns to you once it is changed."
        if request.is_orphaned:
            lead = f"You give {what} back, but nobody is left to change it: it then waits until it has an owner again."
        submit, title, label = "Request changes", f"Changes to {request.reference}", "What should change?"
        hint = "The proposer reads this. Say what you need to be able to approve."
    blocks = [section(lead), _reason(label, optional=False, hint=hint)]
    return modal(Callback.VOTE, title, blocks, submit=submit, carries=f"{lane_value}.{verb}")


def voted_modal(request: RequestSnapshot, subject: SubjectPicture, verb: Verb, voter: UUID) -> BlockKit:
    """Say that a decision is stored and what it led to."""
    did = did_in(request.subject_kind, verb)
    blocks = [
        section(f"You {did} *{request.reference}* “{inline(subject.title)}”. Your decision is stored."),
        context(*progress(request, voter)),
    ]
    return modal(Callback.REQUEST, request.reference, blocks)


def notice_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.REQUEST, title, [section(text)])


def _question_lines(asked: QuestionSnapshot) -> list[BlockKit]:
    """Draw a question of the record and its answer."""
    lines = [section(f"❓ {named(asked.asked_by.name)} asked, {moment(asked.asked_at)}"), quoted(asked.text)]
    if asked.answer is not None and asked.answered_by is not None and asked.answered_at is not None:
        lines += [section(f"💬 {named(asked.answered_by.name)}, {moment(asked.answered_at)}"), quoted(asked.answer)]
    return lines


def _ways_on(
    request: RequestSnapshot, subject: SubjectPicture, onlooker: Onlooker, ways: Sequence[BlockKit]
) -> list[BlockKit]:
    """Draw what this person can do with the request besides voting."""
    taken = {each["action_id"] for each in ways}
    buttons = [button(*each) for each in _ways(request, onlooker)]
    buttons[:0] = [
        button(way.action, way.text, str(request.subject_id), style="primary" if is_needed else None)
        for way, is_needed in _way_of_theirs(request, subject, onlooker)
        if way.action not in taken
    ]
    if subject.kpis:
        buttons.append(button(Action.KPIS, "KPIs", str(request.subject_id)))
    is_theirs = request.requester.id == onlooker.id or (request.is_orphaned and onlooker.leads)
    if is_theirs and request.status in PENDING and subjects.is_sent(request.subject_kind):
        confirm = f"Nobody is asked any more, and this cannot be undone. {_what_is_left(request, subject)}".rstrip()
        buttons.append(button(Action.WITHDRAW, "Withdraw", str(request.id), style="danger", confirm=confirm))
    if onlooker.glass.may_call:
        buttons.append(button(Action.BREAK_GLASS, "Break glass", str(request.id), style="danger"))
    for each in buttons:
        each["accessibility_label"] = shown(f"{each['text']['text']}: {subject.reference}, {subject.title}", limit=75)
    return [actions("approvals.opened.buttons", *ways, *buttons)] if buttons or ways else []


def _what_is_left(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Return what may be done once a request is withdrawn."""
    if not request.is_change:
        return "It may be proposed anew." if kind_of(request.subject_kind).anew else ""
    if subject.may_change:
        return "It may be asked for again."
    return "Its approval ended when the change was sent; it can only be proposed anew."


def _way_of_theirs(request: RequestSnapshot, subject: SubjectPicture, onlooker: Onlooker) -> Iterator[tuple[Way, bool]]:
    """Yield what whoever answers for it can do with its content, and whether it waits for just that."""
    kind = kind_of(request.subject_kind)
    is_refused = request.status is RequestStatus.REJECTED and request.last_vote() is None
    if subject.is_over or request.excluded.get(onlooker.id) not in (Exclusion.PROPOSER, Exclusion.OWNER):
        return
    if is_refused or request.status is RequestStatus.CHANGES_REQUESTED:
        if kind.edit is not None:
            yield kind.edit, True
    elif subject.may_change and request.status not in PENDING and kind.change is not None:
        yield kind.change, False


def _ways(request: RequestSnapshot, onlooker: Onlooker) -> Iterator[tuple[str, str, str]]:
    is_theirs = request.excluded.get(onlooker.id) in (Exclusion.PROPOSER, Exclusion.OWNER)
    if is_theirs and request.open_lanes():
        yield Action.NUDGE, "Nudge", str(request.id)
    if not is_theirs and request.status in PENDING:
        yield Action.ASK, "Ask a question", str(request.id)
    steers_it = onlooker.steers and bool(request.open_lanes())
    if steers_it or request.may_pass_on(onlooker.id):
        yield Action.HAND_ON, "Pass it on", str(request.id)
    if steers_it or request.has_seat(onlooker.id):
        yield Action.ADD_APPROVER, "Ask somebody else", str(request.id)


def _reason(label: str, *, optional: bool, hint: str) -> BlockKit:
    element = text_input(longest=REASON_LIMIT, multiline=True)
    return question(Block.REASON, label, element, hint=hint, optional=optional)
