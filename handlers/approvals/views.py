"""Draw requests: cards, the opened view, the reason modal, and what people are told. Values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Exclusion, RequestStatus, Verb
from handlers.approvals.payloads import ballot_value
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    facts,
    header,
    link,
    modal,
    plain,
    question,
    quoted,
    radio,
    section,
    text_input,
    whole,
)
from handlers.ids import Action, Block, Callback
from handlers.standing import DID, decided, progress, proposed, standing, voter, votes, why_tier
from handlers.subjects import SubjectPicture
from handlers.text import TIERS, inline, mention, moment, named, shown
from workflows.approvals import LaneSnapshot, QuestionSnapshot, RequestSnapshot

STORY_ON_CARD = 400
QUESTIONS_SHOWN = 5
CHANGES_SHOWN = 8
PENDING = (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED)
TITLE_IN_HEADER = 135  # what surely fits beside a reference
REASON_LIMIT = 2000
NO_VOTES = "Replies here are not votes; the buttons decide."


def approver_card(request: RequestSnapshot, subject: SubjectPicture, person_id: UUID) -> list[BlockKit]:
    """Draw what one person needs to decide within a minute, with buttons; how it stands when it is not their turn."""
    lane = request.open_lane_of(person_id)
    if lane is None:
        return [
            header(f"{subject.reference} · {subject.title}"),
            context(proposed(request)),
            context(*progress(request, person_id)),
            *([actions("approvals.card.buttons", _open_button(request, subject))] if request.status in PENDING else []),
        ]
    return [
        header(f"{subject.reference} · {subject.title}"),
        _proposed_and_why(request),
        *_news(request, subject),
        quoted(subject.story, limit=STORY_ON_CARD),
        facts(subject.facts),
        *([link("From a message", subject.source)] if subject.source else []),
        context(*_for_whom(request, person_id), *progress(request, person_id), *_reminder_line(request, person_id)),
        vote_buttons(request, subject, lane),
        context(NO_VOTES),
    ]


def vote_buttons(request: RequestSnapshot, subject: SubjectPicture, lane: LaneSnapshot) -> BlockKit:
    """Draw the buttons that decide in a lane, bound to the content as it is now."""
    value, what = ballot_value(lane), f"{subject.reference}, {subject.title}"
    return actions(
        "approvals.card.buttons",
        button(Action.APPROVE, "Approve", value, style="primary", label=f"Approve {what}"),
        button(Action.REQUEST_CHANGES, "Request changes", value, label=f"Request changes to {what}"),
        button(Action.REJECT, "Reject", value, style="danger", label=f"Reject {what}"),
        button(Action.OPEN, "Read it all", str(request.id), label=f"Read all of {what}"),
    )


def channel_card(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the state of a request for a channel: no answers, no reasons, one way in."""
    blocks = [
        header(f"{subject.reference} · {subject.title}"),
        context(f"{proposed(request)} · team {inline(subject.team)}"),
        context(*progress(request)),
    ]
    if request.status in PENDING:
        blocks += [actions("approvals.card.buttons", _open_button(request, subject)), context(NO_VOTES)]
    return blocks


def card_text(request: RequestSnapshot, subject: SubjectPicture, asked: UUID | None) -> str:
    """Return a card in words, complete by itself, for notifications and screen readers.

    `asked` is the approver it is for; None is the governance channel, which reads no answers and no reasons.
    """
    lead = f"{subject.reference} “{inline(subject.title)}” by {named(request.requester.name)}"
    state = " ".join(progress(request, asked))
    if asked is not None and request.open_lane_of(asked) is not None:
        told = " ".join(f"{inline(label)}: {inline(value)}." for label, value in subject.facts)
        return f"{lead} waits for your decision. {told} {inline(subject.story, limit=STORY_ON_CARD)} {state}"
    return f"{lead}. {TIERS[request.tier]}. {state}"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at a request: whether they may read what it says, and whether they steer the programme."""

    id: UUID
    may_read: bool
    steers: bool = False


def opened_modal(
    request: RequestSnapshot, subject: SubjectPicture, onlooker: Onlooker, questions: Sequence[QuestionSnapshot] = ()
) -> BlockKit:
    """Draw everything about a request for those who may read it, with a ballot when it is this person's turn."""
    viewer = onlooker.id
    blocks = [header(f"{subject.reference} · {subject.title}")]
    if not onlooker.may_read:
        blocks += [
            context(proposed(request)),
            context(standing(request)),
            section("Only the people involved can see the answers and reasons."),
        ]
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    blocks += [_proposed_and_why(request), context(*progress(request, viewer))]
    if request.status is not RequestStatus.IN_REVIEW and (voted := votes(request)):
        blocks.append(context(*voted))
    if len(subject.title) > TITLE_IN_HEADER:
        blocks.append({"type": "section", "text": plain(subject.title)})
    blocks += _news(request, subject)
    blocks += [quoted(subject.story), *whole(subject.whole, source=subject.source)]
    blocks += [block for each in questions[-QUESTIONS_SHOWN:] for block in _question_lines(each)]
    blocks += _ways_on(request, subject, onlooker)
    lane = request.open_lane_of(viewer)
    if lane is None:
        return modal(Callback.REQUEST, subject.reference, blocks, carries=str(request.id))
    ballot = radio(
        {
            Verb.APPROVE: "Approve",
            Verb.REQUEST_CHANGES: "Request changes, saying which",
            Verb.REJECT: "Reject, with a reason",
        }
    )
    blocks += [
        question(Block.DECISION, "Your decision", ballot),
        _reason(
            "Reason", optional=True, hint="Needed unless you approve. The proposer and the people involved can read it."
        ),
    ]
    return modal(Callback.VOTE, subject.reference, blocks, submit="Send decision", carries=ballot_value(lane))


def reason_modal(request: RequestSnapshot, subject: SubjectPicture, lane_value: str, verb: Verb) -> BlockKit:
    """Ask for the words a rejection or a request for changes needs, and nothing else."""
    what = f"*{request.reference}* “{inline(subject.title)}”"
    if verb is Verb.REJECT:
        lead, submit, title = f"You reject {what}. This ends the request.", "Reject", f"Reject {request.reference}"
        label = "Reason"
        hint = "The proposer reads this. Say what would have to change."
    else:
        lead = f"You give {what} back to {named(request.requester.name)}. It returns to you once it is changed."
        submit, title, label = "Request changes", f"Changes to {request.reference}", "What should change?"
        hint = "The proposer reads this. Say what you need to be able to approve."
    blocks = [section(lead), _reason(label, optional=False, hint=hint)]
    return modal(Callback.VOTE, title, blocks, submit=submit, carries=f"{lane_value}.{verb}")


def voted_modal(request: RequestSnapshot, subject: SubjectPicture, verb: Verb, voter: UUID) -> BlockKit:
    """Say that a decision is stored and what it led to."""
    blocks = [
        section(f"You {DID[verb]} *{request.reference}* “{inline(subject.title)}”. Your decision is stored."),
        context(*progress(request, voter)),
    ]
    return modal(Callback.REQUEST, request.reference, blocks)


def notice_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.REQUEST, title, [section(text)])


def settled_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell the proposer what was decided, by whom, and why."""
    ending = ""
    if request.status is RequestStatus.REJECTED:
        is_by_line = request.last_vote() is None
        ending = "If an answer was wrong, correct it and send it again." if is_by_line else "You may propose it anew."
    return f"*{request.reference}* “{inline(subject.title)}”: {decided(request, with_reason=True)} {ending}".strip()


def settled_blocks(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the news of a decision, with what the proposer can do next."""
    buttons = [_open_button(request, subject)]
    if request.status is RequestStatus.REJECTED:
        action, text = (
            (Action.EDIT, "Correct it") if request.last_vote() is None else (Action.PROPOSE_ANEW, "Propose anew")
        )
        what = f"{text}: {subject.reference}, {subject.title}"
        buttons.insert(0, button(action, text, str(request.subject_id), label=what))
    return [section(settled_text(request, subject)), actions("approvals.settled.buttons", *buttons)]


def changes_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell the proposer in full what is asked of them."""
    return f"*{request.reference}* “{inline(subject.title)}”: {decided(request, with_reason=True)} It is yours now."


def changes_blocks(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw what the proposer is asked to change, with the way to do it."""
    asked = request.changes_asked()
    who = f"{voter(*asked)} asks for changes before deciding. " if asked else ""
    blocks = [
        section(f"✏️ *{request.reference}* “{inline(subject.title)}”\n{who}It is yours now; nobody else has to act.")
    ]
    if asked and asked[1].reason:
        blocks.append(quoted(asked[1].reason))
    what = f"{subject.reference}, {subject.title}"
    edit = button(Action.EDIT, "Edit and resubmit", str(request.subject_id), style="primary", label=f"Edit {what}")
    return [*blocks, actions("approvals.changes.buttons", edit, _open_button(request, subject))]


def _question_lines(asked: QuestionSnapshot) -> list[BlockKit]:
    """Draw a question of the record and its answer."""
    lines = [section(f"❓ {named(asked.asked_by.name)} asked, {moment(asked.asked_at)}"), quoted(asked.text)]
    if asked.answer is not None and asked.answered_by is not None and asked.answered_at is not None:
        lines += [section(f"💬 {named(asked.answered_by.name)}, {moment(asked.answered_at)}"), quoted(asked.answer)]
    return lines


def _ways_on(request: RequestSnapshot, subject: SubjectPicture, onlooker: Onlooker) -> list[BlockKit]:
    """Draw what this person can do with the request besides voting."""
    buttons = [button(*each) for each in _ways(request, onlooker)]
    if request.requester.id == onlooker.id and request.status in PENDING:
        confirm = "Nobody is asked any more, and this cannot be undone. You may propose it anew."
        buttons.append(button(Action.WITHDRAW, "Withdraw", str(request.id), style="danger", confirm=confirm))
    for each in buttons:
        each["accessibility_label"] = shown(f"{each['text']['text']}: {subject.reference}, {subject.title}", limit=75)
        if each["action_id"] == Action.EDIT:
            each["style"] = "primary"
    return [actions("approvals.opened.buttons", *buttons)] if buttons else []


def _ways(request: RequestSnapshot, onlooker: Onlooker) -> Iterator[tuple[str, str, str]]:
    is_theirs = request.excluded.get(onlooker.id) in (Exclusion.PROPOSER, Exclusion.OWNER)
    is_refused = request.status is RequestStatus.REJECTED and request.last_vote() is None
    if is_theirs and (is_refused or request.status is RequestStatus.CHANGES_REQUESTED):
        yield Action.EDIT, "Edit and resubmit", str(request.subject_id)
    if is_theirs and request.open_lanes():
        yield Action.NUDGE, "Nudge", str(request.id)
    if not is_theirs and request.status in PENDING:
        yield Action.ASK, "Ask a question", str(request.id)
    steers_it = onlooker.steers and bool(request.open_lanes())
    if steers_it or request.may_pass_on(onlooker.id):
        yield Action.HAND_ON, "Pass it on", str(request.id)
    if steers_it or request.has_seat(onlooker.id):
        yield Action.ADD_APPROVER, "Ask somebody else", str(request.id)


def _open_button(request: RequestSnapshot, subject: SubjectPicture) -> BlockKit:
    return button(Action.OPEN, "Open", str(request.id), label=f"Open {subject.reference}, {subject.title}")


def reminder_text(request: RequestSnapshot, subject: SubjectPicture, asked_at: datetime) -> str:
    """Return words that stay true: the message is not redrawn when the decision comes."""
    return (
        f"A reminder: *{request.reference}* “{inline(subject.title)}”, proposed by "
        f"{named(request.requester.name)}, has waited for your decision since {moment(asked_at)}."
    )


def reminder_blocks(request: RequestSnapshot, subject: SubjectPicture, asked_at: datetime) -> list[BlockKit]:
    return [
        section(reminder_text(request, subject, asked_at)),
        actions("approvals.reminder.buttons", _open_button(request, subject)),
    ]


def nudge_text(request: RequestSnapshot, subject: SubjectPicture, by: str) -> str:
    return (
        f"{named(by)} asks whether you can look at *{request.reference}* “{inline(subject.title)}”. "
        "It waits for your decision."
    )


def overdue_text(request: RequestSnapshot, subject: SubjectPicture, lane: str) -> str:
    """Tell a programme lead that nobody answers, and what happens if that goes on."""
    return (
        f"⚠️ *{request.reference}* “{inline(subject.title)}” is stuck: nobody in {named(lane)} answered in time, twice. "
        "Open it to pass it on or to ask somebody else. If nobody decides, it expires: silence never approves."
    )


def news_blocks(text: str, request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw a line of news with the way to the request."""
    return [section(text), actions("approvals.news.buttons", _open_button(request, subject))]


def question_text(question: QuestionSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> str:
    return (
        f"❓ {named(question.asked_by.name)} asks about *{request.reference}* “{inline(subject.title)}”: "
        f"“{inline(question.text, limit=1000)}”"
    )


def question_blocks(question: QuestionSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw a question for those who can answer it."""
    lead = f"❓ {named(question.asked_by.name)} asks about *{request.reference}* “{inline(subject.title)}”"
    label = f"Answer {named(question.asked_by.name)} about {subject.reference}"
    answer = button(Action.ANSWER, "Answer", str(question.id), style="primary", label=label)
    buttons = actions("approvals.question.buttons", answer, _open_button(request, subject))
    return [section(lead), quoted(question.text), buttons]


def answer_text(question: QuestionSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> str:
    who = named(question.answered_by.name) if question.answered_by else "Somebody"
    return (
        f"💬 {who} answers your question about *{request.reference}* “{inline(subject.title)}”: "
        f"“{inline(question.answer or '', limit=1000)}”"
    )


def undeliverable_text(reference: str, slack_id: str, error: str) -> str:
    return (
        f"⚠️ *{reference}*: {mention(slack_id)} was asked to decide, but Slack refused the message "
        f"(`{inline(error)}`). The request is in their Home tab; somebody should tell them."
    )


def _reason(label: str, *, optional: bool, hint: str) -> BlockKit:
    element = text_input(longest=REASON_LIMIT, multiline=True)
    return question(Block.REASON, label, element, hint=hint, optional=optional)


def _proposed_and_why(request: RequestSnapshot) -> BlockKit:
    return context(proposed(request), *(f"Why: {line}" for line in why_tier(request)))


def _news(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw what is new since the last time, and against what was decided before."""
    blocks: list[BlockKit] = []
    if subject.changes:
        blocks += [section(f"✏️ *What changed in version {request.revision}*"), facts(subject.changes[:CHANGES_SHOWN])]
    if len(subject.changes) > CHANGES_SHOWN:
        blocks.append(context(f"… and {len(subject.changes) - CHANGES_SHOWN} more."))
    if subject.precedents:
        blocks.append(context(*(f"Similar: {inline(line, limit=600)}" for line in subject.precedents)))
    return blocks


def _for_whom(request: RequestSnapshot, person_id: UUID) -> list[str]:
    principal = request.principal_of(person_id)
    return [f"You decide for {named(principal.name)}, who is away and asked you to."] if principal else []


def _reminder_line(request: RequestSnapshot, person_id: UUID) -> list[str]:
    due = request.reminder_of(person_id)
    return [f"You are reminded {moment(due)} if it still waits."] if due else []
