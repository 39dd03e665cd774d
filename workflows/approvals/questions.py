"""Ask and answer on the record. Nothing moves by it, and no clock stops."""

from datetime import datetime
from uuid import UUID

from db.enums import PENDING, Membership, OutboxKind
from db.ids import new_id
from db.queries import approvals as stored
from db.queries import ledger as texts
from db.queries import verbs
from db.session import Session
from db.tables import ApprovalQuestion
from workflows import ledger, outbox, people
from workflows.approvals.rules import Refusal
from workflows.approvals.snapshots import Done, QuestionSnapshot, Refused
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


def ask_question(session: Session, request_id: UUID, text: str, *, asker: Actor, now: datetime) -> Done | Refused:
    """Put a question to the proposer and the owner. The caller has checked that the asker may read the request.

    Refused without words, and once the request has ended.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    if request.status not in PENDING:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    if not text.strip():
        return Refused(Refusal.REASON_MISSING, request_id)
    question_id = new_id()
    text_id, digest = ledger.write_text(session, text.strip(), by=asker.id, now=now)
    values = {"id": question_id, "request_id": request_id, "asked_by": asker.id, "asked_at": now, "text_id": text_id}
    verbs.insert_question(session, values)
    data: dict[str, ledger.Value] = {"question": str(question_id), "text": digest}
    ledger.record(session, stream_of(request_id), [Fact(LedgerKind.QUESTION_ASKED, data)], actor=asker.id, now=now)
    barred = {each.person_id for each in stored.exclusions(session, request_id)}
    could_answer = people.named(session, barred | {request.requester_id}).values()
    told = [each for each in could_answer if each != asker and each.membership is Membership.MEMBER]
    promises = [Promise(OutboxKind.QUESTION_ASKED, person.slack_id, question_id) for person in told]
    outbox.promise(session, promises, now=now)
    return Done(request_id, tuple(told))


def answer_question(session: Session, question_id: UUID, text: str, *, actor: Actor, now: datetime) -> Done | Refused:
    """Answer a question, once. Only those who proposed, own or edited what it is about may."""
    found = verbs.question(session, question_id)
    request = stored.lock(session, found.request_id) if found else None
    if found is None or request is None:
        return Refused(Refusal.UNKNOWN, None)
    barred = {each.person_id for each in stored.exclusions(session, request.id)}
    if actor.id not in barred | {request.requester_id}:
        return Refused(Refusal.NOT_YOURS, request.id)
    if not text.strip():
        return Refused(Refusal.REASON_MISSING, request.id)
    text_id, digest = ledger.write_text(session, text.strip(), by=actor.id, now=now)
    if not verbs.answer_question(session, question_id, by=actor.id, text_id=text_id, at=now):
        return Refused(Refusal.ANSWERED, request.id)
    data: dict[str, ledger.Value] = {"question": str(question_id), "text": digest}
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.QUESTION_ANSWERED, data)], actor=actor.id, now=now)
    asker = people.named(session, [found.asked_by])[found.asked_by]
    outbox.promise(session, [Promise(OutboxKind.QUESTION_ANSWERED, asker.slack_id, question_id)], now=now)
    return Done(request.id, (asker,))


def questions_of(session: Session, request_id: UUID) -> list[QuestionSnapshot]:
    """Return what was asked about a request, oldest first."""
    return [_snapshot(session, row) for row in verbs.questions(session, request_id)]


def question_of(session: Session, question_id: UUID) -> QuestionSnapshot | None:
    row = verbs.question(session, question_id)
    return _snapshot(session, row) if row else None


def _snapshot(session: Session, row: ApprovalQuestion) -> QuestionSnapshot:
    known = people.named(session, {row.asked_by, *filter(None, (row.answered_by,))})
    asked = texts.text_of(session, row.text_id)
    answered = texts.text_of(session, row.answer_id) if row.answer_id else None
    return QuestionSnapshot(
        id=row.id,
        request_id=row.request_id,
        asked_by=known[row.asked_by],
        asked_at=row.asked_at,
        text=asked.body if asked else "",
        answered_by=known[row.answered_by] if row.answered_by else None,
        answered_at=row.answered_at,
        answer=answered.body if answered else None,
    )
