"""KPIs as people meet them: what each counts, its baseline, who reports it, and the check-in that asks for it."""

from slack_bolt import App

from handlers.checkins import asked, listeners, putting_off, quiet
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
}
SUBMISSIONS = {
    Callback.SAVE_KPI: listeners.on_kpi_saved,
    Callback.LOCK_BASELINE: listeners.on_baseline_saved,
    Callback.ANSWER_CHECK_IN: asked.on_answered,
    Callback.SNOOZE: putting_off.on_snoozed,
    Callback.SKIP: putting_off.on_skipped,
    Callback.HAND_OVER: putting_off.on_handed_over,
}


def register(app: App) -> None:
    on_actions(app, "checkins", ACTIONS)
    on_submissions(app, "checkins", SUBMISSIONS)
    on_event(app, Event.QUIET_CHANGED, quiet.on_quiet_changed)
