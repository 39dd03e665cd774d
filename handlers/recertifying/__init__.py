"""Answer whether approvals still hold, and ask the owners of many at once."""

from slack_bolt import App

from handlers.ids import Action, Block, Callback
from handlers.recertifying import campaigning, listeners
from handlers.routing import on_actions, on_options, on_submissions

ACTIONS = {
    Action.STILL_VALID: listeners.on_still_valid,
    Action.RETIRE: listeners.on_retire,
    Action.ASK_OWNERS: campaigning.on_ask_owners,
    Action.CHOOSE_OWNERS: campaigning.on_back,
    Action.CAMPAIGN: campaigning.on_show,
}
SUBMISSIONS = {
    Callback.STILL_VALID: listeners.on_confirmed,
    Callback.RETIRE: listeners.on_retired,
    Callback.CAMPAIGN_SCOPE: campaigning.on_scope_chosen,
    Callback.START_CAMPAIGN: campaigning.on_started,
}
OPTIONS = {Block.CAMPAIGN_TEAM: campaigning.on_team_typed}


def register(app: App) -> None:
    on_actions(app, "recertifying", ACTIONS)
    on_submissions(app, "recertifying", SUBMISSIONS)
    on_options(app, "recertifying", OPTIONS)
