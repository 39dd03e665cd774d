"""Use cases taken to one team more: the form, the windows, the steps, and what approvers and owners read."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.rollouts import listeners
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.ROLLOUTS: listeners.on_rollouts,
    Action.ROLL_OUT: listeners.on_roll_out,
    Action.EDIT_ROLLOUT: listeners.on_edit,
    Action.ROLLOUT_STEPS: listeners.on_steps,
    Action.FINISH_STEP: listeners.on_finish_step,
    Action.REOPEN_STEP: listeners.on_reopen_step,
}
SUBMISSIONS = {Callback.ROLL_OUT: listeners.on_asked}


def register(app: App) -> None:
    on_actions(app, "rollouts", ACTIONS)
    on_submissions(app, "rollouts", SUBMISSIONS)
