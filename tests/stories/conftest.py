"""The demo as a stranger starts it, and a browser in a person's hands."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.stories.people import Company, Window

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Start `gatehouse demo` on a port of its own and stop it as Ctrl-C would."""
    folder = tmp_path_factory.mktemp("demo")
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


@pytest.fixture(scope="module")  # two modules cannot both have Playwright's loop running in one process
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "chromium is missing; run: sudo apt-get install --no-install-recommends chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, company: Company) -> Iterator[Window]:
    """Open a browser window in the workspace; pictures of it are kept in build/screenshots."""
    pictures = Path("build/screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    opened = Window(browser, company, pictures)
    yield opened
    opened.close()
