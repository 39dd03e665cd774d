"""Turn promises of approvals into messages, from the database as it is when they are sent."""

from uuid import UUID

from db.enums import PENDING, Audience, LaneStatus, RequestStatus
from db.session import Session
from handlers.approvals import cards, news
from handlers.messages import Message, Post, Update
from handlers.subjects import picture_of
from handlers.waits import weekly_blocks, weekly_text
from workflows import approvals, people
from workflows.approvals import RequestSnapshot
from workflows.outbox import Pending


def card(session: Session, pending: Pending) -> Message | None:
    """Draw a copy of a card: posted where it is not yet, redrawn where it is.

    A channel that surely has no card yet gets none of a confidential request.
    """
    if pending.subject_id is None:
        return None
    copy = approvals.card_of(session, pending.subject_id)
    if copy is None:
        return None
    is_new = copy.ts is None and not pending.ambiguous
    if is_new and copy.audience is not Audience.APPROVER and copy.request.confidential:
        return None
    subject = picture_of(session, copy.request, now=pending.now)
    if copy.audience is Audience.APPROVER and copy.person_id is not None:
        blocks = cards.approver_card(copy.request, subject, copy.person_id)
    else:
        blocks = cards.channel_card(copy.request, subject)
    text = cards.card_text(copy.request, subject, copy.person_id)
    if copy.channel is None or copy.ts is None:
        return Post(copy.conversation, text, blocks, card=copy.id)
    return Update(copy.channel, copy.ts, text, blocks, card=copy.id)


def settled(session: Session, pending: Pending) -> Message | None:
    """Tell the proposer the decision."""
    request = _request_of(session, pending)
    if request is None:
        return None
    subject = picture_of(session, request)
    return Post(pending.conversation, news.settled_text(request, subject), news.settled_blocks(request, subject))


def changes_requested(session: Session, pending: Pending) -> Message | None:
    """Tell the proposer what is asked of them, unless they have answered already."""
    request = _request_of(session, pending)
    if request is None or request.changes_asked() is None:
        return None
    subject = picture_of(session, request)
    return Post(pending.conversation, news.changes_text(request, subject), news.changes_blocks(request, subject))


def handed_over(session: Session, pending: Pending) -> Message | None:
    """Tell who owns a request that it is theirs now; not when it has been decided or is somebody else's since."""
    request = _request_of(session, pending)
    if request is None or request.status not in PENDING or request.requester.slack_id != pending.conversation:
        return None
    subject = picture_of(session, request)
    known = people.named(session, [UUID(pending.payload["from"])])
    left = next((each.name for each in known.values()), request.proposer.name)
    text = news.handed_over_text(request, subject, left)
    return Post(pending.conversation, text, news.handed_over_blocks(request, subject, left))


def orphaned(session: Session, pending: Pending) -> Message | None:
    """Tell a programme lead that nobody is left to answer for a request; not when somebody is again."""
    request = _request_of(session, pending)
    if request is None or request.status not in PENDING or not request.is_orphaned:
        return None
    subject = picture_of(session, request)
    text = news.orphaned_text(request, subject)
    return Post(pending.conversation, text, news.news_blocks(text, request, subject))


def reminder(session: Session, pending: Pending) -> Message | None:
    """Remind a person who is still asked; a reminder that was overtaken by a decision is not sent."""
    request = _request_of(session, pending)
    if request is None or request.status is not RequestStatus.IN_REVIEW:
        return None
    seat = request.open_seat_of(UUID(pending.payload["person"]))
    if seat is None:
        return None
    subject = picture_of(session, request)
    text = news.reminder_text(request, subject, seat)
    return Post(pending.conversation, text, news.reminder_blocks(request, subject, seat))


def nudge(session: Session, pending: Pending) -> Message | None:
    """Pass on that somebody waits for it; not to who has decided since."""
    request = _request_of(session, pending)
    if request is None or request.asked_at(UUID(pending.payload["person"])) is None:
        return None
    subject = picture_of(session, request)
    by = people.named(session, [UUID(pending.payload["by"])])
    text = news.nudge_text(request, subject, next((each.name for each in by.values()), request.requester.name))
    return Post(pending.conversation, text, news.news_blocks(text, request, subject))


def overdue(session: Session, pending: Pending) -> Message | None:
    """Tell a programme lead that a lane does not answer; not when it has since."""
    request = _request_of(session, pending)
    lane = request.lane(UUID(pending.payload["lane"])) if request else None
    if request is None or lane is None or lane.status is not LaneStatus.OPEN:
        return None
    subject = picture_of(session, request)
    text = news.overdue_text(request, subject, lane.name)
    return Post(pending.conversation, text, news.news_blocks(text, request, subject))


def blocked(session: Session, pending: Pending) -> Message | None:
    """Tell a programme lead or an admin that nobody may decide a lane; not when somebody may by now."""
    request = _request_of(session, pending)
    lane = request.lane(UUID(pending.payload["lane"])) if request else None
    if request is None or request.status is not RequestStatus.IN_REVIEW:
        return None
    if lane is None or lane.status is not LaneStatus.BLOCKED:
        return None
    subject = picture_of(session, request)
    text = news.blocked_text(request, subject, lane)
    return Post(pending.conversation, text, news.news_blocks(text, request, subject))


def question_asked(session: Session, pending: Pending) -> Message | None:
    """Put a question to those who can answer it; not when somebody has."""
    question = approvals.question_of(session, pending.subject_id) if pending.subject_id else None
    if question is None or question.answer is not None:
        return None
    request = approvals.existing_request(session, question.request_id)
    subject = picture_of(session, request)
    blocks = news.question_blocks(question, request, subject)
    return Post(pending.conversation, news.question_text(question, request, subject), blocks)


def question_answered(session: Session, pending: Pending) -> Message | None:
    """Bring the answer to who asked."""
    question = approvals.question_of(session, pending.subject_id) if pending.subject_id else None
    if question is None:
        return None
    request = approvals.existing_request(session, question.request_id)
    subject = picture_of(session, request)
    text = news.answer_text(question, request, subject)
    return Post(pending.conversation, text, news.news_blocks(text, request, subject))


def where_requests_wait(session: Session, pending: Pending) -> Message | None:
    """Tell a programme lead at the beginning of their week where requests wait; not who is none any more."""
    if pending.subject_id is None or people.LEAD not in people.roles_of(session, pending.subject_id):
        return None
    waits = approvals.where_requests_wait(session, now=pending.created_at)
    return Post(pending.conversation, weekly_text(waits), weekly_blocks(waits))


def undeliverable(_: Session, pending: Pending) -> Message:
    """Say that an approver could not be reached, to the governance channel or to leads."""
    payload = pending.payload
    text = news.undeliverable_text(payload["reference"] or "", payload["person"] or "", payload["error"] or "")
    return Post(pending.conversation, text)


def _request_of(session: Session, pending: Pending) -> RequestSnapshot | None:
    return approvals.request_of(session, pending.subject_id) if pending.subject_id else None
