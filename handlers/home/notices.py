"""Turn the promise of a Home into a view."""

from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from db.session import Session
from handlers.auditing import views as auditing_views
from handlers.away import views as away_views
from handlers.blocks import BlockKit
from handlers.checkins import home as check_ins
from handlers.checkins import offering
from handlers.conditions import notices as conditions_notices
from handlers.foundation import home as foundation_home
from handlers.glass import MAY_LIST, counted_text
from handlers.home import views
from handlers.lifecycle import home as lifecycle_home
from handlers.messages import Message, Publish
from handlers.programme import home as programme_home
from handlers.recertifying import views as recertifying_views
from handlers.recorded import home as recorded_home
from handlers.rollouts import home as rollouts
from handlers.scorecards import home as scorecards_home
from workflows import (
    approvals,
    auditing,
    breaking_glass,
    conditions,
    intake,
    lifecycle,
    people,
    policy,
    recertifying,
    setup,
)
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
    is_counted = bool(roles & MAY_LIST)
    programme, picture = programme_home.home_blocks(session, person_id, roles, now=now)
    glass = counted_text(breaking_glass.counted_lately(session, now=now)) if is_counted else ""
    view = views.home(
        snapshot,
        person_id,
        away=_away(session, person_id, now=now),
        duties=[
            *conditions_notices.home_blocks(session, person_id, now=now),
            *recertifying_views.home_blocks(recertifying.questions_for(session, person_id)),
            *lifecycle_home.home_blocks(session, person_id, now=now),
            *offering.home_blocks(session, person_id, now=now),
            *rollouts.home_blocks(session, person_id),
            *scorecards_home.duty_blocks(session, person_id),
        ],
        conditions=conditions.in_force(
            session,
            intake.SUBJECT_KIND,
            [item.use_case.id for item in (*snapshot.proposals, *snapshot.owned) if item.use_case],
        ),
        lives=lifecycle.lives_of(
            session, [item.use_case for item in (*snapshot.proposals, *snapshot.owned) if item.use_case], now=now
        ),
        campaigns=_campaigns(session, now=now) if roles & policy.STEERING else (),
        missing=setup.what_is_left(session) if ADMIN in roles else None,
        outlooks=snapshots.outlooks_of(session, snapshot, now=now),
        check_ins=check_ins.home_blocks(session, person_id, now=now),
        programme=programme,
        glass=glass,
        foundation=foundation_home.home_blocks(session, person_id, steers=bool(roles & policy.STEERING), now=now),
        waits=approvals.where_requests_wait(session, now=now) if roles & policy.STEERING else None,
        recorded=recorded_home.home_blocks(session, person_id, steers=bool(roles & policy.STEERING), now=now),
        scorecard=scorecards_home.steering_blocks(session) if roles & policy.STEERING else (),
        fast_lane=_fast_lane(session, person_id, now=now) if roles & policy.STEERING else (),
    )
    return Publish(slack_id, view, picture)


def _away(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    person = people.named(session, [person_id])[person_id]
    return away_views.home_blocks(people.absences_of(session, person, now=now), people.local_day(person, now))


def _fast_lane(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Draw how the lines that approve did since the first of this month, where this person is."""
    person = people.named(session, [person_id])[person_id]
    first = people.local_day(person, now).replace(day=1)
    since = datetime.combine(first, time(), ZoneInfo(person.zone))
    return auditing_views.home_blocks(auditing.lines_of(session, since=since.astimezone(UTC)))


def _campaigns(session: Session, *, now: datetime) -> list[BlockKit]:
    campaigns = recertifying.progress(session, now=now)
    return recertifying_views.steering_blocks(campaigns, recertifying.lapsed(session))
