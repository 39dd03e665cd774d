"""Writers of one SQLite file who come together share a commit; each still stands or falls alone."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from db.engine import make_engine
from db.queries import configuration, traffic
from db.session import ChangedMeanwhileError, Database, Session
from tests.support.races import together

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "shared.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    yield Database(engine)
    engine.dispose()


def put(session: Session, name: str) -> None:
    configuration.put_setting(session, name=name, value="1", changed_at=AT)


def stored(database: Database) -> set[str]:
    with database.reading() as session:
        return {row.name for row in configuration.settings(session)}


def first_and_second(
    database: Database, second: Callable[[Session], None], done: Callable[[str], None] = lambda _: None
) -> list[object]:
    """Run two transactions of which the second waits before the first has ended; return what each raised, or None."""
    first_is_in = threading.Event()

    def one() -> object:
        def deed() -> None:
            with database.transaction() as session:
                put(session, "one")
                first_is_in.set()
                until = time.monotonic() + 5
                while not database._queue._waiting and time.monotonic() < until:  # noqa: SLF001
                    time.sleep(0.001)

        outcome = _raised(deed)
        done("one")
        return outcome

    def two() -> object:
        def deed() -> None:
            assert first_is_in.wait(5)
            with database.transaction() as session:
                second(session)
                done("two is in")

        return _raised(deed)

    return together(one, two)


def _raised(deed: Callable[[], None]) -> object:
    try:
        deed()
    except Exception as error:  # noqa: BLE001 - it is what the test looks at
        return error
    return None


def test_two_who_come_together_are_stored_by_one_commit_and_neither_returns_before_it(sqlite: Database) -> None:
    order: list[str] = []
    event.listen(sqlite.engine, "commit", lambda _: order.append("commit"))

    assert first_and_second(sqlite, lambda session: put(session, "two"), order.append) == [None, None]

    assert order == ["two is in", "commit", "one"]
    assert stored(sqlite) == {"one", "two"}


def test_one_who_fails_takes_back_only_their_own(sqlite: Database) -> None:
    def fail(session: Session) -> None:
        put(session, "two")
        raise LookupError("on purpose")

    first, second = first_and_second(sqlite, fail)

    assert first is None
    assert isinstance(second, LookupError)
    assert stored(sqlite) == {"one"}


def test_when_the_commit_fails_everybody_hears_and_nothing_is_stored(sqlite: Database) -> None:
    def broken_disk(_: object) -> None:
        raise OperationalError("COMMIT", None, Exception("disk I/O error"))

    event.listen(sqlite.engine, "commit", broken_disk)
    outcomes = first_and_second(sqlite, lambda session: put(session, "two"))
    event.remove(sqlite.engine, "commit", broken_disk)

    assert [type(outcome) for outcome in outcomes] == [OperationalError, OperationalError]
    assert stored(sqlite) == set()


def test_who_loses_the_whole_transaction_takes_everybody_with_them(sqlite: Database) -> None:
    """SQLite ends the transaction itself when the disk is full: what stood in it must not be called stored."""

    def lose(session: Session) -> None:
        session.ask("ROLLBACK", ())

    outcomes = first_and_second(sqlite, lose)

    assert None not in outcomes
    assert stored(sqlite) == set()
    with sqlite.transaction() as session:
        put(session, "three")
    assert stored(sqlite) == {"three"}


def test_a_row_that_changed_after_all_fails_the_transaction(database: Database) -> None:
    def settle() -> None:
        with database.transaction() as session:
            traffic.begin(session, key="first", handled_at=AT)
            traffic._REMEMBER.change_one(session, begun="another", outcome="x")  # noqa: SLF001

    with pytest.raises(ChangedMeanwhileError):
        settle()
    with database.reading() as session:
        assert traffic.outcome_of(session, "first") is None


def test_what_was_told_is_there_for_whoever_asks_next(database: Database) -> None:
    with database.transaction() as session:
        traffic.begin(session, key="k", handled_at=AT)
        traffic.remember(session, key="k", outcome="told")
        assert traffic.outcome_of(session, "k") == "told"
        traffic.remember(session, key="k", outcome="told again")
    with database.reading() as session:
        assert traffic.outcome_of(session, "k") == "told again"
