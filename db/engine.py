"""The one place that knows which database this is."""

import select
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

# Below this version two connections that write and checkpoint at the same instant can corrupt a WAL database
# (https://sqlite.org/wal.html#walresetbug).
WAL_IS_SAFE_FROM = (3, 51, 3)

# All waits end before Slack's 3 seconds do. Nothing we ask runs long enough to be worth compiling: where PostgreSQL
# does all the same, a digest's third of a second becomes four.
_POSTGRESQL_LIMITS = (
    "-c lock_timeout=1500 -c statement_timeout=2000 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC"
    " -c jit=off"
)


def make_engine(url: str, *, pool_size: int = 10, journal: str | None = None) -> Engine:
    """Return an engine whose transactions hold the locks we ask for, on SQLite and PostgreSQL alike.

    `journal` overrides the choice between WAL and TRUNCATE on SQLite, for tests and benchmarks.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        driver = sqlite_driver()
        engine = create_engine(
            url,
            module=driver,
            pool_size=pool_size,
            max_overflow=10,
            connect_args={"check_same_thread": False},
        )
        _take_the_write_lock_first(engine, journal or journal_for(driver.sqlite_version_info))
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_recycle=1800,
        pool_timeout=2,
        connect_args={"options": _POSTGRESQL_LIMITS, "connect_timeout": 2},
    )
    _leave_out_closed_connections(engine)
    return engine


def _leave_out_closed_connections(engine: Engine) -> None:
    """Replace connections the server has closed, without asking it on every click as pre-ping does.

    A server says nothing on an idle connection but that it ends it: something to read there means it is gone. The
    pool then opens another, at most three times.
    """

    @event.listens_for(engine, "checkout")
    def checkout(connection: psycopg.Connection[object], _: ConnectionPoolEntry, __: object) -> None:
        if connection.closed or _has_something_to_read(connection.fileno()):
            raise DisconnectionError("the server has closed this connection")


def _has_something_to_read(descriptor: int) -> bool:
    poller = select.poll()  # select() refuses descriptors above 1023
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))


def sqlite_driver() -> ModuleType:
    """Return the SQLite module in use: the wheel with the WAL-reset fix when installed, else the system's."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - optional: only where the system's SQLite is too old
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def journal_for(version: tuple[int, int, int]) -> str:
    """Return the fastest journal mode that is safe with this version of SQLite."""
    return "WAL" if version >= WAL_IS_SAFE_FROM else "TRUNCATE"


def journal_of(engine: Engine) -> str | None:
    """Return the journal a SQLite database is kept with; None for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).upper()


def _take_the_write_lock_first(engine: Engine, journal: str) -> None:
    """Make SQLite honour the locks we ask for.

    SQLite ignores FOR UPDATE and opens transactions lazily, so two approvers could each read the request
    before the other's vote. BEGIN IMMEDIATE queues them instead. Readers begin plainly and never wait.
    """

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",  # an approval that vanishes in a power cut is unacceptable
            "foreign_keys=ON",
            "recursive_triggers=ON",  # without it INSERT OR REPLACE walks past the ledger's triggers
            "busy_timeout=1500",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
