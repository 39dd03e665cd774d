"""Run a machine on a fresh database for every example, for as long as there is time, and tell what was tried.

GATEHOUSE_MACHINE_MINUTES lets the machines look longer and further, from a random seed they print;
GATEHOUSE_MACHINE_SEED begins at that seed again. The machines share the time.
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
from tests.support.machine.base import Base, Figures, Fresh
from tests.support.machine.dying import FUSE, IDS
from workflows.approvals import bursts

MINUTES = os.environ.get("GATEHOUSE_MACHINE_MINUTES")
SECONDS = float(MINUTES) * 60 if MINUTES else 20.0
"""What all machines have together on one engine."""
FIRST_SEED = int(os.environ.get("GATEHOUSE_MACHINE_SEED") or (secrets.randbelow(2**32) if MINUTES else 1))
SHRINKING_SECONDS = 90
MANY = 3
"""How many approvals in four minutes are a burst here: nobody gives twelve of them to a few pies."""


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


def run(
    machine: type[Base],
    called: str,
    tell: Callable[[str, object], None],
    *,
    seconds: float,
    batch: int = 6,
    steps: int = 40,
) -> None:
    """Try one seed after the other until the time is over; `tell` takes the figures, which are told in any case."""
    machine.figures = Figures()
    began = time.monotonic()
    last = FIRST_SEED
    try:
        for last in count(FIRST_SEED):
            look_further(machine, from_seed=last, batch=batch, steps=steps)
            spent, tried = time.monotonic() - began, last - FIRST_SEED + 1
            if spent + spent / tried > seconds:  # another one would end too late
                break
    finally:
        told = f"{called}, seeds {FIRST_SEED} to {last}: {machine.figures}"
        tell("figures", told)  # which ./scripts/test prints, whether the test passed or not
        print(told)  # noqa: T201 - pytest shows it of a failure


def look_further(machine: type[Base], *, from_seed: int, batch: int, steps: int) -> None:
    """Try the runs that this seed gives: the same ones every time."""
    run_state_machine_as_test(
        seed(from_seed)(machine),
        settings=settings(
            max_examples=batch,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


def prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes die, ids come again, few approvals be a burst, and a failure be shrunk in time."""
    monkeypatch.setattr(conjecture, "MAX_SHRINKING_SECONDS", SHRINKING_SECONDS)
    monkeypatch.setattr(bursts, "MANY", MANY)
    monkeypatch.setattr(bursts, "NEAR", MANY // 2)
    FUSE.lay(monkeypatch)
    IDS.lay(monkeypatch)
