"""The register and the evidence of a use case, from the command line: written, on the record, read back, verified."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.cli import main
from handlers.exports.page import VERIFIER
from tests.bot.test_command_line import desk
from tests.support.exporting import NASTY, REGISTER
from tests.support.house import House
from workflows import recorded
from workflows.recorded import inventory
from workflows.recorded.files import Row

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
DICTIONARY = Path(inventory.__file__).with_name("omb_2025.json")


def lines_of(file: str) -> list[dict[str, str]]:
    text = Path(file).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("shape", ["gatehouse", "m-25-21"])
def test_a_real_register_exported_is_read_back_here_as_known_and_elsewhere_as_it_was(
    desk: House, capsys: Said, shape: str
) -> None:
    assert main(["recorded", "import", str(REGISTER), "--write"]) == 0
    desk.propose(name=NASTY, vendor="@SUM(A1)", build="vendor", differs="It is another.")
    assert main(["register", "export", "register.csv", "--shape", shape]) == 0
    assert "41 entries written to register.csv. SHA-256" in capsys.readouterr().out

    assert main(["recorded", "import", "register.csv"]) == 0  # what is here is known by number and name
    told = capsys.readouterr().out
    assert "Would record: 0. Known already, and left as they are: 41." in told
    assert "known as UC-1 AI Resume & ATS App (it is this one, exported here)" in told

    register = recorded.read(Path("register.csv").read_bytes())  # as any other Gatehouse reads it
    assert isinstance(register, recorded.Register)
    rows = [each for each in register.lines if isinstance(each, Row)]
    with REGISTER.open(encoding="utf-8", newline="") as file:
        real = list(csv.DictReader(file))
    for row, was in zip(rows, real, strict=False):
        assert (row.name, row.team or "", row.vendor or "") == (
            " ".join(was["name"].split()),
            " ".join(was["team"].split()),
            " ".join(was["vendor"].split()),
        )
        assert (row.problem or "") == was["problem"].strip()
        assert (row.stage or "") == was["stage"]  # a blank stays blank
    assert (len(rows), rows[-1].origin, rows[-1].name, rows[-1].vendor) == (41, "UC-41", NASTY, "@SUM(A1)")
    assert ("'" + NASTY) in lines_of("register.csv")[-1].values()


def _heading(key: str) -> str:
    return next(each.heading for each in inventory.columns() if each.key == key)


def test_the_federal_columns_are_those_of_the_dictionary_and_what_nobody_said_is_blank(desk: House) -> None:
    dictionary = json.loads(DICTIONARY.read_text(encoding="utf-8"))
    desk.propose(confidential=["confidential"])

    assert main(["register", "export", "register.csv", "--shape", "m-25-21"]) == 0
    [line] = lines_of("register.csv")

    assert list(line) == [each["heading"] for each in dictionary["columns"]]
    assert "public domain" in dictionary["licence"]
    said = {heading: value for heading, value in line.items() if value}
    assert set(said) == {_heading(key) for key in SAID}
    assert (said[_heading("has_pii")], said[_heading("is_withheld")]) == ("Yes", "d) Other")
    assert said[_heading("contracting_usage")] == "b) Developed in-house"
    allowed = {each["heading"]: each["values"] for each in dictionary["columns"] if "values" in each}
    assert all(value in allowed[heading] for heading, value in said.items() if heading in allowed)


SAID = (
    "id",
    "use_case_name",
    "agency_bureau",
    "is_withheld",
    "problem_solved",
    "benefits",
    "system_outputs",
    "contracting_usage",
    "has_pii",
)


def test_a_workbook_holds_no_formula_and_other_names_are_refused_with_what_to_write(desk: House, capsys: Said) -> None:
    desk.propose(name=NASTY)

    assert main(["register", "export", "register.XLSX"]) == 0
    with zipfile.ZipFile("register.XLSX") as book:
        pages = [book.read(each).decode() for each in book.namelist() if "sheets/" in each]
    assert len(pages) == 3
    assert not any("<f>" in page for page in pages)
    assert any("=HYPERLINK" in page for page in pages)
    assert main(["register", "export", "register.pdf"]) == 1
    assert "the name has to end in .csv or .xlsx" in capsys.readouterr().err
    assert not Path("register.pdf").exists()
    assert desk.facts().count("export.made") == 1


def test_evidence_is_written_and_verified_by_us_and_by_the_lines_it_prints(desk: House, capsys: Said) -> None:
    desk.propose()
    desk.approve("U_ANN")
    assert main(["evidence", "export", "uc-1", "uc-1.html"]) == 0
    assert "UC-1 written to uc-1.html" in capsys.readouterr().out

    assert main(["evidence", "verify", "uc-1.html"]) == 0
    head = capsys.readouterr().out.rpartition("Head ")[2].strip()
    ours = subprocess.run([sys.executable, "-c", VERIFIER, "uc-1.html"], check=True, capture_output=True, text=True)
    assert ours.stdout.strip() == head

    page = Path("uc-1.html").read_text(encoding="utf-8")
    begins, _, embedded = page.rpartition('<script type="application/json"')
    Path("altered.html").write_text(f'{begins}<script type="application/json"{embedded.replace("approve", "reject")}')
    assert main(["evidence", "verify", "altered.html"]) == 1
    assert "The ledger was altered: use_case:" in capsys.readouterr().out
    assert main(["evidence", "verify", "uc-1.txt"]) == 1
    assert main(["evidence", "export", "UC-9", "uc-9.html"]) == 1
    assert "There is no use case UC-9" in capsys.readouterr().err
    assert main(["evidence", "export", "UC-1", "uc-1.pdf"]) == 1
    assert main(["ledger", "verify"]) == 0
