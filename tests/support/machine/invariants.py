"""Everything that must hold of what is stored, after every deed, whoever did what."""

from collections.abc import Callable, Iterator, Sequence

from bot import verifier
from db.tables import LedgerEvent
from tests.support.machine import asking, carrying, demands, screens, statuses, votes
from tests.support.machine.world import History, World

Invariant = Callable[[World, World, History], Iterator[str]]
"""Says what does not hold of a world, and of what became of the one before it."""

INVARIANTS: Sequence[Invariant] = (
    statuses.statuses_follow_the_tables,
    statuses.what_is_settled_stays,
    statuses.statuses_are_what_the_record_says,
    statuses.rounds_are_whole,
    votes.nobody_barred_has_a_vote,
    votes.each_human_counts_once,
    votes.an_approval_is_enough_people_on_this_content,
    votes.a_request_is_approved_by_all_its_lanes,
    votes.nobody_approves_a_burst_unseen,
    carrying.a_kept_approval_is_of_the_same_lane,
    carrying.votes_are_taken_up_from_the_same_lane,
    carrying.votes_that_count_on_are_of_people_seated_and_settle_nothing,
    carrying.votes_are_what_the_record_says,
    asking.each_alarm_fires_once,
    asking.who_has_voted_is_not_reminded,
    asking.an_open_lane_can_be_decided,
    asking.who_stands_in_may,
    asking.nobody_barred_is_asked,
    demands.a_condition_is_what_is_asked,
    demands.conditions_follow_their_table,
    demands.conditions_are_of_what_may_be_approved,
    demands.what_is_asked_is_what_votes_say,
    demands.who_approves_with_conditions_asks_for_some,
    demands.what_comes_into_force_is_what_counts,
    demands.nobody_judges_their_own,
    demands.each_reminder_goes_once,
    demands.something_is_due_about_what_is_to_be_met,
    demands.no_condition_is_forgotten,
    screens.cards_are_for_those_concerned,
    screens.news_goes_to_those_concerned,
    screens.homes_show_what_waits,
    screens.who_waits_has_a_card,
)


def broken(before: World, now: World, history: History, invariants: Sequence[Invariant]) -> list[str]:
    """Return what does not hold of a world, and of what became of the one before, in sentences."""
    return [f"{each.__name__}: {told}" for each in invariants for told in each(before, now, history)]


def chains_broken(world: World) -> str | None:
    rows = sorted(world.of(LedgerEvent), key=lambda each: (each.stream, each.seq))
    return verifier.verify(verifier.Row(row.stream, row.seq, row.body, row.prev_hash, row.hash) for row in rows).problem
