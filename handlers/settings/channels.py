"""Ask Slack whether we may post in a channel, before it is set."""

import logging
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.deadline import hurry
from handlers.payloads import found
from handlers.settings.words import channel_text
from workflows.settings import Channel, ChannelProblem, problem_with

log = logging.getLogger(__name__)

SHARED = "channel_is_shared"
"""What stands for an error of Slack's where a channel is shared with another organisation by now."""
_AWAY = "Slack cannot be asked about this channel right now. Nothing was changed; please try again in a minute."

_NOT_SHOWN = frozenset({"channel_not_found", "missing_scope", "not_in_channel", "is_archived"})


def refusal_of(client: WebClient, channel: str, *, called: str) -> str | None:
    """Return why a channel may not be used and what to do, or None when it may.

    Raises what the SDK raises when Slack does not answer at all.
    """
    try:
        told = client.conversations_info(channel=channel).get("channel")
    except SlackApiError as error:
        reason = error.response.get("error")
        return f"{called} is not shown to Gatehouse by Slack ({reason}). Invite it there first: /invite @Gatehouse"
    problem = problem_with(_channel_of(channel, told))
    return f"{called} {channel_text(problem)}" if problem else None


def refusal_in_time(client: WebClient, channel: str) -> str | None:
    """Return the same for a person who waits at a form; a Slack that cannot be asked is a refusal too."""
    if not hurry(client):
        return _AWAY
    try:
        return refusal_of(client, channel, called="This channel")
    except (OSError, HTTPException) as error:
        log.warning("conversations.info did not answer", extra={"error": str(error)})
        return _AWAY


def is_shared(client: WebClient, conversation: str) -> bool:
    """Say whether others outside the organisation read a channel by now; False where Slack shows it to nobody of ours.

    It may have been shared after it was set. Direct messages are not asked about. Raises where Slack cannot tell now:
    what might be read by others waits.
    """
    if not conversation.startswith(("C", "G")):
        return False
    try:
        told = client.conversations_info(channel=conversation).get("channel")
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_SHOWN:
            raise
        log.info("a channel is not shown", extra={"error": error.response.get("error")})
        return False
    return problem_with(_channel_of(conversation, told)) is ChannelProblem.SHARED


def _channel_of(channel: str, told: object) -> Channel:
    def is_(*flags: str) -> bool:
        return any(found(told, flag) is True for flag in flags)

    return Channel(
        id=channel,
        is_shared=is_("is_ext_shared", "is_pending_ext_shared"),
        is_archived=is_("is_archived"),
        is_direct=is_("is_im", "is_mpim"),
        is_member=found(told, "is_member") is not False,
    )
