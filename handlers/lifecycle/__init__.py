"""The life of a use case after its approval, as people move it: its window, its workstreams, and its tasks."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.lifecycle import listeners, working
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.LIFE: listeners.on_life,
    Action.SUSPEND: listeners.on_suspend,
    Action.LET_GO_ON: listeners.on_resume,
    Action.RETIRE_NOW: listeners.on_retire,
    Action.WORKSTREAMS: working.on_workstreams,
    Action.EDIT_WORKSTREAM: working.on_edit,
    Action.COMPLETE_WORKSTREAM: working.on_complete,
    Action.REOPEN_WORKSTREAM: working.on_reopen,
    Action.ADD_TASK: working.on_add_task,
    Action.CHANGE_TASK: working.on_change_task,
    Action.FINISH_TASK: working.on_finish_task,
    Action.DROP_TASK: working.on_drop_task,
}
SUBMISSIONS = {
    Callback.MOVE: listeners.on_moved,
    Callback.SUSPEND: listeners.on_suspended,
    Callback.RETIRE_NOW: listeners.on_retired,
    Callback.EDIT_WORKSTREAM: working.on_edited,
    Callback.ADD_TASK: working.on_task_added,
    Callback.CHANGE_TASK: working.on_task_changed,
    Callback.DROP_TASK: working.on_task_dropped,
}


def register(app: App) -> None:
    on_actions(app, "lifecycle", ACTIONS)
    on_submissions(app, "lifecycle", SUBMISSIONS)
