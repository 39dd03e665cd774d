"""A workspace on a port of its own for each test, and a Bolt app inside it."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.server import Timing
from tests.sandbox.support import WORKSPACE, Bolt, Json, Workspace

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def quiet_bolt() -> None:
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.ERROR)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite3"


@pytest.fixture
def open_workspace(state: Path) -> Iterator[Callable[..., Workspace]]:
    """Start a workspace; a second one on the same file is the first one started again."""
    opened: list[Workspace] = []

    def start(description: Json = WORKSPACE, **timing: Any) -> Workspace:
        workspace = Workspace(state=state, description=description, timing=Timing(**timing))
        opened.append(workspace)
        return workspace

    yield start
    for workspace in opened:
        if workspace._thread.is_alive():  # noqa: SLF001 - the test may have stopped it itself
            workspace.stop()


@pytest.fixture
def workspace(open_workspace: Callable[..., Workspace]) -> Workspace:
    return open_workspace()


@pytest.fixture
def connect() -> Iterator[Callable[..., Bolt]]:
    connected: list[Bolt] = []

    def start(workspace: Workspace, **options: Any) -> Bolt:
        bolt = Bolt(workspace, **options)
        connected.append(bolt)
        return bolt

    yield start
    for bolt in connected:
        bolt.close()


@pytest.fixture
def bolt(workspace: Workspace, connect: Callable[..., Bolt]) -> Bolt:
    return connect(workspace)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "these tests need chromium on the PATH"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def slow_workspace(open_workspace: Callable[..., Workspace]) -> Workspace:
    """Open a workspace that waits a second for apps instead of three."""
    return open_workspace(ack=1.0)


@pytest.fixture
def visit(chromium: Browser, slow_workspace: Workspace) -> Iterator[Callable[..., Page]]:
    """Open the page as somebody; a script error fails the test."""
    problems: list[str] = []
    opened: list[Any] = []

    def start(address: str, *, prepare: Callable[[Page], Any] = lambda _page: None, **context: Any) -> Page:
        browser = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        opened.append(browser)
        page = browser.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        prepare(page)
        page.goto(f"{slow_workspace.url}{address}")
        return page

    yield start
    for browser in opened:
        browser.close()
    assert not problems
