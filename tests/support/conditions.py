"""People set conditions, meet them and judge them, as they would in Slack."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.enums import UseCaseState
from db.tables import Condition, ConditionDemand, UseCase
from handlers.ids import Action, Block
from tests.support.house import House, buttons, view_in, words

TODAY = date(2026, 3, 2)
IN_TWO_WEEKS = TODAY + timedelta(days=14)
IN_A_MONTH = TODAY + timedelta(days=30)
LINK = "https://docs.example.com/dpia"


def want(text: str = "Sign the DPIA", **instead: Any) -> dict[str, Any]:
    """Return a condition as somebody types it: of Marek, due in a month, shown by a document, before deployment."""
    usual = {"owner": "U_MAREK", "day": IN_A_MONTH, "evidence": "document", "blocks": "deployment"}
    return usual | {"text": text} | instead


def card_value(house: House, who: str, button: str = "Approve with conditions") -> str:
    """Return what a button carries on the newest message of somebody's that has it."""
    house.send()
    return next(buttons(post)[button] for post in reversed(house.posts_to(who)) if button in buttons(post))


def form_of(house: House, who: str) -> dict[str, Any]:
    """Press “Approve with conditions” on somebody's card and return the form."""
    before = len(house.world.opened)
    house.press(who, Action.APPROVE_WITH_CONDITIONS, card_value(house, who))
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    return house.world.opened[-1]


def typed(view: dict[str, Any], wanted: Sequence[dict[str, Any]], also: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the form filled in with these conditions; what is not said stays as the form has it."""
    values = {each["block_id"]: _as_it_stands(each["element"]) for each in view["blocks"] if each["type"] == "input"}
    for number, each in enumerate(wanted):
        values[f"{Block.CONDITION_TEXT}.{number}"] = {"value": each["text"]}
        values[f"{Block.CONDITION_OWNER}.{number}"] = {"selected_user": each["owner"]}
        values[f"{Block.CONDITION_DAY}.{number}"] = {"selected_date": each["day"].isoformat() if each["day"] else None}
        values[f"{Block.CONDITION_EVIDENCE}.{number}"] = {"selected_option": {"value": each["evidence"]}}
        values[f"{Block.CONDITION_BLOCKS}.{number}"] = {"selected_option": {"value": each["blocks"]}}
    if also is not None:
        values[Block.CONDITIONS_OF_OTHERS] = {"selected_options": [{"value": each} for each in also]}
    return values


def send_form(
    house: House, who: str, *wanted: dict[str, Any], also: Sequence[str] | None = None, view_id: str = ""
) -> BoltResponse:
    """Open the form, make it as long as needed, fill it in and send it; return the answer."""
    view = form_of(house, who)
    for number in range(1, len(wanted)):
        view = add_another(house, who, view, wanted[:number])
    return house.submit(who, view, typed(view, wanted, also), view_id=view_id)


def add_another(house: House, who: str, view: dict[str, Any], wanted: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Press “Add another condition” in the form with these typed into it; return it as it is then."""
    values = {block: {"input": value} for block, value in typed(view, wanted).items()}
    body = {
        "type": "block_actions",
        "team": {"id": "T0HOME"},
        "user": {"id": who, "team_id": "T0HOME"},
        "trigger_id": "t.add",
        "container": {"type": "view", "view_id": "V1"},
        "view": view | {"id": "V1", "hash": "h", "state": {"values": values}},
        "actions": [
            {"type": "button", "action_id": Action.ADD_CONDITION, "block_id": "b", "value": "v", "action_ts": "1.0"}
        ],
    }
    assert house.intake.over_socket(body).status == 200
    return house.world.opened[-1]


def approve_if(house: House, who: str, *wanted: dict[str, Any], also: Sequence[str] | None = None) -> str:
    """Approve with these conditions and return what the person reads."""
    response = send_form(house, who, *wanted, also=also)
    assert json.loads(response.body or "{}")["response_action"] == "update", response.body
    house.send()
    return words(view_in(response))


def approve(house: House, who: str) -> None:
    house.press(who, Action.APPROVE, card_value(house, who, "Approve"))
    house.send()


def give_evidence(
    house: House, who: str = "U_MAREK", *, number: int = 1, link: str = LINK, text: str = ""
) -> BoltResponse:
    """Press “Give evidence” for a condition and send the form."""
    before = len(house.world.opened)
    house.press(who, Action.GIVE_EVIDENCE, str(condition(house, number).id), where="home")
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    values = {Block.EVIDENCE_LINK: {"value": link}, Block.EVIDENCE_WORDS: {"value": text}}
    response = house.submit(who, house.world.opened[-1], values)
    house.send()
    return response


def evidence_value(house: House, number: int = 1) -> str:
    """Return what the buttons carry that judge the evidence given last."""
    row = condition(house, number)
    return f"{row.id}.{row.offered_id}"


def accept(house: House, who: str, *, number: int = 1) -> None:
    house.press(who, Action.ACCEPT_EVIDENCE, evidence_value(house, number))
    house.send()


def not_enough(house: House, who: str, reason: str = "It is not signed.", *, number: int = 1) -> BoltResponse:
    before = len(house.world.opened)
    house.press(who, Action.NOT_ENOUGH, evidence_value(house, number))
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    response = house.submit(who, house.world.opened[-1], {Block.CONDITION_REASON: {"value": reason}})
    house.send()
    return response


def waive(house: House, who: str, reason: str = "It is not needed any more.", *, number: int = 1) -> BoltResponse:
    before = len(house.world.opened)
    house.press(who, Action.WAIVE, str(condition(house, number).id))
    assert len(house.world.opened) == before + 1, house.whispers_to(who)
    response = house.submit(who, house.world.opened[-1], {Block.CONDITION_REASON: {"value": reason}})
    house.send()
    return response


def until(house: House, day: date, *, hour: int = 12) -> None:
    """Let time pass, a beat every six hours, until this hour (UTC) of a day."""
    goal = datetime(day.year, day.month, day.day, hour, tzinfo=house.clock.now().tzinfo)
    while house.clock.now() < goal:
        house.advance(seconds=min(6 * 3600.0, (goal - house.clock.now()).total_seconds()))
    house.send()


def condition(house: House, number: int = 1) -> Condition:
    with house.database.reading() as session:
        return session.exec(select(Condition).where(Condition.number == number)).one()


def demands(house: House, number: int = 1) -> list[ConditionDemand]:
    with house.database.reading() as session:
        statement = select(ConditionDemand).join(Condition, col(Condition.id) == col(ConditionDemand.condition_id))
        return list(session.exec(statement.where(Condition.number == number).order_by(col(ConditionDemand.id))))


def state(house: House) -> UseCaseState:
    with house.database.reading() as session:
        return session.exec(select(UseCase.state)).one()


def told(house: House, who: str) -> str:
    """Return everything somebody was written to, oldest first."""
    return "\n".join(f"{post.text}\n{words(post)}" for post in house.posts_to(who))


def home_of(house: House, who: str) -> str:
    house.open_home(who)
    house.send()
    return words(house.world.homes[who])


def _as_it_stands(element: dict[str, Any]) -> dict[str, Any]:
    """Return what Slack sends for an input nobody touched."""
    return {
        "value": element.get("initial_value"),
        "selected_user": element.get("initial_user"),
        "selected_date": element.get("initial_date"),
        "selected_option": element.get("initial_option"),
        "selected_options": element.get("initial_options", []),
    }
