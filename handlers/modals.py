"""Open modals and turn their pages: what a listener asks of Slack itself besides who somebody is."""

import logging
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

from handlers.blocks import BlockKit
from handlers.deadline import hurry
from handlers.payloads import optional, taken
from handlers.routing import Call
from workflows import pictures

log = logging.getLogger(__name__)

_TOO_SLOW = "Slack took too long to open the window. Nothing was lost; please press again."


def open_modal(call: Call, view: BlockKit) -> str | None:
    """Open `view` for whoever acted; return what to tell them when Slack did not, or None when it did.

    A trigger lives three seconds and works once, so a slow moment shows here.
    """
    if not hurry(call.client):
        return _TOO_SLOW
    try:
        call.client.views_open(trigger_id=taken(call.body, "trigger_id"), view=view)
    except SlackApiError as error:
        if _shows_lost_picture(view, error):
            return open_modal(call, _without_pictures(call, view))
        reason = error.response.get("error")
        log.warning(
            "views.open was refused", extra={"error": reason, "detail": error.response.get("response_metadata")}
        )
        return f"Slack did not open the window (`{reason}`). Nothing was lost; please press again."
    except (OSError, HTTPException) as error:
        log.warning("views.open did not answer", extra={"error": str(error)})
        return _TOO_SLOW
    return None


def show_modal(call: Call, view: BlockKit) -> str | None:
    """Show `view` in place of the modal in which somebody pressed, else as a new one; return what `open_modal` does."""
    is_in_modal = optional(call.body, "view", "type") == "modal"
    return update_modal(call, view) if is_in_modal else open_modal(call, view)


def update_modal(call: Call, view: BlockKit) -> str | None:
    """Turn the modal in which somebody pressed into `view`; return what to tell them when Slack did not."""
    if not hurry(call.client):
        return _TOO_SLOW
    try:
        call.client.views_update(
            view_id=taken(call.body, "view", "id"), view=view, hash=optional(call.body, "view", "hash")
        )
    except SlackApiError as error:
        if _shows_lost_picture(view, error):
            return update_modal(call, _without_pictures(call, view))
        reason = error.response.get("error")
        log.warning(
            "views.update was refused", extra={"error": reason, "detail": error.response.get("response_metadata")}
        )
        if reason == "hash_conflict":
            return "That window was changed elsewhere in the same moment. What you did is stored; please open it again."
        return f"Slack did not show the window anew (`{reason}`). What was changed is stored; please open it again."
    except (OSError, HTTPException) as error:
        log.warning("views.update did not answer", extra={"error": str(error)})
        return _TOO_SLOW
    return None


def _shows_lost_picture(view: BlockKit, error: SlackApiError) -> bool:
    """Say whether Slack refuses a window because a picture in it is not there any more."""
    said = (error.response.get("response_metadata") or {}).get("messages") or []
    return any("slack_file" in str(each) for each in said) and any("slack_file" in each for each in view["blocks"])


def _without_pictures(call: Call, view: BlockKit) -> BlockKit:
    """Return a window without its pictures, which are forgotten: the next message that shows them sends them anew."""
    with call.deps.transaction() as session:
        for each in view["blocks"]:
            if "slack_file" in each:
                pictures.forget(session, each["slack_file"]["id"])
    return view | {"blocks": [each for each in view["blocks"] if "slack_file" not in each]}
