"""What follows a decision, together: conditions, recertification, break-glass and audits of one use case."""

from datetime import date

import yaml

from db.enums import ConditionStatus, UseCaseState
from handlers.ids import Action
from tests.handlers.test_auditing import fail, fast
from tests.support.chains import put_in_force
from tests.support.conditions import approve_if, condition, home_of, told, want
from tests.support.house import House, words
from tests.support.renewals import asked, beat, case, retire, short_lived, still_valid, until

ASKED, ENDED = date(2026, 4, 6), date(2026, 5, 6)


def fast_and_short(**audit: object) -> str:
    """Return a policy in which an audited line approves, for two months."""
    document = yaml.safe_load(fast(**audit))  # type: ignore[arg-type]
    document["validity"] = {"low": {"months": 2}}
    return yaml.safe_dump(document, sort_keys=False)


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
