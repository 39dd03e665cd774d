"""Business objectives: the tree, one with its use cases, and who stands for it."""

from slack_bolt import App

from handlers.ids import Action, Block, Callback
from handlers.objectives import listeners
from handlers.routing import on_actions, on_options, on_submissions

ACTIONS = {
    Action.OBJECTIVES: listeners.on_tree,
    Action.OBJECTIVES_PAGE: listeners.on_page,
    Action.OBJECTIVE: listeners.on_objective,
    Action.TIE_OBJECTIVE: listeners.on_change,
    Action.ADD_OBJECTIVE: listeners.on_add,
}
SUBMISSIONS = {
    Callback.TIE_OBJECTIVE: listeners.on_changed,
    Callback.ADD_OBJECTIVE: listeners.on_added,
}
OPTIONS = {Block.OBJECTIVE_PARENT: listeners.on_parent_typed}


def register(app: App) -> None:
    on_actions(app, "objectives", ACTIONS)
    on_submissions(app, "objectives", SUBMISSIONS)
    on_options(app, "objectives", OPTIONS)
