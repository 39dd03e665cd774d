"""What is in use already is recorded, shows what is missing, and is proposed by a day under the number it has."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.enums import DraftStatus
from db.tables import Draft, Recording, UseCase
from handlers import ticks
from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_message, check_view
from tests.support.fakes import Post, member
from tests.support.house import House, buttons, errors_in, filled, view_in, words
from tests.support.races import Meeting, together
from tests.support.shown import home_buttons
from workflows import intake, recorded
from workflows.intake import Step
from workflows.recorded import Register

LEAD, OWNER, OTHER = "U_OTTO", "U_MAREK", "U_BEN"
NAME = "Claims <chat> & *bot*"


@pytest.fixture
def led(house: House) -> House:
    house.grant("lead", LEAD)
    for who in (OWNER, OTHER):
        house.act(who, lambda _, __: None)  # Slack was asked who they are
    return house


def record(house: House, who: str = LEAD, **said: str) -> BoltResponse:
    """Fill in the form; what is not said stays as it stands in the form."""
    before = len(house.world.opened)
    house.press(who, Action.RECORD, "recorded", where="home")
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    view = house.world.opened[-1]
    assert check_view(view, allowed=("modal",)) == []
    kinds = {"RECORDED_OWNER": "selected_user", "RECORDED_DAY": "selected_date"}
    given = {Block[field]: {kinds.get(field, "value"): answer} for field, answer in said.items()}
    day = {Block.RECORDED_DAY: {"selected_date": view["blocks"][-1]["element"]["initial_date"]}}
    return house.submit(who, view, {**day, Block.RECORDED_NAME: {"value": NAME}, **given})


def rows(house: House) -> list[Recording]:
    with house.database.reading() as session:
        return list(session.exec(select(Recording).order_by(col(Recording.number))))


def listed(house: House, who: str) -> dict[str, Any]:
    assert house.command(who, "recorded", command=Command.GATEHOUSE) == ""
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []
    return house.world.opened[-1]


def propose(house: House, who: str, **answers: Any) -> dict[str, Any]:
    """Press “Propose it” and go through the steps with what stands there; return the last step's window."""
    house.press(who, Action.PROPOSE_RECORDED, str(rows(house)[0].id))
    view = house.world.opened[-1]
    return house.gone_on(who, view, until=Step.PREVIEW, **answers)


def jump_to(house: House, text: str) -> None:
    house.clock._real = datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: SLF001 - nobody was there
    while ticks.tick(house.database, house.clock.now()):
        pass
    house.send()


def asked(house: House, who: str) -> list[Post]:
    return [post for post in house.posts_to(who) if "See what is missing" in buttons(post)]


def leave(house: House, who: str) -> None:
    house.world.people[who] = member(who, deleted=True)
    house.tell({"type": "user_change", "user": house.world.people[who]})


# --------------------------------------------------------------------------------------------- recording


def test_a_lead_records_what_is_in_use_and_everybody_sees_what_is_missing_and_nothing_made_up(led: House) -> None:
    told = view_in(record(led, RECORDED_OWNER=OWNER, RECORDED_PROBLEM="Quagga letters."))

    assert (
        "✅ *UC-1* “Claims &lt;chat&gt; &amp; ∗bot∗” is recorded. Marek is asked to propose it by Sun 31 May 2026."
        in words(told)
    )
    [row] = rows(led)
    assert (row.stage, row.team, row.vendor, row.origin) == (None, None, None, None)
    shown = words(listed(led, LEAD))
    assert "“Claims &lt;chat&gt; &amp; ∗bot∗” · To be proposed by Sun 31 May 2026" in shown
    assert "Team not said · stage not said · owner Marek" in shown
    assert "To propose it, find out its team, a sponsor, a business objective and a KPI." in shown
    assert "None counts as a deployment." in shown
    for who, knows, may in ((OTHER, False, False), (OWNER, True, True), (LEAD, True, True)):
        blocks = json.loads(led.command(who, "uc 1"))["blocks"]
        answer = words(blocks)
        assert "State: recorded, in use and never proposed. Team not said · stage not said" in answer
        assert ("Quagga letters." in answer) is knows
        assert ("Propose it" in answer) is may
        assert check_message(blocks) == []
    assert "Claims" not in words(listed(led, OTHER))
    assert led.propose() == "UC-2"
    assert led.facts().count("recording.recorded") == 1


def test_who_does_not_lead_records_and_drops_nothing_and_what_is_wrong_stands_at_its_field(led: House) -> None:
    led.press(OTHER, Action.RECORD, "recorded", where="home")
    led.send()
    assert "Only programme leads and admins can do that." in words(led.posts_to(OTHER)[-1].text)
    led.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)

    for said, field, text in (
        ({"RECORDED_NAME": " \u2800"}, Block.RECORDED_NAME, "Write what people call it."),
        ({"RECORDED_DAY": "2026-03-02"}, Block.RECORDED_DAY, "Choose a day that is still to come."),
        ({"RECORDED_DAY": "2028-03-02"}, Block.RECORDED_DAY, "Choose a day within the next two years."),
        ({"RECORDED_OWNER": "U_GUEST"}, Block.RECORDED_OWNER, "Choose a full member of your organisation"),
    ):
        assert errors_in(record(led, **said))[field].startswith(text)
    assert rows(led) == []


def test_a_long_list_has_pages_and_the_next_due_come_first(led: House) -> None:
    text = "name,origin\n" + "\n".join(f"Tool {number},R {number}" for number in range(45))
    found = recorded.read(text.encode())
    assert isinstance(found, Register)
    with led.database.transaction() as session:
        recorded.carry_out(session, recorded.plan(session, found, now=led.clock.now()), now=led.clock.now())
    record(led, RECORDED_DAY="2026-03-20")

    first = listed(led, LEAD)
    assert "*UC-46*" in words(first["blocks"][3])
    assert "1 to 20 of 46" in words(first)
    led.turn(LEAD, Action.RECORDED_PAGE, "40", view=first)

    assert "41 to 46 of 46" in words(led.world.opened[-1])
    assert check_view(led.world.opened[-1], allowed=("modal",)) == []
    led.open_home(LEAD)
    led.send()
    said = "46 use cases are recorded as in use and not proposed yet, 46 of a stage nobody said."
    assert said in words(led.world.homes[LEAD])


# --------------------------------------------------------------------------------------------- proposing


def test_its_owner_proposes_it_with_what_is_known_filled_in_and_it_keeps_its_number(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER, RECORDED_PROBLEM="Slow.", RECORDED_TEAM="Claims", RECORDED_VENDOR="Northlight")
    led.propose(name="Something else", differs="All.")
    led.open_home(OWNER)
    led.send()
    led.press(OWNER, Action.PROPOSE_RECORDED, home_buttons(led, OWNER)["Propose it"], where="home")
    form = {
        key: each.get("value") or each.get("selected_user")
        for key, each in filled(led.world.opened[-1], answered={}).items()
    }
    assert (form[Block.NAME], form[Block.PROBLEM], form[Block.TEAM], form[Block.OWNER]) == (
        NAME,
        "Slow.",
        "Claims",
        OWNER,
    )
    assert "✍️ Marek is writing the proposal." in words(listed(led, LEAD))
    again = len(led.world.opened)
    led.press(OWNER, Action.PROPOSE_RECORDED, str(rows(led)[0].id))
    with led.database.reading() as session:
        assert len(session.exec(select(Draft)).all()) == 1
    assert len(led.world.opened) == again + 1

    view = led.gone_on(OWNER, led.world.opened[-1], until=Step.PREVIEW, name=NAME, problem="Slow.", team="Claims")
    told = view_in(led.submit(OWNER, view, {}, view_id="V_SENT"))
    assert told["title"]["text"] == "UC-1"
    assert led.submit(OWNER, view, {}, view_id="V_SENT").status == 200

    with led.database.reading() as session:
        use_case = session.exec(select(UseCase).where(UseCase.number == 1)).one()
        assert len(session.exec(select(UseCase)).all()) == 2
    assert rows(led)[0].use_case_id == use_case.id
    assert "Team Claims · Medium tier" in led.command(LEAD, "UC-1")
    assert "Claims" not in words(listed(led, LEAD))
    assert led.propose(name="A third one") == "UC-3"
    assert led.facts().count("recording.proposed") == 1
    led.send()
    assert "In use and never proposed" not in words(led.world.homes[OWNER])


def test_nobody_else_proposes_it_and_who_comes_second_is_told_and_keeps_the_draft(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER)
    led.press(OTHER, Action.PROPOSE_RECORDED, str(rows(led)[0].id))
    led.send()
    assert led.whispers_to(OTHER)[-1].startswith("Only its owner, programme leads and admins can propose it.")

    views = [propose(led, who, name=NAME) for who in (OWNER, LEAD)]
    assert view_in(led.submit(OWNER, views[0], {}))["title"]["text"] == "UC-1"
    told = words(view_in(led.submit(LEAD, views[1], {})))

    assert "Somebody else has proposed this meanwhile" in told
    with led.database.reading() as session:
        assert [each.number for each in session.exec(select(UseCase))] == [1]
        assert {each.status for each in session.exec(select(Draft))} == {DraftStatus.SUBMITTED, DraftStatus.OPEN}
    led.press(LEAD, Action.PROPOSE_RECORDED, str(rows(led)[0].id))
    led.send()
    assert led.whispers_to(LEAD)[-1].startswith("It was proposed meanwhile")


def test_two_who_send_it_at_once_make_one_use_case(led: House, monkeypatch: pytest.MonkeyPatch) -> None:
    record(led, RECORDED_OWNER=OWNER)
    views = {who: propose(led, who, name=NAME) for who in (OWNER, LEAD)}
    meeting = Meeting()
    meeting.before(monkeypatch, intake, "submit")

    answers = together(*(lambda who=who: words(view_in(led.submit(who, views[who], {}))) for who in views))

    assert sum("Somebody else has proposed this meanwhile" in told for told in answers) == 1
    assert not meeting.both_came
    with led.database.reading() as session:
        assert [each.number for each in session.exec(select(UseCase))] == [1]


def test_proposed_as_confidential_it_is_nothing_to_others_any_more(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER)
    view = propose(led, OWNER, name=NAME, confidential=["confidential"])
    led.submit(OWNER, view, {})

    assert led.command(OTHER, "UC-1").startswith("There is no use case")


def test_a_draft_emptied_again_is_kept_with_what_it_was_begun_for(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER)
    led.press(OWNER, Action.PROPOSE_RECORDED, str(rows(led)[0].id))
    with led.database.reading() as session:
        draft_id = session.exec(select(Draft.id)).one()
    emptied = dict.fromkeys(("name", "owner"), "")
    led.act(OWNER, lambda s, who: intake.go_back(s, draft_id, Step.BASICS, emptied, author=who, now=led.clock.now()))
    led.clock.advance(days=3)

    assert ticks.tidy(led.database, led.clock.now()) >= 0

    with led.database.reading() as session:
        assert len(session.exec(select(Draft)).all()) == 1


# ---------------------------------------------------------------------------------------------- dropping


def test_a_lead_drops_what_is_no_ai_with_a_reason_and_its_number_stays_taken(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER)
    view = propose(led, OWNER, name=NAME)
    recording_id = str(rows(led)[0].id)
    led.press(OWNER, Action.DROP_RECORDED, recording_id)
    led.send()
    assert led.whispers_to(OWNER)[-1].startswith("Only programme leads and admins")
    led.press(LEAD, Action.DROP_RECORDED, recording_id)
    form = led.world.opened[-1]
    assert check_view(form, allowed=("modal",)) == []
    assert errors_in(led.submit(LEAD, form, {})) == {Block.DROP_BECAUSE: "Choose one of the two."}

    chosen = {Block.DROP_BECAUSE: {"selected_option": {"value": "is_not_ai"}}, Block.DROP_WORDS: {"value": "A macro."}}
    assert "UC-1 is dropped" in words(view_in(led.submit(LEAD, form, chosen)))

    assert "It is not AI. A macro." in led.command(OWNER, "UC-1")
    assert "Propose it" not in led.command(OWNER, "UC-1")
    assert "Nothing is recorded as in use" in words(listed(led, LEAD))
    assert led.facts().count("recording.dropped") == 1
    jump_to(led, "2026-06-01T13:00")
    assert asked(led, OWNER) == []
    # Whoever proposes it all the same says that it is there: a use case of its own.
    assert view_in(led.submit(OWNER, view, {}))["title"]["text"] == "UC-2"


# ------------------------------------------------------------------------------------------------ asking


def test_its_owner_is_asked_thirty_and_seven_days_before_and_once_after_in_their_hours_and_no_more(led: House) -> None:
    record(led, RECORDED_OWNER=OWNER)  # by Sunday, 31 May 2026

    for before, then, said in (
        ("2026-05-04T06:59", "2026-05-04T07:00", "To be proposed by Sun 31 May 2026"),  # 1 May is a holiday, a Friday
        ("2026-05-26T06:59", "2026-05-26T07:00", "To be proposed by Sun 31 May 2026"),  # 24 May a Sunday, 25 a holiday
        ("2026-06-01T06:59", "2026-06-01T07:00", "⚠️ Should have been proposed by Sun 31 May 2026"),
    ):
        had = len(asked(led, OWNER))
        jump_to(led, before)
        assert len(asked(led, OWNER)) == had
        jump_to(led, then)
        assert len(asked(led, OWNER)) == had + 1
        assert said in asked(led, OWNER)[-1].text
    jump_to(led, "2026-09-01T13:00")

    assert len(asked(led, OWNER)) == 3
    assert asked(led, LEAD) == []
    assert list(buttons(asked(led, OWNER)[0])) == ["Propose it", "See what is missing"]
    assert check_message(asked(led, OWNER)[0].blocks) == []
    with led.database.reading() as session:
        assert recorded.counts(session, now=led.clock.now()) == recorded.Counts(1, 1, 1)


def test_a_hundred_at_once_are_one_message_and_who_left_is_replaced_by_the_leads(led: House) -> None:
    led.grant("lead", OTHER)
    lines = [f"Tool {number},R {number},{OWNER if number % 2 else ''}" for number in range(100)]
    found = recorded.read(("name,origin,owner\n" + "\n".join(lines)).encode())
    assert isinstance(found, Register)
    with led.database.transaction() as session:
        recorded.carry_out(session, recorded.plan(session, found, now=led.clock.now()), now=led.clock.now())

    jump_to(led, "2026-05-04T07:00")

    for who in (OWNER, LEAD, OTHER):
        [told] = asked(led, who)
        assert "📌 50 use cases are in use and were never proposed." in told.text
        assert "… and 40 more." in told.text
        assert check_message(told.blocks) == []
    leave(led, OWNER)
    jump_to(led, "2026-05-26T07:00")
    assert [len(asked(led, who)) for who in (OWNER, LEAD, OTHER)] == [1, 2, 2]
    assert "📌 100 use cases" in asked(led, LEAD)[1].text
