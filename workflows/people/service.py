"""People as they are stored: know them, and refresh what Slack says of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from db.enums import Membership
from db.ids import new_id
from db.queries import people as stored
from db.session import Session
from db.tables import Person
from workflows.people import countries
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
    row = stored.by_slack_id(session, profile.slack_id)
    person_id = new_id()
    if row is None and stored.insert_person(session, _new(profile, person_id, now)):
        return person_id
    row = row or stored.by_slack_id(session, profile.slack_id)
    if row is None:
        raise LookupError(f"{profile.slack_id} was there and is gone")
    stored.update_person(session, row.id, _values(profile, row, at=now) | {"checked_at": now})
    return row.id


def store_profiles(session: Session, profiles: Collection[Profile], *, asked_at: datetime) -> int:
    """Keep what Slack said of many people when it was asked at `asked_at`; return of how many that is news.

    What was told of somebody since then stays: the list may have been older.
    """
    known = stored.by_slack_ids(session, {each.slack_id for each in profiles})
    changed, same = 0, []
    for profile in sorted(profiles, key=lambda each: each.slack_id):  # in one order, so that two never wait in a circle
        row = known.get(profile.slack_id)
        if row is None:
            changed += stored.insert_person(session, _new(profile, new_id(), asked_at))
            continue
        values = _values(profile, row, at=asked_at)
        if all(getattr(row, name) == value for name, value in values.items()):
            same.append(row.id)
        else:
            news = values | {"checked_at": asked_at}
            changed += stored.update_unless_newer(session, row.id, news, asked_at=asked_at)
    stored.mark_checked(session, same, asked_at=asked_at)
    return changed


def mark_home_opened(session: Session, person_id: UUID, *, now: datetime) -> None:
    stored.update_person(session, person_id, {"home_opened_at": now})


def named(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Actor]:
    """Return the people with these ids; one that was erased is missing."""
    return {key: actor_of(row) for key, row in stored.by_ids(session, ids).items()}


def manager_of(session: Session, person_id: UUID) -> Actor | None:
    """Return somebody's manager as it is known now, member or not."""
    row = stored.manager_of(session, person_id)
    return actor_of(row) if row else None


def locale_of(session: Session, person_id: UUID) -> str | None:
    """Return the locale somebody has set in Slack, like “de-DE”; None while Slack has not told it."""
    return stored.locale_of(session, person_id)


def find(session: Session, slack_id: str) -> Actor | None:
    """Return somebody we know, member or not."""
    row = stored.by_slack_id(session, slack_id)
    return actor_of(row) if row else None


def owner_of_workspace(session: Session) -> Actor | None:
    """Return the workspace's primary owner, else an owner; None while we know of none who is a full member."""
    row = stored.highest_ranked(session)
    return actor_of(row) if row else None


def count_members(session: Session) -> int:
    """Return how many full members are known."""
    return stored.count_members(session)


def count_without_zone(session: Session) -> int:
    """Return how many full members are in no zone Slack knows, whose hours are taken as UTC."""
    return stored.count_members(session, zone="UTC")


def with_home_open(session: Session, ids: Collection[UUID]) -> Sequence[Actor]:
    """Return those of `ids` who ever opened Home."""
    return [actor_of(row) for row in stored.by_ids(session, ids).values() if row.home_opened_at is not None]


def everybody_with_home_open(session: Session) -> Sequence[tuple[UUID, str]]:
    """Return (id, Slack id) of every full member who ever opened Home."""
    return stored.everybody_with_home_open(session)


def actor_of(row: Person) -> Actor:
    return Actor(id=row.id, slack_id=row.slack_id, name=row.name, zone=row.zone, membership=row.membership)


def _new(profile: Profile, person_id: UUID, now: datetime) -> dict[str, Any]:
    return _values(profile, None, at=now) | {
        "id": person_id,
        "locale": profile.locale,
        "slack_id": profile.slack_id,
        "country": countries.guess(profile.zone),
        "checked_at": now,
    }


def _values(profile: Profile, row: Person | None, *, at: datetime) -> dict[str, Any]:
    """Return what Slack says of a person, and the country of their zone where nobody has said one.

    Whoever was a full member and is none any more left `at` this moment, as far as we saw it.
    """
    guessed = countries.guess(profile.zone) if row is None or row.country is None else None
    was, is_one = row is not None and row.membership is Membership.MEMBER, profile.membership is Membership.MEMBER
    return {
        "team_id": profile.team_id,
        "name": profile.name,
        "zone": profile.zone,
        "membership": profile.membership,
        "rank": profile.rank,
        **({"left_at": None if is_one else at} if row is not None and was is not is_one else {}),
        **({"country": guessed} if guessed else {}),
        **({"locale": profile.locale} if profile.locale else {}),  # not everything Slack tells of somebody holds it
    }
