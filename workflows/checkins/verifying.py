"""Ask a second named person to confirm readings, and take what they say of them.

The check-in is held, as whoever answers it holds it: a verdict and a correction come one after the other. A reading
that came without a check-in is held by its KPI.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Membership, OutboxKind, Verdict
from db.queries import checkin_runs as stored_runs
from db.queries import checkins as stored_kpis
from db.queries import verifying as stored
from db.session import Session
from db.tables import VerificationRequest
from workflows import ledger, outbox, people
from workflows.checkins import asking
from workflows.checkins.hits import Witnessed
from workflows.checkins.numbers import as_typed
from workflows.checkins.run_snapshots import CheckInSnapshot
from workflows.checkins.turns import why_no_answer
from workflows.checkins.verdicts import NoVerdict, NoVerifier, judged_by, why_no_reason, why_no_verdict
from workflows.checkins.witnessing import Confirmations, confirmations_of, has_a_part, state_of, witnessed_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class NotAVerifier:
    """Why the person chosen cannot be asked to confirm. Nothing was stored."""

    why: NoVerifier
    verifier: Actor


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody's word on readings is stored."""

    verdict: Verdict
    readings: tuple[Witnessed, ...]


@dataclass(frozen=True, slots=True)
class NotWitnessed:
    """Why nothing came of it, and the check-in as it is, where the person may know of it."""

    why: NoVerdict
    about: Confirmations | None = None


def ask_to_confirm(
    session: Session,
    check_in: CheckInSnapshot,
    verifier: Actor | None,
    *,
    remembers: bool,
    actor: Actor,
    now: datetime,
) -> bool:
    """Ask somebody, who can be asked, to confirm what was just answered; return whether they are.

    With `remembers` they are asked the next time too; without anybody, nobody is. Who was asked before gets what is
    new in a message of its own: of one that is only drawn anew Slack tells nobody. They are told whether they work or
    not: it waits in their messages. The caller holds schedule and check-in.
    """
    if check_in.id is None:
        raise LookupError("what was answered is stored")
    if remembers:
        stored.set_verifier(session, check_in.schedule_id, verifier.id if verifier else None)
    about = confirmations_of(session, check_in.id)
    theirs = [each for each in about.for_person(verifier.id) if not each.is_sure] if about and verifier else []
    if verifier is not None and theirs:
        _leave_old_message(session, check_in.id, verifier, theirs, now=now)
        stored.put_request(session, check_in.id, verifier.id, by=actor.id, at=now)
        data: dict[str, ledger.Value] = {"person": str(verifier.id), "readings": [str(each.id) for each in theirs]}
        _record(session, theirs[0], [Fact(LedgerKind.VERIFICATION_ASKED, data)], actor=actor, now=now)
    redraw(session, check_in.id, now=now)
    return bool(theirs)


def say(
    session: Session, request_id: UUID, verdict: Verdict, *, seen: int, reason: str = "", actor: Actor, now: datetime
) -> Witness | NotWitnessed:
    """Store what who is asked says of the readings of a check-in; a doubt has a reason, and is told who answered.

    `seen` is the revision that was shown: when there are other numbers since, nothing is stored.
    """
    row = stored.request(session, request_id)
    if row is None or row.person_id != actor.id or stored_runs.lock_check_in(session, row.check_in_id) is None:
        return NotWitnessed(NoVerdict.UNKNOWN)
    about = confirmations_of(session, row.check_in_id)
    if about is None:
        return NotWitnessed(NoVerdict.UNKNOWN)
    why = why_no_verdict(actor.id, about.readings, may=True, use_case=about.check_in.stands.use_case)
    why = why or (NoVerdict.CHANGED if about.revision > seen else None)
    why = why or (why_no_reason(reason) if verdict is Verdict.DOUBTED else None)
    if why is not None:
        return NotWitnessed(why, about)
    outcome = _store(session, about.readings, verdict, reason, actor=actor, now=now)
    if isinstance(outcome, NotWitnessed):
        return NotWitnessed(outcome.why, about)
    _follow(session, row.check_in_id, now=now)
    if verdict is Verdict.DOUBTED:
        _tell_who_answered(session, about, outcome.readings, actor=actor, now=now)
    return outcome


def confirm_reading(session: Session, reading_id: UUID, *, actor: Actor, now: datetime) -> Witness | NotWitnessed:
    """Store that somebody with a part in its use case confirms one reading, asked or not."""
    row = stored.reading(session, reading_id)
    if row is None:
        return NotWitnessed(NoVerdict.UNKNOWN)
    if row.check_in_id is not None:
        stored_runs.lock_check_in(session, row.check_in_id)
    kpi = stored_kpis.kpi(session, row.kpi_id) if row.check_in_id else stored_kpis.lock_kpi(session, row.kpi_id)
    if kpi is None:
        return NotWitnessed(NoVerdict.UNKNOWN)
    counting = [each for each in witnessed_of(session, [kpi.id]).get(kpi.id, ()) if each.id == reading_id]
    may, state = has_a_part(session, kpi.use_case_id, actor.id), state_of(session, kpi.use_case_id)
    why = why_no_verdict(actor.id, counting, may=may, use_case=state)
    if why is not None:
        return NotWitnessed(why)
    outcome = _store(session, counting, Verdict.CONFIRMED, "", actor=actor, now=now)
    if isinstance(outcome, Witness) and row.check_in_id is not None:
        _follow(session, row.check_in_id, now=now)
    return outcome


def redraw(session: Session, check_in_id: UUID, *, now: datetime) -> None:
    """Promise every message that asks somebody to confirm a check-in's readings drawn anew."""
    _promise(session, stored.requests_of(session, check_in_id), now=now)


def use_case_ended(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    """Promise the messages about a use case that has ended drawn anew: nothing is asked any more."""
    _promise(session, stored.requests_about(session, use_case_id), now=now)


def _leave_old_message(
    session: Session, check_in_id: UUID, verifier: Actor, readings: Sequence[Witnessed], *, now: datetime
) -> None:
    """Have somebody asked in a new message where there are numbers since they were; the old one says so."""
    before = next((each for each in stored.requests_of(session, check_in_id) if each.person_id == verifier.id), None)
    new = [each for each in readings if before and each.entered_at > before.asked_at]
    if before is None or before.channel is None or before.ts is None or not new:
        return
    stored.place_request(session, before.id, channel=None, ts=None)
    old = {"channel": before.channel, "changed": before.ts}
    # About the reading and not the request: a promise to draw one thing drops later ones to draw the same.
    outbox.promise(session, [Promise(OutboxKind.VERIFICATION_ASKED, verifier.slack_id, new[0].id, old)], now=now)


def _store(
    session: Session, readings: Sequence[Witnessed], verdict: Verdict, reason: str, *, actor: Actor, now: datetime
) -> Witness | NotWitnessed:
    """Store a verdict on the readings that are not the person's own, unless they said the same of all of them."""
    theirs = judged_by(actor.id, readings)
    if verdict is Verdict.CONFIRMED:
        theirs = tuple(each for each in theirs if _said(each, actor) is not verdict)
    if not theirs:
        return NotWitnessed(NoVerdict.SAID_ALREADY)
    reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now) if reason else (None, None)
    common = {"person_id": actor.id, "verdict": verdict, "reason_id": reason_id, "said_at": now}
    stored.insert_verdicts(session, [{"reading_id": each.id, **common} for each in theirs])
    kind = LedgerKind.READING_CONFIRMED if verdict is Verdict.CONFIRMED else LedgerKind.READING_DOUBTED
    facts = [
        Fact(kind, {"reading": str(each.id), "kpi": str(each.kpi_id), "value": as_typed(each.value)}) for each in theirs
    ]
    if digest is not None:
        facts = [Fact(kind, {**each.data, "reason": digest}) for each in facts]
    _record(session, theirs[0], facts, actor=actor, now=now)
    return Witness(verdict, theirs)


def _said(reading: Witnessed, actor: Actor) -> Verdict | None:
    said = reading.said_by(actor.id)
    return said.verdict if said else None


def _record(session: Session, about: Witnessed, facts: Sequence[Fact], *, actor: Actor, now: datetime) -> None:
    """Append to the stream of what is held: the check-in a reading came with, else its KPI."""
    stream = f"check_in:{about.check_in_id}" if about.check_in_id else f"kpi:{about.kpi_id}"
    ledger.record(session, stream, facts, actor=actor.id, now=now)


def _follow(session: Session, check_in_id: UUID, *, now: datetime) -> None:
    """Promise every picture of a check-in drawn anew: the messages that ask for it, and those that ask to confirm."""
    row = stored_runs.check_in(session, check_in_id)
    if row is not None:
        asking.redraw(session, row, now=now)
    redraw(session, check_in_id, now=now)


def _tell_who_answered(
    session: Session, about: Confirmations, doubted: Sequence[Witnessed], *, actor: Actor, now: datetime
) -> None:
    """Tell who entered what is doubted, or who stands in for them when they left, with the way to change it."""
    check_in = about.check_in
    entered = {each.entered_by.id: each.entered_by for each in doubted if each.entered_by}
    told = {each.id: each for each in (asking.whom(session, check_in.use_case_id, who) for who in entered.values())}
    may_edit = why_no_answer(check_in.stands, now, edits=True) is None
    payload = {"person": str(actor.id), "reading": str(doubted[0].id), "may_edit": "yes" if may_edit else None}
    outbox.promise(
        session,
        [
            Promise(OutboxKind.READING_DOUBTED, each.slack_id, check_in.id, payload)
            for each in told.values()
            if each.id != actor.id and each.membership is Membership.MEMBER
        ],
        now=now,
    )


def _promise(session: Session, requests: Sequence[VerificationRequest], *, now: datetime) -> None:
    known = people.named(session, {each.person_id for each in requests})
    outbox.promise(
        session,
        [Promise(OutboxKind.VERIFICATION_ASKED, known[each.person_id].slack_id, each.id) for each in requests],
        now=now,
    )
