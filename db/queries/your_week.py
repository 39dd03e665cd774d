"""Who may have something to do this week, who was told of it, and who does not want to be."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, delete, exists, insert, literal, or_, union
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import CheckInState, ConditionStatus, LaneStatus, Membership
from db.prepared import Prepared
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import (
    ApprovalLane,
    ApprovalSeat,
    CheckIn,
    Condition,
    ConditionDemand,
    Fix,
    FoundationPart,
    Person,
    Reading,
    Recertification,
    Recording,
    Scorecard,
    ScorecardAsked,
    Setting,
    UseCase,
    UseCaseRevision,
    VerificationRequest,
    WeeklyPost,
    WorkstreamTask,
    YourWeekOff,
)

_IS_TO_LOOK = Prepared(
    select_columns(literal(1)).where(
        ~exists().where(col(Setting.name) == bindparam("setting"), col(Setting.value) == bindparam("off")),
        ~exists().where(
            col(WeeklyPost.kind) == bindparam("of_kind"),
            col(WeeklyPost.addressee) == bindparam("mark"),
            col(WeeklyPost.week) == bindparam("day"),
        ),
    )
)


def is_to_look(session: Session, *, setting: str, off: str, kind: str, mark: str, day: date) -> bool:
    """Say whether a setting is not off and a mark was not claimed on a day."""
    found = _IS_TO_LOOK.first(session, setting=setting, off=off, of_kind=kind, mark=mark, day=day)
    return found is not None


def holding_something(session: Session, also: Collection[UUID], *, since: datetime) -> Sequence[tuple[UUID, str]]:
    """Return the full members, by id, for whom something may wait, and those `also` named, as (id, Slack id).

    Nobody for whom something waits is missing; what really does is asked of each. Not those who want no week of theirs.
    Questions to confirm numbers count that were asked after `since`.
    """
    some = union(*_holders(since)).subquery()
    statement = (
        select_columns(col(Person.id), col(Person.slack_id))
        .where(
            or_(col(Person.id).in_(select_columns(some.c[0])), col(Person.id).in_(also)),
            col(Person.membership) == Membership.MEMBER,
            ~exists().where(col(YourWeekOff.person_id) == col(Person.id)),
        )
        .order_by(col(Person.id))
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def claimed(session: Session, kind: str, *, since: date) -> set[tuple[str, date]]:
    """Return what was claimed of a kind for weeks since then, as (addressee, week)."""
    statement = select_columns(col(WeeklyPost.addressee), col(WeeklyPost.week)).where(
        col(WeeklyPost.kind) == kind, col(WeeklyPost.week) >= since
    )
    return {(row[0], row[1]) for row in session.connection().execute(statement)}


def claimed_at(session: Session, kind: str, *, since: date) -> Sequence[datetime]:
    """Return when that was, the first time first."""
    statement = select_columns(col(WeeklyPost.posted_at)).where(
        col(WeeklyPost.kind) == kind, col(WeeklyPost.week) >= since
    )
    return [row[0] for row in session.connection().execute(statement.order_by(col(WeeklyPost.posted_at)))]


def forget_claims(session: Session, kind: str, *, before: date) -> None:
    """Drop what was claimed of a kind for weeks before this day."""
    forgotten = delete(WeeklyPost).where(col(WeeklyPost.kind) == kind, col(WeeklyPost.week) < before)
    session.connection().execute(forgotten)


def is_off(session: Session, person_id: UUID) -> bool:
    return session.exec(select(YourWeekOff).where(YourWeekOff.person_id == person_id)).first() is not None


def set_off(session: Session, person_id: UUID, *, since: datetime) -> bool:
    """Keep that somebody wants no week of theirs; say whether that is new."""
    if is_off(session, person_id):
        return False
    session.connection().execute(insert(YourWeekOff), {"person_id": person_id, "since": since})
    return True


def set_on(session: Session, person_id: UUID) -> bool:
    """Forget that somebody wants no week of theirs; say whether that is new."""
    forgotten = delete(YourWeekOff).where(col(YourWeekOff.person_id) == person_id)
    return session.connection().execute(forgotten).rowcount == 1


def _holders(since: datetime) -> list[Select[Any]]:
    """Return a question for each thing that can wait for somebody: who it may be."""
    asked = select_columns(col(ApprovalSeat.person_id)).join(
        ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id)
    )
    is_asked = (col(ApprovalLane.status) == LaneStatus.OPEN, col(ApprovalSeat.vacated_at).is_(None))
    judging = (
        select_columns(col(ApprovalSeat.person_id))
        .join(ConditionDemand, col(ConditionDemand.lane_id) == col(ApprovalSeat.lane_id))
        .join(Condition, col(Condition.id) == col(ConditionDemand.condition_id))
        .where(col(Condition.status) == ConditionStatus.OFFERED, col(Condition.settled_at).is_(None))
    )
    questions = (
        select_columns(col(UseCaseRevision.owner_id))
        .join(UseCase, and_(*TEXT_IN_FORCE))
        .join(Recertification, col(Recertification.use_case_id) == col(UseCase.id))
        .where(col(Recertification.settled_at).is_(None))
    )
    confirming = (
        select_columns(col(VerificationRequest.person_id))
        .join(Reading, col(Reading.check_in_id) == col(VerificationRequest.check_in_id))
        .where(col(VerificationRequest.asked_at) >= since, col(Reading.superseded_at).is_(None))
    )
    scoring = (
        select_columns(col(ScorecardAsked.person_id))
        .join(Scorecard, col(Scorecard.id) == col(ScorecardAsked.scorecard_id))
        .where(col(Scorecard.is_open).is_(True), col(ScorecardAsked.answered_at).is_(None))
    )
    due = (col(CheckIn.state).in_([CheckInState.DUE, CheckInState.OVERDUE]), col(CheckIn.act_at).is_not(None))
    return [
        asked.where(*is_asked),
        asked.with_only_columns(col(ApprovalSeat.delegate_id)).where(*is_asked),
        judging,
        judging.with_only_columns(col(ApprovalSeat.delegate_id)),
        questions,
        questions.with_only_columns(col(UseCaseRevision.sponsor_id)),
        confirming,
        scoring,
        select_columns(col(CheckIn.asked_id)).where(*due),
        select_columns(col(Condition.owner_id)).where(
            col(Condition.status) == ConditionStatus.OPEN, col(Condition.settled_at).is_(None)
        ),
        select_columns(col(Fix.owner_id)).where(col(Fix.done_at).is_(None), col(Fix.dropped_at).is_(None)),
        select_columns(col(WorkstreamTask.owner_id)).where(
            col(WorkstreamTask.done_at).is_(None), col(WorkstreamTask.dropped_at).is_(None)
        ),
        select_columns(col(Recording.owner_id)).where(
            col(Recording.use_case_id).is_(None), col(Recording.dropped_at).is_(None)
        ),
        select_columns(col(FoundationPart.owner_id)),
    ]
