"""People say of themselves what Slack does not know."""

import json
from typing import Any

import pytest

from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire
from tests.support.house import House, words
from workflows import people
from workflows.people import Details


def form(
    *, team: str = "Risk", country: str | None = "AT", at: tuple[str, str] = ("08:00", "16:30"), days: str = "1234"
) -> dict[str, dict[str, Any]]:
    return {
        Block.MY_TEAM: {"type": "plain_text_input", "value": team},
        Block.MY_COUNTRY: {"type": "external_select", "selected_option": {"value": country} if country else None},
        Block.MY_START: {"type": "timepicker", "selected_time": at[0]},
        Block.MY_END: {"type": "timepicker", "selected_time": at[1]},
        Block.MY_DAYS: {"type": "checkboxes", "selected_options": [{"value": day} for day in days]},
    }


def opened(house: House, who: str = "U_ANN") -> dict[str, Any]:
    house.press(who, Action.ABOUT_ME, "home", where="home")
    return house.world.opened[-1]


def details(house: House, who: str = "U_ANN") -> Details:
    with house.database.reading() as session:
        person = people.find(session, who)
        assert person is not None
        return people.details_of(session, person.id)


def element(view: dict[str, Any], block: Block) -> dict[str, Any]:
    return next(each["element"] for each in view["blocks"] if each.get("block_id") == block)


def test_the_form_opens_from_home_with_what_is_known_or_usual(house: House) -> None:
    house.open_home("U_ANN")
    house.send()
    assert "About me" in words(house.world.homes["U_ANN"])

    view = opened(house)

    assert check_view(view, allowed=("modal",)) == []
    assert element(view, Block.MY_COUNTRY)["initial_option"]["text"]["text"] == "Germany"  # guessed from the zone
    assert element(view, Block.MY_START)["initial_time"] == "09:00"
    assert [day["value"] for day in element(view, Block.MY_DAYS)["initial_options"]] == list("12345")


def test_what_is_saved_is_there_when_the_form_is_opened_again(house: House) -> None:
    assert house.submit("U_ANN", opened(house), form()).status == 200

    assert details(house).hours == (8 * 60, 16 * 60 + 30)
    view = opened(house)
    assert element(view, Block.MY_TEAM)["initial_value"] == "Risk"
    assert element(view, Block.MY_COUNTRY)["initial_option"]["value"] == "AT"
    assert element(view, Block.MY_END)["initial_time"] == "16:30"
    assert [day["value"] for day in element(view, Block.MY_DAYS)["initial_options"]] == list("1234")
    assert house.facts().count("people.described") == 1


def test_a_day_that_ends_at_midnight_is_one(house: House) -> None:
    house.submit("U_ANN", opened(house), form(at=("16:00", "00:00")))

    assert details(house).hours == (16 * 60, 24 * 60)
    view = opened(house)
    assert element(view, Block.MY_END)["initial_time"] == "00:00"
    assert check_view(view, allowed=("modal",)) == []


def test_a_day_that_ends_before_it_begins_is_refused_at_its_field(house: House) -> None:
    response = house.submit("U_ANN", opened(house), form(at=("17:00", "09:00")))

    assert "not after the time you start" in json.loads(response.body or "")["errors"][Block.MY_END]
    assert details(house).hours is None


@pytest.mark.parametrize(
    "answers",
    [form(country="XX"), form(days=""), form(days="18"), form(at=("9", "17:00"))],
    ids=["no country", "no day", "an eighth day", "no time"],
)
def test_what_no_form_of_ours_can_send_is_malformed(house: House, answers: dict[str, dict[str, Any]]) -> None:
    assert house.submit("U_ANN", opened(house), answers).status == 400


def test_a_guest_says_nothing_of_themselves(house: House) -> None:
    view = opened(house)
    hire(house, "U_OUT", is_restricted=True)
    house.press("U_OUT", Action.ABOUT_ME, "home", where="home")
    house.send()

    assert "full members" in house.posts_to("U_OUT")[0].text
    assert "full members" in words(json.loads(house.submit("U_OUT", view, form()).body or ""))


def test_a_country_is_found_by_what_is_typed_among_more_than_a_menu_can_hold(house: House) -> None:
    assert house.search("U_ANN", Block.MY_COUNTRY, "austr") == {"AU": "Australia", "AT": "Austria"}
    assert len(house.search("U_ANN", Block.MY_COUNTRY)) == 100
