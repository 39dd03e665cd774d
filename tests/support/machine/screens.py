"""What must hold of what people see: cards, Homes and news reach those concerned, and nobody else."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from db.enums import (
    Audience,
    OutboxKind,
    RequestStatus,
)
from db.tables import (
    ApprovalSeat,
    Card,
)
from tests.support.machine.world import History, World


def cards_are_for_those_concerned(before: World, now: World, history: History) -> Iterator[str]:
    """Somebody's own card is of a request they have a part in, and is promised to nobody else."""
    lanes = now.lanes
    for seat in (*before.of(ApprovalSeat), *now.of(ApprovalSeat)):
        history.concerned[lanes[seat.lane_id].request_id] |= {seat.person_id, seat.delegate_id}
    for request in now.requests.values():
        history.concerned[request.id] |= {request.requester_id} | now.excluded[request.id]
    cards = {card.id: card for card in now.of(Card)}
    for card in cards.values():
        if card.audience is Audience.APPROVER and card.person_id not in history.concerned[card.request_id]:
            yield f"{card.conversation} has a card and no part in the request"
    for row in now.promised_since(before):
        if row.kind is OutboxKind.CARD_SYNC and cards[row.subject_id].conversation != row.conversation:
            yield f"a card of {cards[row.subject_id].conversation} was promised to {row.conversation}"


def news_goes_to_those_concerned(before: World, now: World, history: History) -> Iterator[str]:
    """Nobody is reminded, nudged, or told of changes asked for, who has no part in it or whom nobody awaits."""
    slack = {person.id: person.slack_id for person in now.people.values()}
    for row in now.promised_since(before):
        if row.kind not in (OutboxKind.VOTE_REMINDER, OutboxKind.NUDGE, OutboxKind.CHANGES_REQUESTED):
            continue
        if row.conversation not in {slack[each] for each in history.concerned[row.subject_id] if each in slack}:
            yield f"{row.conversation} was sent {row.kind} and has no part in the request"
        is_asked = before.requests[row.subject_id].status is RequestStatus.IN_REVIEW
        if not is_asked and row.kind is not OutboxKind.CHANGES_REQUESTED:
            yield f"{row.conversation} was sent {row.kind} although nobody waits for them"


def homes_show_what_waits(before: World, now: World, _: History) -> Iterator[str]:
    """Whoever has more or less to decide after a deed, and ever opened Home, has it drawn anew."""
    drawn = {row.subject_id for row in now.promised_since(before) if row.kind is OutboxKind.HOME_SYNC}
    for person in now.people.values():
        was, waits = before.waiting_for.get(person.id, frozenset()), now.waiting_for.get(person.id, frozenset())
        if person.home_opened_at is not None and was != waits and person.id not in drawn:
            yield f"{person.name} has {len(waits)} instead of {len(was)} to decide, and their Home does not show it"


def who_waits_has_a_card(_: World, now: World, __: History) -> Iterator[str]:
    """Whoever is asked has a card in their messages, or their role's channel has one."""
    cards: dict[UUID, set[UUID | None]] = defaultdict(set)
    for card in now.of(Card):
        if card.audience is not Audience.GOVERNANCE:
            cards[card.request_id].add(card.person_id)
    for person, requests in now.waiting_for.items():
        yield from (
            f"{now.people[person].name} is asked and has no card"
            for each in requests
            if not {person, None} & cards[each]
        )
