"""Answers, the clock and campaigns at the same moment; and what silence, in whatever order, never does."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.enums import OutboxKind, RecertificationAnswer, UseCaseState
from db.session import Database
from db.tables import Campaign, OutboxRow, Recertification
from handlers import ticks
from handlers.ids import Action, Block, Command
from tests.support.chains import put_in_force
from tests.support.house import House, view_in
from tests.support.races import Meeting, together
from tests.support.renewals import approved, ask_owners, asked, beat, case, prompts_to, short_lived, until
from workflows.recertifying import answering, asking, campaigns

ASKED, ENDS = date(2026, 4, 2), date(2026, 5, 2)


@pytest.fixture
def ending(house: House) -> House:
    put_in_force(house, short_lived())
    approved(house)
    return house


class DeadError(Exception):
    """The process ends here."""


def opened(house: House, action: Action) -> dict[str, Any]:
    house.press("U_MAREK", action, str(case(house).id))
    return house.world.opened[-1]


def tick(house: House) -> int:
    return ticks.tick(house.database, house.clock.now())


def prompts(house: House) -> int:
    with house.database.reading() as session:
        return len([row for row in session.exec(select(OutboxRow)) if row.kind is OutboxKind.RECERTIFY])


def test_of_two_answers_at_once_one_counts_and_the_other_reads_which(
    ending: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(ending, ASKED)
    confirm, end = opened(ending, Action.STILL_VALID), opened(ending, Action.RETIRE)
    meeting = Meeting()
    meeting.after(monkeypatch, answering, "hold")

    said = together(
        lambda: ending.submit("U_MAREK", confirm, {}),
        lambda: ending.submit("U_MAREK", end, {Block.RETIRE_REASON: {"value": "It is over."}}),
    )

    assert not meeting.both_came
    assert ending.facts().count("recertification.answered") == 1
    [question] = asked(ending)
    is_retired = question.answer is RecertificationAnswer.RETIRED
    assert case(ending).state is (UseCaseState.RETIRED if is_retired else UseCaseState.APPROVED)
    assert case(ending).valid_until == (ENDS if is_retired else date(2026, 6, 2))
    assert sum("Nothing was changed" in (each.body or "") for each in said) == 1


def test_an_answer_in_the_moment_it_lapses_either_renews_or_goes_to_people(
    ending: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(ending, ENDS)
    confirm = opened(ending, Action.STILL_VALID)
    ending.clock.advance(hours=14)
    meeting = Meeting()
    meeting.before(monkeypatch, asking, "hold")
    meeting.before(monkeypatch, answering, "hold")

    together(lambda: ending.submit("U_MAREK", confirm, {}), lambda: tick(ending))

    [question] = asked(ending)
    if question.answer is RecertificationAnswer.STILL_VALID:
        assert (case(ending).state, case(ending).valid_until) == (UseCaseState.APPROVED, date(2026, 7, 3))
    else:
        assert question.answer is RecertificationAnswer.LAPSED
        assert (case(ending).state, case(ending).valid_until) == (UseCaseState.SUSPENDED, ENDS)
        assert question.request_id is not None
    assert ending.facts().count("use_case.suspended") == (case(ending).state is UseCaseState.SUSPENDED)


@pytest.mark.parametrize("day", [pytest.param(ASKED, id="asked"), pytest.param(ENDS + timedelta(days=1), id="lapsed")])
def test_however_many_replicas_beat_everything_happens_once(
    ending: House, monkeypatch: pytest.MonkeyPatch, day: date
) -> None:
    until(ending, day - timedelta(days=1))
    before = prompts(ending)
    ending.clock.advance(days=1)
    Meeting().before(monkeypatch, asking, "hold")

    together(lambda: tick(ending), lambda: tick(ending))
    tick(ending)

    assert len(asked(ending)) == 1
    assert ending.facts().count("recertification.asked") == 1
    assert prompts(ending) - before == (day == ASKED)
    assert ending.facts().count("use_case.suspended") == (day != ASKED)


def test_the_last_day_is_set_once_by_two_replicas(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_force(house, short_lived())
    house.propose()
    house.approve("U_ANN")
    Meeting().before(monkeypatch, asking, "hold")

    together(lambda: tick(house), lambda: tick(house))

    assert house.facts().count("use_case.holds_until") == 1


def test_two_leads_who_start_the_same_campaign_at_once_start_one(
    ending: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("U_BEN", "U_OTTO"):
        ending.grant("lead", who)
    shown = {who: view_in(ask_owners(ending, who, ASKED, tier="medium")) for who in ("U_BEN", "U_OTTO")}
    meeting = Meeting()
    meeting.after(monkeypatch, campaigns, "reach")

    said = together(*(lambda who=who: ending.submit(who, shown[who], {}) for who in shown))  # type: ignore[misc]

    assert not meeting.both_came
    with ending.database.reading() as session:
        assert len(session.exec(select(Campaign)).all()) == 1
        assert len(session.exec(select(Recertification)).all()) == 1
    assert sum("asked about exactly that already" in (each.body or "") for each in said) == 1
    beat(ending)
    assert len(prompts_to(ending, "U_MAREK")) == 1


def test_a_process_that_dies_before_the_commit_prompts_nobody_and_the_next_one_does(ending: House) -> None:
    until(ending, ASKED, hour=8)
    ending.clock.advance(hours=2)

    def die(where: str) -> None:
        if where == "before_commit":
            raise DeadError

    with pytest.raises(DeadError):
        ticks.tick(Database(ending.database.engine, checkpoint=die), ending.clock.now())
    ending.send()
    assert prompts_to(ending, "U_MAREK") == []

    beat(ending)
    beat(ending)

    assert len(prompts_to(ending, "U_MAREK")) == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_last_day_ever_moves_on_without_an_answer(house: House, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same walk every time
    put_in_force(house, short_lived(renewed_by=chance.choice(["owner", "chain"])))
    house.grant("lead", "U_BEN")
    approved(house)
    days, happened = [case(house).valid_until], []
    for _ in range(18):
        happened.append(chance.choice(["days", "days", "days", "leave", "campaign", "change", "policy", "ask"]))
        happen(house, happened[-1], chance)
        beat(house)
        days.append(case(house).valid_until)

    assert set(days) == {ENDS}, happened
    assert not {row.answer for row in asked(house)} & {RecertificationAnswer.RETIRED}
    assert case(house).state in (UseCaseState.APPROVED, UseCaseState.SUSPENDED)


def happen(house: House, what: str, chance: random.Random) -> None:
    """Let something happen that renews nothing."""
    today = house.clock.now().date()
    match what:
        case "days":
            house.clock.advance(days=chance.randint(1, 12))
        case "leave":
            until_day = (today + timedelta(days=chance.randint(1, 20))).isoformat()
            house.command("U_MAREK", f"away until {until_day}", command=Command.GATEHOUSE)
        case "campaign":
            start = ask_owners(house, "U_BEN", today + timedelta(days=chance.randint(7, 60)), tier="medium")
            if "view" in (start.body or "") and "submit" in view_in(start):
                house.submit("U_BEN", view_in(start), {})
        case "change":
            house.press("U_MAREK", Action.EDIT, str(case(house).id))
        case "policy":
            put_in_force(house, short_lived(months=chance.randint(2, 36)))
        case "ask":
            house.press("U_MAREK", Action.STILL_VALID, str(case(house).id))  # looked at, and never sent
