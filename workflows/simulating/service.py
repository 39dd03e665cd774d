"""Try another policy on what was really submitted. Nothing is stored, nothing is put on the record."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.session import Session
from workflows import approvals, intake, people, policy, reactions
from workflows.approvals import PlannedStage
from workflows.intake import SUBJECT_KIND, Submission
from workflows.policy import FastLanes, InForce, Policy, PolicyError, PolicySnapshot
from workflows.simulating import rules
from workflows.simulating.rules import Asked, Course, Difference, Expected, ExpectedTotal, Totals

LAST: Final = 50
NOT_KNOWN: Final = Expected(None, None)


@dataclass(frozen=True, slots=True)
class Changed:
    """A submission another policy would change. `unanswered` are its questions, by key, that were not answered then."""

    reference: str
    name: str
    difference: Difference
    unanswered: tuple[str, ...]
    expected: Expected = NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a policy file would change about the last submissions.

    `refusals` are why it could not be applied today. `changed` are by reference; `hidden` more would change that the
    reader may not know of. `unanswered` says how many submissions never answered each of its questions, by key.
    `expected` is what those that change take on average; None while no role has decided enough to say anything.
    """

    name: str
    in_force: int
    totals: Totals
    changed: tuple[Changed, ...]
    hidden: int
    unanswered: tuple[tuple[str, int], ...]
    refusals: tuple[str, ...]
    expected: ExpectedTotal | None = None


def simulate(
    session: Session, text: str, *, last: int = LAST, viewer: UUID | None = None, for_several: bool = False
) -> Simulated:
    """Hold the last submissions, as they were submitted, against this file and against the policy in force.

    Who would be asked is who holds the roles today. Without a `viewer` everything may be named: the host's operator
    reads. `for_several`: many will read it, so nothing confidential is named. Raises PolicyError when no submission
    could be decided under the file.
    """
    reactions.require_every_kind(text)
    other, current = policy.as_if_in_force(session, text), policy.in_force(session)
    submissions, planner = intake.last_submissions(session, limit=last), _Planner(session, current.policy, other.policy)
    found, unanswered = list[tuple[Submission, Changed]](), Counter[str]()
    usual = approvals.usual_days(session, SUBJECT_KIND)
    ids = [each.use_case_id for each in submissions]
    now_open, then_open = (
        policy.fast_lanes(session, each.policy, SUBJECT_KIND, ids, by_open=False) for each in (current, other)
    )
    for each in submissions:
        before, _ = _course(planner, current, each, now_open)
        after, silent = _course(planner, other, each, then_open)
        unanswered.update(silent)
        difference = rules.compared(before, after)
        if difference is not None:
            expected = rules.expected(difference, usual)
            found.append((each, Changed(each.reference, each.name, difference, silent, expected)))
    named = [changed for each, changed in found if _may_be_named(session, each, viewer, for_several=for_several)]
    return Simulated(
        name=other.policy.name,
        in_force=current.number,
        totals=rules.totals([changed.difference for _, changed in found], total=len(submissions)),
        changed=tuple(named),
        hidden=len(found) - len(named),
        unanswered=tuple((each.key, unanswered[each.key]) for each in other.policy.questions if unanswered[each.key]),
        refusals=_refusals(session, text),
        expected=rules.expected_total(changed.expected for _, changed in found) if usual else None,
    )


class _Planner:
    """Says who would be asked, once for all submissions to which the same holds: few of many differ in that."""

    def __init__(self, session: Session, *policies: Policy) -> None:
        self._session = session
        roles = {*policy.BUILT_IN_ROLES, *(role for each in policies for role in each.roles)}
        self._holders = {person.id for role in roles for person in people.holders_of(session, role)}
        self._known: dict[object, tuple[PlannedStage, ...]] = {}

    def planned(self, route: PolicySnapshot, each: Submission) -> tuple[PlannedStage, ...]:
        asks_by_relation = bool(policy.RELATIONS & _roles_in(route))
        excluded = each.excluded if asks_by_relation else each.excluded & self._holders
        related = frozenset(each.related.items()) if asks_by_relation else frozenset()
        key = (route.course, excluded, related)
        if key not in self._known:
            found = approvals.planned(self._session, route, related=each.related, excluded=excluded)
            self._known[key] = found
        return self._known[key]


def _roles_in(route: PolicySnapshot) -> set[str]:
    stages = route.chain.stages if route.chain else ()
    stand_ins = {role for lanes in route.fallbacks.values() for roles in lanes.values() for role in roles}
    return stand_ins | {lane.role for stage in stages for lane in stage.lanes}


def _course(planner: _Planner, rules_of: InForce, each: Submission, fast: FastLanes) -> tuple[Course, tuple[str, ...]]:
    """Return where a submission goes under a policy, and the questions of that policy it leaves unanswered.

    A line that is closed today, or may not approve this one, approves it under neither.
    """
    facts, silent = policy.as_answered(rules_of.policy, each.facts)
    route = policy.route_in(rules_of, SUBJECT_KIND, facts, lanes=fast, subject_id=each.use_case_id)
    stages = route.chain.stages if route.chain else ()
    lanes = tuple(
        Asked(place, stage.name, lane, route.fallbacks[stage.key][lane.key], who.people)
        for place, (stage, laid) in enumerate(zip(stages, planner.planned(route, each), strict=True))
        for lane, who in zip(stage.lanes, laid.lanes, strict=True)
    )
    is_distinct = route.chain.has_distinct_approvers(route.tier) if route.chain else False
    course = Course(route.tier, route.reasons, route.decided, lanes, is_distinct)
    return course, tuple(question.key for question in silent)


def _may_be_named(session: Session, each: Submission, viewer: UUID | None, *, for_several: bool) -> bool:
    if not each.confidential:
        return True
    if for_several or viewer is None:
        return not for_several
    request = approvals.latest_about(session, SUBJECT_KIND, [each.use_case_id]).get(each.use_case_id)
    return request is not None and reactions.may_read(session, request, viewer)


def _refusals(session: Session, text: str) -> tuple[str, ...]:
    """Return why this file could not be applied today, for want of people who hold its roles."""
    try:
        policy.require_holders(session, text)
    except PolicyError as error:
        return tuple(error.problems)
    return ()
