"""The copies of a request's card: whom they are for and where they stand."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from db.enums import Audience
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows.people import Actor

MANY: Final = 5
"""A lane of more people is asked by one card in its role's channel, where the role has one."""


def give_cards(
    session: Session,
    request: stored.LockedRequest,
    lane: ApprovalLane,
    asked: Sequence[Actor],
    *,
    without: Collection[UUID] = (),
) -> None:
    """Give those asked a card, unless they have one: that one gets its buttons back. None of their own to `without`."""
    drawn = {conversation for _, conversation in stored.cards(session, request.id)}
    for audience, conversation, person_id in _places(session, request, lane, asked):
        if conversation not in drawn and person_id not in without:
            insert_card(session, request.id, audience, conversation, person_id)
            drawn.add(conversation)


def _places(
    session: Session, request: stored.LockedRequest, lane: ApprovalLane, asked: Sequence[Actor]
) -> Iterator[tuple[Audience, str, UUID | None]]:
    """Yield where a lane's people are asked: each in their direct messages, or many at once in their role's channel."""
    role = lane.seated_role or lane.role
    if len(asked) > MANY and not request.confidential:
        channel = stored.role_channels(session, [role]).get(role)
        if channel is not None:
            yield Audience.ROLE, channel, None
            return
    yield from ((Audience.APPROVER, person.slack_id, person.id) for person in asked)


def insert_card(
    session: Session, request_id: UUID, audience: Audience, conversation: str, person_id: UUID | None
) -> None:
    card = {"id": new_id(), "request_id": request_id, "audience": audience, "conversation": conversation}
    stored.insert_cards(session, [card | {"person_id": person_id}])
