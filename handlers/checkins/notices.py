"""Turn promises about check-ins into messages."""

from uuid import UUID

from db.enums import CheckInState
from db.session import Session
from handlers.blocks import BlockKit, actions
from handlers.checkins import confirming_notices, offering, prompts, trends
from handlers.messages import Message, Picture, Post, Update
from workflows import checkins, intake
from workflows.checkins import CheckInSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.outbox import Pending

_WAITS = (CheckInState.DUE, CheckInState.OVERDUE)


def prompt(session: Session, pending: Pending) -> Message | None:
    """Draw the message that asks somebody: posted where it is not yet, redrawn where it is.

    What was settled before it was ever sent is not sent any more.
    """
    found = checkins.check_in_prompted(session, pending.subject_id) if pending.subject_id else None
    if found is None or pending.subject_id is None:
        return None
    check_in, person_id, channel, ts = found
    use_case = intake.use_case_of(session, check_in.use_case_id)
    if use_case is None:
        return None
    trend, picture = _trend(session, check_in, use_case, person_id)
    confirmed = confirming_notices.line(session, check_in)
    blocks = prompts.prompt_blocks(check_in, use_case, person_id, confirmed, trend)
    text = f"{prompts.prompt_text(check_in, use_case)} {confirmed}".rstrip()
    if person_id == check_in.asked.id and (corrected := offering.offered_text(check_in)):
        blocks += offering.offered_blocks(session, check_in, use_case, now=pending.created_at)
        text = f"{text} {corrected}."
    if channel is not None and ts is not None:
        return Update(channel, ts, text, blocks, card=pending.subject_id, picture=picture)
    is_asked = check_in.state in prompts.OPEN and check_in.asked.id == person_id
    is_asked = is_asked and check_in.stands.why_not_asked is None
    if not is_asked and not pending.ambiguous:
        return None
    return Post(pending.conversation, text, blocks, card=pending.subject_id, picture=picture)


def _trend(
    session: Session, found: CheckInSnapshot, use_case: UseCaseSnapshot, person_id: UUID
) -> tuple[list[BlockKit], Picture | None]:
    """Return how the numbers of an answer went, in blocks and as a picture, for who is asked and may see them."""
    if found.answer is None or person_id != found.asked.id or not trends.may_see(session, found, use_case, person_id):
        return [], None
    went = checkins.how_kpis_went(session, found.use_case_id, [each.kpi for each in found.kpis])
    blocks = trends.trend_blocks(went)
    table = actions("checkins.trend.buttons", trends.table_of_check_in(found, use_case))
    return ([*blocks, table], trends.picture_of(went, use_case)) if blocks else ([], None)


def reminder(session: Session, pending: Pending) -> Message | None:
    """Remind who is still asked; not who has answered since, or has handed it over."""
    found = _waiting(session, pending)
    if found is None or found[0].asked.slack_id != pending.conversation:
        return None
    check_in, use_case = found
    is_last = pending.payload.get("reminder") == "2"
    is_snoozed = pending.payload.get("why") == "snoozed"
    text = prompts.reminder_text(check_in, use_case, is_last=is_last, is_snoozed=is_snoozed)
    return Post(pending.conversation, text, prompts.answer_blocks(text, check_in, use_case))


def silent(session: Session, pending: Pending) -> Message | None:
    """Tell the sponsor that nobody answers; not when somebody has since."""
    found = _waiting(session, pending)
    if found is None:
        return None
    text = prompts.silent_text(*found)
    return Post(pending.conversation, text, prompts.answer_blocks(text, *found))


def _waiting(session: Session, pending: Pending) -> tuple[CheckInSnapshot, UseCaseSnapshot] | None:
    check_in = checkins.check_in_of(session, pending.subject_id) if pending.subject_id else None
    use_case = intake.use_case_of(session, check_in.use_case_id) if check_in else None
    if check_in is None or use_case is None or check_in.state not in _WAITS:
        return None
    return check_in, use_case
