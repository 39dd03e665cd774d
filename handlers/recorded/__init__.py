"""What is in use already and was never proposed: listed, recorded, proposed, dropped."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.recorded import listeners
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.RECORDED: listeners.on_list,
    Action.RECORDED_PAGE: listeners.on_page,
    Action.RECORD: listeners.on_record,
    Action.PROPOSE_RECORDED: listeners.on_propose,
    Action.DROP_RECORDED: listeners.on_drop,
}
SUBMISSIONS = {
    Callback.RECORD: listeners.on_recorded,
    Callback.DROP_RECORDED: listeners.on_dropped,
}


def register(app: App) -> None:
    on_actions(app, "recorded", ACTIONS)
    on_submissions(app, "recorded", SUBMISSIONS)
