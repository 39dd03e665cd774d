"""`gatehouse policy simulate`: a policy owner tries an edit on what was really submitted, before it is in force."""

import re
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.chains import lane, policy_text, stage
from tests.support.house import House
from tests.support.seeded import decide, seed
from workflows import policy

Said = pytest.CaptureFixture[str]

GUIDE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
WIDTH = 100
SECURITY = "Information security; asks David Levi and Carmen Ortiz"
NOT_KNOWN = "expected time not known"
# By hand, from docs/real-cases.md and the answers in bot/cli/demo_cases.yml. Of the thirty, one is confidential in our
# own cloud, the budget analysis: built in house, so Security is not asked. Six are a vendor's, alone or with us, and
# not processed by a third party; of these the document descriptions stay low, so nobody is asked. All thirteen at a
# third party are a vendor's too, so Security stays there. Neither David nor Carmen proposes or owns one of the six.
# AI governance has decided five after a working day, Risk five after two, Security five after three; of Privacy and
# Legal, which three of the six ask, nothing is known. The longest lane of the one stage counts: AI governance and Risk
# take 2 days and with Security 3 (OFR), AI governance alone 1 and with Security 3 (CDC), at once and 1 (FDIC). On
# average these three take (2 + 1 + 0) / 3 = 1 and then (3 + 3 + 1) / 3 = 2⅓ days.
CHANGED_BY_HAND = {
    "Automatically-Scored Writing": f"+ Specialist review: {SECURITY}; {NOT_KNOWN}",
    "OFR Robotics and Process": f"+ Review: {SECURITY}; about 2 → 3 working days",
    "FDIC Predictive Budget": "low → medium (confidential_in_our_cloud); no longer approved by the line low_by_policy; "
    "+ Review: AI governance; asks Ann Lindqvist and Zanele Dube; at once → at most 24 h; "
    "at once → about 1 working day",
    "Video Surveillance System": f"+ Specialist review: {SECURITY}; {NOT_KNOWN}",
    "CDC Vault and Stacks Metadata": f"+ Review: {SECURITY}; about 1 → 3 working days",
    "Payment Redirect Fraud (PRF)": f"+ Specialist review: {SECURITY}; {NOT_KNOWN}",
}


@pytest.fixture
def desk(house: House, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return a house whose database the commands open."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return house


def written(text: str) -> str:
    Path("policy.yml").write_text(text, encoding="utf-8")
    return "policy.yml"


def edited() -> str:
    """Return the shipped policy with the edit the guide shows: each line taken out, and what stands for it put in."""
    [edit] = re.findall(r"^```diff\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    text = policy.default_text()
    for part in re.split(r"^@@.*\n", edit, flags=re.MULTILINE)[1:]:
        before, after = (
            "".join(line[1:] + "\n" for line in part.splitlines() if line[0] in marks) for marks in (" -", " +")
        )
        assert before in text, before
        text = text.replace(before, after)
    return text


def table(said: str) -> dict[str, str]:
    """Return what is said of each use case, by its short name, with its lines joined."""
    rows: dict[str, str] = {}
    for line in said.partition("\n\n")[0].splitlines():
        name, what = line[8:40].strip().rstrip("…"), line[40:]
        if name:
            rows[name] = what
        else:
            rows[list(rows)[-1]] += f" {what}"
    return rows


def a_history(house: House) -> None:
    """Let five lanes each be decided after one, two and three days: the cases were submitted on a Monday."""
    for role in ("governance", "risk", "security"):
        house.clock.advance(days=1)
        decide(house, role, 5)


def test_a_real_edit_on_the_thirty_real_cases_says_what_a_person_finds_by_hand(desk: House, capsys: Said) -> None:
    seed(desk)
    a_history(desk)
    before = desk.facts()

    assert main(["policy", "simulate", written(edited())]) == 0
    said = capsys.readouterr().out

    assert table(said) == CHANGED_BY_HAND
    assert " ".join(said.partition("\n\n")[2].split()).startswith(
        "6 of 30 submissions would change: 1 to a stricter tier, 5 ask other people; 1 would no longer be approved by "
        "the policy itself; 1 could take longer. Expected time, on average, for the 3 of 6 where it is known: "
        "about 1 → 2 working days."
    )
    assert max(map(len, said.splitlines())) <= WIDTH
    assert f"$ gatehouse policy simulate policy.yml\n{said}```" in GUIDE
    assert desk.facts() == before


def test_a_change_with_the_same_people_is_told_too(desk: House, capsys: Said) -> None:
    desk.propose()

    assert main(["policy", "simulate", written(policy_text(stage("review", lane("governance", "governance"))))]) == 0

    assert "Governance: 24 h instead of 12 h, other sections; at most 12 h → at most 24 h" in " ".join(
        capsys.readouterr().out.split()
    )


def test_only_the_last_ones_are_tried_where_somebody_says_how_many(desk: House, capsys: Said) -> None:
    for name in ("Draft press texts", "Sort invoices", "Find manuals"):
        desk.propose(name=name, differs="It is another.")
    file = written(policy_text(stage("review", lane("governance", "governance"))))

    assert main(["policy", "simulate", file, "--last", "2"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines() if line.startswith("UC-")] == ["UC-2", "UC-3"]
    assert "2 of 2 submissions would change" in said
    for wrong in ("0", "5001"):
        assert main(["policy", "simulate", file, "--last", wrong]) == 1
        assert "--last says how many submissions to try, from 1 to 5,000, not " in capsys.readouterr().err


@pytest.mark.usefixtures("desk")
def test_nothing_submitted_yet_is_no_failure(capsys: Said) -> None:
    assert main(["policy", "simulate", written(policy.default_text())]) == 0

    said = capsys.readouterr().out
    assert "Nothing was submitted yet, so there is nothing to try it on." in said
    assert said.startswith("As things are, “policy apply” would refuse this file:\n  - line ")
    assert said.count("nobody holds the role “privacy”") == 1


@pytest.mark.usefixtures("desk")
def test_what_is_wrong_with_a_file_is_said_as_check_says_it(capsys: Said) -> None:
    file = written(policy.default_text().replace("rule: any\n", "rool: any\n", 1).replace("version: 1", "version: 2"))
    assert main(["policy", "check", file]) == 1
    checked = capsys.readouterr()

    assert main(["policy", "simulate", file]) == 1

    assert capsys.readouterr() == checked
    assert "line 5: version:" in checked.err
    assert checked.out == ""


def test_what_people_wrote_cannot_command_the_terminal(desk: House, capsys: Said) -> None:
    desk.propose(name="Clear \x1b[2J the screen")

    main(["policy", "simulate", written(policy_text(stage("review", lane("governance", "governance"))))])

    assert "\x1b" not in capsys.readouterr().out


def test_help_says_what_it_does(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        main(["policy", "simulate", "--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert "Say what a policy file would change about what was submitted." in said
    assert "--last N how many submissions to try it on (default 50)" in said
