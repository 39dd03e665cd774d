"""How long the numbers of a week take over a large organisation, against the same sums written by hand."""

import gc
import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks import seeding, weeks
from benchmarks.by_hand import STATEMENTS
from benchmarks.by_hand_around import AROUND
from benchmarks.measuring import seconds
from benchmarks.weeks import WINDOW, Size
from db.engine import make_engine
from db.queries.digest_numbers import Stands
from db.session import Database
from tests.support.postgres import Postgres
from tests.support.statements import Statement, recorded
from workflows import programme
from workflows.adoption.weekly import REPORTED_WITHIN
from workflows.digests import Digest, KpiStanding, Numbers, digest_of, number_rules
from workflows.digests.numbers import numbers_in

Figures = dict[str, dict[str, float]]
Rows = Mapping[str, list[Any]]

NOW = WINDOW.ends_at
_VALUES = {"first": WINDOW.first, "last": WINDOW.last, "first_before": WINDOW.before.first}
_VALUES |= {"last_before": WINDOW.before.last, "reported": WINDOW.last + REPORTED_WITHIN}
_MOMENTS = {"begins": WINDOW.begins_at, "ends": WINDOW.ends_at, "begins_before": WINDOW.before.begins_at}


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

    def whole() -> Digest:
        with database.reading() as session:
            return digest_of(session, WINDOW, now=NOW)

    with recorded(engine) as recording:
        _check_around(whole(), by_hand.around())
        statements = [each for each in recording.taken() if "statement_timeout" not in str(each.text)]
    _check(numbers(), by_hand.rows())
    gc.collect()
    gc.freeze()  # as the product does once it has started
    taken: dict[str, list[float]] = {"hand": [], "hand, whole": [], "numbers": [], "whole": [], "driver": []}
    for _ in range(rounds):
        for name, call in (
            ("hand", by_hand.rows),
            ("hand, whole", lambda: (by_hand.rows(), by_hand.around())),
            ("numbers", numbers),
            ("whole", whole),
            ("driver", lambda: by_hand.carry_out(statements)),
        ):
            taken[name].append(seconds(call))
    by_hand.close()

    def gates() -> None:
        with database.reading() as session:
            programme.programme_at(session, NOW)

    return {
        "everything that proves a gate": {"s": statistics.median(seconds(gates) for _ in range(rounds))},
        "numbers": {"s": statistics.median(taken["numbers"]), "times by hand": _times(taken["numbers"], taken["hand"])},
        "whole digest": {
            "s": statistics.median(taken["whole"]),
            "times by hand": _times(taken["whole"], taken["hand, whole"]),
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
        return self._asked(STATEMENTS)

    def around(self) -> Rows:
        return self._asked(AROUND)

    def _asked(self, statements: Mapping[str, str]) -> Rows:
        found = {name: self._ask(statement) for name, statement in statements.items()}
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
            moments = {name: f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for name, at in _MOMENTS.items()}
            self._cursor.execute(statement, {name: str(value) for name, value in _VALUES.items()} | moments)
        else:
            self._cursor.execute(re.sub(r":(\w+)", r"%(\1)s", statement), _VALUES | _MOMENTS)
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


def _check_around(digest: Digest, rows: Rows) -> None:
    """Both say the same of where everything stands and of use, as far as that is counted by the database."""
    [reached] = rows["reached"]
    told = [number for each in digest.standing.funnel.reached for number in (each.total, each.new, each.new_before)]
    assert told == [int(each) for each in reached]
    approvals, waiting = digest.standing.approvals, rows["waiting"]
    assert (approvals.waiting, approvals.past_due) == (
        len({each[0] for each in waiting}),
        len({each[0] for each in waiting if each[3]}),
    )
    assert approvals.approved.now + approvals.approved.before + approvals.rejected.now + approvals.rejected.before == (
        len(rows["decided"])
    )
    active = sum(each[3] or 0 for each in rows["use"] if each[0])
    assert digest.adoption.total.active.value == active, (digest.adoption.total, active)
    [head] = rows["heads"][:1]
    assert len(rows["heads"]) == digest.standing.head.streams, head


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
        digest_of(session, WINDOW, now=NOW)
    return _megabytes("VmHWM") - before


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))) / 1024


if __name__ == "__main__":
    print(json.dumps(_weigh(sys.argv[1])))
