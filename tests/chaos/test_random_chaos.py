"""Everything at once: people click, processes die, and what was promised holds.

GATEHOUSE_CHAOS_MINUTES makes a run longer, GATEHOUSE_CHAOS_SEED repeats one; `./scripts/chaos` sets both.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.driver import Run, chosen_seconds, chosen_seed
from tests.chaos.harness import company
from tests.support.postgres import OwnPostgres

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(chosen_seconds() + 240)]


def test_what_was_acknowledged_survives_whatever_dies(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    engine = database_url.partition(":")[0].partition("+")[0]
    server = request.getfixturevalue("postgres_server") if engine == "postgresql" else None
    own = server if isinstance(server, OwnPostgres) else None  # another's server is not ours to crash
    with company(tmp_path, database_url, repeats_events=True) as here:
        report = Run(here, engine=engine, seed=chosen_seed(), seconds=chosen_seconds(), server=own).play()
        record_property("figures", str(report))  # which ./scripts/test prints, whether the test passed or not
        assert not report.problems, here.told(str(report.problems))
        assert here.gatehouse(("ledger", "verify"))
