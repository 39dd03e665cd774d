"""How long the numbers of a week take over a large organisation, against the same sums written by hand."""

import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks import seeding, weeks
from benchmarks.by_hand import STATEMENTS
from benchmarks.measuring import seconds
from benchmarks.weeks import WINDOW, Size
from db.engine import make_engine
from db.queries.digest_numbers import Stands
from db.session import Database
from tests.support.postgres import Postgres
from tests.support.statements import Statement, recorded
from workflows.digests import KpiStanding, Numbers, digest_of, number_rules
from workflows.digests.numbers import numbers_in

Figures = dict[str, dict[str, float]]
Rows = Mapping[str, list[Any]]

NOW = WINDOW.ends_at
_VALUES = {"first": WINDOW.first, "last": WINDOW.last, "first_before": WINDOW.before.first}
_VALUES |= {"last_before": WINDOW.before.last}


def digests(directory: Path, rounds: int, size: Size, server: Postgres) -> Figures:
    """Tell a week of an organisation of this size on both engines, and what memory one a twentieth as large takes."""
    file = directory / "weeks.db"
    seeding.fill(file, 1)
    small = Size(max(1, size.cases // 20), size.weeks, size.asked)
    figures: Figures = {}
    for name, copied in (("SQLite", _sqlite), ("PostgreSQL", _postgresql(server))):
        with ExitStack() as stack:
            lesser = _weight(_filled(stack.enter_context(copied(file, "lesser")), small))
            engine = _filled(stack.enter_context(copied(file, "large")), size)
            figures |= {f"{name}, {what}": told for what, told in _measured(engine, rounds).items()}
            print(f"… {name} is measured: {figures}", file=sys.stderr, flush=True)
            figures[f"{name}, memory"] = {"MB more": _weight(engine), "MB more of a twentieth": lesser}
    return figures


def _sqlite(file: Path, name: str) -> Any:
    return seeding.sqlite_copy(file, name, "WAL")


def _postgresql(server: Postgres) -> Callable[[Path, str], Any]:
    return lambda file, name: seeding.postgres_copy(file, name, server)


def _filled(engine: Engine, size: Size) -> Engine:
    weeks.fill(engine, size)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
    return engine


def _measured(engine: Engine, rounds: int) -> Figures:
    database, by_hand = Database(engine), _ByHand(engine)

    def numbers() -> Numbers:
        with database.reading() as session:
            return numbers_in(session, WINDOW, team=None, now=NOW)

    def whole() -> None:
        with database.reading() as session:
            digest_of(session, WINDOW, now=NOW)

    with recorded(engine) as recording:
        whole()
        statements = [each for each in recording.taken() if "statement_timeout" not in str(each.text)]
    _check(numbers(), by_hand.rows())
    taken: dict[str, list[float]] = {"hand": [], "numbers": [], "whole": [], "driver": []}
    for _ in range(rounds):
        for name, call in (
            ("hand", by_hand.rows),
            ("numbers", numbers),
            ("whole", whole),
            ("driver", lambda: by_hand.carry_out(statements)),
        ):
            taken[name].append(seconds(call))
    by_hand.close()
    return {
        "numbers": {"s": statistics.median(taken["numbers"]), "times by hand": _times(taken["numbers"], taken["hand"])},
        "whole digest": {
            "s": statistics.median(taken["whole"]),
            "times its statements": _times(taken["whole"], taken["driver"]),
            "statements": len(statements),
        },
    }


def _times(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


class _ByHand:
    """The driver's own connection, with the limits of the engine's."""

    def __init__(self, engine: Engine) -> None:
        self._opened = engine.raw_connection()
        self._cursor: Any = self._opened.cursor()
        self._is_sqlite = engine.dialect.name == "sqlite"
        if not self._is_sqlite:
            self._cursor.execute("SET statement_timeout = 0")
            self._opened.driver_connection.commit()  # type: ignore[union-attr]

    def rows(self) -> Rows:
        found = {name: self._ask(statement) for name, statement in STATEMENTS.items()}
        self._opened.rollback()  # whoever idles in a transaction is sent away
        return found

    def carry_out(self, statements: list[Statement]) -> None:
        for each in statements:
            self._cursor.execute(each.text, each.parameters)
            if self._cursor.description:
                self._cursor.fetchall()
        self._opened.rollback()

    def close(self) -> None:
        self._opened.close()

    def _ask(self, statement: str) -> list[Any]:
        if self._is_sqlite:
            self._cursor.execute(statement, {name: str(value) for name, value in _VALUES.items()})
        else:
            self._cursor.execute(re.sub(r":(\w+)", r"%(\1)s", statement), _VALUES)
        return list(self._cursor.fetchall())


def _check(numbers: Numbers, rows: Rows) -> None:
    """Both say the same."""
    now: Counter[KpiStanding] = Counter()
    for standing, _, count, kpi_id in rows["kpis"]:
        if kpi_id is None:
            now[KpiStanding[Stands(standing).name]] += count
    assert numbers.kpis.now == dict(now)
    worst = [row[3].replace("-", "") for row in rows["kpis"] if row[3] is not None]
    assert [each.kpi_id.hex for each in numbers.kpis.worst] == worst
    said = {(bool(row[0]), bool(row[1])): row[2:] for row in rows["said"]}
    assert numbers.value.gross is not None
    assert numbers.value.net is not None
    told = (numbers.value.gross.low, numbers.value.net.high, numbers.value.unverifiable_of)
    wanted = (said[True, True][0], said[True, True][4], said[True, False][2])
    assert all(abs(one - float(other)) < 1e-6 * abs(one) for one, other in zip(told, wanted, strict=True))
    looked = sum(row[6] for key, row in said.items() if key[0])
    assert (numbers.corrections.looked_at, numbers.answers.asked) == (looked, sum(row[1] for row in rows["asked"]))
    assert numbers.value.returns_in_all == rows["returns"][0][-1]
    assert [each.value for each in numbers.value.returns] == [row[4] for row in rows["returns"]]
    assert [each.of.name for each in numbers.answers.missing] == [row[1] for row in rows["missing"]]
    assert len(numbers.wins) == len(rows["wins"]) == number_rules.MOST_WINS
    assert tuple(rows["training"][0]) == (
        numbers.training.to_train,
        numbers.training.trained,
        numbers.training.unknown,
    )


# ------------------------------------------------------------------------------------------------- memory


def _weight(engine: Engine) -> float:
    """Return by how many megabytes a fresh process grows that tells the week, at its largest."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.digests", url]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    return float(json.loads(told.stdout))


def _weigh(url: str) -> float:
    database = Database(make_engine(url))
    with database.reading() as session:
        session.connection().execute(text("SELECT 1"))
    Path("/proc/self/clear_refs").write_text("5")  # the largest so far is what it is now
    before = _megabytes("VmHWM")
    with database.reading() as session:
        numbers_in(session, WINDOW, team=None, now=NOW)
    return _megabytes("VmHWM") - before


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))) / 1024


if __name__ == "__main__":
    print(json.dumps(_weigh(sys.argv[1])))
