"""A gate is what its evidence says at a moment: values in, values out."""

from datetime import UTC, datetime, timedelta

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
