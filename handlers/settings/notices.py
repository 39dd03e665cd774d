"""Turn the promise of a message about what is left to set up into it."""

from db.session import Session
from handlers.blocks import actions, button, context, section
from handlers.ids import Action
from handlers.messages import Message, Post
from handlers.settings.views import gap_lines
from workflows import people, setup
from workflows.outbox import Pending
from workflows.people import ADMIN


def set_up(session: Session, pending: Pending) -> Message | None:
    """Tell the first admin what is left to set up when this is sent; nobody when they are no admin any more."""
    if pending.subject_id is None or ADMIN not in people.roles_of(session, pending.subject_id):
        return None
    lead = "You own this Slack workspace, so you are the first admin of Gatehouse."
    missing = setup.what_is_left(session)
    what = f"Left to set up:\n{gap_lines(missing)}" if missing else "Everything is set up."
    blocks = [
        section(lead),
        section(what),
        actions("settings.setup.buttons", button(Action.SETTINGS, "Open settings", "message", style="primary")),
        context("Somebody else should do this? Make them admin in the settings; `gatehouse doctor` prints this list."),
    ]
    return Post(pending.conversation, f"{lead} {what} You find the settings in the Home tab of Gatehouse.", blocks)
