"""Processes that end when the one that started them ends, and what they wrote."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 5.0

# Runs in the new process before it becomes the program it is for. The kernel ends it when its parent ends,
# however that happens: a `kill -9` runs no code of ours, and an orphaned bot would go on talking to the next
# demo's workspace. SIGKILL, because nobody is left to insist; what runs here keeps its state in SQLite, which
# survives it. A pipe would do on other systems too, but only in programs that read it. The condition covers a
# parent that died before the kernel was asked.
TIE_TO_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass(slots=True)
class Wish:
    """Whether somebody asked us to stop. A flag, not an exception: that could strike between two lines."""

    to_stop: bool = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: object) -> None:
        self.to_stop = True


class Child:
    """A process of the demo, with its log. It ends when the demo ends."""

    def __init__(
        self, name: str, module: str, *arguments: str, log: Path, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = log
        if log.exists():
            log.replace(log.with_suffix(".log.old"))
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own modules with our own arguments
                [sys.executable, "-c", TIE_TO_PARENT, str(os.getpid()), "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches the demo alone, which then stops the bot before the workspace
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def says(self, words: str) -> bool:
        return words in self.log.read_text(encoding="utf-8", errors="replace")

    def tail(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])

    def stop(self, *, patience: float = STOP_SECONDS) -> None:
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            print(f"{self.name} did not stop within {patience:g} s; killed it.")
            self._process.kill()
            self._process.wait()
