"""The promises every transaction rests on: durable, locked first where it writes, never waiting longer than Slack."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from db.availability import UNAVAILABLE
from db.engine import journal_for, make_engine
from db.ids import new_id
from db.session import Database
from tests.support.races import together


def is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


COUNT_UP = "UPDATE counters SET value = value + :by WHERE name = 'use_case'"
"""Several rows at once would be locked in no order, and writers would wait for one another in a circle."""


def counter(database: Database) -> int:
    with database.reading() as session:
        return int(
            session.connection().execute(text("SELECT value FROM counters WHERE name = 'use_case'")).scalar_one()
        )


def count_up(database: Database, by: int = 1) -> None:
    with database.transaction() as session:
        session.connection().execute(text(COUNT_UP), {"by": by})


def fail_after(statement: str, database: Database) -> None:
    with database.transaction() as session:
        session.connection().execute(text(statement))
        raise RuntimeError("halfway")


@pytest.mark.parametrize("journal", ["WAL", "TRUNCATE"])
def test_every_sqlite_connection_keeps_what_it_was_told(tmp_path: Path, journal: str) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'deep' / 'folder' / 'x.db'}", journal=journal)
    expected = {
        "journal_mode": journal.lower(),
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }
    with engine.connect() as one, engine.connect().execution_options(reading=True):
        found = {name: one.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
        waits = one.execute(text("PRAGMA busy_timeout")).scalar_one()

    assert found == expected
    assert 0 < int(waits) < 3000
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "WAL")],
)
def test_wal_is_used_only_where_it_cannot_corrupt(version: tuple[int, int, int], journal: str) -> None:
    assert journal_for(version) == journal


def test_writers_take_the_lock_at_once_and_readers_take_none(database: Database) -> None:
    begun: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _, __, statement, *___: begun.append(statement) if statement.startswith("BEGIN") else None,
    )

    with database.transaction(), database.reading() as session:
        session.connection().execute(text("SELECT 1"))

    assert begun == (["BEGIN IMMEDIATE", "BEGIN"] if is_sqlite(database) else [])


def test_postgresql_never_waits_longer_than_slack_does(database: Database) -> None:
    if is_sqlite(database):
        return
    with database.reading() as session:
        found = {
            name: session.connection().execute(text(f"SHOW {name}")).scalar_one()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        }

    assert found == {
        "lock_timeout": "1500ms",
        "statement_timeout": "2s",
        "idle_in_transaction_session_timeout": "5s",
        "timezone": "UTC",
    }


def test_a_transaction_is_stored_together_or_not_at_all(database: Database) -> None:
    with pytest.raises(RuntimeError):
        fail_after("UPDATE counters SET value = 7", database)

    assert counter(database) == 0
    count_up(database)
    assert counter(database) == 1


def test_a_reader_stores_nothing(database: Database) -> None:
    with database.reading() as session:
        session.connection().execute(text("SELECT value FROM counters WHERE name = 'use_case'"))
    with database.reading() as session:
        try:
            session.connection().execute(text("UPDATE counters SET value = 9"))
        except DBAPIError:
            return

    assert counter(database) == 0


def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    together(*[lambda: [count_up(database) for _ in range(10)]] * 8)

    assert counter(database) == 80


def test_of_writers_that_come_together_one_that_fails_takes_back_only_its_own(database: Database) -> None:
    def fail() -> None:
        with pytest.raises(RuntimeError):
            fail_after("UPDATE counters SET value = value + 1000 WHERE name = 'use_case'", database)

    together(*[lambda: count_up(database), fail] * 6)

    assert counter(database) == 6


def test_whoever_returned_from_a_transaction_can_read_it_anywhere(database: Database) -> None:
    """Nobody is told that something is stored while it waits for somebody else's commit."""
    other = Database(make_engine(database.engine.url.render_as_string(hide_password=False)))
    seen = []

    def write_then_look(amount: int) -> None:
        count_up(database, amount)
        seen.append((amount, counter(other)))

    together(*[lambda amount=10**power: write_then_look(amount) for power in range(6)])

    for amount, value in seen:
        assert value // amount % 10 == 1, seen
    other.engine.dispose()


def test_a_writer_that_cannot_have_its_turn_says_so_before_slack_gives_up(database: Database) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as session:
            session.connection().execute(text("UPDATE counters SET value = value + 1 WHERE name = 'use_case'"))
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    try:
        with pytest.raises(UNAVAILABLE):
            count_up(database)
    finally:
        done.set()
        holder.join()
    assert counter(database) == 1


def test_a_database_that_is_not_there_is_unavailable() -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")

    with pytest.raises(OperationalError), Database(engine).reading() as session:
        session.connection().execute(text("SELECT 1"))


def test_ids_are_unique_and_in_the_order_they_were_made() -> None:
    ids = [new_id() for _ in range(2000)]

    assert len(set(ids)) == 2000
    assert {each.version for each in ids} == {7}
    times = [each.int >> 80 for each in ids]
    assert times == sorted(times)
