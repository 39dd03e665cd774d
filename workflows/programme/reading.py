"""Read what the gates rest on, and how they stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Criterion, Phase
from db.queries import gate_proofs
from db.queries import programme as stored
from db.session import Session
from db.tables import FoundationPart, FoundationVersion
from workflows import checkins, people, policy
from workflows.checkins import KpiSnapshot
from workflows.foundation.counting import Approved, approved
from workflows.foundation.rules import REFERENCES
from workflows.people import Actor
from workflows.people.worktime import resolved
from workflows.programme.rules import (
    Evidence,
    Gate,
    Proof,
    Waiver,
    gates,
    phase_of,
    proofs_of,
)


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme at a moment: its phase, and the gates into the three later ones, by the phase each leads into."""

    phase: Phase
    gates: Mapping[Phase, Gate]
    at: datetime

    def gate(self, phase: Phase) -> Gate:
        return self.gates[phase]

    @property
    def following(self) -> Gate | None:
        """Return the first gate nobody has opened yet; None when all are."""
        return next((each for each in self.gates.values() if not each.is_opened), None)

    @property
    def lacking(self) -> tuple[Gate, ...]:
        """Return the gates that were opened and lack something now."""
        return tuple(each for each in self.gates.values() if each.is_opened and each.lacking)

    @property
    def of_interest(self) -> tuple[Gate, ...]:
        """Return the gates something can be done about: those that were opened and lack something, or else the next."""
        return self.lacking or tuple(each for each in (self.following,) if each is not None)


def programme_at(session: Session, now: datetime) -> Programme:
    """Return how the programme stands at this moment, from everything stored up to it."""
    grace = timedelta(days=policy.in_force(session).policy.programme.grace_days)
    found = gates(evidence_of(session), grace=grace, now=now)
    return Programme(phase_of(found), found, now)


def evidence_of(session: Session) -> Evidence:
    """Return everything the gates rest on."""
    rows = stored.parts(session)
    known = people.named(session, {row.owner_id for row in rows if row.owner_id})
    proofs = _of_foundation(rows, stored.approved_versions(session), known) | _of_use_cases(session)
    return Evidence(
        proofs=proofs | {Criterion.LESSON: _of_lessons(session)},
        opened=stored.openings(session),
        waivers=_waivers(session),
        noticed={(each.phase, each.criterion): each.noticed_at for each in stored.open_lapses(session)},
        owners={
            Criterion(row.kind.value): known[row.owner_id] for row in rows if row.owner_id and row.owner_id in known
        },
    )


def _of_foundation(
    rows: Sequence[FoundationPart], versions: Sequence[FoundationVersion], known: Mapping[UUID, Actor]
) -> dict[Criterion, Sequence[Proof]]:
    """Return what proves the criteria of the first gate. Days are those of the part's owner, or else of UTC."""
    by_part: defaultdict[UUID, list[FoundationVersion]] = defaultdict(list)
    for each in versions:
        by_part[each.part_id].append(each)
    found: dict[Criterion, Sequence[Proof]] = {}
    for row in rows:
        owner = known.get(row.owner_id) if row.owner_id else None
        ever = [_approved(each, owner.zone if owner else "UTC") for each in by_part[row.id]]
        found[Criterion(row.kind.value)] = proofs_of(REFERENCES[row.kind], ever)
    return found


def _approved(version: FoundationVersion, zone: str) -> Approved:
    if version.approved_at is None:
        raise LookupError(f"version {version.number} was never approved")
    return approved(
        version.number,
        approved_at=version.approved_at,
        effective_on=version.effective_on,
        review_on=version.review_on,
        revoked_at=version.revoked_at,
        zone=zone,
    )


def _of_use_cases(session: Session) -> dict[Criterion, Sequence[Proof]]:
    """Return what use cases prove: that one hit its metrics, was measured long enough, and improved meanwhile."""
    cases = stored.deployed_once(session)
    if not cases:
        return {}
    rules = policy.in_force(session).policy.programme
    hits = _hits(session)
    ends = checkins.measured_since(session, weeks=rules.measurement_weeks, share=rules.readings_share)
    found: dict[Criterion, list[Proof]] = {Criterion.FIRST_VALUE: [], Criterion.MEASURED: [], Criterion.IMPROVED: []}
    for case in cases:
        reference = f"UC-{case.number}"
        if case.id in hits:
            since = max(case.first_at, hits[case.id])
            found[Criterion.FIRST_VALUE].append(Proof(reference, since, confidential=case.confidential))
        if case.id in ends:
            since, improved = ends[case.id]
            proof = Proof(reference, max(case.first_at, since), confidential=case.confidential)
            found[Criterion.MEASURED].append(proof)
            found[Criterion.IMPROVED].extend([proof] if improved else [])
    return {criterion: proofs for criterion, proofs in found.items() if proofs}


def _hits(session: Session) -> Mapping[UUID, datetime]:
    """Return since when each use case that was deployed once has hit its metrics, of those that have."""
    ids = sorted(gate_proofs.may_be_hit(session))
    found: dict[UUID, datetime] = {}
    for begun in range(0, len(ids), gate_proofs.AT_ONCE):
        kpis = checkins.kpis_of(session, ids[begun : begun + gate_proofs.AT_ONCE])
        found |= hit_since(session, {each: [kpi for kpi in theirs if kpi.in_use] for each, theirs in kpis.items()})
    return found


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


def _of_lessons(session: Session) -> Sequence[Proof]:
    return [
        Proof(f"LES-{lesson.number}", lesson.published_at, confidential=use_case.confidential)
        for lesson, use_case in stored.published_lessons(session)
        if lesson.published_at is not None
    ]


def _waivers(session: Session) -> list[Waiver]:
    rows = stored.waivers(session)
    zones = {each.id: each.zone for each in people.named(session, {request.asked_by for _, request in rows}).values()}
    return [
        Waiver(
            phase=request.phase,
            criterion=row.criterion,
            reference=f"GATE-{request.number}",
            since=request.took_effect_at,
            until=resolved(zones.get(request.asked_by, "UTC"), row.until + timedelta(days=1), 0),
            zone=zones.get(request.asked_by, "UTC"),
        )
        for row, request in rows
        if request.took_effect_at is not None
    ]
