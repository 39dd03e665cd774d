"""What is missing to propose something recorded, when somebody is asked to, and how a register is read."""

from datetime import date, timedelta

import pytest

from workflows.people import Unusable
from workflows.recorded import Missing, has_passed, read
from workflows.recorded.files import Refused, Register, Row
from workflows.recorded.rules import cut, is_asked_on, missing, next_day

DAY = date(2026, 5, 31)


def test_somebody_is_asked_thirty_and_seven_days_before_and_once_when_the_day_has_passed() -> None:
    asked, today = [], date(2026, 3, 2)
    while (day := next_day(DAY, after=today)) is not None:
        asked.append(day)
        today = day

    assert asked == [DAY - timedelta(days=30), DAY - timedelta(days=7), DAY + timedelta(days=1)]
    assert [is_asked_on(DAY, day) for day in (asked[0] - timedelta(days=1), *asked)] == [False, True, True, True]
    assert [has_passed(DAY, day) for day in (DAY, DAY + timedelta(days=1))] == [False, True]


def test_what_nobody_said_is_missing_and_what_no_recording_says_always_is() -> None:
    always = (Missing.SPONSOR, Missing.OBJECTIVE, Missing.KPI)

    assert missing(team=None, problem="", has_owner=False) == (Missing.TEAM, Missing.PROBLEM, Missing.OWNER, *always)
    assert missing(team="Claims", problem="Slow.", has_owner=True) == always


def test_a_name_too_long_is_cut_to_the_letter() -> None:
    assert cut("a" * 250) == "a" * 250
    assert cut("a" * 251) == "a" * 249 + "…"


def rows(text: str, encoding: str = "utf-8") -> list[Row | Refused]:
    found = read(text.encode(encoding))
    assert isinstance(found, Register), found
    return list(found.lines)


def test_what_is_blank_stays_blank_and_newlines_stay_in_the_problem_only() -> None:
    text = '\ufeffName;Origin;Stage;Problem;Owner\r\n"Chat\nbot";R 1;;"One.\r\nTwo.";\r\n'

    [row] = rows(text)

    assert row == Row(2, "Chat bot", "R 1", None, "One.\nTwo.", None, None, None)


def test_an_old_encoding_is_read_and_said_so() -> None:
    found = read("name,origin,team\nÜbersetzer – alt,R 1,Café\n".encode("cp1252"))

    assert isinstance(found, Register)
    assert found.is_old_encoding
    [row] = found.lines
    assert isinstance(row, Row)
    assert (row.name, row.team) == ("Übersetzer – alt", "Café")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",R 1,,", "name: it is empty"),
        ("Bot,,,", "origin: it is empty"),
        (f"Bot,R 1,{'t' * 81},", "team: it has 81 characters; at most 80 are kept."),
        ("Bot,R 1,,marek@bank.example", "owner: 'marek@bank.example' is no Slack id"),
        ("Bot,R 1", "it has 2 cells, the first line 4."),
        ("Bot,R 0,,", "origin: line 2 has the same one."),
    ],
)
def test_a_line_that_cannot_count_says_what_to_write(line: str, why: str) -> None:
    _, refused = rows(f"name,origin,team,owner\nFirst,R 0,,\n{line}\n")

    assert isinstance(refused, Refused)
    assert refused.line == 3
    assert refused.why.startswith(why)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty. The first line names the columns"),
        (b"PK\x03\x04 a spreadsheet", "This is no CSV file in UTF-8 or Windows-1252. Save it in the spreadsheet as"),
        ("name,origin\n".encode("utf-16"), "This is no CSV file in UTF-8 or Windows-1252."),
        (b"name\nBot\n", "line 1: the column origin is missing."),
        (b"name,origin,name\nBot,R 1,x\n", "line 1: a column is there twice."),
        (b"title,origin\nBot,R 1\n", "line 1: there is no column 'title'. The first line names the columns"),
        (b"Our register,,\nname,origin,team\nBot,R 1,x\n", "line 2: these are the columns; nothing may stand above"),
        (
            # As the inventory of a real agency has it: sections above, headings below.
            b'"SECTION 1: Identifiers\nComplete this",,SECTION 2: Summary,\nID,Use Case Name,Bureau,Stage\n1,Bot,A,\n',
            "line 1: the columns have two lines of headings. Leave one.",
        ),
        (b'name,origin\n"Bot,R 1\n', "This is no CSV file: unexpected end of data. Are quotes missing"),
    ],
    ids=["empty", "a spreadsheet", "utf-16", "no origin", "twice", "unknown", "a title", "two lines", "quotes"],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    found = read(data)

    assert isinstance(found, Unusable)
    assert found.problems[0].startswith(says), found.problems
