"""An approved use case goes to one team more: only what differs is decided, and its owner there ticks off the steps."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from db.enums import RolloutStatus, UseCaseState
from db.tables import UseCase
from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_message, check_view
from tests.support.chains import hire, lane, put_in_force
from tests.support.house import GOVERNANCE, ONE_LANE, House, buttons, errors_in, view_in, words
from tests.support.renewals import beat, retire, vote
from tests.support.scaling import ANN, BEN, EVA, LEO, MAREK, OTTO, STEPS, Scaling, in_window, rollout_policy
from workflows import reactions


@pytest.fixture
def ready(house: House) -> Scaling:
    """Return a scaling use case with a checklist, in a programme whose gates are open."""
    scaling = Scaling(house)
    scaling.open_gates()
    scaling.list_steps()
    return scaling


def test_an_approver_reads_what_was_approved_what_differs_and_what_stays_the_same(ready: Scaling) -> None:
    form = ready.form()
    assert check_view(form, allowed=("modal",)) == []
    assert "Approved: Personal data. Our own cloud" in words(form)

    sent = view_in(ready.ask(form=form, data="Card numbers are in it, masked before.", team=" Payments  "))

    assert "✅ *ROL-1* is sent: only what differs is asked about. Ann has it now." in words(sent)
    card = ready.house.posts_to(ANN)[-1]
    assert check_message(card.blocks) == []
    shown = words(card)
    assert "ROL-1 · Summarise complaint files → Payments" in shown
    assert "UC-1 Summarise complaint files, team Complaints" in shown
    assert "version 1, by Ann" in shown
    assert "Payments: 40 people could use it, from Mon 9 Mar 2026. Eva owns it there" in shown
    assert "Differs: data" in shown
    assert "Card numbers are in it, masked before." in shown
    assert "Purpose, model and vendor, people affected, oversight and value" in shown
    assert "Approve with conditions" not in buttons(card)
    assert "Card numbers" not in words(ready.house.posts_to(GOVERNANCE)[-1])


def test_approved_it_is_introduced_step_by_step_by_its_owner_there_and_its_people_are_told(ready: Scaling) -> None:
    house = ready.house
    ready.ask()
    house.open_home(EVA)
    ready.approve()

    assert "You own it there: tick off its 3 steps" in house.posts_to(EVA)[-1].text
    assert "Eva owns it there and has 3 steps" in house.posts_to(OTTO)[-1].text
    assert "goes to Payments" not in house.posts_to(MAREK)[-1].text  # who asked for it hears the decision itself
    assert check_message(house.posts_to(EVA)[-1].blocks) == []
    assert "0 of 3 steps done" in words(house.world.homes[EVA])
    assert "Next: Show it to the team" in words(house.world.homes[EVA])
    window = ready.tick(EVA, 1, 3)
    assert check_view(window, allowed=("modal",)) == []
    assert "Also in: Payments (being introduced, 2 of 3)." in words(ready.opened(BEN))
    ready.tick(EVA, 3, action=Action.REOPEN_STEP)
    assert ready.statuses() == [RolloutStatus.APPROVED]
    window = ready.tick(EVA, 3, 2)

    assert "That was the last step" in words(window)
    assert ready.statuses() == [RolloutStatus.DONE]
    assert "all 3 steps are done" in house.posts_to(MAREK)[-1].text
    assert "all 3 steps" in house.posts_to(OTTO)[-1].text
    assert "You bring to a team" not in words(house.world.homes[EVA])
    assert "Also in: Payments." in words(ready.opened(BEN))
    assert "✅ In use since" in words(ready.window(BEN, Action.ROLLOUTS))
    assert [fact for fact in house.facts() if fact.startswith("rollout")] == [
        "rollout.asked",
        "rollout.settled",
        *["rollout.step_done"] * 2,
        "rollout.step_reopened",
        *["rollout.step_done"] * 2,
        "rollout.done",
    ]


def test_a_later_version_of_the_checklist_changes_no_rollout_on_its_way(ready: Scaling) -> None:
    ready.ask()
    ready.list_steps(f"{STEPS}\nAsk after a week")
    ready.approve()
    ready.list_steps(f"{STEPS}\nAsk after a month\nAnd again")

    assert [each.says for each in ready.steps()][-1] == "Ask after a week"


def test_only_who_looks_at_what_differs_is_asked_and_nobody_with_a_part_in_it(house: House) -> None:
    lanes = (lane("rights", "privacy", sections=["data"]), lane("value", "board", sections=["value"]))
    scaling = Scaling(house, policy=rollout_policy(*lanes))
    for who, role in ((BEN, "privacy"), (LEO, "board"), (EVA, "privacy"), (MAREK, "privacy"), (OTTO, "privacy")):
        hire(house, who, role)
    scaling.open_gates()
    scaling.list_steps()

    scaling.ask(OTTO, data="Other data.")  # Otto asks, Marek owns the use case, Eva owns it there: Ben is left
    assert "⏳ In review" in words(scaling.window(OTTO, Action.ROLLOUTS))
    assert ["ROL-1" in words(post) for post in house.posts_to(BEN)[-1:]] == [True]
    assert not any("ROL-1" in words(post) for who in (LEO, EVA, MAREK) for post in house.posts_to(who))
    scaling.ask(OTTO, team="Claims")
    assert "Everything is as it was approved" in words(house.posts_to(BEN)[-1])  # no difference: the first lane alone
    assert not any("ROL-2" in words(post) for post in house.posts_to(LEO))
    scaling.ask(OTTO, team="Fraud", value="Less of it.")
    assert "ROL-3" in words(house.posts_to(LEO)[-1])
    with house.database.reading() as session:
        planned = reactions.plan_reroute(session, house.request_id("ROL-3"))
    assert planned.outcome is reactions.Rerouting.STAYS


def test_given_back_it_is_changed_sent_again_and_the_card_says_what_changed(ready: Scaling) -> None:
    house = ready.house
    ready.ask(data="Card numbers.", oversight="Two people look.")
    house.press(ANN, Action.REQUEST_CHANGES, house.ballot("ROL-1"))
    house.submit(ANN, house.world.opened[-1], {Block.REASON: {"value": "Mask them."}})
    house.send()
    assert ready.statuses() == [RolloutStatus.CHANGES_REQUESTED]
    house.press(MAREK, Action.EDIT_ROLLOUT, buttons(house.posts_to(MAREK)[-1])["Change and send again"])
    form = house.world.opened[-1]
    assert Block.ROLLOUT_TEAM not in [block.get("block_id") for block in form["blocks"]]

    ready.ask(form=form, data="Masked card numbers.", oversight="Two people look.", people="35")

    shown = words(house.posts_to(ANN)[-1])
    assert "What changed in version 2" in shown
    assert "Card numbers. → Masked card numbers." in shown
    assert "35 people" in shown
    stale = view_in(ready.ask(form=form, data="Late."))
    assert "ROL-1 is not with you to be changed: it is in review" in words(stale)
    ready.approve()
    assert ready.statuses() == [RolloutStatus.APPROVED]
    assert house.facts().count("rollout.changed") == 1


def test_what_came_to_nothing_can_be_asked_for_anew_and_its_team_has_it_once(ready: Scaling) -> None:
    house = ready.house
    ready.ask()
    again = errors_in(ready.ask(OTTO, team="PAYMENTS "))
    assert "Payments is being asked for as ROL-1, which Marek asked for" in again[Block.ROLLOUT_TEAM]
    house.press(MAREK, Action.WITHDRAW, str(house.request_id("ROL-1")))
    house.send()
    assert ready.statuses() == [RolloutStatus.WITHDRAWN]
    house.press(MAREK, Action.EDIT_ROLLOUT, str(ready.rollouts()[0].id))
    form = house.world.opened[-1]
    assert form["blocks"][1]["element"]["initial_value"] == "Payments"

    ready.ask(form=form)
    vote(house, ANN, Action.REJECT)
    house.send()

    assert ready.statuses() == [RolloutStatus.WITHDRAWN, RolloutStatus.REJECTED]
    assert "Ask anew" in buttons(house.posts_to(MAREK)[-1])
    assert "Also in" not in words(ready.opened(BEN))


def test_what_is_wrong_stands_at_its_field(ready: Scaling) -> None:
    form = ready.form()

    def wrong(**typed: Any) -> dict[str, str]:
        return errors_in(ready.ask(form=form, **typed))

    assert "a whole number of people and nothing else" in wrong(people="40 people")[Block.ROLLOUT_PEOPLE]
    assert "like 40" in wrong(people="0")[Block.ROLLOUT_PEOPLE]
    assert "That day has passed" in wrong(starts="2026-03-01")[Block.ROLLOUT_STARTS]
    assert "within a year" in wrong(starts="2028-03-01")[Block.ROLLOUT_STARTS]
    assert "Choose a full member" in wrong(owner="U_ZOE")[Block.ROLLOUT_OWNER]
    assert "Say which team" in wrong(team=" ")[Block.ROLLOUT_TEAM]
    assert "which has it already" in wrong(team="complaints")[Block.ROLLOUT_TEAM]
    assert "At most 1000 characters" in wrong(model="x" * 1001)[f"{Block.ROLLOUT_DIFFERS}.model"]
    assert ready.rollouts() == []


def test_until_a_use_case_may_go_to_other_teams_whoever_asks_reads_what_is_missing_and_whose_it_is(
    house: House,
) -> None:
    scaling = Scaling(house, state=UseCaseState.OPTIMISING)

    def refused(who: str = MAREK) -> dict[str, Any]:
        view = scaling.form(who)
        assert view["callback_id"] == "rollouts.window.shown"
        assert check_view(view, allowed=("modal",)) == []
        return view

    assert "is optimising, and goes to other teams only once it is scaling. Marek owns it" in words(refused())
    assert "Open" in in_window(house.world.opened[-1])
    scaling.put_in(UseCaseState.SUSPENDED)
    assert "is suspended" in words(refused())
    scaling.put_in(UseCaseState.SCALING)
    gates = refused()
    assert "The gate into Focused Deployment is not open" in words(gates)
    assert "*Context pack*" in words(gates)
    assert "See the programme" in in_window(gates)
    scaling.open_gates()
    assert "Write the checklist" in in_window(refused())
    scaling.list_steps()
    assert "Only Marek, who owns" in words(refused(BEN))
    with house.database.transaction() as session:
        over = (
            update(UseCase).where(col(UseCase.id) == scaling.use_case_id).values(valid_until=house.clock.now().date())
        )
        session.connection().execute(over)
    assert scaling.form()["callback_id"] == "rollouts.rollout.asked"  # today is the last day it holds
    house.clock.advance(hours=24)
    assert "ended on" in words(refused())
    put_in_force(house, ONE_LANE)
    assert "`subjects: rollout`" in words(refused())


def test_steps_are_ticked_off_once_by_those_they_are_for_also_after_their_owner_left(ready: Scaling) -> None:
    house = ready.house
    ready.ask()
    ready.approve()
    step = f"{ready.rollouts()[0].id}.1"
    assert "Done" not in in_window(ready.tick(BEN))
    assert "Only Marek, who owns" in words(house.turn(BEN, Action.FINISH_STEP, step))
    ready.tick(EVA, 1)
    assert "It counts once" in words(house.turn(OTTO, Action.FINISH_STEP, step))
    house.open_home(MAREK)
    house.send()
    assert "You bring to a team" not in words(house.world.homes[MAREK])
    house.world.people[EVA]["deleted"] = True
    house.tell({"type": "user_change", "user": house.world.people[EVA]})
    house.open_home(MAREK)
    house.send()
    assert "Eva owned it there and has left, so it is yours." in words(house.world.homes[MAREK])
    ready.tick(MAREK, 2, 3)
    assert ready.statuses() == [RolloutStatus.DONE]


def test_of_a_confidential_use_case_only_insiders_and_its_owner_there_know(house: House) -> None:
    scaling = Scaling(house, confidential=["yes"])
    scaling.open_gates()
    scaling.list_steps()
    scaling.ask()
    scaling.approve()
    rollout = scaling.rollouts()[0].id

    assert not any("ROL-1" in words(post) for post in house.posts_to(GOVERNANCE))
    assert "You own it there" in house.posts_to(EVA)[-1].text
    assert "Steps" in in_window(scaling.window(EVA, Action.ROLLOUTS))
    for action, value in ((Action.ROLLOUTS, None), (Action.ROLL_OUT, None), (Action.ROLLOUT_STEPS, rollout)):
        assert "UC-1" not in words(scaling.window(BEN, action, value))
    assert "Show it to the team" in words(scaling.window(EVA, Action.ROLLOUT_STEPS, rollout))


def test_what_a_retired_use_case_still_asks_is_taken_back_and_its_teams_are_not_asked_to_go_on(ready: Scaling) -> None:
    house = ready.house
    ready.ask()
    with house.database.transaction() as session:
        soon = update(UseCase).where(col(UseCase.id) == ready.use_case_id)
        session.connection().execute(soon.values(valid_until=house.clock.now().date() + timedelta(days=5)))
    beat(house)

    retire(house, MAREK)
    house.send()

    assert ready.statuses() == [RolloutStatus.WITHDRAWN]
    assert "Withdrawn" in words(ready.window(BEN, Action.ROLLOUTS))


def test_nobody_is_asked_on_home_to_bring_a_retired_use_case_to_a_team(ready: Scaling) -> None:
    house = ready.house
    ready.ask()
    ready.approve()
    house.open_home(EVA)
    house.send()
    assert "You bring to a team" in words(house.world.homes[EVA])

    ready.put_in(UseCaseState.RETIRED)
    house.open_home(EVA)
    house.send()

    assert "You bring to a team" not in words(house.world.homes[EVA])
