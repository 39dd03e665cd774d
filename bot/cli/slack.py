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
from db.enums import Membership
from db.session import Database
from handlers.deps import Workspace
from handlers.profiles import profile_of
from handlers.settings.channels import refusal_of
from workflows import people
from workflows.people import Actor


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


def full_member(database: Database, slack_id: str, *, what: str) -> Actor:
    """Return a full member as Slack knows them now, kept here too; `what` only members do.

    Raises RefusedError for anybody else, and when Slack cannot be asked.
    """
    client, workspace = connected()
    with asking(client):
        profile = profile_of(_user(client, slack_id), workspace)
    if profile.membership is not Membership.MEMBER:
        raise RefusedError(f"{profile.name} is not a full member ({profile.membership}); only members {what}.")
    with database.transaction() as session:
        person_id = people.store_profile(session, profile, now=clock().now())
        return people.named(session, [person_id])[person_id]


def _user(client: WebClient, slack_id: str) -> object:
    try:
        return client.users_info(user=slack_id).get("user")
    except SlackApiError as error:
        raise RefusedError(f"Slack does not know {slack_id} ({error.response.get('error')}).") from error


def require_usable_channel(channel: str) -> None:
    """Raise RefusedError when nothing may be posted in a channel: what would be read there, and by whom, matters."""
    client, _ = connected()
    with asking(client):
        refusal = refusal_of(client, channel, called=channel)
    if refusal:
        raise RefusedError(refusal)
