"""A lead asks the owners of many use cases at once, sees who has answered, and is told what came of it."""

import json
from datetime import date, timedelta

import pytest
from sqlmodel import select

from db.enums import OutboxKind, RecertificationAnswer, UseCaseState
from db.tables import Campaign, OutboxRow, Recertification
from handlers.ids import Action, Block, Command
from tests.support.chains import hire, put_in_force
from tests.support.fakes import member
from tests.support.house import House, buttons, errors_in, view_in, words
from tests.support.renewals import (
    approved,
    ask_owners,
    asked,
    beat,
    case,
    change,
    prompts_to,
    retire,
    short_lived,
    start_campaign,
    still_valid,
    until,
    vote,
)
from workflows.recertifying import campaigns

DUE = date(2026, 4, 1)


@pytest.fixture
def led(house: House) -> House:
    """Give a house with a lead, two use cases of Complaints and one of Post, all of medium tier for a year."""
    put_in_force(house, short_lived(months=12))
    house.grant("lead", "U_BEN")
    hire(house, "U_NINA")
    for name, team, owner in (
        ("Sort", "Complaints", "U_MAREK"),
        ("Read", "Complaints", "U_NINA"),
        ("Send", "Post", "U_NINA"),
    ):
        approved(house, name=f"{name} letters", team=team, owner=owner, problem=f"{name}ing takes a week.")
    return house


def home(house: House, who: str = "U_BEN") -> str:
    house.open_home(who)
    house.send()
    return words(house.world.homes[who])


def test_a_lead_sees_whom_a_campaign_would_reach_before_it_starts(led: House) -> None:
    shown = view_in(ask_owners(led, "U_BEN", DUE, team="Complaints"))

    assert "*Team Complaints*: 2 use cases of 2 owners." in words(shown)
    assert "reminded 14 and 3 days before Wed 1 Apr 2026" in words(shown)
    assert [len(asked(led, number)) for number in (1, 2, 3)] == [0, 0, 0]
    back = led.turn("U_BEN", Action.CHOOSE_OWNERS, shown["private_metadata"], view=shown)
    assert back["callback_id"] == "recertifying.campaign.scope"
    assert "Complaints" in words(back)


def test_owners_in_scope_are_asked_at_once_and_then_14_and_3_days_before(led: House) -> None:
    told = start_campaign(led, "U_BEN", DUE, tier="medium", team="Complaints")
    assert "2 use cases of 2 owners are asked about" in told
    beat(led)

    assert len(prompts_to(led, "U_MAREK")) == 1
    assert "Please answer by Wed 1 Apr 2026" in prompts_to(led, "U_MAREK")[0]
    assert len(prompts_to(led, "U_NINA")) == 1
    when = []
    for days in range(1, 31):
        before = len(prompts_to(led, "U_MAREK"))
        until(led, date(2026, 3, 2) + timedelta(days=days))
        when += [date(2026, 3, 2) + timedelta(days=days)] * (len(prompts_to(led, "U_MAREK")) - before)
    assert when == [date(2026, 3, 18), date(2026, 3, 30)]  # the 29th is a Sunday
    assert case(led, 1).state is UseCaseState.SUSPENDED or asked(led, 1)[0].answer is None
    until(led, date(2026, 4, 2))
    assert (case(led, 1).state, case(led, 3).state) == (UseCaseState.SUSPENDED, UseCaseState.APPROVED)


def test_a_lead_sees_how_it_stands_and_who_owes_an_answer(led: House) -> None:
    hire(led, "U_OLGA")
    approved(led, name="Weigh letters", owner="U_OLGA", problem="Weighing them takes long.", team="Post")
    assert "Ask owners again" in home(led)
    start_campaign(led, "U_BEN", DUE, tier="medium")
    beat(led)
    still_valid(led, "U_MAREK", 1)
    change(led, "U_NINA", 2)
    retire(led, "U_NINA", 3)

    told = home(led)

    assert "*Medium tier* · due Wed 1 Apr 2026 · 4 use cases asked" in told
    assert "1 still valid, 1 changed, 1 retired, 1 not answered yet" in told
    with led.database.reading() as session:
        campaign = session.exec(select(Campaign)).one()
    led.press("U_BEN", Action.CAMPAIGN, str(campaign.id), where="home")
    shown = words(led.world.opened[-1])
    assert "*UC-4* “Weigh letters”: Olga, by Wed 1 Apr 2026" in shown
    assert "UC-1" not in shown
    led.press("U_OTTO", Action.CAMPAIGN, str(campaign.id))
    led.send()
    assert "Only programme leads and admins" in led.whispers_to("U_OTTO")[-1]


def test_at_the_end_the_lead_gets_one_summary_in_their_working_hours(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, tier="medium")
    beat(led)
    still_valid(led, "U_MAREK", 1)
    still_valid(led, "U_NINA", 2)
    until(led, DUE + timedelta(days=1), hour=1)
    beat(led)
    assert case(led, 3).state is UseCaseState.SUSPENDED
    assert not [post for post in led.posts_to("U_BEN") if "That is over" in post.text]

    until(led, DUE + timedelta(days=1), hour=10)
    until(led, DUE + timedelta(days=6), step=24)

    [summary] = [post.text for post in led.posts_to("U_BEN") if "That is over" in post.text]
    assert "Of 3 use cases: 2 still valid, 1 suspended, as nobody answered." in summary
    assert "ended, due Wed 1 Apr 2026" in home(led)
    assert led.facts().count("recertification.campaign_ended") == 1


def test_it_ends_as_soon_as_everybody_has_answered(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, team="Post")
    beat(led)
    still_valid(led, "U_NINA", 3)
    beat(led)

    assert [post.text for post in led.posts_to("U_BEN") if "1 still valid" in post.text]


def test_a_lead_who_has_left_leaves_the_summary_to_the_others(led: House) -> None:
    led.grant("lead", "U_ANN")
    start_campaign(led, "U_BEN", DUE, team="Post")
    led.tell({"type": "user_change", "user": member("U_BEN", deleted=True)})
    beat(led)
    still_valid(led, "U_NINA", 3)
    beat(led)

    assert not [post for post in led.posts_to("U_BEN") if "That is over" in post.text]
    assert [post for post in led.posts_to("U_ANN") if "That is over" in post.text]


def test_what_ends_sooner_keeps_its_day_and_what_is_asked_already_is_due_by_the_sooner(house: House) -> None:
    put_in_force(house, short_lived())  # until 2 May, asked on 2 April
    house.grant("lead", "U_BEN")
    approved(house)
    start_campaign(house, "U_BEN", date(2026, 6, 30), tier="medium")
    assert asked(house)[0].due_on == date(2026, 5, 2)
    until(house, date(2026, 4, 9))
    before = len(prompts_to(house, "U_MAREK"))

    start_campaign(house, "U_BEN", date(2026, 4, 20), team="Complaints")
    beat(house)

    [question] = asked(house)
    assert question.due_on == date(2026, 4, 20)
    assert len(prompts_to(house, "U_MAREK")) == before + 1  # it is due sooner now
    assert home(house).count("1 use case asked") == 2  # it counts in both
    assert case(house).valid_until == date(2026, 5, 2)


def test_what_waits_for_people_counts_as_answered(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, team="Post")
    beat(led)
    change(led, "U_NINA", 3)
    told = start_campaign(led, "U_BEN", DUE, tier="medium")

    assert "3 use cases of 2 owners" in told
    assert "1 changed, 2 not answered yet" in home(led)
    vote(led)
    assert asked(led, 3)[0].answer is RecertificationAnswer.CHANGED


def test_suspended_and_retired_ones_are_left_out(led: House) -> None:
    start_campaign(led, "U_BEN", date(2026, 3, 9), team="Post")
    beat(led)
    retire(led, "U_NINA", 3)

    told = start_campaign(led, "U_BEN", DUE, tier="medium")

    assert "2 use cases of 2 owners" in told


@pytest.mark.parametrize(
    ("due", "scope", "field", "says"),
    [
        (DUE, {}, Block.CAMPAIGN_TIER, "Choose a tier, a team, or both."),
        (date(2026, 3, 8), {"tier": "medium"}, Block.CAMPAIGN_DUE, "at least seven days"),
        (date(2027, 3, 3), {"tier": "medium"}, Block.CAMPAIGN_DUE, "more than a year ahead"),
        (DUE, {"tier": "high"}, Block.CAMPAIGN_TIER, "Choose another tier or team."),
        (DUE, {"tier": "medium", "team": "Nobody"}, Block.CAMPAIGN_TIER, "Choose another tier or team."),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_at_its_field(
    led: House, due: date, scope: dict[str, str], field: Block, says: str
) -> None:
    refused = errors_in(ask_owners(led, "U_BEN", due, **scope))

    assert says in refused[field]
    assert asked(led) == []


def test_nobody_else_starts_one(led: House) -> None:
    assert "Only programme leads and admins" in led.command("U_OTTO", "recertify", command=Command.GATEHOUSE)
    led.press("U_OTTO", Action.ASK_OWNERS, "home")
    led.send()
    assert "Only programme leads and admins" in led.whispers_to("U_OTTO")[-1]
    assert led.search("U_OTTO", Block.CAMPAIGN_TEAM) == {}

    led.command("U_BEN", "recertify", command=Command.GATEHOUSE)
    form = led.world.opened[-1]
    values = {Block.CAMPAIGN_DUE: {"type": "datepicker", "selected_date": DUE.isoformat()}}
    values |= {Block.CAMPAIGN_TIER: {"type": "static_select", "selected_option": {"value": "medium"}}}  # type: ignore[dict-item]
    told = json.loads(led.submit("U_OTTO", form, values).body or "{}")
    assert "Only programme leads and admins" in words(told)


def test_a_lead_finds_teams_by_what_they_type(led: House) -> None:
    assert led.search("U_BEN", Block.CAMPAIGN_TEAM) == {"Complaints": "Complaints", "Post": "Post"}
    assert led.search("U_BEN", Block.CAMPAIGN_TEAM, "pos") == {"Post": "Post"}
    assert "`/gatehouse recertify`" in led.command("U_BEN", "help", command=Command.GATEHOUSE)
    assert "`/gatehouse recertify`" not in led.command("U_OTTO", "help", command=Command.GATEHOUSE)


def test_the_same_scope_is_asked_about_once_at_a_time(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, team="Post")

    again = errors_in(ask_owners(led, "U_BEN", DUE + timedelta(days=3), team="Post"))

    assert "asked about exactly that already" in again[Block.CAMPAIGN_TIER]


def test_a_campaign_sent_twice_starts_once(led: House) -> None:
    shown = view_in(ask_owners(led, "U_BEN", DUE, team="Post"))

    first = led.submit("U_BEN", shown, {}, view_id="V1")
    second = led.submit("U_BEN", shown, {}, view_id="V1")

    assert first.body == second.body
    with led.database.reading() as session:
        assert len(session.exec(select(Campaign)).all()) == 1


def test_owners_of_many_see_the_next_ones_as_they_answer(led: House) -> None:
    for number in range(3):
        approved(led, name=f"Case {number}", owner="U_NINA", problem=f"Another {number} problem.", team="Post")
    start_campaign(led, "U_BEN", DUE, tier="medium")

    shown = home(led, "U_NINA")

    assert shown.count("is it still done as it was approved?") == 3
    assert "There are more; they come up here as you answer these." in shown


def test_the_direct_message_answers_in_place(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, team="Post")
    beat(led)
    post = led.posts_to("U_NINA")[-1]

    led.press("U_NINA", Action.STILL_VALID, buttons(post)["Still valid"])

    assert "Is UC-3 still valid?" in words(led.world.opened[-1])


def test_nobody_is_prompted_twice_by_one_campaign(led: House) -> None:
    start_campaign(led, "U_BEN", DUE, tier="medium")
    for _ in range(5):
        beat(led)

    with led.database.reading() as session:
        rows = [row for row in session.exec(select(OutboxRow)) if row.kind is OutboxKind.RECERTIFY]
        questions = session.exec(select(Recertification)).all()
    assert len(rows) == len(questions) == 3


def test_a_campaign_about_many_asks_them_a_few_at_a_time_and_ends_when_all_have_answered(
    led: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "AT_ONCE", 1)
    told = start_campaign(led, "U_BEN", DUE, tier="medium")
    assert "3 use cases of 2 owners" in told
    assert [len(asked(led, number)) for number in (1, 2, 3)] == [1, 0, 0]
    still_valid(led, "U_MAREK", 1)

    beat(led, times=3)

    assert [len(asked(led, number)) for number in (1, 2, 3)] == [1, 1, 1]
    assert not [post for post in led.posts_to("U_BEN") if "That is over" in post.text]
    still_valid(led, "U_NINA", 2)
    still_valid(led, "U_NINA", 3)
    beat(led)
    [summary] = [post.text for post in led.posts_to("U_BEN") if "That is over" in post.text]
    assert "Of 3 use cases: 3 still valid." in summary
