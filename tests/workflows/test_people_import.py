"""The file an organisation says things about its people in: right as a whole, or nothing of it counts."""

from datetime import date

import pytest

from workflows.people import Detail, Unusable, countries, read, rules


def problems(text: str) -> str:
    found = read(text)
    assert isinstance(found, Unusable)
    return "\n".join(found.problems)


def only_row(text: str) -> rules.Row:
    found = read(text)
    assert not isinstance(found, Unusable), found
    [row] = found
    return row


def test_a_whole_line_is_read() -> None:
    row = only_row(
        "slack_id,manager,team,country,working_hours,working_days,leave\n"
        "U_ANN,U_BEN, Risk  and rules ,de,9:00–17:30,Mon-Fri,2026-12-24/2027-01-02; 2026-10-05\n"
    )

    assert row.line == 2
    assert row.said.told == frozenset(Detail)
    assert (row.said.manager, row.said.team, row.said.country) == ("U_BEN", "Risk and rules", "DE")
    assert (row.said.hours, row.said.days) == ((540, 1050), "12345")
    assert row.said.leave == (
        (date(2026, 10, 5), date(2026, 10, 5)),
        (date(2026, 12, 24), date(2027, 1, 2)),
    )


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("Mon-Fri", "12345"),
        ('"Mon,Tue,Thu"', "124"),
        ("Sun-Thu", "12347"),
        ("monday – wednesday", "123"),
        ("Sat", "6"),
        ("Mon/Wed Fri", "135"),
    ],
)
def test_working_days_are_understood_as_people_write_them(cell: str, days: str) -> None:
    assert only_row(f"slack_id,working_days\nU_ANN,{cell}\n").said.days == days


def test_an_empty_cell_says_nothing_and_a_dash_empties() -> None:
    row = only_row("slack_id,team,country\nU_ANN,,-\n")

    assert row.said.told == {Detail.COUNTRY}
    assert row.said.country is None


def test_a_file_from_a_spreadsheet_is_read_with_its_mark_its_semicolons_and_its_line_ends() -> None:
    row = only_row('\ufeffSlack ID;Team;Leave\r\nU_ANN;Risk;"2026-01-05;2026-02-02"\r\n\r\n')

    assert row.said.team == "Risk"
    assert len(row.said.leave) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann,,,,,,", "line 3, slack_id: 'ann' is no Slack id; write one such as U0ANN."),
        ("U_BEN,Ann,,,,,", "line 3, manager: 'Ann' is nobody's Slack id; write one such as U0ANN"),
        (f"U_BEN,,{'x' * 81},,,,", "line 3, team: it has 81 letters; write at most 80."),
        ("U_BEN,,a\x07b,,,,", "line 3, team: it holds a character that cannot be shown"),
        ("U_BEN,,,Germany,,,", "line 3, country: 'Germany' is no country; write its two letters"),
        ("U_BEN,,,,9-5,,", "line 3, working_hours: '9-5' is not understood; write 09:00-17:00."),
        ("U_BEN,,,,22:00-06:00,,", "line 3, working_hours: '22:00-06:00' ends before it begins"),
        ("U_BEN,,,,,Mo-Fr,", "line 3, working_days: 'Mo-Fr' is not understood; write Mon-Fri"),
        ("U_BEN,,,,,Monkey,", "line 3, working_days: 'Monkey' is not understood"),
        ("U_BEN,,,,,,24.12.2026", "line 3, leave: '24.12.2026' is not understood; write 2026-12-24/2027-01-02"),
        ("U_BEN,,,,,,2027-01-02/2026-12-24", "ends before it begins; write the first day first"),
        ("U_BEN,,,,,,2026-12-24/2026-12-26;2026-12-26", "line 3, leave: two leaves hold 2026-12-26"),
        ("U_BEN,,", "line 3: it has 3 cells, the first line 7."),
        ("U_ANN,,,,,,", "line 3, slack_id: U_ANN has a line already, 2."),
    ],
)
def test_a_mistake_is_named_by_line_and_column_with_what_to_write(line: str, said: str) -> None:
    header = "slack_id,manager,team,country,working_hours,working_days,leave"

    assert said in problems(f"{header}\nU_ANN,,,,,,\n{line}\n")


def test_every_mistake_is_named_at_once() -> None:
    told = problems("slack_id,country,working_hours\nU_ANN,Germany,9-5\nben,,\n")

    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "line 2, country",
        "line 2, working_hours",
        "line 3, slack_id",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty. Its first line names the columns"),
        ("team\nRisk\n", "line 1: the column slack_id is missing"),
        ("slack_id,shoe_size\n", "line 1: there is no column 'shoe_size'. There are: slack_id, manager"),
        ("slack_id,team,Team\n", "line 1: the column team is there twice."),
        ('slack_id,team\nU_ANN,"Risk\n', "This is no CSV file"),
    ],
)
def test_a_file_that_is_none_is_said_to_be_so(text: str, said: str) -> None:
    assert said in problems(text)


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    assert "line 5, country" in problems('slack_id,team,country\nU_ANN,"Risk\nand rules",\n\nU_BEN,,Mars\n')


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Asia/Calcutta", "IN"),
        ("US/Eastern", "US"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("Middle/Earth", None),
    ],
)
def test_a_country_is_guessed_from_a_zone_by_any_of_its_names(zone: str, country: str | None) -> None:
    assert countries.guess(zone) == country


def test_countries_are_found_by_what_is_typed() -> None:
    assert next(iter(countries.matching("ger", limit=5).values())) == "Germany"
    assert "GB" in countries.matching("gb", limit=5)
    assert len(countries.matching("", limit=100)) == 100
    assert len(countries.names()) > 240
