"""Turn promises about conditions into messages and the lists on Home, from the database as it is when they are sent."""

from datetime import datetime
from uuid import UUID

from db.enums import ConditionStatus, SuspensionCause
from db.session import Session
from handlers.blocks import BlockKit, section
from handlers.conditions import news, views
from handlers.conditions.views import May
from handlers.messages import Message, Post
from handlers.subjects import SubjectPicture, picture_of
from workflows import approvals, conditions, intake, people
from workflows.conditions import ConditionSnapshot
from workflows.outbox import Pending
from workflows.people import Actor


def conditions_set(session: Session, pending: Pending) -> Message | None:
    """Tell somebody what they have to do so that an approval holds; not what has been settled or passed on since."""
    found = _of(session, pending)
    if found is None:
        return None
    condition, subject = found
    owner_id = UUID(pending.payload["person"])
    everything = conditions.in_force(session, condition.subject_kind, [condition.subject_id])
    theirs = [each for each in everything.get(condition.subject_id, ()) if each.owner.id == owner_id]
    to_do = [each for each in theirs if each.is_in_force]
    if not to_do:
        return None
    left = _person(session, pending.payload.get("from"))
    text = news.set_text(subject, to_do, left.name if left else None)
    return Post(pending.conversation, text, news.set_blocks(subject, to_do, left.name if left else None))


def offered(session: Session, pending: Pending) -> Message | None:
    """Ask somebody to look at evidence; not when it has been judged, or is for others to judge, since."""
    found = _of(session, pending)
    if found is None or found[0].status is not ConditionStatus.OFFERED:
        return None
    condition, subject = found
    if pending.payload.get("lead"):
        text = news.not_looked_at_text(condition, subject)
        return Post(pending.conversation, text, news.news_blocks(text, condition))
    person_id = UUID(pending.payload["person"])
    if condition.offered is None or not conditions.lanes_of(session, condition, person_id, now=pending.created_at):
        return None
    text = news.offered_text(condition, subject)
    blocks = [section(text), *views.evidence_blocks(condition.offered)]
    return Post(pending.conversation, text, [*blocks, *views.buttons_of(condition, May(judge=True, waive=True))])


def answered(session: Session, pending: Pending) -> Message | None:
    """Tell who has a condition to meet what those who set it say, or that nothing is to be met any more."""
    found = _of(session, pending)
    if found is not None and pending.payload["what"] == "dropped":
        theirs = conditions.dropped_with(session, found[0])
        text = news.dropped_text(theirs, found[1])
        return Post(pending.conversation, text, [section(text)])
    by = _person(session, pending.payload.get("by"))
    if found is None or by is None:
        return None
    condition, subject = found
    lane_id = UUID(pending.payload["lane"])
    demand = next((each for each in condition.demands if each.lane_id == lane_id), None)
    what = pending.payload["what"] or ""
    text = news.answered_text(condition, subject, what, by=by.name, lane=demand.lane if demand else "")
    reason = demand.reason if demand else None
    is_theirs = condition.owner.slack_id == pending.conversation
    return Post(pending.conversation, text, news.answered_blocks(text, condition, reason, is_theirs=is_theirs))


def reminder(session: Session, pending: Pending) -> Message | None:
    """Remind who has a condition to meet; not when they have given evidence, or it is no longer theirs."""
    found = _of(session, pending)
    if found is None or found[0].status is not ConditionStatus.OPEN or found[0].owner.slack_id != pending.conversation:
        return None
    condition, subject = found
    text = news.reminder_text(condition, subject, today=people.local_day(condition.owner, pending.created_at))
    return Post(pending.conversation, text, news.to_do_blocks(text, condition))


def overdue(session: Session, pending: Pending) -> Message | None:
    """Say that a condition is overdue; not when it has been settled since."""
    found = _of(session, pending)
    if found is None or found[0].overdue_at is None or not found[0].is_in_force:
        return None
    condition, subject = found
    is_theirs = condition.owner.slack_id == pending.conversation
    use_case = intake.use_case_of(session, condition.subject_id)
    is_suspended = use_case is not None and SuspensionCause.CONDITION_OVERDUE in use_case.suspended_by
    text = news.overdue_text(condition, subject, is_theirs=is_theirs, is_suspended=is_suspended)
    draw = news.to_do_blocks if is_theirs and condition.status is ConditionStatus.OPEN else news.news_blocks
    return Post(pending.conversation, text, draw(text, condition))


def home_blocks(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Draw what somebody has to do about conditions: those they have to meet, and evidence they are to look at."""
    to_meet = conditions.to_meet(session, person_id, limit=views.TO_MEET_SHOWN + 1)
    to_judge = conditions.to_judge(session, person_id, limit=views.TO_JUDGE_SHOWN + 1, now=now)
    requests = dict.fromkeys(each.request_id for each in (*to_meet, *to_judge))
    titles = {each: news.title(picture_of(session, approvals.existing_request(session, each))) for each in requests}
    return views.home_blocks(
        [(each, titles[each.request_id]) for each in to_meet],
        [(each, titles[each.request_id]) for each in to_judge],
    )


def _of(session: Session, pending: Pending) -> tuple[ConditionSnapshot, SubjectPicture] | None:
    condition = conditions.condition_of(session, pending.subject_id) if pending.subject_id else None
    if condition is None:
        return None
    return condition, picture_of(session, approvals.existing_request(session, condition.request_id))


def _person(session: Session, person_id: str | None) -> Actor | None:
    known = people.named(session, [UUID(person_id)]) if person_id else {}
    return next(iter(known.values()), None)
