"""Record what is in use already, drop what is none, and let somebody propose it under its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import Membership, OutboxKind
from db.ids import new_id
from db.queries import configuration
from db.queries import recorded as stored
from db.session import Session
from db.tables import Recording
from workflows import intake, ledger, outbox, people, policy
from workflows.intake import NotNow, Page, Proposed
from workflows.intake.rules import LONGEST as LONGEST_ANSWERS
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.recorded import asking, reading, rules
from workflows.recorded.rules import NoDay
from workflows.recorded.snapshots import DropReason, NotDone, RecordingSnapshot

DROPPED_BECAUSE: Final[Mapping[DropReason, str]] = {
    DropReason.DOES_NOT_EXIST: "It does not exist.",
    DropReason.IS_NOT_AI: "It is not AI.",
}
"""What is kept as the reason, before what somebody wrote themselves."""

_NO_DAY: Final = {NoDay.PAST: NotDone.DAY_PAST, NoDay.TOO_FAR: NotDone.DAY_TOO_FAR}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of something in use. What they leave out stays empty; without a day the policy's counts."""

    name: str
    team: str | None = None
    problem: str | None = None
    stage: str | None = None
    vendor: str | None = None
    owner: Actor | None = None
    propose_by: date | None = None


def usual_day(session: Session, person: Actor | None, *, now: datetime) -> date:
    """Return until when something recorded now has to be proposed, where this person is, or in UTC."""
    within = policy.in_force(session).policy.programme.propose_within_days
    return (people.local_day(person, now) if person else now.date()) + timedelta(days=within)


def record(session: Session, said: Said, *, actor: Actor, now: datetime) -> RecordingSnapshot | NotDone:
    """Keep that something is in use, under the next number of a use case; leads and admins do that."""
    if not reading.steers(session, actor):
        return NotDone.NOT_STEERING
    whole_name = " ".join(said.name.split())
    if not whole_name:
        return NotDone.NAME_MISSING
    refused = rules.why_no_day(said.propose_by, today=people.local_day(actor, now)) if said.propose_by else None
    if refused is not None:
        return _NO_DAY[refused]
    propose_by = said.propose_by or usual_day(session, said.owner or actor, now=now)
    owner_id, recording_id = said.owner.id if said.owner else None, new_id()
    number = configuration.next_number(session, intake.SUBJECT_KIND)
    row = {
        "id": recording_id,
        "number": number,
        "name": rules.cut(whole_name),
        "team": said.team,
        "problem": said.problem,
        "stage": said.stage,
        "vendor": said.vendor,
        "owner_id": owner_id,
        "propose_by": propose_by,
        "ask_at": asking.first_asked_at(session, [(said.owner, propose_by)], now=now)[owner_id, propose_by],
        "recorded_by": actor.id,
        "recorded_at": now,
    }
    stored.insert_recordings(session, [row])
    note(session, recording_id, recorded_fact(row, imported=False), actor=actor, now=now)
    redraw_homes(session, {actor.id, *([owner_id] if owner_id else [])}, now=now)
    return reading.recordings_of(session, [recording_id])[recording_id]


def drop(
    session: Session, recording_id: UUID, why: DropReason, words: str, *, actor: Actor, now: datetime
) -> RecordingSnapshot | NotDone:
    """Say that something recorded is no use case; leads and admins do that. Its number is never given out again."""
    row = stored.lock(session, recording_id)
    refusal = _why_not(row) if reading.steers(session, actor) else NotDone.NOT_STEERING
    if row is None or refusal is not None:
        return refusal or NotDone.UNKNOWN
    body = " ".join(filter(None, (DROPPED_BECAUSE[why], words.strip())))
    text_id, digest = ledger.write_text(session, body, by=actor.id, now=now)
    values = {"dropped_at": now, "dropped_by": actor.id, "dropped_why": text_id, "ask_at": None}
    stored.update_recording(session, recording_id, values)
    fact = Fact(LedgerKind.RECORDING_DROPPED, {"why": why.value, "reason_digest": digest})
    note(session, recording_id, fact, actor=actor, now=now)
    redraw_homes(session, {actor.id, *([row.owner_id] if row.owner_id else [])}, now=now)
    return reading.recordings_of(session, [recording_id])[recording_id]


def begin_proposal(
    session: Session, recording_id: UUID, *, author: Actor, now: datetime
) -> Page | Proposed | NotNow | NotDone:
    """Begin to propose what was recorded, with what is known of it filled in, or go on where this person left off."""
    row = stored.lock(session, recording_id)
    if row is None or not reading.may_propose(session, row, author):
        return NotDone.UNKNOWN if row is None else NotDone.NOT_YOURS
    refusal = _why_not(row)
    if refusal is not None:
        return refusal
    begun = stored.open_draft(session, recording_id, author.id)
    if begun is not None:
        return intake.resume(session, begun, author=author, now=now)
    page = intake.open_draft(session, author=author, now=now, known=_as_typed(session, row))
    stored.link_draft(session, page.draft_id, recording_id)
    redraw_homes(session, {author.id}, now=now)
    return page


def number_for(session: Session, draft_id: UUID) -> int | NotNow | None:
    """Return the number of what a draft proposes of what was recorded, which nobody else can propose before the commit.

    None for a draft of anything else, one that was sent before, and one of what was dropped meanwhile: whoever proposes
    it says that it is there, so it is a use case of its own.
    """
    recording_id = stored.recording_of_draft(session, draft_id)
    row = stored.lock(session, recording_id) if recording_id else None
    if row is None or row.dropped_at is not None:
        return None
    if row.use_case_id is not None:
        is_this = intake.edited_by(session, draft_id) == row.use_case_id
        return None if is_this else NotNow.PROPOSED_MEANWHILE
    return row.number


def proposed(session: Session, draft_id: UUID, use_case_id: UUID, *, author: Actor, now: datetime) -> None:
    """Say that what was recorded is this use case from now on. The caller holds it by `number_for`."""
    recording_id = stored.recording_of_draft(session, draft_id)
    if recording_id is None:
        raise LookupError(f"draft {draft_id} proposes nothing that was recorded")
    stored.update_recording(session, recording_id, {"use_case_id": use_case_id, "ask_at": None})
    fact = Fact(LedgerKind.RECORDING_PROPOSED, {"use_case": str(use_case_id)})
    note(session, recording_id, fact, actor=author, now=now)


def recorded_fact(row: Mapping[str, object], *, imported: bool) -> Fact:
    owner, day = row["owner_id"], row["propose_by"]
    said: dict[str, ledger.Value] = {"owner": str(owner) if owner else None, "propose_by": str(day)}
    return Fact(LedgerKind.RECORDED, {"number": int(str(row["number"])), "imported": imported, **said})


def stream_of(recording_id: UUID) -> str:
    return f"recording:{recording_id}"


def note(session: Session, recording_id: UUID, fact: Fact, *, actor: Actor | None, now: datetime) -> None:
    """Append a fact to a recording's stream. The caller holds it, or has just made it."""
    ledger.record(session, stream_of(recording_id), [fact], actor=actor.id if actor else None, now=now)


def redraw_homes(session: Session, ids: set[UUID], *, now: datetime) -> None:
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, ids)
    ]
    outbox.promise(session, homes, now=now)


def _why_not(row: Recording | None) -> NotDone | None:
    if row is None:
        return NotDone.UNKNOWN
    if row.use_case_id is not None:
        return NotDone.PROPOSED
    return NotDone.DROPPED if row.dropped_at is not None else None


def _as_typed(session: Session, row: Recording) -> dict[str, str]:
    """Return what is known as it would be typed; the stage is nothing anybody types."""
    owner = people.named(session, [row.owner_id]).get(row.owner_id) if row.owner_id else None
    is_there = owner is not None and owner.membership is Membership.MEMBER
    typed = {
        "name": row.name,
        "problem": (row.problem or "")[: LONGEST_ANSWERS["problem"]],
        "team": row.team or "",
        "vendor": row.vendor or "",
        "owner": owner.slack_id if owner and is_there else "",
    }
    return {field: answer for field, answer in typed.items() if answer}
