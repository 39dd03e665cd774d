"""The Home tab: what waits for a person, and how their proposals stand."""

from slack_bolt import App

from handlers.home.listeners import on_home_opened
from handlers.ids import Event
from handlers.routing import on_event


def register(app: App) -> None:
    on_event(app, Event.HOME_OPENED, on_home_opened)
