"""Do something as the person who clicked: checked at every click, in the transaction of the deed."""

import logging
from collections.abc import Callable
from http.client import HTTPException
from typing import TypeVar, assert_never

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from db.enums import Membership
from db.session import Session
from handlers.deadline import hurry
from handlers.deps import Deps
from handlers.profiles import profile_of
from workflows import people
from workflows.people import Actor, NotAMember, Profile, Unchecked
from workflows.people.service import FRESH_FOR, USABLE_FOR

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")


def act(
    deps: Deps, client: WebClient, slack_id: str, deed: Callable[[Session, Actor], Outcome]
) -> Outcome | NotAMember | Unchecked:
    """Run `deed` in one transaction as this person, or say why they may not act.

    Only people whom Slack called full members within five minutes may act. When Slack cannot be asked, a picture
    up to a day old serves; `Unchecked` means there is none, and nothing was done.
    """
    usable_for = FRESH_FOR
    while True:
        with deps.transaction() as session:
            who = people.identify(session, slack_id, now=deps.now(), usable_for=usable_for)
            match who:
                case Actor():
                    return deed(session, who)
                case NotAMember():
                    return who
                case Unchecked():
                    if usable_for is USABLE_FOR:
                        return who
                case _:
                    assert_never(who)
        known_as = refresh(deps, client, slack_id)
        if known_as is None:
            usable_for = USABLE_FOR
        else:
            slack_id = known_as


def refresh(deps: Deps, client: WebClient, slack_id: str) -> str | None:
    """Ask Slack who this is and keep the answer; return their id, or None when Slack could not be asked.

    The id may be another one: payloads can carry the workspace's, and people are kept by the organisation's.
    Somebody Slack does not know here is kept as a stranger.
    """
    if not hurry(client):
        log.warning("no time was left to ask users.info")
        return None
    try:
        profile = profile_of(client.users_info(user=slack_id, include_locale=True).get("user"), deps.workspace)
    except SlackApiError as error:
        if error.response.get("error") not in ("user_not_found", "user_not_visible"):
            log.warning("users.info was refused", extra={"error": error.response.get("error")})
            return None
        profile = Profile(slack_id, "-", "Somebody", "UTC", Membership.STRANGER)
    except (OSError, HTTPException) as error:  # the network, not Slack: timed out, reset, refused, cut off
        log.warning("users.info did not answer", extra={"error": str(error)})
        return None
    with deps.transaction() as session:
        people.store_profile(session, profile, now=deps.now())
    return profile.slack_id


def person_named(deps: Deps, client: WebClient, slack_id: str) -> Actor | NotAMember | Unchecked:
    """Return a person named in a form, as far as Slack can be asked."""
    return act(deps, client, slack_id, lambda _, actor: actor)


def refusal_text(who: NotAMember | Unchecked) -> str:
    """Return what a person is told who may not act."""
    if isinstance(who, Unchecked):
        return "Slack cannot be asked right now who you are, so nothing was done. Please try again in a minute."
    return {
        Membership.GUEST: "Guests can read along, but only full members of the organisation can propose or decide.",
        Membership.STRANGER: "Only full members of this organisation can propose or decide. Ask your contact here.",
        Membership.BOT: "Apps cannot propose or decide; a person has to.",
        Membership.DEACTIVATED: "This account is deactivated, so it can neither propose nor decide.",
        Membership.MEMBER: "You are a full member.",
    }[who.membership]
