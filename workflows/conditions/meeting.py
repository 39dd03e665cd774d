"""Give evidence, judge it, and let a condition go: the request is held first, so deeds at once are judged in turn."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from db.enums import ConditionStatus, DemandStatus, OutboxKind
from db.queries import conditions as stored
from db.session import Session
from workflows import approvals, ledger
from workflows.approvals import Speaker
from workflows.conditions import clock, rules
from workflows.conditions.reading import condition_of, existing, lanes_of, speakers_of
from workflows.conditions.recording import about, look_again_at, move, next_due, record, recount, tell, to_write_to
from workflows.conditions.rules import Evidence, Refusal
from workflows.conditions.snapshots import ConditionSnapshot, Moved, NotDone
from workflows.ledger import LedgerKind
from workflows.people import Actor


def held(session: Session, condition_id: UUID) -> ConditionSnapshot | None:
    """Return a condition that nobody else can change before the commit."""
    found = condition_of(session, condition_id)
    if found is None:
        return None
    approvals.hold(session, found.subject_kind, found.subject_id)
    return condition_of(session, condition_id)


def offer(
    session: Session,
    condition_id: UUID,
    evidence: Evidence,
    *,
    actor: Actor,
    answerable: Collection[UUID],
    now: datetime,
) -> Moved | NotDone:
    """Give evidence that a condition is met; those who set it are asked to look at it.

    Its owner may, and those `answerable` for what it is about. Given again, it replaces what was given before.
    """
    condition = held(session, condition_id)
    refusal = _why_not(condition)
    if condition is None or refusal is not None:
        return NotDone(refusal or Refusal.UNKNOWN, condition)
    if actor.id != condition.owner.id and actor.id not in answerable:
        return NotDone(Refusal.NOT_THE_OWNER, condition)
    flawed = rules.refusal_of_evidence(condition.evidence, evidence)
    if flawed is not None:
        return NotDone(flawed, condition)
    text_id, digest = ledger.write_text(session, evidence.stored(), by=actor.id, now=now)
    values = {
        "offered_id": text_id,
        "offered_by": actor.id,
        "offered_at": now,
        "reminders": 0,
        "remind_at": None,
    }
    move(session, condition, ConditionStatus.OFFERED, values)
    record(session, condition.id, LedgerKind.CONDITION_OFFERED, {"evidence": digest}, by=actor.id, now=now)
    ask_to_look(session, existing(session, condition_id), now=now)
    return Moved(condition, existing(session, condition_id))


def ask_to_look(session: Session, condition: ConditionSnapshot, *, now: datetime, given: int = 0) -> None:
    """Ask those who speak for the lanes that set a condition to look at its evidence, and again some days later."""
    spoken = speakers_of(session, condition, now=now)
    speakers = [each for some in spoken.values() for each in some]
    again = look_again_at(session, speakers, after=clock.LOOKED_AT_AFTER * (1 + given), now=now)
    values = {"remind_at": again, "reminders": given}
    stored.set_condition(session, condition.id, version=condition.version, values=values)
    asked = to_write_to(spoken.values())
    news = [about(OutboxKind.CONDITION_OFFERED, each, condition) for each in asked]
    tell(session, condition, news, now=now)


def accept(session: Session, condition_id: UUID, *, seen: UUID, actor: Actor, now: datetime) -> Moved | NotDone:
    """Accept the evidence for the lanes somebody speaks for; the condition is met when no other lane asks for it.

    `seen` is the evidence they had before them.
    """

    def accepted(condition: ConditionSnapshot, lanes: Mapping[UUID, Speaker]) -> None:
        _settle(session, condition, lanes, DemandStatus.ACCEPTED, actor=actor, reason_id=None, now=now)
        data = {"evidence": str(seen)} | _as_whom(lanes)
        record(session, condition.id, LedgerKind.CONDITION_ACCEPTED, data, by=actor.id, now=now)

    return _judged(session, condition_id, accepted, seen=seen, what="accepted", actor=actor, now=now)


def find_wanting(
    session: Session, condition_id: UUID, reason: str, *, seen: UUID, actor: Actor, now: datetime
) -> Moved | NotDone:
    """Say that the evidence is not enough, and why: it is the owner's again, and overdue if its day has passed."""

    def found_wanting(condition: ConditionSnapshot, lanes: Mapping[UUID, Speaker]) -> None:
        reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
        asking = [each.id for each in condition.standing if each.lane_id in lanes]
        stored.set_demands(session, asking, {"reason_id": reason_id})
        remind_at = None if condition.overdue_at else next_due(session, condition.owner, condition.due_on, now=now)
        move(session, condition, ConditionStatus.OPEN, {"reminders": 0, "remind_at": remind_at})
        data = {"evidence": str(seen), "reason": digest} | _as_whom(lanes)
        record(session, condition.id, LedgerKind.CONDITION_NOT_ACCEPTED, data, by=actor.id, now=now)

    if not reason.strip():
        return NotDone(Refusal.REASON_MISSING, condition_of(session, condition_id))
    return _judged(session, condition_id, found_wanting, seen=seen, what="not_enough", actor=actor, now=now)


def waive(session: Session, condition_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Moved | NotDone:
    """Let a condition go for the lanes somebody speaks for, and only for those, with a reason."""

    def waived(condition: ConditionSnapshot, lanes: Mapping[UUID, Speaker]) -> None:
        reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
        _settle(session, condition, lanes, DemandStatus.WAIVED, actor=actor, reason_id=reason_id, now=now)
        data = {"reason": digest} | _as_whom(lanes)
        record(session, condition.id, LedgerKind.CONDITION_WAIVED, data, by=actor.id, now=now)

    if not reason.strip():
        return NotDone(Refusal.REASON_MISSING, condition_of(session, condition_id))
    return _judged(session, condition_id, waived, seen=None, what="waived", actor=actor, now=now)


def _judged(
    session: Session,
    condition_id: UUID,
    deed: Callable[[ConditionSnapshot, Mapping[UUID, Speaker]], None],
    *,
    seen: UUID | None,
    what: str,
    actor: Actor,
    now: datetime,
) -> Moved | NotDone:
    """Do what a lane decides about a condition, for everybody who speaks for one that still asks for it."""
    before = held(session, condition_id)
    refusal = _why_not(before) or (_why_not_seen(before, seen) if before and seen else None)
    if before is None or refusal is not None:
        return NotDone(refusal or Refusal.UNKNOWN, before)
    lanes = lanes_of(session, before, actor.id, now=now)
    if not lanes:
        return NotDone(_why_no_lane(before, actor), before)
    deed(before, lanes)
    after = recount(session, condition_id, now=now)
    if after.settled_at is not None:
        data = {"status": after.status.value}
        record(session, condition_id, LedgerKind.CONDITION_MET, data, by=actor.id, now=now)
    told = {each.id: each for each in (before.owner, *([before.offered.by] if before.offered else ()))}
    by = {"what": what, "by": str(actor.id), "lane": next(iter(map(str, lanes)))}
    news = [about(OutboxKind.CONDITION_ANSWERED, each, after, **by) for each in told.values()]
    tell(session, after, news, concerned={each.person.id for each in lanes.values()}, now=now)
    names = dict.fromkeys(each.lane for each in before.standing if each.lane_id in lanes)
    return Moved(before, after, tuple(names))


def _settle(
    session: Session,
    condition: ConditionSnapshot,
    lanes: Collection[UUID],
    status: DemandStatus,
    *,
    actor: Actor,
    reason_id: UUID | None,
    now: datetime,
) -> None:
    mine = [each.id for each in condition.standing if each.lane_id in lanes]
    values = {"status": status, "settled_by": actor.id, "settled_at": now, "reason_id": reason_id}
    stored.set_demands(session, mine, values)


def _why_not(condition: ConditionSnapshot | None) -> Refusal | None:
    if condition is None or condition.status is ConditionStatus.DROPPED:
        return Refusal.UNKNOWN
    if condition.status is ConditionStatus.PROPOSED:
        return Refusal.NOT_IN_FORCE
    return None if condition.is_in_force else Refusal.SETTLED


def _why_not_seen(condition: ConditionSnapshot, seen: UUID) -> Refusal | None:
    if condition.offered is None or condition.status is not ConditionStatus.OFFERED:
        return Refusal.NOTHING_OFFERED
    return None if condition.offered.id == seen else Refusal.OTHER_EVIDENCE


def _why_no_lane(condition: ConditionSnapshot, actor: Actor) -> Refusal:
    if actor.id == condition.owner.id:
        return Refusal.OWN_CONDITION
    if condition.offered is not None and condition.offered.by.id == actor.id:
        return Refusal.OWN_EVIDENCE
    settled = [each for each in condition.demands if each.settled_by is not None and each.settled_by.id == actor.id]
    return Refusal.ANSWERED if settled else Refusal.NOT_OF_THE_LANE


def _as_whom(lanes: Mapping[UUID, Speaker]) -> dict[str, ledger.Value]:
    """Return for which lanes somebody decides, and for whom who is away."""
    stood = {str(each.stands_in_for.id) for each in lanes.values() if each.stands_in_for is not None}
    told: dict[str, ledger.Value] = {"lanes": sorted(map(str, lanes))}
    return told | ({"for": sorted(stood)} if stood else {})
