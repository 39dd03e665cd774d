"""Transactions: the only place that commits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Engine
from sqlmodel import Session

__all__ = ["Database", "DatabaseBusyError", "Session"]


class DatabaseBusyError(Exception):
    """The database could not be had in time. Nothing was stored; asking again is safe."""


class Database:
    """Hands out transactions on one engine.

    `checkpoint` is called with "before_commit" and "after_commit"; fault tests end the process there.
    """

    def __init__(self, engine: Engine, *, checkpoint: Callable[[str], None] = lambda _: None) -> None:
        self.engine = engine
        self._reading = engine.execution_options(reading=True)
        self._checkpoint = checkpoint
        # SQLite's busy handler is unfair: one of eight writing threads can starve for a second. Queueing
        # them here costs nothing, and other processes still meet BEGIN IMMEDIATE.
        self._one_writer = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session whose changes are stored together when the block ends, or not at all."""
        with self._queue(), _session(self.engine) as session:
            yield session
            self._checkpoint("before_commit")
            session.commit()
        self._checkpoint("after_commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading; it takes no lock and stores nothing."""
        with _session(self._reading) as session:
            yield session

    def _queue(self) -> AbstractContextManager[object]:
        return _held(self._one_writer) if self._one_writer else nullcontext()


def _session(engine: Engine) -> Session:
    # Rows are written by statements, so a row read again must be read from the database.
    return Session(engine, autoflush=False, expire_on_commit=False, execution_options={"populate_existing": True})


@contextmanager
def _held(lock: threading.Lock) -> Iterator[None]:
    if not lock.acquire(timeout=1.5):
        raise DatabaseBusyError("another write is taking too long")
    try:
        yield
    finally:
        lock.release()
