"""Anybody starts a workspace for an app of their own, without a file and without reading code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from sandbox.seed import LOOPBACK, read_seed
from tests.sandbox.support import MANIFEST, Json

ROOT = Path(__file__).parents[2]
Start = Callable[..., tuple[str, str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the program; return its address and everything it said about itself."""
    running: list[subprocess.Popen[str]] = []

    def go(*arguments: str) -> tuple[str, str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        running.append(process)
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        while "app.start()" not in lines[-1] and "slackApiUrl" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        return lines[0].removeprefix("listening on ").strip(), "".join(lines)

    yield go
    for process in running:
        process.terminate()
        assert process.wait(10) == 0
        assert process.stdout is not None
        process.stdout.close()


def ask(url: str, method: str, token: str) -> Json:
    told: Json = WebClient(token=token, base_url=f"{url}/api/").api_call(method).data  # type: ignore[assignment]
    return told


def test_without_any_file_there_is_a_workspace_and_it_says_how_to_use_it(start: Start) -> None:
    first, said = start()
    second, _ = start()

    assert first != second
    assert f"{first}/api/" in said
    assert "xoxb-sandbox" in said
    assert ask(first, "auth.test", "xoxb-sandbox")["team"] == "Sandbox"
    assert ask(first, "apps.connections.open", "xapp-sandbox")["url"].startswith("ws://127.0.0.1")


def test_a_manifest_of_ones_own_is_enough(start: Start, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")

    url, said = start("--manifest", str(manifest), "--port", "0", "--request-url", "http://127.0.0.1:9/slack/events")

    assert "Helper (A0SANDBOX)" in said
    assert "listening at http://127.0.0.1:9/slack/events" in said
    assert ask(url, "auth.test", "xoxb-sandbox")["user"] == "helper"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--request-url", "https://example.com/"], "no http address of this machine"),
        (["--workspace", "nowhere.yml"], "nowhere.yml"),
        (["--host", "0.0.0.0"], "no passwords"),
    ],
)
def test_what_cannot_be_started_is_said_in_a_sentence(arguments: list[str], complaint: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )

    assert ended.returncode != 0
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_built_in_workspace_has_people_of_every_kind() -> None:
    seed = read_seed(ROOT / "sandbox" / "workspaces" / "small.yml")

    assert len({user.kind for user in seed.users}) == 7
    assert "127.0.0.1" in LOOPBACK
