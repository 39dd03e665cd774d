"""Send a version of a part for approval, and take over what people decided about it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from db.enums import Exclusion, FoundationKind, LaneStatus, RequestStatus, VersionStatus
from db.queries import foundation as stored
from db.session import Session
from workflows import approvals, policy, settings
from workflows.approvals import RequestSnapshot
from workflows.foundation import holding, reading, reminding, rules
from workflows.foundation.holding import Held
from workflows.foundation.rules import PENDING, Lacking, Text, subject_kind_of
from workflows.foundation.snapshots import No, Refused, Sent, VersionSnapshot
from workflows.people import Actor
from workflows.settings import SettingName

_BECAME: Final[Mapping[RequestStatus, VersionStatus]] = {
    status: VersionStatus(status.value) for status in RequestStatus
}


def submit(session: Session, kind: FoundationKind, number: int, *, actor: Actor, now: datetime) -> Sent | Refused:
    """Send the version that is being written to the people the policy names; whoever is given it back sends the next.

    Refused, and nothing stored, where something is missing or the policy has no rule for it. The newest request about
    the part is locked, and then the part.
    """
    held = _held(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    draft = held.part.draft
    if draft is None or draft.number != number:
        return Refused(No.NO_DRAFT, held.part)
    refusal = _why_not(session, held, draft.text, draft)
    return refusal or _send(session, held, draft, actor=actor, now=now)


def still_holds(
    session: Session, kind: FoundationKind, number: int, review_on: date | None, *, actor: Actor, now: datetime
) -> Sent | Refused:
    """Send what is approved for approval as it stands, to hold until another day. `number` is what was read.

    Refused where another version is written or decided on already, or this one is not the newest that was approved.
    """
    held = _held(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    approved = held.part.kept
    if approved is None or approved.number != number:
        return Refused(No.NOT_APPROVED, held.part)
    if held.part.draft is not None:
        return Refused(No.DRAFT_THERE, held.part)
    if holding.is_pending(held.part):
        return Refused(No.IN_REVIEW, held.part)
    flaw = rules.flaw_of_review(review_on, today=held.today)
    if flaw is not None:
        return Refused(No.FLAWED, held.part, {rules.Field.REVIEW: flaw})
    text = Text(approved.text.summary, approved.text.link, review_on, approved.text.effective_on)
    refusal = _why_not(session, held, text, approved)
    if refusal is not None:
        return refusal
    held, draft = holding.begin(session, held, approved, actor=actor, now=now)
    values = {"review_on": review_on, "effective_on": approved.text.effective_on}
    stored.update_version(session, held.id, draft.number, values)
    renewed = reading.part_of(session, kind)
    if renewed.draft is None:
        raise LookupError(f"version {draft.number} of {kind} was stored and is gone")
    return _send(session, Held(held.row, renewed, held.today), renewed.draft, actor=actor, now=now)


def settle(session: Session, part_id: UUID, status: RequestStatus, *, actor: Actor | None, now: datetime) -> None:  # noqa: ARG001 - whoever voted last
    """Take over where the request about a part stands. Approved, its version counts from now or from its first day on.

    The request is locked by the caller, the part here.
    """
    kind = stored.kind_of(session, part_id)
    if kind is None:
        raise LookupError(f"no part of the foundation {part_id}")
    held = holding.hold(session, kind, actor=None, now=now)
    version = next((each for each in reversed(held.part.versions) if each.status in PENDING), None)
    if version is None:
        raise LookupError(f"nothing is decided about {held.part.reference}")
    values: dict[str, object] = {"status": _BECAME[status]}
    is_approved = status is RequestStatus.APPROVED
    values |= {"approved_at": now} if is_approved else {}
    stored.update_version(session, held.id, version.number, values)
    after = Held(stored.update_part(session, held.row, {}), reading.part_of(session, kind), held.today)
    if is_approved:
        reminding.begin(session, after, now=now)
    _tell(session, after, version, is_approved=is_approved, now=now)


def _tell(session: Session, held: Held, version: VersionSnapshot, *, is_approved: bool, now: datetime) -> None:
    """Draw anew what shows the part; its owner hears that it is approved, where somebody else sent it."""
    owner, by = held.part.owner, version.submitted_by
    hears = is_approved and owner is not None and (by is None or by.id != owner.id)
    news = [holding.news_for(held.part, owner, "approved", version.number)] if hears and owner else []
    holding.tell(session, held.part, *([by.id] if by else []), news=news, now=now)


def _held(session: Session, kind: FoundationKind, *, actor: Actor, now: datetime) -> Held | Refused:
    part = reading.part_of(session, kind)
    if part.id is not None:
        approvals.hold_about(session, subject_kind_of(kind), part.id)
    return holding.hold_to_write(session, kind, actor=actor, now=now)


def _why_not(session: Session, held: Held, text: Text, version: VersionSnapshot) -> Refused | None:
    items = list(version.items.values())
    lacks: tuple[Lacking, ...] = rules.lacking(held.kind, text, items, held.part.owner, today=held.today)
    if lacks:
        return Refused(No.LACKING, held.part, lacks=lacks)
    if holding.subject_kind(held) not in policy.in_force(session).policy.subjects:
        return Refused(No.NO_RULE, held.part)
    return None


def _send(session: Session, held: Held, draft: VersionSnapshot, *, actor: Actor, now: datetime) -> Sent | Refused:
    kind = holding.subject_kind(held)
    before = held.part.pending
    route = policy.route(session, kind, {}, subject_id=held.id)
    subject = reading.subject(held.part, draft)
    excluded = _excluded(held, draft, before, actor)
    if before is not None:
        opened = approvals.resubmit(session, before.id, subject, route, editor=actor, excluded=excluded, now=now)
    else:
        opened = approvals.open_request(
            session,
            subject,
            route,
            requester=actor,
            excluded=excluded,
            governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
            now=now,
        )
    if isinstance(opened, approvals.Refused):
        return Refused(No.IN_REVIEW, reading.part_of(session, held.kind))
    values = {"status": VersionStatus.IN_REVIEW, "submitted_by": actor.id, "submitted_at": now}
    stored.update_version(session, held.id, draft.number, values)
    stored.update_part(session, held.row, {})
    if opened.status is RequestStatus.IN_REVIEW:
        holding.tell(session, held.part, now=now)
    else:  # a line of the policy decided
        settle(session, held.id, opened.status, actor=None, now=now)
    request = approvals.existing_request(session, opened.request_id)
    lanes = [lane for stage in request.stages for lane in stage.lanes]
    blocked = tuple(lane.name for lane in lanes if lane.status is LaneStatus.BLOCKED)
    return Sent(reading.part_of(session, held.kind), draft.number, request.id, opened.asked, blocked)


def _excluded(
    held: Held, draft: VersionSnapshot, before: RequestSnapshot | None, actor: Actor
) -> dict[UUID, Exclusion]:
    """Return who may not vote: who wrote on it, who owns it, and who sent it, first or now."""
    barred = dict.fromkeys([*draft.editors, actor.id], Exclusion.EDITOR)
    barred |= {held.part.owner.id: Exclusion.OWNER} if held.part.owner else {}
    return barred | {before.proposer.id if before else actor.id: Exclusion.PROPOSER}
