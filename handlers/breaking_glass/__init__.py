"""Break-glass as people meet it: the form, the second person's question, and what everybody is told."""

from slack_bolt import App

from handlers.breaking_glass import listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.BREAK_GLASS: listeners.on_break_glass,
    Action.AGREE: listeners.on_agree,
    Action.DO_NOT_AGREE: listeners.on_do_not_agree,
    Action.TAKE_BACK: listeners.on_take_back,
}
SUBMISSIONS = {Callback.BREAK_GLASS: listeners.on_called}


def register(app: App) -> None:
    on_actions(app, "glass", ACTIONS)
    on_submissions(app, "glass", SUBMISSIONS)
