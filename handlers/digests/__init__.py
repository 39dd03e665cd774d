"""Screens of the weekly digest."""

from slack_bolt import App

from handlers.digests import files, previewing
from handlers.ids import Action
from handlers.routing import on_actions

ACTIONS = {**files.ACTIONS, Action.PREVIEW_DIGEST: previewing.on_preview}
SUBMISSIONS = {}  # type: ignore[var-annotated]


def register(app: App) -> None:
    on_actions(app, "digests", ACTIONS)
