"""Tables as files: nothing in them is a formula, and what nobody said stays empty."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sheets import Sheet, as_csv, as_xlsx, neutral


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-1+2", "'-1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("＝1", "'＝1"),
        ("see;=1", "see;'=1"),
        ("two lines\n=1", "two lines\n'=1"),
        ("a - b = c", "a - b = c"),
    ],
)
def test_what_would_be_a_formula_is_text_in_a_csv(typed: str, kept: str) -> None:
    lines = as_csv(Sheet("Register", ["name", "value"], [[typed, -3.5]])).decode("utf-8-sig")

    [_, [name, value]] = csv.reader(io.StringIO(lines, newline=""))
    assert name == kept
    assert value == "-3.5"


@given(st.text(alphabet="=+-@\t\r\n;'＝ab "))
def test_no_cell_nor_what_may_be_split_off_it_begins_like_a_formula_and_the_text_can_be_had_back(typed: str) -> None:
    said = neutral(typed)

    assert not re.search(r"\A[=+\-@\t\r\n＝＋－＠]|[;\t\r\n][=+\-@＝＋－＠]", said)
    assert said.replace("'", "") == typed.replace("'", "")


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    book = as_xlsx([Sheet("A/B", ["name", "n", "day"], [["=1+1", 3, date(2026, 8, 3)], [None, None, None]])])

    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        whole = page + parts.read("xl/workbook.xml").decode()
    assert "<f>" not in page
    assert "=1+1" in page
    assert "<v>3</v>" in page
    assert 'name="A B"' in whole
