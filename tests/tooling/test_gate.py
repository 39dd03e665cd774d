from pathlib import Path

import pytest

from scripts._gate import Counts, Part, Result, compiled_folder, conclude, pytest_parts, quick_folder, run_part

ONE_OF_EACH = """
import pytest

def test_right(): pass
def test_also_right(): pass
def test_wrong(): assert False
def test_left_out(): pytest.skip("not here")

@pytest.fixture
def broken(): raise OSError

def test_without_its_fixture(broken): pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\nmarkers = ["story", "browser", "chaos", "postgres"]\n'
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_rules.py").write_text("def test_right(): pass\n")
    return tmp_path


def names(parts: list[Part]) -> list[str]:
    return [part.name for part in parts if part.is_written]


def test_a_part_is_expected_from_its_first_test_on(project: Path) -> None:
    assert names(pytest_parts(project, fast=False, narrowed_to_paths=False)) == ["unit and clicks"]

    (project / "tests" / "test_migrations.py").write_text("def test_round_trip(): pass\n")
    (project / "tests" / "test_monday.py").write_text("import pytest\npytestmark = pytest.mark.story\n")

    parts = pytest_parts(project, fast=False, narrowed_to_paths=False)
    assert names(parts) == ["migrations", "unit and clicks", "stories"]


def test_a_story_told_in_a_browser_runs_once(project: Path) -> None:
    (project / "tests" / "test_rules.py").write_text(
        "import pytest\n\n@pytest.mark.story\n@pytest.mark.browser\ndef test_both(): pass\n"
        "@pytest.mark.story\ndef test_one(): pass\n"
    )

    ran = {
        part.name: run_part(part, [], seed=1, root=project).counts
        for part in pytest_parts(project, fast=False, narrowed_to_paths=False)
        if part.name in {"stories", "browser"}
    }

    assert ran == {"stories": Counts(passed=1), "browser": Counts(passed=1)}


def test_the_fast_run_is_one_part_without_a_postgresql(project: Path) -> None:
    [part] = pytest_parts(project, fast=True, narrowed_to_paths=False)

    assert "not postgres" in " ".join(part.arguments)


def test_a_part_that_lost_its_tests_fails(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = run_part(Part("stories", ("-m", "story"), is_written=True), [], seed=1, root=project)

    assert not result.ok
    assert conclude([result]) == 1
    assert capfd.readouterr().out.endswith("\n0 passed, 1 failed\n")


def test_who_selects_tests_is_not_blamed_for_the_parts_that_have_none_of_them(project: Path) -> None:
    part = Part("stories", ("-m", "story"), is_written=True)

    result = run_part(part, ["-k", "right"], seed=1, root=project)

    assert result.ok
    assert "none selected" in str(result)


def test_errors_count_as_failures_and_skipped_tests_are_shown(project: Path) -> None:
    (project / "tests" / "test_rules.py").write_text(ONE_OF_EACH)

    result = run_part(Part("units", (), is_written=True), [], seed=1, root=project)

    assert result.counts == Counts(passed=2, failed=2, skipped=1)
    assert not result.ok


def test_one_failed_check_fails_the_gate_though_every_test_passed(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Result("mypy", ok=False, seconds=1), Result("units", ok=True, seconds=1, counts=Counts(passed=3))]

    assert conclude(results) == 1
    assert capsys.readouterr().out == "3 passed, 0 failed\n"


def test_nothing_run_is_nothing_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert conclude([Result("units", ok=True, seconds=1, counts=Counts(), remark="none selected")]) == 1
    assert capsys.readouterr().out == "0 passed, 0 failed\n"


def test_files_of_tests_are_kept_in_memory_unless_somebody_chose_a_folder_or_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr("scripts._gate.MEMORY", tmp_path)
    monkeypatch.setattr("scripts._gate.NEEDED_BYTES", 0)
    assert quick_folder() == {"TMPDIR": str(tmp_path)}

    monkeypatch.setattr("scripts._gate.NEEDED_BYTES", 2**80)
    assert quick_folder() == {}

    monkeypatch.setattr("scripts._gate.NEEDED_BYTES", 0)
    monkeypatch.setattr("scripts._gate.MEMORY", tmp_path / "missing")
    assert quick_folder() == {}

    monkeypatch.setattr("scripts._gate.MEMORY", tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "theirs"))
    assert quick_folder() == {}


def test_modules_are_compiled_once_also_where_nothing_may_be_written_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    compiled = compiled_folder(tmp_path)
    assert compiled == {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path / "build" / "compiled")}

    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert compiled_folder(tmp_path) == {}
