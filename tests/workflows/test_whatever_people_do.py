"""Anybody does anything in any order, on both engines, and what must hold holds after every step.

GATEHOUSE_MACHINE_MINUTES lets it look longer and further, from a random seed it prints; GATEHOUSE_MACHINE_SEED begins
at that seed again. `./scripts/chaos --people` sets both.
"""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture import engine as conjecture
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event

from db.engine import make_engine
from db.session import Database
from tests.conftest import ENGINES
from tests.support.machine.base import Figures, Fresh
from tests.support.machine.dying import FUSE, IDS
from tests.support.machine.engine import Engine
from workflows import reactions

TEST_SECONDS = 60.0
MINUTES = os.environ.get("GATEHOUSE_MACHINE_MINUTES")
SECONDS = float(MINUTES) * 60 if MINUTES else TEST_SECONDS
FIRST_SEED = int(os.environ.get("GATEHOUSE_MACHINE_SEED") or (secrets.randbelow(2**32) if MINUTES else 1))
BATCH = 10
STEPS = 40
SHRINKING_SECONDS = 90

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(SECONDS + 300)]


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Give an empty migrated database, as often as it is called."""
    numbers = count(1)

    @contextmanager
    def on_sqlite() -> Iterator[Database]:
        file = tmp_path / f"{next(numbers)}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        engine = make_engine(f"sqlite:///{file}")
        yield Database(engine)
        engine.dispose()
        file.unlink()

    @contextmanager
    def on_postgres() -> Iterator[Database]:
        server = request.getfixturevalue("postgres_server")
        name = f"machine_{next(numbers)}"
        engine = make_engine(server.create(name, template="template"))
        event.listen(engine, "connect", wait_as_long_as_it_takes)
        yield Database(engine)
        engine.dispose()
        server.drop(name)

    return on_sqlite if request.param == "sqlite" else on_postgres


def wait_as_long_as_it_takes(connection: psycopg.Connection[object], _: object) -> None:
    """Lift the limits on waiting: nobody waits for an answer here, and how busy the machine is says nothing."""
    connection.autocommit = True
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(f"SET {name} = 0".encode())
    connection.autocommit = False


def test_whatever_people_do_what_was_promised_holds(
    request: pytest.FixtureRequest,
    fresh: Fresh,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(reactions, "_settled", lambda *_, **__: None)  # no feature answers for pies
    monkeypatch.setattr(conjecture, "MAX_SHRINKING_SECONDS", SHRINKING_SECONDS)
    FUSE.lay(monkeypatch)
    IDS.lay(monkeypatch)

    class Here(Engine):
        pass

    Here.fresh, Here.figures = staticmethod(fresh), Figures()
    began = time.monotonic()
    last = FIRST_SEED
    try:
        for last in count(FIRST_SEED):
            look_further(Here, from_seed=last)
            spent, tried = time.monotonic() - began, last - FIRST_SEED + 1
            if spent + spent / tried > SECONDS:  # another one would end too late
                break
    finally:
        told = f"people on {request.node.callspec.id}, seeds {FIRST_SEED} to {last}: {Here.figures}"
        record_property("figures", told)  # which ./scripts/test prints, whether the test passed or not
        print(told)  # noqa: T201 - pytest shows it of a failure


def look_further(machine: type[Engine], *, from_seed: int) -> None:
    """Try the runs that this seed gives: the same ones every time."""
    run_state_machine_as_test(
        seed(from_seed)(machine),
        settings=settings(
            max_examples=BATCH,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
