"""The settings, for admins: what is left to set up, channels, roles, and people who left."""

from slack_bolt import App

from handlers.ids import Action, Block, Callback
from handlers.routing import on_actions, on_options, on_submissions
from handlers.settings import listeners, trying

ACTIONS = {
    Action.SETTINGS: listeners.on_open,
    Action.SETTINGS_PAGE: listeners.on_page,
    Action.WITHDRAW_ROLE: listeners.on_withdraw,
    Action.REMOVE_ROLE_CHANNEL: listeners.on_role_channel_removed,
    Action.REMOVE_DIGEST: listeners.on_digest_removed,
    Action.SET_YOUR_WEEK: listeners.on_your_week_set,
    Action.PROPOSE_POLICY: trying.on_another_asked,
    Action.PUT_POLICY: trying.on_policy_put,
}
SUBMISSIONS = {
    Callback.SAVE_ROLE: listeners.on_role_saved,
    Callback.SAVE_GOVERNANCE: listeners.on_governance_saved,
    Callback.SAVE_DIGEST: listeners.on_digest_saved,
    Callback.SAVE_CHECK_INS: listeners.on_check_ins_saved,
    Callback.TRY_POLICY: trying.on_policy_tried,
}
OPTIONS = {
    Block.ROLE_GROUP: listeners.on_groups_searched,
    Block.DIGEST_ZONE: listeners.on_zones_searched,
}


def register(app: App) -> None:
    on_actions(app, "settings", ACTIONS)
    on_submissions(app, "settings", SUBMISSIONS)
    on_options(app, "settings", OPTIONS)
