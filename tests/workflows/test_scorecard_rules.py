"""What a scorecard says follows from what people said and what the record shows: values in, values out."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from db.enums import Criterion, Dimension, Phase
from workflows.people.worktime import Calendar
from workflows.programme.rules import CRITERIA, CriterionState, Proof, Standing
from workflows.scorecards.rules import (
    DIMENSIONS,
    NoScorecard,
    Proven,
    asked_about,
    outcome,
    proven,
    reminder_at,
    tenths,
    why_not_open,
)

START = datetime(2026, 1, 5, tzinfo=UTC)
FOUNDATION = DIMENSIONS[Phase.FOUNDATION]
WHOLE = dict.fromkeys(FOUNDATION, Proven(5))


def state(criterion: Criterion, standing: Standing, *references: str) -> CriterionState:
    return CriterionState(criterion, standing, proofs=tuple(Proof(each, START) for each in references))


def said(phase: Phase, *scores: int | None) -> dict[Dimension, tuple[int | None, ...]]:
    return dict.fromkeys(DIMENSIONS[phase], scores)


def test_every_dimension_belongs_to_one_phase() -> None:
    every = [each for dimensions in DIMENSIONS.values() for each in dimensions]

    assert sorted(every) == sorted(Dimension)
    assert [len(each) for each in DIMENSIONS.values()] == [8, 4, 4, 4]


@pytest.mark.parametrize(
    ("standing", "score"),
    [(Standing.MET, 5), (Standing.WAIVED, 3), (Standing.LAPSED, 2), (Standing.UNMET, 1)],
)
def test_a_part_of_the_foundation_scores_itself_however_it_stands(standing: Standing, score: int) -> None:
    shown = proven([state(Criterion.CONTEXT_PACK, standing, "DLV-1 v2")])

    assert shown[Dimension.CONTEXT_PACK] == Proven(score, ("DLV-1 v2",))
    assert set(shown) == set(FOUNDATION)
    assert shown[Dimension.HUMAN_OVERSIGHT].score == 1
    assert not set(asked_about(shown)) & set(FOUNDATION)


def test_later_phases_are_proven_only_once_all_that_shows_them_is_met_and_cases_are_only_counted() -> None:
    states = [state(each, Standing.UNMET) for each in CRITERIA[Phase.SCALING]]
    assert len(asked_about(proven(states))) == 12

    measured = [state(Criterion.MEASURED, Standing.MET, "UC-4"), state(Criterion.LESSON, Standing.MET, "LES-1")]
    shown = proven(measured)
    assert Dimension.MEASUREMENT not in shown
    assert shown[Dimension.LESSONS] == Proven(5, (), 1)

    shown = proven([*measured, state(Criterion.IMPROVED, Standing.MET, "UC-4", "UC-5")])
    assert shown[Dimension.MEASUREMENT] == Proven(5, (), 2)
    assert proven([state(Criterion.FIRST_VALUE, Standing.WAIVED)]).get(Dimension.FIRST_VALUE) is None


def test_one_opinion_is_no_mean_and_nobody_sees_it() -> None:
    found = outcome({Dimension.LESSONS: (5, None)}, {}, gates=Phase.FOUNDATION)
    [lessons] = [each for each in found.dimensions if each.dimension is Dimension.LESSONS]

    assert (lessons.answers, lessons.cannot_say, lessons.score, lessons.highest) == (1, 1, None, None)
    assert found.score_of(Phase.OPTIMISATION) is None


def test_a_phase_is_the_mean_of_the_dimensions_somebody_could_score() -> None:
    answers = {Dimension.LESSONS: (2, 4, None), Dimension.REFINEMENT: (5, 5)}

    found = outcome(answers, {Dimension.MEASUREMENT: Proven(5)}, gates=Phase.OPTIMISATION)

    assert found.score_of(Phase.OPTIMISATION) == Fraction(13, 3)
    assert tenths(Fraction(13, 3)) == 43
    assert tenths(Fraction(395, 100)) == 39


def test_people_see_the_last_phase_before_which_every_phase_scores_four() -> None:
    assert outcome({}, {}, gates=Phase.FOUNDATION).seen is Phase.FOUNDATION
    assert outcome({}, WHOLE, gates=Phase.FOUNDATION).seen is Phase.FOCUSED_DEPLOYMENT
    good = said(Phase.FOCUSED_DEPLOYMENT, 4, 4)
    assert outcome(good, WHOLE, gates=Phase.FOUNDATION).seen is Phase.OPTIMISATION
    nearly = good | {Dimension.FIRST_VALUE: (4, 3)}
    assert outcome(nearly, WHOLE, gates=Phase.FOUNDATION).seen is Phase.FOCUSED_DEPLOYMENT
    unknown = said(Phase.OPTIMISATION, 5, 5)  # nobody could say anything of the phase before
    assert outcome(unknown, WHOLE, gates=Phase.FOUNDATION).seen is Phase.FOCUSED_DEPLOYMENT
    everything = good | unknown | said(Phase.SCALING, 1, 1)
    assert outcome(everything, WHOLE, gates=Phase.FOUNDATION).seen is Phase.SCALING


def test_what_people_differ_about_comes_first_and_what_is_proven_is_beyond_that() -> None:
    answers = {
        Dimension.LESSONS: (1, 3),
        Dimension.REFINEMENT: (1, 5, None),
        Dimension.ROLLOUTS: (3, 4),
        Dimension.FIRST_VALUE: (1, 5),
    }

    found = outcome(answers, {Dimension.FIRST_VALUE: Proven(5)}, gates=Phase.FOUNDATION)

    assert [each.dimension for each in found.apart] == [Dimension.REFINEMENT, Dimension.LESSONS]


def test_gaps_of_the_current_phase_come_first_then_those_before_then_those_after() -> None:
    shown = WHOLE | {Dimension.DATA_HANDLING: Proven(2)}
    answers = said(Phase.OPTIMISATION, 1, 1) | {
        Dimension.FIRST_USE_CASES: (3, 3),
        Dimension.TEAM_ONBOARDING: (2, 3),
        Dimension.FIRST_VALUE: (4, 4),
        Dimension.TECHNICAL_INTEGRATION: (1,),
    }

    found = outcome(answers, shown, gates=Phase.FOCUSED_DEPLOYMENT)

    assert [each.dimension for each in found.gaps] == [
        Dimension.TEAM_ONBOARDING,
        Dimension.FIRST_USE_CASES,
        Dimension.DATA_HANDLING,
        *DIMENSIONS[Phase.OPTIMISATION],
    ]


def test_a_change_is_the_difference_of_what_is_shown_and_unknown_where_either_is() -> None:
    before = outcome({Dimension.LESSONS: (3, 4, 4)}, {}, gates=Phase.FOUNDATION).scores
    found = outcome({Dimension.LESSONS: (4, 5), Dimension.ROLLOUTS: (2, 2)}, {}, gates=Phase.FOUNDATION, before=before)

    assert found.changed(Dimension.LESSONS) == 45 - 36
    assert found.changed(Phase.OPTIMISATION) == 45 - 36
    assert found.changed(Dimension.ROLLOUTS) is None


def test_a_round_wants_two_people_and_a_day_from_tomorrow_to_sixty_days_on() -> None:
    today = date(2026, 3, 2)

    assert why_not_open(1, date(2026, 3, 9), today=today) is NoScorecard.TOO_FEW
    assert why_not_open(51, date(2026, 3, 9), today=today) is NoScorecard.TOO_MANY
    assert why_not_open(2, today, today=today) is NoScorecard.TOO_SOON
    assert why_not_open(2, date(2026, 3, 3), today=today) is None
    assert why_not_open(2, date(2026, 5, 1), today=today) is None
    assert why_not_open(2, date(2026, 5, 2), today=today) is NoScorecard.TOO_LATE


def test_people_are_reminded_two_of_their_working_days_before_the_last_one() -> None:
    calendar, heard = Calendar("Europe/Berlin"), datetime(2026, 3, 2, 9, tzinfo=UTC)

    assert reminder_at(calendar, date(2026, 3, 13), heard=heard) == datetime(2026, 3, 11, 8, tzinfo=UTC)
    assert reminder_at(calendar, date(2026, 3, 9), heard=heard) == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert reminder_at(calendar, date(2026, 3, 4), heard=heard) is None
    away = Calendar("Europe/Berlin", leave=((date(2026, 3, 10), date(2026, 3, 12)),))
    assert reminder_at(away, date(2026, 3, 13), heard=heard) == datetime(2026, 3, 6, 8, tzinfo=UTC)
