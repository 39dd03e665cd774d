"""Draw several low-tier requests to be decided together, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import RequestStatus, Verb
from handlers.approvals.payloads import SEVERAL_AT_MOST, ballot_value
from handlers.blocks import BlockKit, checkboxes, context, modal, question, radio, section, text_input
from handlers.ids import Block, Callback
from handlers.standing import DID
from handlers.subjects import SubjectPicture
from handlers.terms import conditions_in_short
from handlers.text import counted, inline, listed, named
from workflows.approvals import Refusal, RequestSnapshot
from workflows.people import Actor, local_day

TITLE = "Decide several"
REASON_LIMIT = 1500  # beside ten ballots within what a window may carry
DOES_SHOWN = 120
_LEADS = "Each is recorded as a decision of its own. When in doubt, open it from Home and decide it by itself."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for the viewer, and what it is about."""

    request: RequestSnapshot
    subject: SubjectPicture


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one vote: `says` is what it is about, or why it does not count. `status` is what it led to."""

    says: str
    verb: Verb
    status: RequestStatus | None
    why: Refusal | None = None


def form(waiting: Sequence[Waiting], viewer: Actor, *, now: datetime) -> BlockKit:
    """Ask for those to decide on, what to decide, and why."""
    lanes = [each.request.open_lane_of(viewer.id) for each in waiting]
    boxes = {
        str(lane.id): f"{each.subject.reference} {each.subject.title}"
        for each, lane in zip(waiting, lanes, strict=True)
        if lane is not None
    }
    blocks = [section(_LEADS), *(block for each in waiting for block in _told(each, viewer, now))]
    if len(waiting) == SEVERAL_AT_MOST:
        blocks.append(context(f"The {SEVERAL_AT_MOST} that wait longest are shown."))
    verbs = {Verb.APPROVE: "Approve them", Verb.REJECT: "Reject them, with a reason"}
    hint = "Needed to reject. It goes to the proposer of each, and stands on the record of each."
    reason = text_input(longest=REASON_LIMIT, multiline=True)
    blocks += [
        {"type": "divider"},
        question(Block.SEVERAL, "Which ones?", checkboxes(boxes)),
        question(Block.DECISION, "Your decision", radio(verbs)),
        question(Block.REASON, "Reason", reason, hint=hint, optional=True),
    ]
    carries = " ".join(ballot_value(lane) for lane in lanes if lane is not None)
    return modal(Callback.SEVERAL, TITLE, blocks, submit="Send decisions", carries=carries)


def outcomes(found: Sequence[Outcome]) -> BlockKit:
    """Say what was done, and what was not and why."""
    return modal(Callback.REQUEST, TITLE, _listed(found) or [section("Nothing was ticked, so nothing was changed.")])


def stopped(found: Sequence[Outcome], why: str) -> BlockKit:
    """Say why nothing more was done, below what was."""
    return modal(Callback.REQUEST, TITLE, [*(_listed(found) if found else []), section(f"*Not done:* {why}")])


def _told(each: Waiting, viewer: Actor, now: datetime) -> list[BlockKit]:
    """Draw a request as its approver has to know it: what it is, whose, what it does and since when it waits."""
    request, subject = each.request, each.subject
    who = f"{'Change asked for' if request.is_change else 'Proposed'} by {named(request.proposer.name)}"
    principal = request.principal_of(viewer.id)
    for_whom = f" · for {named(principal.name)}, who is away" if principal else ""
    asked_at = request.asked_at(viewer.id)
    since = f" · {_age(viewer, asked_at, now)}" if asked_at else ""
    return [
        section(f"*{subject.reference}* “{inline(subject.title)}”\n{inline(_does(subject), limit=DOES_SHOWN)}"),
        context(f"{who}, team {inline(subject.team)}{since}{for_whom}", *_besides(subject)),
    ]


def _besides(subject: SubjectPicture) -> list[str]:
    """Return what nobody should decide without: that it is in use already, what differs, and what others ask for."""
    changed = listed([inline(label) for label in dict.fromkeys(label for label, _ in subject.changes)], last="and")
    lines = [subject.alarm, f"✏️ {subject.changes_are}: {changed}." if changed else ""]
    return [*filter(None, lines), *conditions_in_short(subject.conditions)]


def _age(viewer: Actor, asked_at: datetime, now: datetime) -> str:
    """Return how many days ago somebody was asked, by the days where they are."""
    days = (local_day(viewer, now) - local_day(viewer, asked_at)).days
    return {0: "asked today", 1: "asked yesterday"}.get(days, f"asked {counted(days, 'day')} ago")


def _does(subject: SubjectPicture) -> str:
    """Return in one line what it produces, or else the story it tells."""
    produces = next((value for label, value in subject.whole if label == "Produces" and value), subject.story)
    return " ".join(produces.split())


def _listed(found: Sequence[Outcome]) -> list[BlockKit]:
    done, refused = [each for each in found if each.why is None], [each for each in found if each.why is not None]
    blocks = []
    if done:
        lead = f"*{counted(len(done), 'decision')} stored.* You {DID[done[0].verb]}:"
        blocks.append(section("\n".join([lead, *map(_line, done)])))
    if refused:
        lines = [f"• {each.says}" for each in refused]
        blocks.append(section("\n".join([f"*{len(refused)} not done:*", *lines])))
    return blocks


def _line(each: Outcome) -> str:
    then = " – others still decide" if each.status is RequestStatus.IN_REVIEW else ""
    reference, _, title = each.says.partition(" ")
    return f"• *{inline(reference)}* “{inline(title)}”{then}" if title else f"• *{inline(reference)}*{then}"
