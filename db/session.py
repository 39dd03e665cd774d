"""Transactions. Nothing commits but this, with the queue and the pipeline it hands out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlmodel
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState

from db.pipeline import ChangedMeanwhileError, Pipeline
from db.write_queue import DatabaseBusyError, WriteQueue

__all__ = ["ChangedMeanwhileError", "Database", "DatabaseBusyError", "Session"]


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
        self._pipeline = Pipeline(connection)

    def ask(self, text: str, parameters: Any) -> Any:
        """Send a statement of the driver's dialect and return its cursor, answered."""
        return self._pipeline.ask(text, parameters)

    def tell(self, text: str, rows: Sequence[Any], *, must_change: bool = False) -> None:
        """Have a statement carried out for each of `rows` (parameters) before anything else is asked or stored."""
        self._pipeline.tell(text, rows, must_change=must_change)

    def carry_out(self) -> None:
        """Have everything told carried out now."""
        self._pipeline.carry_out()

    def finish(self) -> None:
        """Have everything told carried out; commit where that saves a round trip. Whoever made this commits anyway."""
        self._pipeline.finish()

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Return the connection at once: the ORM's way of finding it costs more than most statements."""
        self.carry_out()
        return self._connection


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
        self._queue = WriteQueue(engine) if engine.dialect.name == "sqlite" else None

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
