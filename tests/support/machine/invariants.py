"""Everything that must hold of what is stored, after every deed, whoever did what."""

from collections.abc import Callable, Iterator, Sequence

from bot import verifier
from db.tables import LedgerEvent
from tests.support.machine import asking, carrying, screens, statuses, votes
from tests.support.machine.world import History, World

INVARIANTS: Sequence[Callable[[World, World, History], Iterator[str]]] = (
    statuses.statuses_follow_the_tables,
    statuses.what_is_settled_stays,
    statuses.statuses_are_what_the_record_says,
    statuses.rounds_are_whole,
    votes.nobody_barred_has_a_vote,
    votes.each_human_counts_once,
    votes.an_approval_is_enough_people_on_this_content,
    votes.a_request_is_approved_by_all_its_lanes,
    carrying.a_kept_approval_is_of_the_same_lane,
    carrying.votes_are_taken_up_from_the_same_lane,
    carrying.votes_that_count_on_are_of_people_seated_and_settle_nothing,
    carrying.votes_are_what_the_record_says,
    asking.each_alarm_fires_once,
    asking.who_has_voted_is_not_reminded,
    asking.an_open_lane_can_be_decided,
    asking.who_stands_in_may,
    asking.nobody_barred_is_asked,
    screens.cards_are_for_those_concerned,
    screens.news_goes_to_those_concerned,
    screens.homes_show_what_waits,
    screens.who_waits_has_a_card,
)


def broken(before: World, now: World, history: History) -> list[str]:
    """Return what does not hold of a world, and of what became of the one before, in sentences."""
    return [f"{each.__name__}: {told}" for each in INVARIANTS for told in each(before, now, history)]


def chains_broken(world: World) -> str | None:
    rows = sorted(world.of(LedgerEvent), key=lambda each: (each.stream, each.seq))
    return verifier.verify(verifier.Row(row.stream, row.seq, row.body, row.prev_hash, row.hash) for row in rows).problem
