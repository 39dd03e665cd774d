"""Who could meet the criteria that use cases meet, and how long the programme has taken."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.enums import Criterion, Membership, Phase, UseCaseState
from db.queries import programme as stored
from db.session import Session
from workflows import approvals, intake, policy
from workflows.people import Actor
from workflows.programme.reading import Programme
from workflows.programme.rules import CRITERIA
from workflows.programme.snapshots import Debtor, Elapsed

IN_USE: Final = (
    UseCaseState.IN_DEPLOYMENT,
    UseCaseState.DEPLOYED,
    UseCaseState.OPTIMISING,
    UseCaseState.SCALING,
    UseCaseState.SUSPENDED,
)
BY_USE_CASES: Final = (*CRITERIA[Phase.OPTIMISATION], *CRITERIA[Phase.SCALING])


def owing(session: Session, programme: Programme) -> Mapping[Criterion, Sequence[Debtor]]:
    """Return the use cases in use that could meet each criterion that is lacking and met by use cases.

    Where its owner left, whoever answers for a use case owes it.
    """
    lacking = {state.criterion for gate in programme.gates.values() for state in gate.lacking}
    wanted = [each for each in BY_USE_CASES if each in lacking]
    found = _debtors(session) if wanted else ()
    return dict.fromkeys(wanted, found)


def _debtors(session: Session) -> Sequence[Debtor]:
    ids = [each.id for each in stored.deployed_once(session, states=IN_USE)]
    known = intake.use_cases_of(session, ids)
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, ids) if ids else {}
    return [
        Debtor(
            reference=each.reference,
            use_case_id=each.id,
            owner=_answers(session, each),
            confidential=each.confidential,
            request_id=requests[each.id].id if each.id in requests else None,
        )
        for each in (known[one] for one in ids if one in known)
    ]


def _answers(session: Session, use_case: intake.UseCaseSnapshot) -> Actor:
    if use_case.owner.membership is Membership.MEMBER:
        return use_case.owner
    return next(iter(intake.answers_for(session, use_case)), use_case.owner)


def elapsed(session: Session, programme: Programme) -> Elapsed:
    """Return how long each phase has taken. The first begins with the first part of the foundation, or use case."""
    usual = policy.in_force(session).policy.programme.usual_weeks
    begun = {phase: gate.opened_at for phase, gate in programme.gates.items() if gate.opened_at is not None}
    first = stored.first_begun(session)
    if first is not None:
        begun[Phase.FOUNDATION] = min([first, *begun.values()])
    return Elapsed(
        phase=programme.phase,
        begun=begun,
        now=programme.at,
        usual_first=(usual.foundation.least, usual.foundation.most),
        usual_all=(usual.all_phases.least, usual.all_phases.most),
    )
