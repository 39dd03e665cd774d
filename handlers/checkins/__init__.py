"""KPIs as people meet them: what each counts, its baseline, and who reports it."""

from slack_bolt import App

from handlers.checkins import listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.KPIS: listeners.on_kpis,
    Action.KPI_HISTORY: listeners.on_history,
    Action.EDIT_KPI: listeners.on_edit,
    Action.BASELINE: listeners.on_baseline,
}
SUBMISSIONS = {
    Callback.SAVE_KPI: listeners.on_kpi_saved,
    Callback.LOCK_BASELINE: listeners.on_baseline_saved,
}


def register(app: App) -> None:
    on_actions(app, "checkins", ACTIONS)
    on_submissions(app, "checkins", SUBMISSIONS)
