"""Break-glass as people use it in a house: who holds the role, and what they press and type."""

from typing import Any
from uuid import UUID

from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.enums import UseCaseState
from db.tables import BreakGlass, UseCase
from handlers.ids import Action, Block
from tests.support.chains import hire
from tests.support.house import House
from workflows import people

REASON = "The regulator wants the files read by tonight."


def with_holders(house: House, *who: str) -> None:
    """Give the break-glass role to these people, by default to Olga and Kim, who have no part in anything."""
    for each in who or ("U_OLGA", "U_KIM"):
        if each not in house.world.people:
            hire(house, each)
        house.grant("break_glass", each)


def person_id(house: House, slack_id: str) -> UUID:
    with house.database.reading() as session:
        found = people.find(session, slack_id)
        assert found is not None
        return found.id


def form(house: House, who: str = "U_OLGA", reference: str = "UC-1") -> dict[str, Any]:
    """Press Break glass and return the form."""
    before = len(house.world.opened)
    house.press(who, Action.BREAK_GLASS, str(house.request_id(reference)))
    house.send()
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    return house.world.opened[-1]


def filled(house: House, second: str | None = "U_KIM", *, hours: str = "24", reason: str = REASON) -> dict[str, Any]:
    chosen = {"value": str(person_id(house, second))} if second else None
    return {
        Block.GLASS_REASON: {"type": "plain_text_input", "value": reason},
        Block.GLASS_HOURS: {"type": "number_input", "value": hours},
        Block.GLASS_SECOND: {"type": "static_select", "selected_option": chosen},
    }


def call(
    house: House, who: str = "U_OLGA", second: str = "U_KIM", *, reference: str = "UC-1", **typed: str
) -> BoltResponse:
    """Call break-glass as `who`, asking `second`, and send what was promised."""
    answer = house.submit(who, form(house, who, reference), filled(house, second, **typed))
    house.send()
    return answer


def answer(house: House, who: str = "U_KIM", action: Action = Action.AGREE, *, stamp: str = "") -> None:
    """Press one of the buttons of the newest call, and send what was promised."""
    house.press(who, action, str(glasses(house)[-1].id), stamp=stamp)
    house.send()


def break_glass(house: House, *, reference: str = "UC-1", **typed: str) -> None:
    """Let Olga and Kim let it go ahead."""
    call(house, reference=reference, **typed)
    answer(house)


def glasses(house: House) -> list[BreakGlass]:
    with house.database.reading() as session:
        return list(session.exec(select(BreakGlass).order_by(col(BreakGlass.called_at), col(BreakGlass.id))))


def case(house: House, number: int = 1) -> UseCase:
    with house.database.reading() as session:
        return session.exec(select(UseCase).where(UseCase.number == number)).one()


def stands(house: House, number: int = 1) -> tuple[UseCaseState, bool]:
    """Return what a use case is, and whether by break-glass only."""
    found = case(house, number)
    return found.state, found.provisional
