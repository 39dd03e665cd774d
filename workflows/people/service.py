"""People as they are stored: know them, refresh them, give them roles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Membership
from db.ids import new_id
from db.queries import people as stored
from db.session import Session
from db.tables import Person
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.people.snapshots import Actor, NotAMember, Profile

FRESH_FOR = timedelta(minutes=5)
USABLE_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What is known of the person is too old to decide on; ask Slack, store the answer, and identify again."""


def identify(
    session: Session, slack_id: str, *, now: datetime, usable_for: timedelta = FRESH_FOR
) -> Actor | NotAMember | Unchecked:
    """Return who this is, whether they may act, or that Slack must be asked first.

    Slack tells us of people who leave or become guests as it happens; `usable_for` bounds how long we trust
    a picture of a person in case such a message was lost.
    """
    known = stored.known(session, slack_id)
    if known is None or now - known[5] > usable_for:
        return Unchecked()
    person_id, _, name, zone, membership, _ = known
    if membership is not Membership.MEMBER:
        return NotAMember(membership)
    return Actor(id=person_id, slack_id=slack_id, name=name, zone=zone)


def store_profile(session: Session, profile: Profile, *, now: datetime) -> UUID:
    """Keep what Slack says of a person; return their id here."""
    values = {
        "team_id": profile.team_id,
        "name": profile.name,
        "zone": profile.zone,
        "membership": profile.membership,
        "rank": profile.rank,
        "checked_at": now,
    }
    person_id = new_id()
    row = stored.by_slack_id(session, profile.slack_id)
    if row is None and stored.insert_person(session, values | {"id": person_id, "slack_id": profile.slack_id}):
        return person_id
    row = row or stored.by_slack_id(session, profile.slack_id)
    if row is None:
        raise LookupError(f"{profile.slack_id} was there and is gone")
    stored.update_person(session, row.id, values)
    return row.id


def mark_home_opened(session: Session, person_id: UUID, *, now: datetime) -> None:
    stored.update_person(session, person_id, {"home_opened_at": now})


def named(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Actor]:
    """Return the people with these ids; one that was erased is missing."""
    return {key: _actor(row) for key, row in stored.by_ids(session, ids).items()}


def holders_of(session: Session, role: str) -> Sequence[Actor]:
    """Return the full members who hold `role` now, in the order they got it."""
    return [_actor(row) for row in stored.holders(session, role) if row.membership is Membership.MEMBER]


def role_holders(session: Session) -> Sequence[tuple[str, Actor]]:
    """Return every (role, person) as held, members or not."""
    return [(role, _actor(row)) for role, row in stored.all_holders(session)]


def grant_role(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> bool:
    """Give `role` to a person; return False when they held it already. `actor` is None for the command line."""
    if any(holder.id == person_id for holder in stored.holders(session, role)):
        return False
    stored.insert_holder(session, role=role, person_id=person_id, granted_at=now)
    fact = Fact(LedgerKind.ROLE_GRANTED, {"role": role, "person": str(person_id)})
    ledger.record(session, f"role:{role}", [fact], actor=actor, now=now)
    return True


def withdraw_role(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> bool:
    """Take `role` from a person; return False when they did not hold it. Seats already theirs stay."""
    if not stored.delete_holder(session, role=role, person_id=person_id):
        return False
    fact = Fact(LedgerKind.ROLE_WITHDRAWN, {"role": role, "person": str(person_id)})
    ledger.record(session, f"role:{role}", [fact], actor=actor, now=now)
    return True


def _actor(row: Person) -> Actor:
    return Actor(id=row.id, slack_id=row.slack_id, name=row.name, zone=row.zone, membership=row.membership)
