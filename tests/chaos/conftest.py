"""Databases that outlive a test: starting the company takes longer than most tests in it."""

from collections.abc import Iterator

import pytest

from tests.chaos.harness import Company, company
from tests.conftest import ENGINES, migrated


@pytest.fixture(scope="module", params=ENGINES)
def lasting_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a migrated database that the tests of one module share."""
    name = f"chaos_{request.module.__name__.rpartition('.')[2]}"
    yield from migrated(request, tmp_path_factory.mktemp("database"), name=name)


@pytest.fixture(scope="module")
def shared_company(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("company"), lasting_url) as running:
        yield running
