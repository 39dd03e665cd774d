"""Starting, verifying, and the clock's beat."""

import hashlib
import itertools
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from benchmarks import seeding
from benchmarks.measuring import seconds
from bot import verifier
from bot.verifier import Row
from db.engine import make_engine
from db.ids import new_id
from db.session import Database
from db.tables import ApprovalSeat
from handlers import ticks as beats
from workflows import ledger as record
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


def ticks(directory: Path, rounds: int, seats: int) -> Figures:
    """Beat the clock over many seats that wait: nothing due, then a hundred reminders due."""
    file = directory / "seats.db"
    seeding.fill(file, 100 * (rounds + 1))
    engine = make_engine(f"sqlite:///{file}")
    database = Database(engine)
    _add_seats(database, seats)
    nothing, due = [], []
    for number in range(rounds + 1):
        nothing.append(statistics.median(seconds(partial(_beat, database, 0)) for _ in range(20)))
        _make_due(database, number)
        due.append(seconds(partial(_beat, database, 100)))
    engine.dispose()
    return {
        f"nothing due among {seats:,} seats": {"ms": statistics.median(nothing[1:]) * 1000},
        f"100 due among {seats:,} seats": {"ms": statistics.median(due[1:]) * 1000},
    }


def _beat(database: Database, expected: int) -> None:
    assert beats.tick(database, seeding.NOW) == expected


def _add_seats(database: Database, seats: int) -> None:
    """Let many more people wait in one lane; no person is asked twice there, so each is new."""
    seat: Any = ApprovalSeat
    with database.transaction() as session:
        connection = session.connection()
        first = connection.execute(select(seat.request_id, seat.lane_id).limit(1)).one()
        ids = [new_id() for _ in range(seats)]
        seeding.insert_people(session, ids)
        later = seeding.NOW + timedelta(days=1)
        common = {
            "request_id": first[0],
            "lane_id": first[1],
            "asked_at": seeding.NOW,
            "remind_at": later,
            "reminders": 0,
        }
        connection.execute(insert(ApprovalSeat), [{"id": new_id(), "person_id": each} | common for each in ids])


def _make_due(database: Database, number: int) -> None:
    seat: Any = ApprovalSeat
    with database.transaction() as session:
        connection = session.connection()
        first = select(seat.id).order_by(seat.id).offset(number * 100).limit(100)
        ids = [row[0] for row in connection.execute(first)]
        connection.execute(update(ApprovalSeat).where(seat.id.in_(ids)).values(remind_at=seeding.NOW))
