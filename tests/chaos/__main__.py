"""The long form of the random run, with a report in build/chaos-report.json."""
# ruff: noqa: T201 - a command line prints

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from db import migrate
from db.engine import make_engine
from tests.chaos.asking import Weeks
from tests.chaos.driver import Report, Run, chosen_seed
from tests.chaos.harness import ROOT, company
from tests.support.postgres import OwnPostgres, postgres

REPORT = ROOT / "build" / "chaos-report.json"
ENGINES = ("sqlite", "postgresql")
KILLS = 50
MACHINES = ("tests/workflows/test_whatever_people_do.py", "tests/workflows/test_whatever_follows.py")


@contextmanager
def fresh_database(engine: str, folder: Path) -> Iterator[tuple[str, OwnPostgres | None]]:
    """Give the address of a migrated database, and the server under it if it is ours to crash."""
    if engine == "sqlite":
        yield _migrated(f"sqlite:///{folder / 'gatehouse.db'}"), None
        return
    with postgres() as server:
        url = _migrated(server.create("chaos"))
        yield url, server if isinstance(server, OwnPostgres) else None


def _migrated(url: str) -> str:
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    return url


def run(engine: str, *, minutes: float, seed: int) -> Report:
    """Play one run; the folder with its logs is kept when something did not hold."""
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-chaos-"))
    with fresh_database(engine, folder) as (url, server), company(folder, url, repeats_events=True) as here:
        report = Run(here, engine=engine, seed=seed, seconds=minutes * 60, server=server).play()
    print(report, flush=True)
    if report.problems:
        print(json.dumps(report.problems, indent=2), f"The logs are in {folder}", sep="\n", flush=True)
    else:
        shutil.rmtree(folder)
    return report


def ask_with_three_bots(*, kills: int, seed: int) -> int:
    """Let three bots on PostgreSQL ask for numbers until they were killed so often; return the code."""
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-chaos-"))
    with fresh_database("postgresql", folder) as (url, _), company(folder, url) as here:
        asked = Weeks(here, seed=seed).play(kills)
    print(asked, flush=True)
    if asked.problems:
        print(*asked.problems, f"The logs are in {folder}", sep="\n", flush=True)
        return 1
    shutil.rmtree(folder)
    return 0


def let_people_do_anything(engines: Sequence[str], *, minutes: float, seed: int) -> int:
    """Run the machines of `tests/support/machine` for that time together, on both engines at once; return the code."""
    one = [] if len(engines) > 1 else ["-k", engines[0]]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", str(len(engines)), "-rP", *one, *MACHINES],
        cwd=ROOT,
        env=os.environ | {"GATEHOUSE_MACHINE_MINUTES": f"{minutes}", "GATEHOUSE_MACHINE_SEED": f"{seed}"},
        check=False,
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="./scripts/chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long people click, for each engine (default 10)")
    parser.add_argument("--engine", choices=ENGINES, help="one engine alone; both if you do not say")
    parser.add_argument("--seed", type=int, help="repeat the choices of another run")
    parser.add_argument("--people", action="store_true", help="nothing is killed from outside: any deeds in any order")
    parser.add_argument("--check-ins", action="store_true", help="three bots that ask for numbers are killed 50 times")
    given = parser.parse_args()
    seed = chosen_seed() if given.seed is None else given.seed
    if given.check_ins:
        print(f"Seed {seed}, {KILLS} kills on postgresql.", flush=True)
        return ask_with_three_bots(kills=KILLS, seed=seed)
    engines = [given.engine] if given.engine else list(ENGINES)
    print(f"Seed {seed}, {given.minutes:g} minutes on {' and on '.join(engines)}.", flush=True)
    if given.people:
        return let_people_do_anything(engines, minutes=given.minutes, seed=seed)
    reports = [run(engine, minutes=given.minutes, seed=seed) for engine in engines]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([report.as_json() for report in reports], indent=2) + "\n", encoding="utf-8")
    print(f"The report is {REPORT.relative_to(ROOT)}.")
    return 1 if any(report.problems for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
