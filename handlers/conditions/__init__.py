"""Conditions as people meet them: set on a card, met from Home or a message, judged by those who set them."""

from slack_bolt import App

from handlers.conditions import judging, listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.APPROVE_WITH_CONDITIONS: listeners.on_approve_with_conditions,
    Action.ADD_CONDITION: listeners.on_add,
    Action.SEE_CONDITION: judging.on_see,
    Action.GIVE_EVIDENCE: judging.on_give_evidence,
    Action.ACCEPT_EVIDENCE: judging.on_accept,
    Action.NOT_ENOUGH: judging.on_not_enough,
    Action.WAIVE: judging.on_waive,
}
SUBMISSIONS = {
    Callback.SET_CONDITIONS: listeners.on_conditions_set,
    Callback.EVIDENCE: judging.on_evidence_given,
    Callback.NOT_ENOUGH: judging.on_found_wanting,
    Callback.WAIVE: judging.on_waived,
}


def register(app: App) -> None:
    on_actions(app, "conditions", ACTIONS)
    on_submissions(app, "conditions", SUBMISSIONS)
