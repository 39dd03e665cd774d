"""Every state of a use case, what leads from one to another, and what that needs. `docs/states.md` draws it.

What happens before an approval follows its request; here are the moves after it, each by somebody's hand.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.enums import UseCaseState


class Move(StrEnum):
    """What somebody does with a use case after its approval. Values stand in buttons and messages; never rename one."""

    DEPLOY = "deploy"
    GO_LIVE = "go_live"
    OPTIMISE = "optimise"
    SCALE = "scale"
    SUSPEND = "suspend"
    RESUME = "resume"
    RETIRE = "retire"


class Happening(StrEnum):
    """What else changes a use case's state: what becomes of its request, of its approval, and of its conditions."""

    RECORDED = "recorded"
    BEGUN = "begun"
    PROPOSED = "proposed"
    SUBMITTED = "submitted"
    CHANGES_ASKED = "changes_asked"
    RESUBMITTED = "resubmitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TIME_UP = "time_up"
    BREAK_GLASS = "break_glass"
    CONDITIONS_TO_MEET = "conditions_to_meet"
    CONDITIONS_MET = "conditions_met"
    TIER_ROSE = "tier_rose"
    STOPPED = "stopped"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class Transition:
    """`before` is None for what is new; `needs` is one sentence."""

    before: UseCaseState | None
    event: Move | Happening
    after: UseCaseState
    needs: str


FORWARD: Final = (Move.DEPLOY, Move.GO_LIVE, Move.OPTIMISE, Move.SCALE)
"""The moves in their order; none is skipped."""

_APPROVED: Final = (UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS)
LIVE: Final = (
    UseCaseState.IN_DEPLOYMENT,
    UseCaseState.DEPLOYED,
    UseCaseState.OPTIMISING,
    UseCaseState.SCALING,
)
_S, _M, _H = UseCaseState, Move, Happening


def _before_the_decision() -> list[Transition]:
    came_back = "The policy had refused it, and the corrected answers lead elsewhere."
    return [
        Transition(None, _H.RECORDED, _S.RECORDED, "Somebody says or imports that it is in use, ungoverned."),
        Transition(None, _H.BEGUN, _S.DRAFT, "A full member writes it down, with as much as they know."),
        Transition(_S.RECORDED, _H.PROPOSED, _S.DRAFT, "Its owner, or who found it, begins to propose it."),
        Transition(_S.DRAFT, _H.SUBMITTED, _S.IN_REVIEW, "It has an objective, an owner, a sponsor and a KPI."),
        Transition(_S.DRAFT, _H.APPROVED, _S.APPROVED, "A line of the policy approves what is harmless."),
        Transition(_S.DRAFT, _H.REJECTED, _S.REJECTED, "A line of the policy refuses what is prohibited."),
        Transition(_S.IN_REVIEW, _H.CHANGES_ASKED, _S.CHANGES_REQUESTED, "Somebody asked wants something changed."),
        Transition(_S.CHANGES_REQUESTED, _H.RESUBMITTED, _S.IN_REVIEW, "Its proposer or owner sends it again."),
        Transition(_S.IN_REVIEW, _H.APPROVED, _S.APPROVED, "Every lane of its chain approved it."),
        Transition(_S.CHANGES_REQUESTED, _H.APPROVED, _S.APPROVED, "A line of the policy approves what it became."),
        Transition(_S.IN_REVIEW, _H.REJECTED, _S.REJECTED, "One lane rejected it."),
        Transition(_S.CHANGES_REQUESTED, _H.REJECTED, _S.REJECTED, "A line of the policy refuses what it became."),
        Transition(_S.IN_REVIEW, _H.WITHDRAWN, _S.WITHDRAWN, "Its proposer takes it back."),
        Transition(_S.CHANGES_REQUESTED, _H.WITHDRAWN, _S.WITHDRAWN, "Its proposer takes it back."),
        Transition(_S.IN_REVIEW, _H.TIME_UP, _S.EXPIRED, "A lane stayed silent past its last date."),
        Transition(_S.REJECTED, _H.RESUBMITTED, _S.IN_REVIEW, came_back),
        Transition(_S.REJECTED, _H.APPROVED, _S.APPROVED, came_back),
        Transition(_S.IN_REVIEW, _H.BREAK_GLASS, _S.APPROVED, "Two named people let it go ahead for some hours."),
        Transition(_S.APPROVED, _H.REJECTED, _S.REJECTED, "Break-glass had let it go ahead, and it is not approved."),
        Transition(_S.APPROVED, _H.WITHDRAWN, _S.WITHDRAWN, "Break-glass had let it go ahead, and it is taken back."),
        Transition(_S.APPROVED, _H.TIME_UP, _S.EXPIRED, "Break-glass had let it go ahead, and nobody decided."),
        Transition(_S.SUSPENDED, _H.REJECTED, _S.REJECTED, "The time of break-glass was up, and it is not approved."),
        Transition(_S.SUSPENDED, _H.WITHDRAWN, _S.WITHDRAWN, "The time of break-glass was up, and it is taken back."),
        Transition(_S.SUSPENDED, _H.TIME_UP, _S.EXPIRED, "The time of break-glass was up, and nobody decided."),
    ]


def _once_approved() -> list[Transition]:
    approved, conditional = _APPROVED
    rows = [
        Transition(approved, _H.CONDITIONS_TO_MEET, conditional, "It is approved under a condition."),
        Transition(conditional, _H.CONDITIONS_MET, approved, "Its last condition is met or waived."),
    ]
    rose = "A change of what nobody uses yet raises its tier to high or prohibited."
    rows += [Transition(each, _H.TIER_ROSE, _S.IN_REVIEW, rose) for each in _APPROVED]
    opened = (
        "The gate into Focused Deployment lets it through, what blocks deployment is met, a place is free, and it is "
        "not there by break-glass."
    )
    rows += [Transition(each, _M.DEPLOY, _S.IN_DEPLOYMENT, opened) for each in _APPROVED]
    return [
        *rows,
        Transition(_S.IN_DEPLOYMENT, _M.GO_LIVE, _S.DEPLOYED, "Both of its workstreams are complete."),
        Transition(
            _S.DEPLOYED,
            _M.OPTIMISE,
            _S.OPTIMISING,
            "The gate into Optimisation lets it through, and every KPI in use has a locked baseline.",
        ),
        Transition(
            _S.OPTIMISING,
            _M.SCALE,
            _S.SCALING,
            "The gates into Focused Deployment and Scaling let it through, with a published lesson and checklist.",
        ),
    ]


def _stops() -> list[Transition]:
    by_hand = "Its owner, its sponsor or a programme lead stops it, with a reason."
    again = "Whoever may stop it lets it go on, and nothing else holds it up."
    stopped = "An overdue condition, a lapsed approval, a failed audit, or a tier that rose holds it up."
    goes_on = "Everything that held it up is gone, so it is again what it was."
    retired = "Its owner or a programme lead ends it for good, with a reason."
    kept = (*_APPROVED, *LIVE)
    return [
        *(Transition(each, _M.SUSPEND, _S.SUSPENDED, by_hand) for each in LIVE),
        *(Transition(_S.SUSPENDED, _M.RESUME, each, again) for each in LIVE),
        *(Transition(each, _H.STOPPED, _S.SUSPENDED, stopped) for each in kept),
        *(Transition(_S.SUSPENDED, _H.GOES_ON, each, goes_on) for each in kept),
        *(Transition(each, _M.RETIRE, _S.RETIRED, retired) for each in (*kept, _S.SUSPENDED)),
    ]


TRANSITIONS: Final = (*_before_the_decision(), *_once_approved(), *_stops())


def before(move: Move) -> frozenset[UseCaseState]:
    """Return the states in which a use case can be moved so."""
    return frozenset(each.before for each in TRANSITIONS if each.event is move and each.before is not None)


def after(move: Move) -> UseCaseState:
    """Return what a use case is after a move; a resumed one is what it was before. Raises LookupError for that."""
    found = {each.after for each in TRANSITIONS if each.event is move}
    if len(found) != 1:
        raise LookupError(f"{move} does not lead to one state")
    return found.pop()


def next_move(state: UseCaseState) -> Move | None:
    """Return the move that leads on from a state; None where there is none."""
    return next((each for each in FORWARD if state in before(each)), None)
