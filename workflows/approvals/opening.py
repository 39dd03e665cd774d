"""Open requests, and lay them out anew when what they are about or the policy changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Audience, Exclusion, OutboxKind, RequestStatus, RoundCause, Tier
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from workflows import ledger
from workflows.approvals import announcing, rounds, states
from workflows.approvals.barring import barred_for_good
from workflows.approvals.cards import insert_card
from workflows.approvals.confidentiality import follow_confidentiality
from workflows.approvals.laying import Round
from workflows.approvals.rules import Refusal
from workflows.approvals.seating import open_stage
from workflows.approvals.snapshots import Refused, Subject
from workflows.approvals.streams import digest_over, stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A request is laid out. `asked` are the people whose turn it is now, empty when nobody can be asked.

    `status` is not `in_review` when a line of the policy has decided.
    """

    request_id: UUID
    status: RequestStatus
    asked: tuple[Actor, ...]


def open_request(
    session: Session,
    subject: Subject,
    snapshot: PolicySnapshot,
    *,
    requester: Actor,
    excluded: Mapping[UUID, Exclusion],
    governance_channel: str | None,
    confidential: bool = False,
    amends: UUID | None = None,
    now: datetime,
) -> Opened:
    """Put a subject into review under the pinned policy snapshot and ask the first stage.

    Nobody in `excluded` can be asked or vote, whatever roles they hold. A confidential request is announced nowhere.
    `amends` is the approved request whose subject is to be changed: lanes that look at nothing of the change keep their
    approval. The caller has locked or just made the subject.
    """
    amended = stored.lock(session, amends) if amends else None
    request_id = new_id()
    values = {
        "id": request_id,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "reference": subject.reference,
        "requester_id": requester.id,
        "amends_id": amends,
        "opened_at": now,
        "version": 1,
    }
    stored.insert_request(session, values | _standing(subject, snapshot, number=1, confidential=confidential, now=now))
    if governance_channel and not confidential:
        insert_card(session, request_id, Audience.GOVERNANCE, governance_channel, None)
    follow_confidentiality(session, subject.kind, subject.id, confidential=confidential, now=now)
    laid = Round(request_id, 1, RoundCause.SUBMITTED, subject, snapshot, requester.id)
    return _lay_out(session, laid, before=amended, excluded=excluded, now=now)


def kept_by_change(
    session: Session, amends: UUID, subject: Subject, snapshot: PolicySnapshot, *, excluded: Collection[UUID]
) -> frozenset[tuple[str, str]]:
    """Return (stage, lane) of those that keep their approval if an approved request's subject is changed to this."""
    amended = stored.lock(session, amends)
    kept = rounds.kept_of_amended(session, amended, subject, snapshot, excluded=excluded) if amended else {}
    return frozenset((each.stage, each.key) for each in kept)


def resubmit(
    session: Session,
    request_id: UUID,
    subject: Subject,
    snapshot: PolicySnapshot,
    *,
    editor: Actor,
    excluded: Mapping[UUID, Exclusion],
    confidential: bool = False,
    now: datetime,
) -> Opened | Refused:
    """Put a changed subject back into review; lanes whose approval still holds are not asked again.

    Refused unless the request is with its proposer, or was decided by a line of the policy: a wrong answer may be
    corrected.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    if request.status is not RequestStatus.CHANGES_REQUESTED and not _is_refused_by_policy(request):
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    laid = Round(request_id, request.round + 1, RoundCause.RESUBMITTED, subject, snapshot, editor.id)
    values = _standing(subject, snapshot, number=laid.number, confidential=request.confidential, now=now)
    stored.renew_request(session, request_id, version=request.version, values=values)
    follow_confidentiality(session, subject.kind, subject.id, confidential=confidential, now=now)
    excluded = {**barred_for_good(session, request_id), **excluded}
    return _lay_out(session, laid, before=request, excluded=excluded, now=now)


def reroute(
    session: Session, request_id: UUID, subject: Subject, snapshot: PolicySnapshot, *, actor: UUID | None, now: datetime
) -> Opened | Refused:
    """Lay a request in review out anew under another policy snapshot, on the content it already has.

    Refused when it is not in review, the snapshot is the one it has, or `subject` is not what was submitted last.
    `actor` is None for the command line.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    if request.revision != subject.revision:
        return Refused(Refusal.CONTENT_CHANGED, request_id)
    before = stored.round_of(session, request_id, request.round)
    is_same = before is not None and before.snapshot_hash == snapshot.content_hash
    if request.status is not RequestStatus.IN_REVIEW or is_same:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    laid = Round(request_id, request.round + 1, RoundCause.REROUTED, subject, snapshot, actor)
    values = _standing(subject, snapshot, number=laid.number, confidential=request.confidential, now=now)
    stored.renew_request(session, request_id, version=request.version, values=values)
    excluded = {each.person_id: each.why for each in stored.exclusions(session, request_id)}
    return _lay_out(session, laid, before=request, excluded=excluded, now=now)


def _standing(
    subject: Subject, snapshot: PolicySnapshot, *, number: int, confidential: bool, now: datetime
) -> dict[str, object]:
    """Return what a round changes on the request's own row."""
    status = _status(snapshot)
    return {
        "revision": subject.revision,
        "round": number,
        "tier": snapshot.tier,
        "status": status,
        "confidential": confidential,
        "distinct_approvers": snapshot.chain.has_distinct_approvers(snapshot.tier) if snapshot.chain else False,
        "decided_by_line": snapshot.decided.line if snapshot.decided else None,
        "settled_at": None if status is RequestStatus.IN_REVIEW else now,
    }


def _status(snapshot: PolicySnapshot) -> RequestStatus:
    if snapshot.chain is not None:
        return RequestStatus.IN_REVIEW
    return RequestStatus.REJECTED if snapshot.tier is Tier.PROHIBITED else RequestStatus.APPROVED


def _is_refused_by_policy(request: stored.LockedRequest) -> bool:
    return request.status is RequestStatus.REJECTED and request.decided_by_line is not None


def _lay_out(
    session: Session,
    laid: Round,
    *,
    before: stored.LockedRequest | None,
    excluded: Mapping[UUID, Exclusion],
    now: datetime,
) -> Opened:
    is_new = before is None or before.id != laid.request_id
    states.REQUEST.require(before.status if before and not is_new else None, _status(laid.snapshot))
    stored.set_exclusions(session, laid.request_id, excluded)
    first = rounds.lay_out(session, laid, before=before, excluded=excluded, now=now)
    facts = _facts(laid, amends=before.id if before and is_new else None)
    ledger.record(session, stream_of(laid.request_id), facts, actor=laid.by, now=now)
    request = stored.lock(session, laid.request_id)
    if request is None:
        raise LookupError(f"request {laid.request_id} was there and is gone")
    asked = open_stage(session, request, first, now=now) if first else []
    settled = request.status is not RequestStatus.IN_REVIEW
    news = [Promise(OutboxKind.REQUEST_SETTLED, request.requester_slack_id, request.id)] if settled else []
    concerned: Collection[UUID] = {*excluded, *stored.asked_ever(session, request.id)}
    announcing.redraw(session, request.id, people=concerned, news=news, now=now)
    return Opened(request.id, request.status, tuple(asked))


def _facts(laid: Round, *, amends: UUID | None) -> list[Fact]:
    kinds = {
        RoundCause.SUBMITTED: LedgerKind.REQUEST_OPENED,
        RoundCause.RESUBMITTED: LedgerKind.REQUEST_RESUBMITTED,
        RoundCause.REROUTED: LedgerKind.REQUEST_REROUTED,
    }
    subject, snapshot = laid.subject, laid.snapshot
    data: dict[str, ledger.Value] = {
        "subject": str(subject.id),
        "subject_kind": subject.kind,
        "revision": subject.revision,
        "round": laid.number,
        "tier": snapshot.tier.value,
        "policy_snapshot": snapshot.content_hash,
        "content": digest_over(subject.sections.values()),
    }
    data |= {"amends": str(amends)} if amends else {}
    facts = [Fact(kinds[laid.cause], data)]
    if snapshot.decided is not None:
        settled: dict[str, ledger.Value] = {
            "status": _status(snapshot).value,
            "line": snapshot.decided.line,
            "policy": snapshot.policy_number,
        }
        facts.append(Fact(LedgerKind.REQUEST_SETTLED, settled))
    return facts
