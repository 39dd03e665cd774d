"""KPIs as people meet them: what each counts, its baseline, who reports it, and the check-in that asks for it."""

from slack_bolt import App

from handlers.checkins import asked, confirming, fixing, listeners, putting_off, quiet, trends
from handlers.ids import Action, Callback, Event
from handlers.routing import on_actions, on_event, on_submissions

ACTIONS = {
    Action.KPIS: listeners.on_kpis,
    Action.KPI_HISTORY: listeners.on_history,
    Action.EDIT_KPI: listeners.on_edit,
    Action.BASELINE: listeners.on_baseline,
    Action.UNCHANGED: asked.on_unchanged,
    Action.ANSWER_CHECK_IN: asked.on_answer,
    Action.CONFIDENCE: asked.on_confidence,
    Action.SNOOZE: putting_off.on_snooze,
    Action.SKIP: putting_off.on_skip,
    Action.PROMPT_MORE: putting_off.on_more,
    Action.CONFIRM_NUMBERS: confirming.on_confirmed,
    Action.DOUBT_NUMBERS: confirming.on_doubt,
    Action.CONFIRM_READING: confirming.on_reading_confirmed,
    Action.ACCEPT_FIX: fixing.on_accept,
    Action.CHOOSE_CAUSE: fixing.on_choose_cause,
    Action.CHANGE_FIX: fixing.on_change,
    Action.FINISH_FIX: fixing.on_finish,
    Action.DROP_FIX: fixing.on_drop,
    Action.TREND_TABLE: trends.on_table,
}
SUBMISSIONS = {
    Callback.SAVE_KPI: listeners.on_kpi_saved,
    Callback.LOCK_BASELINE: listeners.on_baseline_saved,
    Callback.ANSWER_CHECK_IN: asked.on_answered,
    Callback.SNOOZE: putting_off.on_snoozed,
    Callback.SKIP: putting_off.on_skipped,
    Callback.HAND_OVER: putting_off.on_handed_over,
    Callback.DOUBT_NUMBERS: confirming.on_doubted,
    Callback.ACCEPT_FIX: fixing.on_accepted,
    Callback.CHANGE_FIX: fixing.on_changed,
    Callback.DROP_FIX: fixing.on_dropped,
}


def register(app: App) -> None:
    on_actions(app, "checkins", ACTIONS)
    on_submissions(app, "checkins", SUBMISSIONS)
    on_event(app, Event.QUIET_CHANGED, quiet.on_quiet_changed)
