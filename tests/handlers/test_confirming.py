"""A second named person confirms numbers: who is asked, what they see, and what their word does."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from db.tables import ApprovalRequest, Reading, Verification
from handlers.checkins import confirming_notices
from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_message, check_view
from tests.handlers.test_check_in_answers import asked
from tests.support.asking import ANN, BEN, MAREK, OTTO, PRIYA, Asking
from tests.support.fakes import Post, member
from tests.support.house import House, buttons, errors_in, view_in, words
from tests.support.renewals import retire, start_campaign
from workflows import checkins


def asks_ben(house: House, value: str = "2.9", **more: str) -> Asking:
    """Let Marek answer and name Ben as who can confirm it."""
    asking = asked(house)
    asking.answer(value, VERIFIER=BEN, **more)
    house.send()
    return asking


def message_to(house: House, who: str = BEN) -> Post:
    post = [each for each in house.posts_to(who) if "are these numbers right?" in each.text][-1]
    assert check_message(post.blocks) == []
    return post


def picture_in(asking: Asking) -> str:
    """Return what the picture in the message that asked Marek says to who cannot see it."""
    [image] = [block for block in asking.prompts_to()[0].blocks if block["type"] == "image"]
    return str(image["alt_text"])


def press(house: House, what: str, who: str = BEN, post: Post | None = None) -> None:
    action = {"Confirm": Action.CONFIRM_NUMBERS, "Not right …": Action.DOUBT_NUMBERS}[what]
    house.press(who, action, buttons(post or message_to(house, who))[what])
    house.send()


def doubt(house: House, reason: str, who: str = BEN) -> Any:
    press(house, "Not right …", who)
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []
    response = house.submit(who, house.world.opened[-1], {Block.DOUBT_REASON: {"value": reason}})
    house.send()
    return response


def verdicts(house: House) -> list[str]:
    with house.database.reading() as session:
        return [each.verdict.value for each in session.exec(select(Verification).order_by(col(Verification.said_at)))]


def kpi_window(asking: Asking, who: str = MAREK) -> dict[str, Any]:
    asking.house.press(who, Action.KPIS, str(asking.use_case_id), where="home")
    assert check_view(asking.house.world.opened[-1], allowed=("modal",)) == []
    return asking.house.world.opened[-1]


def reading_id(house: House) -> UUID:
    with house.database.reading() as session:
        return session.exec(select(Reading.id).where(col(Reading.superseded_at).is_(None))).one()


def test_who_is_named_gets_the_numbers_confirms_by_one_press_and_who_answered_reads_it(house: House) -> None:
    asking = asks_ben(house, EVIDENCE="https://wiki.example.com/files")

    shown = words(message_to(house))
    for text in ("UC-1", "Marek reported them for Tue 3 Mar 2026", "2.9 hours", "target 3 hours", "wiki.example.com"):
        assert text in shown
    assert "🔎 Ben is asked to confirm it." in words(asking.prompts_to()[0])
    opened = len(house.world.opened)
    press(house, "Confirm")

    assert verdicts(house) == ["confirmed"]
    assert len(house.world.opened) == opened
    assert "✅ You confirmed this on 3 Mar 2026." in words(message_to(house))
    assert "Confirm" not in buttons(message_to(house))
    assert "✅ Confirmed by Ben on 3 Mar 2026." in words(asking.prompts_to()[0])
    assert "2.9 on 3 Mar 2026 (confirmed)" in picture_in(asking)
    assert "reading.confirmed" in asking.facts()


def test_who_was_named_is_remembered_so_no_change_asks_them_too_even_on_leave(house: House) -> None:
    asking = asks_ben(house)
    asking.is_away(BEN, "2026-03-09", "2026-03-20")
    asking.go_to("2026-03-10T09:00")

    asking.unchanged()
    house.send()

    assert [post.text for post in house.posts_to(BEN) if "Tue 10 Mar 2026" in post.text]
    view = asking.open_form()
    assert check_view(view, allowed=("modal",)) == []
    [picker] = [block for block in view["blocks"] if block.get("block_id") == Block.VERIFIER]
    assert picker["element"]["initial_user"] == BEN


@pytest.mark.parametrize(
    ("who", "answers", "says"),
    [
        pytest.param(MAREK, MAREK, "You give these numbers, so choose somebody else", id="oneself"),
        pytest.param(MAREK, OTTO, "Marek reports these numbers", id="who reports them, though another answers"),
        pytest.param("U_GUEST", MAREK, "Choose a full member", id="a guest"),
    ],
)
def test_who_cannot_confirm_is_refused_at_the_field_with_what_to_do(
    house: House, who: str, answers: str, says: str
) -> None:
    house.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    asking = asked(house)

    response = asking.answer("2.9", answers, VERIFIER=who)

    assert says in errors_in(response)[Block.VERIFIER]
    assert asking.readings() == []


def test_of_a_confidential_use_case_only_who_may_read_it_is_asked(house: House) -> None:
    asking = Asking(house, confidential=["confidential"])
    asking.go_to("2026-03-03T09:00")

    told = errors_in(asking.answer("2.9", VERIFIER=BEN))[Block.VERIFIER]
    asking.answer("2.9", VERIFIER=OTTO)
    house.send()

    assert "Ben has no part in it. Choose its sponsor" in told
    assert "2.9 hours" in words(message_to(house, OTTO))
    assert house.posts_to(BEN) == []


def test_who_may_not_read_it_any_more_is_not_said_to_be_asked(house: House) -> None:
    asking = asks_ben(house)
    with house.database.transaction() as session:
        session.connection().execute(update(ApprovalRequest).values(confidential=True))
        check_in = checkins.check_in_of(session, asking.newest().id)
        assert check_in is not None

        said = confirming_notices.line(session, check_in)

    assert "Ben is asked" not in said
    assert "it is confidential and Ben has no part in it. Choose somebody else" in said


def test_who_is_remembered_and_answers_in_somebodys_place_is_not_asked_and_reads_why(house: House) -> None:
    asking = asked(house)
    asking.answer("2.9", VERIFIER=OTTO)
    asking.go_to("2026-03-10T09:00")

    told = words(view_in(asking.answer("2.8", OTTO)))
    house.send()

    assert "Nobody is asked to confirm it: Otto, who is usually asked, answered this time." in told
    assert not [post for post in house.posts_to(OTTO) if "right?" in post.text and "Tue 10 Mar" in post.text]
    assert asking.schedule().verifier_id is not None


def test_when_who_is_asked_leaves_it_is_said_and_others_can_confirm(house: House) -> None:
    asking = asks_ben(house)
    asking.leave(BEN)
    asking.go_to("2026-03-10T09:00")

    asking.unchanged()
    house.send()

    assert "Nobody is asked to confirm it: Ben has left. Choose somebody else" in words(asking.prompts_to()[-1])
    assert "Confirm 2.9" in words(kpi_window(asking, OTTO))


def test_a_doubt_needs_a_reason_and_tells_who_answered_with_the_way_to_change_it(house: House) -> None:
    asking = asks_ben(house)

    assert "Say what is not right" in errors_in(doubt(house, "  "))[Block.DOUBT_REASON]
    assert "At most 1000" in errors_in(doubt(house, "x" * 1001))[Block.DOUBT_REASON]
    doubt(house, "The log has <40> files.")

    [told] = [post for post in house.posts_to(MAREK) if "are not right" in post.text]
    assert check_message(told.blocks) == []
    assert "until Tue 10 Mar 2026" in told.text
    assert "The log has <40> files." in words(told)
    assert "Ben says that is not right: “The log has &lt;40&gt; files.”" in words(asking.prompts_to()[0])
    assert "2.9 on 3 Mar 2026 (doubted)" in picture_in(asking)
    house.press(MAREK, Action.ANSWER_CHECK_IN, buttons(told)["Edit"])
    asking.answer("2.7", view=house.world.opened[-1])
    house.send()
    assert "2.7 hours ✏️ instead of 2.9" in words(message_to(house))
    press(house, "Confirm")
    assert verdicts(house) == ["doubted", "confirmed"]
    assert "✅ Confirmed by Ben" in words(asking.prompts_to()[0])


def test_a_doubt_after_the_period_says_that_it_can_be_said_in_the_next(house: House) -> None:
    asking = asks_ben(house)
    asking.go_to("2026-03-10T09:00")

    doubt(house, "The log has 40 files.")

    [told] = [post for post in house.posts_to(MAREK) if "are not right" in post.text]
    assert "say it in the next one, from Tue 10 Mar 2026" in told.text
    assert buttons(told) == {}


def test_new_numbers_are_to_be_confirmed_anew_and_a_press_for_the_old_ones_does_nothing(house: House) -> None:
    asking = asks_ben(house)
    before = message_to(house)
    value = buttons(before)["Confirm"]
    house.advance(minutes=5)
    asking.answer("2.8")

    house.press(BEN, Action.CONFIRM_NUMBERS, value)
    house.send()

    assert verdicts(house) == []
    assert house.whispers_to(BEN)[-1].startswith("These numbers were changed in the meantime")
    [only] = [post for post in house.posts_to(BEN) if "are these numbers right?" in post.text]
    assert only.ts != before.ts  # of a message that is only changed Slack tells nobody
    assert "2.8 hours ✏️ instead of 2.9" in words(only)
    assert "These numbers were changed" in words(before)
    assert buttons(before) == {}
    house.advance(minutes=5)
    asking.answer("2.8", EVIDENCE="https://wiki.example.com/files")
    house.send()
    assert message_to(house).ts == only.ts  # the numbers are those they were asked of
    press(house, "Confirm")
    assert verdicts(house) == ["confirmed"]


def test_nobody_else_can_press_what_one_person_is_asked_and_a_second_press_counts_once(house: House) -> None:
    asks_ben(house)
    value = buttons(message_to(house))["Confirm"]

    house.press(ANN, Action.CONFIRM_NUMBERS, value)
    for _ in range(2):
        house.press(BEN, Action.CONFIRM_NUMBERS, value)
    house.send()

    assert house.whispers_to(ANN)[-1].startswith("You are not asked to confirm such numbers.")
    assert house.whispers_to(BEN)[-1] == "You confirmed that already; it counts once."
    assert verdicts(house) == ["confirmed"]


def test_when_the_use_case_ends_nothing_is_asked_of_who_was_to_confirm(house: House) -> None:
    asks_ben(house)
    value = buttons(message_to(house))["Confirm"]
    house.grant("lead", OTTO)
    start_campaign(house, OTTO, date(2026, 3, 20), tier="medium")
    retire(house, MAREK)
    house.send()

    assert "It has ended" in words(message_to(house))
    assert buttons(message_to(house)) == {}
    house.press(BEN, Action.CONFIRM_NUMBERS, value)
    house.send()
    assert "The use case has ended" in house.whispers_to(BEN)[-1]


def test_a_kpi_is_hit_once_somebody_confirmed_one_of_two_and_every_screen_says_so(house: House) -> None:
    asking = asked(house)
    asking.answer("2.9")
    assert "reached once, 2.9 on 3 Mar 2026; hit when the next reading reaches it too" in words(kpi_window(asking))
    asking.go_to("2026-03-10T09:00")
    asking.answer("2.8")
    asking.go_to("2026-03-11T09:00")

    view = kpi_window(asking)
    assert "reached twice, 2.9 on 3 Mar 2026 and 2.8 on 10 Mar 2026; waits for somebody" in words(view)
    assert "self-reported, not confirmed yet" in words(view)
    assert "Confirm 2.8" not in words(view)  # they are his own
    view = kpi_window(asking, OTTO)
    [confirm] = [
        e for b in view["blocks"] for e in b.get("elements", []) if e.get("action_id") == Action.CONFIRM_READING
    ]
    assert confirm["text"]["text"] == "Confirm 2.8"
    view = house.turn(OTTO, Action.CONFIRM_READING, confirm["value"], view=view)

    assert "✅ Confirmed." in words(view)
    assert "✅ confirmed by Otto on 11 Mar 2026" in words(view)
    hit = "🎯 hit: 2.9 on 3 Mar 2026 and 2.8 on 10 Mar 2026, confirmed by Otto"
    assert hit in words(view)
    house.press(MAREK, Action.OPEN, str(house.request_id()))
    assert hit in words(house.world.opened[-1])


def test_who_entered_a_number_or_has_no_part_in_it_cannot_confirm_it_in_the_window(house: House) -> None:
    asking = asks_ben(house)
    view = kpi_window(asking)
    reading = str(reading_id(house))

    for who, says in ((MAREK, "You entered these numbers yourself"), (PRIYA, "Only the owner of the use case")):
        assert says in words(house.turn(who, Action.CONFIRM_READING, reading, view=view))
    assert verdicts(house) == []
