"""The digest somebody asks for, in a window: parse, make it, draw it; and the ways to other weeks and teams."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.away.digest_words import DigestAsked
from handlers.blocks import BlockKit, choices
from handlers.digests import window
from handlers.digests.files import FORGOTTEN
from handlers.modals import open_modal
from handlers.payloads import MalformedPayloadError, action_key, command_key, optional, taken, taken_uuid, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import deliveries, digests
from workflows.digests import NotMade, StoredDigest
from workflows.people import Actor, NotAMember, Unchecked

Wanted = Callable[[StoredDigest | None], tuple[str, date | None]]
"""Given the digest that is shown, which team and Monday is wanted; empty is everybody, None the last whole week."""


def open_window(call: Call, said: DigestAsked) -> str | None:
    """Open the digest that was asked for; return in words why there is none, or why it could not be shown."""
    drawn = _made(call, lambda _: (said.team, said.week), command_key(call.body))
    if isinstance(drawn, str):
        return drawn
    return open_modal(call, drawn) if isinstance(drawn, dict) else refusal_text(drawn)


def on_earlier(call: Call) -> None:
    """Show the week before, of the same team."""
    _turn_to(call, _monday(call))


def on_later(call: Call) -> None:
    """Show the week after, of the same team."""
    _turn_to(call, _monday(call))


def on_team_chosen(call: Call) -> None:
    """Show the same week of a team, or of everybody."""
    team = window.team_of(taken(call.body, "actions", 0, "selected_option", "value"))
    _turn(call, lambda shown: (team, shown.digest.window.first if shown else None))


def on_back(call: Call) -> None:
    """Show the digest again behind whose numbers somebody has looked."""
    digest_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit:
        shown = digests.find(session, digest_id)
        return window.words_modal(FORGOTTEN) if shown is None else _drawn(session, shown, actor, call.deps.now())

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_team_typed(call: Call) -> None:
    """Offer the teams whose name holds what was typed."""
    typed = optional(call.body, "value") or ""

    def deed(session: Session, actor: Actor) -> dict[str, str]:
        return window.team_options(digests.teams_known_to(session, actor), typed)

    offered = act(call.deps, call.client, user_of(call.body), deed)
    call.ack(options=choices(offered) if isinstance(offered, dict) else [])


def _turn_to(call: Call, monday: date) -> None:
    _turn(call, lambda shown: ((shown.digest.team or "") if shown else "", monday))


def _turn(call: Call, wanted: Wanted) -> None:
    show(call, _made(call, wanted, action_key(call.body)))


def _made(call: Call, wanted: Wanted, key: str) -> BlockKit | str | NotAMember | Unchecked:
    """Draw the digest that is `wanted`, given the one that is shown, and keep it once; or say why there is none.

    It is read before anything is written, so that nobody who writes has to wait as long as that takes.
    """
    who = act(call.deps, call.client, user_of(call.body), lambda _, actor: actor)
    if not isinstance(who, Actor):
        return who
    now, carried = call.deps.now(), optional(call.body, "view", "private_metadata")
    with call.deps.reading() as session:
        before = digests.find(session, taken_uuid(carried)) if carried else None
        team, monday = wanted(before)
        found = digests.ask(session, team, monday, actor=who, now=now)
    if isinstance(found, NotMade):
        why = window.why_text(found)
        return window.words_modal(why, before.id) if before else why

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        def kept() -> str:
            return str(digests.keep(session, found, asked_by=actor.id, now=now).id)

        shown = digests.find(session, UUID(deliveries.once(session, key, kept, now=now)))
        return FORGOTTEN if shown is None else _drawn(session, shown, actor, now)

    return act(call.deps, call.client, user_of(call.body), deed)


def _drawn(session: Session, shown: StoredDigest, actor: Actor, now: datetime) -> BlockKit:
    return window.digest_modal(shown, digests.beside(session, shown, actor=actor, now=now))


def _monday(call: Call) -> date:
    try:
        found = date.fromisoformat(taken(call.body, "actions", 0, "value"))
    except ValueError as error:
        raise MalformedPayloadError("no day") from error
    if found.weekday() or not digests.is_within_reach(found):
        raise MalformedPayloadError("no Monday")
    return found
