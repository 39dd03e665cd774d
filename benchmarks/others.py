"""Starting, verifying, the clock's beat, looking for what is alike, and how long requests take."""

import hashlib
import itertools
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update

from benchmarks import cloning, seeding
from benchmarks.measuring import seconds
from bot import verifier
from bot.verifier import Row
from db.engine import make_engine
from db.ids import new_id
from db.session import Database
from db.tables import ApprovalSeat
from handlers import ticks as beats
from tests.support.postgres import Postgres
from tests.support.statements import Statement, recorded
from workflows import approvals
from workflows import ledger as record
from workflows.intake import reading
from workflows.ledger import FIRST_PREVIOUS, canonical, chain_hash

Figures = dict[str, dict[str, float]]


def cold_starts(rounds: int) -> Figures:
    """Start processes that do nothing but start, against Python alone."""
    commands = {
        "python alone": ["-c", ""],
        "gatehouse --help": ["-m", "bot", "--help"],
        "import of the bot": ["-c", "import bot.runtime"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, arguments in commands.items():
            taken[name].append(seconds(partial(_run, arguments)))
    # The first start of each writes or reads .pyc files that are not in memory yet.
    return {name: {"ms": statistics.median(times[1:]) * 1000} for name, times in taken.items()}


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter


def ledger(directory: Path, rounds: int, events: int) -> Figures:
    """Verify a ledger from its database, against hashing the same bytes in memory."""
    engine = make_engine(f"sqlite:///{directory / 'ledger.db'}")
    seeding.migrate.upgrade(engine)
    database = Database(engine)
    rows = list(_chains(events))
    with database.transaction() as session:
        for begun in range(0, events, 10_000):
            seeding.insert_events(session, rows[begun : begun + 10_000])
    texts = [f"{row['prev_hash']}\n{row['body']}".encode() for row in rows]
    stored = [Row(row["stream"], row["seq"], row["body"], row["prev_hash"], row["hash"]) for row in rows]
    taken: dict[str, list[float]] = {"SHA-256 alone": [], "verify, rows in memory": [], "verify, from SQLite": []}

    def verify_stored() -> None:
        with database.reading() as session:
            report = verifier.verify(Row(*row) for row in record.events(session))
        assert report.problem is None
        assert report.events == events

    for _ in range(rounds):
        taken["SHA-256 alone"].append(seconds(lambda: [hashlib.sha256(each).hexdigest() for each in texts]))
        taken["verify, rows in memory"].append(seconds(lambda: verifier.verify(stored)))
        taken["verify, from SQLite"].append(seconds(verify_stored))
    engine.dispose()
    floor = taken["SHA-256 alone"]
    return {
        name: {
            "rows/s": events / statistics.median(times),
            "of SHA-256": statistics.median(one / other for one, other in zip(floor, times, strict=True)),
        }
        for name, times in taken.items()
    }


def _chains(events: int) -> Iterator[dict[str, Any]]:
    """Make streams of five events, as long as a request's usually are."""
    for number in itertools.count():
        stream, previous = f"request:{new_id()}", FIRST_PREVIOUS
        for seq in range(1, 6):
            if number * 5 + seq > events:
                return
            data = {"lane": str(new_id()), "verb": "approve", "content": "0" * 64, "reason": None}
            at = {"actor": str(new_id()), "at": "2026-03-02T09:00:00.000000Z"}
            body = canonical(at | {"data": data, "kind": "approval.voted", "seq": seq, "stream": stream, "v": 1})
            link = chain_hash(previous, body)
            yield {"stream": stream, "seq": seq, "body": body, "prev_hash": previous, "hash": link}
            previous = link


def ticks(directory: Path, rounds: int, *, pending: int, settled: int, server: Postgres) -> Figures:
    """Beat the clock over many requests that wait: with nothing due, against the driver alone, then with 100 due."""
    file = directory / "requests.db"
    seeding.fill(file, 100 * (rounds + 1))
    cloning.add_requests(file, pending=pending - 100 * (rounds + 1), settled=settled)
    figures: Figures = {}
    with ExitStack() as stack:
        for name, engine in (
            ("SQLite", stack.enter_context(seeding.sqlite_copy(file, "beats", "WAL"))),
            ("PostgreSQL", stack.enter_context(seeding.postgres_copy(file, "beats", server))),
        ):
            figures |= {f"{name}, {what}": told for what, told in _beats(engine, rounds).items()}
    return figures


def _beats(engine: Engine, rounds: int) -> Figures:
    database = Database(engine)
    with recorded(engine) as recording:
        _beat(database, 0)  # opens the connection, whose set-up is no part of a beat
        recording.taken()
        _beat(database, 0)
        asked = recording.taken()
    nothing, raw, due = [], [], []
    for number in range(rounds + 1):
        nothing.append(statistics.median(seconds(partial(_beat, database, 0)) for _ in range(20)))
        raw.append(_by_driver(engine, asked))
        _make_due(database, number)
        due.append(seconds(partial(_beat, database, 100)))
    return {
        "nothing due": {
            "ms": statistics.median(nothing[1:]) * 1000,
            "of raw": statistics.median(one / other for one, other in zip(raw[1:], nothing[1:], strict=True)),
            "statements": sum(each.count for each in asked),
        },
        "100 due": {"ms": statistics.median(due[1:]) * 1000},
    }


def _by_driver(engine: Engine, asked: Sequence[Statement]) -> float:
    """Return how long the driver alone takes for these statements, in seconds."""
    opened = engine.raw_connection()
    cursor: Any = opened.cursor()

    def ask() -> None:
        for statement in asked:
            cursor.execute(statement.text, statement.parameters)
            cursor.fetchall()

    taken = statistics.median(seconds(ask) for _ in range(20))
    opened.close()
    return taken


def _beat(database: Database, expected: int) -> None:
    assert beats.tick(database, seeding.NOW) == expected


def _make_due(database: Database, number: int) -> None:
    """Let a hundred people have been asked four days ago, half of their time: their first reminder is due."""
    seat: Any = ApprovalSeat
    with database.transaction() as session:
        connection = session.connection()
        first = select(seat.id).where(seat.remind_at.is_not(None)).order_by(seat.id).offset(number * 100).limit(100)
        ids = [row[0] for row in connection.execute(first)]
        asked = {"asked_at": seeding.NOW - timedelta(days=4), "remind_at": seeding.NOW}
        connection.execute(update(ApprovalSeat).where(seat.id.in_(ids)).values(asked))


def similar(directory: Path, rounds: int, use_cases: int) -> Figures:
    """Look for use cases like one that is typed, against the driver alone reading what is compared."""
    file = directory / "use-cases.db"
    seeding.fill(file, 1)
    cloning.add_use_cases(file, use_cases - 1)
    engine = make_engine(f"sqlite:///{file}")
    database = Database(engine)
    name, problem = "Summarise the file of a complaint", "A handler reads every file and copies most of it into a form."

    def look() -> None:
        with database.reading() as session:
            assert reading.similar_to(session, name, problem)

    with recorded(engine) as recording:
        first = seconds(look)
        most = max(recording.taken(), key=lambda each: "substr" in str(each.text))
    taken, raw = [], []
    for _ in range(rounds):
        taken.append(statistics.median(seconds(look) for _ in range(5)))
        raw.append(_by_driver(engine, [most]))
    engine.dispose()
    what = f"among {use_cases:,} use cases"
    told = {"ms": statistics.median(taken) * 1000}
    told["of raw"] = statistics.median(one / other for one, other in zip(raw, taken, strict=True))
    return {what: told, f"{what}, the first time": {"ms": first * 1000}}


def waiting(directory: Path, rounds: int, *, pending: int, decided: int) -> Figures:
    """Say what to expect of one request, and where all wait, against the driver alone asking for what is read."""
    file = directory / "decided.db"
    seeding.fill(file, pending)
    cloning.add_decided(file, decided, proposers=300)
    engine = make_engine(f"sqlite:///{file}")
    database = Database(engine)
    with database.reading() as session:
        request = approvals.in_review(session)[0]

    def expect() -> None:
        with database.reading() as session:
            told = approvals.outlook_of(session, request, now=seeding.NOW)
        assert told is not None
        assert told.hits is not None

    def where() -> None:
        with database.reading() as session:
            assert approvals.where_requests_wait(session, now=seeding.NOW).places.single is not None

    figures: Figures = {}
    for name, ask in (("what to expect", expect), ("where requests wait", where)):
        with recorded(engine) as recording:
            ask()
            recording.taken()
            ask()
            asked = recording.taken()
        taken, raw = [], []
        for _ in range(rounds):
            taken.append(statistics.median(seconds(ask) for _ in range(5)))
            raw.append(_by_driver(engine, asked))
        figures[name] = {
            "ms": statistics.median(taken) * 1000,
            "of raw": statistics.median(one / other for one, other in zip(raw, taken, strict=True)),
            "statements": len(asked),
        }
    engine.dispose()
    return figures
