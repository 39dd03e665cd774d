"""Scorecards: several people say how ready the organisation is, and everybody sees what came of it."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions
from handlers.scorecards import listeners

ACTIONS = {
    Action.SCORECARD: listeners.on_open,
    Action.START_SCORECARD: listeners.on_start,
    Action.CLOSE_SCORECARD: listeners.on_close,
    Action.EXPORT_SCORECARD: listeners.on_export,
    Action.SCORE: listeners.on_score,
}
SUBMISSIONS = {
    Callback.START_SCORECARD: listeners.on_started,
    Callback.SCORE: listeners.on_scored,
}


def register(app: App) -> None:
    on_actions(app, "scorecards", ACTIONS)
    on_submissions(app, "scorecards", SUBMISSIONS)
