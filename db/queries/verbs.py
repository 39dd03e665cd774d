"""What people do with a request besides voting: questions, nudges, extra lanes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, text, update
from sqlmodel import col, select

from db.session import Session
from db.tables import ApprovalNudge, ApprovalQuestion, ApprovalSection, Card

# Both engines know this clause; SQLAlchemy has one construct for each of them.
_NUDGES = ApprovalNudge.metadata.tables["approval_nudges"].c
_NUDGE = text(
    "INSERT INTO approval_nudges (lane_id, day, nudged_by, nudged_at) "
    "VALUES (:lane_id, :day, :nudged_by, :nudged_at) ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(column.name, type_=column.type) for column in _NUDGES))


def insert_question(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(ApprovalQuestion), values)


def question(session: Session, question_id: UUID) -> ApprovalQuestion | None:
    """Return a question as it is now, whatever this session read before."""
    return session.get(ApprovalQuestion, question_id, populate_existing=True)


def questions(session: Session, request_id: UUID) -> Sequence[ApprovalQuestion]:
    """Return the questions asked about a request, oldest first."""
    statement = select(ApprovalQuestion).where(ApprovalQuestion.request_id == request_id)
    return session.exec(statement.order_by(col(ApprovalQuestion.asked_at), col(ApprovalQuestion.id))).all()


def answer_question(session: Session, question_id: UUID, *, by: UUID, text_id: UUID, at: datetime) -> bool:
    """Answer a question that has no answer yet; say whether it had none. Only one caller ever hears yes."""
    statement = (
        update(ApprovalQuestion)
        .where(col(ApprovalQuestion.id) == question_id, col(ApprovalQuestion.answered_at).is_(None))
        .values(answered_by=by, answer_id=text_id, answered_at=at)
    )
    return session.connection().execute(statement).rowcount == 1


def nudge(session: Session, *, lane_id: UUID, day: date, by: UUID, at: datetime) -> bool:
    """Take a lane's nudge of that day; say whether it was still there. Only one caller ever hears yes."""
    values = {"lane_id": lane_id, "day": day, "nudged_by": by, "nudged_at": at}
    return session.connection().execute(_NUDGE, values).rowcount == 1


def sections(session: Session, request_id: UUID, *, of_round: int) -> dict[str, str]:
    """Return the digest of each section of what was submitted for a round."""
    rows = session.exec(
        select(ApprovalSection).where(ApprovalSection.request_id == request_id, ApprovalSection.round == of_round)
    )
    return {row.section: row.digest for row in rows}


def request_of_card_at(session: Session, channel: str, ts: str) -> UUID | None:
    """Return the request whose card stands there, or None for any other message."""
    return session.exec(select(Card.request_id).where(Card.channel == channel, Card.ts == ts)).first()
