"""What it means that the database cannot be had just now."""

import sqlite3
from typing import Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError  # noqa: A004 - the pool's

from db.engine import sqlite_driver
from db.session import DatabaseBusyError

UNAVAILABLE: Final[tuple[type[Exception], ...]] = (
    DatabaseBusyError,
    OperationalError,
    InterfaceError,
    TimeoutError,
    # As they come from a driver's own cursor.
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sqlite3.OperationalError,
    sqlite_driver().OperationalError,
)
"""What a database raises that is busy, restarting or away. Other than with the first, a commit may have counted."""


def serves_one_process(engine: Engine) -> bool:
    """Say whether we are alone, so that whatever another process left unfinished is ours to finish."""
    return engine.dialect.name == "sqlite"
