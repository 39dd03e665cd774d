"""What the demo keeps as its own: a folder nobody else uses meanwhile, and a port."""

import argparse
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


class DemoError(Exception):
    """The demo cannot go on; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the demo keeps what is its own, and only that."""

    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace.sqlite3"

    @property
    def database(self) -> Path:
        return self.folder / "gatehouse.db"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def set_up(self) -> Path:
        """There once everybody has their roles: the next start does not undo what an admin changed since."""
        return self.folder / "set-up.done"

    @property
    def seeding(self) -> Path:
        return self.folder / "seeding.json"

    @property
    def usage(self) -> Path:
        """What the code assistant's tool told of its use, once that is brought in."""
        return self.folder / "usage.ndjson"

    def forget(self) -> None:
        """Delete the workspace and the database, with the journals and copies SQLite and migrations put beside them."""
        own = (
            f"{self.workspace.name}*",
            f"{self.database.name}*",
            self.set_up.name,
            f"{self.seeding.stem}.*",
            f"{self.usage.stem}.*",
        )
        for pattern in (*own, "logs/*.log*"):
            for path in self.folder.glob(pattern):
                path.unlink()


@contextmanager
def only_one(folder: Path) -> Iterator[Callable[[str], None]]:
    """Hold the folder; give a function that notes the address for whom we refuse meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as problem:
        raise DemoError(f"The demo cannot keep its files in {folder}: {problem.strerror}.") from problem
    with lock:
        try:
            # The kernel lets go when we end, so a killed demo locks nobody out. Children do not inherit it.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            lock.seek(0)
            raise DemoError(
                f"A demo is already running on {shown(folder)}: {lock.read() or 'it is just starting'}\n"
                "Stop it with Ctrl-C where it runs, or start another with --data and a folder of its own."
            ) from problem

        def note(address: str) -> None:
            lock.truncate(0)
            lock.write(f"{address}, process {os.getpid()}")
            lock.flush()

        yield note
        lock.truncate(0)


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port; ports are numbers from 1 to 65535, or 0 for any free one")


def free_port(wanted: int) -> int:
    """Return this port if nobody listens on it, else another."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            # As the server itself will: connections of the last demo that fade away do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found: int = probe.getsockname()[1]
            return found
    raise DemoError("There is no free port on 127.0.0.1.")


def shown(path: Path) -> str:
    """Return a path as short as the person would write it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
