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


def test_objectives_get_sponsors_and_stand_below_one_another(desk: House, capsys: Said) -> None:
    desk.propose()
    assert main(["objectives", "add", "Happier customers", "--by", "U_OTTO"]) == 0
    assert main(["objectives", "add", "happier CUSTOMERS", "--by", "U_OTTO"]) == 1
    assert "There is an objective of this name already." in capsys.readouterr().err

    assert main(["objectives", "under", OBJECTIVE, "Happier customers"]) == 0
    assert main(["objectives", "sponsor", "happier customers", "U_OTTO"]) == 0
    assert main(["objectives", "under", "Happier customers", OBJECTIVE]) == 1
    said = capsys.readouterr()
    assert "Otto (U_OTTO) sponsors “Happier customers” now." in said.out
    assert f"That leads in a circle: “Happier customers” would serve “{OBJECTIVE}”, which serves “Happier" in said.err
    assert main(["objectives", "under", OBJECTIVE, "World peace"]) == 1
    assert "There is no such larger objective." in capsys.readouterr().err
    main(["objectives", "list"])
    listed = "Happier customers: nobody; sponsored by Otto (U_OTTO)\n  Answer within five days: nobody\n"
    assert capsys.readouterr().out == listed

    assert main(["objectives", "under", OBJECTIVE, "--clear"]) == 0
    assert main(["objectives", "sponsor", "Happier customers", "--clear"]) == 0
    assert "Nobody sponsors “Happier customers” any more." in capsys.readouterr().out
    assert desk.facts().count("objective.parent_set") == desk.facts().count("objective.sponsor_set") == 2
    assert main(["ledger", "verify"]) == 0
