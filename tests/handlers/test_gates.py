"""A gate opens only where people approve what it rests on, and closes again, loudly, when that is gone."""

from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import Criterion, FoundationKind, Phase, UseCaseState
from handlers import ticks
from handlers.ids import Action, Block, Command
from handlers.programme.words import closed_blocks, closed_text, plain_criterion
from sandbox.blockkit.validate import check_message, check_view
from tests.support.gates import COUNCIL, FIRST, LEAD, OTHER_LEAD, OWNER, SECOND, Gates
from tests.support.house import ONE_LANE, House, buttons, errors_in, view_in, words
from tests.support.statements import recorded
from workflows import people, programme
from workflows.programme import CriterionState, GateState, Standing, Waiver, why_closed

_GATEHOUSE = Command.GATEHOUSE
PACK, PRIVACY = FoundationKind.CONTEXT_PACK, FoundationKind.DATA_HANDLING


@pytest.fixture
def gates(house: House) -> Gates:
    return Gates(house)


def texts(gates: Gates, who: str, part: str) -> list[str]:
    """Return what somebody was sent that holds these words."""
    gates.house.send()
    return [post.text for post in gates.house.posts_to(who) if part in post.text]


# ------------------------------------------------------------------------------------ asking and opening


def test_a_lead_asks_two_of_the_council_agree_and_the_gate_is_open(gates: Gates) -> None:
    gates.found()
    form = gates.form()
    assert check_view(form, allowed=("modal",)) == []
    assert "Met by DLV-1 v1" in words(form).replace("met by", "Met by")

    answer = words(view_in(gates.house.submit(LEAD, form, {})))
    assert "GATE-1 is with people now. Asked: Cara and Cleo. You are told what they decide." in answer
    gates.house.send()
    [card] = gates.house.posts_to(COUNCIL[0])
    assert check_message(card.blocks) == []
    read = words(card)
    assert "GATE-1 · Open the gate into Focused Deployment" in read
    assert "Once it is open, approved use cases may be deployed" in read
    assert "Incident response:" in read
    assert "Met by GOV-4 v1, since Mon 2 Mar 2026" in read
    assert "Request changes" not in buttons(card)
    assert gates.programme().phase is Phase.FOUNDATION

    gates.decide()
    assert gates.programme().phase is FIRST
    assert gates.gate().state is GateState.OPEN
    assert "is open since" in gates.house.posts_to(LEAD)[-1].text
    assert len(texts(gates, OTHER_LEAD, "*GATE-1* “Open the gate into Focused Deployment”, asked by Lena: ✅")) == 1
    assert [each for each in gates.house.facts() if each.startswith("gate.")] == ["gate.asked", "gate.opened"]


def test_a_gate_that_is_not_ready_cannot_be_asked_for_and_says_what_is_missing_and_who_owes_it(gates: Gates) -> None:
    gates.found(PRIVACY)
    gates.revoke(PACK)

    form = gates.form()

    assert "submit" not in form
    read = words(form)
    assert "*Context pack* has lapsed" in read
    assert "Marek owes it" in read
    assert "*Data handling and privacy*: nobody owns it yet: a programme lead says who does" in read
    assert gates.house.facts().count("gate.asked") == 0


def test_what_changed_while_people_decided_opens_nothing_and_they_are_told_why(gates: Gates) -> None:
    gates.found()
    gates.ask()
    gates.approve_part(PACK)  # the same criterion, met by something nobody was shown

    gates.decide()

    assert gates.gate().state is GateState.READY
    [told] = texts(gates, COUNCIL[0], "not opened")
    assert "Approved, and not opened: what it rests on has changed (Context pack). It can be asked again" in told
    assert len(texts(gates, LEAD, "Approved, and not opened")) == 1
    assert "gate.not_opened" in gates.house.facts()
    assert "gate.opened" not in gates.house.facts()
    [decided] = [post for post in gates.house.posts_to(COUNCIL[0]) if "not opened" in post.text]
    assert [*buttons(decided)] == ["Open"]  # they may not ask
    [last] = [post for post in gates.house.posts_to(OTHER_LEAD) if "not opened" in post.text]
    gates.house.press(LEAD, Action.ASK_GATE_ANEW, buttons(last)["Ask again"])
    gates.house.submit(LEAD, gates.house.world.opened[-1], {})
    gates.decide("GATE-2")
    assert gates.gate().state is GateState.OPEN


def test_cards_say_at_once_that_a_gate_would_not_open_any_more_and_whoever_asked_is_told_once(gates: Gates) -> None:
    gates.found()
    gates.ask()
    gates.revoke(PACK)

    for _ in range(3):
        gates.beat(minutes=2)

    [card] = [post for post in gates.house.posts_to(COUNCIL[0]) if "waits for your decision" in post.text]
    assert "Approved as it is now, it would not open: what it rests on has changed (Context pack)" in words(card)
    assert "met by DLV-1 v1 → lapsed" in words(card)
    [told] = texts(gates, LEAD, "it would not open")
    assert told.startswith("*GATE-1*")


def test_once_whoever_asked_has_left_those_who_steer_are_told_that_a_gate_would_not_open(gates: Gates) -> None:
    gates.found()
    gates.ask()
    gates.house.tell({"type": "user_change", "user": gates.house.world.people[LEAD] | {"deleted": True}})
    gates.revoke(PACK)
    before = len(gates.house.posts_to(LEAD))

    gates.beat(minutes=2)

    assert len(texts(gates, OTHER_LEAD, "it would not open")) == 1
    assert len(gates.house.posts_to(LEAD)) == before


def test_what_changed_while_the_form_was_open_is_shown_before_anybody_is_asked(gates: Gates) -> None:
    gates.found()
    form = gates.form()
    gates.approve_part(PACK)

    again = view_in(gates.house.submit(LEAD, form, {}))

    assert "changed while you looked" in words(again)
    assert "DLV-1 v2" in words(again)
    assert gates.house.facts().count("gate.asked") == 0
    gates.house.submit(LEAD, again, {})
    assert gates.house.facts().count("gate.asked") == 1


def test_of_one_gate_one_request_is_open_at_a_time_and_one_delivery_asks_once(gates: Gates) -> None:
    gates.found()
    form, other = gates.form(), gates.form(who=OTHER_LEAD)
    first = gates.house.submit(LEAD, form, {}, view_id="V1")
    assert gates.house.submit(LEAD, form, {}, view_id="V1").body == first.body

    refused = words(view_in(gates.house.submit(OTHER_LEAD, other, {})))

    assert "GATE-1 asks about this gate already and is not decided yet" in refused
    assert gates.house.facts().count("gate.asked") == 1
    gates.house.press(LEAD, Action.WITHDRAW, str(gates.house.request_id("GATE-1")))
    assert "GATE-2 is with people now" in words(view_in(gates.house.submit(OTHER_LEAD, gates.form(who=OTHER_LEAD), {})))


def test_only_leads_and_admins_ask(gates: Gates) -> None:
    gates.found()
    form = gates.form()
    opened = len(gates.house.world.opened)

    for action in (Action.ASK_GATE, Action.WAIVE_CRITERION):
        gates.house.press("U_PRIYA", action, FIRST.value)
    gates.house.send()

    assert len(gates.house.world.opened) == opened
    assert gates.house.whispers_to("U_PRIYA")[-1].startswith("Only programme leads and admins ask about gates.")
    assert "Only programme leads and admins" in words(view_in(gates.house.submit("U_PRIYA", form, {})))
    assert gates.house.facts().count("gate.asked") == 0


def test_a_policy_without_a_rule_for_gates_says_what_to_add(house: House) -> None:
    gates = Gates(house, policy=ONE_LANE)
    gates.found()

    for action in (Action.ASK_GATE, Action.WAIVE_CRITERION):
        house.press(LEAD, action, FIRST.value)
        house.send()
        assert "`subjects: gate`" in house.whispers_to(LEAD)[-1]  # before anything is filled in
    assert "gate.asked" not in house.facts()


def test_a_later_gate_waits_for_the_one_before(gates: Gates) -> None:
    read = words(gates.form(SECOND))

    assert "The gate into Focused Deployment has to be open first." in read
    assert "every KPI of one use case in use has to be hit" in read


# ------------------------------------------------------------------------------------ doing without


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ((Criterion.DATA_HANDLING, 30, "Soon."), Block.WAIVED_CRITERION, "governance areas can never be waived before"),
        ((Criterion.CONTEXT_PACK, 30, "Soon."), Block.WAIVED_CRITERION, "It is met"),
        ((Criterion.FIRST_VALUE, 30, "Soon."), Block.WAIVED_CRITERION, "This gate does not ask for that"),
        ((Criterion.STAKEHOLDER_MAP, 0, "Soon."), Block.WAIVED_UNTIL, "That day is over or today"),
        ((Criterion.STAKEHOLDER_MAP, 400, "Soon."), Block.WAIVED_UNTIL, "more than a year away"),
        ((Criterion.STAKEHOLDER_MAP, 30, " "), Block.WAIVER_REASON, "Say in a sentence why"),
    ],
)
def test_what_cannot_be_done_without_is_refused_at_its_field(
    gates: Gates, asked: tuple[Criterion, int, str], field: Block, said: str
) -> None:
    criterion, days, reason = asked
    gates.found(PRIVACY, FoundationKind.STAKEHOLDER_MAP)

    errors = errors_in(gates.waive(criterion, gates.in_days(days), reason))

    assert list(errors) == [str(field)]
    assert said in errors[str(field)]
    assert "gate.asked" not in gates.house.facts()


def test_a_gate_does_without_what_people_waived_until_the_day_is_over(gates: Gates) -> None:
    gates.found(FoundationKind.STAKEHOLDER_MAP)
    gates.waive(Criterion.STAKEHOLDER_MAP, gates.in_days(30))
    gates.house.send()
    [card] = gates.house.posts_to(COUNCIL[0])
    assert "Stakeholder alignment map, until Wed 1 Apr 2026" in words(card)
    assert "The wombat is late." in words(card)

    gates.decide()
    assert gates.gate().state is GateState.READY
    gates.ask()
    gates.house.send()
    cards = "".join(words(post) for post in gates.house.posts_to(COUNCIL[0]))
    assert "Done without (GATE-1), since Mon 2 Mar 2026, until Wed 1 Apr 2026" in cards
    gates.decide("GATE-2")
    gates.house.command(LEAD, "programme", command=_GATEHOUSE)
    [block] = [
        each for each in gates.house.world.opened[-1]["blocks"] if each.get("block_id") == f"programme.gate.{FIRST}"
    ]
    assert "Do without a criterion" in words([block])  # longer than until that day

    gates.beat(days=31)
    assert gates.gate().state is GateState.AT_RISK
    assert len(gates.told(LEAD)) > 0
    gates.waive(Criterion.STAKEHOLDER_MAP, gates.in_days(10))
    gates.decide("GATE-3")
    assert gates.gate().state is GateState.OPEN
    assert gates.house.facts().count("gate.waived") == 2


def test_the_last_day_of_a_waiver_is_the_same_on_every_screen_wherever_its_asker_is(gates: Gates) -> None:
    gates.found()
    midnight = people.resolved("America/New_York", date(2026, 4, 2), 0)
    waiver = Waiver(
        FIRST, Criterion.CONTEXT_PACK, "GATE-1", midnight - timedelta(days=30), midnight, "America/New_York"
    )
    owner = gates.actor(OWNER)  # in Berlin, where the first of April is over six hours earlier
    state = CriterionState(Criterion.CONTEXT_PACK, Standing.WAIVED, waiver.since, midnight, waiver=waiver, owner=owner)

    assert plain_criterion(state, (), owner.zone).endswith("until Wed 1 Apr 2026")


def test_once_something_was_deployed_an_area_of_governance_can_be_done_without(gates: Gates) -> None:
    gates.found(PRIVACY)
    gates.house.propose()
    gates.deploy()

    assert "GATE-1 is with people now" in words(view_in(gates.waive(Criterion.DATA_HANDLING, gates.in_days(30))))


# ------------------------------------------------------------------------------------ what lapses


def test_a_lapse_is_told_once_held_once_and_mended_once(gates: Gates) -> None:
    gates.found()
    gates.open()
    for who in (LEAD, OWNER):
        gates.told(who)

    gates.revoke(PACK)
    for _ in range(3):
        gates.beat(minutes=2)
    [told] = gates.told(LEAD)
    assert "at risk. It lets through until" in told
    assert "*Context pack* has lapsed" in told
    assert "Marek owes it" in told
    [post] = [post for post in gates.house.posts_to(OWNER) if "at risk" in post.text]
    assert buttons(post)["Open"] == PACK.value
    assert check_message(post.blocks) == []
    assert len(gates.told(OWNER)) == 1

    gates.beat(days=14)
    gates.beat(minutes=5)
    [told] = gates.told(LEAD)
    assert "held since" in told
    assert "what runs goes on" in told
    assert gates.gate().state is GateState.HELD

    gates.approve_part(PACK)
    gates.beat(minutes=2)
    gates.beat(minutes=2)
    [told] = gates.told(LEAD)
    assert told.startswith("✅ The gate into Focused Deployment is open again")
    assert len(gates.told(OWNER)) == 2
    assert [each.ended_at is not None for each in gates.lapses()] == [True]
    kinds = [each for each in gates.house.facts() if each in ("gate.at_risk", "gate.held", "gate.mended")]
    assert kinds == ["gate.at_risk", "gate.held", "gate.mended"]


def test_who_left_owes_nothing_and_leads_read_so(gates: Gates) -> None:
    gates.found()
    gates.open()
    gates.told(LEAD)
    gates.house.tell({"type": "user_change", "user": gates.house.world.people[OWNER] | {"deleted": True}})

    gates.revoke(PACK)
    gates.beat(minutes=2)

    [told] = gates.told(LEAD)
    assert "Marek, who had it, has left: a programme lead gives it to somebody else" in told
    assert gates.told(OWNER) == []


def test_a_beat_asks_one_thing_and_looks_once_a_minute(gates: Gates) -> None:
    gates.found()
    gates.open()
    gates.beat(minutes=2)
    with recorded(gates.house.database.engine) as recording:
        with gates.house.database.transaction():
            pass
        recording.taken()
        ticks.tick(gates.house.database, gates.house.clock.now())
        asked = [each.text for each in recording.taken() if "FROM gate_" in each.text.replace("\n", "")]

    assert len(asked) == 1, asked


def test_gates_that_were_asked_for_at_different_moments_are_looked_at_together(gates: Gates) -> None:
    gates.found()
    gates.open()
    gates.house.clock.advance(seconds=40)
    gates.waive(Criterion.FIRST_VALUE, gates.in_days(30), phase=SECOND)
    gates.decide("GATE-2")
    gates.ask(SECOND)
    looks = []
    for _ in range(12):
        gates.house.clock.advance(seconds=10)
        with gates.house.database.transaction() as session:
            looks.append(programme.anything_due(session, now=gates.house.clock.now()))
            programme.run(session, now=gates.house.clock.now())

    assert sum(looks) == 2


def test_whoever_is_refused_reads_the_gate_what_it_lacks_who_owes_it_and_presses_what_mends_it(gates: Gates) -> None:
    gates.found(PRIVACY)
    closed = gates.gate()
    gates.approve_part(PRIVACY)
    ready = gates.gate()
    gates.open()
    gates.revoke(PACK)
    gates.beat(days=15)

    held = gates.gate()

    assert "is not open. It lacks 1 of 8: *Data handling and privacy*: nobody owns it yet" in closed_text(closed)
    assert "nobody has opened it yet" in closed_text(ready)
    assert "Ask to open the gate" in words(closed_blocks(ready))
    assert "is held since" in closed_text(held)
    assert "*Context pack* has lapsed" in closed_text(held)
    assert "What runs goes on; nothing new passes until that is met." in closed_text(held)
    assert [each["accessory"]["value"] for each in closed_blocks(held) if "accessory" in each] == [PACK.value]
    assert why_closed({FIRST: held}, UseCaseState.IN_DEPLOYMENT) == (held,)


# ------------------------------------------------------------------------------------ page, Home, what blocks us


def home(gates: Gates, who: str) -> dict[str, Any]:
    gates.house.open_home(who)
    gates.house.send()
    view: dict[str, Any] = gates.house.world.homes[who]
    assert check_view(view, allowed=("home",)) == []
    return view


def test_everybody_reads_on_home_which_phase_it_is_and_leads_what_is_missing_with_a_button_each(gates: Gates) -> None:
    gates.found(PRIVACY)

    for_all, for_leads = words(home(gates, "U_PRIYA")), home(gates, LEAD)

    assert "Phase 1 of 4: Foundation and Readiness" in for_all
    assert "The gate into Focused Deployment: closed, 7 of 8 met." in for_all
    assert "What blocks us?" in for_all
    assert "nobody owns it yet" not in for_all
    read = words(for_leads)
    assert "*Data handling and privacy*: nobody owns it yet" in read
    assert "Do without a criterion" in read
    assert "Phase 1, Foundation and Readiness (the programme is here): 0 weeks so far, usually 6 to 10 weeks" in read
    assert [each["type"] for each in for_leads["blocks"]].count("image") == 1
    gates.approve_part(PRIVACY)
    assert "Ask to open the gate" in words(home(gates, LEAD))


def test_what_blocks_us_is_answered_privately_with_the_same_words_as_everywhere(gates: Gates) -> None:
    gates.found(PRIVACY)

    answer = gates.house.command("U_PRIYA", "blocks", command=_GATEHOUSE)

    assert "*Phase 1 of 4: Foundation and Readiness*" in answer
    assert "• *Data handling and privacy*: nobody owns it yet: a programme lead says who does." in answer


def test_a_newcomer_opens_the_programme_and_reads_what_it_permits_and_what_they_can_do(gates: Gates) -> None:
    gates.house.command("U_PRIYA", "programme", command=_GATEHOUSE)

    page = gates.house.world.opened[-1]
    assert check_view(page, allowed=("modal",)) == []
    read = words(page)
    assert "Use cases can be proposed, reviewed and approved. None may be deployed yet." in read
    assert "You can propose a use case now, by `/usecase new` or from Home" in read
    for phase in ("Focused Deployment", "Optimisation and Measurement", "Scaling"):
        assert f"The gate into {phase}: closed" in read
    assert "Ask to open" not in read
    assert "There is no objective yet" in words(gates.house.turn("U_PRIYA", Action.OBJECTIVES, "objectives", view=page))


def test_confidential_use_cases_that_prove_something_are_counted_for_who_may_not_know_them(gates: Gates) -> None:
    gates.found()
    gates.open()
    gates.house.propose(confidential=["yes"])
    use_case_id = gates.deploy()
    gates.publish_lesson(use_case_id)

    seen = {}
    for who in ("U_ANN", LEAD, "U_OTTO"):
        gates.house.command(who, "programme", command=_GATEHOUSE)
        seen[who] = words(gates.house.world.opened[-1])

    assert "met by LES-1" in seen[LEAD]
    assert "*UC-1*: Marek answers for it." in seen[LEAD]
    assert "met by 1 confidential use case" in seen["U_OTTO"]
    assert "And 1 confidential use case." in seen["U_OTTO"]
    assert "UC-1" not in seen["U_OTTO"]
    assert "LES-1" not in seen["U_OTTO"]
    assert "Marek can show it" not in seen["U_OTTO"]
