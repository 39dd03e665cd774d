"""People say that they are away, by command or from Home; somebody decides for them, and they read of it on return."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers import ticks
from handlers.away.payloads import Word
from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire
from tests.support.house import House, buttons, words
from tests.support.statements import recorded
from workflows import people
from workflows.people import Absence

# The house opens on Monday, 2 March 2026, at nine in London and ten in Berlin, where Ann is.
NO_DELEGATE = {"selected_user": None}


def typed(house: House, text: str, who: str = "U_ANN", *, trigger: str = "") -> str:
    return house.command(who, text, command=Command.GATEHOUSE, trigger=trigger)


def absences(house: House, who: str = "U_ANN") -> list[Absence]:
    with house.database.reading() as session:
        person = people.find(session, who)
        assert person is not None
        return people.absences_of(session, person, now=house.clock.now())


def days(house: House, who: str = "U_ANN") -> list[tuple[str, str]]:
    return [(str(each.first_day), str(each.last_day)) for each in absences(house, who)]


def beat(house: House) -> None:
    """Let the clock beat once and everything promised be sent."""
    house.advance(seconds=2)
    house.send()


def form(first: str, last: str, delegate: str | None = None) -> dict[str, dict[str, Any]]:
    return {
        Block.AWAY_FROM: {"type": "datepicker", "selected_date": first},
        Block.AWAY_UNTIL: {"type": "datepicker", "selected_date": last},
        Block.AWAY_DELEGATE: {"type": "users_select", "selected_user": delegate},
    }


def opened(house: House, who: str = "U_ANN") -> dict[str, Any]:
    house.press(who, Action.AWAY, "home", where="home")
    return house.world.opened[-1]


def home(house: House, who: str = "U_ANN") -> dict[str, Any]:
    house.open_home(who)
    house.send()
    return house.world.homes[who]


# ------------------------------------------------------------------------------------------ by command


@pytest.mark.parametrize("text", ["", "help", " HELP "])
def test_what_can_be_typed_is_said_with_dates_that_would_be_taken(house: House, text: str) -> None:
    answer = typed(house, text)

    assert "/gatehouse away until 2026-03-12" in answer
    assert "/gatehouse back" in answer
    assert "recertify" not in answer


def test_whatever_can_be_typed_stands_in_the_help_of_who_may_see_all_of_it(house: House) -> None:
    house.grant("lead", "U_ANN")

    answer = typed(house, "help")

    words = {each.value.replace("_", "-") for each in Word} - {"help", "form"} | {"digest", "week"}
    assert {each for each in words if f"`/gatehouse {each}`: " not in answer} == set()
    assert len(answer) < 3000


def test_ann_says_until_when_she_is_away_and_reads_what_that_means(house: House) -> None:
    house.propose()

    answer = typed(house, "away until 2026-03-06")

    assert "You are away until Fri 6 Mar 2026" in answer
    assert "1 request waits for you. Nobody decides for you" in answer
    assert days(house) == [("2026-03-02", "2026-03-06")]
    assert "🌴 You are away until Fri 6 Mar 2026." in typed(house, "help")
    assert house.facts().count("people.leave_set") == 1


def test_ann_hands_what_waits_to_ben_and_he_decides_for_her(house: House) -> None:
    house.propose()
    house.open_home("U_BEN")
    house.send()

    answer = typed(house, "away until 2026-03-06 delegate <@U_BEN|ben>")
    beat(house)

    assert "Ben decides for you from now on and gets 1 request that waits for you now." in answer
    assert "Ben cannot pass it on" in answer
    assert "/gatehouse back" in answer
    [told, card] = house.posts_to("U_BEN")
    assert "Ann is away from Mon 2 Mar 2026 until Fri 6 Mar 2026 and asked you to decide" in told.text
    assert "You cannot pass it on" in told.text
    assert "You decide for Ann" in words(card)
    assert "for Ann, who is away" in words(house.world.homes["U_BEN"])
    house.press("U_BEN", Action.APPROVE, buttons(card)["Approve"])
    house.send()
    assert "Approved* by Ben for Ann" in house.posts_to("U_PRIYA")[0].text


def test_a_request_the_delegate_proposed_stays_with_ann_and_she_is_told_so(house: House) -> None:
    house.propose("U_BEN")

    answer = typed(house, "away until 2026-03-06 delegate <@U_BEN>")

    assert "1 request stays with you: Ben may not decide there." in answer
    assert "gets" not in answer


def test_what_waits_goes_to_ben_at_the_local_midnight_of_the_first_day_and_comes_back_after_the_last(
    house: House,
) -> None:
    house.propose()
    answer = typed(house, "away from 2026-03-04 until 2026-03-05 delegate <@U_BEN>")
    assert "You will be away from Wed 4 Mar 2026 until Thu 5 Mar 2026" in answer
    assert "From Wed 4 Mar 2026 on Ben decides for you, also what waits then." in answer

    [absence] = absences(house)
    [made] = absence.delegations
    assert made.starts_at == datetime(2026, 3, 3, 23, tzinfo=UTC)  # midnight in Berlin
    assert made.ends_at == datetime(2026, 3, 5, 23, tzinfo=UTC)
    house.clock.advance(hours=37, minutes=59)
    beat(house)
    assert len(house.posts_to("U_BEN")) == 1  # that he is asked to, and no card yet
    house.clock.advance(minutes=1)
    beat(house)
    assert len(house.posts_to("U_BEN")) == 2

    house.clock.advance(days=2)
    beat(house)
    house.approve("U_BEN")
    house.send()
    assert "not among the people asked" in house.whispers_to("U_BEN")[0]


def test_the_day_is_the_persons_own(house: House) -> None:
    """At ten in the evening in London it is the next day already in Auckland."""
    hire(house, "U_TANE", tz="Pacific/Auckland")
    house.clock.advance(hours=13)

    assert "those days are over" in typed(house, "away until 2026-03-02", "U_TANE").lower()
    assert "You are away until Mon 2 Mar 2026" in typed(house, "away until 2026-03-02", "U_ANN")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("away until 2026-03-01", "Those days are over; today is Mon 2 Mar 2026"),
        ("away from 2026-03-06 until 2026-03-04", "last day lies before the first"),
        ("away until 2027-06-01", "more than a year ahead"),
        ("away until Friday", "“Friday” is not a date I can read. Write it as year-month-day"),
        ("away until 2026-02-30", "“2026-02-30” is not a date"),
        ("away until", "A date is missing"),
        ("away from 2026-03-04", "Until when? Say your last day away: `/gatehouse away until 2026-03-12`"),
        ("away until 2026-03-06 delegate", "Who decides for you is missing"),
        ("away until 2026-03-06 delegate @ben", "choose one person from Slack's list"),
        ("away until 2026-03-06 delegate <!subteam^S1>", "choose one person from Slack's list"),
        ("away until 2026-03-06 delegate <@U_ANN>", "You cannot decide for yourself"),
        ("away until 2026-03-06 please", "I do not know “please”"),
        ("awya until 2026-03-06", "I do not know “awya”"),
        ("back tomorrow", "“tomorrow” is not a date I can read"),
    ],
)
def test_what_cannot_be_is_said_clearly_and_nothing_is_stored(house: House, text: str, says: str) -> None:
    assert says in typed(house, text)
    assert absences(house) == []


@pytest.mark.parametrize(
    "facts",
    [{"is_restricted": True}, {"team_id": "T_ELSEWHERE"}, {"is_bot": True}, {"deleted": True}],
    ids=["a guest", "a stranger", "an app", "somebody who left"],
)
def test_only_full_members_can_decide_for_somebody(house: House, facts: dict[str, Any]) -> None:
    hire(house, "U_OUT", **facts)

    assert "Only a full member" in typed(house, "away until 2026-03-06 delegate <@U_OUT>")
    assert absences(house) == []


def test_a_delegate_slack_cannot_be_asked_about_is_not_taken(house: House) -> None:
    typed(house, "help")
    house.slack.break_next("users.info", TimeoutError("timed out"))
    hire(house, "U_NEW")

    assert "Slack cannot be asked right now who that is" in typed(house, "away until 2026-03-06 delegate <@U_NEW>")
    assert absences(house) == []


def test_a_second_delegate_for_the_same_days_is_refused_and_the_first_named(house: House) -> None:
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")

    answer = typed(house, "away until 2026-03-10 delegate <@U_OTTO>")

    assert "Ben decides for you until Fri 6 Mar 2026 already" in answer
    assert days(house) == [("2026-03-02", "2026-03-06")]


def test_leave_said_anew_replaces_what_was_said_of_the_same_days(house: House) -> None:
    typed(house, "away from 2026-03-04 until 2026-03-12")
    typed(house, "away from 2026-03-20 until 2026-03-21")

    typed(house, "away from 2026-03-06 until 2026-03-09")

    assert days(house) == [
        ("2026-03-04", "2026-03-05"),
        ("2026-03-06", "2026-03-09"),
        ("2026-03-20", "2026-03-21"),
    ]


def test_leave_that_lasts_longer_says_until_when_the_delegate_decides(house: House) -> None:
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")

    answer = typed(house, "away until 2026-03-10")

    assert "Ben decides for you from now on until Fri 6 Mar 2026" in answer


def test_ann_is_warned_that_her_delegate_is_away_too(house: House) -> None:
    typed(house, "away from 2026-03-05 until 2026-03-09", "U_BEN")

    answer = typed(house, "away until 2026-03-06 delegate <@U_BEN>")

    assert "Ben will be away too, from Thu 5 Mar 2026 until Mon 9 Mar 2026" in answer


def test_a_command_delivered_twice_is_carried_out_once_with_the_same_answer(house: House) -> None:
    text = "away until 2026-03-06 delegate <@U_BEN>"

    assert typed(house, text, trigger="t.same") == typed(house, text, trigger="t.same")

    assert house.facts().count("people.delegation_made") == 1


def test_guests_and_strangers_are_told_why_they_can_say_nothing_here(house: House) -> None:
    hire(house, "U_OUT", is_restricted=True)

    for text in ("away until 2026-03-06", "back", "help", "away"):
        assert "full members" in typed(house, text, "U_OUT")


def test_the_record_holds_ids_and_dates_and_no_names(house: House) -> None:
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")
    typed(house, "back")

    assert {"people.leave_set", "people.leave_ended", "people.delegation_made", "people.delegation_ended"} <= set(
        house.facts()
    )


# ------------------------------------------------------------------------------------------------ back


def test_back_ends_leave_and_delegation_at_once(house: House) -> None:
    house.propose()
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")
    beat(house)

    answer = typed(house, "back")
    beat(house)

    assert "Welcome back. Ben no longer decides for you." in answer
    assert "1 request waits for you; Home lists them." in answer
    assert absences(house) == []
    house.approve("U_BEN")
    house.send()
    assert "not among the people asked" in house.whispers_to("U_BEN")[0]


def test_the_days_before_the_return_stay_leave(house: House) -> None:
    typed(house, "away until 2026-03-06")
    house.clock.advance(days=2)

    typed(house, "back")

    with house.database.reading() as session:
        ann = people.find(session, "U_ANN")
        assert ann is not None
        spans = people.details_of(session, ann.id).leave
    assert [(str(first), str(last)) for first, last in spans] == [("2026-03-02", "2026-03-03")]


def test_somebody_who_is_not_away_reads_how_a_leave_to_come_is_cancelled(house: House) -> None:
    typed(house, "away from 2026-03-04 until 2026-03-06 delegate <@U_BEN>")

    answer = typed(house, "back")
    assert "You are not away on that day, so nothing was changed." in answer
    assert "`/gatehouse back 2026-03-04` cancels that" in answer
    assert len(absences(house)) == 1

    answer = typed(house, "back 2026-03-04")
    assert "Your leave from Wed 4 Mar 2026 until Fri 6 Mar 2026 is cancelled. Ben no longer decides for you." in answer
    assert absences(house) == []
    house.clock.advance(days=8)
    beat(house)
    assert house.posts_to("U_ANN") == []
    assert house.posts_to("U_BEN") == []  # it was taken back before it was sent


# ---------------------------------------------------------------------------------------------- Home


def test_the_form_opens_from_home_and_by_the_command_alone(house: House) -> None:
    assert "I am away" in words(home(house))

    view = opened(house)
    typed(house, "away")

    assert house.world.opened[-1] == view
    assert check_view(view, allowed=("modal",)) == []
    assert "They cannot pass it on" in words(view)
    assert "2026-03-02" in json.dumps(view)


def test_the_form_does_the_same_as_the_command_and_home_shows_it(house: House) -> None:
    house.open_home("U_ANN")

    response = house.submit("U_ANN", opened(house), form("2026-03-02", "2026-03-06", "U_BEN"))
    beat(house)

    assert "Ben decides for you from now on" in words(json.loads(response.body or ""))
    page = house.world.homes["U_ANN"]
    assert "You are away until Fri 6 Mar 2026; Ben decides for you." in words(page)
    assert check_view(page, allowed=("home",)) == []
    assert "I am back" in words(page)


def test_i_am_back_on_home_ends_it_once(house: House) -> None:
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")
    line = next(block for block in home(house)["blocks"] if "You are away" in json.dumps(block))
    value = line["accessory"]["value"]

    house.press("U_ANN", Action.RETURN, value, where="home")
    beat(house)
    assert "You are away" not in words(house.world.homes["U_ANN"])
    assert absences(house) == []

    house.press("U_ANN", Action.RETURN, value, where="home")
    house.send()
    assert "You are not away on that day" in house.posts_to("U_ANN")[-1].text


@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        (form("2026-03-06", "2026-03-04"), Block.AWAY_UNTIL, "before the first"),
        (form("2026-02-02", "2026-03-01"), Block.AWAY_UNTIL, "days are over"),
        (form("2026-03-02", "2027-04-01"), Block.AWAY_UNTIL, "more than a year"),
        (form("2026-03-02", "2026-03-06", "U_ANN"), Block.AWAY_DELEGATE, "cannot decide for yourself"),
        (form("2026-03-02", "2026-03-06", "U_OUT"), Block.AWAY_DELEGATE, "full member"),
    ],
)
def test_what_cannot_be_stands_at_its_field_and_can_be_corrected(
    house: House, answers: dict[str, dict[str, Any]], field: Block, says: str
) -> None:
    hire(house, "U_OUT", is_restricted=True)
    view = opened(house)

    refused = json.loads(house.submit("U_ANN", view, answers, view_id="V_AWAY").body or "")
    assert says in refused["errors"][field]
    assert absences(house) == []

    taken = house.submit("U_ANN", view, form("2026-03-02", "2026-03-06", "U_BEN"), view_id="V_AWAY")
    assert json.loads(taken.body or "")["response_action"] == "update"
    assert len(absences(house)) == 1


@pytest.mark.parametrize("answers", [form("soon", "2026-03-06"), form("2026-03-02", "2026-13-01"), {}])
def test_what_no_form_of_ours_can_send_is_malformed(house: House, answers: dict[str, dict[str, Any]]) -> None:
    assert house.submit("U_ANN", opened(house), answers).status == 400


def test_a_guest_opens_no_form_and_ends_nothing(house: House) -> None:
    view = opened(house)
    hire(house, "U_OUT", is_restricted=True)

    house.press("U_OUT", Action.AWAY, "home", where="home")
    house.press("U_OUT", Action.RETURN, "2026-03-06", where="home")
    house.send()

    assert all("full members" in post.text for post in house.posts_to("U_OUT"))
    answer = house.submit("U_OUT", view, form("2026-03-02", "2026-03-06"))
    assert "full members" in words(json.loads(answer.body or ""))


# ------------------------------------------------------------------------------------------ the summary


def test_ann_reads_once_what_was_decided_for_her_and_what_still_waits_when_she_works_again(house: House) -> None:
    house.propose(name="Sort mail")
    house.propose("U_BEN", name="Draft replies")  # his own, so it stays with her
    typed(house, "away until 2026-03-02 delegate <@U_BEN>")
    beat(house)
    house.approve("U_BEN", "UC-1")
    house.clock.advance(hours=14, minutes=30)  # half past midnight in Berlin: the delegation is over
    beat(house)
    before = len(house.posts_to("U_ANN"))

    house.clock.advance(hours=9)
    beat(house)
    beat(house)

    [summary] = house.posts_to("U_ANN")[before:]
    assert "While you were away Ben decided 1 request for you" in summary.text
    assert "Ben approved *UC-1* “Sort mail”" in summary.text
    assert "1 request waits for you:" in summary.text
    assert "*UC-2* “Draft replies”" in summary.text
    assert set(buttons(summary)) == {"Open", "Decide"}
    house.press("U_ANN", Action.OPEN, buttons(summary)["Decide"])
    assert "Draft replies" in words(house.world.opened[-1])


def test_whoever_says_they_are_back_is_told_at_once(house: House) -> None:
    house.propose()
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")
    beat(house)
    house.clock.advance(hours=12)  # ten in the evening
    house.reject("U_BEN", "Not yet.")
    house.send()
    before = len(house.posts_to("U_ANN"))

    typed(house, "back")
    beat(house)
    beat(house)

    [summary] = house.posts_to("U_ANN")[before:]
    assert "Ben rejected *UC-1*" in summary.text
    assert "Nothing waits for you." in summary.text


def test_who_comes_back_to_nothing_is_told_that(house: House) -> None:
    typed(house, "away until 2026-03-02 delegate <@U_BEN>")
    house.clock.advance(days=1)
    beat(house)

    [summary] = house.posts_to("U_ANN")
    assert "Ben decided nothing for you while you were away" in summary.text
    assert "Nothing waits for you." in summary.text


def test_a_long_summary_stays_within_what_slack_takes(house: House) -> None:
    for _ in range(12):
        house.propose(name="N" * 120)
    typed(house, "away until 2026-03-02 delegate <@U_BEN>")
    beat(house)
    house.clock.advance(days=1)
    beat(house)

    summary = house.posts_to("U_ANN")[-1]
    assert "12 requests wait for you:" in summary.text
    assert "… and 2 more" in words(summary)
    assert len(summary.blocks) <= 50
    assert len(summary.text) < 40_000


def test_somebody_who_left_meanwhile_gets_no_summary(house: House) -> None:
    typed(house, "away until 2026-03-02 delegate <@U_BEN>")
    house.tell({"type": "user_change", "user": house.world.people["U_ANN"] | {"deleted": True}})
    house.clock.advance(days=1)
    beat(house)

    assert house.posts_to("U_ANN") == []


def test_the_clock_only_reads_while_nobody_came_back(house: House) -> None:
    typed(house, "away until 2026-03-06 delegate <@U_BEN>")
    beat(house)

    with recorded(house.database.engine) as recording:
        ticks.tick(house.database, house.clock.now() + timedelta(seconds=2))
        asked = recording.taken()

    assert not [each.text for each in asked if each.text.startswith(("INSERT", "UPDATE", "DELETE"))]
