"""Read a file somebody chose in a form. Slack hands it over to apps with the optional scope files:read."""

import logging
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient

from handlers.deadline import hurry
from handlers.settings.payloads import ChosenFile

log = logging.getLogger(__name__)

_AWAY = "Slack did not hand over the file in time. Nothing was changed; please try again in a minute."
_REFUSED = "Slack does not hand over this file ({why}). Choose it from your own computer and try again."


@dataclass(frozen=True, slots=True)
class Unread:
    """The file was not read; `text` says why and what to do."""

    text: str


class _Straight(HTTPRedirectHandler):
    """Follows nothing: Slack leads who may not read a file to its sign-in page, and our token goes nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def content_of(client: WebClient, file: ChosenFile, *, longest: int) -> bytes | Unread:
    """Return a file's content, of a longer one a byte more than `longest`, while a person waits at the form."""
    if not _is_at_slack(client, file.address):
        log.warning("a file that is not at Slack was not read", extra={"host": urlsplit(file.address).hostname})
        return Unread(_REFUSED.format(why="it lies outside of Slack"))
    if not hurry(client):
        return Unread(_AWAY)
    asked = Request(file.address, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 - checked above
    try:
        with build_opener(_Straight).open(asked, timeout=client.timeout) as answer:
            return bytes(answer.read(longest + 1))
    except HTTPError as error:
        error.close()
        log.warning("a file was refused", extra={"status": error.code})
        return Unread(_REFUSED.format(why=error.code))
    except (OSError, HTTPException) as error:
        log.warning("a file could not be read", extra={"error": str(error)})
        return Unread(_AWAY)


def _is_at_slack(client: WebClient, address: str) -> bool:
    """Say whether the address is where our calls go, or a host below it: files.slack.com for slack.com."""
    home, there = urlsplit(client.base_url), urlsplit(address)
    is_below = (there.hostname or "").endswith(f".{home.hostname}") and there.port is None
    return there.scheme == home.scheme and (there.netloc == home.netloc or is_below)
