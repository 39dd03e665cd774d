"""What follows a decision, together: conditions, recertification, break-glass and audits of one use case."""

from datetime import date
from uuid import UUID

import yaml

from db.enums import ConditionStatus, UseCaseState
from handlers.ids import Action
from tests.handlers.test_auditing import fail, fast
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.conditions import approve_if, condition, home_of, told, want
from tests.support.glass import break_glass, with_holders
from tests.support.house import House, words
from tests.support.renewals import (
    approved,
    asked,
    beat,
    case,
    change,
    go_live,
    retire,
    short_lived,
    still_valid,
    until,
    vote,
)
from workflows import approvals, intake

ASKED, ENDED = date(2026, 4, 6), date(2026, 5, 6)


def fast_and_short(**audit: object) -> str:
    """Return a policy in which an audited line approves, for two months."""
    document = yaml.safe_load(fast(**audit))  # type: ignore[arg-type]
    document["validity"] = {"low": {"months": 2}}
    return yaml.safe_dump(document, sort_keys=False)


def latest(house: House) -> UUID:
    """Return the newest request about UC-1."""
    with house.database.reading() as session:
        use_case = case(house).id
        return approvals.latest_about(session, intake.SUBJECT_KIND, [use_case])[use_case].id


def test_what_is_retired_leaves_nobody_a_condition_to_meet_and_they_are_told(house: House) -> None:
    put_in_force(house, short_lived())
    house.propose(sponsor="U_OTTO")
    blocking = {"day": date(2026, 6, 1), "blocks": "continuation"}
    approve_if(house, "U_ANN", want(owner="U_BEN", **blocking), want("Train the team", owner="U_BEN", **blocking))
    beat(house)
    until(house, ASKED)
    assert "Conditions to meet" in home_of(house, "U_BEN")

    retire(house)
    beat(house)

    assert [condition(house, number).status for number in (1, 2)] == [ConditionStatus.DROPPED] * 2
    assert "Conditions to meet" not in home_of(house, "U_BEN")
    before = len(house.posts_to("U_BEN"))
    said = house.posts_to("U_BEN")[-1].text
    assert "has ended, so nothing is left for you to do about its conditions" in said
    assert "Sign the DPIA" in said
    assert "Train the team" in said
    until(house, date(2026, 6, 5))
    assert len(house.posts_to("U_BEN")) == before
    assert "overdue" not in told(house, "U_OTTO")


def test_no_line_renews_what_an_audit_found_wrong(house: House) -> None:
    put_in_force(house, fast_and_short())
    house.grant("checker", "U_BEN")
    house.grant("lead", "U_OTTO")
    house.propose(sponsor="U_OTTO")
    beat(house)
    fail(house, "AUD-1")
    until(house, ENDED)
    assert str(asked(house)[0].answer) == "lapsed"

    said = still_valid(house)
    beat(house)

    assert "Ann has it now" in said
    assert case(house).state is UseCaseState.SUSPENDED


def test_audits_are_looked_at_one_by_one_and_never_among_several(house: House) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_ANN")
    for name in ("Draft press texts", "Sort invoices", "Find manuals"):
        house.propose(name=name, differs="It is another.")
    assert "Decide several" not in home_of(house, "U_ANN")

    for name in ("Answer customers", "Write to customers"):
        house.propose(name=name, differs="It is another.", affected=["customers"])
    assert "Decide several" in home_of(house, "U_ANN")
    house.press("U_ANN", Action.DECIDE_SEVERAL, "low", where="home")

    shown = words(house.world.opened[-1])
    assert "AUD-" not in shown
    assert "UC-4" in shown
    assert "UC-5" in shown


def test_nobody_is_told_how_long_to_wait_for_an_audit(house: House) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    house.propose()

    house.press("U_PRIYA", Action.OPEN, str(house.request_id("AUD-1")))

    shown = words(house.world.opened[-1])
    assert "This audits *UC-1*" in shown
    assert "Yours waits on" not in shown


def test_an_overdue_condition_of_what_is_in_review_again_is_not_said_to_suspend_it(house: House) -> None:
    put_in_force(house, short_lived(months=12))
    house.propose(sponsor="U_OTTO")
    approve_if(house, "U_ANN", want(owner="U_BEN", day=date(2026, 3, 4), blocks="continuation"))
    beat(house)
    put_in_force(house, short_lived(lane("first", "governance", hours=100), tier="high"))
    change(house)  # nobody uses it yet, so it goes back into review

    until(house, date(2026, 3, 6))

    assert case(house).state is UseCaseState.IN_REVIEW
    said = house.posts_to("U_BEN")[-1].text
    assert "a condition is overdue" in said
    assert "Nobody may use it before that is done." in said
    assert "suspended" not in said
    vote(house)
    assert case(house).state is UseCaseState.SUSPENDED


def test_who_decides_several_sees_what_is_in_use_already_and_what_others_ask_for(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance", rule={"at_least": 2})), tier="low"))
    house.grant("governance", "U_BEN")
    with_holders(house)
    house.propose(name="Draft press texts")
    break_glass(house)
    house.propose(name="Sort invoices", differs="It is another.")
    approve_if(house, "U_BEN", want())

    house.press("U_ANN", Action.DECIDE_SEVERAL, "low", where="home")

    first, second = words(house.world.opened[-1]).split("*UC-2*")
    assert "In use by break-glass" in first
    assert "1 condition asked for so far" in second


def test_who_decides_several_sees_which_answers_a_change_is_about(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), tier="low"))
    for name in ("Draft press texts", "Sort invoices"):
        house.propose(name=name, differs="It is another.", sponsor="U_OTTO")
        vote(house)
    change(house, number=1, kpi_target="2", differs="It is another.")
    change(house, number=2, kpi_target="2", differs="It is another.")

    house.press("U_ANN", Action.DECIDE_SEVERAL, "low", where="home")

    assert "What would change: Shown to work by." in words(house.world.opened[-1])


def test_nobody_gets_the_form_for_conditions_of_an_audit(house: House) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    house.propose()
    house.send()

    house.press("U_BEN", Action.APPROVE_WITH_CONDITIONS, house.ballot("AUD-1"))
    house.send()

    assert house.world.opened == []
    assert house.whispers_to("U_BEN")


def forbidding() -> str:
    """Return a policy under which approvals hold for two months, and nothing may affect the public."""
    document = yaml.safe_load(short_lived())
    never = {"line": "never", "reason": "Never for the public.", "when": {"affected": ["public"]}}
    always = {"line": "always", "reason": "It is so for all.", "when": {"data_class": "any"}}
    document["tiers"] = {"prohibited": [never], "high": [], "medium": [always]}
    document["subjects"]["use_case"] = {"chains": dict.fromkeys(("high", "medium", "low"), "tested")}
    return yaml.safe_dump(document, sort_keys=False)


def test_a_change_the_policy_refused_at_once_answers_nothing(house: House) -> None:
    put_in_force(house, forbidding())
    approved(house)
    go_live(house)
    until(house, ASKED)
    assert "refused by the policy" in change(house, affected=["public"])
    assert "Does this still hold?" in home_of(house, "U_MAREK")

    assert "in review" in change(house, affected=["own_team"])  # the wrong answer is corrected

    assert str(asked(house)[0].answer) == "changed"
    vote(house)
    assert case(house).state is UseCaseState.DEPLOYED
    assert asked(house)[0].settled_at is not None


def test_what_is_retired_does_not_come_back_by_correcting_what_the_policy_refused(house: House) -> None:
    put_in_force(house, forbidding())
    approved(house)
    go_live(house)
    change(house, affected=["public"])
    until(house, ASKED)

    assert "is retired" in retire(house)

    assert (case(house).state, case(house).pending_revision) == (UseCaseState.RETIRED, None)
    assert "Correct it" not in home_of(house, "U_MAREK")
    opened = len(house.world.opened)
    house.press("U_MAREK", Action.EDIT, str(case(house).id))
    house.send()
    assert len(house.world.opened) == opened
    assert house.whispers_to("U_MAREK")
    house.press("U_MAREK", Action.OPEN, str(latest(house)))
    shown = words(house.world.opened[-1])
    assert "Correct it" not in shown
    assert "Edit and resubmit" not in shown
