"""A migrated database of its own for every test that asks, on both engines, and the product around it."""

import gc
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from db import migrate
from db.engine import make_engine
from db.session import Database
from tests.support.engines import lasting_engine
from tests.support.house import House
from tests.support.postgres import Postgres, postgres
from tests.support.turns import engine_of
from workflows.auditing import drawing

# The gate says the same of the same commit every time. HYPOTHESIS_PROFILE=default looks further, with fresh examples.
# How long an example took says how busy the machine was, so no example fails by it.
settings.register_profile("gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_addoption(parser: pytest.Parser) -> None:
    says = "run each click test on one of its two engines; the seed says on which, so that every run tries another half"
    parser.addoption("--take-turns", type=int, metavar="SEED", help=says)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out whose turn it is not, put fault tests in order of their engine, and begin with what may take longest.

    Two workers that each begin with their half need one engine each, and end together.
    """
    seed = config.getoption("take_turns")
    left_out = [item for item in items if seed is not None and not _has_its_turn(item, seed)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    if all(item.get_closest_marker("chaos") for item in items):
        items.sort(key=lambda item: ("postgresql" in item.name, -_longest(item)))


def _has_its_turn(item: pytest.Item, seed: int) -> bool:
    """Say whether a test runs: what databases may differ in is tried on both engines, what people press on one."""
    spec = getattr(item, "callspec", None)
    engine = spec.params.get("database_url") if spec else None
    always = any(word in item.path.name for word in ALWAYS_ON_BOTH)
    if engine is None or always or item.path.parent.name not in TAKING_TURNS:
        return True
    return bool(engine == engine_of(item.nodeid.replace(engine, ""), seed=seed))


def _longest(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


# Thousands of small houses are built and left; looking for their remains after every 700 objects costs a tenth of all.
OBJECTS_BETWEEN_LOOKS = (100_000, 20, 10)

TAKING_TURNS = ("handlers", "bot", "workflows")
ALWAYS_ON_BOTH = ("races", "whatever", "ledger")  # where the engines themselves may differ
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "migrated.db"
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    migrate.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Give a server with a migrated database called `template`."""
    with postgres() as server:
        engine = make_engine(server.create("template"))
        migrate.upgrade(engine)
        engine.dispose()
        yield server


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a migrated, empty database that only this test uses."""
    yield from migrated(request, tmp_path, name=f"test_{abs(hash(request.node.nodeid)):x}")


def migrated(request: pytest.FixtureRequest, folder: Path, *, name: str) -> Iterator[str]:
    """Give a copy of the template on the engine the fixture was asked for, called `name` on a server."""
    if request.param == "sqlite":
        file = folder / "gatehouse.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    yield server.create(name, template="template")
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    engine = lasting_engine(database_url)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def house(database: Database) -> House:
    """Return the product with Priya (proposes), Marek (owns), Ann (decides) and a few others in it."""
    return House(database)


@pytest.fixture
def by_chance() -> None:
    """Let audits be drawn as they are outside of tests."""


@pytest.fixture(autouse=True)
def nothing_by_chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw all for audit where the share is all of it, and nothing else: or no test would be like the last."""
    if "by_chance" not in request.fixturenames:
        monkeypatch.setattr(drawing, "is_drawn", lambda _, __, *, share: share == 100)


@pytest.fixture(autouse=True)
def quiet_libraries() -> None:
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.ERROR)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what was imported, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS_BETWEEN_LOOKS)
