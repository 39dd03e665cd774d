"""Read where use cases are in their life, and everything that decides what they lack for their next move."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from db.enums import Blocks, Membership, Phase, SuspensionCause, UseCaseState
from db.queries import lifecycle as stored
from db.session import Session
from db.tables import FirstValueClock
from workflows import approvals, checkins, conditions, intake, people, policy, programme
from workflows.checkins import KpiSnapshot
from workflows.intake import SUBJECT_KIND, UseCaseSnapshot
from workflows.lifecycle import candidates, streams
from workflows.lifecycle.candidates import Known, Score
from workflows.lifecycle.rules import Facts, Owned, Stream, why_not
from workflows.lifecycle.snapshots import Candidate, ClockSnapshot, Life, WorkstreamSnapshot
from workflows.lifecycle.states import LIVE, after, next_move
from workflows.people import Actor
from workflows.programme import Programme

CANDIDATES_READ = 60
CANDIDATES_SHOWN = 5


def life_of(session: Session, use_case_id: UUID, *, now: datetime) -> Life | None:
    """Return where a use case is in its life; None when there is none, or it is not approved."""
    use_case = intake.use_case_of(session, use_case_id)
    return lives_of(session, [use_case], now=now).get(use_case_id) if use_case else None


def lives_of(session: Session, use_cases: Sequence[UseCaseSnapshot], *, now: datetime) -> Mapping[UUID, Life]:
    """Return where these use cases are in their lives, by their ids; one that is not approved is missing.

    However many they are, that takes as many questions as for one.
    """
    found = [each for each in use_cases if each.state in intake.CHANGEABLE]
    if not found:
        return {}
    ids = [each.id for each in found]
    facts = facts_of(session, found, now=now)
    workstreams, entered = streams.workstreams_of(session, ids), stored.first_entered(session, ids)
    clocks, hit = stored.clocks_of(session, ids), _hit_among(session, ids)
    lives: dict[UUID, Life] = {}
    for each in found:
        move = next_move(facts[each.id].was)
        lives[each.id] = Life(
            use_case=each,
            was=facts[each.id].was,
            entered={state: at for (use_case_id, state), at in entered.items() if use_case_id == each.id},
            workstreams=workstreams.get(each.id, ()),
            clock=_clock(clocks.get(each.id), each.owner, now=now),
            is_hit=each.id in hit,
            move=move,
            missing=why_not(move, facts[each.id]) if move else (),
        )
    return lives


def facts_of(session: Session, use_cases: Sequence[UseCaseSnapshot], *, now: datetime) -> Mapping[UUID, Facts]:
    """Return everything that decides what these use cases lack, by their ids, as it is stored now."""
    ids = [each.id for each in use_cases]
    was = stored.suspended_from(session, ids)
    workstreams, kpis = streams.workstreams_of(session, ids), _in_use(session, ids)
    blocking = _blocking(session, ids)
    lessons, checklists = stored.with_published_lesson(session, ids), stored.with_checklist(session, ids)
    at = programme.programme_at(session, now)
    places, taken = _places(session, at)
    return {
        each.id: Facts(
            use_case_id=each.id,
            state=each.state,
            was=was.get(each.id, each.state),
            owner=owner_now(each),
            provisional=each.provisional,
            suspended_by=each.suspended_by,
            closed=_closed(at, was.get(each.id, each.state)),
            conditions=blocking.get(each.id, ()),
            places=places,
            taken=taken,
            streams=tuple(_stream(one) for one in workstreams.get(each.id, ())),
            has_kpis=bool(kpis[each.id]),
            unlocked=tuple(Owned(kpi.id, kpi.name, kpi.owner) for kpi in kpis[each.id] if not _is_locked(kpi)),
            has_lesson=each.id in lessons,
            has_checklist=each.id in checklists,
        )
        for each in use_cases
    }


def owner_now(use_case: UseCaseSnapshot) -> Actor:
    """Return who owns a use case, or its sponsor once they left."""
    is_there = use_case.owner.membership is Membership.MEMBER
    return use_case.owner if is_there else use_case.sponsor


def best_to_begin_with(session: Session, *, now: datetime) -> list[Candidate]:
    """Return the approved use cases that would be best to deploy next, the best first."""
    ids = stored.waiting_to_be_deployed(session, limit=CANDIDATES_READ)
    found = intake.use_cases_of(session, ids)
    scores = scores_of(session, list(found.values()), now=now)
    by_number = {intake.reference_number(each.reference) or 0: each for each in found.values()}
    order = candidates.ranked((number, scores[each.id]) for number, each in by_number.items())
    return [Candidate(by_number[each], scores[by_number[each].id]) for each in order[:CANDIDATES_SHOWN]]


def scores_of(session: Session, use_cases: Sequence[UseCaseSnapshot], *, now: datetime) -> Mapping[UUID, Score]:
    """Return how good each of these use cases would be to begin with, from what is stored of it."""
    ids = [each.id for each in use_cases]
    requests = approvals.latest_about(session, SUBJECT_KIND, ids)
    locked = {each for each, kpis in _in_use(session, ids).items() if any(kpi.baseline for kpi in kpis)}
    days = policy.in_force(session).policy.programme.first_value_days
    found: dict[UUID, Score] = {}
    for each in use_cases:
        says, request = each.says, requests.get(each.id)
        known = Known(
            output_use=says.output_use,
            outputs=says.outputs,
            data_class=says.data_class,
            processing=says.processing,
            owner=each.owner,
            sponsor=each.sponsor,
            tier=request.tier if request else None,
            dues=[kpi.due for kpi in says.kpis],
            has_baseline=each.id in locked or any(kpi.baseline is not None for kpi in says.kpis),
        )
        found[each.id] = candidates.score(known, today=people.local_day(each.owner, now), days=days)
    return found


def is_hit(session: Session, use_case_id: UUID) -> bool:
    """Say whether a use case has hit its metrics: all its KPIs in use have."""
    return use_case_id in _hit_among(session, [use_case_id])


def _places(session: Session, at: Programme) -> tuple[int | None, int]:
    """Return how many use cases may be on their way at once, and how many are; no limit after the second phase.

    One that is suspended keeps its place: it comes back to where it was.
    """
    if at.phase is not Phase.FOCUSED_DEPLOYMENT:
        return None, 0
    on_the_way = stored.taking_places(session)
    taken = len(on_the_way) - len(_hit_among(session, on_the_way))
    return policy.in_force(session).policy.programme.deployments_at_once, taken


def _hit_among(session: Session, ids: Collection[UUID]) -> frozenset[UUID]:
    return frozenset(programme.hit_since(session, _in_use(session, ids)))


def _in_use(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[KpiSnapshot]]:
    found = checkins.kpis_of(session, list(ids))
    return {each: [kpi for kpi in found.get(each, ()) if kpi.in_use] for each in ids}


def _is_locked(kpi: KpiSnapshot) -> bool:
    return kpi.baseline is not None and kpi.baseline.unit == kpi.unit


def _closed(at: Programme, was: UseCaseState) -> tuple[programme.Gate, ...]:
    move = next_move(was)
    return programme.why_closed(at.gates, after(move)) if move else ()


def _blocking(session: Session, ids: Collection[UUID]) -> Mapping[UUID, tuple[Owned, ...]]:
    """Return the conditions that have to be met before each may be deployed."""
    found: defaultdict[UUID, list[Owned]] = defaultdict(list)
    for use_case_id, some in conditions.in_force(session, SUBJECT_KIND, ids).items():
        found[use_case_id] += [
            Owned(each.id, each.text, each.owner)
            for each in some
            if each.is_in_force and Blocks.DEPLOYMENT in each.blocks
        ]
    return {use_case_id: tuple(some) for use_case_id, some in found.items()}


def _stream(each: WorkstreamSnapshot) -> Stream:
    return Stream(each.kind, each.owner, each.is_complete)


def _clock(row: FirstValueClock | None, owner: Actor, *, now: datetime) -> ClockSnapshot | None:
    if row is None:
        return None
    begun = people.local_day(owner, row.started_at)
    return ClockSnapshot((people.local_day(owner, now) - begun).days, (row.due_on - begun).days, row.due_on)


def stopped_by_hand(use_case: UseCaseSnapshot) -> bool:
    return SuspensionCause.BY_HAND in use_case.suspended_by


def is_live(was: UseCaseState) -> bool:
    return was in LIVE
