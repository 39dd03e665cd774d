"""`gatehouse demo`: a local Slack workspace with a made-up company, and the bot in it, until Ctrl-C."""

import argparse
import fcntl
import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.cli.children import Child, Wish
from bot.settings import VARIABLES, environment

ROOT = Path(__file__).parents[2]
SEED = Path(__file__).with_name("demo_company.yml")
PORT = 4390
PAUSE_SECONDS = 0.05
START_SECONDS = 60.0

GOVERNANCE_CHANNEL = "C0AIGOVERNANCE"
SET_UP = (
    ("db", "upgrade"),
    ("settings", "set", "governance-channel", GOVERNANCE_CHANNEL),
    ("roles", "grant", "governance", "U0ANNLINDQVIST"),
)
PARTS = (
    ("U0PRIYARAMAN", "proposes: type /usecase new in any channel"),
    ("U0MAREKNOWAK", "owns what Priya proposes"),
    ("U0ANNLINDQVIST", "decides: holds the governance role"),
    ("U0TOMASFERREIRA", "administers: owns the workspace"),
    ("U0YUKITANAKA", "sees what every member sees"),
    ("U0ELENADUARTE", "may not propose or vote: a guest"),
    ("U0DANAWHITFIELD", "may not either: works for a supplier"),
)


class DemoError(Exception):
    """The demo cannot go on; the message is for the person at the terminal."""


class StoppedError(Exception):
    """The person wants to stop."""


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

    def forget(self) -> None:
        """Delete the workspace and the database, with the journals and copies SQLite and migrations put beside them."""
        for pattern in (f"{self.workspace.name}*", f"{self.database.name}*", "logs/*.log*"):
            for path in self.folder.glob(pattern):
                path.unlink()


@dataclass(slots=True)
class Demo:
    """The running processes, oldest first."""

    files: Files
    port: int
    wish: Wish
    children: list[Child] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the workspace, set Gatehouse up in it, start the bot; return when all of it answers."""
        bot_port = free_port(0)
        variables = self._environment(bot_port)
        workspace = self._launch(
            "The workspace",
            "sandbox",
            *("--workspace", str(SEED), "--state", str(self.files.workspace), "--port", str(self.port)),
            log="workspace",
            variables=variables,
        )
        for command in SET_UP:
            self._run(command, variables)
        self._wait(lambda: workspace.says("listening on http://"), "The workspace did not start")
        self._launch("The bot", "bot", log="bot", variables=variables)
        self._wait(lambda: is_ready(bot_port), "The bot did not become ready")

    def watch(self) -> None:
        """Return only by raising: StoppedError when the person had enough, DemoError when a process ended."""
        self._wait(lambda: False, "", seconds=float("inf"))

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop()

    def _launch(self, name: str, *command: str, log: str, variables: Mapping[str, str]) -> Child:
        child = Child(name, *command, log=self.files.logs / f"{log}.log", folder=ROOT, environment=variables)
        self.children.append(child)
        return child

    def _run(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        """Run one of the product's own commands to its end."""
        words = " ".join(command)
        log = self.files.logs / f"{command[0]}.log"
        child = Child(f"gatehouse {words}", "bot.cli", *command, log=log, folder=ROOT, environment=variables)
        try:
            self._wait(lambda: child.exit_code is not None, f"gatehouse {words} did not end")
        finally:
            child.stop()
        if child.exit_code != 0:
            raise DemoError(f"{child.tail()}\ngatehouse {words} failed; the whole log is {child.log}")

    def _wait(self, is_done: Callable[[], bool], otherwise: str, *, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while True:
            if self.wish.to_stop:
                raise StoppedError
            for child in self.children:
                if child.exit_code is not None:
                    raise DemoError(f"{child.tail()}\n{child.name} ended by itself; the whole log is {child.log}")
            if is_done():
                return
            if time.monotonic() > deadline:
                tails = "\n".join(child.tail() for child in self.children[-1:])
                raise DemoError(f"{tails}\n{otherwise} within {seconds:.0f} s; the logs are in {self.files.logs}")
            time.sleep(PAUSE_SECONDS)

    def _environment(self, bot_port: int) -> dict[str, str]:
        """Return the children's environment: every variable of the bot is set here, none comes from .env or a shell."""
        # A proxy knows nothing of this machine's loopback, and Slack's SDK would ask it.
        kept = {name: value for name, value in environment().items() if not name.lower().endswith("_proxy")}
        app = company()["apps"][0]
        return (
            kept
            | dict.fromkeys(VARIABLES, "")
            | {
                "SLACK_BOT_TOKEN": app["bot_token"],
                "SLACK_APP_TOKEN": app["app_token"],
                "SLACK_API_URL": f"{self.address}/api/",
                "GATEHOUSE_CLOCK_URL": f"{self.address}/control/clock",
                "DATABASE_URL": f"sqlite:///{self.files.database}",
                "GATEHOUSE_PORT": str(bot_port),
                "GATEHOUSE_TRANSPORT": "socket",
                "GATEHOUSE_HOST": "127.0.0.1",
                "GATEHOUSE_LOG_LEVEL": "INFO",
            }
        )


def main(arguments: Sequence[str]) -> int:
    given = parse(arguments)
    folder: Path = given.data.resolve()
    try:
        with only_one(folder) as note:
            return run(Files(folder), reset=given.reset, wanted_port=given.port, note=note)
    except DemoError as problem:
        print(str(problem).strip(), file=sys.stderr)
        return 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gatehouse demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="start over; only the demo's own files are deleted")
    parser.add_argument(
        "--port", type=port_number, default=PORT, help="of the workspace's page (default %(default)s; 0 picks one)"
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data" / "demo", help="the folder for its files (default data/demo)"
    )
    return parser.parse_args(arguments)


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port; ports are numbers from 1 to 65535, or 0 for any free one")


def run(files: Files, *, reset: bool, wanted_port: int, note: Callable[[str], None]) -> int:
    if reset:
        files.forget()
    files.logs.mkdir(exist_ok=True)
    wish = Wish()
    wish.listen()
    demo = Demo(files, free_port(wanted_port), wish)
    note(demo.address)
    if wanted_port not in (0, demo.port):
        print(f"Port {wanted_port} is not free; using {demo.port}.")
    print("Starting Alder Bank's workspace and the bot…", flush=True)
    try:
        demo.start()
        print(welcome(demo), flush=True)
        demo.watch()
    except StoppedError:
        print("\nStopping…", flush=True)
    finally:
        demo.stop()
    print(f"Stopped. The data stays in {shown(files.folder)}.")
    return 0


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


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def company() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    return loaded


def welcome(demo: Demo) -> str:
    users = {user["id"]: user for user in company()["users"]}
    people = [f"    {users[person]['real_name']:16}{part}" for person, part in PARTS]
    return "\n".join(
        [
            "",
            f"  Open  {demo.address}/?as={PARTS[0][0]}",
            "",
            "  You are Priya there; switch between people at the top of the page.",
            *people,
            "",
            f"  Decisions are announced in #ai-governance. Logs: {shown(demo.files.logs)}",
            "  Ctrl-C stops everything and keeps the data; --reset starts over.",
        ]
    )


def shown(path: Path) -> str:
    """Return a path as short as the person would write it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
