"""Draw requests: cards, the opened view, the reason modal, and what people are told. Values in, Block Kit out."""

from datetime import datetime
from uuid import UUID

from db.enums import RequestStatus, Verb
from handlers.approvals.payloads import ballot_value
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    facts,
    header,
    modal,
    plain,
    question,
    quoted,
    radio,
    section,
    text_input,
)
from handlers.ids import Action, Block, Callback
from handlers.standing import decided, progress, proposed, standing
from handlers.subjects import SubjectPicture
from handlers.text import TIERS, inline, mention, moment, named
from workflows.approvals import RequestSnapshot

STORY_ON_CARD = 400
TITLE_IN_HEADER = 135  # what surely fits beside a reference
REASON_LIMIT = 2000


def approver_card(request: RequestSnapshot, subject: SubjectPicture, person_id: UUID) -> list[BlockKit]:
    """Draw what one person needs to decide within a minute, with buttons while it is their turn."""
    blocks = [
        header(f"{subject.reference} · {subject.title}"),
        context(proposed(request)),
        quoted(subject.story, limit=STORY_ON_CARD),
        facts(subject.facts),
        context(*progress(request, person_id), *_reminder_line(request, person_id)),
    ]
    lane = request.open_lane_of(person_id)
    if lane is not None:
        value, what = ballot_value(lane), f"{subject.reference}, {subject.title}"
        blocks.append(
            actions(
                "approvals.card.buttons",
                button(Action.APPROVE, "Approve", value, style="primary", label=f"Approve {what}"),
                button(Action.REJECT, "Reject", value, style="danger", label=f"Reject {what}"),
                button(Action.OPEN, "Read it all", str(request.id), label=f"Read all of {what}"),
            )
        )
    return blocks


def governance_card(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the state of a request for the governance channel: no answers, no reasons, one way in."""
    blocks = [
        header(f"{subject.reference} · {subject.title}"),
        context(f"{proposed(request)} · team {inline(subject.team)}"),
        context(*progress(request)),
    ]
    if request.status is RequestStatus.IN_REVIEW:
        label = f"Open {subject.reference}, {subject.title}"
        blocks.append(actions("approvals.card.buttons", button(Action.OPEN, "Open", str(request.id), label=label)))
    return blocks


def card_text(request: RequestSnapshot, subject: SubjectPicture, asked: UUID | None) -> str:
    """Return a card in words, complete by itself, for notifications and screen readers.

    `asked` is the approver it is for; None is the governance channel, which reads no answers and no reasons.
    """
    lead = f"{subject.reference} “{inline(subject.title)}” by {named(request.requester.name)}"
    state = " ".join(progress(request, asked))
    if asked is not None and request.status is RequestStatus.IN_REVIEW:
        told = " ".join(f"{label}: {inline(value)}." for label, value in subject.facts)
        return f"{lead} waits for your decision. {told} {inline(subject.story, limit=STORY_ON_CARD)} {state}"
    return f"{lead}. {TIERS[request.tier]}. {state}"


def opened_modal(request: RequestSnapshot, subject: SubjectPicture, viewer: UUID) -> BlockKit:
    """Draw everything about a request for those involved, with a ballot when it is this person's turn."""
    blocks = [header(f"{subject.reference} · {subject.title}"), context(proposed(request))]
    if not request.involves(viewer):
        blocks += [context(standing(request)), section("Only the people involved can see the answers and reasons.")]
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    blocks.append(context(*progress(request, viewer)))
    if len(subject.title) > TITLE_IN_HEADER:
        blocks.append({"type": "section", "text": plain(subject.title)})
    blocks += [quoted(subject.story), facts(subject.facts)]
    lane = request.open_lane_of(viewer)
    if lane is None:
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    ballot = radio({Verb.APPROVE: "Approve", Verb.REJECT: "Reject, with a reason"})
    blocks += [
        question(Block.DECISION, "Your decision", ballot),
        _reason(optional=True, hint="Needed when you reject. The proposer and the people involved can read it."),
    ]
    return modal(Callback.VOTE, subject.reference, blocks, submit="Send decision", carries=ballot_value(lane))


def reject_modal(request: RequestSnapshot, subject: SubjectPicture, lane_value: str) -> BlockKit:
    """Ask for the reason of a rejection, and nothing else."""
    blocks = [
        section(f"You reject *{request.reference}* “{inline(subject.title)}”. This ends the request."),
        _reason(optional=False, hint="The proposer reads this. Say what would have to change."),
    ]
    return modal(Callback.VOTE, f"Reject {request.reference}", blocks, submit="Reject", carries=f"{lane_value}.reject")


def voted_modal(request: RequestSnapshot, subject: SubjectPicture, verb: Verb, voter: UUID) -> BlockKit:
    """Say that a decision is stored and what it led to."""
    said = {Verb.APPROVE: "approved", Verb.REJECT: "rejected"}[verb]
    blocks = [
        section(f"You {said} *{request.reference}* “{inline(subject.title)}”. Your decision is stored."),
        context(*progress(request, voter)),
    ]
    return modal(Callback.REQUEST, request.reference, blocks)


def notice_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.REQUEST, title, [section(text)])


def settled_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell the proposer what was decided, by whom, and why."""
    ending = {
        RequestStatus.APPROVED: "",
        RequestStatus.REJECTED: "You may propose it anew once the reason is dealt with.",
        RequestStatus.IN_REVIEW: "",
    }[request.status]
    return f"*{request.reference}* “{inline(subject.title)}”: {decided(request, with_reason=True)} {ending}".strip()


def reminder_text(request: RequestSnapshot, subject: SubjectPicture, asked_at: datetime) -> str:
    """Return words that stay true: the message is not redrawn when the decision comes."""
    return (
        f"A reminder: *{request.reference}* “{inline(subject.title)}”, proposed by "
        f"{named(request.requester.name)}, has waited for your decision since {moment(asked_at)}."
    )


def reminder_blocks(request: RequestSnapshot, subject: SubjectPicture, asked_at: datetime) -> list[BlockKit]:
    label = f"Open {subject.reference}, {subject.title}"
    return [
        section(reminder_text(request, subject, asked_at)),
        actions("approvals.reminder.buttons", button(Action.OPEN, "Open", str(request.id), label=label)),
    ]


def undeliverable_text(reference: str, slack_id: str, error: str) -> str:
    return (
        f"⚠️ *{reference}*: {mention(slack_id)} was asked to decide, but Slack refused the message "
        f"(`{inline(error)}`). The request is in their Home tab; somebody should tell them."
    )


def _reason(*, optional: bool, hint: str) -> BlockKit:
    element = text_input(longest=REASON_LIMIT, multiline=True)
    return question(Block.REASON, "Reason", element, hint=hint, optional=optional)


def _reminder_line(request: RequestSnapshot, person_id: UUID) -> list[str]:
    due = request.reminder_of(person_id)
    return [f"You are reminded {moment(due)} if it still waits."] if due else []
