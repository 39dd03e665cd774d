"""Click tests take turns on the two engines: in every run each has one, and over some runs both."""

from tests.support.turns import ENGINES, engine_of

NAMES = [f"tests/handlers/test_{number}.py::test_somebody_presses" for number in range(200)]


def test_postgresql_has_about_a_third_of_the_tests_in_every_run() -> None:
    for seed in range(20):
        chosen = [engine_of(name, seed=seed) for name in NAMES]
        assert 40 < chosen.count("postgresql") < 100


def test_every_test_runs_on_both_engines_within_two_dozen_runs() -> None:
    for name in NAMES:
        assert {engine_of(name, seed=seed) for seed in range(24)} == set(ENGINES)
