"""Append facts to the record, in the transaction of the deed they tell.

An event's body holds ids, enums, digests and numbers only. What a person wrote is a row of its own; the event
holds its salted digest, so that erasing the text leaves the chain intact.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import rfc8785

from db.ids import new_id
from db.queries import ledger as stored
from db.session import Session

FIRST_PREVIOUS = "0" * 64

Value = str | int | bool | None | Sequence[str]


class LedgerKind(StrEnum):
    USE_CASE_PROPOSED = "use_case.proposed"
    USE_CASE_REVISED = "use_case.revised"
    USE_CASE_CHANGED = "use_case.changed"
    USE_CASE_CHANGE_DROPPED = "use_case.change_dropped"
    USE_CASE_JOIN_ASKED = "use_case.join_asked"
    USE_CASE_STATE_CHANGED = "use_case.state_changed"
    USE_CASE_SUSPENDED = "use_case.suspended"
    USE_CASE_CAUSE_LIFTED = "use_case.cause_lifted"
    USE_CASE_HOLDS_UNTIL = "use_case.holds_until"
    USE_CASE_RETIRED = "use_case.retired"
    FIRST_VALUE_ASKED = "use_case.first_value_asked"
    WORKSTREAM_BEGUN = "workstream.begun"
    WORKSTREAM_CHANGED = "workstream.changed"
    WORKSTREAM_COMPLETED = "workstream.completed"
    WORKSTREAM_REOPENED = "workstream.reopened"
    WORKSTREAM_GIVEN_ON = "workstream.given_on"
    TASK_GIVEN = "workstream.task_given"
    TASK_CHANGED = "workstream.task_changed"
    TASK_REMINDED = "workstream.task_reminded"
    TASK_GIVEN_ON = "workstream.task_given_on"
    TASK_DONE = "workstream.task_done"
    TASK_DROPPED = "workstream.task_dropped"
    RECERTIFICATION_ASKED = "recertification.asked"
    RECERTIFICATION_PROMPTED = "recertification.prompted"
    RECERTIFICATION_ANSWERED = "recertification.answered"
    RECERTIFICATION_REOPENED = "recertification.reopened"
    CAMPAIGN_STARTED = "recertification.campaign_started"
    CAMPAIGN_ENDED = "recertification.campaign_ended"
    REQUEST_OPENED = "approval.request_opened"
    REQUEST_RESUBMITTED = "approval.request_resubmitted"
    REQUEST_REROUTED = "approval.request_rerouted"
    STAGE_OPENED = "approval.stage_opened"
    LANE_BLOCKED = "approval.lane_blocked"
    REQUEST_WITHDRAWN = "approval.request_withdrawn"
    QUESTION_ASKED = "approval.question_asked"
    QUESTION_ANSWERED = "approval.question_answered"
    NUDGED = "approval.nudged"
    SEAT_REASSIGNED = "approval.seat_reassigned"
    LANE_ADDED = "approval.lane_added"
    SEAT_DELEGATED = "approval.seat_delegated"
    SEAT_VACATED = "approval.seat_vacated"
    LANE_UNBLOCKED = "approval.lane_unblocked"
    VOTED = "approval.voted"
    BURST_CONFIRMED = "approval.burst_confirmed"
    VOTES_CARRIED = "approval.votes_carried"
    LANE_SETTLED = "approval.lane_settled"
    REQUEST_SETTLED = "approval.request_settled"
    REQUEST_HANDED_OVER = "approval.request_handed_over"
    REQUEST_ORPHANED = "approval.request_orphaned"
    REMINDED = "approval.reminded"
    LANE_ESCALATED = "approval.lane_escalated"
    LANE_OVERDUE = "approval.lane_overdue"
    KPI_BEGUN = "kpi.begun"
    KPI_CHANGED = "kpi.changed"
    BASELINE_LOCKED = "kpi.baseline_locked"
    BASELINE_AMENDED = "kpi.baseline_amended"
    CONDITION_SET = "condition.set"
    CONDITION_DROPPED = "condition.dropped"
    CONDITION_OPENED = "condition.opened"
    CONDITION_OFFERED = "condition.offered"
    CONDITION_ACCEPTED = "condition.accepted"
    CONDITION_NOT_ACCEPTED = "condition.not_accepted"
    CONDITION_WAIVED = "condition.waived"
    CONDITION_MET = "condition.met"
    CONDITION_REMINDED = "condition.reminded"
    CONDITION_OVERDUE = "condition.overdue"
    CONDITION_PASSED_ON = "condition.passed_on"
    BREAK_GLASS_CALLED = "break_glass.called"
    BREAK_GLASS_AGREED = "break_glass.agreed"
    BREAK_GLASS_DECLINED = "break_glass.declined"
    BREAK_GLASS_TAKEN_BACK = "break_glass.taken_back"
    BREAK_GLASS_LAPSED = "break_glass.lapsed"
    BREAK_GLASS_ENDED = "break_glass.ended"
    BREAK_GLASS_RATIFIED = "break_glass.ratified"
    BREAK_GLASS_REFUSED = "break_glass.refused"
    AUDIT_DRAWN = "audit.drawn"
    AUDIT_SETTLED = "audit.settled"
    FAST_LANE_CHANGED = "fast_lane.changed"
    FAST_LANE_REOPENED = "fast_lane.reopened"
    OBJECTIVE_OWNER_SET = "objective.owner_set"
    OBJECTIVE_ADDED = "objective.added"
    OBJECTIVE_SPONSOR_SET = "objective.sponsor_set"
    OBJECTIVE_PARENT_SET = "objective.parent_set"
    RECORDED = "recording.recorded"
    RECORDING_DROPPED = "recording.dropped"
    RECORDING_PROPOSED = "recording.proposed"
    CHECK_INS_SCHEDULED = "check_in.scheduled"
    CHECK_INS_ENDED = "check_in.schedule_ended"
    CHECK_IN_OPENED = "check_in.opened"
    CHECK_IN_PROMPTED = "check_in.prompted"
    CHECK_IN_REMINDED = "check_in.reminded"
    CHECK_IN_SPONSOR_TOLD = "check_in.sponsor_told"
    CHECK_IN_ANSWERED = "check_in.answered"
    CHECK_IN_SNOOZED = "check_in.snoozed"
    CHECK_IN_SKIPPED = "check_in.skipped"
    CHECK_IN_HANDED_OVER = "check_in.handed_over"
    CHECK_IN_CLOSED = "check_in.closed"
    VERIFICATION_ASKED = "check_in.verification_asked"
    READING_CONFIRMED = "reading.confirmed"
    READING_DOUBTED = "reading.doubted"
    READING_IMPORTED = "reading.imported"
    FIX_ACCEPTED = "fix.accepted"
    FIX_CHANGED = "fix.changed"
    FIX_REMINDED = "fix.reminded"
    FIX_GIVEN_ON = "fix.given_on"
    FIX_DONE = "fix.done"
    FIX_DROPPED = "fix.dropped"
    GATE_ASKED = "gate.asked"
    GATE_OPENED = "gate.opened"
    GATE_NOT_OPENED = "gate.not_opened"
    GATE_WAIVED = "gate.waived"
    GATE_NOT_WAIVED = "gate.not_waived"
    GATE_AT_RISK = "gate.at_risk"
    GATE_HELD = "gate.held"
    GATE_MENDED = "gate.mended"
    FOUNDATION_BEGUN = "foundation.begun"
    FOUNDATION_EDITED = "foundation.edited"
    FOUNDATION_DISCARDED = "foundation.discarded"
    FOUNDATION_OWNER_SET = "foundation.owner_set"
    FOUNDATION_REVOKED = "foundation.revoked"
    FOUNDATION_REMINDED = "foundation.reminded"
    LESSON_WRITTEN = "lesson.written"
    LESSON_CHANGED = "lesson.changed"
    LESSON_PUBLISHED = "lesson.published"
    LESSON_CONFIRMED = "lesson.confirmed"
    LESSON_WITHDRAWN = "lesson.withdrawn"
    CHECKLIST_PUBLISHED = "checklist.published"
    ROLLOUT_ASKED = "rollout.asked"
    ROLLOUT_CHANGED = "rollout.changed"
    ROLLOUT_SETTLED = "rollout.settled"
    ROLLOUT_STEP_DONE = "rollout.step_done"
    ROLLOUT_STEP_REOPENED = "rollout.step_reopened"
    ROLLOUT_DONE = "rollout.done"
    SCORECARD_OPENED = "scorecard.opened"
    SCORECARD_ANSWERED = "scorecard.answered"
    SCORECARD_CLOSED = "scorecard.closed"
    USAGE_IMPORTED = "usage.imported"
    DIGEST_POSTED = "digest.posted"
    DIGEST_SKIPPED = "digest.skipped"
    EXPORTED = "export.made"
    POLICY_APPLIED = "policy.applied"
    POLICY_PROPOSED = "policy.proposed"
    POLICY_NOT_APPLIED = "policy.not_applied"
    SETTING_CHANGED = "settings.changed"
    DELEGATION_MADE = "people.delegation_made"
    DELEGATION_ENDED = "people.delegation_ended"
    LEAVE_SET = "people.leave_set"
    LEAVE_ENDED = "people.leave_ended"
    ROLE_GRANTED = "people.role_granted"
    ROLE_WITHDRAWN = "people.role_withdrawn"
    PERSON_DESCRIBED = "people.described"


@dataclass(frozen=True, slots=True)
class Fact:
    kind: LedgerKind
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Head:
    """How many streams there are, and one hash over the last event of each."""

    streams: int
    hash: str


def record(session: Session, stream: str, facts: Iterable[Fact], *, actor: UUID | None, now: datetime) -> None:
    """Append `facts` to `stream` in order, each chained to the one before.

    The caller holds the lock of the thing the stream is about; two writers without it meet the primary key.
    `actor` is None when the policy or the clock acted.
    """
    seq, previous = stored.head(session, stream) or (0, FIRST_PREVIOUS)
    rows = []
    for fact in facts:
        seq += 1
        body = _event(stream, seq, fact, actor=actor, now=now)
        link = chain_hash(previous, body)
        rows.append({"stream": stream, "seq": seq, "body": body, "prev_hash": previous, "hash": link})
        previous = link
    stored.append(session, rows)


def begin(session: Session, firsts: Mapping[str, Fact], *, actor: UUID | None, now: datetime) -> None:
    """Write the first fact of each of many new streams at once, as `record` would one by one."""
    rows = []
    for stream, fact in firsts.items():
        body = _event(stream, 1, fact, actor=actor, now=now)
        link = chain_hash(FIRST_PREVIOUS, body)
        rows.append({"stream": stream, "seq": 1, "body": body, "prev_hash": FIRST_PREVIOUS, "hash": link})
    stored.append(session, rows)


def events(session: Session, *, prefixes: Sequence[str] = ()) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield (stream, seq, body, prev_hash, hash) of every event, stream by stream, in order.

    With `prefixes`, of the streams whose name begins with one of them.
    """
    return stored.events(session, prefixes=prefixes)


def head_of_all(session: Session) -> Head:
    """Return what `gatehouse ledger verify` prints as the head, without checking anything.

    It is SHA-256 over a line for each stream, its name, the number and the hash of its last event, by the code points
    of the names: databases sort them differently.
    """
    heads = sorted(stored.heads(session))
    lines = (f"{stream} {seq} {link}\n" for stream, seq, link in heads)
    return Head(len(heads), hashlib.sha256("".join(lines).encode()).hexdigest())


def write_text(session: Session, body: str, *, by: UUID | None, now: datetime) -> tuple[UUID, str]:
    """Store what a person wrote; return its id and the digest an event may hold. `by` is None for the command line."""
    text_id, salt = new_id(), new_salt()
    stored.insert_text(session, {"id": text_id, "body": body, "salt": salt, "written_by": by, "written_at": now})
    return text_id, salted_digest(salt, body)


def text_of(session: Session, text_id: UUID) -> str | None:
    """Return what a person wrote, or None once it is erased."""
    found = stored.text_of(session, text_id)
    return found.body if found else None


def digest_of(session: Session, text_id: UUID) -> str | None:
    """Return the digest an event may hold of what a person wrote, or None once it is erased."""
    found = stored.text_of(session, text_id)
    return salted_digest(found.salt, found.body) if found else None


def new_salt() -> str:
    return secrets.token_hex(32)


def salted_digest(salt: str, text: str) -> str:
    """Return SHA-256 of salt and text, as hex: proves the text while the salt exists, tells nothing after."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def chain_hash(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """Return RFC 8785 canonical JSON."""
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]


def _event(stream: str, seq: int, fact: Fact, *, actor: UUID | None, now: datetime) -> str:
    return _body(
        {
            "actor": str(actor) if actor else None,
            "at": stamp(now),
            "data": dict(fact.data),
            "kind": fact.kind.value,
            "seq": seq,
            "stream": stream,
            "v": 1,
        }
    )


def _body(event: Mapping[str, object]) -> str:
    """Return RFC 8785 canonical JSON of an event, by the standard library and many times as fast.

    An event holds no floats and its keys are ASCII. There the two agree, which a test holds them to.
    """
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def stamp(moment: datetime) -> str:
    """Return a moment as UTC with microseconds, the one form times take in events."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
