"""Numbers as people type them: understood, or refused with an example; never taken for another number."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.checkins.numbers import NotANumberError, as_typed, both_ends, mark_of, number, plain_number, whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", 12),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u202f234.5", 1234.5),
        ("1’234.50", 1234.5),
        ("1,234,567", 1234567),
        ("1.234.567,8", 1234567.8),
        ("12 %", 12),
        ("12,5%", 12.5),
        ("3h", 3),
        ("6 hours", 6),
        ("0,234", 0.234),
        ("€ 1,200.50", 1200.5),
        ("EUR 5", 5),
        ("-5", -5),
        ("− 5", -5),
        ("12 Stück", 12),
        ("5 m²", 5),
        ("1 200", 1200),
    ],
)
def test_a_number_is_understood(typed: str, meant: float) -> None:
    assert number(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", "six", "about 6", "~6", "<5", "6 or 7", "3h 30m", "2:30", "1e3", "nan", "inf", "١٢", "１２"),
        *("1,23,456", "1,2,3", "12.", ".5", "6 12", "1.234.5", "--5", "5 %%%1", "=1+1", "1_000"),
        pytest.param("1,234", id="a thousand and more, or one and a bit"),
        pytest.param("1.234", id="the same the other way"),
        pytest.param("5k", id="a multiplier"),
        pytest.param("2 Mio", id="another"),
        pytest.param("9" * 20, id="more than there is"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused_with_a_way_out(typed: str) -> None:
    with pytest.raises(NotANumberError, match=r"\d|larger unit"):
        number(typed)


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("3h", "hours", 3),
        ("3 h 30", "hours", 3.5),
        ("3h30", "hours per file", 3.5),
        ("3 h 30 min", "minutes", 210),
        ("3 hrs, 15 m", "working hours", 3.25),
        ("-1 h 30", "h", -1.5),
        ("3 Std. 20 Min.", "Stunden", 3.3333),
        ("45 min", "hours", 0.75),
        ("90 minutes per file", "hours", 1.5),
        ("2 hours", "min", 120),
        ("5 days", "working days", 5),
        ("3 h", "calls per hour", 3),
        ("12 %", "%", 12),
        ("12", "% of letters", 12),
        ("12 %", "share", 12),
        ("€ 5", "EUR", 5),
        ("5 k€", "k€", 5),
        ("12 per 1000 files", "per 1000 files", 12),
        ("12", "per 1000 files", 12),
        ("15", "5", 15),
    ],
)
def test_a_number_is_read_in_the_unit_it_is_counted_in(typed: str, unit: str, meant: float) -> None:
    assert number(typed, unit) == meant


@pytest.mark.parametrize(
    ("typed", "unit", "says"),
    [
        ("12 %", "hours", "in hours, for example 12"),
        ("3 h 30", "files", "is a time"),
        ("3 h 75", "hours", "3 h 30 or 3.5"),
        ("5 days", "hours", "in hours"),
        ("$ 5", "€", "in €"),
        ("5 k€", "€", "in full"),
        ("4 min", "%", "in %"),
    ],
)
def test_a_number_in_another_unit_is_refused_instead_of_taken_for_one(typed: str, unit: str, says: str) -> None:
    with pytest.raises(NotANumberError, match=says):
        number(typed, unit)


@pytest.mark.parametrize(
    ("typed", "mark", "last", "meant"),
    [
        ("1,234", ".", None, 1234),
        ("1,234", ",", None, 1.234),
        ("1.234", ".", None, 1.234),
        ("1.234", ",", None, 1234),
        ("-1.234", ",", None, -1234),
        ("1,234", None, 1100, 1234),
        ("1,234", None, 2, 1.234),
        ("1,234", ".", 900, 1234),
        ("1,234", ".", 50, 1234),
        ("1,234.5", ",", 1.2, 1234.5),
        ("1,5", ".", None, 1.5),
    ],
)
def test_what_can_be_read_in_two_ways_follows_the_persons_mark_and_what_was_known_before(
    typed: str, mark: str | None, last: float | None, meant: float
) -> None:
    assert number(typed, mark=mark, last=last) == meant


@pytest.mark.parametrize(("mark", "last"), [(None, None), (None, 40), (None, 0), (".", 1.2), (",", 1200)])
def test_where_nothing_tells_or_they_contradict_each_other_both_spellings_are_offered(
    mark: str | None, last: float | None
) -> None:
    with pytest.raises(NotANumberError, match=r"two ways\. Type 1234, or 1\.2340\."):
        number("1,234", mark=mark, last=last)


@pytest.mark.parametrize(
    ("locale", "mark"),
    [
        *(("en-US", "."), ("en_GB", "."), ("de-DE", ","), ("de-CH", "."), ("fr-FR", ","), ("pt-BR", ",")),
        *(("ja-JP", "."), ("es-LA", None), ("xx", None), ("", None), (None, None)),
    ],
)
def test_the_decimal_mark_follows_from_the_locale_where_it_does(locale: str | None, mark: str | None) -> None:
    assert mark_of(locale) == mark


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("40", 40), ("1,200", 1200), ("1.200", 1200), ("1 200 cases", 1200), ("1’200", 1200), ("007", 7)],
)
def test_a_whole_number_is_understood(typed: str, meant: int) -> None:
    assert whole(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "0", "-4", "2.5", "1,20", "forty", "40 %", "5k", "€ 40", "40 of 60", "9" * 12, "٤٠", "1_000"]
)
def test_what_is_no_whole_number_from_one_on_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotANumberError, match=r"like 40|for example 5000"):
        whole(typed)


def test_a_multiplier_that_is_the_unit_is_none() -> None:
    assert number("5 m", unit="m") == 5


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("10 to 20", (10, 20)),
        ("20–10", (10, 20)),
        ("10-20", (10, 20)),
        ("-5 to 5", (-5, 5)),
        ("10 h - 20 h", (10, 20)),
        ("1,200.5 and 2,000.5", (1200.5, 2000.5)),
        ("5..7 %", (5, 7)),
    ],
)
def test_a_range_has_two_ends_in_any_order(typed: str, ends: tuple[float, float]) -> None:
    assert both_ends(typed) == ends


@pytest.mark.parametrize("typed", ["10", "10 to 10", "10 to 10.0", "1 to 2 to 3", "a to b", "", "to", "10 to"])
def test_a_range_without_two_different_ends_is_refused(typed: str) -> None:
    with pytest.raises(NotANumberError):
        both_ends(typed)


@given(st.floats(-1e12, 1e12))
@example(0.0)
@example(-0.0)
@example(1e12)
@example(1.234)
@example(-12.345)
@example(1e-9)
def test_a_number_that_stands_in_a_form_is_read_back_as_the_same(value: float) -> None:
    assert number(as_typed(value)) == value


UNITS = st.sampled_from(["hours", "minutes", "%", "€", "k", "files per 1000", "5", "Stück", "working days", ""])


@given(st.floats(-1e12, 1e12), UNITS, st.sampled_from([".", ",", None]), st.none() | st.floats(-1e12, 1e12))
@example(1.234, "hours", ",", 1234.0)
@example(-123.456, "€", ",", None)
@example(15.0, "5", None, None)
def test_whatever_we_print_is_read_back_as_the_same_wherever_the_reader_is(
    value: float, unit: str, mark: str | None, last: float | None
) -> None:
    assert number(as_typed(value), unit, mark=mark, last=last) == value
    if unit and not unit.isdecimal():
        assert number(f"{as_typed(value)} {unit}", unit, mark=mark, last=last) == value


@given(st.integers(1, 1_000_000_000))
def test_a_count_we_print_is_read_back_as_the_same(value: int) -> None:
    assert whole(str(value)) == whole(f"{value:,}") == whole(f"{value:,}".replace(",", " ")) == value


@pytest.mark.parametrize(("value", "shown"), [(12.0, "12"), (1234.5, "1234.5"), (-0.0, "0"), (1e12, "1000000000000")])
def test_a_number_is_shown_without_ornament(value: float, shown: str) -> None:
    assert plain_number(value) == shown


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_or_refused(typed: str) -> None:
    for reading in (number, both_ends, whole):
        with suppress(NotANumberError):
            reading(typed)
