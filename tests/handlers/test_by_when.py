"""People read by when to decide, and what happens then; the proposer reads it too."""

import re
from typing import Any

from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, words


def said(thing: Any) -> str:
    """Return what something says, with dates as the fallback shows them."""
    return re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", words(thing))


def until(house: House, *, hours: float) -> None:
    """Let hours pass, with a beat every twelve minutes."""
    for _ in range(round(hours * 5)):
        house.advance(minutes=12)
        house.send()


def proposed(house: House, *, hours: float = 4, **more: Any) -> None:
    """Propose UC-1 on Monday at ten in Berlin, asked of Ann, who has so many working hours."""
    put_in_force(house, policy_text(stage("review", lane("board", "governance", hours=hours) | more)))
    house.propose()
    house.send()


def test_the_card_and_the_window_say_by_when_to_decide_and_when_one_is_reminded(house: House) -> None:
    proposed(house)
    [card] = house.posts_to("U_ANN")

    line = "Please decide by *02 Mar 2026, 13:00 UTC*; you are reminded 02 Mar 2026, 11:00 UTC."
    assert line in said(card.blocks)
    assert line in said(card.text)
    assert line in said(house.command("U_ANN", "UC-1"))
    assert "due by" not in said(card.blocks)


def test_proposer_and_channel_read_by_when_a_lane_is_due(house: House) -> None:
    proposed(house)

    assert "due by 02 Mar 2026, 13:00 UTC." in said(house.posts_to("C_GOVERNANCE")[0].blocks)
    answer = said(house.command("U_PRIYA", "UC-1"))
    assert "due by 02 Mar 2026, 13:00 UTC." in answer
    assert "Please decide" not in answer


def test_a_reminder_says_by_when_and_the_last_that_it_was(house: House) -> None:
    proposed(house, escalate={"to": "lead"})
    until(house, hours=4)

    first, second, last = [post.text for post in house.posts_to("U_ANN") if "A reminder" in post.text]
    assert "It is due 02 Mar 2026, 13:00 UTC." in said(first)
    assert "It is due 02 Mar 2026, 13:00 UTC." in said(second)
    assert "It was due 02 Mar 2026, 13:00 UTC." in said(last)


def test_after_that_the_card_says_that_it_was_due_and_when_it_expires(house: House) -> None:
    proposed(house)
    until(house, hours=4)

    card = said(house.posts_to("U_ANN")[0].blocks)
    assert "Your decision was due 02 Mar 2026, 13:00 UTC." in card
    assert "The request expires 03 Mar 2026, 09:00 UTC unless somebody decides." in card
    assert "The request expires 03 Mar 2026, 09:00 UTC unless somebody decides." in said(
        house.posts_to("C_GOVERNANCE")[0].blocks
    )


def test_once_it_escalated_the_proposer_reads_what_happens_next(house: House) -> None:
    hire(house, "U_LEAD", "lead")
    proposed(house, escalate={"to": "lead"})
    until(house, hours=4)

    assert "due by 03 Mar 2026, 09:00 UTC; the programme leads are told then." in said(house.command("U_PRIYA", "UC-1"))


def test_home_says_by_when(house: House) -> None:
    house.open_home("U_ANN")
    proposed(house)
    assert "due by 02 Mar 2026, 13:00 UTC" in said(house.world.homes["U_ANN"])

    until(house, hours=4)

    assert "was due 02 Mar 2026, 13:00 UTC" in said(house.world.homes["U_ANN"])
