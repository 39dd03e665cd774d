"""`gatehouse policy apply` where the policy wants its changes decided: proposed, never put in force at once."""

from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.test_command_line import desk
from tests.support.chains import hire
from tests.support.decided_policy import (
    DECIDED,
    FIRST,
    OTHER,
    PROPOSER,
    SECOND,
    THIRD,
    appoint,
    in_force,
    propose,
    with_rule,
)
from tests.support.house import House
from workflows import policy

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]


@pytest.fixture
def office(desk: House) -> House:
    """Return a house of three admins and a policy that wants its changes decided, with its command line."""
    return appoint(desk)


def written(text: str) -> str:
    Path("policy.yml").write_text(text)
    return "policy.yml"


def test_an_operator_proposes_for_an_admin_and_two_others_decide(office: House, capsys: Said) -> None:
    assert main(["policy", "apply", written(OTHER), "--by", PROPOSER]) == 0
    assert capsys.readouterr().out == "POL-1 asks to put this file in force. Asked: Otto, Marek.\n"
    assert in_force(office) == (2, DECIDED)
    assert main(["policy", "show", "--proposed", "pol-1"]) == 0
    assert capsys.readouterr().out == OTHER

    for who in (FIRST, SECOND):
        office.approve(who, "POL-1")

    assert in_force(office) == (3, OTHER)
    assert main(["policy", "versions"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("3  ")
    assert last.endswith("  Ben, decided as POL-1")
    assert main(["ledger", "verify"]) == 0


def test_without_a_proposer_nothing_is_done_and_the_way_is_said(office: House, capsys: Said) -> None:
    assert main(["policy", "apply", written(OTHER)]) == 1

    told = capsys.readouterr().err
    assert "version 2, wants its changes decided by people" in told
    assert "gatehouse policy apply FILE --by U…" in told
    assert in_force(office) == (2, DECIDED)
    assert "policy.proposed" not in office.facts()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "U_PRIYA"], "Only admins put a policy in force or propose one. Nothing was changed."),
        (["--by", "U_NOWHERE"], "Slack does not know U_NOWHERE"),
        (
            ["--by", PROPOSER, "--instead-of", "POL-9"],
            "Nobody proposed 'POL-9'. Proposed policies are called like POL-3.",
        ),
        (["--by", PROPOSER, "--instead-of", "UC-1"], "Nobody proposed 'UC-1'."),
        (["--instead-of", "POL-1"], "Say who proposes it in place of that: --by U…"),
    ],
    ids=["somebody else", "nobody", "no such proposal", "a use case", "in nobody's name"],
)
def test_who_cannot_propose_is_refused_in_a_sentence(
    office: House, capsys: Said, arguments: list[str], said: str
) -> None:
    office.propose()

    assert main(["policy", "apply", written(OTHER), *arguments]) == 1

    assert said in capsys.readouterr().err
    assert "policy.proposed" not in office.facts()


def test_a_corrected_file_takes_the_place_of_the_first(office: House, capsys: Said) -> None:
    propose(office)

    assert main(["policy", "apply", written(THIRD), "--by", PROPOSER, "--instead-of", "POL-1"]) == 0

    assert "POL-2 asks" in capsys.readouterr().out
    assert "Withdrawn" in office.command(PROPOSER, "POL-1")


def test_the_same_file_twice_is_said(office: House, capsys: Said) -> None:
    propose(office)

    assert main(["policy", "apply", written(OTHER), "--by", FIRST]) == 1
    assert "POL-1 asks for the same file and is not decided yet." in capsys.readouterr().err
    assert main(["policy", "apply", written(DECIDED), "--by", FIRST]) == 0
    assert "Policy version 2 is this file already." in capsys.readouterr().out


def test_a_file_that_cannot_be_used_is_not_even_proposed(office: House, capsys: Said) -> None:
    assert main(["policy", "apply", written(OTHER.replace("rule: any", "rool: any")), "--by", PROPOSER]) == 1
    assert "there is no key “rool” here" in capsys.readouterr().err
    assert main(["policy", "apply", written(with_rule(needed=5)), "--by", PROPOSER]) == 1
    assert "at least 5 must approve, but 3 people hold the role “admin”" in capsys.readouterr().err
    assert "policy.proposed" not in office.facts()


def test_who_switches_it_on_with_too_few_admins_is_warned_and_not_locked_out(desk: House, capsys: Said) -> None:
    for who in (PROPOSER, FIRST):
        hire(desk, who, "admin")
    few = "2 others must approve it, but only 1 other holds the role admin."

    assert main(["policy", "check", written(DECIDED)]) == 0
    assert few in capsys.readouterr().out
    assert main(["policy", "apply", "policy.yml"]) == 0
    told = capsys.readouterr().out
    assert few in told
    assert "  gatehouse roles grant admin U…" in told
    main(["doctor"])
    assert few in capsys.readouterr().out

    assert main(["policy", "apply", written(OTHER), "--by", PROPOSER]) == 0
    assert "Nobody may decide Admins yet: give its role to somebody" in capsys.readouterr().out
    assert main(["roles", "grant", "admin", SECOND]) == 0
    for who in (FIRST, SECOND):
        desk.approve(who, "POL-1")
    assert in_force(desk)[1] == OTHER


def test_what_is_proposed_is_left_alone_when_requests_are_rerouted_under_a_policy_without_the_rule(
    office: House, capsys: Said
) -> None:
    propose(office)
    with office.database.transaction() as session:
        policy.apply(session, policy.default_text(), actor=None, now=office.clock.now())

    assert main(["policy", "reroute", "POL-1"]) == 0
    assert "POL-1: stays as it is; the policy in force has no rule for what it is about" in capsys.readouterr().out
