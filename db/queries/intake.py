"""Use cases, their revisions, objectives and drafts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, func, insert, text, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import DraftStatus, SuspensionCause, UseCaseState
from db.ids import new_id
from db.prepared import Prepared, among
from db.session import Session
from db.tables import (
    Draft,
    Objective,
    RecordingDraft,
    RevisionAnswer,
    RevisionKpi,
    UseCase,
    UseCaseRevision,
    UseCaseSuspension,
)

Whole = tuple[UseCase, UseCaseRevision, str]
"""A use case, its newest text, and the name of its objective."""

TEXT_IN_FORCE = (
    col(UseCaseRevision.use_case_id) == col(UseCase.id),
    col(UseCaseRevision.revision) == col(UseCase.revision),
)
"""What joins a use case to its text that counts."""

_WHOLE = select(UseCase, UseCaseRevision, Objective.name).where(
    *TEXT_IN_FORCE,
    col(Objective.id) == col(UseCaseRevision.objective_id),
)

# What every card shows, written once: building a statement takes longer than SQLite needs to answer it.
_WHOLE_BY_ID = _WHOLE.where(UseCase.id == bindparam("of_use_case"))
_WHOLE_AT = select(UseCase, UseCaseRevision, Objective.name).where(
    col(UseCase.id) == bindparam("of_use_case"),
    col(UseCaseRevision.use_case_id) == col(UseCase.id),
    col(UseCaseRevision.revision) == bindparam("of_revision"),
    col(Objective.id) == col(UseCaseRevision.objective_id),
)
_ANSWERS_AT = (
    select(RevisionAnswer)
    .where(RevisionAnswer.use_case_id == bindparam("of_use_case"), RevisionAnswer.revision == bindparam("of_revision"))
    .order_by(RevisionAnswer.question, col(RevisionAnswer.position))
)
_KPIS_AT = (
    select(RevisionKpi)
    .where(RevisionKpi.use_case_id == bindparam("of_use_case"), RevisionKpi.revision == bindparam("of_revision"))
    .order_by(col(RevisionKpi.position))
)
_ANSWERS_OF = (
    select(RevisionAnswer)
    .where(
        col(RevisionAnswer.use_case_id).in_(bindparam("of_use_cases", expanding=True)),
        col(UseCase.id) == col(RevisionAnswer.use_case_id),
        col(UseCase.revision) == col(RevisionAnswer.revision),
    )
    .order_by(RevisionAnswer.question, col(RevisionAnswer.position))
)
_KPIS_OF = (
    select(RevisionKpi)
    .where(
        col(RevisionKpi.use_case_id).in_(bindparam("of_use_cases", expanding=True)),
        col(UseCase.id) == col(RevisionKpi.use_case_id),
        col(UseCase.revision) == col(RevisionKpi.revision),
    )
    .order_by(col(RevisionKpi.position))
)


class Standing(NamedTuple):
    """Where a use case is in its life, without what it says."""

    state: UseCaseState
    version: int
    revision: int
    pending_revision: int | None
    suspended_from: UseCaseState | None
    provisional: bool


_STANDING_OF = Prepared(
    select_columns(
        col(UseCase.state),
        col(UseCase.version),
        col(UseCase.revision),
        col(UseCase.pending_revision),
        col(UseCase.suspended_from),
        col(UseCase.provisional),
    ).where(col(UseCase.id) == bindparam("use_case_id"))
)
_SET_STATE = Prepared(
    update(UseCase)
    .where(col(UseCase.id) == bindparam("use_case_id"), col(UseCase.version) == bindparam("seen"))
    .values(state=bindparam("new_state"), version=col(UseCase.version) + 1)
)

# Both engines know this clause; SQLAlchemy has one construct for each of them.
_NEW_OBJECTIVE = ("id", "name", "name_key", "created_by", "created_at")
_INSERT_OBJECTIVE = text(
    "INSERT INTO objectives (id, name, name_key, created_by, created_at) "
    "VALUES (:id, :name, :name_key, :created_by, :created_at) ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(each, type_=Objective.metadata.tables["objectives"].c[each].type) for each in _NEW_OBJECTIVE))

COMPARED = 300
"""How much of a problem is read when similar use cases are looked for: what it is about stands at its beginning."""


# ------------------------------------------------------------------------------------------- use cases


def insert_use_case(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(UseCase), values)


def insert_revision(
    session: Session, values: dict[str, Any], *, answers: Sequence[dict[str, Any]], kpis: Sequence[dict[str, Any]]
) -> None:
    """Store a text of a use case with its answers and KPIs, whose rows need not say which revision they belong to."""
    connection = session.connection()
    connection.execute(insert(UseCaseRevision), values)
    key = {"use_case_id": values["use_case_id"], "revision": values["revision"]}
    if answers:
        connection.execute(insert(RevisionAnswer), [key | row for row in answers])
    if kpis:
        connection.execute(insert(RevisionKpi), [key | row for row in kpis])


def by_id(session: Session, use_case_id: UUID) -> Whole | None:
    return session.exec(_WHOLE_BY_ID, params={"of_use_case": use_case_id}).first()


def at_revision(
    session: Session, use_case_id: UUID, revision: int
) -> tuple[Whole, Sequence[RevisionAnswer], Sequence[RevisionKpi]] | None:
    """Return an earlier text of a use case with its answers and KPIs, in order."""
    which = {"of_use_case": use_case_id, "of_revision": revision}
    whole = session.exec(_WHOLE_AT, params=which).first()
    if whole is None:
        return None
    return whole, session.exec(_ANSWERS_AT, params=which).all(), session.exec(_KPIS_AT, params=which).all()


def last_submitted(session: Session, *, limit: int) -> Sequence[Whole]:
    """Return the use cases whose newest text was submitted last, with that text, by their number.

    It is the text in force, or the one it is to be changed to while that is asked for. What was only recorded was
    never submitted.
    """
    statement = select(UseCase, UseCaseRevision, Objective.name).where(
        col(UseCaseRevision.use_case_id) == col(UseCase.id),
        col(UseCaseRevision.revision) == func.coalesce(col(UseCase.pending_revision), col(UseCase.revision)),
        col(Objective.id) == col(UseCaseRevision.objective_id),
        col(UseCase.state).not_in((UseCaseState.RECORDED, UseCaseState.DRAFT)),
    )
    newest_first = (col(UseCaseRevision.submitted_at).desc(), col(UseCase.number).desc())
    found = session.exec(statement.order_by(*newest_first).limit(limit)).all()
    return sorted(found, key=lambda whole: whole[0].number)


def answers_submitted_last(session: Session, ids: Collection[UUID]) -> Sequence[RevisionAnswer]:
    """Return the answers of the texts `last_submitted` gives, in order."""
    if not ids:
        return []
    statement = select(RevisionAnswer).where(
        col(RevisionAnswer.use_case_id).in_(ids),
        col(UseCase.id) == col(RevisionAnswer.use_case_id),
        col(RevisionAnswer.revision) == func.coalesce(col(UseCase.pending_revision), col(UseCase.revision)),
    )
    return session.exec(statement.order_by(RevisionAnswer.question, col(RevisionAnswer.position))).all()


def by_number(session: Session, number: int) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.number == number)).first()


def by_numbers(session: Session, numbers: Collection[int]) -> Sequence[Whole]:
    return session.exec(_WHOLE.where(col(UseCase.number).in_(numbers))).all()


def by_ids(session: Session, ids: Collection[UUID]) -> Sequence[Whole]:
    return session.exec(_WHOLE.where(col(UseCase.id).in_(ids))).all() if ids else []


def by_token(session: Session, token: UUID) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.token == token)).first()


def lock(session: Session, use_case_id: UUID) -> UseCase | None:
    """Return the use case's row, which nobody else can change before the commit; rows that refer to it may be added."""
    return session.exec(select(UseCase).where(UseCase.id == use_case_id).with_for_update(key_share=True)).first()


def proposed_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[Whole]:
    """Return a person's latest proposals, newest first."""
    statement = _WHOLE.where(UseCase.proposer_id == person_id).order_by(col(UseCase.number).desc()).limit(limit)
    return session.exec(statement).all()


def owned_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[Whole]:
    """Return the latest use cases a person owns and somebody else proposed, newest first."""
    statement = _WHOLE.where(UseCaseRevision.owner_id == person_id, UseCase.proposer_id != person_id)
    return session.exec(statement.order_by(col(UseCase.number).desc()).limit(limit)).all()


def answers_of(session: Session, ids: Collection[UUID]) -> Sequence[RevisionAnswer]:
    """Return the answers of the newest texts of these use cases, in order."""
    if not ids:
        return []
    return session.exec(_ANSWERS_OF, params={"of_use_cases": list(ids)}).all()


def kpis_of(session: Session, ids: Collection[UUID]) -> Sequence[RevisionKpi]:
    """Return the KPIs of the newest texts of these use cases, in order."""
    if not ids:
        return []
    return session.exec(_KPIS_OF, params={"of_use_cases": list(ids)}).all()


def numbers_of(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    if not ids:
        return {}
    statement = select_columns(col(UseCase.id), col(UseCase.number)).where(col(UseCase.id).in_(ids))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def involved(session: Session, use_case_id: UUID) -> set[UUID]:
    """Return proposer, owner and sponsor, as they are now or would be after a change, and whoever submitted a text."""
    people = select_columns(col(UseCase.proposer_id), col(UseCaseRevision.owner_id), col(UseCaseRevision.sponsor_id))
    newest = people.where(
        col(UseCase.id) == use_case_id,
        col(UseCaseRevision.use_case_id) == col(UseCase.id),
        col(UseCaseRevision.revision).in_((col(UseCase.revision), col(UseCase.pending_revision))),
    )
    found = session.connection().execute(newest)
    return {*(person for row in found for person in row), *editors(session, use_case_id)}


def owner(session: Session, use_case_id: UUID) -> UUID | None:
    """Return who owns a use case by its text in force."""
    statement = select_columns(col(UseCaseRevision.owner_id)).where(
        col(UseCase.id) == use_case_id,
        *TEXT_IN_FORCE,
    )
    return session.connection().execute(statement).scalar()


def with_kpis_behind(session: Session, states: Collection[UseCaseState], *, limit: int) -> Sequence[UUID]:
    """Return use cases in these states whose KPIs do not follow their approved text, oldest first."""
    return [row[0] for row in _with_kpis_behind(frozenset(states)).all(session, at_most=limit)]


@cache
def _with_kpis_behind(states: frozenset[UseCaseState]) -> Prepared:
    """Return it prepared: every beat of the clock asks it."""
    return Prepared(
        select_columns(col(UseCase.id))
        .where(
            col(UseCase.kpis_revision) != col(UseCase.revision),
            among(col(UseCase.state), states),
            col(UseCase.provisional).is_(False),
        )
        .order_by(col(UseCase.number))
        .limit(bindparam("at_most", type_=Integer()))
    )


def is_behind(session: Session, use_case_id: UUID) -> bool:
    """Say whether the KPIs of a use case follow another text than the one in force; reads only."""
    statement = select_columns(col(UseCase.id)).where(
        col(UseCase.id) == use_case_id, col(UseCase.kpis_revision) != col(UseCase.revision)
    )
    return session.connection().execute(statement).first() is not None


def set_kpis_revision(session: Session, use_case_id: UUID, revision: int) -> None:
    """Say which text the KPIs follow. The caller holds the use case, whose version stays: nothing else moved."""
    statement = update(UseCase).where(col(UseCase.id) == use_case_id).values(kpis_revision=revision)
    session.connection().execute(statement)


def owner_by(session: Session, use_case_id: UUID, revision: int) -> UUID | None:
    """Return who owns a use case by a text of it; None when there is no such text."""
    statement = select_columns(col(UseCaseRevision.owner_id)).where(
        col(UseCaseRevision.use_case_id) == use_case_id, col(UseCaseRevision.revision) == revision
    )
    return session.connection().execute(statement).scalar()


def submitter(session: Session, use_case_id: UUID, revision: int) -> UUID | None:
    """Return who submitted a text of a use case."""
    statement = select_columns(col(UseCaseRevision.submitted_by)).where(
        col(UseCaseRevision.use_case_id) == use_case_id, col(UseCaseRevision.revision) == revision
    )
    return session.connection().execute(statement).scalar()


def owner_and_sponsor(session: Session, use_case_id: UUID) -> tuple[UUID, ...]:
    """Return owner and sponsor of a use case by its text in force, one after the other."""
    statement = select_columns(col(UseCaseRevision.owner_id), col(UseCaseRevision.sponsor_id)).where(
        col(UseCase.id) == use_case_id,
        *TEXT_IN_FORCE,
    )
    row = session.connection().execute(statement).first()
    return tuple(dict.fromkeys(row)) if row else ()


def editors(session: Session, use_case_id: UUID) -> set[UUID]:
    """Return whoever submitted a text of a use case, the first one included."""
    statement = select_columns(col(UseCaseRevision.submitted_by)).where(col(UseCaseRevision.use_case_id) == use_case_id)
    return {row[0] for row in session.connection().execute(statement)}


def editors_of(session: Session, ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Return (use case, person) for whoever submitted a text of each."""
    if not ids:
        return []
    statement = select_columns(col(UseCaseRevision.use_case_id), col(UseCaseRevision.submitted_by)).distinct()
    found = session.connection().execute(statement.where(col(UseCaseRevision.use_case_id).in_(ids)))
    return [(row[0], row[1]) for row in found]


def comparable(session: Session) -> Sequence[tuple[int, str, str]]:
    """Return (number, name, how its problem begins) of every use case that everybody may know of and is not retired."""
    columns = (
        col(UseCase.number),
        col(UseCaseRevision.name),
        func.substr(col(UseCaseRevision.problem), 1, COMPARED),
    )
    statement = select_columns(*columns).where(
        *TEXT_IN_FORCE,
        col(UseCase.confidential).is_(False),
        col(UseCase.state) != UseCaseState.RETIRED,
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]


def standing_of(session: Session, use_case_id: UUID) -> Standing | None:
    """Return where a use case is in its life now, whatever this session read before."""
    row = _STANDING_OF.first(session, use_case_id=use_case_id)
    return Standing._make(row) if row else None


def copied_from(session: Session, use_case_id: UUID) -> UUID | None:
    """Return the use case this one was proposed anew from, if it was."""
    statement = select_columns(col(UseCase.copied_from_id)).where(col(UseCase.id) == use_case_id)
    return session.connection().execute(statement).scalar()


def last_revision(session: Session, use_case_id: UUID) -> int:
    """Return the number of the newest text of a use case, in force or not."""
    statement = select_columns(func.max(col(UseCaseRevision.revision)))
    found = session.connection().execute(statement.where(col(UseCaseRevision.use_case_id) == use_case_id)).scalar()
    return int(found or 0)


def set_state(session: Session, use_case_id: UUID, state: UseCaseState, *, version: int) -> None:
    """Write `state`; the transaction fails unless the row still has `version`."""
    _SET_STATE.change_one(session, use_case_id=use_case_id, seen=version, new_state=state)


def update_use_case(session: Session, use_case_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Write `values`; the transaction fails unless the row still has `version`."""
    statement = update(UseCase).where(col(UseCase.id) == use_case_id, col(UseCase.version) == version)
    if session.connection().execute(statement.values(values | {"version": version + 1})).rowcount != 1:
        raise LookupError(f"use case {use_case_id} is no longer at version {version}")


# ----------------------------------------------------------------------------------------- suspensions


def insert_suspension(
    session: Session, use_case_id: UUID, cause: SuspensionCause, *, about: UUID | None, at: datetime
) -> None:
    row = {"id": new_id(), "use_case_id": use_case_id, "cause": cause, "about_id": about, "since": at}
    session.connection().execute(insert(UseCaseSuspension).values(**row))


def suspensions_of(session: Session, use_case_ids: Collection[UUID]) -> Sequence[UseCaseSuspension]:
    """Return why these use cases may not go on now, the oldest reason first."""
    statement = select(UseCaseSuspension).where(
        col(UseCaseSuspension.use_case_id).in_(use_case_ids), col(UseCaseSuspension.lifted_at).is_(None)
    )
    return session.exec(statement.order_by(col(UseCaseSuspension.since), col(UseCaseSuspension.id))).all()


def lift_suspensions(session: Session, suspension_ids: Collection[UUID], *, at: datetime) -> None:
    statement = update(UseCaseSuspension).where(col(UseCaseSuspension.id).in_(suspension_ids))
    session.connection().execute(statement.values(lifted_at=at))


# ------------------------------------------------------------------------------------------ objectives


def objective_id(session: Session, name_key: str) -> UUID | None:
    statement = select_columns(col(Objective.id)).where(col(Objective.name_key) == name_key)
    row = session.connection().execute(statement).first()
    return row[0] if row else None


def objective(session: Session, name_key: str) -> Objective | None:
    return session.exec(select(Objective).where(Objective.name_key == name_key)).first()


def lock_objective(session: Session, name_key: str) -> Objective | None:
    """Return an objective whose row nobody else can change before the commit, as it is now."""
    statement = select(Objective).where(Objective.name_key == name_key).with_for_update()
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def objectives(session: Session) -> Sequence[Objective]:
    """Return every objective, by its name."""
    return session.exec(select(Objective).order_by(Objective.name_key)).all()


def objective_owners(session: Session, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return who owns these objectives, as far as somebody does."""
    if not ids:
        return {}
    statement = select_columns(col(Objective.id), col(Objective.owner_id)).where(col(Objective.id).in_(ids))
    found = session.connection().execute(statement)
    return {objective_id: owner_id for objective_id, owner_id in found if owner_id is not None}


def set_objective_owner(session: Session, objective_id: UUID, owner_id: UUID | None) -> None:
    session.connection().execute(update(Objective).where(col(Objective.id) == objective_id).values(owner_id=owner_id))


def insert_objective(session: Session, *, name: str, name_key: str, by: UUID, now: datetime) -> bool:
    """Store an objective; False when there is one of this key, which can be read now."""
    values = {"id": new_id(), "name": name, "name_key": name_key, "created_by": by, "created_at": now}
    return session.connection().execute(_INSERT_OBJECTIVE, values).rowcount == 1


def objectives_like(session: Session, name_key: str, *, limit: int) -> Sequence[str]:
    """Return the names of objectives whose key contains `name_key`, those that begin with it first."""
    at = func.instr if session.dialect.name == "sqlite" else func.strpos
    place = at(col(Objective.name_key), name_key)
    statement = select_columns(col(Objective.name)).where(place > 0).order_by(place, col(Objective.name_key))
    return [row[0] for row in session.connection().execute(statement.limit(limit))]


# ---------------------------------------------------------------------------------------------- drafts


def insert_draft(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(Draft), values)


def draft(session: Session, draft_id: UUID) -> Draft | None:
    return session.exec(select(Draft).where(Draft.id == draft_id)).first()


def lock_draft(session: Session, draft_id: UUID) -> Draft | None:
    """Return a draft that nobody else can change before the commit."""
    return session.exec(select(Draft).where(Draft.id == draft_id).with_for_update()).first()


def update_draft(session: Session, draft_id: UUID, values: dict[str, Any]) -> None:
    session.connection().execute(update(Draft).where(col(Draft.id) == draft_id).values(values))


def open_drafts(session: Session, author_id: UUID) -> Sequence[Draft]:
    """Return what a person is still writing, what they touched last first."""
    statement = select(Draft).where(Draft.author_id == author_id, col(Draft.status) == DraftStatus.OPEN)
    return session.exec(statement.order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())).all()


def delete_blank_drafts(session: Session, before: datetime, *, answers: str) -> int:
    """Delete open drafts not touched since `before` that say no more than `answers`; return how many.

    One that proposes what was recorded was not blank when it was begun, and stays.
    """
    recorded = select_columns(col(RecordingDraft.draft_id))
    statement = delete(Draft).where(
        col(Draft.status) == DraftStatus.OPEN,
        col(Draft.answers) == answers,
        col(Draft.updated_at) < before,
        col(Draft.id).not_in(recorded),
    )
    return session.connection().execute(statement).rowcount
