"""Proposing use cases, and asking how one stands."""

from slack_bolt import App

from handlers.ids import Action, Callback, Command
from handlers.intake import listeners
from handlers.routing import on_actions, on_command, on_submissions

ACTIONS = {Action.PROPOSE: listeners.on_propose_pressed}
SUBMISSIONS = {Callback.SUBMIT_USE_CASE: listeners.on_use_case_submitted}


def register(app: App) -> None:
    on_command(app, Command.USE_CASE, listeners.on_command)
    on_actions(app, "intake", ACTIONS)
    on_submissions(app, "intake", SUBMISSIONS)
