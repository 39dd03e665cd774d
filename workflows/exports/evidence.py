"""Read everything that was ever stored about one use case, with its events on the record."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import UseCaseState
from db.queries import evidence as stored
from db.queries import exports as stored_register
from db.queries import intake as stored_texts
from db.session import Session
from db.tables import Recertification
from workflows import (
    auditing,
    breaking_glass,
    checkins,
    conditions,
    intake,
    ledger,
    lessons,
    lifecycle,
    people,
    policy,
    recorded,
    rollouts,
)
from workflows.exports import measured, register, requested
from workflows.exports.packs import EventRow, Moved, Pack, Recertified, Text
from workflows.exports.snapshots import Suspension
from workflows.ledger import LedgerKind
from workflows.people import Actor

_ORDER: Final = (
    "recording",
    "use_case",
    "request",
    "condition",
    "workstream",
    "rollout",
    "kpi",
    "check_ins",
    "check_in",
    "fix",
    "lesson",
    "checklist",
)
"""The kinds of streams that are about a use case, in the order of its life."""


def pack_of(session: Session, use_case_id: UUID, *, now: datetime) -> Pack | None:
    """Return everything about a use case; None when there is none. Reads only, and one state of all of it.

    Who may have it is for the caller to say.
    """
    entry = register.entry_of(session, use_case_id)
    if entry is None:
        return None
    audits, went = stored.audits_of(session, use_case_id), rollouts.rollouts_of(session, use_case_id)
    about = {
        intake.SUBJECT_KIND: [use_case_id],
        policy.AUDIT_KIND: audits,
        rollouts.SUBJECT_KIND: [each.id for each in went],
    }
    requests, found = requested.requests_of(session, about), measured.numbers_of(session, use_case_id)
    pack = Pack(
        entry=entry,
        made_at=now,
        texts=tuple(_texts(session, use_case_id)),
        requests=requests,
        conditions=tuple(conditions.all_about(session, intake.SUBJECT_KIND, use_case_id)),
        recertifications=tuple(_recertified(session, stored.recertifications_of(session, use_case_id))),
        glasses=tuple(glass for each in requests for glass in breaking_glass.glasses_of(session, each.id)),
        audits=tuple(filter(None, (auditing.audit_of(session, each) for each in audits))),
        suspensions=tuple(
            Suspension(each.cause, each.since, each.lifted_at, each.reason)
            for each in stored_register.suspensions(session, [use_case_id])
        ),
        moves=tuple(_moves(session, use_case_id)),
        workstreams=lifecycle.workstreams_of(session, [use_case_id]).get(use_case_id, ()),
        rollouts=tuple(went),
        kpis=found.kpis,
        check_ins=found.check_ins,
        corrections=checkins.corrections_of(session, [use_case_id])[use_case_id],
        lessons=tuple(each for each in lessons.lessons_of(session, use_case_id) if each.published_at),
        checklist=lessons.checklist_of(session, use_case_id),
        events=(),
        head="",
    )
    events = _events(session, _streams(session, pack, found))
    return replace(pack, events=tuple(events), head=head_of(events))


def head_of(events: Iterable[EventRow]) -> str:
    """Return one hash over the last hash of every stream: SHA-256 over lines “stream seq hash”, in order."""
    last = {each.stream: f"{each.stream} {each.seq} {each.hash}\n" for each in events}
    return hashlib.sha256("".join(last[each] for each in sorted(last)).encode()).hexdigest()


def _texts(session: Session, use_case_id: UUID) -> Iterator[Text]:
    for revision in range(1, stored_texts.last_revision(session, use_case_id) + 1):
        says = intake.as_submitted(session, use_case_id, revision)
        by = stored_texts.submitter(session, use_case_id, revision)
        if says is not None and by is not None:
            yield Text(revision, says, people.named(session, [by])[by], says.submitted_at)


def _recertified(session: Session, rows: Sequence[Recertification]) -> Iterator[Recertified]:
    known = people.named(session, {row.answered_by for row in rows if row.answered_by})
    reasons = stored.texts(session, {row.reason_id for row in rows if row.reason_id})
    for row in rows:
        yield Recertified(
            due_on=row.due_on,
            asked_at=row.asked_at,
            answer=row.answer,
            by=known.get(row.answered_by) if row.answered_by else None,
            at=row.answered_at,
            reason=reasons.get(row.reason_id) if row.reason_id else None,
            settled_at=row.settled_at,
        )


def _moves(session: Session, use_case_id: UUID) -> Iterator[Moved]:
    rows = stored.entered(session, use_case_id)
    known = people.named(session, {by for _, _, by in rows if by})
    for state, at, by in rows:
        is_retired = state is UseCaseState.RETIRED and by is not None
        reason = _retired_because(session, use_case_id, by, at) if is_retired and by else None
        yield Moved(state, at, known.get(by) if by else None, reason)


def _retired_because(session: Session, use_case_id: UUID, by: UUID, at: datetime) -> str | None:
    """Return what somebody said as they retired it: the text of that moment whose digest is on the record."""
    events = stored.events_of(session, [f"{intake.SUBJECT_KIND}:{use_case_id}"])
    facts = [json.loads(each.body) for each in events]
    told = {each["data"].get("reason") for each in facts if each["kind"] == LedgerKind.USE_CASE_RETIRED}
    written = stored.written_at(session, by, at)
    return next((body for salt, body in written if ledger.salted_digest(salt, body) in told), None)


# ------------------------------------------------------------------------------------------- the record


def _streams(session: Session, pack: Pack, found: measured.Numbers) -> frozenset[str]:
    """Return the streams of the record that are about a use case: its own, and those of everything below it."""
    use_case_id = pack.use_case.id
    ids: dict[str, Iterable[UUID]] = {
        "use_case": [use_case_id],
        "request": [each.id for each in pack.requests],
        "condition": [each.id for each in pack.conditions],
        "kpi": [each.kpi.id for each in pack.kpis],
        "check_ins": stored.schedules_of(session, use_case_id),
        "check_in": found.check_in_ids,
        "fix": [each.id for each in pack.corrections.fixes],
        "workstream": [each.id for each in pack.workstreams],
        "lesson": [each.id for each in pack.lessons],
        "checklist": [use_case_id],
        "rollout": [each.id for each in pack.rollouts],
    }
    before = pack.entry.recorded
    recording = {recorded.stream_of(before.id)} if before else set[str]()
    return frozenset(f"{kind}:{each}" for kind, some in ids.items() for each in some) | recording


def _events(session: Session, streams: frozenset[str]) -> list[EventRow]:
    found = list(stored.events_of(session, streams))
    bodies = [json.loads(each.body) for each in found]
    known: Mapping[UUID, Actor] = people.named(session, {UUID(each["actor"]) for each in bodies if each["actor"]})
    rows = [
        EventRow(*event, kind=body["kind"], at=body["at"], actor=_name(known, body["actor"]))
        for event, body in zip(found, bodies, strict=True)
    ]
    return sorted(rows, key=lambda each: _ORDER.index(each.stream.partition(":")[0]))  # which keeps each stream's order


def _name(known: Mapping[UUID, Actor], actor: str | None) -> str:
    """Return who acted: nobody where a line of the policy or the clock did; an id where that person was erased."""
    if actor is None:
        return ""
    person = known.get(UUID(actor))
    return person.name if person else actor
