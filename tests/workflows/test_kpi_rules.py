"""What one text after the other makes of the KPIs, and who may change them, as values."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Cadence, Direction, KpiField
from workflows.checkins.rules import (
    Changed,
    Known,
    Kpi,
    Measured,
    Part,
    Rhythm,
    Understood,
    Why,
    follow,
    keys_of,
    rhythm_read,
    rhythm_typed,
    target_of,
    understood,
    why_not,
)

OWNER, OTHER, NEXT = uuid4(), uuid4(), uuid4()
HOURS = Kpi("Hours per file", "hours", Direction.DOWN, 6.0, 3.0, None, date(2026, 12, 1))
SHARE = Kpi("Share", "%", Direction.BAND, None, 10.0, 12.5, date(2026, 12, 1))
TODAY = date(2026, 3, 2)
SAID = Measured("5", date(2026, 2, 1), date(2026, 2, 28), "40", "Timesheets.")


def known(kpis: list[Kpi], *, owner: UUID = OWNER, in_use: bool = True) -> list[Known]:
    return [Known(uuid4(), key, kpi, in_use, owner) for key, kpi in zip(keys_of(kpis), kpis, strict=True)]


def following(before: list[Known], kpis: list[Kpi], owner: UUID = OWNER) -> list[tuple[str | None, list[Changed]]]:
    found = follow(before, kpis, owner_before=OWNER, owner=owner)
    return [(each.says.name if each.says else None, list(each.changes)) for each in found]


def test_the_same_text_changes_nothing() -> None:
    assert following(known([HOURS, SHARE]), [HOURS, SHARE]) == [("Hours per file", []), ("Share", [])]


def test_a_kpi_is_the_same_however_its_name_is_typed_and_in_whatever_place() -> None:
    again = replace(HOURS, name="  HOURS per\tﬁle ", target=2.0)

    assert following(known([HOURS, SHARE]), [SHARE, again]) == [
        ("Share", []),
        (again.name, [Changed(KpiField.NAME, HOURS.name, again.name), Changed(KpiField.TARGET, "3", "2")]),
    ]


def test_every_field_of_the_approved_text_that_changes_is_told() -> None:
    other = Kpi("hours per file", "days", Direction.BAND, None, 1.0, 2.0, date(2027, 1, 1))

    [(_, changes)] = following(known([HOURS]), [other])

    assert {each.field for each in changes} == {
        *(KpiField.NAME, KpiField.UNIT, KpiField.DIRECTION, KpiField.TARGET, KpiField.DUE, KpiField.PROPOSED),
    }
    assert Changed(KpiField.TARGET, "3", "1 to 2") in changes
    assert Changed(KpiField.PROPOSED, "6", None) in changes


def test_what_is_dropped_is_retired_once_and_what_comes_back_is_what_it_was() -> None:
    gone = Changed(KpiField.IN_USE, "yes", "no")
    assert following(known([HOURS, SHARE]), [SHARE]) == [("Share", []), (None, [gone])]

    retired = known([HOURS], in_use=False)
    assert following(retired, []) == []
    [back] = follow(retired, [HOURS], owner_before=OWNER, owner=NEXT)
    assert back.known == retired[0]
    assert back.owner_id == NEXT
    assert back.changes[0] == Changed(KpiField.IN_USE, "no", "yes")


def test_kpis_go_with_the_use_case_to_its_next_owner_unless_somebody_else_answers_for_them() -> None:
    theirs, others = known([HOURS]), known([SHARE], owner=OTHER)

    found = follow([*theirs, *others], [HOURS, SHARE], owner_before=OWNER, owner=NEXT)

    assert [each.owner_id for each in found] == [NEXT, OTHER]
    assert found[0].changes == (Changed(KpiField.OWNER, str(OWNER), str(NEXT)),)


def test_of_two_with_one_name_the_first_stays_the_first() -> None:
    two = [HOURS, replace(HOURS, unit="days")]

    assert len(set(keys_of(two))) == 2
    assert following(known(two), two) == [(HOURS.name, []), (HOURS.name, [])]
    assert following(known(two), two[:1])[1][0] is None


NAMES = st.sampled_from(["Hours", "hours ", "HOURS", "Share", "Files", "ﷺ" * 120])


@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4))
def test_whatever_texts_follow_one_another_every_kpi_ends_up_kept_new_or_retired(
    before: list[str], after: list[str]
) -> None:
    stored = known([replace(HOURS, name=name) for name in before])
    says = [replace(HOURS, name=name) for name in after]

    found = follow(stored, says, owner_before=OWNER, owner=OWNER)

    assert [each.says for each in found if each.says] == says
    assert {each.known.id for each in found if each.known} == {each.id for each in stored}
    assert len({each.key for each in found}) == len(found)


@pytest.mark.parametrize(
    ("actor", "leads", "has_ended", "in_use", "why"),
    [
        (OWNER, False, False, True, None),
        (OTHER, True, False, True, None),
        (OTHER, False, False, True, Why.NOT_YOURS),
        (OWNER, False, True, True, Why.ENDED),
        (OWNER, False, False, False, Why.RETIRED),
        (OTHER, False, True, False, Why.NOT_YOURS),
    ],
)
def test_who_may_change_a_kpi(actor: UUID, leads: bool, has_ended: bool, in_use: bool, why: Why | None) -> None:
    assert why_not(actor=actor, may={OWNER}, leads=leads, has_ended=has_ended, in_use=in_use) is why


RHYTHMS = st.one_of(
    st.sampled_from([Rhythm(each) for each in Cadence if each is not Cadence.EVERY_WEEKS]),
    st.integers(3, 26).map(lambda weeks: Rhythm(Cadence.EVERY_WEEKS, weeks)),
)


@given(RHYTHMS)
def test_a_rhythm_as_one_word_is_read_back(rhythm: Rhythm) -> None:
    assert rhythm_read(rhythm_typed(rhythm)) == rhythm


@pytest.mark.parametrize(
    "word",
    ["", "daily", "weekly.3", "every_weeks", "every_weeks.2", "every_weeks.27", "every_weeks.x", "every_weeks.٥"],
)
def test_what_is_no_rhythm_is_none(word: str) -> None:
    assert rhythm_read(word) is None


def test_a_target_is_told_with_both_ends() -> None:
    assert (target_of(HOURS), target_of(SHARE)) == ("3", "10 to 12.5")


def test_a_baseline_that_lies_between_the_ends_of_a_band_is_fine() -> None:
    found = understood(SAID, SHARE, today=TODAY, locale=None, last=None, needs_reason=False)

    assert found == Understood(5, date(2026, 2, 1), date(2026, 2, 28), 40, "Timesheets.", "")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    nothing = Measured("", None, None, "", "")

    found = understood(nothing, HOURS, today=TODAY, locale=None, last=None, needs_reason=True)

    assert isinstance(found, dict)
    assert set(found) == set(Part)


@pytest.mark.parametrize(("direction", "target", "typed"), [(Direction.UP, 9.0, "10"), (Direction.DOWN, 3.0, "2")])
def test_a_baseline_beyond_the_target_is_refused(direction: Direction, target: float, typed: str) -> None:
    kpi = replace(HOURS, direction=direction, target=target)

    found = understood(replace(SAID, value=typed), kpi, today=TODAY, locale=None, last=None, needs_reason=False)

    assert isinstance(found, dict)
    assert "beyond that" in found[Part.VALUE]
