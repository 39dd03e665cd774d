"""What must hold of use cases: what they are, what holds them up, and what lets them go ahead before their decision."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.enums import PENDING, Blocks, BreakGlassStatus, RequestStatus, SuspensionCause, Tier, UseCaseState
from db.tables import Audit, BreakGlass, Recertification, UseCaseRevision, UseCaseSuspension
from tests.support.machine.demands import standing
from tests.support.machine.world import ENDED, History, World
from workflows.breaking_glass.rules import ANSWER_WITHIN, MOST_HOURS, WAS_IN_FORCE
from workflows.breaking_glass.states import BREAK_GLASS
from workflows.conditions.rules import IN_FORCE
from workflows.intake import CHANGEABLE, SUBJECT_KIND

LIVE = frozenset(
    {UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED, UseCaseState.OPTIMISING, UseCaseState.SCALING},
)
APPROVED = (UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS)
STRICTEST_FIRST = list(Tier)


def glasses(now: World) -> Sequence[Any]:
    return now.of(BreakGlass)


def owner_of(now: World, case: Any) -> UUID:
    """Return who owns a use case by its text in force."""
    owners: Mapping[tuple[UUID, int], UUID] = {
        (each.use_case_id, each.revision): each.owner_id for each in now.of(UseCaseRevision)
    }
    return owners[case.id, case.revision]


def requests_of(now: World, case: Any) -> list[Any]:
    return now.requests_about(SUBJECT_KIND, case.id)


def approval_of(now: World, case: Any) -> Any | None:
    """Return the newest request about a use case that was approved."""
    return next((each for each in reversed(requests_of(now, case)) if each.status is RequestStatus.APPROVED), None)


def holding_up(now: World, case: Any) -> list[Any]:
    rows = now.of(UseCaseSuspension)
    return [each for each in rows if each.use_case_id == case.id and each.lifted_at is None]


def is_suspended_by(now: World, case: Any, cause: SuspensionCause, about: UUID | None = None) -> bool:
    return any(each.cause is cause and about in (None, each.about_id) for each in holding_up(now, case))


def a_use_case_is_what_became_of_its_requests(_: World, now: World, __: History) -> Iterator[str]:
    """Hold it to be approved once one about it is; until then it is what that is, or break-glass let it go ahead."""
    for case in now.cases.values():
        requests, is_allowed = requests_of(now, case), case.provisional
        is_pending = requests[-1].status in PENDING
        if approval_of(now, case) is None and not is_allowed and case.state != requests[-1].status.value:
            yield f"{_name(case)} is {case.state} and its request {requests[-1].status}"
        if case.state in CHANGEABLE and approval_of(now, case) is None and not is_allowed:
            yield f"{_name(case)} is {case.state} and nobody approved it"
        if case.pending_revision is not None and case.pending_revision != requests[-1].revision:
            yield f"{_name(case)} is to become text {case.pending_revision}, the request is of {requests[-1].revision}"
        if case.state in CHANGEABLE and not is_allowed and is_pending and case.pending_revision is None:
            yield f"{_name(case)} is {case.state}, and {requests[-1].reference} is {requests[-1].status} about nothing"
        if case.state is UseCaseState.RETIRED and is_pending:
            yield f"{_name(case)} is retired, and people are still asked"


def suspended_is_what_something_holds_up(_: World, now: World, __: History) -> Iterator[str]:
    for case in now.cases.values():
        causes, is_suspended = (
            [each.cause.value for each in holding_up(now, case)],
            case.state is UseCaseState.SUSPENDED,
        )
        if is_suspended is not bool(causes) or is_suspended is not (case.suspended_from is not None):
            yield f"{_name(case)} is {case.state}, from {case.suspended_from}, held up by {causes}"
        if case.suspended_from is UseCaseState.SUSPENDED:
            yield f"{_name(case)} is suspended from being suspended"


def each_cause_is_justified(_: World, now: World, __: History) -> Iterator[str]:
    for case in now.cases.values():
        seen = set()
        for each in holding_up(now, case):
            if not JUSTIFIED[each.cause](now, case, each):
                yield f"{_name(case)} is held up by {each.cause} about {each.about_id}, and nothing says so"
            if (each.cause, each.about_id) in seen:
                yield f"{_name(case)} is held up by {each.cause} twice"
            seen.add((each.cause, each.about_id))


def _tier_rose(now: World, case: Any, row: Any) -> bool:
    """Say whether a change was sent or laid out anew whose tier was stricter, and none was approved since."""
    approved = approval_of(now, case)
    if approved is None or approved.settled_at > row.since:
        return False
    was = STRICTEST_FIRST.index(approved.tier)
    changes = {each.id for each in requests_of(now, case) if each.amends_id is not None}
    tiers = {each.tier for (request, _), each in now.rounds.items() if request in changes}
    return any(STRICTEST_FIRST.index(tier) < was for tier in tiers & {Tier.HIGH, Tier.PROHIBITED})


def _condition_overdue(now: World, case: Any, row: Any) -> bool:
    condition = now.conditions.get(row.about_id)
    return condition is not None and condition.subject_id == case.id and _holds_up(now, condition)


def _holds_up(now: World, condition: Any) -> bool:
    blocks = {each.blocks for each in standing(now, condition.id)}
    return condition.status in IN_FORCE and condition.overdue_at is not None and Blocks.CONTINUATION in blocks


def _approval_lapsed(now: World, case: Any, row: Any) -> bool:
    asked = next((each for each in now.of(Recertification) if each.id == row.about_id), None)
    is_open = asked is not None and asked.settled_at is None and asked.use_case_id == case.id
    return asked is not None and is_open and asked.due_on < (now.now + timedelta(hours=14)).date()


def _break_glass_ended(now: World, case: Any, row: Any) -> bool:
    glass = next((each for each in glasses(now) if each.id == row.about_id), None)
    is_open = glass is not None and glass.status is BreakGlassStatus.ENDED and glass.settled_at is None
    return is_open and case.provisional and requests_of(now, case)[-1].status in PENDING


def _audit_failed(now: World, case: Any, row: Any) -> bool:
    audit = next((each for each in now.of(Audit) if each.id == row.about_id), None)
    approved = approval_of(now, case)
    is_failed = audit is not None and audit.result is not None and audit.result.value == "failed"
    return is_failed and approved is not None and audit is not None and audit.approved_request_id == approved.id


JUSTIFIED: Mapping[SuspensionCause, Callable[[World, Any, Any], bool]] = {
    SuspensionCause.TIER_ROSE: _tier_rose,
    SuspensionCause.CONDITION_OVERDUE: _condition_overdue,
    SuspensionCause.APPROVAL_LAPSED: _approval_lapsed,
    SuspensionCause.BREAK_GLASS_ENDED: _break_glass_ended,
    SuspensionCause.AUDIT_FAILED: _audit_failed,
}


def an_overdue_condition_holds_it_up(_: World, now: World, __: History) -> Iterator[str]:
    for condition in now.conditions.values():
        case = now.cases.get(condition.subject_id)
        if case is None or not _holds_up(now, condition) or case.state not in CHANGEABLE:
            continue
        if not is_suspended_by(now, case, SuspensionCause.CONDITION_OVERDUE, condition.id):
            yield f"{_name(case)} is {case.state} although its condition {condition.number} is overdue"


def conditions_are_met_before_it_is_plainly_approved(_: World, now: World, __: History) -> Iterator[str]:
    """Approved with conditions is what has some to meet and nobody uses; what has ended has none."""
    for case in now.cases.values():
        mine = [each for each in now.conditions.values() if each.subject_id == case.id and each.status in IN_FORCE]
        was = case.suspended_from or case.state
        expected = UseCaseState.APPROVED_WITH_CONDITIONS if mine else UseCaseState.APPROVED
        if was in APPROVED and was is not expected:
            yield f"{_name(case)} is {was} and has {len(mine)} conditions to meet"
        may_be_corrected = case.state is UseCaseState.REJECTED and requests_of(now, case)[-1].decided_by_line
        if mine and case.state in ENDED and not may_be_corrected:
            yield f"{_name(case)} is {case.state} and has {len(mine)} conditions to meet"


def provisional_is_what_break_glass_let_through(_: World, now: World, __: History) -> Iterator[str]:
    for case in now.cases.values():
        mine = [each for each in glasses(now) if each.subject_id == case.id and each.settled_at is None]
        let_through = [each for each in mine if each.status in (BreakGlassStatus.IN_FORCE, BreakGlassStatus.ENDED)]
        if case.provisional is not bool(let_through):
            yield f"{_name(case)} is {'' if case.provisional else 'not '}provisional with {_statuses(mine)}"
        if not case.provisional:
            continue
        request = requests_of(now, case)[-1]
        if request.status not in PENDING or request.amends_id is not None or request.tier is Tier.PROHIBITED:
            yield f"{_name(case)} is provisional, its request {request.status} and {request.tier}"
        if case.state not in CHANGEABLE or case.valid_until is not None:
            yield f"{_name(case)} is provisional, {case.state}, until {case.valid_until}"


def break_glass_follows_its_table(before: World, now: World, _: History) -> Iterator[str]:
    """Let it be in force for the hours called and no longer, and once for a request."""
    was = {each.id: each for each in glasses(before)}
    for glass in glasses(now):
        old = was[glass.id].status if glass.id in was else None
        if old is not glass.status and glass.status not in _reached(old):
            yield f"a break-glass went from {old} to {glass.status}"
        if glass.in_force_at is not None and glass.ends_at - glass.in_force_at != timedelta(hours=glass.hours):
            yield f"a break-glass of {glass.hours} hours is in force from {glass.in_force_at} to {glass.ends_at}"
        if not 1 <= glass.hours <= MOST_HOURS:
            yield f"a break-glass is for {glass.hours} hours"
        is_over = glass.status is BreakGlassStatus.IN_FORCE and glass.ends_at <= now.now
        is_late = glass.status is BreakGlassStatus.CALLED and glass.called_at + ANSWER_WITHIN <= now.now
        if now.beaten and (is_over or is_late):
            yield f"a break-glass is {glass.status} since {glass.in_force_at or glass.called_at} and its time is up"
    used = [each.request_id for each in glasses(now) if each.status in WAS_IN_FORCE]
    if len(set(used)) < len(used):
        yield "break-glass was in force twice for one request"


def _reached(start: BreakGlassStatus | None) -> set[Any]:
    reached: set[Any] = {start}
    while more := {each.after for each in BREAK_GLASS.transitions if each.before in reached} - reached:
        reached |= more
    return reached


def the_two_have_no_other_part_in_it(_: World, now: World, __: History) -> Iterator[str]:
    """Neither of the two who let something go ahead proposed it, owns it, edited it or ever voted on it."""
    for glass in glasses(now):
        two, request = {glass.called_by, glass.second_id}, now.requests[glass.request_id]
        if len(two) < 2:
            yield "one person alone called break-glass and agreed"
        if glass.in_force_at is None:
            continue
        mine = [lane for lane, row in now.lanes.items() if row.request_id == request.id]
        voters = {who for lane in mine for vote in now.votes.get(lane, ()) for who in (vote.person_id, vote.cast_by)}
        texts = [each for each in now.of(UseCaseRevision) if each.use_case_id == glass.subject_id]
        until = max(each.revision for each in texts if each.revision <= request.revision)
        wrote = {who for each in texts if each.revision <= until for who in (each.submitted_by, each.owner_id)}
        for who in two & (voters | wrote | {now.cases[glass.subject_id].proposer_id}):
            yield f"{now.people[who].name} let {request.reference} go ahead and has another part in it"
        if not two <= now.excluded[request.id]:
            yield f"those who let {request.reference} go ahead may vote on it"


def _statuses(some: Sequence[Any]) -> list[str]:
    return [each.status.value for each in some]


def _name(case: Any) -> str:
    return f"UC-{case.number}"
