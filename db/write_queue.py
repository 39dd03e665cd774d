"""SQLite's writers, one at a time, and one commit for those who come together."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

_LONGEST_WAIT = 1.5
_MOST_TOGETHER = 16


class DatabaseBusyError(Exception):
    """The database could not be had in time. Nothing was stored; asking again is safe."""


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


class WriteQueue:
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
