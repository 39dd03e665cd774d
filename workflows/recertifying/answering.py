"""Answer whether an approval still holds: it does, something changed, or it is to be retired.

Whoever owns the use case answers, its sponsor once they left, else the programme leads. The owner's word renews; where
the policy asks for more, people look at the approved text again, and the approval holds as long as it did meanwhile.
"""

from datetime import date, datetime
from uuid import UUID

from db.enums import RecertificationAnswer, RequestStatus, SuspensionCause, Tier
from db.queries import recertifying as stored
from db.session import Session
from db.tables import Recertification
from workflows import approvals, intake, ledger, policy
from workflows.intake import SUBJECT_KIND, NotNow
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor, add_months
from workflows.policy import PolicySnapshot, RenewedBy
from workflows.recertifying import questions, reading, rules
from workflows.recertifying.holding import ASKED_ABOUT, Holding, hold, look, record, tell
from workflows.recertifying.rules import Because
from workflows.recertifying.snapshots import Confirmation, NotAnswered, Renewed, Retired, SentOn, Why


def confirmation(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> Confirmation | NotAnswered:
    """Return what saying that an approval still holds would do now, or why this person cannot say it; reads only."""
    held = look(session, use_case_id, now=now)
    if held is None:
        return NotAnswered(Why.UNKNOWN)
    asked = _asked_of(session, held, actor)
    if isinstance(asked, NotAnswered):
        return asked
    route, because = _judged(session, held, asked)
    if route.tier is Tier.PROHIBITED:
        return _prohibited(held, route)
    until = _renewed_until(session, held) if because is None else None
    return Confirmation(reading.question_of(session, held.use_case, asked), held.approved.tier, until, because)


def still_valid(
    session: Session, use_case_id: UUID, revision: int, *, actor: Actor, now: datetime
) -> Renewed | SentOn | NotAnswered:
    """Say that the text `revision` is still what is done: the approval is renewed, or people are asked to.

    Refused to who does not answer for it, where nothing is asked or it was answered, and where the text in force is
    another one by now.
    """
    held = hold(session, use_case_id, now=now)
    if held is None:
        return NotAnswered(Why.UNKNOWN)
    asked = _asked_of(session, held, actor)
    if isinstance(asked, NotAnswered):
        return asked
    if held.use_case.revision != revision:
        return NotAnswered(Why.CHANGED_MEANWHILE, use_case=held.use_case)
    route, because = _judged(session, held, asked)
    if route.tier is Tier.PROHIBITED:
        return _prohibited(held, route)
    if because is not None:
        return _send_on(session, held, asked, route, because, actor=actor, now=now)
    until = _renewed_until(session, held)
    _answer(session, held, asked, RecertificationAnswer.STILL_VALID, actor=actor, settled=True, now=now)
    intake.hold_until(session, held.id, until, actor=actor, now=now)
    tell(session, held.use_case, now=now)
    return Renewed(held.use_case, until)


def may_retire(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> NotAnswered | None:
    """Return why this person cannot retire a use case now, or None; its approval is locked, so that stays true."""
    approvals.approved_about(session, SUBJECT_KIND, use_case_id)
    held = look(session, use_case_id, now=now)
    if held is None:
        return NotAnswered(Why.UNKNOWN)
    asked = _asked_of(session, held, actor)
    return asked if isinstance(asked, NotAnswered) else None


def retire(session: Session, use_case_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Retired | NotAnswered:
    """End the life of a use case nothing else is asked about any more. Refused as `may_retire` says."""
    held = hold(session, use_case_id, now=now)
    if held is None:
        return NotAnswered(Why.UNKNOWN)
    asked = _asked_of(session, held, actor)
    if isinstance(asked, NotAnswered):
        return asked
    text_id, digest = ledger.write_text(session, reason, by=actor.id, now=now)
    retired = RecertificationAnswer.RETIRED
    _answer(session, held, asked, retired, actor=actor, settled=True, reason_id=text_id, now=now)
    intake.retire(session, held.id, (text_id, digest), actor=actor, now=now)
    tell(session, held.use_case, now=now)
    return Retired(held.use_case)


def change_sent(session: Session, use_case_id: UUID, *, author: Actor, now: datetime) -> None:
    """Take a change of something as the answer to what is asked about it. The caller holds its approval."""
    held = look(session, use_case_id, now=now)
    if held is None or held.asked is None or held.asked.request_id is not None:
        return
    request = approvals.latest_about(session, SUBJECT_KIND, [use_case_id])[use_case_id]
    changed, lapsed = RecertificationAnswer.CHANGED, RecertificationAnswer.LAPSED
    if held.asked.answer is lapsed:
        stored.update_question(session, held.asked.id, {"request_id": request.id})
    elif held.asked.answer is None:
        _answer(session, held, held.asked, changed, actor=author, request_id=request.id, now=now)
    tell(session, held.use_case, now=now)


def follow_change(session: Session, use_case_id: UUID, status: RequestStatus, *, now: datetime) -> None:
    """Do what it means for an approval that a change of it was decided. The caller holds the use case.

    Approved, it renews what was asked about or had lapsed. Ended otherwise, the question is open again, with what time
    is left.
    """
    held = look(session, use_case_id, now=now)
    if held is None or held.use_case.state not in ASKED_ABOUT:
        return
    if status is RequestStatus.APPROVED:
        _approved(session, held, now=now)
    elif held.asked is not None and held.asked.request_id and not stored.is_pending(session, held.asked.request_id):
        _reopen(session, held, held.asked, now=now)


def _approved(session: Session, held: Holding, *, now: datetime) -> None:
    asked, until = held.asked, held.use_case.valid_until
    months = policy.in_force(session).policy.validity_of(held.approved.tier).months
    if asked is not None and (asked.answer is RecertificationAnswer.LAPSED or asked.request_id == held.approved.id):
        values = {"request_id": held.approved.id, "prompt_at": None, "settled_at": now}
        stored.update_question(session, asked.id, values)
        intake.hold_until(session, held.id, add_months(held.today, months), actor=None, now=now)
    elif until is not None:
        bounded = rules.bounded(until, months, today=held.today)
        if bounded != until:
            intake.hold_until(session, held.id, bounded, actor=None, now=now)
    tell(session, held.use_case, now=now)


def _reopen(session: Session, held: Holding, asked: Recertification, *, now: datetime) -> None:
    """Let a question be answered once more, because people did not confirm the answer; what lapsed stays lapsed."""
    values: dict[str, object] = {"request_id": None}
    if SuspensionCause.APPROVAL_LAPSED in held.use_case.suspended_by:
        values |= {"answer": RecertificationAnswer.LAPSED}
    else:
        prompt_at = questions.first_prompt(session, held, asked.due_on, now=now)
        values |= dict.fromkeys(("answer", "answered_by", "answered_at")) | {"prompts": 0, "prompt_at": prompt_at}
    stored.update_question(session, asked.id, values)
    fact = Fact(LedgerKind.RECERTIFICATION_REOPENED, {"question": str(asked.id)})
    record(session, held.id, fact, actor=None, now=now)
    tell(session, held.use_case, now=now)


def _asked_of(session: Session, held: Holding, actor: Actor) -> Recertification | NotAnswered:
    """Return the question this person may answer now, or why there is none."""
    use_case, asked = held.use_case, held.asked
    if actor.id not in {each.id for each in intake.answers_for(session, use_case)}:
        return NotAnswered(Why.UNKNOWN if use_case.confidential else Why.NOT_YOURS, use_case=use_case)
    last = asked or stored.last_settled(session, use_case.id)
    if last is None:
        return NotAnswered(Why.NOT_ASKED, use_case=use_case)
    question = reading.question_of(session, use_case, last)
    if asked is None or not reading.is_open(asked):
        return NotAnswered(Why.ANSWERED, question, use_case)
    return asked


def _judged(session: Session, held: Holding, asked: Recertification) -> tuple[PolicySnapshot, Because | None]:
    """Hold the approved text against the policy in force: where it leads, and why people have to renew it."""
    current = policy.in_force(session)
    facts, unanswered = policy.as_answered(current.policy, held.use_case.says.facts())
    route = policy.route(session, SUBJECT_KIND, facts, subject_id=held.id)  # no line approves what an audit doubts
    if route.tier is Tier.PROHIBITED:
        return route, None
    renewed_by = current.policy.validity_of(held.approved.tier).renewed_by
    because = rules.why_people_renew(
        rules.Held(
            approved=held.approved.tier,
            now=route.tier,
            is_answered=not unanswered,
            is_by_chain=renewed_by is RenewedBy.CHAIN,
            has_lapsed=asked.answer is RecertificationAnswer.LAPSED,
        )
    )
    return route, because


def _renewed_until(session: Session, held: Holding) -> date:
    """Return until when an approval would hold that is renewed today; an answer never shortens it."""
    months = policy.in_force(session).policy.validity_of(held.approved.tier).months
    return max(add_months(held.today, months), held.use_case.valid_until or held.today)


def _send_on(
    session: Session,
    held: Holding,
    asked: Recertification,
    route: PolicySnapshot,
    because: Because,
    *,
    actor: Actor,
    now: datetime,
) -> SentOn | NotAnswered:
    """Ask everybody who decides to look at the approved text again; the answer waits for what they say."""
    request = intake.send_again(session, held.use_case, route, sender=actor, now=now)
    if isinstance(request, NotNow):
        return NotAnswered(Why.CHANGE_PENDING, use_case=held.use_case)
    _answer(
        session,
        held,
        asked,
        asked.answer or RecertificationAnswer.STILL_VALID,
        actor=actor,
        request_id=request.id,
        now=now,
    )
    tell(session, held.use_case, now=now)
    return SentOn(held.use_case, because, request)


def _prohibited(held: Holding, route: PolicySnapshot) -> NotAnswered:
    return NotAnswered(Why.PROHIBITED, use_case=held.use_case, reason=route.decided.reason if route.decided else "")


def _answer(
    session: Session,
    held: Holding,
    asked: Recertification,
    answer: RecertificationAnswer,
    *,
    actor: Actor,
    request_id: UUID | None = None,
    reason_id: UUID | None = None,
    settled: bool = False,
    now: datetime,
) -> None:
    """Store and record an answer. One that people have to confirm is settled once they did."""
    values = {"answer": answer, "answered_by": actor.id, "answered_at": now, "prompt_at": None}
    values |= {"request_id": request_id} if request_id else {}
    values |= {"reason_id": reason_id} if reason_id else {}
    stored.update_question(session, asked.id, values | ({"settled_at": now} if settled else {}))
    data: dict[str, ledger.Value] = {"question": str(asked.id), "answer": answer.value}
    data |= {"request": str(request_id)} if request_id else {}
    record(session, held.id, Fact(LedgerKind.RECERTIFICATION_ANSWERED, data), actor=actor, now=now)
