"""Whether approvals still hold: until when they do, what is asked of whom, and the campaigns in which that is asked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, func, insert, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import PENDING, Membership, RecertificationAnswer, RequestStatus, SuspensionCause, Tier, UseCaseState
from db.prepared import Prepared, among
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import (
    ApprovalRequest,
    Campaign,
    CampaignCase,
    Person,
    Recertification,
    UseCase,
    UseCaseRevision,
    UseCaseSuspension,
)

_TO_BE_CONFIRMED = (RecertificationAnswer.STILL_VALID, RecertificationAnswer.CHANGED)


class Ending(NamedTuple):
    """An approval that ends, and the zone of who owns the use case."""

    use_case_id: UUID
    valid_until: date
    zone: str


class Unanswered(NamedTuple):
    """A question whose day may have passed. `answer` is one that people have not confirmed."""

    use_case_id: UUID
    due_on: date
    valid_until: date | None
    zone: str
    answer: RecertificationAnswer | None


class InScope(NamedTuple):
    """A use case that a campaign may be about, as its text in force says."""

    use_case_id: UUID
    number: int
    tier: Tier
    team: str
    owner_id: UUID


# ------------------------------------------------------------------------------------------- what is due

# Every beat of the clock asks all of these, so they are prepared.
_PROMPTS_DUE = Prepared(
    select_columns(col(Recertification.use_case_id))
    .where(col(Recertification.answered_at).is_(None), col(Recertification.prompt_at) <= bindparam("now"))
    .order_by(col(Recertification.prompt_at))
)
_LAPSED = exists().where(
    col(UseCaseSuspension.use_case_id) == col(Recertification.use_case_id),
    col(UseCaseSuspension.cause) == SuspensionCause.APPROVAL_LAPSED,
    col(UseCaseSuspension.lifted_at).is_(None),
)
_UNANSWERED = Prepared(
    select_columns(
        col(Recertification.use_case_id),
        col(Recertification.due_on),
        col(UseCase.valid_until),
        col(Person.zone),
        col(Recertification.answer),
    )
    .join(UseCase, col(UseCase.id) == col(Recertification.use_case_id))
    .join(UseCaseRevision, and_(*TEXT_IN_FORCE))
    .join(Person, col(Person.id) == col(UseCaseRevision.owner_id))
    .where(
        col(Recertification.settled_at).is_(None),
        col(Recertification.due_on) <= bindparam("by"),
        or_(col(Recertification.answer).is_(None), among(col(Recertification.answer), _TO_BE_CONFIRMED)),
        ~_LAPSED,
    )
    .order_by(col(Recertification.due_on), col(Recertification.id))
)
_GATHERING = Prepared(
    select_columns(col(Campaign.id)).where(col(Campaign.gathered_at).is_(None)).order_by(col(Campaign.id))
)
_IS_OPEN = (
    exists()
    .where(
        col(CampaignCase.campaign_id) == col(Campaign.id),
        col(Recertification.id) == col(CampaignCase.recertification_id),
        col(Recertification.answered_at).is_(None),
    )
    .correlate(Campaign)
)
_ANSWERED_CAMPAIGNS = Prepared(
    select_columns(col(Campaign.id), col(Campaign.started_by), func.max(col(Recertification.answered_at)))
    .join(CampaignCase, col(CampaignCase.campaign_id) == col(Campaign.id))
    .join(Recertification, col(Recertification.id) == col(CampaignCase.recertification_id))
    .where(col(Campaign.closed_at).is_(None), col(Campaign.gathered_at).is_not(None), ~_IS_OPEN)
    .group_by(col(Campaign.id), col(Campaign.started_by))
)


@cache
def _without_validity(states: frozenset[UseCaseState]) -> Prepared:
    approved = exists().where(
        col(ApprovalRequest.subject_id) == col(UseCase.id), col(ApprovalRequest.status) == RequestStatus.APPROVED
    )
    return Prepared(
        select_columns(col(UseCase.id))
        .where(
            col(UseCase.valid_until).is_(None),
            among(col(UseCase.state), states),
            col(UseCase.provisional).is_(False),
            approved,
        )
        .order_by(col(UseCase.number))
    )


@cache
def _ending(states: frozenset[UseCaseState]) -> Prepared:
    return Prepared(
        select_columns(col(UseCase.id), col(UseCase.valid_until), col(Person.zone))
        .join(UseCaseRevision, and_(*TEXT_IN_FORCE))
        .join(Person, col(Person.id) == col(UseCaseRevision.owner_id))
        .where(
            col(UseCase.valid_until) <= bindparam("by"),
            among(col(UseCase.state), states),
            col(UseCase.provisional).is_(False),
            ~exists().where(
                col(Recertification.use_case_id) == col(UseCase.id), col(Recertification.settled_at).is_(None)
            ),
        )
        .order_by(col(UseCase.valid_until), col(UseCase.number))
    )


@cache
def _overtaken(states: frozenset[UseCaseState]) -> Prepared:
    return Prepared(
        select_columns(col(UseCase.id))
        .join(Recertification, col(Recertification.use_case_id) == col(UseCase.id))
        .where(col(Recertification.settled_at).is_(None), ~among(col(UseCase.state), states))
    )


def without_validity(session: Session, states: Collection[UseCaseState]) -> Sequence[UUID]:
    """Return the use cases people or the policy approved whose approval has no last day yet."""
    return [row[0] for row in _without_validity(frozenset(states)).all(session)]


def ending(session: Session, states: Collection[UseCaseState], *, by: date) -> Sequence[Ending]:
    """Return the approvals that end by this day and about which nothing is asked yet."""
    return [Ending._make(row) for row in _ending(frozenset(states)).all(session, by=by)]


def prompts_due(session: Session, now: datetime) -> Sequence[UUID]:
    """Return the use cases about which a prompt is due."""
    return [row[0] for row in _PROMPTS_DUE.all(session, now=now)]


def unanswered(session: Session, *, by: date) -> Sequence[Unanswered]:
    """Return the questions due by this day that nobody answered, or whose answer people have not confirmed.

    Left out are those whose use case was suspended for it already.
    """
    return [Unanswered._make(row) for row in _UNANSWERED.all(session, by=by)]


def overtaken(session: Session, states: Collection[UseCaseState]) -> Sequence[UUID]:
    """Return the use cases something is asked about although none of `states` is theirs any more."""
    return [row[0] for row in _overtaken(frozenset(states)).all(session)]


# --------------------------------------------------------------------------------------------- questions


def unsettled(session: Session, use_case_id: UUID) -> Recertification | None:
    """Return the question about a use case that is open, waits to be confirmed, or has lapsed."""
    statement = select(Recertification).where(
        Recertification.use_case_id == use_case_id, col(Recertification.settled_at).is_(None)
    )
    return session.exec(statement).first()


def last_settled(session: Session, use_case_id: UUID) -> Recertification | None:
    """Return the question about a use case that was settled last."""
    statement = select(Recertification).where(
        Recertification.use_case_id == use_case_id, col(Recertification.settled_at).is_not(None)
    )
    return session.exec(statement.order_by(col(Recertification.settled_at).desc()).limit(1)).first()


def by_id(session: Session, recertification_id: UUID) -> Recertification | None:
    return session.exec(select(Recertification).where(Recertification.id == recertification_id)).first()


def insert_question(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(Recertification).values(**values))


def update_question(session: Session, recertification_id: UUID, values: Mapping[str, Any]) -> None:
    statement = update(Recertification).where(col(Recertification.id) == recertification_id)
    session.connection().execute(statement.values(**values))


def take_prompt(
    session: Session, recertification_id: UUID, *, seen: tuple[int, datetime | None], values: Mapping[str, Any]
) -> bool:
    """Move an open question's prompts on; False when another process was faster or somebody has answered."""
    prompts, prompt_at = seen
    statement = update(Recertification).where(
        col(Recertification.id) == recertification_id,
        col(Recertification.answered_at).is_(None),
        col(Recertification.prompts) == prompts,
        col(Recertification.prompt_at) == prompt_at,
    )
    return session.connection().execute(statement.values(**values)).rowcount == 1


def answerable(session: Session, *, of: UUID) -> Sequence[UUID]:
    """Return what this person owns or sponsors whose question is open or has lapsed, soonest due first."""
    theirs = or_(col(UseCaseRevision.owner_id) == of, col(UseCaseRevision.sponsor_id) == of)
    return [row[0] for row in session.connection().execute(_answerable().where(theirs))]


def ownerless(session: Session) -> Sequence[UUID]:
    """Return whose question is open or has lapsed although owner and sponsor have left, soonest due first."""
    owner, sponsor = aliased(Person), aliased(Person)
    statement = (
        _answerable()
        .join(owner, col(owner.id) == col(UseCaseRevision.owner_id))
        .join(sponsor, col(sponsor.id) == col(UseCaseRevision.sponsor_id))
        .where(col(owner.membership) != Membership.MEMBER, col(sponsor.membership) != Membership.MEMBER)
    )
    return [row[0] for row in session.connection().execute(statement)]


def unsettled_of(session: Session, use_case_ids: Collection[UUID]) -> dict[UUID, Recertification]:
    """Return the questions that are not settled, by their use case."""
    if not use_case_ids:
        return {}
    statement = select(Recertification).where(
        col(Recertification.use_case_id).in_(use_case_ids), col(Recertification.settled_at).is_(None)
    )
    return {row.use_case_id: row for row in session.exec(statement)}


# --------------------------------------------------------------------------------------------- campaigns


def in_scope(
    session: Session, states: Collection[UseCaseState], *, tier: Tier | None, team: str | None
) -> Sequence[InScope]:
    """Return the use cases of these states whose newest approval is of this tier and whose team is this one."""
    newest = (
        select_columns(col(ApprovalRequest.subject_id), func.max(col(ApprovalRequest.revision)).label("revision"))
        .where(col(ApprovalRequest.status) == RequestStatus.APPROVED)
        .group_by(col(ApprovalRequest.subject_id))
        .subquery("newest")
    )
    statement = (
        select_columns(
            col(UseCase.id),
            col(UseCase.number),
            col(ApprovalRequest.tier),
            col(UseCaseRevision.team),
            col(UseCaseRevision.owner_id),
        )
        .join(UseCaseRevision, and_(*TEXT_IN_FORCE))
        .join(newest, newest.c.subject_id == col(UseCase.id))
        .join(
            ApprovalRequest,
            and_(
                col(ApprovalRequest.subject_id) == col(UseCase.id),
                col(ApprovalRequest.revision) == newest.c.revision,
                col(ApprovalRequest.status) == RequestStatus.APPROVED,
            ),
        )
        .where(col(UseCase.state).in_(states), col(UseCase.provisional).is_(False))
        .order_by(col(UseCase.number))
    )
    if tier is not None:
        statement = statement.where(col(ApprovalRequest.tier) == tier)
    if team is not None:
        statement = statement.where(col(UseCaseRevision.team) == team)
    return [InScope._make(row) for row in session.connection().execute(statement)]


def teams(session: Session, states: Collection[UseCaseState]) -> Sequence[str]:
    """Return the teams of use cases of these states, by name."""
    statement = (
        select_columns(col(UseCaseRevision.team))
        .join(UseCase, and_(*TEXT_IN_FORCE))
        .where(col(UseCase.state).in_(states))
        .distinct()
        .order_by(col(UseCaseRevision.team))
    )
    return [row[0] for row in session.connection().execute(statement)]


def gathering(session: Session) -> Sequence[UUID]:
    """Return the campaigns that have not asked about everything in their scope yet."""
    return [row[0] for row in _GATHERING.all(session)]


def lock_campaign(session: Session, campaign_id: UUID) -> Campaign | None:
    """Return a campaign that nobody else can change before the commit."""
    return session.exec(select(Campaign).where(Campaign.id == campaign_id).with_for_update()).first()


def set_gathered(session: Session, campaign_id: UUID, *, at: datetime) -> None:
    session.connection().execute(update(Campaign).where(col(Campaign.id) == campaign_id).values(gathered_at=at))


def cases_in(session: Session, campaign_id: UUID) -> set[UUID]:
    """Return the use cases that are part of a campaign already."""
    return {case for _, case, _ in answers_in(session, [campaign_id])}


def insert_campaign(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(Campaign).values(**values))


def add_to_campaign(session: Session, campaign_id: UUID, recertification_id: UUID) -> None:
    row = {"campaign_id": campaign_id, "recertification_id": recertification_id}
    session.connection().execute(insert(CampaignCase).values(**row))


def campaign(session: Session, campaign_id: UUID) -> Campaign | None:
    return session.exec(select(Campaign).where(Campaign.id == campaign_id)).first()


def campaigns(session: Session, *, closed_since: datetime) -> Sequence[Campaign]:
    """Return the campaigns that go on or were closed since then, the newest first."""
    statement = select(Campaign).where(or_(col(Campaign.closed_at).is_(None), col(Campaign.closed_at) >= closed_since))
    return session.exec(statement.order_by(col(Campaign.started_at).desc(), col(Campaign.id))).all()


def answered_campaigns(session: Session) -> Sequence[tuple[UUID, UUID, datetime]]:
    """Return (campaign, who started it, since when) of those that go on although nothing of them is open any more."""
    return [(row[0], row[1], row[2]) for row in _ANSWERED_CAMPAIGNS.all(session) if row[2] is not None]


def close_campaign(session: Session, campaign_id: UUID, *, at: datetime) -> bool:
    """Close a campaign; False when another process was faster."""
    statement = update(Campaign).where(col(Campaign.id) == campaign_id, col(Campaign.closed_at).is_(None))
    return session.connection().execute(statement.values(closed_at=at)).rowcount == 1


def answers_in(
    session: Session, campaign_ids: Collection[UUID]
) -> Sequence[tuple[UUID, UUID, RecertificationAnswer | None]]:
    """Return (campaign, use case, answer) of everything asked in these campaigns."""
    if not campaign_ids:
        return []
    statement = (
        select_columns(col(CampaignCase.campaign_id), col(Recertification.use_case_id), col(Recertification.answer))
        .join(Recertification, col(Recertification.id) == col(CampaignCase.recertification_id))
        .where(col(CampaignCase.campaign_id).in_(campaign_ids))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]


def lapsed(session: Session) -> Sequence[UUID]:
    """Return the use cases that are suspended because nobody renewed their approval, the first of them first."""
    statement = select_columns(col(UseCaseSuspension.use_case_id)).where(
        col(UseCaseSuspension.cause) == SuspensionCause.APPROVAL_LAPSED, col(UseCaseSuspension.lifted_at).is_(None)
    )
    return [row[0] for row in session.connection().execute(statement.order_by(col(UseCaseSuspension.since)))]


def is_pending(session: Session, request_id: UUID) -> bool:
    """Say whether people still decide on a request."""
    statement = select_columns(col(ApprovalRequest.status)).where(col(ApprovalRequest.id) == request_id)
    return session.connection().execute(statement).scalar() in PENDING


def _answerable() -> Select[UUID]:
    return (
        select_columns(col(UseCase.id))
        .join(Recertification, col(Recertification.use_case_id) == col(UseCase.id))
        .join(UseCaseRevision, and_(*TEXT_IN_FORCE))
        .where(
            col(Recertification.settled_at).is_(None),
            or_(col(Recertification.answer).is_(None), col(Recertification.answer) == RecertificationAnswer.LAPSED),
            col(Recertification.request_id).is_(None),
        )
        .order_by(col(Recertification.due_on), col(UseCase.number))
    )
