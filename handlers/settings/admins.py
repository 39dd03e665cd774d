"""Only admins change the settings: asked at every press and form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.payloads import user_of
from handlers.routing import Call
from handlers.text import listed, named
from workflows import people
from workflows.people import ADMIN, Actor, NotAMember, Unchecked


@dataclass(frozen=True, slots=True)
class NotAnAdmin:
    """Nothing was done. `admins` are the names of those who may."""

    admins: tuple[str, ...]


Outcome = TypeVar("Outcome")


def as_admin(
    call: Call, deed: Callable[[Session, Actor], Outcome], *, changes: bool = False
) -> Outcome | NotAnAdmin | NotAMember | Unchecked:
    """Run `deed` as who acted if they are an admin. What `changes` something is judged on roles nobody can change."""

    def checked(session: Session, actor: Actor) -> Outcome | NotAnAdmin:
        if changes:
            people.hold(session)
        if ADMIN not in people.roles_of(session, actor.id):
            return NotAnAdmin(tuple(each.name for each in people.holders_of(session, ADMIN)))
        return deed(session, actor)

    return act(call.deps, call.client, user_of(call.body), checked)


def why_not(refused: NotAnAdmin | NotAMember | Unchecked) -> str:
    if not isinstance(refused, NotAnAdmin):
        return refusal_text(refused)
    who = f"Ask {listed([named(name) for name in refused.admins])}." if refused.admins else "Nobody is admin now."
    return f"Only admins change the settings. {who}"
