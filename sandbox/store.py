"""Keeps the workspace in one SQLite file, written through at each change."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    META = "meta"
    USER = "user"
    CHANNEL = "channel"
    USERGROUP = "usergroup"
    MESSAGE = "message"
    VIEW = "view"
    READ = "read"
    NOTICE = "notice"
    RESPONSE_URL = "response_url"
    APP = "app"
    FILE = "file"
    CONTENT = "content"
    EXECUTION = "execution"


class Store:
    """Records by kind and key; each `put` is committed when it returns.

    A killed process loses nothing that was put. A machine that loses power may: this is a
    workspace for development, and waiting for the disk at each message is not worth it.
    """

    def __init__(self, path: Path | str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA busy_timeout=1500")
        self._connection.execute("PRAGMA journal_mode=TRUNCATE")
        self._connection.execute("PRAGMA synchronous=OFF")
        # Two servers on one file would each overwrite what the other remembers: the second is refused.
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._connection.execute("BEGIN EXCLUSIVE")
        self._connection.execute("COMMIT")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS records ("
            " kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)"
            ") WITHOUT ROWID"
        )

    def put(self, kind: Kind, key: str, body: dict[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO records (kind, key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, json.dumps(body, default=_plain)),
        )

    def drop(self, kind: Kind, key: str) -> None:
        self._connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        row = self._connection.execute("SELECT body FROM records WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if row is None else _decoded(row[0])

    def all(self, kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield key and body of every record of a kind, in the order of the keys."""
        rows = self._connection.execute("SELECT key, body FROM records WHERE kind = ? ORDER BY key", (kind,)).fetchall()
        for key, body in rows:
            yield key, _decoded(body)

    def close(self) -> None:
        self._connection.close()


def record(thing: Any) -> dict[str, Any]:
    """Return a dataclass as a record, one level deep: nested values are JSON already."""
    return {field.name: getattr(thing, field.name) for field in fields(thing)}


def _decoded(body: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(body)
    return decoded


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot keep a {type(value).__name__}")
