"""Put many rows into a table past SQLAlchemy."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Engine

_AT_ONCE = 20_000

Row = dict[str, Any]


def writer(engine: Engine) -> Callable[[Any, Iterable[Row]], None]:
    """Return what puts rows into a table past SQLAlchemy, many at once."""

    def put(table: Any, rows: Iterable[Row]) -> None:
        known = iter(rows)
        while some := list(islice(known, _AT_ONCE)):
            columns = list(some[0])
            values = [tuple(row[name] for name in columns) for row in some]
            copy(table.__tablename__, columns, _as_stored(engine, table, columns, values))

    def copy(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        opened = engine.raw_connection()
        driver: Any = opened.driver_connection
        listed = ", ".join(columns)
        cursor = driver.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO {name} ({listed}) VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")  # every key is one we have just made
            cursor.execute("SET LOCAL statement_timeout = 0")
            with cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as target:
                for row in rows:
                    target.write_row(row)
            driver.commit()
        opened.close()

    return put


def _as_stored(
    engine: Engine, table: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """Yield rows as their columns' types give them to this driver."""
    types = table.metadata.tables[table.__tablename__].c
    converts = [types[name].type.dialect_impl(engine.dialect).bind_processor(engine.dialect) for name in columns]
    for row in rows:
        yield [convert(value) if convert else value for convert, value in zip(converts, row, strict=True)]
