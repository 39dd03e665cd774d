"""Slack tells of user groups as they change, and their roles follow."""

from typing import Any
from urllib.error import URLError

import pytest

from tests.support.fakes import member, user_group
from tests.support.house import House
from workflows import people
from workflows.people import Group


@pytest.fixture
def club(house: House) -> House:
    """Return a house whose user group S_BOARD holds a role; Ann is in it, and Ben is known."""
    for who in ("U_ANN", "U_BEN"):
        house.command(who)
    with house.database.transaction() as session:
        people.store_groups(session, [Group("S_BOARD", "board", "The board")], now=house.clock.now())
        people.store_members(session, "S_BOARD", ["U_ANN"], asked_at=house.clock.now())
        people.grant_group(session, "council", "S_BOARD", actor=None, now=house.clock.now())
    house.clock.advance(minutes=1)
    return house


def members_changed(*, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "subteam_members_changed",
        "subteam_id": "S_BOARD",
        "team_id": "T0HOME",
        "added_users": list(added),
        "added_users_count": len(added),
        "removed_users": list(removed),
        "removed_users_count": len(removed),
    }


def council(house: House) -> set[str]:
    with house.database.reading() as session:
        return {each.slack_id for each in people.holders_of(session, "council")}


def to_read(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(people.groups_to_read(session))


def test_who_joins_a_user_group_holds_its_role_and_who_leaves_does_not(club: House) -> None:
    assert club.tell(members_changed(added=("U_BEN",), removed=("U_ANN",))).status == 200

    assert council(club) == {"U_BEN"}
    assert to_read(club) == ["S_BOARD"]  # the whole list is read soon, whatever was lost


def test_who_nobody_knew_is_asked_for_at_once(club: House) -> None:
    club.world.people["U_NEW"] = member("U_NEW")

    club.tell(members_changed(added=("U_NEW",)))

    assert council(club) == {"U_ANN", "U_NEW"}


def test_a_guest_who_joins_holds_nothing(club: House) -> None:
    club.world.people["U_OUT"] = member("U_OUT", is_restricted=True)

    club.tell(members_changed(added=("U_OUT",)))

    assert council(club) == {"U_ANN"}


def test_slack_being_away_leaves_the_unknown_to_the_next_reading(club: House) -> None:
    club.world.people["U_NEW"] = member("U_NEW")
    club.slack.break_next("users.info", URLError(TimeoutError()))

    assert club.tell(members_changed(added=("U_NEW", "U_BEN"))).status == 200

    assert council(club) == {"U_ANN", "U_BEN"}
    assert to_read(club) == ["S_BOARD"]


def test_nobody_is_asked_for_who_joins_a_group_without_a_role(house: House) -> None:
    house.world.people["U_NEW"] = member("U_NEW")
    calls = len(house.world.calls)

    assert house.tell(members_changed(added=("U_NEW",))).status == 200

    assert len(house.world.calls) == calls


@pytest.mark.parametrize("facts", [{"date_delete": 7}, {"is_external": True}], ids=["switched off", "of others"])
def test_a_group_that_is_switched_off_gives_nobody_its_role_until_it_is_back(
    club: House, facts: dict[str, Any]
) -> None:
    club.tell({"type": "subteam_updated", "subteam": user_group("S_BOARD", "U_ANN", **facts)})
    assert council(club) == set()

    club.tell({"type": "subteam_updated", "subteam": user_group("S_BOARD", "U_ANN", name="New name")})
    assert council(club) == {"U_ANN"}
    with club.database.reading() as session:
        assert people.find_group(session, "S_BOARD") == Group("S_BOARD", "board", "New name")


def test_a_group_that_is_made_can_be_given_a_role(house: House) -> None:
    assert house.tell({"type": "subteam_created", "subteam": user_group("S_NEW")}).status == 200

    with house.database.reading() as session:
        assert [each.handle for each in people.groups_matching(session, "", limit=9)] == ["new"]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "subteam_updated"},
        {"type": "subteam_updated", "subteam": {"id": "no id!"}},
        {"type": "subteam_members_changed"},
        {"type": "subteam_members_changed", "subteam_id": "S_BOARD", "added_users": ["no id!"]},
    ],
)
def test_an_event_that_is_none_is_malformed(house: House, event: dict[str, Any]) -> None:
    assert house.tell(event).status == 400


@pytest.mark.parametrize("added", [None, "U_BEN", [7], {}])
def test_an_event_with_no_list_of_people_changes_nobody(club: House, added: object) -> None:
    assert club.tell(members_changed() | {"added_users": added}).status == 200
    assert council(club) == {"U_ANN"}
