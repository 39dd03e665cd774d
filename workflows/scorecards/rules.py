"""What a scorecard says: opinions of several people beside what the record shows. Values in, values out.

A scorecard is an opinion. It stands beside the phase the gates show and never opens one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import Criterion, Dimension, FoundationKind, Phase
from workflows.foundation.rules import AREAS, DELIVERABLES
from workflows.people.worktime import Calendar, is_working_day, resolved
from workflows.programme.rules import CriterionState, Standing

LOWEST: Final = 1
HIGHEST: Final = 5
FEWEST_ASKED: Final = 2
MOST_ASKED: Final = 50
SOONEST_DUE: Final = timedelta(days=1)
LATEST_DUE: Final = timedelta(days=60)
REMINDED_BEFORE: Final = 2
"""How many working days before the last day people are reminded, once."""

SEVERAL: Final = 2
"""From how many opinions on there is a mean. Fewer would be one person's word, and say whose."""

READY: Final = 4
"""The score from which on people are taken to see a phase as done, and a dimension as no gap."""

APART: Final = 2
"""How many points lie between the highest and the lowest score where people are said to differ."""

DIMENSIONS: Final[Mapping[Phase, tuple[Dimension, ...]]] = {
    Phase.FOUNDATION: tuple(Dimension(each.value) for each in (*DELIVERABLES, *AREAS)),
    Phase.FOCUSED_DEPLOYMENT: (
        Dimension.FIRST_USE_CASES,
        Dimension.TECHNICAL_INTEGRATION,
        Dimension.TEAM_ONBOARDING,
        Dimension.FIRST_VALUE,
    ),
    Phase.OPTIMISATION: (
        Dimension.MEASUREMENT,
        Dimension.REFINEMENT,
        Dimension.LESSONS,
        Dimension.CHECK_IN_DISCIPLINE,
    ),
    Phase.SCALING: (
        Dimension.REPEATABLE_ONBOARDING,
        Dimension.KNOWLEDGE_BASE,
        Dimension.GOVERNANCE_AT_SCALE,
        Dimension.ROLLOUTS,
    ),
}
"""What is asked about each phase."""

PROVEN_BY: Final[Mapping[Dimension, tuple[Criterion, ...]]] = {
    Dimension.FIRST_VALUE: (Criterion.FIRST_VALUE,),
    Dimension.MEASUREMENT: (Criterion.MEASURED, Criterion.IMPROVED),
    Dimension.LESSONS: (Criterion.LESSON,),
}
"""Which criteria show a dimension of a later phase once all of them are met. Until then people are asked."""

SCORES: Final[Mapping[Standing, int]] = {
    Standing.MET: 5,
    Standing.WAIVED: 3,
    Standing.LAPSED: 2,
    Standing.UNMET: 1,
}
"""What a part of the foundation scores, however it stands."""

_PHASES: Final = tuple(Phase)


class NoScorecard(StrEnum):
    """Why nothing came of what somebody wanted to do with a scorecard."""

    NOT_STEERING = "not_steering"
    GOES_ON = "goes_on"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"
    CLOSED = "closed"
    STILL_OPEN = "still_open"


@dataclass(frozen=True, slots=True)
class Proven:
    """What the record says of a dimension. `by` names what may be told everybody; of `cases` only how many there are.

    `cases` are the use cases and lessons that show it: they may be confidential.
    """

    score: int
    by: tuple[str, ...] = ()
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """A dimension: what is proven, else what people said. One opinion alone is nobody's to see, and is no score."""

    dimension: Dimension
    proven: Proven | None = None
    answers: int = 0
    cannot_say: int = 0
    mean: Fraction | None = None
    lowest: int | None = None
    highest: int | None = None

    @property
    def score(self) -> Fraction | None:
        return Fraction(self.proven.score) if self.proven else self.mean

    @property
    def spread(self) -> int:
        """Return how many points lie between the highest and the lowest score."""
        return self.highest - self.lowest if self.highest is not None and self.lowest is not None else 0


@dataclass(frozen=True, slots=True)
class PhaseScore:
    """A phase: the mean of its dimensions that have a score, each counting once; None where none has."""

    phase: Phase
    dimensions: tuple[Scored, ...]

    @property
    def known(self) -> tuple[Fraction, ...]:
        return tuple(each.score for each in self.dimensions if each.score is not None)

    @property
    def score(self) -> Fraction | None:
        return sum(self.known, Fraction()) / len(self.known) if self.known else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a round: `gates` is the phase the gates showed then, `lacks` what the next gate lacked."""

    phases: tuple[PhaseScore, ...]
    gates: Phase
    lacks: tuple[Criterion, ...] = ()
    before: Mapping[Phase | Dimension, Fraction] = field(default_factory=dict)

    @property
    def seen(self) -> Phase:
        """Return the phase people see: the last of which every phase before has a score of four at least."""
        seen = _PHASES[0]
        for before, following in zip(self.phases, _PHASES[1:], strict=False):
            if before.score is None or before.score < READY:
                break
            seen = following
        return seen

    @property
    def dimensions(self) -> tuple[Scored, ...]:
        return tuple(each for phase in self.phases for each in phase.dimensions)

    @property
    def apart(self) -> tuple[Scored, ...]:
        """Return what people differ about by two points or more, the most first."""
        far = [each for each in self.dimensions if each.proven is None and each.spread >= APART]
        return tuple(sorted(far, key=lambda each: -each.spread))

    @property
    def gaps(self) -> tuple[Scored, ...]:
        """Return what scores below four: of the phase the gates show first, then before it, then after; lowest first.

        What nobody could say is no gap: it is not known to be one.
        """
        found = []
        for each in self.phases:
            where = _distance(each.phase, self.gates)
            low = [one for one in each.dimensions if one.score is not None and one.score < READY]
            found += [((where, one.score), one) for one in low]
        return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))

    def changed(self, what: Phase | Dimension) -> int | None:
        """Return by how many tenths it changed since the round before, as they are shown; None where that is unknown.

        A phase's score or a dimension's, whichever `what` is.
        """
        now, before = self.score_of(what), self.before.get(what)
        return tenths(now) - tenths(before) if now is not None and before is not None else None

    def score_of(self, what: Phase | Dimension) -> Fraction | None:
        if isinstance(what, Phase):
            return next(each.score for each in self.phases if each.phase is what)
        return next(each.score for each in self.dimensions if each.dimension is what)

    @property
    def scores(self) -> Mapping[Phase | Dimension, Fraction]:
        """Return every score there is, as the round after compares itself with."""
        every: list[Phase | Dimension] = [*Phase, *Dimension]
        found = {each: self.score_of(each) for each in every}
        return {each: score for each, score in found.items() if score is not None}


def _distance(phase: Phase, current: Phase) -> int:
    """Return 0 for the current phase, 1 for those before it, and more the further it is ahead."""
    ahead = _PHASES.index(phase) - _PHASES.index(current)
    return ahead + 1 if ahead > 0 else 1 if ahead < 0 else 0


def tenths(score: Fraction) -> int:
    """Return a score in whole tenths, rounded down: what is shown is never more than it is, so 3.95 is no 4."""
    return int(score * 10)


def is_of_foundation(dimension: Dimension) -> bool:
    """Say whether a part of the foundation proves it, either way, so that nobody is asked."""
    return dimension.value in set(FoundationKind)


def proven(criteria: Iterable[CriterionState]) -> Mapping[Dimension, Proven]:
    """Return what the criteria of all gates prove.

    A part of the foundation always proves its dimension, met or not; a dimension of a later phase is proven once all
    that would show it is met.
    """
    states = {each.criterion: each for each in criteria}
    found: dict[Dimension, Proven] = {}
    for dimension in DIMENSIONS[Phase.FOUNDATION]:
        state = states.get(Criterion(dimension.value))
        standing = state.standing if state else Standing.UNMET
        found[dimension] = Proven(SCORES[standing], state.rests_on if state else ())
    for dimension, wanted in PROVEN_BY.items():
        met = [states[each] for each in wanted if each in states and states[each].standing is Standing.MET]
        if len(met) == len(wanted):
            cases = {proof.reference for state in met for proof in state.proofs}
            found[dimension] = Proven(HIGHEST, cases=len(cases))
    return found


def asked_about(shown: Mapping[Dimension, Proven]) -> tuple[Dimension, ...]:
    """Return what people are asked: what the record does not show by itself."""
    return tuple(each for dimensions in DIMENSIONS.values() for each in dimensions if each not in shown)


def outcome(
    said: Mapping[Dimension, Sequence[int | None]],
    shown: Mapping[Dimension, Proven],
    *,
    gates: Phase,
    lacks: Sequence[Criterion] = (),
    before: Mapping[Phase | Dimension, Fraction] | None = None,
) -> Result:
    """Return what came of a round. `said` are the answers by dimension, None for “cannot say”.

    What is proven needs no opinion, and one that was given before it was is not counted.
    """
    phases = tuple(
        PhaseScore(phase, tuple(_scored(each, said.get(each, ()), shown.get(each)) for each in dimensions))
        for phase, dimensions in DIMENSIONS.items()
    )
    return Result(phases, gates, tuple(lacks), before or {})


def _scored(dimension: Dimension, said: Sequence[int | None], shown: Proven | None) -> Scored:
    if shown is not None:
        return Scored(dimension, shown)
    scores = [each for each in said if each is not None]
    cannot_say = len(said) - len(scores)
    if len(scores) < SEVERAL:
        return Scored(dimension, answers=len(scores), cannot_say=cannot_say)
    mean = Fraction(sum(scores), len(scores))
    return Scored(dimension, None, len(scores), cannot_say, mean, min(scores), max(scores))


def why_not_open(asked: int, due: date, *, today: date) -> NoScorecard | None:
    """Return why a round of so many people until this day cannot be started; `today` is where whoever starts it is."""
    if asked < FEWEST_ASKED:
        return NoScorecard.TOO_FEW
    if asked > MOST_ASKED:
        return NoScorecard.TOO_MANY
    if due < today + SOONEST_DUE:
        return NoScorecard.TOO_SOON
    return NoScorecard.TOO_LATE if due > today + LATEST_DUE else None


def reminder_at(calendar: Calendar, due: date, *, heard: datetime) -> datetime | None:
    """Return when somebody is reminded, in UTC: as the second of their working days before the last one begins.

    None where they heard of it on that day or later: then there is no reminder.
    """
    day, left = due, REMINDED_BEFORE
    first = heard.astimezone(ZoneInfo(calendar.zone)).date()
    while left and day > first:
        day -= timedelta(days=1)
        left -= is_working_day(calendar, day)
    return resolved(calendar.zone, day, calendar.starts) if day > first else None
