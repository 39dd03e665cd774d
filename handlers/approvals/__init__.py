"""Requests as people meet them: cards, votes, and what they are told."""

from slack_bolt import App

from handlers.approvals import listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.APPROVE: listeners.on_approve,
    Action.REQUEST_CHANGES: listeners.on_request_changes,
    Action.REJECT: listeners.on_reject,
    Action.OPEN: listeners.on_open,
}
SUBMISSIONS = {Callback.VOTE: listeners.on_vote_submitted}


def register(app: App) -> None:
    on_actions(app, "approvals", ACTIONS)
    on_submissions(app, "approvals", SUBMISSIONS)
