"""Transactions: the only place that commits."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlmodel
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState

__all__ = ["ChangedMeanwhileError", "Database", "DatabaseBusyError", "Session"]

_IDLE = TransactionStatus.IDLE

_LONGEST_WAIT = 1.5
_MOST_TOGETHER = 16


class DatabaseBusyError(Exception):
    """The database could not be had in time. Nothing was stored; asking again is safe."""


class ChangedMeanwhileError(Exception):
    """A row that was locked or read before had changed all the same. Nothing is stored."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A statement whose answer nobody waits for. `must_change`: each of `rows` has to change exactly one row."""

    text: str
    rows: Sequence[Any]
    must_change: bool


class Session(sqlmodel.Session):
    """One transaction, which whoever made it commits.

    Entities are read through `exec` and `get`. The statements of `db.prepared` go to the driver: `ask` waits for the
    answer, `tell` only promises that the statement is carried out before the next question and before the commit.
    On PostgreSQL what was told travels together with the next question, so that a vote takes ten round trips, not
    thirty.
    """

    def __init__(self, connection: Connection) -> None:
        # Rows are written by statements, so a row read again must be read from the database.
        super().__init__(
            connection,
            autoflush=False,
            expire_on_commit=False,
            execution_options={"populate_existing": True},
            join_transaction_mode="rollback_only",
        )
        self._connection = connection
        self.dialect = connection.dialect
        self._driver: Any = connection.connection.driver_connection
        self._driver_error: type[Exception] = connection.dialect.loaded_dbapi.Error
        self._told: list[_Told] | None = [] if connection.dialect.name == "postgresql" else None

    def ask(self, text: str, parameters: Any) -> Any:
        """Send a statement of the driver's dialect and return its cursor, answered."""
        cursor = self._driver.cursor()
        try:
            if self._told or (self._told is not None and self._driver.info.transaction_status == _IDLE):
                with self._driver.pipeline():  # BEGIN travels along too
                    told = self._send()
                    cursor.execute(text, parameters)
                self._check(told)
            else:
                cursor.execute(text, parameters)
        except self._driver_error as error:
            raise self._translated(text, error) from error
        return cursor

    def tell(self, text: str, rows: Sequence[Any], *, must_change: bool = False) -> None:
        """Have a statement carried out for each of `rows` (parameters) before anything else is asked or stored."""
        told = _Told(text, rows, must_change)
        if self._told is not None:
            self._told.append(told)
            return
        cursor = self._driver.cursor()
        try:
            cursor.execute(text, rows[0]) if len(rows) == 1 else cursor.executemany(text, rows)
        except self._driver_error as error:
            raise self._translated(text, error) from error
        self._check([(told, cursor)])

    def finish(self) -> None:
        """Have everything told carried out; commit where that saves a round trip. Whoever made this commits anyway."""
        if not self._told:
            return
        commits = not any(told.must_change for told in self._told)
        try:
            with self._driver.pipeline():
                told = self._send()
                if commits:
                    self._driver.commit()
            self._check(told)
        except self._driver_error as error:
            raise self._translated("", error) from error

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Return the connection at once: the ORM's way of finding it costs more than most statements."""
        self.carry_out()
        return self._connection

    def carry_out(self) -> None:
        """Have everything told carried out now."""
        if self._told:
            try:
                with self._driver.pipeline():
                    told = self._send()
                self._check(told)
            except self._driver_error as error:
                raise self._translated("", error) from error

    def _send(self) -> list[tuple[_Told, Any]]:
        """Send what was told, inside a pipeline; the cursors are answered when it ends."""
        sent = []
        for told in self._told or ():
            for row in told.rows:
                cursor = self._driver.cursor()
                cursor.execute(told.text, row)
                sent.append((told, cursor))
        if self._told:
            self._told.clear()
        return sent

    @staticmethod
    def _check(sent: Sequence[tuple[_Told, Any]]) -> None:
        for told, cursor in sent:
            if told.must_change and cursor.rowcount != 1:
                raise ChangedMeanwhileError(told.text)

    def _translated(self, text: str, error: Exception) -> BaseException:
        """Return the error SQLAlchemy would have raised, so that callers meet one kind of error."""
        return DBAPIError.instance(text, None, error, self._driver_error, hide_parameters=True)


@event.listens_for(Session, "do_orm_execute")
def _entities_are_read_after_what_was_told(state: ORMExecuteState) -> None:
    if isinstance(state.session, Session):
        state.session.carry_out()


class Database:
    """Hands out transactions on one engine.

    `checkpoint` is called with "before_commit" and "after_commit"; fault tests end the process there.
    """

    def __init__(self, engine: Engine, *, checkpoint: Callable[[str], None] = lambda _: None) -> None:
        self.engine = engine
        self._reading = engine.execution_options(reading=True)
        self._checkpoint = checkpoint
        self._queue = _WriteQueue(engine) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session whose changes are stored together when the block ends, or not at all."""
        if self._queue is None:
            with self.engine.connect() as connection, connection.begin(), Session(connection) as session:
                yield session
                self._checkpoint("before_commit")
                session.finish()
        else:
            with self._queue.turn() as connection, Session(connection) as session:
                yield session
                self._checkpoint("before_commit")
                session.finish()
        self._checkpoint("after_commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading; it takes no lock and stores nothing."""
        with self._reading.connect() as connection:
            transaction = connection.begin()
            try:
                with Session(connection) as session:
                    yield session
            finally:
                transaction.rollback()


class _Group:
    """Transactions of several threads, one after the other on one connection, that share one commit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.members = 0
        self.is_broken = False
        self._transaction = connection.begin()
        self._ended = threading.Event()
        self._problem: BaseException | None = None

    def end(self) -> None:
        """Commit everybody's changes, or nobody's. Never raises: `wait` tells every member what became of them."""
        try:
            if self.is_broken:
                self._transaction.rollback()
                self._problem = DatabaseBusyError("a transaction that shared this commit lost it")
            else:
                self._transaction.commit()
        except BaseException as problem:  # noqa: BLE001 - each member raises it
            self._problem = problem
            self.connection.invalidate()  # closing it undoes what it holds; nobody may be given it as it is
        finally:
            self.connection.close()
            self._ended.set()

    def wait(self) -> None:
        """Return when the changes are stored; raise what kept them from it."""
        self._ended.wait()
        if self._problem is not None:
            raise self._problem


class _WriteQueue:
    """Lets SQLite's writers in one at a time, and lets those who come together share a commit.

    SQLite's busy handler is unfair: one of eight writing threads can starve for a second. Queueing them here costs
    nothing, and other processes still meet BEGIN IMMEDIATE. Whoever finds somebody waiting behind leaves the
    transaction open for them; the last one commits for all, so that one wait for the disk serves many. Each has a
    savepoint, so that one who fails takes back only their own. Nobody returns before the commit.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._group: _Group | None = None

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """Yield the connection for one transaction, which is stored when the block has ended."""
        self._enter()
        try:
            group = self._group = self._group or _Group(self._engine.connect())
            group.members += 1
            with _savepoint(group):
                yield group.connection
        finally:
            self._leave()
        group.wait()

    def _enter(self) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=_LONGEST_WAIT):
            return
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise DatabaseBusyError("another write is taking too long")
        # It became our turn in the instant we gave up: take it, or the queue stands still.

    def _leave(self) -> None:
        while True:
            with self._guard:
                group = self._group
                if self._waiting and (group is None or (group.members < _MOST_TOGETHER and not group.is_broken)):
                    self._waiting.popleft().release()
                    return
                if group is None:
                    self._is_taken = False
                    return
                self._group = None
            group.end()


@contextmanager
def _savepoint(group: _Group) -> Iterator[None]:
    cursor = group.connection.connection.cursor()
    cursor.execute("SAVEPOINT one")
    try:
        yield
        cursor.execute("RELEASE one")
    except BaseException:
        try:
            cursor.execute("ROLLBACK TO one")
            cursor.execute("RELEASE one")
        except Exception:  # noqa: BLE001 - SQLite gave up the whole transaction (disk full): nobody's may be committed
            group.is_broken = True
        raise
