"""A person joined, left, became a guest, moved, or changed their name."""

from handlers.payloads import found
from handlers.people.payloads import profile_of
from handlers.routing import Call
from workflows import people


def on_person_changed(call: Call) -> None:
    profile = profile_of(found(call.body, "event", "user"), call.deps.workspace)
    with call.deps.transaction() as session:
        people.store_profile(session, profile, now=call.deps.now())
    call.ack()
