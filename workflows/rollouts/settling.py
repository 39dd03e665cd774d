"""Take over what people decided about a rollout, and what becomes of it when its use case changes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from db.enums import PENDING, OutboxKind, RequestStatus, RolloutStatus
from db.queries import rollouts as stored
from db.session import Session
from workflows import approvals, intake, ledger, lessons, outbox, people
from workflows.approvals import Lapsed
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.rollouts.reading import SUBJECT_KIND, existing, redraw_use_case
from workflows.rollouts.rules import STATUS_OF
from workflows.rollouts.snapshots import RolloutSnapshot


def settle(session: Session, rollout_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime) -> None:
    """Take over where the request about a rollout stands, in the same transaction.

    Without an actor the policy or the clock did it. Approved, it gets the steps of the checklist published then, and
    its people are told. The caller holds the request.
    """
    held = stored.lock_rollout(session, rollout_id)
    after = STATUS_OF[status]
    if held is None or held.status in (after, RolloutStatus.DONE):
        return
    settled_at = None if status in PENDING else now
    stored.update_rollout(session, rollout_id, {"status": after, "settled_at": settled_at})
    record(session, rollout_id, LedgerKind.ROLLOUT_SETTLED, {"status": after.value}, actor=actor, now=now)
    if status is RequestStatus.APPROVED:
        checklist = lessons.checklist_of(session, held.use_case_id)
        stored.insert_steps(session, rollout_id, checklist.steps if checklist else ())
        found = existing(session, rollout_id)
        knows = {held.asked_by} - {held.owner_id}  # who asked hears the decision, and what to do if they own it there
        tell(session, found, "approved", besides=knows, now=now)
    redraw(session, existing(session, rollout_id), now=now)


def hold_open(session: Session, use_case_id: UUID) -> None:
    """Lock the requests of the rollouts of a use case, for whoever locks its own request after that."""
    for row in stored.rollouts_of(session, use_case_id):
        if row.status in (RolloutStatus.IN_REVIEW, RolloutStatus.CHANGES_REQUESTED):
            approvals.hold_about(session, SUBJECT_KIND, row.id)


def take_back_of(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take back every rollout of a use case that is not decided, because the use case has ended."""
    for row in stored.rollouts_of(session, use_case_id):
        request = approvals.latest_about(session, SUBJECT_KIND, [row.id]).get(row.id)
        if request is None or request.status not in PENDING:
            continue
        taken = approvals.take_back(session, request.id, actor=actor, now=now)
        if isinstance(taken, Lapsed):
            settle(session, row.id, taken.status, actor=actor, now=now)


def follow_confidentiality(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    """Hide the rollouts of a use case from whom it is hidden now, or show them again."""
    rows = stored.rollouts_of(session, use_case_id)
    use_case = intake.use_case_of(session, use_case_id) if rows else None
    confidential = use_case is not None and use_case.confidential
    for row in rows:
        approvals.follow_confidentiality(session, SUBJECT_KIND, row.id, confidential=confidential, now=now)


def tell(
    session: Session, rollout: RolloutSnapshot, what: str, *, besides: Collection[UUID] = (), now: datetime
) -> None:
    """Tell who owns it there, and who owns and sponsors the use case, that it is approved or done."""
    told = dict.fromkeys((rollout.owner.id, *intake.owner_and_sponsor(session, rollout.use_case_id)))
    known = people.named(session, [each for each in told if each not in besides])
    news = [
        Promise(OutboxKind.ROLLOUT_TOLD, known[each].slack_id, rollout.id, {"what": what, "person": str(each)})
        for each in told
        if each in known
    ]
    outbox.promise(session, news, now=now)


def redraw(session: Session, rollout: RolloutSnapshot, *, now: datetime) -> None:
    """Promise what shows a rollout drawn anew: the cards of its use case, its own, and the Homes of its people."""
    approvals.redraw_for(session, redraw_use_case(session, rollout.use_case_id), now=now)
    concerned = {rollout.owner.id, *intake.owner_and_sponsor(session, rollout.use_case_id)}
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, concerned)
    ]
    outbox.promise(session, homes, now=now)


def record(
    session: Session,
    rollout_id: UUID,
    kind: LedgerKind,
    data: Mapping[str, ledger.Value],
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Append a fact to a rollout's stream. The caller holds it, or has just made it."""
    ledger.record(session, f"rollout:{rollout_id}", [Fact(kind, data)], actor=actor.id if actor else None, now=now)
