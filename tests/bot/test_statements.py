"""How often the database is asked for one approval: each statement costs every click, and they add up unseen."""

from handlers.ids import Action
from tests.support.house import House
from tests.support.statements import recorded

# 1 who clicked, 2 the delivery (taken, remembered), 2 the request (locked, its state), 6 written by the vote
# (vote, lane, reminders, stage, request, use case), 1 the use case as it was, 2 streams with 2 each (head, append),
# 2 whom to tell (cards, Homes), 1 their messages.
MOST = 19


def test_an_approval_asks_the_database_no_more_than_it_did(house: House) -> None:
    """Raise the limit only for what a person gets for it, and run ./scripts/bench before and after."""
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))  # Ann is known and fresh now
    ballot, calls = house.ballot(), len(house.world.calls)

    with recorded(house.database.engine) as recording:
        with house.database.transaction():
            pass  # opens the connection, whose set-up is no part of a click
        recording.taken()
        assert house.press("U_ANN", Action.APPROVE, ballot).status == 200
        asked = recording.taken()

    assert "approval.request_settled" in house.facts()
    assert len(house.world.calls) == calls
    assert sum(each.count for each in asked) <= MOST, "\n".join(each.text for each in asked)
