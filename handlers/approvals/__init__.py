"""Requests as people meet them: cards, votes, and what they are told."""

from slack_bolt import App

from handlers.approvals import listeners, replies, several, verbs
from handlers.ids import Action, Callback, Event
from handlers.routing import on_actions, on_event, on_submissions

ACTIONS = {
    Action.APPROVE: listeners.on_approve,
    Action.REQUEST_CHANGES: listeners.on_request_changes,
    Action.REJECT: listeners.on_reject,
    Action.CHANGE: listeners.on_change,
    Action.OPEN: listeners.on_open,
    Action.ASK: verbs.on_ask,
    Action.ANSWER: verbs.on_answer,
    Action.NUDGE: verbs.on_nudge,
    Action.WITHDRAW: verbs.on_withdraw,
    Action.HAND_ON: verbs.on_pass_on,
    Action.ADD_APPROVER: verbs.on_add_approver,
    Action.DECIDE_SEVERAL: several.on_decide_several,
}
SUBMISSIONS = {
    Callback.VOTE: listeners.on_vote_submitted,
    Callback.ASK: verbs.on_asked,
    Callback.ANSWER: verbs.on_answered,
    Callback.HAND_ON: verbs.on_passed_on,
    Callback.ADD_APPROVER: verbs.on_approver_added,
    Callback.SECOND_LOOK: listeners.on_second_look,
    Callback.LOOKED_AGAIN: listeners.on_looked_again,
    Callback.SEVERAL: several.on_several_decided,
    Callback.SEVERAL_CONFIRMED: several.on_several_confirmed,
}


def register(app: App) -> None:
    on_actions(app, "approvals", ACTIONS)
    on_event(app, Event.MESSAGE, replies.on_message)
    on_submissions(app, "approvals", SUBMISSIONS)
