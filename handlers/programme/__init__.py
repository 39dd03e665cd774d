"""The programme as people meet it: its page, its gates, and what they are told of them."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.programme import listeners
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.PROGRAMME: listeners.on_programme,
    Action.ASK_GATE: listeners.on_ask,
    Action.WAIVE_CRITERION: listeners.on_waive,
    Action.ASK_GATE_ANEW: listeners.on_ask_anew,
}
SUBMISSIONS = {
    Callback.ASK_GATE: listeners.on_asked,
    Callback.WAIVE_CRITERION: listeners.on_waiver_asked,
}


def register(app: App) -> None:
    on_actions(app, "programme", ACTIONS)
    on_submissions(app, "programme", SUBMISSIONS)
