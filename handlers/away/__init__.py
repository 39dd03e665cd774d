"""Out of office: `/gatehouse away` and `back`, the same from Home, and the summary on return."""

from slack_bolt import App

from handlers.away import form, listeners
from handlers.ids import Action, Callback, Command
from handlers.routing import on_actions, on_command, on_submissions

ACTIONS = {
    Action.AWAY: form.on_away_pressed,
    Action.RETURN: listeners.on_return_pressed,
}
SUBMISSIONS = {Callback.SAVE_AWAY: listeners.on_away_saved}


def register(app: App) -> None:
    on_command(app, Command.GATEHOUSE, listeners.on_command)
    on_actions(app, "away", ACTIONS)
    on_submissions(app, "away", SUBMISSIONS)
