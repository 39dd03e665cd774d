"""Listen at the driver itself, below SQLAlchemy: what the database is really asked, whoever asks."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from db.engine import sqlite_driver


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of the driver. `many`: `parameters` is a list, sent as one statement for each of its items."""

    text: str
    parameters: Any
    many: bool

    @property
    def count(self) -> int:
        return len(self.parameters) if self.many else 1


class Recording(list[Statement]):
    """Statements in the order they were sent, without those that begin and end transactions."""

    def hear(self, text: str, parameters: Any, *, many: bool) -> None:
        if not str(text).startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.append(Statement(text, list(parameters) if many else parameters, many))

    def taken(self) -> Sequence[Statement]:
        """Return what was heard since the last call."""
        heard = list(self)
        self.clear()
        return heard


@contextmanager
def recorded(engine: Engine) -> Iterator[Recording]:
    """Record what the connections of `engine` are asked. Those opened before are closed and opened anew."""
    recording = Recording()
    is_sqlite = engine.dialect.name == "sqlite"
    name, listener = (
        ("factory", _sqlite_connection(sqlite_driver(), recording))
        if is_sqlite
        else ("cursor_factory", _psycopg_cursor(recording))
    )

    def connect(_: object, __: object, ___: object, arguments: dict[str, Any]) -> None:
        arguments[name] = listener

    engine.dispose()
    event.listen(engine, "do_connect", connect)
    try:
        yield recording
    finally:
        event.remove(engine, "do_connect", connect)
        engine.dispose()


def _sqlite_connection(driver: ModuleType, recording: Recording) -> type[sqlite3.Connection]:
    class Cursor(driver.Cursor):  # type: ignore[name-defined, misc]
        def execute(self, text: str, parameters: Any = ()) -> Any:
            recording.hear(text, parameters, many=False)
            return super().execute(text, parameters)

        def executemany(self, text: str, parameters: Any) -> Any:
            recording.hear(text, parameters, many=True)
            return super().executemany(text, parameters)

    class Connection(driver.Connection):  # type: ignore[name-defined, misc]
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    return Connection


def _psycopg_cursor(recording: Recording) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            recording.hear(query, params, many=False)
            return super().execute(query, params, **options)

        def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
            recording.hear(query, params_seq, many=True)
            return super().executemany(query, params_seq, **options)

    return Cursor
