"""Approvals that come to their end, for tests: policies of short validity, and days that pass."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlmodel import col, select, update

from db.enums import UseCaseState
from db.tables import Recertification, UseCase
from handlers import ticks
from handlers.ids import Action, Block
from tests.support.chains import lane, policy_text, stage
from tests.support.house import House, buttons, view_in, words

DAY, WEEK = 24, 7 * 24


def short_lived(*lanes: dict[str, Any], tier: str = "medium", months: int = 2, **validity: Any) -> str:
    """Return a policy under which approvals of its one tier hold for so many months."""
    document = yaml.safe_load(policy_text(stage("one", *(lanes or (lane("first", "governance"),))), tier=tier))
    document["validity"] = {tier: {"months": months, **validity}}
    return yaml.safe_dump(document, sort_keys=False)


def case(house: House, number: int = 1) -> UseCase:
    with house.database.reading() as session:
        return session.exec(select(UseCase).where(UseCase.number == number)).one()


def asked(house: House, number: int = 1) -> list[Recertification]:
    """Return everything that was asked about a use case, the oldest question first."""
    with house.database.reading() as session:
        statement = select(Recertification).where(Recertification.use_case_id == case(house, number).id)
        return list(session.exec(statement.order_by(col(Recertification.asked_at), col(Recertification.id))))


def approved(house: House, who: str = "U_ANN", **answers: Any) -> str:
    """Propose something, let it be approved, and let the clock give the approval its last day."""
    reference = house.propose(**{"sponsor": "U_OTTO", **answers})
    vote(house, who)
    beat(house)
    return reference


def vote(house: House, who: str = "U_ANN", action: Action = Action.APPROVE, reason: str = "Say more.") -> None:
    """Press a button of the newest card somebody has that shows it."""
    house.send()
    text = {Action.APPROVE: "Approve", Action.REJECT: "Reject", Action.REQUEST_CHANGES: "Request changes"}[action]
    card = next(post for post in reversed(house.posts_to(who)) if text in buttons(post))
    house.press(who, action, buttons(card)[text])
    if action is not Action.APPROVE:
        assert house.submit(who, house.world.opened[-1], {Block.REASON: {"value": reason}}).status == 200
    house.send()


def beat(house: House, times: int = 1) -> None:
    """Let the clock beat, and what it promised be sent."""
    for _ in range(times):
        ticks.tick(house.database, house.clock.now())
    house.send()


def all_vote(house: House, *people: str) -> None:
    """Let everybody approve whatever they are asked, until nobody is asked any more."""
    house.send()
    while waiting := [(who, post) for who in people for post in house.posts_to(who) if "Approve" in buttons(post)]:
        who, post = waiting[0]
        house.press(who, Action.APPROVE, buttons(post)["Approve"])
        house.send()


def until(house: House, day: date, *, hour: int = 12, zone: str = "Europe/Berlin", step: int = WEEK) -> None:
    """Let time pass until this hour of a day in a zone, with a beat every `step` hours."""
    end = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    while house.clock.now() < end:
        left = end - house.clock.now()
        house.clock.advance(seconds=min(left, timedelta(hours=step)).total_seconds())
        beat(house)


def go_live(house: House, state: UseCaseState = UseCaseState.DEPLOYED) -> None:
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=state))


def still_valid(house: House, who: str = "U_MAREK", number: int = 1, *, where: str | None = None) -> str:
    """Press “Still valid” and confirm; return what the person reads."""
    opened = len(house.world.opened)
    house.press(who, Action.STILL_VALID, str(case(house, number).id), where=where)
    if len(house.world.opened) == opened:
        house.send()
        return house.whispers_to(who)[-1]
    return words(view_in(house.submit(who, house.world.opened[-1], {})))


def retire(house: House, who: str = "U_MAREK", number: int = 1, reason: str = "We bought another tool.") -> str:
    """Press “Retire”, say why, and return what the person reads."""
    opened = len(house.world.opened)
    house.press(who, Action.RETIRE, str(case(house, number).id))
    if len(house.world.opened) == opened:
        house.send()
        return house.whispers_to(who)[-1]
    return words(view_in(house.submit(who, house.world.opened[-1], {Block.RETIRE_REASON: {"value": reason}})))


def change(house: House, who: str = "U_MAREK", number: int = 1, **changes: Any) -> str:
    """Press “Something changed” and send a change; return what the person reads."""
    view = house.edit(who, str(case(house, number).id), **(changes or {"kpi_target": "2"}))
    return words(view_in(house.submit(who, view, {})))


def prompts_to(house: House, who: str) -> list[str]:
    """Return the questions somebody got in direct messages, by their words."""
    return [post.text for post in house.posts_to(who) if "is it still done as it was approved?" in post.text]


def ask_owners(house: House, who: str, due: date, *, tier: str | None = None, team: str | None = None) -> Any:
    """Fill in the form of a campaign from Home and press Next; return Slack's answer."""
    house.press(who, Action.ASK_OWNERS, "home", where="home")
    values: dict[str, dict[str, Any]] = {Block.CAMPAIGN_DUE: {"type": "datepicker", "selected_date": due.isoformat()}}
    if tier:
        values[Block.CAMPAIGN_TIER] = {"type": "static_select", "selected_option": {"value": tier}}
    if team:
        block = Block.CAMPAIGN_TEAM
        values[block] = {"type": "external_select", "action_id": block, "selected_option": {"value": team}}
    return house.submit(who, house.world.opened[-1], values)


def start_campaign(house: House, who: str, due: date, *, tier: str | None = None, team: str | None = None) -> str:
    """Start a campaign and return what its starter reads."""
    shown = view_in(ask_owners(house, who, due, tier=tier, team=team))
    return words(view_in(house.submit(who, shown, {})))
