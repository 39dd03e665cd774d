"""Measure Gatehouse against floors taken in the same run. What each line means: benchmarks/README.md."""

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import asking, clicks, digests, others, pictures, seeding, weeks
from benchmarks.measuring import middle, ratio
from tests.support.postgres import postgres

RESULT = Path("build/bench.json")
PARTS = ("clicks", "others", "prompts", "digests")


def main() -> int:
    given = _arguments()
    logging.disable(logging.WARNING)
    result: dict[str, Any] = {"machine": _machine(), "options": vars(given)}
    print(_machine_line(result["machine"]))
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-", dir=given.directory) as directory:
        if "clicks" in given.only:
            result["clicks"] = _clicks(given, Path(directory))
        if "others" in given.only:
            result["others"] = _others(given, Path(directory))
        if "prompts" in given.only:
            result["prompts"] = _prompts(given, Path(directory))
        if "digests" in given.only:
            result["digests"] = _digests(given, Path(directory))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(f"\nThe same as JSON: {RESULT}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./scripts/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, metavar="N", help="measured rounds of each line, default 5 (--quick: 2)")
    parser.add_argument("--clicks", type=int, metavar="N", help="clicks of each round, default 400 (--quick: 100)")
    parser.add_argument("--cases", type=int, default=10_000, metavar="N", help="use cases of digests, default 10000")
    parser.add_argument("--threads", type=int, default=8, metavar="N", help="threads that click at once, default 8")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and clicks: a look, not a measurement")
    parser.add_argument(
        "--engines",
        type=lambda text: text.split(","),
        default=list(clicks.NAMES),
        metavar="LIST",
        help=f"some of {','.join(clicks.NAMES)}, with commas; default all",
    )
    parser.add_argument(
        "--transports",
        type=lambda text: text.split(","),
        default=list(clicks.TRANSPORTS),
        metavar="LIST",
        help=f"some of {','.join(clicks.TRANSPORTS)}, with commas; default both",
    )
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=list(PARTS),
        metavar="LIST",
        help=f"some of {','.join(PARTS)}, with commas; default all",
    )
    parser.add_argument(
        "--directory",
        metavar="PATH",
        help="where the SQLite databases are made; default the folder for temporary files",
    )
    given = parser.parse_args()
    for name, known in (("engines", clicks.NAMES), ("transports", clicks.TRANSPORTS), ("only", PARTS)):
        unknown = set(getattr(given, name)) - set(known)
        if unknown:
            parser.error(f"--{name}: {', '.join(sorted(unknown))}? There are: {', '.join(known)}")
    given.rounds = given.rounds or (2 if given.quick else 5)
    given.clicks = given.clicks or (100 if given.quick else 400)
    return given


def _clicks(given: argparse.Namespace, directory: Path) -> dict[str, Any]:
    needed = given.clicks * (given.rounds + 1) * len(given.transports) + 1
    _say(f"seeding {needed} requests")
    seeded = directory / "seeded.db"
    seeding.fill(seeded, needed)
    with ExitStack() as stack:
        server = stack.enter_context(postgres(fsync=True)) if "postgresql" in given.engines else None
        _say("recording clicks for the raw driver")
        pairs = stack.enter_context(clicks.contenders(seeded, given.engines, server, needed))
        result = clicks.measure(
            pairs,
            rounds=given.rounds,
            clicks=given.clicks,
            threads=given.threads,
            transports=given.transports,
            say=_say,
        )
    return _show_clicks(result, given)


def _show_clicks(result: clicks.Result, given: argparse.Namespace) -> dict[str, Any]:
    told = []
    print(f"\nOne approval, stored before it is acknowledged: {given.threads} threads, {given.rounds} rounds")
    print(
        f"{'':34}{'of bare':>9}{'goal':>6}{'of raw':>9}{'clicks/s':>10}"
        f"{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'statements':>12}"
    )
    for transport, floor in result.floors.items():
        told.append(_row(floor, floor))
        for line in result.lines:
            if line.transport == transport:
                told.append(_row(line, floor))
                told.append(_raw_row(line, floor))
    for name, count in result.checked.items():
        print(
            f"Checked on {name}: {count} clicks, each with its vote, "
            "its delivery and its promises; the ledger verifies."
        )
    return {"lines": told, "checked": result.checked}


def _row(line: clicks.Measured, floor: clicks.Measured) -> dict[str, Any]:
    figures = middle(line.timings)
    told = {
        "name": f"{line.name}, {line.transport}",
        "of_bare": ratio(line.timings, floor.timings),
        "goal": line.goal,
        "of_raw": ratio(line.timings, line.raw) if line.raw else None,
        "statements": line.statements,
        "rounds": [asdict(each) for each in line.timings],
    }
    _print_row(told, figures)
    return told | asdict(figures)


def _raw_row(line: clicks.Measured, floor: clicks.Measured) -> dict[str, Any]:
    figures = middle(line.raw)
    told = {
        "name": f"  {line.name}, raw driver",
        "of_bare": ratio(line.raw, floor.timings),
        "goal": None,
        "of_raw": None,
        "statements": line.statements,
        "rounds": [asdict(each) for each in line.raw],
    }
    _print_row(told, figures)
    return told | asdict(figures)


def _print_row(told: dict[str, Any], figures: Any) -> None:
    def number(value: float | None, digits: int) -> str:
        return "" if value is None else f"{value:,.{digits}f}"

    print(
        f"{told['name']:34}{number(told['of_bare'], 2):>9}{number(told['goal'], 1):>6}{number(told['of_raw'], 2):>9}"
        f"{number(figures.per_second, 0):>10}{figures.p50:>9.2f}"
        f"{figures.p99:>9.2f}{figures.cpu:>9.2f}{number(told['statements'], 0):>12}"
    )


def _others(given: argparse.Namespace, directory: Path) -> list[dict[str, Any]]:
    rounds = given.rounds
    settled, events = (2_000, 20_000) if given.quick else (20_000, 200_000)
    told, waiting = [], 200
    with postgres(fsync=True) as server:
        clock = others.ticks(directory, rounds, pending=2_000, settled=settled, server=server)
    print("\nOther figures, medians")
    for title, measured in (
        ("cold start", others.cold_starts(rounds)),
        ("ledger", others.ledger(directory, rounds, events)),
        (f"tick over 2,000 open requests, {settled:,} settled", clock),
        ("similar ones", others.similar(directory, rounds, 10_000)),
        (
            f"waiting, 10,000 decided, {waiting} open",
            others.waiting(directory, rounds, pending=waiting, decided=10_000),
        ),
        ("picture of KPIs", pictures.pictures(rounds)),
        ("picture of a week", pictures.digests(rounds)),
    ):
        told += _show_figures(title, measured)
    return told


def _prompts(given: argparse.Namespace, directory: Path) -> list[dict[str, Any]]:
    owners, rate = (200, 20.0) if given.quick else (1_000, 20.0)
    _say(f"asking {owners} owners, by a Slack that takes {rate:g} messages a second")
    with postgres(fsync=True) as server:
        measured = asking.prompts(directory, owners=owners, rate=rate, server=server)
    print(f"\n{owners:,} owners are asked for their numbers; Slack takes {rate:g} messages a second")
    return _show_figures("prompts", measured)


def _digests(given: argparse.Namespace, directory: Path) -> list[dict[str, Any]]:
    size = weeks.Size(500, 10, 4) if given.quick else weeks.Size(given.cases, 52, 8)
    _say(f"filling two databases with {size.readings:,} readings each")
    with postgres(fsync=True) as server:
        measured = digests.digests(directory, given.rounds, size, server)
    print(f"\nA week of {size.cases:,} use cases with three KPIs each, read in {size.weeks} weeks")
    return _show_figures("digest", measured)


def _show_figures(title: str, measured: others.Figures) -> list[dict[str, Any]]:
    for name, figures in measured.items():
        shown = "  ".join(f"{value:,.2f} {unit}" for unit, value in figures.items())
        print(f"{title + ': ' + name:74}{shown}")
    return [{"name": f"{title}: {name}"} | figures for name, figures in measured.items()]


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": clicks.sqlite_version(),
    }


def _machine_line(machine: dict[str, Any]) -> str:
    return (
        f"{machine['cores']} cores, {machine['machine']}, load {machine['load']:.1f}; "
        f"Python {machine['python']}, SQLite {machine['sqlite']}"
    )


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
