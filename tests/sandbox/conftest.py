"""A workspace on a port of its own for each test, and a Bolt app inside it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import Timing
from tests.sandbox.support import WORKSPACE, Bolt, Json, Workspace


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
