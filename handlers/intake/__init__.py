"""Drafting and proposing use cases, and asking how one stands."""

from slack_bolt import App

from handlers.ids import Action, Block, Callback, Command, Shortcut
from handlers.intake import drafting, listeners
from handlers.routing import on_actions, on_command, on_options, on_shortcut, on_submissions

ACTIONS = {
    Action.PROPOSE: listeners.on_propose_pressed,
    Action.RESUME: listeners.on_resume,
    Action.DISCARD: listeners.on_discard,
    Action.EDIT: listeners.on_edit,
    Action.PROPOSE_ANEW: listeners.on_propose_anew,
    Action.BACK: drafting.on_back,
    Action.ADD_KPI: drafting.on_add_kpi,
    Action.JOIN: drafting.on_join,
}
SUBMISSIONS = {
    Callback.STEP: drafting.on_step_submitted,
    Callback.SUBMIT_USE_CASE: drafting.on_draft_submitted,
}
OPTIONS = {
    Block.OBJECTIVE: listeners.on_objective_typed,
    Block.OWN_QUESTION: listeners.on_own_option_typed,
}
SHORTCUTS = {
    Shortcut.PROPOSE: listeners.on_propose_chosen,
    Shortcut.FROM_MESSAGE: listeners.on_message_chosen,
}


def register(app: App) -> None:
    on_command(app, Command.USE_CASE, listeners.on_command)
    on_actions(app, "intake", ACTIONS)
    on_submissions(app, "intake", SUBMISSIONS)
    on_options(app, "intake", OPTIONS)
    for shortcut, listener in SHORTCUTS.items():
        on_shortcut(app, shortcut, listener)
