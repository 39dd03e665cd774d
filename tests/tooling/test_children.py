import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.children import Child

ROOT = Path(__file__).parents[2]

STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("words for the log", flush=True)
open("ready", "w").close()
signal.pause()
"""

SUPERVISOR = """
import os, sys
from pathlib import Path
from bot.cli.children import Child
here = Path(sys.argv[1])
child = Child("it", "stubborn", log=here / "it.log", folder=here, environment=os.environ)
(here / "ready").open().close()
print(child.pid, flush=True)
input()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    os.mkfifo(tmp_path / "ready")  # opening it for reading waits until the child opens it for writing
    return tmp_path


def test_a_process_that_will_not_stop_is_killed_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("The bot", "stubborn", log=folder / "bot.log", folder=folder, environment=os.environ)
    (folder / "ready").open().close()
    assert child.exit_code is None

    child.stop(patience=0.1)

    assert child.exit_code == -9
    assert child.tail() == "words for the log"
    assert "The bot did not stop" in capsys.readouterr().out


def test_the_log_of_the_last_start_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    log = tmp_path / "this.log"
    for _ in range(2):
        Child("it", "this", log=log, folder=tmp_path, environment=os.environ).stop(patience=10)

    assert sorted(path.name for path in tmp_path.glob("this.log*")) == ["this.log", "this.log.old"]


def test_a_killed_supervisor_leaves_no_process_behind(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as supervisor:
        assert supervisor.stdout is not None
        end = os.pidfd_open(int(supervisor.stdout.readline()))

        supervisor.kill()

    ready, _, _ = select.select([end], [], [], 20)
    os.close(end)
    assert ready
