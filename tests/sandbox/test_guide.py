"""Whoever reads docs/sandbox.md finds there what the sandbox can do."""

import re
from dataclasses import fields
from pathlib import Path

from sandbox.faults import Trouble
from sandbox.interactions import DEEDS
from sandbox.settings import Settings
from sandbox.webapi import METHODS
from tests.sandbox.recordings import recordings
from tests.sandbox.support import Workspace

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_readers_find_every_method_deed_fault_and_setting() -> None:
    known = {*METHODS, *DEEDS, *Trouble, *(field.name for field in fields(Settings))}
    assert {name for name in known if f"`{name}`" not in PAGE} == set()


def test_readers_find_every_address_of_the_control_api(workspace: Workspace) -> None:
    resources = {route.resource.canonical for route in workspace.runner.app.router.routes() if route.resource}
    control = {name for name in resources if name.startswith("/control/")}
    assert control
    assert {name for name in control if name not in PAGE} == set()


def test_the_recordings_add_up() -> None:
    compared = sum(len(found) for found in recordings().values())
    (left,) = re.findall(r"The other (\d+) recordings", PAGE)
    rows = re.search(r"\| recordings \| why \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    assert rows is not None
    named = sum(
        int(number) for row in rows[1].splitlines() for number in re.findall(r"(?<![\w.-])\d+(?=\D)", row.split("|")[1])
    )
    assert compared + int(left) == 365
    assert named == int(left)
