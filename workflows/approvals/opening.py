"""Open requests and their stages: freeze who is asked, and say so loudly when nobody can be."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Audience, Exclusion, LaneStatus, OutboxKind, RequestStatus, StageStatus
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows import ledger, people
from workflows.approvals import announcing
from workflows.approvals.snapshots import Subject
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import Lane, PolicySnapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A request is in review; `asked` are the people whose turn it is now, empty when the stage is blocked."""

    request_id: UUID
    asked: tuple[Actor, ...]


def stream_of(request_id: UUID) -> str:
    """Return the ledger stream of a request; it grows under the request's lock."""
    return f"request:{request_id}"


def open_request(
    session: Session,
    subject: Subject,
    snapshot: PolicySnapshot,
    *,
    requester: Actor,
    excluded: Mapping[UUID, Exclusion],
    governance_channel: str | None,
    now: datetime,
) -> Opened:
    """Put a subject into review under the pinned policy snapshot and ask the first stage.

    Nobody in `excluded` can be asked or vote, whatever roles they hold. The caller has locked or just made
    the subject.
    """
    request_id = new_id()
    stored.insert_request(
        session,
        {
            "id": request_id,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "reference": subject.reference,
            "revision": subject.revision,
            "tier": snapshot.tier,
            "status": RequestStatus.IN_REVIEW,
            "policy_version_id": snapshot.policy_version_id,
            "snapshot": snapshot.content,
            "snapshot_hash": snapshot.content_hash,
            "requester_id": requester.id,
            "opened_at": now,
            "version": 1,
        },
    )
    sections = [{"request_id": request_id, "section": key.value, "digest": d} for key, d in subject.sections.items()]
    stored.insert_sections(session, sections)
    barred = [{"request_id": request_id, "person_id": person, "why": why} for person, why in excluded.items()]
    stored.insert_exclusions(session, barred)
    first_stage = _insert_chain(session, request_id, subject, snapshot)
    ledger.record(
        session,
        stream_of(request_id),
        [
            Fact(
                LedgerKind.REQUEST_OPENED,
                {
                    "subject": str(subject.id),
                    "subject_kind": subject.kind,
                    "revision": subject.revision,
                    "tier": snapshot.tier.value,
                    "policy_snapshot": snapshot.content_hash,
                    "content": digest_over(subject.sections.values()),
                },
            )
        ],
        actor=requester.id,
        now=now,
    )
    if governance_channel:
        _insert_card(session, request_id, Audience.GOVERNANCE, governance_channel, None)
    asked = open_stage(session, request_id, first_stage, excluded=excluded, now=now)
    announcing.redraw(session, request_id, people={*excluded, *(each.id for each in asked)}, now=now)
    return Opened(request_id, tuple(asked))


def open_stage(
    session: Session, request_id: UUID, stage_id: UUID, *, excluded: Mapping[UUID, Exclusion], now: datetime
) -> list[Actor]:
    """Freeze who is asked in each lane of a stage whose turn it is, and give each of them a card.

    Returns those asked. A lane without anybody eligible is blocked: on the record, on every card, never skipped.
    The request is locked by the caller, who promises the cards.
    """
    asked: dict[UUID, Actor] = {}
    facts = [Fact(LedgerKind.STAGE_OPENED, {"stage": str(stage_id)})]
    stored.set_stage(session, stage_id, {"status": StageStatus.OPEN, "opened_at": now})
    for lane in stored.lanes(session, request_id):
        if lane.stage_id != stage_id:
            continue
        seated = _seat(session, lane, excluded=excluded, now=now)
        asked |= {person.id: person for person in seated}
        if not seated:
            facts.append(Fact(LedgerKind.LANE_BLOCKED, {"lane": str(lane.id), "role": lane.role}))
    _give_cards(session, request_id, asked.values())
    ledger.record(session, stream_of(request_id), facts, actor=None, now=now)
    return list(asked.values())


def is_awaited(session: Session, role: str) -> bool:
    """Say whether a lane of a request in review waits for somebody to hold `role`, whatever policy it came from."""
    return bool(stored.blocked_in_role(session, role))


def unblock(session: Session, role: str, *, now: datetime) -> int:
    """Seat the holders of `role` in every lane that was waiting for one; return how many lanes could open."""
    opened = 0
    for request_id, lane_id in stored.blocked_in_role(session, role):
        stored.lock(session, request_id)
        lane = next(each for each in stored.lanes(session, request_id) if each.id == lane_id)
        excluded = {each.person_id: each.why for each in stored.exclusions(session, request_id)}
        if lane.status is not LaneStatus.BLOCKED:
            continue
        seated = _seat(session, lane, excluded=excluded, now=now)
        if not seated:
            continue
        opened += 1
        _give_cards(session, request_id, seated)
        fact = Fact(LedgerKind.LANE_UNBLOCKED, {"lane": str(lane_id), "role": role})
        ledger.record(session, stream_of(request_id), [fact], actor=None, now=now)
        announcing.redraw(session, request_id, people={*excluded, *(each.id for each in seated)}, now=now)
    return opened


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `unblock_all` or `remind_due` would find work; reads only, so that an idle beat costs no lock."""
    return bool(stored.due_reminders(session, now, limit=1) or stored.openable_roles(session))


def unblock_all(session: Session, *, now: datetime) -> int:
    """Open every blocked lane whose role somebody eligible holds by now; return how many.

    A grant opens them itself. This finds those who became full members since, and grants that were made in the
    same moment as the lane was blocked.
    """
    return sum(unblock(session, role, now=now) for role in stored.openable_roles(session))


def remind_due(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Promise a reminder to everybody whose time has come; return how many.

    Each fires once, however many processes run this and whenever they are restarted.
    """
    reminded = 0
    for seat in stored.due_reminders(session, now, limit=limit):
        request = stored.lock(session, seat.request_id)
        due = seat.remind_at
        if request is None or due is None or not stored.clear_reminder(session, seat.id, remind_at=due):
            continue
        person = people.named(session, [seat.person_id])[seat.person_id]
        fact = Fact(LedgerKind.REMINDED, {"lane": str(seat.lane_id), "person": str(seat.person_id)})
        ledger.record(session, stream_of(request.id), [fact], actor=None, now=now)
        payload = {"person": str(seat.person_id)}
        promise = Promise(OutboxKind.VOTE_REMINDER, person.slack_id, request.id, payload)
        # The card says when the next reminder comes, so it changes with this one.
        announcing.redraw(session, request.id, people=(), news=[promise], now=now)
        reminded += 1
    return reminded


def digest_over(digests: Iterable[str]) -> str:
    """Return one digest over several section digests, whatever their order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _insert_chain(session: Session, request_id: UUID, subject: Subject, snapshot: PolicySnapshot) -> UUID:
    stages = [(new_id(), stage) for stage in snapshot.chain.stages]
    stored.insert_stages(
        session,
        [
            {
                "id": stage_id,
                "request_id": request_id,
                "position": position,
                "name": stage.name,
                "status": StageStatus.WAITING,
            }
            for position, (stage_id, stage) in enumerate(stages)
        ],
    )
    stored.insert_lanes(
        session, [_lane(request_id, stage_id, lane, subject) for stage_id, stage in stages for lane in stage.lanes]
    )
    return stages[0][0]


def _lane(request_id: UUID, stage_id: UUID, lane: Lane, subject: Subject) -> dict[str, object]:
    covered = (digest for section, digest in subject.sections.items() if section in lane.sections)
    return {
        "id": new_id(),
        "request_id": request_id,
        "stage_id": stage_id,
        "key": lane.key,
        "name": lane.name,
        "role": lane.role,
        "rule": lane.rule,
        "remind_after_minutes": round(lane.remind_after_hours * 60),
        "content_digest": digest_over(covered),
        "status": LaneStatus.WAITING,
    }


def _seat(session: Session, lane: ApprovalLane, *, excluded: Mapping[UUID, Exclusion], now: datetime) -> list[Actor]:
    eligible = [person for person in people.holders_of(session, lane.role) if person.id not in excluded]
    status = LaneStatus.OPEN if eligible else LaneStatus.BLOCKED
    stored.set_lanes(session, [lane.id], {"status": status})
    if eligible:
        remind_at = now + timedelta(minutes=lane.remind_after_minutes)
        common = {"request_id": lane.request_id, "lane_id": lane.id, "asked_at": now, "remind_at": remind_at}
        stored.insert_seats(session, [{"id": new_id(), "person_id": person.id} | common for person in eligible])
    return eligible


def _give_cards(session: Session, request_id: UUID, asked: Iterable[Actor]) -> None:
    """Give each of those asked a card, unless an earlier stage did: that one gets its buttons back."""
    drawn = {conversation for _, conversation in stored.cards(session, request_id)}
    for person in asked:
        if person.slack_id not in drawn:
            _insert_card(session, request_id, Audience.APPROVER, person.slack_id, person.id)


def _insert_card(
    session: Session, request_id: UUID, audience: Audience, conversation: str, person_id: UUID | None
) -> None:
    card = {"id": new_id(), "request_id": request_id, "audience": audience, "conversation": conversation}
    stored.insert_cards(session, [card | {"person_id": person_id}])
