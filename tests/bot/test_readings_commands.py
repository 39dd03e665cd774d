"""Readings of systems and surveys, imported from the command line: all of a file or nothing, and twice is once."""

from pathlib import Path

import pytest

from bot.cli import main
from db.enums import KpiSource
from handlers.ids import Action
from tests.bot.test_command_line import desk
from tests.support.asking import BEN, MAREK, Asking
from tests.support.house import House, words

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
HEADER = "use_case,kpi,date,value\n"


@pytest.fixture
def asking(desk: House) -> Asking:
    """Return a use case whose complaints a system counts. Commands go by the machine's clock: readings are of 2024."""
    asking = Asking(desk)
    asking.add_kpi("Complaints", "weekly", source=KpiSource.SYSTEM)
    return asking


def imported(text: str, *options: str, encoding: str = "utf-8") -> int:
    Path("readings.csv").write_text(text, encoding=encoding)
    return main(["readings", "import", "readings.csv", *options])


def test_what_a_system_counted_is_stored_once_and_another_value_takes_its_place(asking: Asking, capsys: Said) -> None:
    text = f"{HEADER}UC-1,complaints,2024-02-24,12\n1, COMPLAINTS ,2024-03-02,9\n"

    assert imported(text, "--dry-run") == 0
    assert asking.readings() == []
    assert "Would store: 2. As the file says already: 0." in capsys.readouterr().out
    assert imported(text) == 0
    assert "UC-1 Complaints, 2024-02-24: 12 a week\n" in capsys.readouterr().out
    assert imported(text) == 0
    assert capsys.readouterr().out == "Stored: 0. As the file says already: 2.\n"
    assert imported(f"{HEADER}UC-1,Complaints,2024-03-02,8\n") == 0
    told = capsys.readouterr().out

    assert "UC-1 Complaints, 2024-03-02: 8 a week instead of 9" in told
    assert "Stored: 1, 1 of them instead of earlier ones." in told
    assert asking.readings() == [("2024-02-24", 12), ("2024-03-02", 8)]
    assert asking.readings(all_there_were=True) == [("2024-02-24", 12), ("2024-03-02", 9), ("2024-03-02", 8)]
    assert asking.house.facts().count("reading.imported") == 3
    assert main(["ledger", "verify"]) == 0


def test_what_a_spreadsheet_writes_is_understood(asking: Asking) -> None:
    text = "\ufeffUse case;KPI;Date;Value\r\nUC-1;Complaints;2024-02-24;12,5\r\n"

    assert imported(text) == 0

    assert asking.readings() == [("2024-02-24", 12.5)]


def test_every_mistake_is_named_with_its_line_and_nothing_is_stored(asking: Asking, capsys: Said) -> None:
    lines = {
        "UC-1,Complaints,2024-02-24,12": "",
        "UC-9,Complaints,2024-02-24,12": "line 3, use_case: there is no UC-9.",
        "UC-1,Praise,2024-02-24,12": "line 4, kpi: UC-1 has no KPI “Praise”. It has: “Hours per file”, “Complaints”.",
        "UC-1,Hours per file,2024-02-24,12": "line 5, kpi: “Hours per file” of UC-1 is self-reported",
        "UC-1,Complaints,2999-03-03,12": "line 6, date: 2999-03-03 is still to come; write a day up to 20",
        "UC-1,Complaints,2024-02-25,many": "line 7, value: “many” is not one number.",
        'UC-1,Complaints,2024-02-24,"13"': "line 8: line 2 is about the same KPI and day",
    }

    assert imported(HEADER + "\n".join(lines)) == 1

    told = capsys.readouterr().err
    assert told.startswith("Nothing of readings.csv was stored:\n")
    assert len(told.splitlines()) == len(lines)
    for says in lines.values():
        assert says in told
    assert asking.readings() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty. Its first line names the columns: use_case, kpi, date, value."),
        ("use_case,kpi,day,value\n", "line 1: the columns are use_case, kpi, day, value. Write these four:"),
        (
            f"{HEADER}first,Complaints,2024-02-24,12\n",
            "line 2, use_case: 'first' is no use case; write one such as UC-1",
        ),
        (f"{HEADER}UC-1,Complaints,24.2.2026,12\n", "line 2, date: '24.2.2026' is no date; write it like 2026-11-03."),
        (f"{HEADER}UC-1,,2024-02-24,\n", "line 2, kpi: it is empty"),
        (f"{HEADER}UC-1,Complaints,2024-02-24\n", "line 2: it has 3 cells, the first line 4."),
        (
            "use_case;kpi;date;value\nUC-1;Complaints;2024-02-24;123.456\n",
            "can be read in two ways. Type 123456, or 123.4560.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(asking: Asking, capsys: Said, text: str, says: str) -> None:
    assert imported(text) == 1

    assert says in capsys.readouterr().err
    assert asking.readings() == []


def test_a_check_in_shows_what_the_system_read_and_two_at_the_target_hit_it_by_themselves(asking: Asking) -> None:
    assert imported(f"{HEADER}UC-1,Complaints,2024-02-24,2.5\nUC-1,Complaints,2024-03-02,2.25\n") == 0
    house = asking.house

    asking.go_to("2026-03-03T09:00")

    assert "Complaints*: 2.25 a week on 2 Mar 2024, target 3 a week by 1 Dec 2026, comes from a system" in words(
        asking.prompts_to()[0]
    )
    assert "2.25 a week on 2 Mar 2024" in words(asking.open_form())
    asking.answer("5", VERIFIER=BEN)
    house.send()
    assert "Complaints*: 2.25 a week on 2 Mar 2024" in words(asking.prompts_to()[0])
    assert "Complaints" not in words(house.posts_to(BEN)[-1])
    house.press(MAREK, Action.KPIS, str(asking.use_case_id), where="home")
    told = words(house.world.opened[-1])
    assert "🎯 hit: 2.5 on 24 Feb 2024 and 2.25 on 2 Mar 2024, from a system" in told
    assert "Confirm" not in told
