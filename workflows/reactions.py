"""What the rest of the product does when a request moves, in the same transaction.

Approvals know subjects, not features; `subjects` says which feature answers for a kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter

from db.enums import PENDING, RequestStatus, Tier, Verb
from db.session import Session
from workflows import (
    approvals,
    auditing,
    breaking_glass,
    checkins,
    conditions,
    deliveries,
    intake,
    lifecycle,
    obligations,
    people,
    policy,
    policy_changes,
    recertifying,
    recorded,
    rollouts,
    subjects,
)
from workflows.approvals import Done, Lapsed, Refusal, Refused, RequestSnapshot, Subject, Vote, Voted
from workflows.conditions import Asks
from workflows.intake import Became, NotNow, Page, Proposal, Proposed, Sent
from workflows.people import Actor
from workflows.policy import Facts, PolicySnapshot
from workflows.policy_changes import NotDone, PolicyProposed, PutInForce
from workflows.recertifying import NotAnswered, Renewed, Retired, SentOn

type_of_vote_outcome: TypeAdapter[Voted | Refused] = TypeAdapter(
    Annotated[Voted | Refused, Field(discriminator="outcome")]
)


class Rerouting(StrEnum):
    """What becomes of a request when it is held against the policy in force."""

    MOVES = "moves"
    STAYS = "stays"  # the same tier, lanes and line
    WITH_PROPOSER = "with_proposer"  # routed anew when it comes back
    NO_RULE = "no_rule"  # the policy in force says nothing about its kind, so it stays where it is
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Rerouted:
    """`stages` are the names of the lanes as laid out before, stage by stage; `route` is what is in force now.

    There is none where the policy in force has no rule for its kind.
    """

    reference: str
    outcome: Rerouting
    tier: Tier
    stages: tuple[tuple[str, ...], ...]
    route: PolicySnapshot | None


def cast_vote(
    session: Session, vote: Vote, *, voter: Actor, delivery: str, now: datetime, asks: Asks | None = None
) -> Voted | Refused:
    """Cast a vote and let the subject's feature take over what it settled.

    An approval with conditions stores what it `asks` for, and is refused without; any other vote drops what the one
    before it asked for. `delivery` is the key of what Slack delivered: the same delivery again returns the same
    outcome. Where the modal stays open that is not remembered: what it sends when corrected has the same key.
    """
    remembered = deliveries.begin(session, delivery, now=now)
    if remembered is not None:
        return type_of_vote_outcome.validate_json(remembered)
    outcome = _not_asked_that(session, vote) or _vote(session, vote, asks, voter=voter, now=now)
    if isinstance(outcome, Voted) and outcome.status is not RequestStatus.IN_REVIEW:
        kind, subject_id, unconditional = outcome.subject_kind, outcome.subject_id, not outcome.has_conditions
        _settled(session, kind, subject_id, outcome.status, actor=voter, now=now, unconditional=unconditional)
    if isinstance(outcome, Refused) and _form_stays(vote, outcome):
        deliveries.forget(session, delivery)
    else:
        deliveries.remember(session, delivery, type_of_vote_outcome.dump_json(outcome).decode())
    return outcome


def _form_stays(vote: Vote, outcome: Refused) -> bool:
    """Say whether the person still has the form before them: it wants a reason, or holds too much to be carried."""
    if outcome.why is Refusal.SECOND_LOOK:
        return vote.verb is Verb.APPROVE_WITH_CONDITIONS
    return outcome.why is Refusal.REASON_MISSING


def submit(session: Session, draft_id: UUID, *, author: Actor, now: datetime) -> Proposed | Page | NotNow:
    """Submit a draft, and do what follows where a line of the policy settled it at once."""
    edited = intake.edited_by(session, draft_id)
    if edited is not None:
        auditing.hold_open(session, edited)  # whoever votes on one holds its request when they want the use case
        rollouts.hold_open(session, edited)
    number = recorded.number_for(session, draft_id)
    if isinstance(number, NotNow):
        return number
    outcome = intake.submit(session, draft_id, author=author, number=number, now=now)
    if isinstance(outcome, Proposed) and outcome.is_new and number is not None:
        recorded.proposed(session, draft_id, outcome.use_case_id, author=author, now=now)
    if isinstance(outcome, Proposed):
        _sent(session, outcome, author=author, now=now)
        if outcome.change is not None:
            auditing.follow_confidentiality(session, outcome.use_case_id, now=now)
            rollouts.follow_confidentiality(session, outcome.use_case_id, now=now)
            may_know = partial(_may_be_asked, session, outcome.use_case_id)
            checkins.ask_who_may_know(session, outcome.use_case_id, may_know, now=now)
    return outcome


def propose(session: Session, says: Proposal, *, token: UUID, proposer: Actor, now: datetime) -> Proposed:
    """Put a whole proposal into review without a draft, as `submit` does."""
    outcome = intake.propose(session, says, token=token, proposer=proposer, now=now)
    _sent(session, outcome, author=proposer, now=now)
    return outcome


def put_policy_forward(
    session: Session,
    text: str,
    *,
    by: Actor | None,
    instead_of: UUID | None = None,
    expects: bool | None = None,
    now: datetime,
) -> PutInForce | PolicyProposed | NotDone:
    """Put a policy file in force, or, where the policy in force wants changes of it decided, ask people whether to.

    The arguments are those of `policy_changes.put_forward`; `instead_of`, a proposal of theirs, is withdrawn unless it
    is decided already. Raises PolicyError when the file cannot be used, or not by those who hold its roles today.
    """
    require_every_kind(text)
    policy.require_holders(session, text)
    replaced = approvals.hold_about(session, policy_changes.SUBJECT_KIND, instead_of) if instead_of else None
    outcome = policy_changes.put_forward(session, text, by=by, instead_of=instead_of, expects=expects, now=now)
    if replaced is not None and by is not None and not isinstance(outcome, NotDone):
        withdraw(session, replaced, actor=by, now=now)  # refused where it is not theirs, or decided: it stays then
    return outcome


def grant_role(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> tuple[bool, int]:
    """Give a role to a person; return whether that was new, and how many blocked lanes could open."""
    granted = people.grant_role(session, role, person_id, actor=actor, now=now)
    return granted, approvals.unblock(session, role, now=now)


def plan_reroute(session: Session, request_id: UUID) -> Rerouted:
    """Return what rerouting this request would do now. Raises LookupError when there is no such request."""
    return _held_against_policy(session, approvals.existing_request(session, request_id))[0]


def reroute(session: Session, request_id: UUID, *, actor: Actor | None, now: datetime) -> Rerouted:
    """Lay a request in review out anew where the policy in force leads elsewhere; everything else stays as it is.

    Where a line of that policy decides, the request is settled and its proposer told. `actor` is None for the command
    line.
    """
    found, subject = _held_against_policy(session, approvals.existing_request(session, request_id))
    if found.outcome is not Rerouting.MOVES or found.route is None:
        return found
    by = actor.id if actor else None
    opened = approvals.reroute(session, request_id, subject, found.route, actor=by, now=now)
    if isinstance(opened, Refused):  # somebody was faster; the request is ours now, and cannot change again
        return reroute(session, request_id, actor=actor, now=now)
    hold = subjects.feature_of(subject.kind).hold_against_tier
    if hold is not None:
        hold(session, subject.id, found.route.tier, actor=actor, now=now)
    if opened.status is not RequestStatus.IN_REVIEW:
        _settled(session, subject.kind, subject.id, opened.status, actor=actor, now=now)
    if subject.kind == intake.SUBJECT_KIND and opened.status is RequestStatus.APPROVED:
        auditing.draw(session, subject.id, now=now)
    return found


def time_out(session: Session, *, now: datetime) -> int:
    """Run the clocks of lanes and let the features take over what expired; return how many lanes that concerned."""
    outcome = approvals.time_out(session, now=now)
    for lapsed in outcome.expired:
        _settled(session, lapsed.subject_kind, lapsed.subject_id, lapsed.status, actor=None, now=now)
    return outcome.lanes


def anybody_to_hand_over(session: Session) -> bool:
    """Say whether `hand_over` would change a request; reads only."""
    return approvals.anybody_to_hand_over(session, partial(_owner_of, session))


def hand_over(session: Session, *, now: datetime) -> int:
    """Give the pending requests of proposers who left to who owns what they are about; return how many changed."""
    return approvals.hand_over(session, partial(_owner_of, session), now=now)


def ask_question(session: Session, request_id: UUID, text: str, *, asker: Actor, now: datetime) -> Done | Refused:
    """Put a question to the proposer. Refused to who may not read what it is about."""
    request = approvals.request_of(session, request_id)
    if request is None or not may_read(session, request, asker.id):
        return Refused(Refusal.UNKNOWN if request is None or request.confidential else Refusal.NOT_YOURS, request_id)
    return approvals.ask_question(session, request_id, text, asker=asker, now=now)


def withdraw(session: Session, request_id: UUID, *, actor: Actor, now: datetime) -> Lapsed | Refused:
    """Take a request back for its proposer, and let its feature know."""
    request = approvals.request_of(session, request_id)
    if request is not None and not subjects.is_sent(request.subject_kind):
        return Refused(Refusal.NOBODY_SENT_IT, request_id)
    outcome = approvals.withdraw(session, request_id, actor=actor, now=now)
    if isinstance(outcome, Lapsed):
        _settled(session, outcome.subject_kind, outcome.subject_id, outcome.status, actor=actor, now=now)
    return outcome


def still_valid(
    session: Session, use_case_id: UUID, revision: int, *, actor: Actor, now: datetime
) -> Renewed | SentOn | NotAnswered:
    """Say that an approved text still holds, and do what follows where a line of the policy approves it at once."""
    outcome = recertifying.still_valid(session, use_case_id, revision, actor=actor, now=now)
    if isinstance(outcome, SentOn) and outcome.request.status is RequestStatus.APPROVED:
        _line_approved(session, use_case_id, is_change=True, now=now)
    return outcome


def retire(session: Session, use_case_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Retired | NotAnswered:
    """Retire a use case, take back what is still asked about it, and drop what is left of its conditions."""
    rollouts.hold_open(session, use_case_id)
    refusal = recertifying.may_retire(session, use_case_id, actor=actor, now=now)
    if refusal is not None:
        return refusal
    _take_back(session, use_case_id, actor=actor, now=now)
    outcome = recertifying.retire(session, use_case_id, reason, actor=actor, now=now)
    if isinstance(outcome, Retired):
        lifecycle.retired(session, outcome.use_case, actor=actor, now=now)
        _retired(session, use_case_id, now=now)
    return outcome


def retire_by_hand(
    session: Session, use_case_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> lifecycle.Moved | lifecycle.NotMoved:
    """Retire a use case without being asked about it, as `lifecycle.retire` says; the rest as `retire` does."""
    approvals.approved_about(session, intake.SUBJECT_KIND, use_case_id)
    refused = lifecycle.may_move(session, use_case_id, lifecycle.Move.RETIRE, actor=actor, now=now)
    if refused is not None:
        return refused
    if reason.strip():
        _take_back(session, use_case_id, actor=actor, now=now)
    outcome = lifecycle.retire(session, use_case_id, reason, actor=actor, now=now)
    if isinstance(outcome, lifecycle.Moved):
        _retired(session, use_case_id, now=now)
    return outcome


def may_read(session: Session, request: RequestSnapshot, viewer: UUID) -> bool:
    """Say whether this person may see answers, votes and reasons, and know of it when it is confidential.

    Proposer, owner, sponsor, editors, everybody in the chain whether asked yet or not, whoever has a condition to meet,
    leads, auditors and admins; and while it is undecided and not confidential, those who may let it go ahead by
    break-glass.
    """
    if request.involves(viewer) or viewer in request.related:
        return True
    let_in = request.roles() | policy.READING_ALL
    if request.status in PENDING and not request.confidential:
        let_in |= {policy.BREAK_GLASS}  # they may let it go ahead, so they must be able to judge it
    if people.roles_of(session, viewer) & let_in:
        return True
    feature = subjects.FEATURES.get(request.subject_kind)
    if feature is not None and viewer in feature.insiders(session, request.subject_id):
        return True
    return conditions.may_know(session, request.subject_kind, request.subject_id, viewer)


def may_read_kpis(session: Session, use_case_id: UUID, viewer: UUID) -> bool:
    """Say whether this person may see a use case's numbers: who may read it, and who answers for one of its KPIs."""
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    is_reader = request is not None and may_read(session, request, viewer)
    return is_reader or viewer in checkins.owners_of(session, use_case_id)


def _may_be_asked(session: Session, use_case_id: UUID, person_id: UUID) -> bool:
    return may_be_told(session, use_case_id, person_id) or person_id in checkins.owners_of(session, use_case_id)


def hand_over_check_in(
    session: Session, check_in_id: UUID, to: Actor, *, for_good: bool, actor: Actor, now: datetime
) -> checkins.Done | checkins.NotDoneNow:
    """Ask somebody else, as `checkins.hand_over` says; about a confidential use case only who may read it."""
    found = checkins.check_in_of(session, check_in_id)
    if found and actor.id in found.may and not may_be_told(session, found.use_case_id, to.id):
        return checkins.NotDoneNow(checkins.No.NOT_A_READER, found)
    return checkins.hand_over(session, check_in_id, to, for_good=for_good, actor=actor, now=now)


def answer_check_in(
    session: Session,
    schedule_id: UUID,
    on_date: date,
    values: Mapping[UUID, float],
    says: checkins.Said,
    *,
    seen: int,
    verifier: Actor | None,
    actor: Actor,
    now: datetime,
) -> checkins.Done | checkins.NotDoneNow | checkins.NotAVerifier:
    """Store an answer, as `checkins.answer` says, and ask `verifier` to confirm it, now and from then on.

    Who is remembered and answers themselves this time stays remembered, and nobody is asked.
    """
    found = checkins.to_answer(session, schedule_id, on_date, actor=actor, now=now)
    if isinstance(found, checkins.NotDoneNow):
        return found
    why = _why_no_verifier(session, found, verifier, answers=actor)
    is_new = (verifier.id if verifier else None) != (found.verifier.id if found.verifier else None)
    if verifier is not None and why is not None and (is_new or why is not checkins.NoVerifier.YOURSELF):
        return checkins.NotAVerifier(why, verifier)
    outcome = checkins.answer(session, schedule_id, on_date, values, says, seen=seen, actor=actor, now=now)
    if isinstance(outcome, checkins.Done):
        asked = None if why else verifier
        checkins.ask_to_confirm(session, outcome.check_in, asked, remembers=is_new, actor=actor, now=now)
    return outcome


def answer_check_in_unchanged(
    session: Session, check_in_id: UUID, *, actor: Actor, now: datetime
) -> checkins.Done | checkins.NotDoneNow:
    """Answer with the last values, as `checkins.answer_unchanged` says, and ask who is remembered to confirm them."""
    outcome = checkins.answer_unchanged(session, check_in_id, actor=actor, now=now)
    if isinstance(outcome, checkins.Done):
        verifier = outcome.check_in.verifier
        asked = None if _why_no_verifier(session, outcome.check_in, verifier, answers=actor) else verifier
        checkins.ask_to_confirm(session, outcome.check_in, asked, remembers=False, actor=actor, now=now)
    return outcome


def why_no_verifier(session: Session, found: checkins.CheckInSnapshot) -> checkins.NoVerifier | None:
    """Return why who is remembered cannot confirm what was answered, or None when they can, or nobody is."""
    return _why_no_verifier(session, found, found.verifier, answers=found.answer.by) if found.answer else None


def _why_no_verifier(
    session: Session, found: checkins.CheckInSnapshot, verifier: Actor | None, *, answers: Actor
) -> checkins.NoVerifier | None:
    if verifier is None:
        return None
    may_know = may_be_told(session, found.use_case_id, verifier.id)
    return checkins.why_no_verifier(verifier, answers=answers.id, reports=found.person.id, may_read=may_know)


def accept_fix(
    session: Session, check_in_id: UUID, wanted: checkins.Wanted, *, actor: Actor, now: datetime
) -> checkins.Fixed | checkins.NotFixed:
    """Accept a fix, as `checkins.accept_fix` says; a confidential use case's is given to who may read it only."""
    found = checkins.to_accept_fix(session, check_in_id, actor=actor)
    if isinstance(found, checkins.CheckInSnapshot) and not may_be_told(session, found.use_case_id, wanted.owner.id):
        return checkins.NotFixed(checkins.NoFix.NOT_A_READER)
    return checkins.accept_fix(session, check_in_id, wanted, actor=actor, now=now)


def change_fix(
    session: Session, fix_id: UUID, wanted: checkins.Wanted, *, seen: int, actor: Actor, now: datetime
) -> checkins.Fixed | checkins.NotFixed:
    """Change a fix, as `checkins.change_fix` says; a confidential use case's is given to who may read it only."""
    found = checkins.to_change_fix(session, fix_id, actor=actor)
    if isinstance(found, checkins.FixSnapshot) and not may_be_told(session, found.use_case_id, wanted.owner.id):
        return checkins.NotFixed(checkins.NoFix.NOT_A_READER, found)
    return checkins.change_fix(session, fix_id, wanted, seen=seen, actor=actor, now=now)


def may_be_told(session: Session, use_case_id: UUID, person_id: UUID) -> bool:
    """Say whether a use case may be named to somebody: it is not confidential, or they may read it."""
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    return request is None or not request.confidential or may_read(session, request, person_id)


def require_every_kind(text: str) -> None:
    """Raise PolicyError when a policy cannot be used, or has no rule for something people can submit."""
    for kind in subjects.kinds_needed():
        policy.require_rule_for(text, kind)


def _vote(session: Session, vote: Vote, asks: Asks | None, *, voter: Actor, now: datetime) -> Voted | Refused:
    """Cast a vote and keep the conditions it sets in place of those of the vote before it."""
    wanted = _wanted(session, vote, asks) if asks else []
    if vote.verb is Verb.APPROVE_WITH_CONDITIONS and not wanted:
        return Refused(Refusal.REASON_MISSING, None)
    outcome = approvals.cast_vote(session, vote, voter=voter, now=now)
    if isinstance(outcome, Voted) and Verb.APPROVE_WITH_CONDITIONS in (outcome.verb, outcome.instead_of):
        conditions.replace_conditions(session, outcome, vote.lane_id, wanted, actor=voter, now=now)
    return outcome


def _wanted(session: Session, vote: Vote, asks: Asks) -> Sequence[conditions.Wanted]:
    request = approvals.request_with_lane(session, vote.lane_id) if asks.also else None
    return conditions.known_to(session, asks, request.subject_kind, request.subject_id) if request else asks.wanted


def _not_asked_that(session: Session, vote: Vote) -> Refused | None:
    """Return the refusal of a vote that what it is about does not take; approved and rejected can be everything."""
    if vote.verb in (Verb.APPROVE, Verb.REJECT):
        return None
    request = approvals.request_with_lane(session, vote.lane_id)
    if request is None or subjects.takes(request.subject_kind, vote.verb):
        return None
    return Refused(Refusal.NOT_ASKED_THAT, request.id)


def _held_against_policy(session: Session, request: RequestSnapshot) -> tuple[Rerouted, Subject]:
    subject, facts = _subject_of(session, request)
    is_ruled = request.subject_kind in policy.in_force(session).policy.subjects
    kind, subject_id = request.subject_kind, request.subject_id
    route = subjects.route(session, kind, subject_id, facts) if is_ruled else None
    if request.status is RequestStatus.CHANGES_REQUESTED:
        outcome = Rerouting.WITH_PROPOSER
    elif request.status is not RequestStatus.IN_REVIEW:
        outcome = Rerouting.SETTLED
    elif route is None:
        outcome = Rerouting.NO_RULE
    else:
        outcome = Rerouting.STAYS if request.pinned.course == route.course else Rerouting.MOVES
    stages = tuple(tuple(lane.name for lane in stage.lanes) for stage in request.stages)
    return Rerouted(request.reference, outcome, request.tier, stages, route), subject


def _subject_of(session: Session, request: RequestSnapshot) -> tuple[Subject, Facts]:
    """Return what a request is about as it is stored, and its facts, from the feature that answers for it."""
    found = subjects.feature_of(request.subject_kind).subject_of(session, request.subject_id)
    if found is None:
        raise LookupError(f"{request.reference} was submitted and is gone")
    return found


def _owner_of(session: Session, kind: str, subject_id: UUID) -> UUID | None:
    return subjects.feature_of(kind).owner_of(session, subject_id)


def _sent(session: Session, proposed: Proposed, *, author: Actor, now: datetime) -> None:
    if not proposed.is_new:
        return
    use_case_id, status = proposed.use_case_id, proposed.status
    is_refused = status is RequestStatus.REJECTED  # by a line of the policy: nobody decides, so nothing is answered yet
    if proposed.change is Sent.FOR_DECISION and not is_refused:
        recertifying.change_sent(session, use_case_id, author=author, now=now)
    obligations.follow(session, intake.SUBJECT_KIND, use_case_id, status, actor=None, now=now)
    if status not in PENDING:  # what break-glass let through, a line may have decided
        breaking_glass.follow(session, intake.SUBJECT_KIND, use_case_id, status, actor=None, now=now)
    is_decided = proposed.change is not Sent.IN_FORCE  # nobody decides about what is cosmetic: nothing was approved
    if is_decided and status is RequestStatus.APPROVED:
        _line_approved(session, use_case_id, is_change=proposed.change is Sent.FOR_DECISION, now=now)


def _settled(
    session: Session,
    kind: str,
    subject_id: UUID,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
    unconditional: bool = False,
) -> None:
    """Let the feature of a request's subject take over how it stands. `unconditional`: it surely has no conditions."""
    match subjects.feature_of(kind).settle(session, subject_id, status, actor=actor, now=now):
        case Became.PROVISION_ENDED:
            breaking_glass.follow(session, kind, subject_id, status, actor=actor, now=now)
        case Became.CHANGE_FOLLOWED:
            recertifying.follow_change(session, subject_id, status, now=now)
        case Became.AS_ITS_REQUEST | None:
            pass
    if not unconditional:
        obligations.follow(session, kind, subject_id, status, actor=actor, now=now)
    if kind == intake.SUBJECT_KIND and status not in (*PENDING, RequestStatus.APPROVED):
        checkins.use_case_ended(session, subject_id, now=now)


def _take_back(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Withdraw what is asked about a use case that is about to be retired, and its rollouts. The caller holds it."""
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id])[use_case_id]
    if request.status in PENDING:
        taken = approvals.take_back(session, request.id, actor=actor, now=now)
        if isinstance(taken, Lapsed):
            _settled(session, taken.subject_kind, taken.subject_id, taken.status, actor=actor, now=now)
    rollouts.take_back_of(session, use_case_id, actor=actor, now=now)


def _retired(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    obligations.drop(session, intake.SUBJECT_KIND, use_case_id, now=now)
    checkins.use_case_ended(session, use_case_id, now=now)


def _line_approved(session: Session, use_case_id: UUID, *, is_change: bool, now: datetime) -> None:
    """Do what follows where a line of the policy approved something in the moment it was sent."""
    if is_change:
        recertifying.follow_change(session, use_case_id, RequestStatus.APPROVED, now=now)
    auditing.draw(session, use_case_id, now=now)
