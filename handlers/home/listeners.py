"""Somebody opened Home."""

from db.enums import OutboxKind
from db.session import Session
from handlers.acting import act
from handlers.payloads import checked_id, optional, taken
from handlers.routing import Call
from workflows import outbox, people
from workflows.outbox import Promise
from workflows.people import Actor, NotAMember, Unchecked


def on_home_opened(call: Call) -> None:
    """Draw the person's Home; somebody who may not act gets a Home that says why."""
    if optional(call.body, "event", "tab") not in (None, "home"):
        call.ack()
        return
    slack_id = checked_id(taken(call.body, "event", "user"))

    def deed(session: Session, person: Actor) -> None:
        now = call.deps.now()
        people.mark_home_opened(session, person.id, now=now)
        outbox.promise(session, [_home(slack_id, person)], now=now)

    who = act(call.deps, call.client, slack_id, deed)
    if isinstance(who, NotAMember | Unchecked):
        with call.deps.transaction() as session:
            outbox.promise(session, [_home(slack_id, None)], now=call.deps.now())
    call.ack()
    call.deps.wake_outbox()


def _home(slack_id: str, person: Actor | None) -> Promise:
    return Promise(OutboxKind.HOME_SYNC, outbox.home_of(slack_id), person.id if person else None)
