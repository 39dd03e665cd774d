"""Each person is told once a week, as theirs begins, of the three things that wait for them most."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from db.enums import OutboxKind
from db.tables import Leave, OutboxRow, WeeklyPost, YourWeekOff
from handlers import ticks
from handlers.ids import Action, Command
from sandbox.blockkit.validate import check_message
from tests.support.conditions import approve_if, want
from tests.support.fakes import Post
from tests.support.house import House, buttons, words
from tests.support.races import Meeting, together
from tests.support.statements import recorded
from workflows import digests, people, settings
from workflows.settings import SettingName

# The house opens on Monday, 2 March 2026, at nine in London and ten in Berlin, where everybody is.
MONDAY = "2026-03-09"


@pytest.fixture
def told(house: House) -> House:
    """Return a house whose people are told of their week, and in which a request waits for Ann."""
    with house.database.transaction() as session:
        settings.change(session, SettingName.YOUR_WEEK, "on", actor=None, now=house.clock.now())
    go_to(house, "2026-03-06T15:00")
    house.propose()
    return house


def go_to(house: House, local: str) -> None:
    there = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    house.clock.advance(seconds=(there - house.clock.now()).total_seconds())
    ticks.tick(house.database, house.clock.now())
    house.send()


def weeks(house: House, who: str = "U_ANN") -> list[Post]:
    return [post for post in house.posts_to(who) if "this week" in post.text]


def typed(house: House, text: str, who: str = "U_ANN", *, trigger: str = "") -> str:
    return house.command(who, text, command=Command.GATEHOUSE, trigger=trigger)


def promised(house: House) -> list[str]:
    with house.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == OutboxKind.YOUR_WEEK))
        return [row.conversation for row in rows]


def test_it_comes_when_the_week_begins_with_a_button_each_and_only_to_whom_something_waits_for(told: House) -> None:
    go_to(told, f"{MONDAY}T08:59")
    assert weeks(told) == []
    go_to(told, f"{MONDAY}T09:00")

    [post] = weeks(told)
    assert post.text.startswith("*One thing for you this week*\n🗳️ Decide on *UC-1* “Summarise complaint files”")
    assert list(buttons(post)) == ["Decide", "Not every week"]
    assert buttons(post)["Decide"] == str(told.request_id())
    assert check_message(post.blocks) == []
    assert not any(weeks(told, who) for who in ("U_PRIYA", "U_MAREK", "U_BEN", "U_OTTO"))
    for minute in range(1, 60, 7):
        go_to(told, f"{MONDAY}T09:{minute:02}")
    go_to(told, "2026-03-10T09:00")
    assert len(weeks(told)) == 1


def test_whoever_had_nothing_to_do_as_their_week_began_is_left_in_peace_until_the_next(told: House) -> None:
    told.approve("U_ANN")
    go_to(told, f"{MONDAY}T09:00")
    told.propose()
    for moment in (f"{MONDAY}T09:30", f"{MONDAY}T15:00", "2026-03-10T09:00"):
        go_to(told, moment)
    assert weeks(told) == []
    go_to(told, "2026-03-16T09:00")
    assert len(weeks(told)) == 1


def test_three_things_come_by_urgency_and_the_others_are_on_home(told: House) -> None:
    told.approve("U_ANN")
    told.propose(name="Second", owner="U_ANN")
    told.propose(name="Third")
    told.grant("governance", "U_BEN")
    for name in ("Fourth", "Fifth"):
        told.propose(name=name)
    go_to(told, f"{MONDAY}T09:00")

    [post] = weeks(told)
    assert "Your three things this week" in post.text
    assert [each for each in ("Third", "Fourth", "Fifth", "Second") if each in post.text] == [
        "Third",
        "Fourth",
        "Fifth",
    ]
    assert "more on Home" not in post.text  # Ann may not decide about what she owns
    told.propose(name="Sixth")
    assert "And 1 more on Home." in typed(told, "week")


def test_a_condition_that_is_due_soon_is_told_with_the_way_to_meet_it_and_one_due_in_months_is_not(told: House) -> None:
    approve_if(
        told,
        "U_ANN",
        want("Sign the DPIA", day=date(2026, 3, 13)),
        want("Tell the works council", day=date(2026, 6, 1)),
    )
    go_to(told, f"{MONDAY}T09:00")

    [post] = weeks(told, "U_MAREK")
    assert "Meet a condition of *UC-1* “Summarise complaint files”: “Sign the DPIA”\nBy Fri 13 Mar 2026" in post.text
    assert "works council" not in post.text
    assert "And 1 more on Home." in post.text
    assert list(buttons(post)) == ["Give evidence", "Not every week"]


def test_two_replicas_at_once_tell_it_once(told: House, monkeypatch: pytest.MonkeyPatch) -> None:
    there = datetime.fromisoformat(f"{MONDAY}T08:00").replace(tzinfo=UTC)
    told.clock.advance(seconds=(there - told.clock.now()).total_seconds())
    Meeting().before(monkeypatch, digests, "tell_your_week")

    together(*[lambda: ticks.tick(told.database, told.clock.now())] * 2)

    assert promised(told) == ["U_ANN"]


def test_never_on_leave_and_after_a_pause_of_a_day_it_comes_late(told: House) -> None:
    with told.database.transaction() as session:
        ann = people.find(session, "U_ANN")
        assert ann is not None
        leave = {"person_id": ann.id, "first_day": date(2026, 3, 9), "last_day": date(2026, 3, 11)}
        session.connection().execute(Leave.metadata.tables["leaves"].insert(), leave)
    for moment in (f"{MONDAY}T09:00", "2026-03-10T09:00", "2026-03-12T09:00"):
        go_to(told, moment)
    assert weeks(told) == []
    told.propose()  # the first one has timed out when Ann is back
    go_to(told, "2026-03-17T10:00")
    assert len(weeks(told)) == 1


def test_what_was_done_before_it_is_sent_is_not_told(told: House) -> None:
    told.clock.advance(seconds=(datetime(2026, 3, 9, 8, tzinfo=UTC) - told.clock.now()).total_seconds())
    ticks.tick(told.database, told.clock.now())
    told.approve("U_ANN")
    told.send()

    assert promised(told) == ["U_ANN"]
    assert weeks(told) == []


def test_not_every_week_switches_it_off_and_says_how_to_switch_it_on_again(told: House) -> None:
    go_to(told, f"{MONDAY}T09:00")
    for _ in range(2):
        told.press("U_ANN", Action.YOUR_WEEK_OFF, "week", stamp="7.0")
    told.send()
    assert told.whispers_to("U_ANN")[-1] == (
        "✅ You are not told of your week any more. `/gatehouse week on` switches it on again."
    )
    with told.database.reading() as session:
        assert len(session.exec(select(YourWeekOff)).all()) == 1
    go_to(told, "2026-03-16T09:00")
    assert len(weeks(told)) == 1

    assert "You are told of your week again" in typed(told, "week on")
    go_to(told, "2026-03-20T15:00")
    told.propose()
    go_to(told, "2026-03-23T09:00")
    assert len(weeks(told)) == 2


def test_gatehouse_week_shows_it_at_any_time_privately_and_says_when_nothing_waits(told: House) -> None:
    shown: dict[str, Any] = json.loads(typed(told, "week"))
    assert "Decide on *UC-1*" in words(shown["blocks"])
    assert "Not every week" not in words(shown)
    assert check_message(shown["blocks"]) == []
    assert "Nothing waits for you" in typed(told, "week", "U_OTTO")
    assert "`/gatehouse week on` or `/gatehouse week off`" in typed(told, "week soon")


def test_an_organisation_switches_it_off_and_who_asks_is_answered_still(told: House) -> None:
    told.grant("admin", "U_BEN")
    told.press("U_BEN", Action.SETTINGS, "home", where="home")
    assert "people are told of the three things" in words(told.world.opened[-1])
    view = told.turn("U_BEN", Action.SET_YOUR_WEEK, "off")
    assert "Nobody is told of their week any more" in words(view)
    assert "settings.changed" in told.facts()
    go_to(told, f"{MONDAY}T09:00")
    assert weeks(told) == []
    assert "Decide on" in typed(told, "week")
    assert "switched it off for everybody" in typed(told, "week on")
    assert told.press("U_PRIYA", Action.SET_YOUR_WEEK, "on", where="home").status == 200
    with told.database.reading() as session:
        assert not digests.your_week_is_on(session)


def test_a_beat_in_which_nobodys_week_begins_asks_one_question_for_it(told: House) -> None:
    go_to(told, f"{MONDAY}T09:00")
    with recorded(told.database.engine) as recording:
        with told.database.reading():
            pass
        recording.taken()
        with told.database.reading() as session:
            assert not digests.your_week_due(session, now=told.clock.now())
        assert len(recording.taken()) == 1
    with told.database.reading() as session:
        marks = select(WeeklyPost).where(col(WeeklyPost.kind) == "your_week_looked")
        assert len(session.exec(marks).all()) <= 5
