"""An admin tries a policy file from the settings, before it is in force, and nobody else does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from db.enums import LaneRule
from handlers.ids import Action, Block
from handlers.settings.files import Unread, content_of
from handlers.settings.payloads import ChosenFile
from handlers.settings.trial_views import SHOWN, result_page
from handlers.settings.trial_words import change_texts
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.house import House, words
from tests.support.shelf import Shelf, shelf
from workflows import policy, simulating
from workflows.simulating import Changed, Simulated

ADMIN = "U_BEN"
OTHER = policy_text(stage("review", lane("governance", "governance", hours=24)))


@pytest.fixture
def files(house: House) -> Iterator[Shelf]:
    """Return where Slack keeps files."""
    with shelf(str(house.slack.token)) as kept:
        house.slack.base_url = f"{kept.address}/api/"
        yield kept


@pytest.fixture
def office(house: House, files: Shelf) -> House:
    """Return a house that Ben administers, with one use case Ann is asked about."""
    assert files.files == {}
    hire(house, ADMIN, "admin")
    house.command("U_OTTO")  # known here now
    house.propose()
    return house


def form(house: House, who: str = ADMIN) -> dict[str, Any]:
    house.press(who, Action.SETTINGS, "home", where="home")
    return house.turn(who, Action.SETTINGS_PAGE, "policy")


def chosen(address: str) -> dict[str, dict[str, Any]]:
    file = {"id": "F0POLICY", "name": "policy.yml", "url_private_download": address}
    return {str(Block.POLICY_FILE): {"type": "file_input", "files": [file]}}


def tried(house: House, address: str, who: str = ADMIN, view: dict[str, Any] | None = None) -> dict[str, Any]:
    """Choose a file and send the form; return what Slack is answered."""
    response = house.submit(who, view or form(house), chosen(address))
    assert response.status == 200, response.body
    return dict(json.loads(response.body or "{}"))


def test_an_admin_finds_the_way_and_reads_what_a_file_would_change(office: House, files: Shelf) -> None:
    office.press(ADMIN, Action.SETTINGS, "home", where="home")
    assert "Try another policy" in words(office.world.opened[-1])
    view = form(office)
    assert check_view(view, allowed=("modal",)) == []
    before, promised = office.facts(), len(office.outbox_rows())
    answer = tried(office, files.put(OTHER.encode()))

    assert answer["response_action"] == "update"
    assert check_view(answer["view"], allowed=("modal",)) == []
    read = words(answer["view"])
    assert "“A policy for a test”, tried" in read
    assert "*1 of 1 submission would change: 1 by lanes, rules or time alone; 1 could take longer.*" in read
    assert "*UC-1* Summarise complaint files" in read
    assert "• at most 12 h → at most 24 h" in read
    assert "Compared with version 1, which is in force. Nothing was changed." in read
    assert (office.facts(), len(office.outbox_rows())) == (before, promised)
    again = office.turn(ADMIN, Action.SETTINGS_PAGE, "policy", view=answer["view"])
    assert "Policy file" in words(again)


def test_only_admins_try_a_policy_whatever_window_they_kept(office: House, files: Shelf) -> None:
    view, address = form(office), files.put(OTHER.encode())
    answer = tried(office, address, who="U_OTTO", view=view)

    assert "Only admins change the settings. Ask Ben." in words(answer["view"])
    assert "UC-1" not in words(answer["view"])
    assert files.asked == []
    assert "Only admins" in words(form(office, who="U_OTTO"))


def test_a_broken_file_is_answered_with_line_and_key_and_the_form_stays(office: House, files: Shelf) -> None:
    broken = OTHER.replace("rule: any", "rool: any").replace("version: 1", "version: 2")
    answer = tried(office, files.put(broken.encode()))

    view, read = answer["view"], words(answer["view"])
    assert check_view(view, allowed=("modal",)) == []
    assert "*The policy cannot be used:*" in read
    assert "• line 2: version: this is the version of the file's format, and it is 1" in read
    assert "lanes.governance.rool: there is no key “rool” here" in read
    assert Block.POLICY_FILE in [block.get("block_id") for block in view["blocks"]]
    assert "would change" in words(tried(office, files.put(OTHER.encode(), "better.yml"), view=view)["view"])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a" * 300_000, b"name: &a [*a]"])
def test_a_file_that_is_no_policy_is_answered_in_a_sentence(office: House, files: Shelf, content: bytes) -> None:
    answer = tried(office, files.put(content))

    assert check_view(answer["view"], allowed=("modal",)) == []
    assert "• line 1: " in words(answer["view"])


def test_a_file_slack_does_not_hand_over_is_said_at_the_field_and_nothing_else_happens(
    office: House, files: Shelf
) -> None:
    office.slack.token = "xoxb-without-the-scope"  # noqa: S105 - not a token
    refused = tried(office, files.put(OTHER.encode()))
    gone = tried(office, f"{files.address}/files-pri/gone.yml")

    assert refused["errors"] == {
        Block.POLICY_FILE: "Slack does not hand over this file (302). Choose it from your own computer and try again."
    }
    assert gone["response_action"] == "errors"
    assert all("signin" not in asked for asked in files.asked)


@pytest.mark.parametrize(
    "address", ["https://example.com/policy.yml", "https://slack.com.example.com/a", "file:///etc/passwd", "nonsense"]
)
def test_the_token_is_shown_to_slack_alone(office: House, address: str) -> None:
    office.slack.base_url = "https://slack.com/api/"
    answer = tried(office, address)

    assert "lies outside of Slack" in answer["errors"][Block.POLICY_FILE]


def test_a_slack_that_is_away_is_said_at_the_field(office: House, files: Shelf) -> None:
    answer = content_of(office.slack, ChosenFile(files.put(b"name: x")), longest=3)
    office.slack.base_url = "http://127.0.0.1:9/api/"
    away = content_of(office.slack, ChosenFile("http://127.0.0.1:9/files-pri/x"), longest=3)

    assert answer == b"name"  # a byte more than allowed tells that it is too long
    assert isinstance(away, Unread)
    assert "please try again in a minute" in away.text


def test_without_the_scope_an_admin_is_told_the_command(house: House) -> None:
    bare = House(house.database, reads_files=False)
    hire(bare, ADMIN, "admin")
    view = form(bare)

    assert check_view(view, allowed=("modal",)) == []
    assert "`files:read` was not granted" in words(view)
    assert "`gatehouse policy simulate FILE`" in words(view)
    assert "submit" not in view
    answer = tried(bare, "https://files.slack.com/x", view=view | {"callback_id": "settings.policy.try"})
    assert "`gatehouse policy simulate FILE`" in words(answer["view"])


def test_a_confidential_use_case_is_named_to_an_admin_who_may_read_everything(office: House, files: Shelf) -> None:
    office.propose(name="A secret", confidential=["yes"])

    assert "*UC-2* A secret" in words(tried(office, files.put(OTHER.encode()))["view"])


def test_nothing_submitted_yet_is_said(house: House, files: Shelf) -> None:
    hire(house, ADMIN, "admin")

    read = words(tried(house, files.put(OTHER.encode()))["view"])
    assert "Nothing was submitted yet, so there is nothing to try it on." in read


def test_names_people_gave_cannot_pass_for_ours_and_the_largest_result_can_be_shown(office: House) -> None:
    lanes = [lane(f"l{number}", "board") | {"name": f"<!channel> & {'*Lane* ' * 9}"} for number in range(8)]
    text = policy_text(stage("a", *lanes), stage("b", *lanes), stage("c", *lanes[:4]))
    with office.database.reading() as session:
        found = simulating.simulate(session, text)
    [changed] = found.changed
    whole = result_page(_many(found, changed, 40))

    assert check_view(whole, allowed=("modal",)) == []
    assert len(whole["blocks"]) <= 100
    assert "<!channel>" not in words(whole)
    assert f"{40 - SHOWN} more: `gatehouse policy simulate FILE` names all." in words(whole)
    assert len(change_texts(changed)) > 3
    assert LaneRule.ANY in {each.lane.rule.kind for each in changed.difference.added}
    assert len(text) < policy.LARGEST


def _many(found: Simulated, changed: Changed, number: int) -> Simulated:
    refusals = tuple(f"line {line}: chains.a.b: nobody holds the role “{'r' * 60}”" for line in range(20))
    notes = tuple((f"question_{each}", 3) for each in range(12))
    return Simulated(found.name, 1, found.totals, (changed,) * number, 2, notes, refusals)
