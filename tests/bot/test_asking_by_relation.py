"""What the command line says of approvers by relation: policies that ask for them, and what helps."""

from pathlib import Path

import pytest

from bot.cli import main
from handlers.settings.words import relation_text
from tests.bot.test_command_line import desk
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import GOVERNANCE, House
from workflows import policy, setup

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
SPONSORED = policy_text(
    stage(
        "review",
        lane("governance", "governance") | {"fallback": "objective_owner"},
        lane("sponsor", "sponsor") | {"escalate": {"to": "owners_manager"}},
    ),
    fallback="lead",
)


def written(text: str) -> str:
    Path("policy.yml").write_text(text, encoding="utf-8")
    return "policy.yml"


# ------------------------------------------------------------------------------------------- policies


@pytest.mark.parametrize("command", ["check", "apply"])
def test_a_policy_that_asks_by_relation_needs_nobody_to_hold_it(desk: House, capsys: Said, command: str) -> None:
    hire(desk, "U_LEA", "lead")

    assert main(["policy", command, written(SPONSORED)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "apply"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            SPONSORED.replace("role: sponsor\n        rule: any", "role: sponsor\n        rule: {at_least: 2}"),
            "line 26: chains.tested.stages.review.lanes.sponsor.rule: “sponsor” is one person, and can never be 2",
        ),
        (
            SPONSORED.replace("roles:\n", "roles:\n  sponsor: {name: Sponsors}\n"),
            "line 4: roles.sponsor: who this is follows from each use case, and is always there; leave it out",
        ),
        (
            SPONSORED.replace("fallback: objective_owner", "fallback: board").replace(
                "roles:\n", "roles:\n  board: {name: Board}\n"
            ),
            "lanes.governance.fallback: nobody holds the role “board”; first: gatehouse roles grant board U… --new",
        ),
        (
            SPONSORED.replace("    fallback: lead", "    fallback: board").replace(
                "roles:\n", "roles:\n  board: {name: Board}\n"
            ),
            "chains.tested.fallback: nobody holds the role “board”; first: gatehouse roles grant board U… --new",
        ),
    ],
    ids=["two of one sponsor", "a role called sponsor", "a lane's fallback", "a chain's fallback"],
)
def test_what_cannot_be_asked_by_relation_is_refused_with_line_and_key(
    desk: House, capsys: Said, wrong: str, said: str, command: str
) -> None:
    hire(desk, "U_LEA", "lead")
    before = desk.facts()

    assert main(["policy", command, written(wrong)]) == 1

    assert said in capsys.readouterr().err
    assert desk.facts() == before


def test_a_route_says_who_is_asked_by_relation_and_who_stands_in(desk: House, capsys: Said) -> None:
    assert desk
    assert main(["policy", "route", written(SPONSORED)]) == 0

    told = capsys.readouterr().out.splitlines()
    assert "  Governance: any of governance, or else of objective_owner, lead" in told
    assert "  Sponsor: the sponsor, or else any of lead" in told


def test_the_policy_in_force_is_shown_as_it_was_written(desk: House, capsys: Said) -> None:
    put_in_force(desk, SPONSORED)

    assert main(["policy", "show"]) == 0

    assert capsys.readouterr().out == SPONSORED


# ------------------------------------------------------------------------------------------- roles


@pytest.mark.parametrize("relation", sorted(policy.RELATIONS))
@pytest.mark.parametrize(
    "arguments",
    [["roles", "grant", "{}", "U_OTTO"], ["roles", "grant", "{}", "U_OTTO", "--new"], ["roles", "grant", "{}", "S_A"]],
    ids=["to a person", "of a new policy", "to a user group"],
)
def test_nobody_is_given_what_follows_from_each_use_case(
    desk: House, capsys: Said, arguments: list[str], relation: str
) -> None:
    put_in_force(desk, SPONSORED)

    assert main([each.format(relation) for each in arguments]) == 1

    assert capsys.readouterr().err.strip() == relation_text(relation)


def test_a_relation_has_no_channel(desk: House, capsys: Said) -> None:
    assert desk
    assert main(["settings", "set", "role-channel", "sponsor", GOVERNANCE]) == 1

    assert "Nothing was changed." in capsys.readouterr().err


def test_the_doctor_says_what_opens_a_lane_nobody_is_related_to(desk: House, capsys: Said) -> None:
    put_in_force(desk, policy_text(stage("one", lane("manager", "owners_manager"))))
    desk.propose()
    with desk.database.reading() as session:
        assert setup.blocked_roles(session) == {"owners_manager": 1}

    main(["doctor"])

    told = capsys.readouterr().out
    assert "Nobody may decide 1 open lane that asks the owner's manager." in told
    assert "gatehouse roles grant owners_manager" not in told
