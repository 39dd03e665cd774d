"""The foundation: eight parts that are written, approved and looked at again before and while anything is deployed."""

from slack_bolt import App

from handlers.foundation import forms, listeners
from handlers.ids import Action, Callback
from handlers.routing import on_actions, on_submissions

ACTIONS = {
    Action.FOUNDATION: listeners.on_foundation,
    Action.OPEN_PART: listeners.on_part,
    Action.READ_PART: listeners.on_read_part,
    Action.EDIT_PART: listeners.on_edit_part,
    Action.ADD_ITEM: listeners.on_add_item,
    Action.EDIT_ITEM: listeners.on_edit_item,
    Action.REMOVE_ITEM: listeners.on_remove_item,
    Action.SUBMIT_PART: listeners.on_submit,
    Action.DISCARD_PART: listeners.on_discard,
    Action.SET_PART_OWNER: listeners.on_set_owner,
    Action.REVOKE_PART: listeners.on_revoke,
    Action.STILL_HOLDS: listeners.on_still_holds,
}
SUBMISSIONS = {
    Callback.SAVE_PART: forms.on_text_saved,
    Callback.SAVE_ITEM: forms.on_item_saved,
    Callback.SET_PART_OWNER: forms.on_owner_saved,
    Callback.REVOKE_PART: forms.on_revoked,
    Callback.STILL_HOLDS: forms.on_renewed,
}


def register(app: App) -> None:
    on_actions(app, "foundation", ACTIONS)
    on_submissions(app, "foundation", SUBMISSIONS)
