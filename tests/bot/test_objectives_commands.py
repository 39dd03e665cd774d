"""Who owns a business objective, from the command line."""

import pytest

from bot.cli import main
from tests.bot.test_command_line import desk
from tests.support.fakes import member
from tests.support.house import House

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
OBJECTIVE = "Answer within five days"


def test_an_objective_gets_an_owner_and_loses_it(desk: House, capsys: Said) -> None:
    assert main(["objectives", "list"]) == 0
    assert "There is no objective yet." in capsys.readouterr().out
    desk.propose()

    assert main(["objectives", "list"]) == 0
    assert capsys.readouterr().out == f"{OBJECTIVE}: nobody\n"
    assert main(["objectives", "owner", "  answer WITHIN five days", "U_OTTO"]) == 0
    assert main(["objectives", "owner", OBJECTIVE, "U_OTTO"]) == 0
    told = capsys.readouterr().out
    assert f"Otto (U_OTTO) owns “{OBJECTIVE}”. Requests in review keep whom they ask." in told
    assert f"Otto (U_OTTO) owned “{OBJECTIVE}” already." in told
    main(["objectives", "list"])
    assert capsys.readouterr().out == f"{OBJECTIVE}: Otto (U_OTTO)\n"

    assert main(["objectives", "owner", OBJECTIVE, "--clear"]) == 0
    assert main(["objectives", "owner", OBJECTIVE, "--clear"]) == 0
    told = capsys.readouterr().out
    assert f"“{OBJECTIVE}” has no owner any more." in told
    assert f"“{OBJECTIVE}” had no owner." in told
    assert desk.facts().count("objective.owner_set") == 2
    assert main(["ledger", "verify"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["World peace", "U_OTTO"], "There is no objective “World peace”. Those there are: gatehouse objectives list"),
        (["World peace", "--clear"], "There is no objective “World peace”."),
        ([OBJECTIVE, "U_GUEST"], "is not a full member (guest); only members own objectives."),
        ([OBJECTIVE, "U_NOWHERE"], "Slack does not know U_NOWHERE (user_not_found)."),
    ],
    ids=["an objective nobody named", "nor is it cleared", "a guest", "nobody"],
)
def test_who_cannot_own_an_objective_is_refused_in_a_sentence(
    desk: House, capsys: Said, arguments: list[str], said: str
) -> None:
    desk.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    desk.propose()

    assert main(["objectives", "owner", *arguments]) == 1

    assert said in capsys.readouterr().err
    assert "objective.owner_set" not in desk.facts()


def test_an_owner_who_left_is_listed_as_such(desk: House, capsys: Said) -> None:
    desk.propose()
    main(["objectives", "owner", OBJECTIVE, "U_OTTO"])
    desk.tell({"type": "user_change", "user": member("U_OTTO", deleted=True)})
    capsys.readouterr()

    main(["objectives", "list"])

    assert capsys.readouterr().out == f"{OBJECTIVE}: Otto (U_OTTO, deactivated)\n"
