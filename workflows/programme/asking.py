"""Ask people to open a gate, or to let it do without a criterion for a while."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import Criterion, Exclusion, GateAct, LaneStatus, Phase, RequestStatus
from db.ids import new_id
from db.queries import configuration
from db.queries import programme as stored
from db.session import Session
from workflows import approvals, ledger, people, policy, settings
from workflows.ledger import Fact, LedgerKind, Value
from workflows.people import Actor
from workflows.programme import requests, settling
from workflows.programme.reading import programme_at
from workflows.programme.requests import SUBJECT_KIND, reference_of
from workflows.programme.rules import NEVER_WAIVED_BEFORE_DEPLOYMENT, Gate, GateState, Standing
from workflows.programme.snapshots import GateAsked, NoGate, NotAsked
from workflows.settings import SettingName

LONGEST_WAIVER: Final = timedelta(days=366)
LONGEST_REASON: Final = 1000


def ask_to_open(session: Session, phase: Phase, *, seen: str, actor: Actor, now: datetime) -> GateAsked | NotAsked:
    """Ask people to open the gate into a phase, on the evidence there is now, which must be the one `seen`.

    Refused unless it is ready, and while something else is asked about it. Whoever asks has no vote.
    """
    policy.hold(session)  # it says who decides; and two who ask at once wait here for one another
    gate = programme_at(session, now).gate(phase)
    refusal = _why_not_opened(session, gate, seen, actor) or _pending(session, gate)
    return refusal or _ask(session, gate, GateAct.OPEN, actor=actor, now=now)


def ask_to_waive(
    session: Session, phase: Phase, criterion: Criterion, until: date, reason: str, *, actor: Actor, now: datetime
) -> GateAsked | NotAsked:
    """Ask people to let the gate into a phase do without a criterion through a day of the actor's own zone.

    Refused for what is met, for the areas of governance before a use case was ever in deployment, for a day that is not
    to come or more than a year away, without a reason, and while something else is asked about the gate.
    """
    policy.hold(session)
    gate = programme_at(session, now).gate(phase)
    why = _why_not_waived(session, gate, criterion, until, reason, actor=actor, now=now)
    refusal = NotAsked(why, gate) if why is not None else _pending(session, gate)
    return refusal or _ask(session, gate, GateAct.WAIVE, (criterion, until, reason.strip()), actor=actor, now=now)


def _why_not_opened(session: Session, gate: Gate, seen: str, actor: Actor) -> NotAsked | None:
    why = why_not_ask(session, actor)
    if why is None and gate.is_opened:
        why = NoGate.OPENED
    if why is None and gate.state is not GateState.READY:
        why = NoGate.NOT_READY
    if why is None and gate.digest != seen:
        why = NoGate.SEEN_OTHER
    return NotAsked(why, gate) if why is not None else None


def why_not_ask(session: Session, actor: Actor) -> NoGate | None:
    """Return why this person can ask nothing about any gate: they do not steer, or no rule says who decides."""
    if not people.roles_of(session, actor.id) & policy.STEERING:
        return NoGate.NOT_STEERING
    return None if SUBJECT_KIND in policy.in_force(session).policy.subjects else NoGate.NO_RULE


def _why_not_waived(
    session: Session, gate: Gate, criterion: Criterion, until: date, reason: str, *, actor: Actor, now: datetime
) -> NoGate | None:
    why = why_not_ask(session, actor)
    if why is not None:
        return why
    state = next((each for each in gate.criteria if each.criterion is criterion), None)
    if state is None:
        return NoGate.NOT_ASKED_FOR
    if state.standing is Standing.MET:
        return NoGate.MET
    if is_never_waived(session, criterion):
        return NoGate.NEVER_WAIVED
    return _why_no_such_day(until, people.local_day(actor, now)) or (None if reason.strip() else NoGate.REASON_MISSING)


def _why_no_such_day(until: date, today: date) -> NoGate | None:
    if until <= today:
        return NoGate.UNTIL_PAST
    return NoGate.UNTIL_TOO_FAR if until - today > LONGEST_WAIVER else None


def is_never_waived(session: Session, criterion: Criterion) -> bool:
    """Say whether nobody can do without a criterion now: an area of governance before anything was ever deployed."""
    return criterion in NEVER_WAIVED_BEFORE_DEPLOYMENT and not stored.was_anything_deployed(session)


def _pending(session: Session, gate: Gate) -> NotAsked | None:
    found = stored.open_request(session, gate.phase)
    return NotAsked(NoGate.PENDING, gate, reference_of(found.number)) if found else None


def _ask(
    session: Session,
    gate: Gate,
    act: GateAct,
    waives: tuple[Criterion, date, str] | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> GateAsked:
    request_id, number, digest = new_id(), configuration.next_number(session, SUBJECT_KIND), gate.digest
    stored.insert_request(
        session,
        {
            "id": request_id,
            "number": number,
            "phase": gate.phase,
            "act": act,
            "evidence": gate.evidence,
            "evidence_digest": digest,
            "asked_by": actor.id,
            "asked_at": now,
            "stands": requests.stands_on(gate),
            "look_at": now + settling.LOOK_EVERY if act is GateAct.OPEN else None,
        },
    )
    data: dict[str, Value] = {"number": number, "phase": gate.phase.value, "act": act.value, "evidence": digest}
    if waives is not None:
        criterion, until, reason = waives
        reason_id, reason_digest = ledger.write_text(session, reason, by=actor.id, now=now)
        waiver = {"request_id": request_id, "criterion": criterion, "until": until, "reason_id": reason_id}
        stored.insert_waiver(session, waiver)
        data |= {"criterion": criterion.value, "until": until.isoformat(), "reason": reason_digest}
        digest = requests.waiver_digest(digest, criterion, until, reason_digest)
    fact = Fact(LedgerKind.GATE_ASKED, data)
    ledger.record(session, settling.stream_of(request_id), [fact], actor=actor.id, now=now)
    return _put_to_people(session, request_id, number, digest, actor=actor, now=now)


def _put_to_people(
    session: Session, request_id: UUID, number: int, digest: str, *, actor: Actor, now: datetime
) -> GateAsked:
    opened = approvals.open_request(
        session,
        requests.subject(request_id, number, digest),
        policy.route(session, SUBJECT_KIND, {}),
        requester=actor,
        excluded={actor.id: Exclusion.PROPOSER},
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        now=now,
    )
    if opened.status is not RequestStatus.IN_REVIEW:  # a line of the policy has decided
        settling.settle(session, request_id, opened.status, actor=None, now=now)
    found = approvals.existing_request(session, opened.request_id)
    lanes = [lane for stage in found.stages for lane in stage.lanes]
    blocked = tuple(lane.name for lane in lanes if lane.status is LaneStatus.BLOCKED)
    return GateAsked(found.reference, found.id, opened.asked, blocked)
