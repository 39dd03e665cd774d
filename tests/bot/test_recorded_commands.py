"""A register somewhere else, recorded from the command line: said first, written once, blanks left blank."""

import csv
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.cli import main
from db.tables import Person, Recording
from tests.bot.test_command_line import desk
from tests.support.fakes import member
from tests.support.house import House

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
REGISTER = Path(__file__).with_name("registers") / "omb_2025.csv"
HEADER = "name,origin,problem,owner\n"


def imported(text: str, *options: str, encoding: str = "utf-8") -> int:
    Path("register.csv").write_text(text, encoding=encoding)
    return main(["recorded", "import", "register.csv", *options])


def recordings(house: House) -> list[Recording]:
    with house.database.reading() as session:
        return list(session.exec(select(Recording).order_by(col(Recording.number))))


def test_forty_entries_of_a_real_register_are_said_first_then_recorded_once(desk: House, capsys: Said) -> None:
    command = ["recorded", "import", str(REGISTER)]

    assert main(command) == 0
    told = capsys.readouterr().out
    assert "line 2: new AI Resume & ATS App\n" in told
    assert "Would record: 40. Known already, and left as they are: 0. Add --write to record them." in told
    assert recordings(desk) == []

    assert main([*command, "--write"]) == 0
    assert "Recorded: 40." in capsys.readouterr().out
    assert main([*command, "--write"]) == 0
    told = capsys.readouterr().out
    assert "known as UC-1 AI Resume & ATS App\n" in told
    assert "Recorded: 0. Known already, and left as they are: 40.\n" in told
    found = recordings(desk)
    assert [each.number for each in found] == list(range(1, 41))
    with REGISTER.open(encoding="utf-8", newline="") as file:
        stages = {row["origin"]: row["stage"] or None for row in csv.DictReader(file)}
    assert {each.origin: each.stage for each in found} == stages
    assert list(stages.values()).count(None) == 15  # nobody filled these in, and nobody does here
    assert {each.owner_id for each in found} == {None}
    assert found[1].name == "Machine Translation (Previously Language Translator)"
    assert max(len(each.name) for each in found) == 236
    assert any("\n" in (each.problem or "") for each in found)
    assert desk.facts().count("recording.recorded") == 40
    assert main(["ledger", "verify"]) == 0
    assert desk.propose() == "UC-41"


def test_a_name_longer_than_names_are_is_cut_and_kept_whole_with_the_problem(desk: House, capsys: Said) -> None:
    name = " ".join(["Forecast"] * 40)  # no real register had one so long

    assert imported(f"{HEADER}{name},R 1,Nobody knows.,\n", "--write") == 0

    assert "its name has 359 characters: it is cut, and kept whole with the problem" in capsys.readouterr().out
    [row] = recordings(desk)
    assert len(row.name) <= 250
    assert row.problem == f"{name}\n\nNobody knows."


def test_one_line_that_cannot_be_keeps_the_file_out_and_every_such_line_says_why(desk: House, capsys: Said) -> None:
    desk.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    desk.tell({"type": "user_change", "user": desk.world.people["U_GUEST"]})
    lines = ["Bot,R 1,,", "Reader,R 2,,U_NOBODY", "Writer,R 3,,U_GUEST", ",R 4,,", "Seer,R 5,,U_ANN"]

    assert imported(HEADER + "\n".join(lines), "--write") == 1

    said = capsys.readouterr()
    assert "line 2: new Bot\n" in said.out
    assert "line 3: refused Reader: owner: nobody here has the id U_NOBODY." in said.out
    assert "line 4: refused Writer: owner: Guest is no full member (guest)." in said.out
    assert "line 5: refused: name: it is empty" in said.out
    assert "Nothing of register.csv was recorded: 3 of its lines cannot be." in said.err
    assert recordings(desk) == []
    assert imported(HEADER + lines[-1], "--write") == 0
    with desk.database.reading() as session:
        ann = session.exec(select(Person.id).where(Person.slack_id == "U_ANN")).one()
    assert [each.owner_id for each in recordings(desk)] == [ann]


def test_a_file_of_an_old_encoding_is_read_and_one_that_is_none_is_refused(desk: House, capsys: Said) -> None:
    assert imported(f"{HEADER}Übersetzer – alt,R 1,,\n", "--write", encoding="cp1252") == 0
    assert "read as Windows-1252. Look whether its letters are right." in capsys.readouterr().out
    assert recordings(desk)[0].name == "Übersetzer – alt"

    assert imported("title,origin\nBot,R 2\n", "--write") == 1

    assert "Nothing of register.csv was stored:\n  - line 1: there is no column 'title'." in capsys.readouterr().err
