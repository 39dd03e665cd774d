"""Which phase the programme is in, and what the gates that matter now lack."""

from db.enums import Membership
from db.session import Session
from workflows import programme
from workflows.digests.snapshots import GateNow, Lacks, ProgrammeNow
from workflows.digests.standing_scope import Scope
from workflows.programme import CriterionState, Gate


def programme_now(session: Session, scope: Scope) -> ProgrammeNow:
    """Return how the programme stood, from what counted then as far as it is still stored."""
    found = programme.programme_in_short(session, scope.at)
    weeks = programme.elapsed(session, found).weeks_in(found.phase)
    return ProgrammeNow(found.phase, weeks, tuple(_gate(each) for each in found.of_interest))


def _gate(gate: Gate) -> GateNow:
    return GateNow(
        phase=gate.phase,
        state=gate.state,
        met=len(gate.criteria) - len(gate.lacking),
        criteria=len(gate.criteria),
        lacking=tuple(_lacks(each) for each in gate.lacking),
    )


def _lacks(state: CriterionState) -> Lacks:
    owner = state.owner if state.owner and state.owner.membership is Membership.MEMBER else None
    return Lacks(state.criterion, state.standing, owner.name if owner else None, state.since)
