"""Statements in the driver's own dialect, sent together where the database is a round trip away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_IDLE = TransactionStatus.IDLE


class ChangedMeanwhileError(Exception):
    """A row that was locked or read before had changed all the same. Nothing is stored."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A statement whose answer nobody waits for. `must_change`: each of `rows` has to change exactly one row."""

    text: str
    rows: Sequence[Any]
    must_change: bool


class Pipeline:
    """What one transaction asks and tells its database past SQLAlchemy.

    On PostgreSQL what was told travels together with the next question; SQLite, which is no trip away, is told at once.
    """

    def __init__(self, connection: Connection) -> None:
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
