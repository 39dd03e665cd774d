"""What leaves as a file: the register for those who read all of it, and the evidence of one use case."""

from slack_bolt import App

from handlers.exports import listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.EXPORT_REGISTER: listeners.on_choose,
    Action.EVIDENCE: listeners.on_evidence,
}
SUBMISSIONS = {Callback.EXPORT_REGISTER: listeners.on_ordered}


def register(app: App) -> None:
    on_actions(app, "exports", ACTIONS)
    on_submissions(app, "exports", SUBMISSIONS)
