"""People, as Slack tells us of them."""

from slack_bolt import App

from handlers.ids import Event
from handlers.people.listeners import on_person_changed
from handlers.routing import on_event


def register(app: App) -> None:
    on_event(app, Event.PERSON_CHANGED, on_person_changed)
    on_event(app, Event.PERSON_JOINED, on_person_changed)
