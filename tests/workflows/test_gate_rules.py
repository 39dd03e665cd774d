"""A gate is what its evidence says at a moment: values in, values out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from db.enums import Criterion, Phase, UseCaseState
from workflows.programme.rules import (
    CRITERIA,
    Approved,
    Evidence,
    Gate,
    GateState,
    Proof,
    Standing,
    Waiver,
    gates,
    phase_of,
    proofs_of,
    why_closed,
)
from workflows.programme.states import GATE

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
GRACE = 14 * DAY
FOUNDATION = CRITERIA[Phase.FOCUSED_DEPLOYMENT]


def founded(**changes: Proof) -> dict[Criterion, tuple[Proof, ...]]:
    """Return proofs of the whole foundation, some of them others than the usual."""
    usual = {each: (Proof(f"{each.value} v1", START),) for each in FOUNDATION}
    return usual | {Criterion(name): (proof,) for name, proof in changes.items()}


def first(evidence: Evidence, now: datetime) -> Gate:
    return gates(evidence, grace=GRACE, now=now)[Phase.FOCUSED_DEPLOYMENT]


def test_a_foundation_with_one_part_missing_keeps_the_gate_closed_and_names_it() -> None:
    proofs = founded()
    del proofs[Criterion.DATA_HANDLING]

    gate = first(Evidence(proofs), START + DAY)

    assert gate.state is GateState.CLOSED
    assert [(each.criterion, each.standing) for each in gate.lacking] == [(Criterion.DATA_HANDLING, Standing.UNMET)]


def test_a_whole_foundation_is_ready_and_open_only_once_people_opened_it() -> None:
    evidence = Evidence(founded(), opened={Phase.FOCUSED_DEPLOYMENT: START + 2 * DAY})

    assert first(evidence, START + DAY).state is GateState.READY
    assert first(evidence, START + 2 * DAY).state is GateState.OPEN
    assert phase_of(gates(evidence, grace=GRACE, now=START + 2 * DAY)) is Phase.FOCUSED_DEPLOYMENT


def test_what_lapses_puts_an_open_gate_at_risk_and_holds_it_after_the_grace_time_until_it_is_mended() -> None:
    ends = START + 10 * DAY
    lapsing = founded(context_pack=Proof("DLV-1 v1", START, ends))
    evidence = Evidence(lapsing, opened={Phase.FOCUSED_DEPLOYMENT: START})

    assert first(evidence, ends - DAY).state is GateState.OPEN
    at_risk = first(evidence, ends)
    assert (at_risk.state, at_risk.at_risk_since, at_risk.held_from) == (GateState.AT_RISK, ends, ends + GRACE)
    assert at_risk.lets_through
    held = first(evidence, ends + GRACE)
    assert held.state is GateState.HELD
    assert not held.lets_through

    lapsing[Criterion.CONTEXT_PACK] += (Proof("DLV-1 v2", ends + 20 * DAY),)
    assert first(evidence, ends + 20 * DAY).state is GateState.OPEN


def test_the_earliest_lapse_counts_and_not_the_last() -> None:
    one, two = START + 5 * DAY, START + 12 * DAY
    proofs = founded(context_pack=Proof("DLV-1 v1", START, two), data_handling=Proof("GOV-1 v1", START, one))

    gate = first(Evidence(proofs, opened={Phase.FOCUSED_DEPLOYMENT: START}), START + 20 * DAY)

    assert gate.at_risk_since == one
    assert gate.state is GateState.HELD


def test_a_waiver_holds_until_its_day_and_the_gate_is_at_risk_from_then_on() -> None:
    proofs = founded()
    del proofs[Criterion.STAKEHOLDER_MAP]
    until = START + 30 * DAY
    waiver = Waiver(Phase.FOCUSED_DEPLOYMENT, Criterion.STAKEHOLDER_MAP, "GATE-1", START, until)
    evidence = Evidence(proofs, opened={Phase.FOCUSED_DEPLOYMENT: START + DAY}, waivers=[waiver])

    running, ended = first(evidence, until - DAY), first(evidence, until)

    assert running.state is GateState.OPEN
    assert [each.until for each in running.criteria if each.standing is Standing.WAIVED] == [until]
    assert ended.at_risk_since == until


def test_evidence_nobody_can_date_the_end_of_counts_as_lapsed_from_when_it_was_noticed() -> None:
    proofs = founded()
    opened = {Phase.FOCUSED_DEPLOYMENT: START, Phase.OPTIMISATION: START}
    noticed = START + 3 * DAY
    evidence = Evidence(proofs, opened=opened, noticed={(Phase.OPTIMISATION, Criterion.FIRST_VALUE): noticed})

    found = gates(evidence, grace=GRACE, now=START + 4 * DAY)[Phase.OPTIMISATION]

    assert (found.state, found.at_risk_since) == (GateState.AT_RISK, noticed)


def test_a_later_gate_waits_for_the_one_before_it_whatever_it_has_itself() -> None:
    proofs = founded() | {Criterion.FIRST_VALUE: (Proof("UC-1", START),)}

    waiting = gates(Evidence(proofs), grace=GRACE, now=START)[Phase.OPTIMISATION]
    evidence = Evidence(proofs, opened={Phase.FOCUSED_DEPLOYMENT: START})
    ready = gates(evidence, grace=GRACE, now=START)[Phase.OPTIMISATION]

    assert (waiting.state, waiting.before) == (GateState.CLOSED, Phase.FOCUSED_DEPLOYMENT)
    assert ready.state is GateState.READY


def test_what_was_approved_for_a_later_day_says_from_when_on_it_is_met() -> None:
    later = START + 5 * DAY
    gate = first(Evidence(founded(data_handling=Proof("GOV-1 v1", later))), START)

    [lacking] = gate.lacking
    assert (lacking.standing, lacking.begins) == (Standing.UNMET, later)


def test_what_is_seen_of_the_evidence_changes_with_a_new_version_and_not_with_time() -> None:
    evidence = Evidence(founded())
    newer = Evidence(founded(context_pack=Proof("context_pack v2", START)))

    assert first(evidence, START).digest == first(evidence, START + 9 * DAY).digest
    assert first(evidence, START).digest != first(newer, START).digest


def test_a_version_counts_until_the_next_its_review_or_its_revoking_and_never_comes_back() -> None:
    versions = [
        Approved(1, START, START + 100 * DAY),
        Approved(2, START + 10 * DAY, START + 110 * DAY, revoked_at=START + 20 * DAY),
        Approved(3, START + 40 * DAY, START + 30 * DAY),
    ]

    assert [(each.reference, each.since, each.until) for each in proofs_of("DLV-1", versions)] == [
        ("DLV-1 v1", START, START + 10 * DAY),
        ("DLV-1 v2", START + 10 * DAY, START + 20 * DAY),
    ]


def test_a_use_case_passes_the_gates_of_where_it_goes_and_no_others() -> None:
    lapsing = founded(context_pack=Proof("DLV-1 v1", START, START + DAY))
    evidence = Evidence(lapsing, opened={Phase.FOCUSED_DEPLOYMENT: START})

    at_risk, held = (gates(evidence, grace=GRACE, now=START + DAY + each) for each in (0 * DAY, GRACE))

    assert why_closed(at_risk, UseCaseState.IN_DEPLOYMENT) == ()
    assert why_closed(held, UseCaseState.IN_DEPLOYMENT) == (held[Phase.FOCUSED_DEPLOYMENT],)
    assert why_closed(held, UseCaseState.OPTIMISING) == (held[Phase.OPTIMISATION],)
    assert [each.phase for each in why_closed(held, UseCaseState.SCALING)] == [Phase.FOCUSED_DEPLOYMENT, Phase.SCALING]
    assert why_closed(held, UseCaseState.DEPLOYED) == ()


# ------------------------------------------------------------------------------------ whatever the evidence is

days = st.integers(0, 40)


@st.composite
def proofs(draw: st.DrawFn) -> Proof:
    since = draw(days)
    lasts = draw(st.none() | st.integers(1, 20))
    until = None if lasts is None else START + (since + lasts) * DAY
    return Proof(f"DLV-1 v{draw(st.integers(1, 3))}", START + since * DAY, until)


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    """Return any evidence for all gates: proofs and waivers that come and go, and gates opened on some day or never."""
    every = [each for criteria in CRITERIA.values() for each in criteria]
    always = (Proof("v1", START),)
    found = {each: draw(st.just(always) | st.lists(proofs(), max_size=2).map(tuple)) for each in every}
    opened = draw(st.dictionaries(st.sampled_from(list(CRITERIA)), days.map(lambda day: START + day * DAY), max_size=3))
    waived = draw(st.lists(st.tuples(st.sampled_from(every), days, st.integers(1, 20)), max_size=2))
    waivers = [
        Waiver(phase, criterion, "GATE-1", START + since * DAY, START + (since + lasts) * DAY)
        for criterion, since, lasts in waived
        for phase, criteria in CRITERIA.items()
        if criterion in criteria
    ]
    return Evidence(found, opened=opened, waivers=waivers)


def holds_on(known: Evidence, phase: Phase, criterion: Criterion, day: int) -> bool:
    """Say whether a criterion holds on a day, by looking at every proof and waiver."""
    at = START + day * DAY
    proved = any(each.since <= at and (each.until or at + DAY) > at for each in known.proofs[criterion])
    return proved or any(
        each.phase is phase and each.criterion is criterion and each.since <= at < each.until for each in known.waivers
    )


def lacked_since(known: Evidence, phase: Phase, criterion: Criterion, day: int) -> int:
    """Return since which day a criterion has not held without a break, walking back; one that never held, today."""
    held = [before for before in range(day) if holds_on(known, phase, criterion, before)]
    return held[-1] + 1 if held else day


def oracle(known: Evidence, day: int, *, grace: int) -> list[GateState]:
    """Return how the gates stand on a day, worked out day by day and criterion by criterion."""
    states: list[GateState] = []
    for phase, criteria in CRITERIA.items():
        lacking = [each for each in criteria if not holds_on(known, phase, each, day)]
        opened = known.opened.get(phase)
        if opened is None or opened > START + day * DAY:
            is_ready = not lacking and (not states or states[-1] is GateState.OPEN)
            states.append(GateState.READY if is_ready else GateState.CLOSED)
        elif not lacking:
            states.append(GateState.OPEN)
        else:
            since = min(lacked_since(known, phase, each, day) for each in lacking)
            since = max(since, (opened - START).days)
            states.append(GateState.HELD if day >= since + grace else GateState.AT_RISK)
    return states


@given(known=evidence(), day=st.integers(0, 60), grace=st.integers(0, 14))
def test_gates_stand_as_somebody_would_say_who_looks_at_every_proof_on_every_day(
    known: Evidence, day: int, grace: int
) -> None:
    found = gates(known, grace=grace * DAY, now=START + day * DAY)

    assert [each.state for each in found.values()] == oracle(known, day, grace=grace)
    for gate in found.values():
        assert gate.lets_through is (gate.state in (GateState.OPEN, GateState.AT_RISK))
        assert (gate.at_risk_since is None) is (gate.state not in (GateState.AT_RISK, GateState.HELD))


_NOT_OPENED = (GateState.CLOSED, GateState.READY)


@given(known=evidence(), grace=st.integers(0, 14))
def test_as_time_passes_a_gate_only_becomes_what_the_table_says(known: Evidence, grace: int) -> None:
    seen: dict[Phase, list[GateState]] = {phase: [] for phase in CRITERIA}
    for day in range(60):
        for phase, each in gates(known, grace=grace * DAY, now=START + day * DAY).items():
            seen[phase].append(each.state)

    for states in seen.values():
        assert all(after in allowed(before) for before, after in pairwise(states)), states


def allowed(before: GateState) -> Sequence[GateState]:
    """Return what may follow a state: itself too, and whatever opening a gate out of turn leads to."""
    out_of_turn = [GateState.OPEN, GateState.AT_RISK, GateState.HELD] if before in _NOT_OPENED else []
    return [before, *out_of_turn, *(each.after for each in GATE.transitions if each.before is before)]
