"""Screens of the weekly digest."""

from slack_bolt import App

from handlers.digests import asked, behind, files, previewing, your_week
from handlers.ids import Action, Callback
from handlers.routing import Listener, on_actions, on_options, on_submissions

ACTIONS = {
    **files.ACTIONS,
    Action.PREVIEW_DIGEST: previewing.on_preview,
    Action.DIGEST_EARLIER: asked.on_earlier,
    Action.DIGEST_LATER: asked.on_later,
    Action.DIGEST_TEAM: asked.on_team_chosen,
    Action.DIGEST_BACK: asked.on_back,
    Action.DIGEST_BEHIND: behind.on_part,
    Action.DIGEST_KPI: behind.on_kpi,
    Action.DIGEST_PAGE: behind.on_page,
    Action.YOUR_WEEK_OFF: your_week.on_off_pressed,
}
SUBMISSIONS: dict[Callback, Listener] = {}  # its windows have nothing to submit
OPTIONS = {Action.DIGEST_TEAM: asked.on_team_typed}


def register(app: App) -> None:
    on_actions(app, "digests", ACTIONS)
    on_submissions(app, "digests", SUBMISSIONS)
    on_options(app, "digests", OPTIONS)
