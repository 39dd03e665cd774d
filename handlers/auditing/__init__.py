"""The fast lane for those who steer the programme: how the lines that approve stand, and opening one again."""

from slack_bolt import App

from handlers.auditing import listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.FAST_LANE: listeners.on_open,
    Action.REOPEN_LINE: listeners.on_reopen,
}
SUBMISSIONS = {Callback.REOPEN_LINE: listeners.on_reopened}


def register(app: App) -> None:
    on_actions(app, "auditing", ACTIONS)
    on_submissions(app, "auditing", SUBMISSIONS)
