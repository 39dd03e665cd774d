"""Turn the promise of a Home into a view."""

from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.away import views as away_views
from handlers.blocks import BlockKit
from handlers.checkins import home as check_ins
from handlers.home import views
from handlers.messages import Message, Publish
from workflows import approvals, people, policy, setup
from workflows import home as snapshots
from workflows.outbox import Pending
from workflows.people import ADMIN


def home(session: Session, pending: Pending) -> Message:
    """Draw a person's Home as it is now; without a person, the Home of somebody who may not act here."""
    slack_id = pending.conversation.removeprefix("home:")
    if pending.subject_id is None:
        return Publish(slack_id, views.closed_home())
    person_id = pending.subject_id
    now = pending.created_at
    roles = people.roles_of(session, person_id)
    snapshot = snapshots.home_of(session, person_id)
    view = views.home(
        snapshot,
        person_id,
        away=_away(session, person_id, now=now),
        missing=setup.what_is_left(session) if ADMIN in roles else None,
        outlooks=snapshots.outlooks_of(session, snapshot, now=now),
        check_ins=check_ins.home_blocks(session, person_id, now=now),
        waits=approvals.where_requests_wait(session, now=now) if roles & policy.STEERING else None,
    )
    return Publish(slack_id, view)


def _away(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    person = people.named(session, [person_id])[person_id]
    return away_views.home_blocks(people.absences_of(session, person, now=now), people.local_day(person, now))
