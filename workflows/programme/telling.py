"""Who is told of gates."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from db.enums import Membership, OutboxKind
from db.session import Session
from workflows import outbox, people, policy
from workflows.outbox import Promise
from workflows.people import Actor


def person(session: Session, person_id: UUID) -> Actor:
    return people.named(session, [person_id])[person_id]


def steering(session: Session) -> Sequence[Actor]:
    """Return the programme leads, then the admins."""
    return [each for role in (policy.LEAD, policy.ADMIN) for each in people.holders_of(session, role)]


def each_once(found: Iterable[Actor]) -> Sequence[Actor]:
    """Return the full members among these, each once, in their order."""
    return list({each.id: each for each in found if each.membership is Membership.MEMBER}.values())


def redraw_homes(session: Session, *, now: datetime) -> None:
    """Promise every Home anew: each says which phase it is and how its gates stand."""
    opened = people.everybody_with_home_open(session)
    promises = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(slack_id), person_id, is_bulk=True)
        for person_id, slack_id in opened
    ]
    outbox.promise(session, promises, now=now)
