"""Change requests: an edit of something approved is itself decided on, and the approval holds until it is.

Nobody decides about what is cosmetic. When the tier rises to high or prohibited, the approval no longer counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Exclusion, RequestStatus, Section, SuspensionCause, Tier, UseCaseState
from db.queries import intake as stored
from db.queries.intake import Standing
from db.session import Session
from workflows import approvals, ledger, settings
from workflows.approvals import RequestSnapshot, Subject
from workflows.intake import reading, settling
from workflows.intake.proposals import Proposal
from workflows.intake.reading import SUBJECT_KIND
from workflows.intake.rules import CHANGEABLE, Effect, effect_of_change
from workflows.intake.snapshots import NotNow, UseCaseSnapshot
from workflows.intake.writing import insert_revision
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.policy import PolicySnapshot
from workflows.settings import SettingName


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of something approved, as it would be sent now. `subject` is what would be decided on."""

    approved: RequestSnapshot
    subject: Subject
    standing: Standing
    effect: Effect


def base_of_edit(session: Session, use_case: UseCaseSnapshot) -> int | NotNow:
    """Return the number of the text that proposer and owner may edit now, or why there is none.

    It is what was sent last when that is theirs again: changes were requested, or the policy refused it. Of something
    approved it is the text in force.
    """
    latest = approvals.latest_about(session, SUBJECT_KIND, [use_case.id]).get(use_case.id)
    if latest is None:
        return NotNow.NOT_EDITABLE
    is_open = use_case.provisional or use_case.state in (UseCaseState.CHANGES_REQUESTED, UseCaseState.REJECTED)
    if (is_open or use_case.pending_revision == latest.revision) and _is_theirs_again(latest):
        return latest.revision
    if not use_case.may_change:
        return NotNow.NOT_EDITABLE
    return use_case.revision if use_case.pending_revision is None else NotNow.CHANGE_PENDING


def why_not_sent(session: Session, use_case: UseCaseSnapshot, base: int) -> NotNow | None:
    """Return why an edit that began from the text `base` cannot be sent any more, or None when it can."""
    found = base_of_edit(session, use_case)
    if found == base:
        return None
    if isinstance(found, NotNow) and stored.last_revision(session, use_case.id) <= base:
        return found
    return NotNow.CHANGED_MEANWHILE


def change_of(session: Session, use_case_id: UUID, says: Proposal, route: PolicySnapshot) -> Change | None:
    """Return what sending this edit would do, or None when it is of something that is not approved.

    The approved request is locked: of two who send a change at once, one is first.
    """
    approved = approvals.approved_about(session, SUBJECT_KIND, use_case_id)
    standing = stored.standing_of(session, use_case_id)
    whole = stored.by_id(session, use_case_id)
    before = reading.use_case_of(session, use_case_id)
    if approved is None or standing is None or whole is None or before is None or standing.state not in CHANGEABLE:
        return None
    number, salt = whole[0].number, whole[0].salt
    revision = stored.last_revision(session, use_case_id) + 1
    subject = reading.subject(session, use_case_id, number, revision, says, salt=salt)
    in_force = reading.subject(session, use_case_id, number, standing.revision, before.says, salt=salt)
    changed = {section for section, digest in subject.sections.items() if in_force.sections.get(section) != digest}
    if says.confidential != before.confidential:
        changed.add(Section.COSMETIC)  # who may know of it is for its proposer to say
    effect = effect_of_change(standing.state, changed=changed, was=approved.tier, becomes=route.tier)
    is_awaited = standing.pending_revision is not None and effect in (Effect.NOTHING, Effect.AT_ONCE)
    goes_on = standing.state is UseCaseState.SUSPENDED and effect is Effect.NOTHING
    if is_awaited or goes_on:  # somebody waits for an answer; or it is to go on as it was approved
        effect = Effect.ASKED
    return Change(approved, subject, standing, effect)


def ask(
    session: Session,
    change: Change,
    says: Proposal,
    route: PolicySnapshot,
    *,
    excluded: Mapping[UUID, Exclusion],
    editor: Actor,
    now: datetime,
) -> NotNow | None:
    """Store a change of something approved and put it into review, or into force where nobody has to decide."""
    if change.standing.pending_revision is not None:
        return NotNow.CHANGE_PENDING
    if change.effect is Effect.NOTHING:
        return NotNow.UNCHANGED
    use_case_id = change.subject.id
    store_text(session, change.subject, says, editor=editor, now=now)
    take_effect(session, change, confidential=says.confidential, editor=editor, now=now)
    if change.effect is Effect.AT_ONCE:
        confidential = says.confidential
        approvals.follow_confidentiality(session, SUBJECT_KIND, use_case_id, confidential=confidential, now=now)
        return None
    opened = approvals.open_request(
        session,
        change.subject,
        route,
        requester=editor,
        excluded=excluded,
        confidential=says.confidential,
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        amends=change.approved.id,
        now=now,
    )
    settle_sent(session, use_case_id, opened.status, tier=route.tier, editor=editor, now=now)
    return None


def hold_against_tier(session: Session, use_case_id: UUID, tier: Tier, *, actor: Actor | None, now: datetime) -> None:
    """Do what it does to something approved that a change of it is led to another tier by another policy.

    As when it is sent: where the tier rises to high or prohibited the approval no longer counts. `actor` is None for
    the command line.
    """
    standing, whole = stored.standing_of(session, use_case_id), stored.by_id(session, use_case_id)
    found = reading.subject_of(session, use_case_id)
    approved = approvals.approved_about(session, SUBJECT_KIND, use_case_id)
    if standing is None or standing.pending_revision is None or whole is None or found is None or approved is None:
        return
    effect = effect_of_change(standing.state, changed=set(found[0].sections), was=approved.tier, becomes=tier)
    if effect in (Effect.SUSPENDS, Effect.RETURNS):
        change = Change(approved, found[0], standing, effect)
        take_effect(session, change, confidential=whole[0].confidential, editor=actor, now=now)


def take_effect(session: Session, change: Change, *, confidential: bool, editor: Actor | None, now: datetime) -> None:
    """Do what the change does in the moment it is sent: the new text waits, is in force, or ends the approval."""
    use_case_id, revision = change.subject.id, change.subject.revision
    values: dict[str, object] = {"confidential": confidential}
    match change.effect:
        case Effect.ASKED | Effect.SUSPENDS:
            values |= {"pending_revision": revision}
        case Effect.AT_ONCE | Effect.RETURNS | Effect.NOTHING:
            values |= {"revision": revision, "pending_revision": None}
    stored.update_use_case(session, use_case_id, version=change.standing.version, values=values)
    if change.effect is Effect.SUSPENDS:
        settling.suspend(session, use_case_id, SuspensionCause.TIER_ROSE, actor=editor, now=now)
    if change.effect is Effect.RETURNS:
        settling.settle(session, use_case_id, RequestStatus.IN_REVIEW, actor=editor, now=now)


def store_text(session: Session, subject: Subject, says: Proposal, *, editor: Actor, now: datetime) -> None:
    """Store the next text of a use case, on the record with the digests of its sections."""
    insert_revision(session, subject.id, subject.revision, says, by=editor, now=now)
    digests = {section.value: digest for section, digest in subject.sections.items()}
    fact = Fact(LedgerKind.USE_CASE_REVISED, {"revision": subject.revision, **digests})
    ledger.record(session, reading.stream_of(subject.id), [fact], actor=editor.id, now=now)


def settle_sent(
    session: Session, use_case_id: UUID, status: RequestStatus, *, tier: Tier, editor: Actor, now: datetime
) -> None:
    """Take over where a text that was just sent stands. A change the policy refused may be corrected, so it stays."""
    standing = stored.standing_of(session, use_case_id)
    is_refused_change = standing is not None and standing.pending_revision is not None and tier is Tier.PROHIBITED
    if not is_refused_change:
        settling.settle(session, use_case_id, status, actor=editor, now=now)


def kept_lanes(
    session: Session, change: Change | None, route: PolicySnapshot, *, excluded: Collection[UUID]
) -> frozenset[tuple[str, str]]:
    """Return (stage, lane) of those that would not be asked again about this change."""
    if change is None or change.standing.pending_revision is not None:
        return frozenset()
    return approvals.kept_by_change(session, change.approved.id, change.subject, route, excluded=excluded)


def _is_theirs_again(request: RequestSnapshot) -> bool:
    is_refused = request.status is RequestStatus.REJECTED and request.tier is Tier.PROHIBITED
    return is_refused or request.status is RequestStatus.CHANGES_REQUESTED
