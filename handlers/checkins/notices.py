"""Turn promises about check-ins into messages."""

from datetime import datetime
from uuid import UUID

from db.enums import CheckInState
from db.session import Session
from handlers.blocks import BlockKit, actions
from handlers.checkins import confirming_notices, offering, prompts, trends
from handlers.messages import Message, Picture, Post, Update
from workflows import checkins, intake, reactions
from workflows.checkins import CheckInSnapshot
from workflows.checkins.turns import REMINDERS
from workflows.intake import UseCaseSnapshot
from workflows.outbox import Pending

_WAITS = (CheckInState.DUE, CheckInState.OVERDUE)


def prompt(session: Session, pending: Pending) -> Message | None:
    """Draw the message that asks somebody: posted where it is not yet, redrawn where it is.

    What was settled before it was ever sent is not sent any more, and nothing is before they are asked: in their hours.
    """
    found = checkins.check_in_prompted(session, pending.subject_id) if pending.subject_id else None
    if found is None or pending.subject_id is None:
        return None
    check_in, person_id, channel, ts = found
    use_case = intake.use_case_of(session, check_in.use_case_id)
    if use_case is None:
        return None
    is_asked = check_in.asked.id == person_id and trends.may_see(session, check_in, use_case, person_id)
    text, blocks, picture = prompts.NOTHING_ASKED, prompts.hidden_blocks(), None
    if is_asked:
        text, blocks, picture = _asked(session, check_in, use_case, person_id, now=pending.created_at)
    elif reactions.may_be_told(session, use_case.id, person_id):
        blocks = prompts.prompt_blocks(check_in, use_case, person_id, now=pending.created_at)
        text = prompts.gone_text(check_in, use_case)
    if channel is not None and ts is not None:
        return Update(channel, ts, text, blocks, card=pending.subject_id, picture=picture)
    is_open = check_in.state in _WAITS and check_in.stands.why_not_asked is None
    if not (is_asked and is_open) and not pending.ambiguous:
        return None
    return Post(pending.conversation, text, blocks, card=pending.subject_id, picture=picture)


def _asked(
    session: Session, found: CheckInSnapshot, use_case: UseCaseSnapshot, person_id: UUID, *, now: datetime
) -> tuple[str, list[BlockKit], Picture | None]:
    """Return what who is asked sees, and may see."""
    trend, picture = _trend(session, found, use_case)
    confirmed = confirming_notices.line(session, found)
    blocks = prompts.prompt_blocks(found, use_case, person_id, confirmed, trend, now=now)
    text = f"{prompts.prompt_text(found, use_case)} {confirmed}".rstrip()
    if corrected := offering.offered_text(found):
        blocks += offering.offered_blocks(session, found, use_case, now=now)
        text = f"{text} {corrected}."
    return text, blocks, picture


def _trend(
    session: Session, found: CheckInSnapshot, use_case: UseCaseSnapshot
) -> tuple[list[BlockKit], Picture | None]:
    """Return how the numbers of an answer went, in blocks and as a picture."""
    if found.answer is None:
        return [], None
    went = checkins.how_kpis_went(session, found.use_case_id, [each.kpi for each in found.kpis])
    blocks = trends.trend_blocks(went)
    table = actions("checkins.trend.buttons", trends.table_of_check_in(found, use_case))
    return ([*blocks, table], trends.picture_of(went, use_case)) if blocks else ([], None)


def reminder(session: Session, pending: Pending) -> Message | None:
    """Remind who is still asked; not who has answered since, has put it off or handed it over, or may not see it."""
    found = _waiting(session, pending)
    if found is None or found[0].asked.slack_id != pending.conversation:
        return None
    check_in, use_case = found
    if not trends.may_see(session, check_in, use_case, check_in.asked.id):
        return None
    is_last = pending.payload.get("reminder") == "2"
    is_snoozed = pending.payload.get("why") == "snoozed"
    text = prompts.reminder_text(check_in, use_case, is_last=is_last, is_snoozed=is_snoozed)
    return Post(pending.conversation, text, prompts.answer_blocks(text, check_in, use_case))


def silent(session: Session, pending: Pending) -> Message | None:
    """Tell the sponsor that nobody answers; not when somebody has since, or somebody else is asked now."""
    found = _waiting(session, pending)
    if found is None or found[0].reminders < REMINDERS:
        return None
    told = pending.payload.get("person")
    if told is None or not trends.may_see(session, *found, UUID(told)):
        return None
    text = prompts.silent_text(*found)
    return Post(pending.conversation, text, prompts.answer_blocks(text, *found))


def _waiting(session: Session, pending: Pending) -> tuple[CheckInSnapshot, UseCaseSnapshot] | None:
    check_in = checkins.check_in_of(session, pending.subject_id) if pending.subject_id else None
    use_case = intake.use_case_of(session, check_in.use_case_id) if check_in else None
    if check_in is None or use_case is None or check_in.state not in _WAITS:
        return None
    is_resting = check_in.snoozed_until is not None or check_in.stands.why_not_asked is not None
    return None if is_resting else (check_in, use_case)
