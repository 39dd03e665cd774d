"""Policy, settings and roles from the command line. Each change is on the record, without an actor."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app import listener_client
from bot.cli.commands import RefusedError, open_database
from bot.clock import Clock
from bot.runtime import StartError, away, introduce
from bot.settings import Settings, environment
from db.enums import Membership
from db.session import Database
from handlers.profiles import profile_of
from workflows import approvals, people, policy, reactions, settings
from workflows.settings import SettingName


def apply_policy(file: str) -> int:
    text = Path(file).read_text(encoding="utf-8")
    reactions.require_every_kind(policy.parse(text))
    database = open_database()
    with database.transaction() as session:
        number = policy.apply(session, text, actor=None, now=Clock().now())
    print(f"Policy version {number} is in force for new requests. Requests in review keep theirs.")
    return 0


def check_policy(file: str) -> int:
    parsed = policy.parse(Path(file).read_text(encoding="utf-8"))
    reactions.require_every_kind(parsed)
    print(f"“{parsed.name}” can be used: {len(parsed.chains)} chain(s), {len(parsed.subjects)} kind(s) of subject.")
    return 0


def show_policy() -> int:
    with open_database().reading() as session:
        print(policy.text_in_force(session), end="")
    return 0


def set_setting(name: str, value: str) -> int:
    """Change a setting. A governance channel that others outside the organisation can read is refused."""
    if name == SettingName.GOVERNANCE_CHANNEL:
        _require_usable_channel(_client(), value)
    database = open_database()
    with database.transaction() as session:
        changed = settings.change(session, SettingName(name), value, actor=None, now=Clock().now())
    print(f"{name} is {value}." if changed else f"{name} was {value} already.")
    return 0


def show_settings() -> int:
    with open_database().reading() as session:
        for name in SettingName:
            print(f"{name.value}: {settings.value_of(session, name) or 'not set'}")
    return 0


def grant_role(role: str, slack_id: str) -> int:
    """Give a role to a full member; lanes that waited for a holder open."""
    database = open_database()
    _require_known_role(database, role)
    client = _client()
    try:
        workspace = introduce(client)
    except StartError as error:
        raise RefusedError(str(error)) from error
    try:
        with _asking(client):
            profile = profile_of(client.users_info(user=slack_id).get("user"), workspace)
    except SlackApiError as error:
        raise RefusedError(f"Slack does not know {slack_id} ({error.response.get('error')}).") from error
    if profile.membership is not Membership.MEMBER:
        raise RefusedError(f"{profile.name} is not a full member ({profile.membership}); only members hold roles.")
    now = Clock().now()
    with database.transaction() as session:
        person_id = people.store_profile(session, profile, now=now)
        granted, opened = reactions.grant_role(session, role, person_id, actor=None, now=now)
    print(f"{profile.name} holds {role}." if granted else f"{profile.name} held {role} already.")
    if opened:
        print(f"{opened} blocked request(s) can be decided now; {profile.name} is being asked.")
    return 0


def withdraw_role(role: str, slack_id: str) -> int:
    with open_database().transaction() as session:
        holder = next(
            (
                who
                for held, holders in people.holdings(session).items()
                for who in holders.people
                if (held, who.slack_id) == (role, slack_id)
            ),
            None,
        )
        if holder is None:
            raise RefusedError(f"{slack_id} does not hold {role}.")
        people.withdraw_role(session, role, holder.id, actor=None, now=Clock().now())
    print(f"{holder.name} no longer holds {role}. Requests they were asked about already stay with them.")
    return 0


def list_roles() -> int:
    with open_database().reading() as session:
        held = [(role, who) for role, holders in people.holdings(session).items() for who in holders.people]
    for role, person in held:
        print(f"{role}: {person.name} ({person.slack_id})")
    if not held:
        print("Nobody holds a role yet. Grant the one your policy names: gatehouse roles grant governance U…")
    return 0


def _require_known_role(database: Database, role: str) -> None:
    """Refuse a role no policy names: whoever held it could decide nothing, and a slip would go unnoticed."""
    with database.transaction() as session:
        policy.apply_default_if_none(session, now=Clock().now())
        known = policy.roles(session)
        waits = approvals.is_awaited(session, role)
    if role not in known and not waits:
        raise RefusedError(f"The policy in force names no role {role!r}. It names: {', '.join(sorted(known))}.")


def _client() -> WebClient:
    configured = Settings.from_env(environment())
    return listener_client(configured.bot_token, configured.api_url)


@contextmanager
def _asking(client: WebClient) -> Iterator[None]:
    """Raise RefusedError when Slack does not answer; what it answers is for the block to judge."""
    try:
        yield
    except (OSError, HTTPException) as error:
        raise RefusedError(away(client, error)) from error


def _require_usable_channel(client: WebClient, channel: str) -> None:
    try:
        with _asking(client):
            told = client.conversations_info(channel=channel).get("channel") or {}
    except SlackApiError as error:
        reason = error.response.get("error")
        raise RefusedError(
            f"Slack does not show {channel} to Gatehouse ({reason}). Invite it to the channel."
        ) from error
    if told.get("is_ext_shared") or told.get("is_pending_ext_shared"):
        raise RefusedError(f"{channel} is shared with another organisation; a governance channel must not be.")
    if told.get("is_archived"):
        raise RefusedError(f"{channel} is archived; choose a channel people still read.")
    if not told.get("is_member", True):
        raise RefusedError(f"Gatehouse is not in {channel}. Invite it there first: /invite @Gatehouse")
