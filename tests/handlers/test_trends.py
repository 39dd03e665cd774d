"""People look at how their KPIs go: below an answer, in the KPIs' window, and as a table."""

from uuid import UUID

from sqlalchemy import insert
from sqlmodel import select

from db.enums import Verdict
from db.ids import new_id
from db.tables import Picture, Reading, Verification
from handlers.ids import Action, Callback
from tests.support.asking import ANN, BEN, MAREK, OTTO, PRIYA, Asking
from tests.support.house import House, buttons, words
from workflows import people


def shown(house: House, who: str, action: Action, value: str) -> str:
    """Press a button and return what the window that opens says, or nothing when none does."""
    before = len(house.world.opened)
    house.press(who, action, value)
    house.send()
    return words(house.world.opened[-1]) if len(house.world.opened) > before else ""


def says(asking: Asking, who: str, *verdicts: Verdict) -> None:
    """Let somebody say this of the newest reading, one after the other."""
    with asking.house.database.transaction() as session:
        person = people.find(session, who)
        reading = session.exec(select(Reading.id).order_by(Reading.read_for.desc())).first()  # type: ignore[attr-defined]
        assert person is not None
        for number, verdict in enumerate(verdicts):
            asking.house.clock.advance(seconds=number + 1)
            values = {"id": new_id(), "reading_id": reading, "person_id": person.id, "verdict": verdict}
            session.connection().execute(insert(Verification), values | {"said_at": asking.house.clock.now()})


def test_marek_reads_his_readings_as_a_table_with_what_is_missing_and_who_confirmed_them(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5", CONFIDENCE="at_risk")
    asking.go_to("2026-03-17T09:00")  # the one of the 10th passed by
    asking.answer("4.9")
    house.send()
    says(asking, MAREK, Verdict.CONFIRMED)  # of one's own it means nothing
    says(asking, ANN, Verdict.DOUBTED, Verdict.CONFIRMED)
    says(asking, PRIYA, Verdict.CONFIRMED, Verdict.DOUBTED)

    way = buttons(asking.prompts_to()[-1])["As a table"]
    assert "17 Mar   4.9 self   doubted   on" in shown(house, MAREK, Action.TREND_TABLE, way)
    says(asking, PRIYA, Verdict.CONFIRMED)

    table = shown(house, MAREK, Action.TREND_TABLE, way)

    assert "17 Mar   4.9 self   Ann, Pri… on" in table
    assert "10 Mar missing" in table
    assert " 3 Mar   5.5 self   –         risk" in table
    assert house.world.opened[-1]["callback_id"] == Callback.TREND_TABLE


def test_the_kpis_show_the_picture_slack_has_and_wait_for_none(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    window = shown(house, OTTO, Action.KPIS, str(asking.use_case_id))  # what Marek answered is not sent yet
    assert "📈 Hours per file: 5.5 on 3 Mar 2026" in window
    assert "image" not in [block["type"] for block in house.world.opened[-1]["blocks"]]

    window = shown(house, OTTO, Action.KPIS, str(asking.use_case_id))

    [image] = [block for block in house.world.opened[-1]["blocks"] if block["type"] == "image"]
    assert image["slack_file"]["id"] in house.world.files
    assert "5.5 on 3 Mar 2026" in image["alt_text"]
    assert " 3 Mar   5.5 self   –         on" in shown(house, OTTO, Action.TREND_TABLE, f"u.{asking.use_case_id}")


def test_a_picture_deleted_at_slack_does_not_keep_the_window_shut(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    house.send()
    house.world.files.clear()

    assert "5.5 on 3 Mar 2026" not in shown(house, MAREK, Action.KPIS, str(asking.use_case_id))

    assert "image" not in [block["type"] for block in house.world.opened[-1]["blocks"]]
    assert house.whispers_to(MAREK) == []
    with house.database.reading() as session:
        assert session.exec(select(Picture)).all() == []


def test_who_may_not_read_the_numbers_gets_no_table_and_of_a_confidential_one_no_picture(house: House) -> None:
    asking = Asking(house, confidential=["yes"])
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    house.send()
    [prompt] = asking.prompts_to()
    value = buttons(prompt)["As a table"]

    assert shown(house, BEN, Action.TREND_TABLE, value) == ""
    assert shown(house, BEN, Action.TREND_TABLE, f"u.{asking.use_case_id}") == ""
    assert all("no such check-in" in text for text in house.whispers_to(BEN))
    assert UUID(value.removeprefix("c.")) == asking.newest().id
    assert [post for post in house.world.posts if any(each["type"] == "image" for each in post.blocks)] == [prompt]
