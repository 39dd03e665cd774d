"""Draw what people are told: decisions, changes asked for, reminders, nudges, questions and answers."""

from db.enums import RequestStatus
from handlers.approvals.cards import conditions_block, open_button
from handlers.blocks import BlockKit, actions, button, context, quoted, section
from handlers.ids import Action
from handlers.kinds import Way, kind_of
from handlers.standing import decided, how_to_unblock, progress, voter
from handlers.subjects import SubjectPicture
from handlers.text import inline, mention, moment, named
from workflows import subjects
from workflows.approvals import LaneSnapshot, QuestionSnapshot, RequestSnapshot, SeatSnapshot


def settled_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell the proposer what was decided, by whom, and why."""
    told = (decided(request, with_reason=True), subject.holds, _what_now(request, subject))
    return f"*{request.reference}* “{inline(subject.title)}”: {' '.join(filter(None, told))}"


def _what_now(request: RequestSnapshot, subject: SubjectPicture) -> str:
    way = _way_after_rejection(request, subject)
    if way is None:
        return ""
    if request.last_vote() is None:
        return "If an answer was wrong, correct it and send it again."
    return "You may ask for another change." if subject.may_change else "You may propose it anew."


def _way_after_rejection(request: RequestSnapshot, subject: SubjectPicture) -> Way | None:
    """Return what a proposer can do with what was rejected, where anything."""
    kind = kind_of(request.subject_kind)
    if request.status is not RequestStatus.REJECTED or subject.is_over:
        return None
    if request.last_vote() is None:
        return kind.correct
    return kind.change if subject.may_change else kind.anew


def settled_blocks(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the news of a decision, with what the proposer can do next."""
    buttons = [open_button(request, subject)]
    way = _way_after_rejection(request, subject)
    if way is not None:
        what = f"{way.text}: {subject.reference}, {subject.title}"
        buttons.insert(0, button(way.action, way.text, str(request.subject_id), label=what))
    told = [section(settled_text(request, subject)), *conditions_block(subject)]
    return [*told, actions("approvals.settled.buttons", *buttons)]


def changes_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell the proposer in full what is asked of them."""
    return f"*{request.reference}* “{inline(subject.title)}”: {decided(request, with_reason=True)} It is yours now."


def changes_blocks(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw what the proposer is asked to change, with the way to do it."""
    asked = request.changes_asked()
    who = f"{voter(*asked)} asks for changes before deciding. " if asked else ""
    kind = kind_of(request.subject_kind)
    blocks = [section(f"✏️ *{request.reference}* “{inline(subject.title)}”\n{who}{kind.given_back}")]
    if asked and asked[1].reason:
        blocks.append(quoted(asked[1].reason))
    buttons = [open_button(request, subject)]
    if kind.edit is not None:
        what, value = f"{subject.reference}, {subject.title}", str(request.subject_id)
        buttons.insert(0, button(kind.edit.action, kind.edit.text, value, style="primary", label=f"Edit {what}"))
    return [*blocks, actions("approvals.changes.buttons", *buttons)]


def handed_over_text(request: RequestSnapshot, subject: SubjectPicture, left: str) -> str:
    """Tell whoever owns it that it is theirs, because who had it left."""
    text = f"{named(left)} has left, so *{request.reference}* “{inline(subject.title)}” is yours now."
    if request.status is RequestStatus.CHANGES_REQUESTED:
        return f"{text} {decided(request, with_reason=True)}"
    way = ", or to withdraw it" if subjects.is_sent(request.subject_kind) else ""
    return f"{text} You are told what is decided. Open it to nudge those who have it{way}."


def handed_over_blocks(request: RequestSnapshot, subject: SubjectPicture, left: str) -> list[BlockKit]:
    """Draw that a request is somebody's now, with where it stands and the way on."""
    if request.status is RequestStatus.CHANGES_REQUESTED:
        lead = f"{named(left)} has left, so *{request.reference}* is yours now."
        return [section(lead), *changes_blocks(request, subject)]
    text = handed_over_text(request, subject, left)
    state = context(*progress(request, request.requester.id))
    return [section(text), state, actions("approvals.news.buttons", open_button(request, subject))]


def orphaned_text(request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Tell a programme lead that nobody answers for a request any more, and what they can do."""
    way = "Open it to withdraw it. " if subjects.is_sent(request.subject_kind) else ""
    return (
        f"⚠️ *{request.reference}* “{inline(subject.title)}”: nobody is left to answer for it. "
        f"{named(request.requester.name)} has left, and it has no other owner here. "
        f"{way}If it has an owner again, it goes to them."
    )


def reminder_text(request: RequestSnapshot, subject: SubjectPicture, seat: SeatSnapshot) -> str:
    """Return words that stay true: the message is not redrawn when the decision comes."""
    by = f" It {'was' if seat.is_overdue else 'is'} due {moment(seat.due_at)}." if seat.due_at else ""
    what = "a change asked for" if request.is_change else kind_of(request.subject_kind).sent
    return (
        f"A reminder: *{request.reference}* “{inline(subject.title)}”, {what} by "
        f"{named(request.proposer.name)}, has waited for your decision since {moment(seat.asked_at)}.{by}"
    )


def reminder_blocks(request: RequestSnapshot, subject: SubjectPicture, seat: SeatSnapshot) -> list[BlockKit]:
    return [
        section(reminder_text(request, subject, seat)),
        actions("approvals.reminder.buttons", open_button(request, subject)),
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


def blocked_text(request: RequestSnapshot, subject: SubjectPicture, lane: LaneSnapshot) -> str:
    """Tell programme leads and admins that nobody may decide a lane, and what has to be done."""
    what = f"*{request.reference}* “{inline(subject.title)}”"
    return f"⚠️ {what} is blocked: nobody may decide *{named(lane.name)}*. {how_to_unblock(lane)}"


def news_blocks(text: str, request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw a line of news with the way to the request."""
    return [section(text), actions("approvals.news.buttons", open_button(request, subject))]


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
    buttons = actions("approvals.question.buttons", answer, open_button(request, subject))
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
