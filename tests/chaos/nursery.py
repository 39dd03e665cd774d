"""Bots that have done their imports when they start: almost every fault test starts two, and importing took longer.

A process imports what the bot imports and waits; each start is a fork of it, in a session and with an environment and
a log of its own, which runs `gatehouse run` from there on. Stories and the demo's tests start bots from nothing.
"""

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.cli.children import TIE_TO_PARENT

ROOT = Path(__file__).parents[2]
PAUSE_SECONDS = 0.02


class Nursery:
    """One for the tests of a process; it ends with them, and takes along whatever it has started."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", TIE_TO_PARENT, str(os.getpid()), "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
        self._turn = threading.Lock()

    def ask(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


_nursery: list[Nursery] = []


def nursery() -> Nursery:
    """Return the one of this process, started at the first call: from the main thread, with which it ends."""
    if not _nursery:
        _nursery.append(Nursery())
    return _nursery[0]


class ForkedBot:
    """A bot that a test may kill. What all its lives wrote is in one log."""

    def __init__(self, *, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        self._pid: int = nursery().ask(start={"log": str(log), "environment": dict(environment)})
        self._exit_code: int | None = None

    @property
    def exit_code(self) -> int | None:
        if self._exit_code is None:
            self._exit_code = nursery().ask(code_of=self._pid)
        return self._exit_code

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        self.wait()

    def ask_to_stop(self) -> None:
        self._send(signal.SIGTERM)

    def wait(self, seconds: float = 20) -> int:
        until = time.monotonic() + seconds
        while (code := self.exit_code) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("the bot", seconds)
            time.sleep(PAUSE_SECONDS)
        return code

    def _send(self, number: signal.Signals) -> None:
        if self.exit_code is None:  # until it is asked for, nobody else can have its number
            os.kill(self._pid, number)


def main() -> None:
    """Answer orders, a line each: start a bot, or say how one ended. In a bot this returns into `gatehouse run`."""
    # What they import themselves when they are called.
    from bot import logs, runtime  # noqa: F401, PLC0415
    from bot.cli import commands  # noqa: F401, PLC0415
    from bot.cli import main as gatehouse  # noqa: PLC0415

    gc.freeze()
    own = os.getpid()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _start(**order["start"]) if "start" in order else _code_of(order["code_of"])
        if os.getpid() != own:
            sys.exit(gatehouse(["run"]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _start(*, log: str, environment: Mapping[str, str]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # as TIE_TO_PARENT does
    if os.getppid() != parent:
        os._exit(1)
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for ours, theirs in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, theirs)
    os.environ.clear()
    os.environ.update(environment)
    return 0


def _code_of(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    main()
