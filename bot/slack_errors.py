"""What a failed call to Slack means for the message it carried."""

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from typing import Final

from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)


class ErrorClass(StrEnum):
    """WAIT and RETRY were surely not done; AMBIGUOUS may have been; the rest will not help by trying again.

    GONE: the message to be changed is not there any more. STOP: nothing will work until somebody mends the token.
    REFUSED: this workspace takes no such file.
    """

    WAIT = "wait"
    AMBIGUOUS = "ambiguous"
    RETRY = "retry"
    REROUTE = "reroute"
    GONE = "gone"
    STOP = "stop"
    REFUSED = "refused"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Failure:
    kind: ErrorClass
    error: str
    retry_after: float = 0


# Slack says of internal_error and fatal_error that parts may have succeeded.
_BY_ERROR: Final = {
    name: kind
    for kind, names in {
        ErrorClass.WAIT: "ratelimited rate_limited message_limit_exceeded",
        ErrorClass.AMBIGUOUS: "internal_error fatal_error request_timeout",
        ErrorClass.RETRY: "service_unavailable team_added_to_org org_login_required accesslimited",
        ErrorClass.GONE: "message_not_found cant_update_message edit_window_closed is_inactive",
        ErrorClass.REROUTE: (
            "channel_not_found not_in_channel is_archived no_permission restricted_action "
            "restricted_action_read_only_channel restricted_action_thread_only_channel messages_tab_disabled "
            "ekm_access_denied cannot_dm_bot user_disabled user_not_found user_not_in_channel not_enabled"
        ),
        ErrorClass.STOP: (
            "account_inactive token_revoked token_expired invalid_auth not_authed missing_scope "
            "team_access_not_granted two_factor_setup_required"
        ),
        ErrorClass.REFUSED: (
            "file_uploads_disabled storage_limit_reached file_upload_size_restricted file_type_not_allowed "
            "file_uploads_except_images_disabled file_update_failed file_not_found access_denied alt_txt_too_large"
        ),
        ErrorClass.BUG: (
            "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text invalid_arguments "
            "metadata_too_large invalid_metadata_format invalid_metadata_schema markdown_text_conflict "
            "too_many_attachments view_too_large invalid_view unknown_method"
        ),
    }.items()
    for name in names.split()
}

_TOO_MANY, _SERVER_ERRORS = 429, 500


def failure_of(error: Exception) -> Failure:
    """Return the class of what went wrong. What nobody knows counts as ambiguous."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    cause = getattr(error, "reason", None) or error
    if isinstance(cause, ConnectionRefusedError | socket.gaierror):
        return Failure(ErrorClass.RETRY, f"no connection: {cause}")
    if not isinstance(error, OSError | HTTPException | ValueError):  # ValueError: an answer that is not JSON
        log.error("nobody knows what this means", exc_info=error)
    return Failure(ErrorClass.AMBIGUOUS, f"{type(error).__name__}: {error}")


def _refused(error: SlackApiError) -> Failure:
    response = error.response
    status = int(getattr(response, "status_code", 200) or 200)
    if status == _TOO_MANY:
        return Failure(ErrorClass.WAIT, "ratelimited", _retry_after(response.headers))
    name = str(response.get("error") or "unknown")
    if status >= _SERVER_ERRORS:
        return Failure(ErrorClass.AMBIGUOUS, f"HTTP {status} {name}")
    return Failure(_BY_ERROR.get(name, ErrorClass.AMBIGUOUS), name, 1 if name in ("ratelimited", "rate_limited") else 0)


def _retry_after(headers: Mapping[str, object]) -> float:
    """Return the seconds Slack asks us to wait; a minute when it says so in a way we cannot read."""
    told = next((value for key, value in headers.items() if key.lower() == "retry-after"), "1")
    first = told[0] if isinstance(told, list) and told else told
    return float(first) if isinstance(first, str) and first.isascii() and first.isdigit() else 60
