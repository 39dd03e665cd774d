"""What GitHub would report of the demo's code assistants by user, made up: who used them on which day.

The format is GitHub's (docs/adoption.md); people, numbers and days are invented, the same for the same day.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

CASE: Final = "developer_assistant"
"""The use case it is about, by its key in demo_cases.yml."""
SOURCE: Final = "github_copilot"
ENGINEERS, DAYS = 31, 28
_NEW_A_WEEK: Final = 9
_SATURDAY: Final = 6


def write_report(path: Path, *, until: date) -> None:
    """Write the 28 days before `until`: a line of JSON for each person and day on which they did something."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows(until=until)), encoding="utf-8")


def rows(*, until: date) -> Iterator[dict[str, Any]]:
    """Yield who did what on which working day: each week some begin, and most use it two or three days of five."""
    for number in range(DAYS):
        day = until - timedelta(days=DAYS - number)
        began = _NEW_A_WEEK * (1 + number // 7)
        if day.isoweekday() < _SATURDAY:
            yield from (_row(engineer, day) for engineer in range(min(ENGINEERS, began)) if _uses(engineer, day))


def _uses(engineer: int, day: date) -> bool:
    return _dice(engineer, day, "uses", 100) < 30 + 2 * engineer % 50


def _row(engineer: int, day: date) -> dict[str, Any]:
    asked, suggested = _dice(engineer, day, "asked", 15), 2 + _dice(engineer, day, "suggested", 40)
    accepted = suggested * (20 + _dice(engineer, day, "accepted", 30)) // 100
    feature = {
        "feature": "code_completion",
        "user_initiated_interaction_count": asked,
        "code_generation_activity_count": suggested,
        "code_acceptance_activity_count": accepted,
    }
    return {
        "day": day.isoformat(),
        "enterprise_id": "1",
        "user_id": 7001 + engineer,
        "user_login": f"alder-engineer-{engineer + 1}",
        **{name: value for name, value in feature.items() if name != "feature"},
        "loc_suggested_to_add_sum": suggested * 6,
        "loc_added_sum": accepted * 5,
        "used_agent": False,
        "used_chat": asked > 0,
        "used_cli": False,
        "totals_by_feature": [feature],
    }


def _dice(engineer: int, day: date, what: str, sides: int) -> int:
    """Return a number below `sides` that is always the same for the same question."""
    return int.from_bytes(sha256(f"{engineer} {day} {what}".encode()).digest()[:4], "big") % sides
