import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import (
    OwnPostgres,
    Postgres,
    PostgresFailedError,
    PostgresNotFoundError,
    find_binaries,
    postgres,
)

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_two_databases_made_from_one_template_do_not_see_each_other(server: Postgres) -> None:
    run(server.create("template"), "CREATE TABLE notes (text TEXT)")
    first, second = server.create("first", template="template"), server.create("second", template="template")

    run(first, "INSERT INTO notes VALUES ('only here')")

    assert run(first, "SELECT text FROM notes") == [("only here",)]
    assert run(second, "SELECT text FROM notes") == []
    for database in ("first", "second", "template"):
        server.drop(database)


def test_a_database_still_in_use_can_be_dropped(server: Postgres) -> None:
    with psycopg.connect(server.create("busy").replace("+psycopg", ""), autocommit=True) as connection:
        server.drop("busy")

        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_what_was_committed_is_there_after_a_crash() -> None:
    with postgres(fsync=True) as server:
        url = server.create("kept")
        run(url, "CREATE TABLE notes (text TEXT)")
        run(url, "INSERT INTO notes VALUES ('kept')")

        server.crash()
        with pytest.raises(psycopg.OperationalError):
            run(url, "SELECT 1")
        server.restart()

        assert run(url, "SELECT text FROM notes") == [("kept",)]
        assert run(url, "SHOW fsync") == [("on",)]


def test_a_killed_test_run_leaves_no_server_and_no_folder() -> None:
    lives_until_killed = (
        "from tests.support.postgres import postgres\n"
        "with postgres() as server:\n"
        "    print(*server.pids, server.directory, flush=True)\n"
        "    input()\n"
    )
    run_of_tests = subprocess.Popen(
        [sys.executable, "-c", lives_until_killed],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with run_of_tests:
        assert run_of_tests.stdout is not None
        *pids, directory = run_of_tests.stdout.readline().split()
        ends = [os.pidfd_open(int(pid)) for pid in pids]
        assert Path(directory).is_dir()

        run_of_tests.send_signal(signal.SIGKILL)

    for end in ends:
        ready, _, _ = select.select([end], [], [], 20)
        os.close(end)
        assert ready
    assert not Path(directory).exists()


def test_the_newest_debian_server_is_taken_before_the_one_on_the_path(tmp_path: Path) -> None:
    for folder in ("debian/9/bin", "debian/15/bin", "path"):
        (tmp_path / folder).mkdir(parents=True)
        for program in ("postgres", "initdb"):
            (tmp_path / folder / program).touch(mode=0o755)
    environment = {"PATH": str(tmp_path / "path")}

    assert find_binaries(environment, debian=tmp_path / "debian") == tmp_path / "debian/15/bin"
    assert find_binaries(environment, debian=tmp_path / "none") == tmp_path / "path"


def test_a_folder_without_a_server_is_named_in_the_refusal(tmp_path: Path) -> None:
    with pytest.raises(PostgresNotFoundError, match=r"PG_BINDIR=.* holds no postgres"):
        find_binaries({"PG_BINDIR": str(tmp_path)})


def test_the_servers_of_the_wheel_are_enough(tmp_path: Path) -> None:
    binaries = find_binaries({"PATH": ""}, debian=tmp_path)

    with OwnPostgres(binaries) as server:
        assert run(server.create("anything"), "SELECT 1") == [(1,)]


def test_a_server_somebody_else_started_is_shared_with_care(server: Postgres) -> None:
    address = server.url("postgres").replace("+psycopg", "")

    with postgres(environment={"GATEHOUSE_TEST_PG_URL": address}) as borrowed:
        url = borrowed.create("mine")
        assert run(url, "SELECT 1") == [(1,)]
        with pytest.raises(PostgresFailedError, match="did not start"):
            borrowed.crash()

    names = run(address, "SELECT datname FROM pg_database")
    assert not [name for name in names if str(name[0]).endswith("mine")]
