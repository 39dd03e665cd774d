"""When a use case is ownerless, and what a median says."""

from datetime import UTC, date, datetime

import pytest

from workflows.digests.standing_rules import is_ownerless, median_of
from workflows.people import Calendar

LEFT = datetime(2026, 3, 3, 9, tzinfo=UTC)  # a Tuesday, ten in Berlin
BERLIN = Calendar("Europe/Berlin")
AWAY = Calendar("Europe/Berlin", leave=((date(2026, 3, 9), date(2026, 3, 13)),))
NEVER = Calendar("Europe/Berlin", days="")


@pytest.mark.parametrize(
    ("left_at", "sponsor", "at", "expected"),
    [
        pytest.param(LEFT, BERLIN, datetime(2026, 3, 17, 8, 59, tzinfo=UTC), False, id="a minute before ten days"),
        pytest.param(LEFT, BERLIN, datetime(2026, 3, 17, 9, 0, tzinfo=UTC), True, id="after ten working days"),
        pytest.param(LEFT, AWAY, datetime(2026, 3, 17, 9, 0, tzinfo=UTC), False, id="the sponsor was away for a week"),
        pytest.param(LEFT, AWAY, datetime(2026, 3, 24, 9, 0, tzinfo=UTC), True, id="and a week later"),
        pytest.param(LEFT, None, LEFT, True, id="the sponsor left too"),
        pytest.param(None, BERLIN, LEFT, True, id="nobody saw when"),
        pytest.param(LEFT, NEVER, datetime(2026, 3, 17, 9, 0, tzinfo=UTC), True, id="the sponsor never works"),
    ],
)
def test_another_owner_is_due_within_ten_working_days_of_the_sponsor(
    left_at: datetime | None, sponsor: Calendar | None, at: datetime, *, expected: bool
) -> None:
    assert is_ownerless(left_at, sponsor, at=at) is expected


def test_the_median_of_nothing_is_not_nought() -> None:
    assert median_of([]) is None
    assert median_of([4.0, 1.0]) == 2.5
    assert median_of([2.1644]) == 2.2
    assert median_of([0.01]) == 0.1
