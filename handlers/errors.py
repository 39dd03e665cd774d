"""What happens when a listener fails: the log gets a reference, the person gets a sentence, nothing gets lost."""

import logging
import secrets
import traceback
from typing import Any

from slack_bolt import BoltResponse

from db.availability import UNAVAILABLE
from db.session import DatabaseBusyError
from handlers import routing
from handlers.blocks import modal, section
from handlers.deps import Deps
from handlers.ids import INPUT, Callback
from handlers.payloads import MalformedPayloadError, found, optional

log = logging.getLogger(__name__)


def on_error(error: Exception, body: dict[str, Any], deps: Deps) -> BoltResponse:
    """Return what Slack is told instead of an acknowledgement.

    A modal keeps the person's text and shows the sentence at its first field, or in a window above when it has none;
    a command answers with it. A button gets a refusal, which Slack shows beside it. Malformed payloads are counted
    and refused.
    """
    if isinstance(error, MalformedPayloadError) or not _is_ours(error):
        deps.count("malformed_payload")
        log.warning("malformed payload", extra={"problem": str(error)})
        return BoltResponse(status=400, body="")
    reference = secrets.token_hex(4)
    deps.count("listener_failed")
    log.error("listener failed", exc_info=error, extra={"reference": reference})
    text = _sentence(error, reference)
    if body.get("type") == "view_submission":
        field = _first_input(body)
        if field is not None:
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {field: text}})
        above = modal(Callback.NOT_DONE, "Not done", [section(text)])
        return BoltResponse(status=200, body={"response_action": "push", "view": above})
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
    return BoltResponse(status=500, body="")


def _is_ours(error: Exception) -> bool:
    """Say whether the error came from our code: Bolt's own stumbles over payloads before it finds a listener."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_globals.get("__name__") == routing.__name__ for frame in frames)


def _sentence(error: Exception, reference: str) -> str:
    if isinstance(error, DatabaseBusyError):
        return "Too much is happening at once. Nothing was stored; please try again in a few seconds."
    # Its answer may have been lost after it had stored everything, so that cannot be denied here.
    if isinstance(error, UNAVAILABLE):
        return f"Our database cannot be reached. Please try again in a minute; nothing counts twice. ({reference})"
    return f"Something went wrong on our side. Please try again; nothing counts twice. (Reference {reference})"


def _first_input(body: dict[str, Any]) -> str | None:
    blocks = found(body, "view", "blocks")
    for block in blocks if isinstance(blocks, list) else []:
        if optional(block, "type") == INPUT:
            return optional(block, "block_id")
    return None
