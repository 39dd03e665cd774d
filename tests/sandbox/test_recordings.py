"""What the workspace sends differs from what Slack was recorded sending only where we know why, and say so."""

from fnmatch import fnmatchcase

import pytest

from tests.sandbox.comparison import PAGE, Row, compare, reason_for, reasons, with_table


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return compare()


def test_no_app_meets_a_difference_nobody_can_explain(rows: list[Row]) -> None:
    known = reasons()
    assert [one for row in rows for one in row.differences if reason_for(one, known) is None] == []


def test_no_reason_outlives_its_differences(rows: list[Row]) -> None:
    known = reasons()
    found = [one for row in rows for one in row.differences]
    idle = [
        (reason.why, path)
        for reason in known
        for path in reason.paths
        if not any(fnmatchcase(one.path, path) for one in found if reason_for(one, known) is reason)
    ]
    assert idle == []


def test_readers_see_the_differences_there_are_today(rows: list[Row]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page, rows), "write it again: python -m tests.sandbox.comparison"
