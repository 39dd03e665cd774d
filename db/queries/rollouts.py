"""Use cases taken to one team more."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, update
from sqlmodel import col, select

from db.enums import Membership, RolloutStatus, Section, UseCaseState
from db.ids import new_id
from db.session import Session
from db.tables import Person, Rollout, RolloutDifference, RolloutStep, UseCase, UseCaseRevision

GOES = (RolloutStatus.IN_REVIEW, RolloutStatus.CHANGES_REQUESTED, RolloutStatus.APPROVED, RolloutStatus.DONE)
"""Where a rollout stands while its team has the use case, or is to have it. The table lets one of a team be there."""


def rollout(session: Session, rollout_id: UUID) -> Rollout | None:
    return session.exec(select(Rollout).where(Rollout.id == rollout_id)).first()


def lock_rollout(session: Session, rollout_id: UUID) -> Rollout | None:
    """Return a rollout that nobody else can change before the commit."""
    return session.exec(select(Rollout).where(Rollout.id == rollout_id).with_for_update()).first()


def rollouts_of(session: Session, use_case_id: UUID) -> Sequence[Rollout]:
    """Return every rollout of a use case, the first one first."""
    statement = select(Rollout).where(Rollout.use_case_id == use_case_id)
    return session.exec(statement.order_by(col(Rollout.number))).all()


def of_team(session: Session, use_case_id: UUID, team_key: str) -> Rollout | None:
    """Return the rollout by which a team has a use case, or is to have it."""
    statement = select(Rollout).where(Rollout.use_case_id == use_case_id, Rollout.team_key == team_key)
    return session.exec(statement.where(col(Rollout.status).in_(GOES))).first()


def under_way_of(session: Session, person_id: UUID, *, leads: bool) -> Sequence[Rollout]:
    """Return the approved rollouts that are not done and are this person's to see to, the first one first.

    What is retired is nobody's to bring anywhere.
    Those whose owner left are their use case's owner's, else its sponsor's, else the `leads`'.
    """
    there, case_owner, sponsor = Membership.MEMBER, _people("case_owner"), _people("sponsor")
    in_force = and_(
        col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
    )
    has_left = col(Person.membership) != there
    owner_left = case_owner.c.membership != there
    heirs = [
        col(UseCaseRevision.owner_id) == person_id,
        and_(owner_left, col(UseCaseRevision.sponsor_id) == person_id),
    ]
    if leads:
        heirs.append(and_(owner_left, sponsor.c.membership != there))
    statement = (
        select(Rollout)
        .join(Person, col(Person.id) == col(Rollout.owner_id))
        .join(UseCase, col(UseCase.id) == col(Rollout.use_case_id))
        .join(UseCaseRevision, in_force)
        .join(case_owner, case_owner.c.id == col(UseCaseRevision.owner_id))
        .join(sponsor, sponsor.c.id == col(UseCaseRevision.sponsor_id))
        .where(
            col(Rollout.status) == RolloutStatus.APPROVED,
            col(UseCase.state) != UseCaseState.RETIRED,
            or_(col(Rollout.owner_id) == person_id, and_(has_left, or_(*heirs))),
        )
    )
    return session.exec(statement.order_by(col(Rollout.number))).all()


def _people(name: str) -> Any:
    return Person.__table__.alias(name)  # type: ignore[attr-defined]


def insert_rollout(session: Session, values: Mapping[str, Any], differences: Mapping[Section, str]) -> UUID:
    """Store a rollout with what differs; a second one of the same team violates its key, and its transaction fails."""
    rollout_id = new_id()
    session.connection().execute(insert(Rollout), {"id": rollout_id, "revision": 1, **values})
    _insert_differences(session, rollout_id, 1, differences)
    return rollout_id


def revise(
    session: Session, held: Rollout, revision: int, values: Mapping[str, Any], differences: Mapping[Section, str]
) -> None:
    """Store the next text of a rollout the caller holds."""
    update_rollout(session, held.id, {**values, "revision": revision})
    _insert_differences(session, held.id, revision, differences)


def update_rollout(session: Session, rollout_id: UUID, values: Mapping[str, Any]) -> None:
    """Write `values` to a rollout the caller holds."""
    session.connection().execute(update(Rollout).where(col(Rollout.id) == rollout_id).values(values))


def _insert_differences(session: Session, rollout_id: UUID, revision: int, says: Mapping[Section, str]) -> None:
    of = {"rollout_id": rollout_id, "revision": revision}
    rows = [{**of, "section": section.value, "says": text} for section, text in says.items()]
    if rows:
        session.connection().execute(insert(RolloutDifference), rows)


def differences_of(session: Session, rollout_ids: Collection[UUID]) -> Mapping[UUID, Sequence[RolloutDifference]]:
    """Return what differs, of every revision of these rollouts."""
    found: defaultdict[UUID, list[RolloutDifference]] = defaultdict(list)
    statement = select(RolloutDifference).where(col(RolloutDifference.rollout_id).in_(rollout_ids))
    for row in session.exec(statement) if rollout_ids else ():
        found[row.rollout_id].append(row)
    return found


def insert_steps(session: Session, rollout_id: UUID, steps: Sequence[str]) -> None:
    rows = [{"rollout_id": rollout_id, "position": place, "says": says} for place, says in enumerate(steps, 1)]
    session.connection().execute(insert(RolloutStep), rows)


def steps_of(session: Session, rollout_ids: Collection[UUID]) -> Mapping[UUID, Sequence[RolloutStep]]:
    """Return the steps of these rollouts, in their order."""
    found: defaultdict[UUID, list[RolloutStep]] = defaultdict(list)
    statement = select(RolloutStep).where(col(RolloutStep.rollout_id).in_(rollout_ids))
    for row in session.exec(statement.order_by(col(RolloutStep.position))) if rollout_ids else ():
        found[row.rollout_id].append(row)
    return found


def set_step(session: Session, rollout_id: UUID, position: int, *, at: datetime | None, by: UUID | None) -> None:
    """Say that a step is done, or is not. The caller holds the rollout."""
    of = (col(RolloutStep.rollout_id) == rollout_id, col(RolloutStep.position) == position)
    session.connection().execute(update(RolloutStep).where(*of).values(done_at=at, done_by=by))
