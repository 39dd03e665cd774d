"""Open the form in which people say that they are away."""

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.away import views
from handlers.blocks import BlockKit
from handlers.modals import open_modal
from handlers.payloads import user_of
from handlers.routing import Call, whisper
from workflows import people
from workflows.people import Actor, NotAMember, Unchecked


def on_away_pressed(call: Call) -> None:
    """Open the form."""
    problem = open_form(call)
    if problem:
        whisper(call, problem)
    call.ack()


def open_form(call: Call) -> str | None:
    """Open the form; return what to tell the person when that did not go well."""

    def deed(_: Session, person: Actor) -> BlockKit:
        return views.away_modal(people.local_day(person, call.deps.now()), person.zone)

    view = act(call.deps, call.client, user_of(call.body), deed)
    return refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)
