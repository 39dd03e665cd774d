import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# In pieces, so that this file does not find itself.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "yarn" + "pkg.com", "ana" + "conda.org"]
HOMES = [f"/{folder}/" for folder in ("root", "home", "Users")]


def committed() -> list[Path]:
    # In a container the checkout often belongs to somebody else, which git refuses without the option.
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in committed():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path.relative_to(ROOT), content.decode()))
    return found


def scripts() -> list[Path]:
    folders = (ROOT / "scripts", ROOT / ".ci")
    return [path for path in committed() if path.parent in folders and not path.name.startswith("_")]


def shell_files() -> list[Path]:
    return [
        path
        for path in committed()
        if path.suffix == ".sh" or path.read_bytes().startswith((b"#!/bin/sh", b"#!/bin/bash"))
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_names_where_packages_come_from() -> None:
    """Where packages come from is for the person who installs to say: many companies have an index of their own."""
    named = [(str(path), host) for path, text in texts() for host in REGISTRIES if host in text]

    assert named == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    # A container's checkout may stand at the root of a volume; a folder name of one part proves nothing.
    here = [f"{ROOT}/"] if len(ROOT.parts) > 2 else []
    folder = re.compile(r"(?<![\w.:-])(?:" + "|".join(map(re.escape, here + HOMES)) + r")\w")

    named = [(str(path), match[0]) for path, text in texts() for match in folder.finditer(text)]

    assert named == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_every_package_by_hash_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())

    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert not re.search(r"^\s*--(?:index|extra-index|find-links|trusted)", text, flags=re.MULTILINE)


def test_what_runs_is_pinned_the_same_for_running_and_for_checking() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.\[\]-]+==[^\s;]+", (ROOT / lock).read_text(), flags=re.MULTILINE))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


@pytest.mark.parametrize("script", scripts(), ids=name_of)
def test_a_script_can_be_started_and_explains_itself(script: Path) -> None:
    assert os.access(script, os.X_OK)

    answer = subprocess.run([script, "--help"], check=True, capture_output=True, text=True, cwd="/")

    assert answer.stdout.startswith(("Usage", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert f"./scripts/{script.name}" in answer.stdout or script.parent.name == ".ci"
    assert answer.stderr == ""


@pytest.mark.parametrize("script", shell_files(), ids=name_of)
def test_a_shell_script_has_no_syntax_error(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True, capture_output=True, text=True)
