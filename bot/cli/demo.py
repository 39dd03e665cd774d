"""`gatehouse demo`: a local Slack workspace with a made-up company, and the bot in it, until Ctrl-C."""

import argparse
import http.client
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.cli.children import Child, Wish
from bot.cli.demo_place import DemoError, Files, free_port, only_one, port_number, shown
from bot.settings import VARIABLES, environment

ROOT = Path(__file__).parents[2]
SEED = Path(__file__).with_name("demo_company.yml")
PORT = 4390
PAUSE_SECONDS = 0.05
START_SECONDS = 60.0
DAYS_AGO = 68
"""When the workspace begins: before the oldest event, of those that are told in working days."""

PARTS = (
    ("U0PRIYARAMAN", "proposes: type /usecase new in any channel"),
    ("U0MAREKNOWAK", "owns what others propose, and is asked for its numbers on Tuesdays"),
    ("U0ANNLINDQVIST", "decides for AI governance; Claire for Privacy, Ruth for Legal, Nadia for Risk"),
    ("U0GRACEOKAFOR", "decides with the AI council, in #ai-council"),
    ("U0MIRAKOVACS", "leads the programme: its phase and what blocks the next one are on her Home"),
    ("U0OMARHADDAD", "brings a code assistant into use, and reports its numbers"),
    ("U0HANNAHWEISS", "may let something go ahead before it is approved, with Noor: break-glass"),
    ("U0HUGODUBOIS", "audits: reads everything, decides nothing"),
    ("U0TOMASFERREIRA", "administers: has the settings in his Home tab"),
    ("U0YUKITANAKA", "sees what every member sees"),
    ("U0ELENADUARTE", "may not propose or vote: a guest"),
    ("U0DANAWHITFIELD", "may not either: works for a supplier"),
)


class StoppedError(Exception):
    """The person wants to stop."""


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

    def start(self, *, days_ago: int) -> None:
        """Start the workspace, set Gatehouse up in it, start the bot; return when all of it answers.

        A new workspace's clock begins so many days ago.
        """
        bot_port = free_port(0)
        variables = self._environment(bot_port)
        workspace = self._launch(
            "The workspace",
            "sandbox",
            *("--workspace", str(SEED), "--state", str(self.files.workspace), "--port", str(self.port)),
            *("--days-ago", str(days_ago)),
            log="workspace",
            variables=variables,
        )
        is_new = not self.files.set_up.exists()
        if not is_new:  # while the workspace starts
            self._run("bot.cli", "db", "upgrade", log="db", variables=variables)
        self._wait(lambda: workspace.says("listening on http://"), "The workspace did not start")
        if is_new:  # makes the database too: most of the time goes into a process's imports
            self._run("bot.cli.demo_setup", log="set-up", variables=variables)
            self.files.set_up.touch()
        self._launch("The bot", "bot", log="bot", variables=variables)
        self._wait(lambda: is_ready(bot_port), "The bot did not become ready")

    def watch(self) -> None:
        """Return only by raising: StoppedError when the person had enough, DemoError when a process ended."""
        self._wait(lambda: False, "", seconds=float("inf"))

    def bring_in_usage(self, reference: str, until: date) -> None:
        """Import what the tool of a use case tells of the weeks before a day, once, as an operator would."""
        from bot.cli.demo_usage import SOURCE, write_report

        report = self.files.usage.with_suffix(".new")
        write_report(report, until=until)
        arguments = ("usage", "import", str(report), "--source", SOURCE, "--use-case", reference)
        self._run("bot.cli", *arguments, log="usage", variables=self._environment(free_port(0)))
        report.replace(self.files.usage)

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop()

    def _launch(self, name: str, *command: str, log: str, variables: Mapping[str, str]) -> Child:
        child = Child(name, *command, log=self.files.logs / f"{log}.log", folder=ROOT, environment=variables)
        self.children.append(child)
        return child

    def _run(self, module: str, *arguments: str, log: str, variables: Mapping[str, str]) -> None:
        """Run one of the product's own commands to its end."""
        words = " ".join((module, *arguments))
        path = self.files.logs / f"{log}.log"
        child = Child(words, module, *arguments, log=path, folder=ROOT, environment=variables)
        try:
            self._wait(lambda: child.exit_code is not None, f"{words} did not end")
        finally:
            child.stop()
        if child.exit_code != 0:
            raise DemoError(f"{child.tail()}\n{words} failed; the whole log is {child.log}")

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
            return run(Files(folder), given, note)
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
    parser.add_argument("--empty", action="store_true", help="an empty company, today: no foundation, nothing proposed")
    return parser.parse_args(arguments)


def run(files: Files, given: argparse.Namespace, note: Callable[[str], None]) -> int:
    if given.reset:
        files.forget()
    files.logs.mkdir(exist_ok=True)
    wish = Wish()
    wish.listen()
    demo = Demo(files, free_port(given.port), wish)
    note(demo.address)
    if given.port not in (0, demo.port):
        print(f"Port {given.port} is not free; using {demo.port}.")
    print("Starting Alder Bank's workspace and the bot…", flush=True)
    try:
        demo.start(days_ago=0 if given.empty else DAYS_AGO)
        print(welcome(demo), flush=True)
        if not given.empty:
            threading.Thread(target=fill, args=(demo,), name="seeding", daemon=True).start()
        demo.watch()
    except StoppedError:
        print("\nStopping…", flush=True)
    finally:
        demo.stop()
    print(f"Stopped. The data stays in {shown(files.folder)}.")
    return 0


def fill(demo: Demo) -> None:
    """Have the company's people do what they do about the programme and its use cases until all of it has happened."""
    from bot.cli.demo_calendar import Person
    from bot.cli.demo_cases import read
    from bot.cli.demo_hands import HandsError
    from bot.cli.demo_programme import read as read_programme
    from bot.cli.demo_seeding import Notes, Seeding
    from bot.cli.demo_usage import CASE as USED

    cases, people = read(), {user["name"]: Person(user["id"], user["tz"]) for user in company()["users"]}
    notes = Notes.read(demo.files.seeding)
    seeding = Seeding(demo.address, cases, read_programme(), people=people, notes=notes, say=tell_progress)
    if seeding.is_done and demo.files.usage.exists():
        return
    print(
        f"  People lay a foundation, then propose, decide and report on {len(cases)} use cases. Look around meanwhile.",
        flush=True,
    )
    try:
        seeding.run()
        demo.bring_in_usage(notes.references[USED], date.fromisoformat(notes.today))
    except (HandsError, DemoError, KeyError, OSError) as problem:
        if not demo.wish.to_stop:
            print(f"\n  Not everything has happened: {problem}\n  --reset starts over.", file=sys.stderr, flush=True)
    except StoppedError:
        return
    else:
        print("\n  Done: nine weeks have passed, and it is today.", flush=True)


def tell_progress(done: int, of: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  {done} of {of} things have happened", end="", flush=True)


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
            "  Decisions are announced in #ai-governance, where Mira is too, and the week on Mondays at nine.",
            f"  Logs: {shown(demo.files.logs)}",
            "  Ctrl-C stops everything and keeps the data; --reset starts over.",
        ]
    )
