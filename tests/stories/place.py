"""The demo as a stranger starts it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stories.people import Company


@contextmanager
def running(folder: Path) -> Iterator[Company]:
    """Start `gatehouse demo` on a port of its own and stop it as Ctrl-C would."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--empty", "--data", str(folder), "--port", "0"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ), start_new_session=True)
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        found = re.search(r"Open\s+(http://127\.0\.0\.1:\d+)", line)
        if found:
            break
    else:
        pytest.fail(f"the demo ended before it was ready:\n{said}")
    yield Company(found.group(1), folder)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(timeout=20) in (0, 130)
    demo.stdout.close()
