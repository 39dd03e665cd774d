"""Runs every check in order, times each, shows all that failed, and ends with one line of counts."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
NO_TESTS = 5  # pytest's exit code
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
NEEDED_BYTES = 4 * 1024**3
MIGRATIONS = "test_migration*.py"

# How a part uses both cores. Tests of one file share what they start: a demo, a workspace, a browser. What one test
# does in a company is there in the next, so these run as they are written. Chaos waits for processes half of its time.
AS_WRITTEN = "--randomly-dont-reorganize"
SPREAD: Mapping[str, tuple[str, ...]] = {
    "story": (AS_WRITTEN, "-n", "2", "--dist", "loadfile"),
    "browser": (AS_WRITTEN, "-n", "2", "--dist", "loadfile"),
    "chaos": ("-n", "3", "--dist", "worksteal"),  # each begins with its half: an engine
}
MARKED = r"(?m)^\s*(?:@pytest\.mark\.|pytestmark\b.*\bmark\.)"  # not the words in a string


@dataclass(frozen=True, slots=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    ok: bool
    seconds: float
    counts: Counts | None = None
    remark: str = ""

    def __str__(self) -> str:
        counts = self.remark or ("" if self.counts is None else str(self.counts))
        return f"{'ok' if self.ok else 'FAILED':7}{self.seconds:7.1f} s  {self.name:18}{counts}".rstrip()


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the tests. It runs from the day its first test is written, and from then on must find some."""

    name: str
    arguments: tuple[str, ...]
    is_written: bool


def static_checks() -> list[tuple[str, list[str | Path]]]:
    return [
        ("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        ("ruff check", [BIN / "ruff", "check", "--quiet", "."]),
        ("mypy", [BIN / "mypy"]),
        ("lint-imports", [BIN / "lint-imports"]),
    ]


def pytest_parts(root: Path, *, fast: bool, narrowed_to_paths: bool, turns: int | None = None) -> list[Part]:
    """Return the parts in the order they run. Who names paths gets the migrations among the unit tests.

    A test with two markers runs once, in the later part. With `turns` click tests run on one engine each, as this seed
    has it.
    """
    markers = ["story", "browser", "chaos"]
    migrations = [] if narrowed_to_paths else sorted(map(str, root.glob(f"tests/**/{MIGRATIONS}")))
    left_out = [*markers, "postgres"] if fast else markers
    units: tuple[str, ...] = ("-n", "2", "-m", " and ".join(f"not {marker}" for marker in left_out))
    if turns is not None and not fast:
        units += (f"--take-turns={turns}",)
    if not narrowed_to_paths:
        units += (f"--ignore-glob=**/{MIGRATIONS}",)
    unit_part = Part("unit and clicks", units, is_written=True)
    if fast:
        return [unit_part]
    sources = {path: path.read_text() for path in sorted(root.glob("tests/**/*.py"))}
    # Only the files in which a marker is written are looked through for it.
    found = {
        marker: [str(path) for path, source in sources.items() if re.search(MARKED + rf"\b{marker}\b", source)]
        for marker in markers
    }
    names = {"story": "stories", "browser": "browser", "chaos": "chaos"}
    return [
        Part("migrations", (*migrations, "-m", "not chaos"), is_written=bool(migrations)),
        unit_part,
        *(
            Part(
                names[marker],
                (
                    *SPREAD[marker],
                    *("-m", " and not ".join(markers[markers.index(marker) :])),
                    *([] if narrowed_to_paths else found[marker]),
                ),
                is_written=bool(found[marker]),
            )
            for marker in markers
        ),
    ]


def run_static(name: str, command: Sequence[str | Path]) -> Result:
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print(done.stdout)
    return Result(name, ok=done.returncode == 0, seconds=time.monotonic() - started)


def quick_folder() -> dict[str, str]:
    """Return where tests keep their files: in memory where there is room for it, since most are databases of a second.

    A folder somebody chose by TMPDIR stays theirs.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return {}
    found = os.statvfs(MEMORY)
    has_room = found.f_bavail * found.f_frsize > NEEDED_BYTES
    return {"TMPDIR": str(MEMORY)} if has_room and not found.f_flag & os.ST_NOEXEC else {}


def compiled_folder(root: Path) -> dict[str, str]:
    """Return where compiled modules are kept if not beside their sources, as images of containers often have it.

    Without them each of the hundred processes that stories and chaos start would compile the whole product again.
    """
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(root / "build" / "compiled")}


def run_part(part: Part, extra: Sequence[str], *, seed: int, root: Path) -> Result:
    if not part.is_written:
        return Result(part.name, ok=True, seconds=0, remark="none written yet")
    report = root / "build" / "tests" / f"{part.name.replace(' ', '-')}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    started = time.monotonic()
    options = ["-q", f"--randomly-seed={seed}", f"--junit-xml={report}", *part.arguments, *extra]
    environment = os.environ | quick_folder() | compiled_folder(root)
    command = [sys.executable, "-m", "pytest", *options]
    code = subprocess.run(command, cwd=root, check=False, env=environment).returncode
    seconds = time.monotonic() - started
    if code == NO_TESTS and extra:
        return Result(part.name, ok=True, seconds=seconds, counts=Counts(), remark="none selected")
    counts = read_counts(report)
    for figures in read_figures(report):
        print(figures)
    if code and not counts.failed:
        # pytest itself stopped, or a part lost its tests: the last line must not say that nothing failed.
        counts = Counts(counts.passed, 1, counts.skipped)
    return Result(part.name, ok=code == 0, seconds=seconds, counts=counts)


def read_figures(report: Path) -> list[str]:
    """Return what tests measured and recorded as `figures`; pytest itself shows it of failed tests only."""
    if not report.exists():
        return []
    properties = ET.parse(report).getroot().iter("property")  # noqa: S314 - pytest wrote it a moment ago
    return [each.get("value", "") for each in properties if each.get("name") == "figures"]


def read_counts(report: Path) -> Counts:
    if not report.exists():
        return Counts()
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it a moment ago
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        skipped += int(suite.get("skipped", "0"))
    return Counts(total - failed - skipped, failed, skipped)


def main(arguments: Sequence[str]) -> int:
    fast, both = arguments[:1] == ["--fast"], arguments[:1] == ["--both"]
    extra = list(arguments[1:] if fast or both else arguments)
    seed = secrets.randbelow(2**32)
    results = []
    for name, command in static_checks():
        results.append(run_static(name, command))
        print(results[-1], flush=True)
    narrowed = any(argument.startswith("tests") for argument in extra)
    turns = None if both or narrowed else seed
    for part in pytest_parts(ROOT, fast=fast, narrowed_to_paths=narrowed, turns=turns):
        print(f"\npytest: {part.name} (--randomly-seed={seed})", flush=True)
        results.append(run_part(part, extra, seed=seed, root=ROOT))
        print(results[-1], flush=True)
    print("\n--- summary", *results, sep="\n")
    return conclude(results)


def conclude(results: Sequence[Result]) -> int:
    """Print the last line and return the exit code."""
    counts = [result.counts for result in results if result.counts is not None]
    passed, failed = sum(each.passed for each in counts), sum(each.failed for each in counts)
    print(f"{passed} passed, {failed} failed")
    return 0 if all(result.ok for result in results) and passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the checks above are all that ran.")
