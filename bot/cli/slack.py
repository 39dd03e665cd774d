"""What commands ask of Slack; a Slack that refuses or is away is a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.cli.commands import RefusedError, clock
from bot.directory import Directory, directory_client
from bot.runtime import StartError, away, introduce
from bot.settings import Settings, environment
from db.session import Database
from handlers.deps import Workspace
from handlers.settings.channels import refusal_of


def connected() -> tuple[WebClient, Workspace]:
    """Return a client and who we are. Raises RefusedError when Slack refuses our token or does not answer."""
    configured = Settings.from_env(environment())
    client = directory_client(configured.bot_token, configured.api_url)
    try:
        return client, introduce(client)
    except StartError as error:
        raise RefusedError(str(error)) from error


def directory(database: Database) -> Directory:
    """Return the directory of the workspace, to be read on this thread."""
    client, workspace = connected()
    return Directory(database, client, workspace, clock())


@contextmanager
def asking(client: WebClient | None = None) -> Iterator[None]:
    """Raise RefusedError when Slack does not answer, or refuses what the block asks."""
    try:
        yield
    except SlackApiError as error:
        raise RefusedError(f"Slack refused: {error.response.get('error')}. `gatehouse doctor` says more.") from error
    except (OSError, HTTPException) as error:
        raise RefusedError(away(client or WebClient(), error)) from error


def require_usable_channel(channel: str) -> None:
    """Raise RefusedError when nothing may be posted in a channel: what would be read there, and by whom, matters."""
    client, _ = connected()
    with asking(client):
        refusal = refusal_of(client, channel, called=channel)
    if refusal:
        raise RefusedError(refusal)
