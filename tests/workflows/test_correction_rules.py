"""How often outputs had to be corrected before and after a fix, which cause is named, and when people are reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from db.enums import RootCause, UseCaseState
from handlers.corrections import corrected_text, share_text
from workflows.checkins.corrections import (
    Looked,
    NoFix,
    Rate,
    after,
    first_reminder,
    lately,
    leading,
    rate,
    said_of,
    second_reminder,
    until,
    why_not_open,
)
from workflows.checkins.fix_snapshots import Corrections, FixSnapshot
from workflows.people import Actor, Calendar

PROMPT, CONTEXT, WORKFLOW = RootCause
BERLIN = Calendar("Europe/Berlin", "DE")
TUESDAY = date(2026, 3, 3)


def looked(on: date, outputs: int, **by: int | None) -> Looked:
    said = (by.get("prompt"), by.get("context"), by.get("workflow"))
    return Looked(uuid4(), on, outputs, said_of(said))


def test_a_rate_is_of_all_that_was_looked_at_and_not_the_mean_of_the_weeks() -> None:
    answers = [looked(TUESDAY, 10, context=5), looked(TUESDAY, 90, context=5)]

    assert rate(answers, CONTEXT) == Rate(10, 100)


def test_where_nobody_looked_or_nobody_said_a_rate_is_unknown_and_never_nought() -> None:
    assert rate([], CONTEXT) is None
    assert rate([looked(TUESDAY, 0, context=0)], CONTEXT) is None
    assert rate([looked(TUESDAY, 40, prompt=3)], CONTEXT) is None
    assert rate([looked(TUESDAY, 40, context=0)], CONTEXT) == Rate(0, 40)
    assert rate([looked(TUESDAY, 40, prompt=3), looked(TUESDAY, 20, context=4)], CONTEXT) == Rate(4, 20)


def test_before_are_the_eight_weeks_up_to_the_answer_it_was_accepted_on_and_after_what_lies_after_the_day() -> None:
    weeks = [looked(TUESDAY + timedelta(weeks=week), 10, prompt=week) for week in range(12)]
    tenth = TUESDAY + timedelta(weeks=9)

    assert [each.corrected[PROMPT] for each in until(weeks, tenth)] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [each.corrected[PROMPT] for each in after(weeks, tenth)] == [10, 11]
    assert len(lately(weeks)) == 8
    assert lately([]) == []


def test_the_early_answer_a_fix_was_accepted_on_is_before_it_and_never_since() -> None:
    early = datetime(2026, 3, 2, 10, tzinfo=UTC)  # on the day before the check-in's date
    marek = Actor(uuid4(), "U_MAREK", "Marek", "Europe/Berlin")
    answers = (looked(TUESDAY, 40, context=8), looked(TUESDAY + timedelta(weeks=1), 40, context=2))
    fix = FixSnapshot(
        id=uuid4(),
        use_case_id=uuid4(),
        use_case=UseCaseState.APPROVED,
        check_in_id=answers[0].check_in_id,
        accepted_on=TUESDAY,
        cause=CONTEXT,
        text="Add the glossary.",
        owner=marek,
        due=TUESDAY,
        accepted_by=marek,
        accepted_at=early,
        version=1,
        may=frozenset(),
    )

    for each in (fix, replace(fix, done_at=early, done_by=marek)):
        assert Corrections(answers[:1]).before(each) == Rate(8, 40)
        assert Corrections(answers[:1]).after(each) is None
        assert Corrections(answers).after(each) == Rate(2, 40)


@pytest.mark.parametrize(
    ("by", "named", "said"),
    [
        ((0, 6, 2), [CONTEXT], "8 of 40 corrected, mostly because context was missing (6)"),
        ((None, 8, None), [CONTEXT], "8 of 40 corrected, because context was missing (8)"),
        (
            (4, 1, 6),
            [WORKFLOW, PROMPT],
            "11 of 40 corrected, mostly because the workflow did not fit (6) and the prompt fell short (4)",
        ),
        ((3, 1, 6), [WORKFLOW], "10 of 40 corrected, mostly because the workflow did not fit (6)"),
        ((0, 0, None), [], ""),
        ((None, None, None), [], ""),
    ],
)
def test_the_largest_cause_is_named_and_what_comes_near_it(
    by: tuple[int | None, int | None, int | None], named: list[RootCause], said: str
) -> None:
    assert leading(said_of(by)) == named
    assert corrected_text(said_of(by), 40) == said


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (Rate(8, 40), "20 %"),
        (Rate(1, 30), "3.3 %"),
        (Rate(0, 40), "0 %"),
        (Rate(1, 10_000), "under 0.1 %"),
        (Rate(40, 40), "100 %"),
    ],
)
def test_a_share_that_is_not_nought_never_reads_like_it(rate: Rate, says: str) -> None:
    assert share_text(rate) == says


@pytest.mark.parametrize(
    ("due", "text", "why"),
    [
        (TUESDAY, "Do it.", None),
        (TUESDAY + timedelta(days=365), "Do it.", None),
        (TUESDAY - timedelta(days=1), "Do it.", NoFix.DUE_PAST),
        (TUESDAY + timedelta(days=366), "Do it.", NoFix.DUE_TOO_FAR),
        (None, "Do it.", NoFix.DUE_MISSING),
        (TUESDAY, "  ", NoFix.TEXT_MISSING),
        (TUESDAY, "x" * 1001, NoFix.TEXT_TOO_LONG),
    ],
)
def test_a_fix_needs_words_and_a_day_from_today_to_a_year_ahead(due: date | None, text: str, why: NoFix | None) -> None:
    assert why_not_open(UseCaseState.DEPLOYED, due, text, today=TUESDAY) is why
    assert why_not_open(UseCaseState.RETIRED, due, text, today=TUESDAY) is NoFix.ENDED


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "heard", "reminded"),
    [
        pytest.param(date(2026, 3, 17), at(3, 10), at(17, 8), id="as the day begins on which it is due"),
        pytest.param(date(2026, 3, 15), at(3, 10), at(13, 8), id="on the Friday before where that is a Sunday"),
        pytest.param(date(2026, 3, 3), at(3, 10), at(4, 8), id="not on the day on which they heard of it"),
        pytest.param(date(2026, 2, 20), at(6, 10), at(9, 8), id="on the next working day where it was due long ago"),
    ],
)
def test_who_has_a_fix_to_do_is_reminded_on_the_working_day_it_is_due(
    due: date, heard: datetime, reminded: datetime
) -> None:
    assert first_reminder(BERLIN, due, heard=heard) == reminded


def test_the_second_reminder_comes_two_working_days_later_and_never_to_who_does_not_work_again() -> None:
    assert second_reminder(BERLIN, heard=at(5, 8)) == at(9, 8)  # Thursday, then Monday
    gone = Calendar("Europe/Berlin", leave=[(TUESDAY, date(2036, 1, 1))])
    assert first_reminder(gone, date(2026, 3, 17), heard=at(3, 10)) is None
    assert second_reminder(gone, heard=at(3, 10)) is None
