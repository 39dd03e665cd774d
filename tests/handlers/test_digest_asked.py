"""Somebody asks for the digest of a week, of everybody or of a team, and goes on from there."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from db.tables import DigestRow
from handlers.away.digest_words import DigestAsked
from handlers.away.payloads import Misread, Mistake, read
from handlers.digests import window
from handlers.ids import Action, Command
from sandbox.blockkit.validate import check_view
from tests.support.digesting import sample
from tests.support.fakes import member
from tests.support.house import House, words
from workflows.digests import Beside, StoredDigest

# The house opens on Monday, 2 March 2026, which is in week 10, at ten in Berlin.


@pytest.mark.parametrize(
    ("said", "team", "week"),
    [
        ("digest", "", None),
        ("digest last", "", None),
        ("DIGEST 2026-w31", "", date(2026, 7, 27)),
        ("digest 2026-07-28", "", date(2026, 7, 27)),
        ("digest Customer Service", "Customer Service", None),
        ("digest Customer  Service 2026-W31", "Customer Service", date(2026, 7, 27)),
        ("digest 2026-W53 Legal", "Legal", date(2026, 12, 28)),
        ("digest last Legal", "Legal", None),
    ],
)
def test_a_team_of_several_words_and_a_week_are_read(said: str, team: str, week: date | None) -> None:
    assert read(said) == DigestAsked(team, week)


@pytest.mark.parametrize("said", ["2026-W60", "2025-W53", "2026-13-01", "2026w3", "w31", "2026-W3", "0000-01-01"])
def test_what_is_meant_as_a_week_and_is_none_is_said_to_be(said: str) -> None:
    assert read(f"digest Legal {said}") == Mistake(Misread.NO_WEEK, said)


def typed(house: House, text: str = "", who: str = "U_OTTO", *, trigger: str = "") -> str:
    return house.command(who, f"digest {text}", command=Command.GATEHOUSE, trigger=trigger)


def opened(house: House, text: str = "", who: str = "U_OTTO") -> dict[str, Any]:
    before = len(house.world.opened)
    assert typed(house, text, who) == ""
    assert len(house.world.opened) == before + 1
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []
    return house.world.opened[-1]


def rows(house: House) -> list[DigestRow]:
    with house.database.reading() as session:
        return list(session.exec(select(DigestRow).order_by(DigestRow.made_at)))


@pytest.fixture
def later(house: House) -> House:
    """Return a house in its second week, in which a use case of Complaints and a confidential one were proposed."""
    house.propose()
    house.propose(name="Secret", team="Tigers", confidential=["yes"])
    house.clock.advance(days=7)
    return house


def test_any_full_member_sees_the_last_whole_week_and_it_is_kept(later: House) -> None:
    view = opened(later)

    assert "Everybody · week 2026-W10" in words(view)
    assert "Mon 2 Mar to Sun 8 Mar 2026" in words(view)
    assert "◀ Week before" not in words(view)  # nothing was recorded before
    [row] = rows(later)
    assert (row.first_day, row.team, row.channel, str(row.id)) == (
        date(2026, 3, 2),
        None,
        None,
        view["private_metadata"],
    )


def test_a_team_is_found_however_it_is_spelt_and_only_its_numbers_are_told(later: House) -> None:
    view = opened(later, "compLAINTS  2026-03-04")

    assert "Team Complaints · week 2026-W10" in words(view)
    assert rows(later)[-1].team == "Complaints"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Marketing", "No use case is of a team “Marketing”. Teams there are: Complaints."),
        ("Tigers", "No use case is of a team “Tigers”. Teams there are: Complaints."),
        ("2026-W31", "Week 2026-W31 is still to come: it begins on Mon 27 Jul 2026."),
        (
            "2026-W09",
            "Nothing is known of week 2026-W09 (Mon 23 Feb to Sun 1 Mar 2026): Gatehouse was set up on Mon 2 Mar",
        ),
        ("2026-W99", "“2026-W99” is no week I can read. Write it as `/gatehouse digest 2026-W31`"),
    ],
)
def test_what_there_is_no_digest_of_is_said_with_what_there_is(later: House, said: str, told: str) -> None:
    assert told in typed(later, said)
    assert rows(later) == []


def test_a_lead_also_finds_the_team_of_a_confidential_use_case(later: House) -> None:
    later.grant("lead", "U_BEN")

    assert "Team Tigers" in words(opened(later, "tigers", "U_BEN"))


def test_before_a_week_is_over_there_is_the_one_that_goes_on(house: House) -> None:
    assert "`/gatehouse digest 2026-W10`" in typed(house)
    house.propose()
    assert "This week is not over" in words(opened(house, "2026-W10"))


def test_weeks_and_teams_are_turned_to_in_the_window(later: House) -> None:
    view = opened(later)
    view = later.turn("U_OTTO", Action.DIGEST_LATER, "2026-03-09", view=view)
    assert check_view(view, allowed=("modal",)) == []
    assert "week 2026-W11" in words(view)
    assert "This week is not over" in words(view)
    view = chosen(later, view, "team.Complaints")
    assert "Team Complaints · week 2026-W11" in words(view)
    view = later.turn("U_OTTO", Action.DIGEST_EARLIER, "2026-03-02", view=view)
    assert "Team Complaints · week 2026-W10" in words(view)
    assert "Everybody · week 2026-W10" in words(chosen(later, view, "everybody"))
    assert (
        later.turn("U_OTTO", Action.DIGEST_LATER, "2026-03-16", view=view)["private_metadata"]
        == view["private_metadata"]
    )
    assert later.press("U_OTTO", Action.DIGEST_LATER, "2026-03-10").status == 400


def chosen(house: House, view: dict[str, Any], value: str) -> dict[str, Any]:
    """Choose a team in the window; return the window as it is then."""
    body = {
        "type": "block_actions",
        "team": {"id": "T0HOME"},
        "user": {"id": "U_OTTO", "team_id": "T0HOME"},
        "trigger_id": f"t.{value}",
        "container": {"type": "view", "view_id": "V1"},
        "view": view | {"id": "V1", "hash": "h", "state": {"values": {}}},
        "actions": [
            {
                "type": "static_select",
                "action_id": Action.DIGEST_TEAM,
                "block_id": "b",
                "selected_option": {"value": value},
                "action_ts": f"{len(house.world.opened)}.7",
            }
        ],
    }
    assert house.intake.over_socket(body).status == 200
    return house.world.opened[-1]


def test_the_same_delivery_twice_makes_one_digest(later: House) -> None:
    for _ in range(2):
        typed(later, trigger="t.same")

    assert len(rows(later)) == 1


def test_a_guest_sees_nothing(later: House) -> None:
    later.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)

    assert "Guests can read along" in typed(later, "", "U_GUEST")
    assert rows(later) == []


def test_more_teams_than_slack_lists_are_searched(later: House) -> None:
    teams = tuple(f"Team {number:03}" for number in range(120))
    view = window.digest_modal(
        StoredDigest(UUID(int=9), None, None, sample(), "d", None),
        Beside(teams, is_over=True, earlier=None, later=None),
    )
    assert check_view(view, allowed=("modal",)) == []
    [picker] = [
        each for block in view["blocks"] for each in block.get("elements", []) if each.get("type") == "external_select"
    ]
    assert picker["action_id"] == Action.DIGEST_TEAM
    assert later.search("U_OTTO", Action.DIGEST_TEAM, "comp") == {"team.Complaints": "Complaints"}
    assert list(later.search("U_OTTO", Action.DIGEST_TEAM)) == ["everybody", "team.Complaints"]


def test_a_week_with_everything_in_it_fits_a_window() -> None:
    view = window.digest_modal(
        StoredDigest(UUID(int=9), None, None, sample(), "d", None), Beside((), is_over=True, earlier=None, later=None)
    )

    assert check_view(view, allowed=("modal",)) == []
    assert len(json.dumps(view)) < 250_000
    assert "Triage &lt;urgent&gt; &amp; other mail" in words(view)
    assert "9.5" not in words(view)  # values of a single use case stand behind its button


def test_of_one_team_only_who_reads_all_of_it_is_told_hours_costs_and_corrections(later: House) -> None:
    later.grant("lead", "U_BEN")

    member_reads, lead_reads = (words(opened(later, "complaints", who)) for who in ("U_OTTO", "U_BEN"))

    assert "Hours, costs and corrections of one team are for programme leads" in member_reads
    assert "*Hours saved*" not in member_reads
    assert "*Hours saved*" in lead_reads
