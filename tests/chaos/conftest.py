"""Databases that outlive a test: starting the company takes longer than most tests in it."""

import shutil
from collections.abc import Iterator

import pytest

from tests.chaos.harness import Company, company
from tests.conftest import ENGINES
from tests.support.postgres import Postgres


@pytest.fixture(scope="module", params=ENGINES)
def lasting_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a migrated database that the tests of one module share."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("database") / "gatehouse.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = f"chaos_{request.module.__name__.rpartition('.')[2]}"
    yield server.create(name, template="template")
    server.drop(name)


@pytest.fixture(scope="module")
def shared_company(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("company"), lasting_url) as running:
        yield running
