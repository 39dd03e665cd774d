"""Say what a scorecard asks, what came of it, and why something was not done."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from db.enums import Criterion, Dimension, FoundationKind, Phase
from handlers.text import counted, day_in_words, listed, moment, named
from workflows import scorecards
from workflows.foundation import NAMES
from workflows.programme import PHASES
from workflows.scorecards import Closed, Gap, NoScorecard, NotDone, Result, Round, Scored

DIMENSIONS: Final[Mapping[Dimension, str]] = {
    **{Dimension(kind.value): name for kind, name in NAMES.items()},
    Dimension.FIRST_USE_CASES: "Choice of the first use cases",
    Dimension.TECHNICAL_INTEGRATION: "Technical integration",
    Dimension.TEAM_ONBOARDING: "Onboarding and training of teams",
    Dimension.FIRST_VALUE: "First value",
    Dimension.MEASUREMENT: "Baselines and measurement",
    Dimension.REFINEMENT: "Refinement from corrections",
    Dimension.LESSONS: "Lessons",
    Dimension.CHECK_IN_DISCIPLINE: "Discipline of check-ins",
    Dimension.REPEATABLE_ONBOARDING: "Repeatable onboarding",
    Dimension.KNOWLEDGE_BASE: "Knowledge base",
    Dimension.GOVERNANCE_AT_SCALE: "Governance that absorbs new cases",
    Dimension.ROLLOUTS: "Rollouts to more teams",
}
_OF_A_PART: Final = (
    "nothing is approved",
    "it was done without for a while, by a decision",
    "a version of it is approved and in force",
)
LEVELS: Final[Mapping[Dimension, tuple[str, str, str]]] = {
    **{Dimension(each.value): _OF_A_PART for each in FoundationKind},
    Dimension.FIRST_USE_CASES: (
        "whoever was loudest came first",
        "chosen by value and risk, without an invested owner for each",
        "two or three with clear inputs, data that is there, an owner and a value to measure in 90 days",
    ),
    Dimension.TECHNICAL_INTEGRATION: (
        "people copy and paste between tools",
        "connected to the main systems, with steps done by hand",
        "part of the tools people work in, looked after and monitored",
    ),
    Dimension.TEAM_ONBOARDING: (
        "people were sent a link",
        "most were trained, and their way of working stayed as it was",
        "everybody who needs it is trained, and their way of working was designed for it",
    ),
    Dimension.FIRST_VALUE: (
        "nobody can say what it brought",
        "people report value, without numbers that were agreed",
        "a use case has hit the numbers it was approved for",
    ),
    Dimension.MEASUREMENT: (
        "nothing was measured before we began",
        "some baselines are locked, and numbers have gaps",
        "baselines are locked for all that is in use, and enough numbers came in to compare",
    ),
    Dimension.REFINEMENT: (
        "people correct outputs, and nothing changes",
        "causes are known, and some are being fixed",
        "each frequent cause has a fix with an owner, and rates fall",
    ),
    Dimension.LESSONS: (
        "what was learnt stays in people's heads",
        "written down here and there",
        "published where the next team looks, and kept up to date",
    ),
    Dimension.CHECK_IN_DISCIPLINE: (
        "most are not answered",
        "mostly answered, often late",
        "answered in time, and a second person confirms the numbers",
    ),
    Dimension.REPEATABLE_ONBOARDING: (
        "each team starts from nothing",
        "there is a list of steps, which somebody has to explain",
        "another team can follow the steps by itself",
    ),
    Dimension.KNOWLEDGE_BASE: (
        "there is none",
        "it is there, and hard to search or old",
        "people find what others learnt, and it is confirmed regularly",
    ),
    Dimension.GOVERNANCE_AT_SCALE: (
        "each new case is a project for those who decide",
        "usual cases take days, and unusual ones get stuck",
        "low risk passes quickly, high risk is looked at well, and nobody waits without knowing for whom",
    ),
    Dimension.ROLLOUTS: (
        "nothing was taken to a second team",
        "one was, with the first team doing the work",
        "several were, each with an owner, and their results are known",
    ),
}
"""What 1, 3 and 5 look like."""

STEPS: Final[Mapping[Dimension, str]] = {
    Dimension.FIRST_USE_CASES: "choose two or three with clear inputs, existing data and an invested owner",
    Dimension.TECHNICAL_INTEGRATION: "give each step done by hand an owner and a day",
    Dimension.TEAM_ONBOARDING: "name who is still to be trained, and by when",
    Dimension.FIRST_VALUE: "bring the numbers of one use case to their targets",
    Dimension.MEASUREMENT: "lock a baseline for every KPI in use, and let numbers come in for the whole period",
    Dimension.REFINEMENT: "accept a fix for the most frequent cause of corrections",
    Dimension.LESSONS: "publish what worked and what did not of one use case",
    Dimension.CHECK_IN_DISCIPLINE: "ask those who report why they do not; halve what they are asked",
    Dimension.REPEATABLE_ONBOARDING: "write the steps of one onboarding down, and let somebody else follow them",
    Dimension.KNOWLEDGE_BASE: "confirm or drop what is old, and link it where people propose",
    Dimension.GOVERNANCE_AT_SCALE: "look where requests wait, and move low risk to a line of the policy",
    Dimension.ROLLOUTS: "choose one proven use case and one team that wants it",
}
"""What to do about a gap that no part of the foundation closes."""

_LACKING: Final[Mapping[Criterion, str]] = {
    Criterion.FIRST_VALUE: "first value",
    Criterion.MEASURED: "a use case measured for its whole period",
    Criterion.IMPROVED: "one that improved on its baseline",
    Criterion.LESSON: "a published lesson",
}
_PROVEN: Final = {1: "not approved", 2: "has lapsed", 3: "done without for a while"}
TITLE: Final = "Scorecard"
IS_OPINION: Final = "A scorecard is an opinion: it opens no gate."
WHAT_IT_IS: Final = (
    "A scorecard asks several people how ready the organisation is, 1 to 5 for each dimension of the four phases. "
    "What the record shows by itself is filled in. It is an opinion, stands beside the phase the gates show, and opens "
    "no gate. Nobody sees who gave which score."
)
WHY: Final[Mapping[NoScorecard, str]] = {
    NoScorecard.NOT_STEERING: "Only programme leads and admins can do that. Nothing was changed.",
    NoScorecard.GOES_ON: "A scorecard goes on already. Close it first, or wait until its last day is over.",
    NoScorecard.TOO_FEW: f"Name at least {scorecards.FEWEST_ASKED} full members: one opinion is no scorecard.",
    NoScorecard.TOO_MANY: f"Name {scorecards.MOST_ASKED} people at most.",
    NoScorecard.TOO_SOON: "Give them until tomorrow at least: choose a later day.",
    NoScorecard.TOO_LATE: f"That is more than {scorecards.LATEST_DUE.days} days ahead. Choose an earlier day.",
    NoScorecard.UNKNOWN: "There is no such scorecard. Nothing was changed.",
    NoScorecard.NOT_ASKED: "You are not among the people this scorecard asks. Nothing was stored.",
    NoScorecard.CLOSED: "That scorecard is closed. Nothing was changed. `/gatehouse scorecard` shows what came of it.",
    NoScorecard.STILL_OPEN: "That scorecard still goes on. It can be exported once it is closed.",
}


def why_text(refused: NotDone) -> str:
    """Say why nothing was done; of a round that goes on or is over, which one and since when."""
    found = refused.round
    if refused.why is NoScorecard.GOES_ON and found is not None:
        who, until = named(found.opened_by.name), day_in_words(found.due_on)
        return f"{found.reference} goes on already: {who} started it, until {until}. Close it first, or wait."
    if refused.why is NoScorecard.CLOSED and found is not None and found.closed_at is not None:
        by = f" by {named(found.closed_by.name)}" if found.closed_by else ""
        return (
            f"{found.reference} was closed{by}, {moment(found.closed_at)}. Nothing was changed. "
            "`/gatehouse scorecard` shows what came of it."
        )
    return WHY[refused.why]


def ordinal(phase: Phase) -> int:
    return tuple(Phase).index(phase) + 1


def phase_name(phase: Phase) -> str:
    """Return “phase 2, Focused Deployment”."""
    return f"phase {ordinal(phase)}, {PHASES[phase]}"


def score_text(score: Fraction | None) -> str:
    """Return “3.5”, rounded down; “–” where it is not known."""
    return "–" if score is None else f"{scorecards.tenths(score) / 10:.1f}"


def change_text(tenths: int | None) -> str:
    """Return “▲ 0.4”, “▼ 0.3” or “unchanged”; nothing where there is nothing to compare."""
    if tenths is None:
        return ""
    return "unchanged" if tenths == 0 else f"{'▲' if tenths > 0 else '▼'} {abs(tenths) / 10:.1f}"


def headline(result: Result) -> str:
    """Say which phase people see beside the one the gates show, and why the two differ where they do."""
    seen, gates = result.seen, result.gates
    if seen is gates:
        return f"People and gates agree: {phase_name(gates)}."
    return f"People see {phase_name(seen)}; the gates show {phase_name(gates)}: {_why_they_differ(result)}."


def _why_they_differ(result: Result) -> str:
    if ordinal(result.seen) > ordinal(result.gates):
        lacks = [_LACKING.get(each) or DIMENSIONS[Dimension(each.value)] for each in result.lacks]
        if not lacks:
            return "nobody has opened the next gate"
        return f"{listed(lacks, last='and')} {'is' if len(lacks) == 1 else 'are'} not shown"
    score = result.score_of(result.seen)
    if score is None:
        return f"too few could score {PHASES[result.seen]}"
    return f"{PHASES[result.seen]} scores {score_text(score)}, and {scorecards.READY} is where it counts as done"


def proof_text(scored: Scored) -> str:
    """Return what proves a dimension; use cases and lessons are counted, as they may be confidential."""
    shown = scored.proven
    if shown is None:
        return ""
    if not scorecards.is_of_foundation(scored.dimension):
        what = "lesson" if scored.dimension is Dimension.LESSONS else "use case"
        return f"proven by {counted(shown.cases, what)}"
    by = listed(list(shown.by), last="and")
    if shown.score in _PROVEN:
        return f"proven: {_PROVEN[shown.score]}{f' ({by})' if by else ''}"
    return f"proven by {by}" if by else "proven"


def said_text(scored: Scored) -> str:
    """Return how many people said something of a dimension, and from where to where."""
    cannot = f", {scored.cannot_say} cannot say" if scored.cannot_say else ""
    if scored.mean is not None:
        return f"{scored.lowest} to {scored.highest}, {scored.answers} answers{cannot}"
    if scored.answers:
        return f"one answer only, so no score{cannot}"
    return f"nobody could say{f' ({scored.cannot_say} asked)' if scored.cannot_say else ''}"


def known_text(result: Result, phase: Phase) -> str:
    """Return of how many of its dimensions a phase's score is the mean."""
    [found] = [each for each in result.phases if each.phase is phase]
    proven = sum(each.proven is not None for each in found.dimensions)
    known, every = len(found.known), len(found.dimensions)
    return f"{known} of {every} dimensions scored, {proven} proven"


def owner_text(gap: Gap, how: Callable[[str], str] = named) -> str:
    """Return who sees to a gap; `how` writes a name."""
    names = listed([how(each.name) for each in gap.owners], last="or")
    if not gap.by_leads:
        return f"{names} owns it"
    return f"programme leads: {names}" if names else "nobody leads the programme: an admin gives that role to somebody"


def progress_text(found: Round) -> str:
    """Return how far a round is, in counts only."""
    asked = len(found.answered) + len(found.waiting)
    return f"{len(found.answered)} of {asked} have answered. Until the end of {day_in_words(found.due_on)}."


def closed_text(found: Closed) -> str:
    """Return when a round was closed, and how many said something."""
    round_, when = found.round, moment(found.round.closed_at) if found.round.closed_at else ""
    by = f" by {named(round_.closed_by.name)}" if round_.closed_by else ", as its last day was over"
    return f"Closed{by}, {when}. {len(round_.answered)} of {len(round_.asked)} people answered."
