"""Numbers as people type them: understood, or refused with an example; never taken for another number."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.checkins.numbers import NotANumberError, as_typed, both_ends, number, plain_number


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


@pytest.mark.parametrize(("value", "shown"), [(12.0, "12"), (1234.5, "1234.5"), (-0.0, "0"), (1e12, "1000000000000")])
def test_a_number_is_shown_without_ornament(value: float, shown: str) -> None:
    assert plain_number(value) == shown


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_or_refused(typed: str) -> None:
    for reading in (number, both_ends):
        with suppress(NotANumberError):
            reading(typed)
