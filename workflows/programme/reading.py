"""Read what the gates rest on, and how they stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Criterion, Phase
from db.queries import programme as stored
from db.session import Session
from db.tables import FoundationPart, FoundationVersion
from workflows import people, policy
from workflows.foundation.counting import Approved, approved
from workflows.foundation.rules import REFERENCES
from workflows.people import Actor
from workflows.people.worktime import resolved
from workflows.programme.proving import OF_USE_CASES, proofs_of_use_cases
from workflows.programme.rules import (
    CRITERIA,
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
    return _stands(session, evidence_of(session), now)


def programme_in_short(session: Session, now: datetime) -> Programme:
    """Return the same, where nobody asks what a criterion that holds rests on, nor about gates that are not next.

    Use cases prove what they do until one counts: of thousands the first will do, and none where no gate asks for it.
    What the gates of interest lack is exact; what rests below the others is left out.
    """
    without = _without_use_cases(session)
    opened = [phase for phase, at in without.opened.items() if at <= now]
    following = [phase for phase in CRITERIA if phase not in opened][:1]
    wanted = {each for phase in (*opened, *following) for each in CRITERIA.get(phase, ())} & OF_USE_CASES
    return _stands(session, _with(without, proofs_of_use_cases(session, wanted, counting_at=now)), now)


def _stands(session: Session, evidence: Evidence, now: datetime) -> Programme:
    grace = timedelta(days=policy.in_force(session).policy.programme.grace_days)
    found = gates(evidence, grace=grace, now=now)
    return Programme(phase_of(found), found, now)


def evidence_of(session: Session) -> Evidence:
    """Return everything the gates rest on."""
    return _with(_without_use_cases(session), proofs_of_use_cases(session, OF_USE_CASES))


def _with(evidence: Evidence, proofs: Mapping[Criterion, Sequence[Proof]]) -> Evidence:
    return replace(evidence, proofs={**evidence.proofs, **proofs})


def _without_use_cases(session: Session) -> Evidence:
    rows = stored.parts(session)
    known = people.named(session, {row.owner_id for row in rows if row.owner_id})
    proofs = _of_foundation(rows, stored.approved_versions(session), known)
    return Evidence(
        proofs={**proofs, Criterion.LESSON: _of_lessons(session)},
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
