"""When a gate is open: a function of evidence at a moment. Values in, values out; every moment is in UTC.

A criterion rests on proofs, each of which counts from one moment until another. So what a gate says at any moment
follows from what was known of it, and nothing about its state is stored but that people opened it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from db.enums import Criterion, Phase, UseCaseState
from workflows.foundation.counting import Approved, spans
from workflows.foundation.rules import AREAS, DELIVERABLES
from workflows.people.snapshots import Actor

CRITERIA: Final[Mapping[Phase, tuple[Criterion, ...]]] = {
    Phase.FOCUSED_DEPLOYMENT: tuple(Criterion(each.value) for each in (*DELIVERABLES, *AREAS)),
    Phase.OPTIMISATION: (Criterion.FIRST_VALUE,),
    Phase.SCALING: (Criterion.MEASURED, Criterion.IMPROVED, Criterion.LESSON),
}
"""What each gate asks for, by the phase it leads into. A gate also wants the one before it to be open."""

NEVER_WAIVED_BEFORE_DEPLOYMENT: Final = frozenset(Criterion(each.value) for each in AREAS)
PASSES: Final[Mapping[UseCaseState, tuple[Phase, ...]]] = {
    UseCaseState.IN_DEPLOYMENT: (Phase.FOCUSED_DEPLOYMENT,),
    UseCaseState.OPTIMISING: (Phase.OPTIMISATION,),
    UseCaseState.SCALING: (Phase.FOCUSED_DEPLOYMENT, Phase.SCALING),
}
"""The gates a use case passes on its way into a state, by the phase each leads into. Into any other it passes none."""
_ORDER: Final = tuple(Phase)


class Standing(StrEnum):
    """How a criterion stands."""

    MET = "met"
    UNMET = "unmet"
    LAPSED = "lapsed"
    WAIVED = "waived"


class GateState(StrEnum):
    """How a gate stands. Through one that is at risk everything still passes; one that is held lets nothing new in."""

    CLOSED = "closed"
    READY = "ready"
    OPEN = "open"
    AT_RISK = "at_risk"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Proof:
    """What meets a criterion from `since` until just before `until`; without one it does not end.

    `reference` names what it is, with what makes it another proof if it changes: “DLV-1 v3”, “UC-4”.
    """

    reference: str
    since: datetime
    until: datetime | None = None
    confidential: bool = False

    def counts_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Waiver:
    """What was decided about a criterion of a gate: it is done without from `since` until just before `until`.

    `zone` is that of whoever asked for it, in which its last day is over then.
    """

    phase: Phase
    criterion: Criterion
    reference: str
    since: datetime
    until: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the gates rest on.

    `opened` is when each gate was opened first; `noticed` when it was first seen that an open gate lacks a criterion
    no proof of which tells since when. `owners` are who owes a criterion, where that is somebody.
    """

    proofs: Mapping[Criterion, Sequence[Proof]]
    opened: Mapping[Phase, datetime] = field(default_factory=dict)
    waivers: Sequence[Waiver] = ()
    noticed: Mapping[tuple[Phase, Criterion], datetime] = field(default_factory=dict)
    owners: Mapping[Criterion, Actor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriterionState:
    """How a criterion stands: since when, and until when that is known to last. An unmet one has no `since`.

    `proofs` are those that count now. `owner` is who owes it. `begins` is when what was decided meets it by itself.
    """

    criterion: Criterion
    standing: Standing
    since: datetime | None = None
    until: datetime | None = None
    proofs: tuple[Proof, ...] = ()
    waiver: Waiver | None = None
    owner: Actor | None = None
    begins: datetime | None = None

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Return the references of what it is met by, or of the request that waived it."""
        found = tuple(each.reference for each in self.proofs)
        return found or ((self.waiver.reference,) if self.waiver else ())

    @property
    def holds(self) -> bool:
        return self.standing in (Standing.MET, Standing.WAIVED)


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate at a moment. `at_risk_since` is when an open one began to lack something, `held_from` when that holds it.

    `before` is the gate that has to be open first, where that is what is missing.
    """

    phase: Phase
    state: GateState
    criteria: tuple[CriterionState, ...]
    opened_at: datetime | None = None
    at_risk_since: datetime | None = None
    held_from: datetime | None = None
    before: Phase | None = None

    @property
    def lacking(self) -> tuple[CriterionState, ...]:
        return tuple(each for each in self.criteria if not each.holds)

    @property
    def falls_short(self) -> tuple[CriterionState, ...]:
        """Return what is not met, also where it is done without for a while: that can be asked for, or prolonged."""
        return tuple(each for each in self.criteria if each.standing is not Standing.MET)

    @property
    def lets_through(self) -> bool:
        """Say whether something new may pass it."""
        return self.state in (GateState.OPEN, GateState.AT_RISK)

    @property
    def is_opened(self) -> bool:
        """Say whether people have opened it once, whatever it lacks now."""
        return self.opened_at is not None

    @property
    def evidence(self) -> str:
        """Return what it rests on as canonical JSON: what stands under it, never when that was looked at."""
        told = {
            each.criterion.value: {
                "standing": each.standing.value,
                "by": sorted(proof.reference for proof in each.proofs)
                or ([each.waiver.reference] if each.waiver else []),
            }
            for each in self.criteria
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the evidence, in hexadecimal: what somebody who opens the gate has seen."""
        return sha256(self.evidence.encode()).hexdigest()


def gates(evidence: Evidence, *, grace: timedelta, now: datetime) -> dict[Phase, Gate]:
    """Return the three gates at a moment, in their order."""
    found: dict[Phase, Gate] = {}
    for phase in CRITERIA:
        before = found.get(_ORDER[_ORDER.index(phase) - 1])
        found[phase] = gate(evidence, phase, before=before, grace=grace, now=now)
    return found


def gate(evidence: Evidence, phase: Phase, *, before: Gate | None, grace: timedelta, now: datetime) -> Gate:
    """Return how a gate stands at a moment; `before` is the gate before it, if there is one.

    Open is what people opened and lacks nothing. What it lacks puts it at risk, from the earliest moment at which a
    criterion it still lacks no longer held; `grace` later it is held. Where the longest lapse is mended and another
    one is left, that one's time counts.
    """
    criteria = tuple(criterion_state(evidence, phase, each, now=now) for each in CRITERIA[phase])
    opened = evidence.opened.get(phase)
    lacking = [each for each in criteria if not each.holds]
    if opened is None or opened > now:
        waits = before is not None and before.state is not GateState.OPEN
        state = GateState.CLOSED if lacking or waits else GateState.READY
        return Gate(phase, state, criteria, before=before.phase if before and waits else None)
    if not lacking:
        return Gate(phase, GateState.OPEN, criteria, opened)
    since = max(opened, min(each.since or now for each in lacking))
    held_from = since + grace
    state = GateState.HELD if now >= held_from else GateState.AT_RISK
    return Gate(phase, state, criteria, opened, since, held_from)


def criterion_state(evidence: Evidence, phase: Phase, criterion: Criterion, *, now: datetime) -> CriterionState:
    """Return how a criterion of a gate stands at a moment.

    It is met while a proof counts, waived while a waiver does, lapsed when either has ended, and unmet otherwise.
    """
    owner, proofs = evidence.owners.get(criterion), evidence.proofs.get(criterion, ())
    counting = tuple(each for each in proofs if each.counts_at(now))
    if counting:
        since = min(each.since for each in counting)
        return CriterionState(criterion, Standing.MET, since, _latest(counting), counting, owner=owner)
    waivers = [each for each in evidence.waivers if (each.phase, each.criterion) == (phase, criterion)]
    waiver = max(
        (each for each in waivers if each.since <= now < each.until), key=lambda each: each.until, default=None
    )
    if waiver is not None:
        return CriterionState(criterion, Standing.WAIVED, waiver.since, waiver.until, waiver=waiver, owner=owner)
    ends = [*(each.until for each in proofs), *(each.until for each in waivers)]
    ended = [each for each in ends if each is not None and each <= now]
    noticed = evidence.noticed.get((phase, criterion))
    begins = min((each.since for each in proofs if each.since > now), default=None)
    if ended or noticed is not None:
        lapsed_at = max(ended) if ended else noticed
        return CriterionState(criterion, Standing.LAPSED, lapsed_at, owner=owner, begins=begins)
    return CriterionState(criterion, Standing.UNMET, owner=owner, begins=begins)


def _latest(proofs: Iterable[Proof]) -> datetime | None:
    """Return when the last of these ends; None when one of them does not."""
    ends = [each.until for each in proofs]
    return None if None in ends else max(each for each in ends if each is not None)


def phase_of(found: Mapping[Phase, Gate]) -> Phase:
    """Return the phase the programme is in: the last whose gate was opened, and every gate before it."""
    phase = Phase.FOUNDATION
    for each in CRITERIA:
        if not found[each].is_opened:
            break
        phase = each
    return phase


def proofs_of(reference: str, versions: Sequence[Approved]) -> tuple[Proof, ...]:
    """Return what the approved versions of a part prove, in the order of their numbers."""
    return tuple(Proof(f"{reference} v{each.number}", each.since, each.until) for each in spans(versions))


def why_closed(found: Mapping[Phase, Gate], state: UseCaseState) -> tuple[Gate, ...]:
    """Return the gates that keep use cases from coming into `state` now, the earliest first; none if they may.

    What each of them lacks says what is missing. One that lacks nothing waits for people to open it, or for the gate
    before it.
    """
    return tuple(found[each] for each in PASSES.get(state, ()) if not found[each].lets_through)
