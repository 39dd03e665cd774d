"""People and user groups as Slack tells us of them, and what people say of themselves."""

from slack_bolt import App

from handlers.ids import Action, Block, Callback, Event
from handlers.people import listeners
from handlers.routing import on_actions, on_event, on_options, on_submissions

ACTIONS = {Action.ABOUT_ME: listeners.on_about_me}
SUBMISSIONS = {Callback.SAVE_ABOUT_ME: listeners.on_about_me_saved}
OPTIONS = {Block.MY_COUNTRY: listeners.on_countries_searched}


def register(app: App) -> None:
    on_event(app, Event.PERSON_CHANGED, listeners.on_person_changed)
    on_event(app, Event.PERSON_JOINED, listeners.on_person_changed)
    on_event(app, Event.GROUP_MADE, listeners.on_group_changed)
    on_event(app, Event.GROUP_CHANGED, listeners.on_group_changed)
    on_event(app, Event.GROUP_MEMBERS_CHANGED, listeners.on_members_changed)
    on_actions(app, "people", ACTIONS)
    on_submissions(app, "people", SUBMISSIONS)
    on_options(app, "people", OPTIONS)
