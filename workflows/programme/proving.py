"""What use cases prove: that one hit its metrics, was measured long enough, and improved meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import Criterion
from db.queries import gate_proofs
from db.queries import programme as stored
from db.queries.programme import Deployed
from db.session import Session
from workflows import checkins, policy
from workflows.checkins import KpiSnapshot
from workflows.programme.rules import Proof

OF_USE_CASES: Final = frozenset({Criterion.FIRST_VALUE, Criterion.MEASURED, Criterion.IMPROVED})

_Proofs = Mapping[Criterion, Sequence[Proof]]


def proofs_of_use_cases(
    session: Session, wanted: Collection[Criterion], *, counting_at: datetime | None = None
) -> _Proofs:
    """Return what proves these criteria, of the use cases that were deployed once, in the order they were.

    With a moment only until one counts then for each; what proves nothing is missing.
    """
    found: dict[Criterion, list[Proof]] = {}
    left = set(wanted)
    cases = stored.deployed_once(session) if left else ()
    for begun in range(0, len(cases), gate_proofs.AT_ONCE):
        for criterion, proofs in _proofs(session, cases[begun : begun + gate_proofs.AT_ONCE], left).items():
            found.setdefault(criterion, []).extend(proofs)
            if counting_at is not None and any(each.counts_at(counting_at) for each in proofs):
                left.discard(criterion)
        if not left:
            break
    return found


def _proofs(session: Session, cases: Sequence[Deployed], wanted: Collection[Criterion]) -> _Proofs:
    ids = [case.id for case in cases]
    found: dict[Criterion, Sequence[Proof]] = {}
    if Criterion.FIRST_VALUE in wanted:
        found[Criterion.FIRST_VALUE] = _since(cases, _hits(session, ids))
    if Criterion.MEASURED in wanted or Criterion.IMPROVED in wanted:
        rules = policy.in_force(session).policy.programme
        ends = checkins.measured_since(session, ids, weeks=rules.measurement_weeks, share=rules.readings_share)
        improved = {key: since for key, (since, has_improved) in ends.items() if has_improved}
        found[Criterion.MEASURED] = _since(cases, {key: since for key, (since, _) in ends.items()})
        found[Criterion.IMPROVED] = _since(cases, improved)
    return {criterion: proofs for criterion, proofs in found.items() if proofs and criterion in wanted}


def _since(cases: Sequence[Deployed], moments: Mapping[UUID, datetime]) -> Sequence[Proof]:
    return [
        Proof(f"UC-{case.number}", max(case.first_at, moments[case.id]), confidential=case.confidential)
        for case in cases
        if case.id in moments
    ]


def _hits(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    kpis = checkins.kpis_of(session, gate_proofs.may_be_hit(session, use_case_ids))
    return hit_since(session, {key: [each for each in theirs if each.in_use] for key, theirs in kpis.items()})


def hit_since(session: Session, kpis: Mapping[UUID, Sequence[KpiSnapshot]]) -> Mapping[UUID, datetime]:
    """Return since when each of these use cases has hit its metrics, which is when its last KPI in use was hit.

    One that has not, or has no KPI in use, is missing.
    """
    every = [kpi for found in kpis.values() for kpi in found]
    progress = checkins.progress_of(session, every)
    found: dict[UUID, datetime] = {}
    for use_case_id, theirs in kpis.items():
        moments = [checkins.hit_at(progress[kpi.id]) for kpi in theirs]
        known = [each for each in moments if each is not None]
        if known and len(known) == len(moments):
            found[use_case_id] = max(known)
    return found
