"""What teams learnt, and the steps by which another team is brought to use a use case."""

from slack_bolt import App

from handlers.ids import Action, Callback
from handlers.lessons import listeners
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.LESSONS: listeners.on_lessons,
    Action.SEE_LESSON: listeners.on_see,
    Action.WRITE_LESSON: listeners.on_write,
    Action.EDIT_LESSON: listeners.on_edit,
    Action.PUBLISH_LESSON: listeners.on_publish,
    Action.LESSON_HOLDS: listeners.on_holds,
    Action.WITHDRAW_LESSON: listeners.on_withdraw,
    Action.CHECKLIST: listeners.on_checklist,
    Action.WRITE_CHECKLIST: listeners.on_write_checklist,
}
SUBMISSIONS = {
    Callback.SAVE_LESSON: listeners.on_saved,
    Callback.WITHDRAW_LESSON: listeners.on_withdrawn,
    Callback.SAVE_CHECKLIST: listeners.on_checklist_saved,
}


def register(app: App) -> None:
    on_actions(app, "lessons", ACTIONS)
    on_submissions(app, "lessons", SUBMISSIONS)
