"""Read what is asked about approvals as frozen pictures, for screens and messages."""

from collections.abc import Sequence
from uuid import UUID

from db.enums import RecertificationAnswer
from db.queries import recertifying as stored
from db.session import Session
from db.tables import Recertification
from workflows import intake, people
from workflows.intake import UseCaseSnapshot
from workflows.people import ADMIN, LEAD, Actor
from workflows.recertifying.snapshots import Question

LISTED = 10


def question_of(session: Session, use_case: UseCaseSnapshot, asked: Recertification) -> Question:
    by = asked.answered_by
    return Question(
        id=asked.id,
        use_case=use_case,
        due_on=asked.due_on,
        asked=tuple(intake.answers_for(session, use_case)),
        answer=asked.answer,
        answered_by=people.named(session, [by])[by] if by else None,
        answered_at=asked.answered_at,
        request_id=asked.request_id,
    )


def question(session: Session, question_id: UUID) -> Question | None:
    """Return what was asked, answered or not."""
    asked = stored.by_id(session, question_id)
    use_case = intake.use_case_of(session, asked.use_case_id) if asked else None
    return question_of(session, use_case, asked) if asked and use_case else None


def question_about(session: Session, use_case_id: UUID) -> Question | None:
    """Return what can be answered about a use case now: a question that is open, or has lapsed."""
    asked = stored.unsettled(session, use_case_id)
    use_case = intake.use_case_of(session, use_case_id)
    if asked is None or use_case is None:
        return None
    return question_of(session, use_case, asked) if is_open(asked) else None


def is_open(asked: Recertification) -> bool:
    """Say whether a question can be answered: it never was, or it has lapsed and nobody decides about it now."""
    has_lapsed = asked.answer is RecertificationAnswer.LAPSED and asked.request_id is None
    return asked.settled_at is None and (asked.answer is None or has_lapsed)


def questions_for(session: Session, person_id: UUID, *, limit: int = LISTED + 1) -> list[Question]:
    """Return what this person may answer, soonest due first, and what of it has lapsed."""
    ids = [*stored.answerable(session, of=person_id)]
    if people.roles_of(session, person_id) & {LEAD, ADMIN}:
        ids += [each for each in stored.ownerless(session) if each not in ids]
    found = []
    for use_case_id in ids:
        each = question_about(session, use_case_id)
        if each is not None and person_id in {person.id for person in each.asked}:
            found.append(each)
        if len(found) == limit:
            break
    return found


def lapsed(session: Session, *, limit: int = LISTED + 1) -> list[tuple[UseCaseSnapshot, Sequence[Actor]]]:
    """Return what is suspended because its approval ended, and who answers for it, for those who steer."""
    found = []
    for use_case_id in stored.lapsed(session)[:limit]:
        use_case = intake.use_case_of(session, use_case_id)
        if use_case is not None:
            found.append((use_case, intake.answers_for(session, use_case)))
    return found
