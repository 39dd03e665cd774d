"""Every kind of promise and who turns it into a message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from db.enums import OutboxKind
from db.session import Session
from handlers.approvals import notices as approvals_notices
from handlers.approvals import replies
from handlers.auditing import notices as auditing_notices
from handlers.away import notices as away_notices
from handlers.blocks import section
from handlers.breaking_glass import notices as breaking_glass_notices
from handlers.checkins import confirming_notices, fix_notices
from handlers.checkins import given as given_notices
from handlers.checkins import notices as checkins_notices
from handlers.conditions import notices as conditions_notices
from handlers.digests import notices as digests_notices
from handlers.digests import your_week as your_week_notices
from handlers.exports import notices as exports_notices
from handlers.foundation import notices as foundation_notices
from handlers.home import notices as home_notices
from handlers.intake import notices as intake_notices
from handlers.lifecycle import notices as lifecycle_notices
from handlers.messages import Message, Post, Settle, Whisper
from handlers.policy_changes import notices as policy_notices
from handlers.programme import notices as programme_notices
from handlers.recertifying import notices as recertifying_notices
from handlers.recorded import notices as recorded_notices
from handlers.rollouts import notices as rollouts_notices
from handlers.scorecards import notices as scorecards_notices
from handlers.settings import notices as settings_notices
from workflows import outbox
from workflows.outbox import Pending

WHISPERS_LAST = timedelta(minutes=5)

Renderer = Callable[[Session, Pending], Message | None]


def whisper(_: Session, pending: Pending) -> Message:
    """Answer privately where the person acted; from Home, where there is no such place, in their direct messages."""
    user, channel, text = pending.payload["user"] or "", pending.payload["channel"], pending.payload["text"] or ""
    if not channel:
        return Post(user, text)
    answer, pressed = Whisper(channel, user, text, thread=pending.payload.get("thread")), pending.payload.get("pressed")
    return Settle(channel, pressed, text, [section(text)], otherwise=answer) if pressed else answer


RENDERERS: Mapping[OutboxKind, Renderer] = {
    OutboxKind.CARD_SYNC: approvals_notices.card,
    OutboxKind.HOME_SYNC: home_notices.home,
    OutboxKind.REQUEST_SETTLED: approvals_notices.settled,
    OutboxKind.CHANGES_REQUESTED: approvals_notices.changes_requested,
    OutboxKind.HANDED_OVER: approvals_notices.handed_over,
    OutboxKind.ORPHANED: approvals_notices.orphaned,
    OutboxKind.VOTE_REMINDER: approvals_notices.reminder,
    OutboxKind.NUDGE: approvals_notices.nudge,
    OutboxKind.LANE_OVERDUE: approvals_notices.overdue,
    OutboxKind.LANE_BLOCKED: approvals_notices.blocked,
    OutboxKind.QUESTION_ASKED: approvals_notices.question_asked,
    OutboxKind.QUESTION_ANSWERED: approvals_notices.question_answered,
    OutboxKind.WHERE_REQUESTS_WAIT: approvals_notices.where_requests_wait,
    OutboxKind.UNDELIVERABLE: approvals_notices.undeliverable,
    OutboxKind.NOT_A_VOTE: replies.not_a_vote,
    OutboxKind.DELEGATED: away_notices.delegated,
    OutboxKind.AWAY_SUMMARY: away_notices.summary,
    OutboxKind.JOIN_ASKED: intake_notices.join_asked,
    OutboxKind.SUSPENDED: intake_notices.suspended,
    OutboxKind.CHECK_IN: checkins_notices.prompt,
    OutboxKind.CHECK_IN_REMINDER: checkins_notices.reminder,
    OutboxKind.CHECK_IN_SILENT: checkins_notices.silent,
    OutboxKind.VERIFICATION_ASKED: confirming_notices.asked,
    OutboxKind.READING_DOUBTED: confirming_notices.doubted,
    OutboxKind.FIX_ACCEPTED: fix_notices.accepted,
    OutboxKind.FIX_DUE: fix_notices.due,
    OutboxKind.KPI_GIVEN: given_notices.given,
    OutboxKind.CONDITIONS_SET: conditions_notices.conditions_set,
    OutboxKind.CONDITION_OFFERED: conditions_notices.offered,
    OutboxKind.CONDITION_ANSWERED: conditions_notices.answered,
    OutboxKind.CONDITION_REMINDER: conditions_notices.reminder,
    OutboxKind.CONDITION_OVERDUE: conditions_notices.overdue,
    OutboxKind.BREAK_GLASS_ASKED: breaking_glass_notices.asked,
    OutboxKind.BREAK_GLASS_TOLD: breaking_glass_notices.told,
    OutboxKind.POLICY_DECIDED: policy_notices.decided,
    OutboxKind.FAST_LANE_CHANGED: auditing_notices.changed,
    OutboxKind.RECERTIFY: recertifying_notices.asked,
    OutboxKind.CAMPAIGN_ENDED: recertifying_notices.campaign_ended,
    OutboxKind.GATE_CHANGED: programme_notices.changed,
    OutboxKind.FOUNDATION_REVIEW: foundation_notices.review,
    OutboxKind.ROLLOUT_TOLD: rollouts_notices.told,
    OutboxKind.MOVED: lifecycle_notices.moved,
    OutboxKind.TASK_GIVEN: lifecycle_notices.task_given,
    OutboxKind.TASK_DUE: lifecycle_notices.task_due,
    OutboxKind.FIRST_VALUE_DUE: lifecycle_notices.first_value_due,
    OutboxKind.PROPOSE_RECORDED: recorded_notices.asked,
    OutboxKind.SCORECARD_ASKED: scorecards_notices.asked,
    OutboxKind.SCORECARD_CLOSED: scorecards_notices.closed,
    OutboxKind.SCORECARD_FILE: scorecards_notices.file,
    OutboxKind.YOUR_WEEK: your_week_notices.notice,
    OutboxKind.DIGEST: digests_notices.digest,
    OutboxKind.DIGEST_DETAILS: digests_notices.details,
    OutboxKind.DIGEST_FILE: digests_notices.file,
    OutboxKind.EXPORT_FILE: exports_notices.file,
    OutboxKind.SET_UP: settings_notices.set_up,
    OutboxKind.WHISPER: whisper,
}


def draw(session: Session, pending: Pending, *, now: datetime) -> Message | None:
    """Return what to send now, or None when the moment for it has passed.

    An answer in the place of a question is true whenever it comes.
    """
    is_private = pending.kind in outbox.ANSWERS and not pending.payload.get("pressed")
    if is_private and (now - pending.created_at > WHISPERS_LAST or pending.ambiguous):
        return None
    return RENDERERS[pending.kind](session, replace(pending, drawn_at=now))
