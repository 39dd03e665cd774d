"""What Home shows of what is in use already: to owners what is theirs to propose, to those who steer how much it is."""

from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, actions, context, section
from handlers.objectives.views import objectives_button
from handlers.recorded import views
from handlers.recorded.words import called, counts_text, due_text
from workflows import people, recorded

SHOWN = 3


def home_blocks(session: Session, person_id: UUID, *, steers: bool, now: datetime) -> list[BlockKit]:
    """Return what somebody owns and has to propose, and for those who steer the way to everything recorded."""
    person = people.named(session, [person_id])[person_id]
    found = recorded.owned_by(session, person_id, limit=SHOWN)
    blocks: list[BlockKit] = []
    if found.total:
        today = people.local_day(person, now)
        blocks = [{"type": "divider"}, views.home_header()]
        for each in found.recordings:
            block = section(f"{called(each)}\n{due_text(each, today)}")
            blocks.append(block | {"accessory": views.propose_button(each)})
        if found.total > SHOWN:
            blocks.append(context(f"The next {SHOWN} of {found.total} are shown."))
    if steers:
        ways = (views.see_button(), views.record_button(), objectives_button())
        counts = counts_text(recorded.counts(session, now=now))
        blocks += [{"type": "divider"}, section(f"📌 {counts}"), actions("home.recorded", *ways)]
    elif found.total > SHOWN:
        blocks.append(actions("home.recorded", views.see_button("See all")))
    return blocks
