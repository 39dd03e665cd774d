"""When a version of a part counts, what it lacks, and when its owner is asked: values in, values out."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from db.enums import FoundationKind, ItemKind, Membership, VersionStatus
from workflows.foundation import counting, rules
from workflows.foundation.counting import Approved, PartState, Span, Standing
from workflows.foundation.rules import Item, Lack, Lacking, Text
from workflows.people import Actor, Calendar

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
MAREK = Actor(uuid4(), "U_MAREK", "Marek", "Europe/Berlin")
TEXT = Text("What every prompt needs to know.", "https://wiki.example.com/pack", date(2027, 1, 5))


def test_a_version_counts_until_the_next_one_does_and_none_comes_back() -> None:
    first, second = Approved(1, START, START + 100 * DAY), Approved(2, START + 10 * DAY, START + 110 * DAY)

    assert counting.spans([second, first]) == (
        Span(1, START, START + 10 * DAY),
        Span(2, START + 10 * DAY, START + 110 * DAY),
    )
    revoked = Approved(2, second.since, second.holds_until, revoked_at=START + 20 * DAY)
    assert counting.spans([first, revoked])[-1] == Span(2, START + 10 * DAY, START + 20 * DAY)


def test_a_version_taken_back_before_its_first_day_ends_no_other() -> None:
    first = Approved(1, START, START + 100 * DAY)
    never = Approved(2, START + 30 * DAY, None, revoked_at=START + 20 * DAY)

    assert counting.spans([first, never]) == (Span(1, START, START + 100 * DAY),)
    assert counting.spans([]) == ()


@pytest.mark.parametrize(
    ("newest", "versions", "after", "expected"),
    [
        (None, [], 0, Standing(PartState.NOT_BEGUN)),
        ((1, VersionStatus.DRAFT), [], 0, Standing(PartState.WRITTEN, 1)),
        ((1, VersionStatus.IN_REVIEW), [], 0, Standing(PartState.IN_REVIEW, 1)),
        ((1, VersionStatus.EXPIRED), [], 0, Standing(PartState.NOT_APPROVED, 1)),
        ((2, VersionStatus.DRAFT), [(0, 9, None)], 3, Standing(PartState.APPROVED, 1, START + 9 * DAY)),
        ((1, VersionStatus.APPROVED), [(5, 9, None)], 3, Standing(PartState.EFFECTIVE_FROM, 1, START + 5 * DAY)),
        ((1, VersionStatus.APPROVED), [(0, 9, None)], 9, Standing(PartState.LAPSED, 1, START + 9 * DAY)),
        ((1, VersionStatus.APPROVED), [(0, 9, 4)], 4, Standing(PartState.REVOKED, 1, START + 4 * DAY)),
        (
            (2, VersionStatus.APPROVED),
            [(0, 9, None), (5, 20, None)],
            4,
            Standing(PartState.APPROVED, 1, START + 5 * DAY),
        ),
    ],
)
def test_a_part_stands_as_its_versions_say(
    newest: tuple[int, VersionStatus] | None,
    versions: list[tuple[int, int, int | None]],
    after: int,
    expected: Standing,
) -> None:
    approved = [
        Approved(number, START + since * DAY, START + until * DAY, START + gone * DAY if gone else None)
        for number, (since, until, gone) in enumerate(versions, start=1)
    ]

    assert counting.standing(newest, approved, now=START + after * DAY) == expected


def test_the_days_of_a_version_are_those_of_its_owner() -> None:
    found = counting.approved(
        1,
        approved_at=START,
        effective_on=date(2026, 2, 1),
        review_on=date(2026, 3, 1),
        revoked_at=None,
        zone="America/New_York",
    )

    assert found == Approved(1, datetime(2026, 2, 1, 5, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC))


def test_what_a_part_lacks_is_said_item_by_item() -> None:
    gone = Actor(uuid4(), "U_BEN", "Ben", "UTC", Membership.DEACTIVATED)
    approver = Item(ItemKind.APPROVER, "", "Everything.", person=gone)

    assert rules.lacking(FoundationKind.HUMAN_OVERSIGHT, TEXT, [], MAREK, today=START.date()) == ()
    assert rules.lacking(FoundationKind.STAKEHOLDER_MAP, TEXT, [approver], None, today=date(2027, 1, 6)) == (
        Lacking(Lack.OWNER),
        Lacking(Lack.REVIEW),
        Lacking(Lack.ITEM, item=ItemKind.AFFECTED_GROUP),
        Lacking(Lack.APPROVER_LEFT, name="Ben"),
    )


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://wiki.example.com/a?b=c#d", True),
        ("https://wiki", False),
        ("http://wiki.example.com", False),
        ("javascript:alert(1)", False),
        ("https://user@wiki.example.com", False),
        ("https://wiki.example.com/<b>", False),
        ("https://[wiki.example.com", False),
        (f"https://wiki.example.com/{'a' * 400}", False),
    ],
)
def test_a_link_is_an_address_that_can_be_opened_safely(link: str, is_one: bool) -> None:
    assert rules.is_link(link) is is_one


def test_reminders_come_in_working_hours_and_those_whose_day_has_passed_are_left_out() -> None:
    calendar, review_on = Calendar("Europe/Berlin"), date(2026, 6, 30)

    def at(given: int) -> datetime | None:
        return counting.remind_at(calendar, review_on, given=given, not_before=START)

    # 31 May is a Sunday.
    assert at(0) == datetime(2026, 6, 1, 7, tzinfo=UTC)
    assert at(1) == datetime(2026, 6, 23, 7, tzinfo=UTC)
    assert at(2) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert at(3) is None
    days = {
        day: counting.given_by(review_on, today=date(2026, 6, 30) + timedelta(days=day)) for day in (-31, -30, -7, 1)
    }
    assert days == {-31: 0, -30: 1, -7: 2, 1: 3}
