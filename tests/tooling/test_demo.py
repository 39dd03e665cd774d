import argparse
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli.demo import PARTS, SEED, main
from bot.cli.demo_place import Files, free_port, port_number
from bot.cli.demo_setup import COUNCIL_CHANNEL, GOVERNANCE_CHANNEL, ROLES
from sandbox.model import MemberKind
from sandbox.seed import read_seed

ROOT = Path(__file__).parents[2]
GATEHOUSE = Path(sys.executable).with_name("gatehouse")


def test_starting_over_deletes_what_the_demo_made_and_nothing_else(tmp_path: Path) -> None:
    own = ["workspace.sqlite3", "workspace.sqlite3-journal", "gatehouse.db", "gatehouse.db-wal", "logs/bot.log.old"]
    own += ["set-up.done", "seeding.json", "seeding.new", "usage.ndjson"]
    foreign = ["notes.txt", "other.db", "logs/kept.txt"]
    (tmp_path / "logs").mkdir()
    for name in [*own, *foreign]:
        (tmp_path / name).touch()

    Files(tmp_path).forget()

    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(foreign)


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


@pytest.mark.parametrize("text", ["65536", "-1", "web", "", "१२"])
def test_what_is_no_port_is_refused_in_words(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="numbers from 1 to 65535"):
        port_number(text)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()

    assert main(["--data", str(tmp_path / "file" / "demo")]) == 1
    assert "cannot keep its files in" in capsys.readouterr().err


def test_the_company_has_everybody_the_welcome_and_the_roles_name() -> None:
    seed = read_seed(SEED)
    people = {user.id: user for user in seed.users}
    groups = {group.id: group.users for group in seed.usergroups}
    channels = {channel.id: channel.members for channel in seed.channels}
    held = {who for holders in ROLES.values() for who in holders}

    assert {person for person, _ in PARTS} <= set(people)
    assert set(MemberKind) - {MemberKind.ADMIN} == {user.kind for user in seed.users}
    assert len({user.tz for user in seed.users}) > 20
    assert held <= set(people) | set(groups)
    assert {who for members in groups.values() for who in members} <= set(people)
    assert seed.apps[0].bot_user_id in channels[GOVERNANCE_CHANNEL] & channels[COUNCIL_CHANNEL]


@contextmanager
def running_demo(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a demo; give its process and what it said until it was ready."""
    command = [GATEHOUSE, "demo", "--empty", "--data", folder, "--port", "0", *options]
    with subprocess.Popen(command, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as demo:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        try:
            yield demo, said
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)


def children_of(demo: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
    return [os.pidfd_open(int(child)) for child in children]


def all_end(children: list[int]) -> bool:
    ended = [bool(select.select([child], [], [], 20)[0]) for child in children]
    for child in children:
        os.close(child)
    return all(ended)


def page(said: str) -> str:
    """Read the page the demo told the person to open."""
    address = next(word for word in said.split() if word.startswith("http://"))
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request("GET", "/" + path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.mark.story
def test_a_visitor_opens_the_demo_stops_it_and_comes_back(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (demo, said):
        assert "Priya Raman" in page(said)
        children = children_of(demo)
        assert len(children) == 2

        demo.send_signal(signal.SIGINT)

        assert demo.wait(15) == 0
        assert all_end(children)
    before = (tmp_path / "gatehouse.db").stat().st_ino

    with running_demo(tmp_path) as (_, said):
        assert "Priya Raman" in page(said)
    assert (tmp_path / "gatehouse.db").stat().st_ino == before

    with running_demo(tmp_path, "--reset") as (_, said):
        assert "Priya Raman" in page(said)
    assert (tmp_path / "gatehouse.db").stat().st_size > 0


@pytest.mark.story
def test_a_second_demo_is_sent_to_the_first(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (_, said):
        second = subprocess.run(
            [GATEHOUSE, "demo", "--data", tmp_path], check=False, capture_output=True, text=True, cwd="/"
        )

        assert second.returncode == 1
        assert "already running" in second.stderr
        assert next(word for word in said.split() if word.startswith("http://")).partition("/?")[0] in second.stderr


@pytest.mark.chaos
def test_a_killed_demo_takes_its_processes_with_it_and_locks_nobody_out(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (demo, _):
        children = children_of(demo)
        demo.kill()
        assert all_end(children)

    with running_demo(tmp_path) as (_, said):
        assert "Priya Raman" in page(said)


@pytest.mark.chaos
@pytest.mark.parametrize(("program", "name"), [("sandbox", "The workspace"), ("bot", "The bot")])
def test_a_demo_whose_half_died_says_which_and_stops_the_other(tmp_path: Path, program: str, name: str) -> None:
    with running_demo(tmp_path) as (demo, _):
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        by_name = {Path(f"/proc/{child}/cmdline").read_text().split("\0")[2]: int(child) for child in children}
        survivors = [os.pidfd_open(pid) for other, pid in by_name.items() if other != program]

        os.kill(by_name[program], signal.SIGKILL)

        assert demo.stdout is not None
        assert f"{name} ended by itself" in demo.stdout.read()
        assert demo.wait(15) == 1
        assert all_end(survivors)
