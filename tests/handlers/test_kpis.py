"""KPIs of what is approved: on Home and in their window, with a baseline that is locked and amended, never edited."""

import json
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, delete, select, update

from db.enums import Cadence, KpiSource, UseCaseState
from db.tables import Baseline, Kpi, KpiChange, LedgerEvent, UseCase
from handlers import ticks
from handlers.ids import Action, Block, Callback
from tests.support.chains import hire
from tests.support.fakes import member
from tests.support.glass import break_glass, with_holders
from tests.support.house import House, errors_in, reference_in, view_in, words
from tests.support.races import Meeting, together
from workflows import settings
from workflows.checkins import changing
from workflows.settings import SettingName

FILLED_IN = {
    "value": "6",
    "first_day": "2026-02-02",
    "last_day": "2026-02-27",
    "n": "40",
    "method": "Timesheets of 40 files, averaged.",
}


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


def case(house: House) -> Any:
    return rows(house, UseCase)[-1]


def kpi(house: House) -> Any:
    [found] = [each for each in rows(house, Kpi) if each.retired_at is None]
    return found


def approve(house: House, reference: str = "UC-1") -> None:
    house.approve("U_ANN", reference)
    house.advance(seconds=2)


def approved(house: House, **answers: Any) -> None:
    house.propose(**answers)
    approve(house)
    assert case(house).state is UseCaseState.APPROVED


def change(house: House, who: str = "U_PRIYA", *, decide: bool = True, **changes: Any) -> None:
    """Ask for a change of what is approved, and have it approved."""
    assert reference_in(house.submit(who, house.edit(who, str(case(house).id), **changes), {})) == "UC-1"
    if decide:
        approve_newest(house)


def approve_newest(house: House) -> None:
    house.send()
    values = [block for post in house.posts_to("U_ANN") for block in post.blocks if block["type"] == "actions"]
    [pressed] = [e["value"] for e in values[-1]["elements"] if e["action_id"] == Action.APPROVE]
    house.press("U_ANN", Action.APPROVE, pressed)
    house.advance(seconds=2)


def window(house: House, who: str = "U_MAREK") -> dict[str, Any]:
    """Open the KPIs of the use case."""
    house.press(who, Action.KPIS, str(case(house).id), where="home")
    return house.world.opened[-1]


def form(house: House, who: str, action: Action, kpi_id: Any = None) -> dict[str, Any]:
    """Open a form about the KPI."""
    window(house, who)
    return house.turn(who, action, str(kpi_id or kpi(house).id))


def baseline(**typed: str | None) -> dict[str, dict[str, Any]]:
    said = {**FILLED_IN, **typed}
    fields = {
        Block.BASELINE_VALUE: {"value": said["value"]},
        Block.BASELINE_FROM: {"selected_date": said["first_day"]},
        Block.BASELINE_UNTIL: {"selected_date": said["last_day"]},
        Block.BASELINE_N: {"value": said["n"]},
        Block.BASELINE_METHOD: {"value": said["method"]},
    }
    return fields | ({Block.BASELINE_REASON: {"value": said["reason"]}} if "reason" in said else {})


def lock(house: House, who: str = "U_MAREK", **typed: str | None) -> Any:
    return house.submit(who, form(house, who, Action.BASELINE), baseline(**typed))


def edit(house: House, who: str = "U_MAREK", **chosen: str) -> Any:
    """Change how the KPI is reported."""
    return house.submit(who, form(house, who, Action.EDIT_KPI), reported(**chosen))


def reported(**chosen: str) -> dict[str, dict[str, Any]]:
    said = {"cadence": "weekly", "source": "self", "owner": "U_MAREK", **chosen}
    return {
        Block.KPI_CADENCE: {"selected_option": {"value": said["cadence"]}},
        Block.KPI_SOURCE: {"selected_option": {"value": said["source"]}},
        Block.KPI_OWNER: {"type": "users_select", "selected_user": said["owner"]},
    }


def home(house: House, who: str) -> str:
    house.open_home(who)
    house.send()
    return words(house.world.homes[who])


def facts_of_kpis(house: House) -> list[dict[str, Any]]:
    with house.database.reading() as session:
        found = session.exec(
            select(LedgerEvent).where(col(LedgerEvent.stream).startswith("kpi:")).order_by(LedgerEvent.seq)
        )
        return [json.loads(row.body) for row in found]


# ------------------------------------------------------------------------------------- where KPIs come from


def test_what_is_approved_has_its_kpis_owned_by_its_owner_and_asked_for_weekly(house: House) -> None:
    approved(house)

    [found] = rows(house, Kpi)

    assert (found.name, found.unit, found.target, found.due) == ("Hours per file", "hours", 3, date(2026, 12, 1))
    assert (found.proposed, found.cadence, found.source) == (6, Cadence.WEEKLY, KpiSource.SELF)
    with house.database.reading() as session:
        assert session.get_one(UseCase, found.use_case_id).number == 1
    [begun] = facts_of_kpis(house)
    assert begun["kind"] == "kpi.begun"
    assert begun["data"]["target"] == ["3"]
    assert "Marek answers for it." in words(window(house))


def test_what_is_in_review_has_none_and_a_second_beat_makes_no_second_one(house: House) -> None:
    house.propose()
    house.advance(seconds=2)
    assert rows(house, Kpi) == []

    approve(house)
    house.advance(seconds=2)
    assert ticks.tick(house.database, house.clock.now()) == 0

    assert len(rows(house, Kpi)) == 1


def test_what_break_glass_lets_through_is_measured_once_it_is_approved(house: House) -> None:
    with_holders(house)
    house.propose()
    break_glass(house)
    house.advance(seconds=2)
    assert rows(house, Kpi) == []

    approve(house)

    assert kpi(house).name == "Hours per file"


def test_whoever_opens_the_window_before_the_clock_beats_finds_them_there(house: House) -> None:
    house.propose()
    house.approve("U_ANN")

    assert "Hours per file" in words(window(house))


def test_what_was_approved_by_an_earlier_version_gets_its_kpis_when_the_clock_beats(house: House) -> None:
    approved(house)
    with house.database.transaction() as session:  # as migration 0004 leaves it
        session.connection().execute(delete(Kpi))
        session.connection().execute(update(UseCase).values(kpis_revision=0, state=UseCaseState.SUSPENDED))

    house.advance(seconds=2)

    assert kpi(house).name == "Hours per file"


def test_how_often_new_kpis_are_asked_for_is_for_the_organisation_to_set(house: House) -> None:
    with house.database.transaction() as session:
        settings.change(session, SettingName.CHECK_IN_CADENCE, "monthly", actor=None, now=house.clock.now())

    approved(house)

    assert kpi(house).cadence is Cadence.MONTHLY


def test_two_replicas_that_beat_at_once_make_each_kpi_once(house: House) -> None:
    house.propose()
    house.approve("U_ANN")

    together(*[lambda: ticks.tick(house.database, house.clock.now())] * 2)

    assert len(rows(house, Kpi)) == 1
    assert house.facts().count("kpi.begun") == 1


# -------------------------------------------------------------------------------------- a change is approved


def test_an_approved_change_keeps_the_kpi_with_its_baseline_and_tells_what_is_new(house: House) -> None:
    approved(house)
    lock(house)
    before = kpi(house)

    change(house, **{"kpi_name.0": "hours  PER file", "kpi_target.0": "2", "kpi_due.0": "2027-01-15"})

    after = kpi(house)
    assert (after.id, after.target, after.due) == (before.id, 2, date(2027, 1, 15))
    shown = words(window(house))
    assert "Baseline 6 (locked 2 Mar 2026, n=40), target 2 hours by 15 Jan 2027" in shown
    assert "Target: 3 → 2 (Priya" in shown
    assert "by an approved change" in shown
    assert {each.field.value for each in rows(house, KpiChange)} == {"name", "target", "due"}


def test_until_it_is_approved_a_change_changes_no_kpi(house: House) -> None:
    approved(house)

    change(house, decide=False, **{"kpi_target.0": "2"})
    house.advance(seconds=2)

    assert kpi(house).target == 3
    assert "Request a change" not in words(window(house, "U_MAREK"))


def test_a_kpi_that_is_dropped_is_retired_with_its_baseline_and_one_that_comes_back_is_the_same(house: House) -> None:
    approved(house)
    lock(house)
    first = kpi(house)

    change(
        house, **{"kpi_name.0": "Files per day", "kpi_unit.0": "files", "kpi_direction.0": "up", "kpi_target.0": "9"}
    )
    assert kpi(house).name == "Files per day"
    shown = words(window(house))
    assert "Measured earlier" in shown
    assert "Hours per file" in shown
    assert len(rows(house, Baseline)) == 1
    house.turn("U_MAREK", Action.KPI_HISTORY, str(first.id))
    assert "Retired: Priya" in words(house.world.opened[-1])

    change(
        house, **{"kpi_name.0": "Hours per file", "kpi_unit.0": "hours", "kpi_direction.0": "down", "kpi_target.0": "3"}
    )
    assert kpi(house).id == first.id
    assert "Baseline 6 (locked" in words(window(house))


def test_a_kpi_no_longer_approved_is_read_and_not_changed(house: House) -> None:
    approved(house)
    first = kpi(house)
    view = form(house, "U_MAREK", Action.BASELINE)
    change(house, **{"kpi_name.0": "Files per day", "kpi_direction.0": "up", "kpi_target.0": "9"})

    told = words(view_in(house.submit("U_MAREK", view, baseline())))

    assert "no longer among the KPIs that were approved" in told
    assert rows(house, Baseline) == []
    house.turn("U_MAREK", Action.EDIT_KPI, str(first.id))
    house.send()
    assert "no longer among the KPIs" in house.posts_to("U_MAREK")[-1].text


def test_a_baseline_in_another_unit_is_never_shown_as_if_it_were_in_this_one(house: House) -> None:
    approved(house)
    lock(house)

    change(house, **{"kpi_unit.0": "minutes", "kpi_target.0": "180", "kpi_baseline.0": "360"})

    shown = words(window(house))
    assert "Baseline 6 hours (locked 2 Mar 2026, n=40; ⚠️ in another unit: amend it)" in shown
    view = house.turn("U_MAREK", Action.BASELINE, str(kpi(house).id))
    value = next(block for block in view["blocks"] if block.get("block_id") == Block.BASELINE_VALUE)
    assert "initial_value" not in value["element"]
    lock(house, value="6h", reason="It is counted in minutes now.")
    assert rows(house, Baseline)[-1].value == 360


def test_kpis_of_the_owner_go_to_the_new_owner_and_those_of_others_stay_theirs(house: House) -> None:
    hire(house, "U_NINA")
    approved(house)
    change(house, owner="U_OTTO")
    assert "Otto answers for it." in words(window(house, "U_OTTO"))

    assert "Nina answers for it" in words(view_in(edit(house, "U_OTTO", owner="U_NINA")))
    change(house, owner="U_MAREK")

    assert "Nina answers for it." in words(window(house, "U_MAREK"))


def test_two_kpis_of_one_name_stay_two(house: House) -> None:
    view = house.drafted("U_PRIYA")
    house.turn("U_PRIYA", Action.BACK, view=view)
    house.turn("U_PRIYA", Action.ADD_KPI)
    second = {f"kpi_{name}.1": value for name, value in (("name", "Hours per file"), ("unit", "days"))}
    more = {"kpi_direction.1": "down", "kpi_target.1": "1", "kpi_due.1": "2026-12-01"}
    assert reference_in(house.go_on("U_PRIYA", house.world.opened[-1], **second, **more)) == "UC-1"
    approve(house)

    assert [each.unit for each in sorted(rows(house, Kpi), key=lambda each: each.position)] == ["hours", "days"]


# ------------------------------------------------------------------------------------------ what is shown


def test_owner_and_proposer_see_on_home_what_is_to_be_locked_and_each_kpi_in_one_line_in_the_opened_view(
    house: House,
) -> None:
    approved(house)
    line = "Hours per file: baseline not locked yet (proposed 6), target 3 hours by 1 Dec 2026, weekly, self-reported"

    assert "1 KPI: 1 baseline to lock." in home(house, "U_MAREK")
    assert "1 KPI: 1 baseline to lock." in home(house, "U_PRIYA")
    house.press("U_MAREK", Action.OPEN, str(house.request_id()))
    assert line in words(house.world.opened[-1])

    lock(house, value="6.5")
    house.send()
    line = (
        "Hours per file: baseline 6.5 (proposed 6; locked 2 Mar 2026, n=40), target 3 hours by 1 Dec 2026, "
        "weekly, self-reported"
    )
    assert "1 KPI: baselines locked." in words(house.world.homes["U_MAREK"])
    house.press("U_MAREK", Action.OPEN, str(house.request_id()))
    assert line in words(house.world.opened[-1])


def test_a_band_says_between_what_it_is_to_stay(house: House) -> None:
    approved(house, **{"kpi_direction.0": "band", "kpi_target.0": "2 to 3", "kpi_baseline.0": ""})

    assert "Baseline not locked yet, stay within 2 to 3 hours by 1 Dec 2026" in words(window(house))


def test_whoever_answers_for_a_kpi_of_somebody_elses_use_case_finds_it_on_home(house: House) -> None:
    hire(house, "U_NINA")
    approved(house, confidential=["confidential"])
    assert "KPIs you answer for" not in home(house, "U_NINA")

    edit(house, owner="U_NINA")

    shown = home(house, "U_NINA")
    assert "KPIs you answer for" in shown
    assert "Hours per file" in shown
    assert "🔒" in words(view_in(lock(house, "U_NINA")))


def test_a_colleague_without_a_part_in_it_sees_no_numbers_and_hears_the_same_as_of_one_that_is_not(
    house: House,
) -> None:
    hire(house, "U_NINA")
    approved(house, confidential=["confidential"])
    shown = words(window(house, "U_NINA"))

    assert "Hours" not in shown
    assert "UC-1" not in shown
    house.press("U_NINA", Action.KPIS, "00000000-0000-0000-0000-000000000001", where="home")
    assert words(house.world.opened[-1]) == shown
    for action in (Action.BASELINE, Action.EDIT_KPI, Action.KPI_HISTORY):
        house.press("U_NINA", action, str(kpi(house).id), where="home")
        house.send()
        assert words(house.posts_to("U_NINA")[-1].text).startswith("That KPI does not exist")


def test_the_window_says_what_only_a_change_request_changes_and_offers_it_to_who_may_ask(house: House) -> None:
    approved(house)
    house.grant("lead", "U_OTTO")

    shown = words(window(house))
    assert "only an approved change changes them" in shown
    assert "Request a change" in shown
    assert "Request a change" not in words(window(house, "U_OTTO"))

    window(house)
    view = house.turn("U_MAREK", Action.EDIT, str(case(house).id))
    assert "intake" in view["callback_id"]


# --------------------------------------------------------------------------------------- how it is reported


def test_the_owner_changes_how_often_from_where_and_who_answers_and_the_history_tells(house: House) -> None:
    approved(house)

    told = words(view_in(edit(house, cadence="every_weeks.6", source="system", owner="U_OTTO")))

    assert "is reported every 6 weeks, from a system; Otto answers for it" in told
    assert "How often: weekly → every 6 weeks (Marek" in told
    assert "Source: self-reported → from a system" in told
    assert "Who answers for it: Marek → Otto" in told
    changed = [fact["data"] for fact in facts_of_kpis(house) if fact["kind"] == "kpi.changed"]
    assert {name: changed[0][name] for name in ("field", "revision", "before", "before_weeks")} == {
        "field": "cadence",
        "revision": None,
        "before": "weekly",
        "before_weeks": None,
    }
    assert changed[0]["after_weeks"] == 6


def test_nothing_changed_is_said_and_stored_nowhere(house: House) -> None:
    approved(house)

    assert "Nothing was changed" in words(view_in(edit(house)))
    assert rows(house, KpiChange) == []


def test_of_two_who_edit_one_form_after_the_other_the_second_looks_again(house: House) -> None:
    approved(house)
    house.grant("lead", "U_OTTO")
    view = form(house, "U_OTTO", Action.EDIT_KPI)
    edit(house, cadence="monthly")

    told = words(view_in(house.submit("U_OTTO", view, reported(cadence="fortnightly"))))

    assert "changed “Hours per file” while your form was open" in told
    assert kpi(house).cadence is Cadence.MONTHLY


@pytest.mark.parametrize(
    ("who", "facts"), [("U_GUEST", {"is_restricted": True}), ("U_GONE", {"deleted": True}), ("U_NOBODY", None)]
)
def test_only_a_full_member_can_answer_for_a_kpi(house: House, who: str, facts: dict[str, Any] | None) -> None:
    approved(house)
    if facts is not None:
        house.world.people[who] = member(who, **facts)

    assert "full member" in errors_in(edit(house, owner=who))[Block.KPI_OWNER]
    assert rows(house, KpiChange) == []


def test_slack_that_cannot_be_asked_who_that_is_keeps_the_form_open(house: House) -> None:
    approved(house)
    view = form(house, "U_MAREK", Action.EDIT_KPI)
    house.slack.break_next("users.info", TimeoutError())

    response = house.submit("U_MAREK", view, reported(owner="U_NINA"))

    assert "try again" in errors_in(response)[Block.KPI_OWNER]


# --------------------------------------------------------------------------------------------- the baseline


def test_a_baseline_is_locked_with_value_window_cases_method_who_and_when(house: House) -> None:
    approved(house)
    view = form(house, "U_MAREK", Action.BASELINE)
    value = next(block for block in view["blocks"] if block.get("block_id") == Block.BASELINE_VALUE)
    assert value["element"]["initial_value"] == "6"
    assert value["label"]["text"] == "Where it stood, in hours"

    told = words(view_in(house.submit("U_MAREK", view, baseline(value="6.5"))))

    assert "locked at 6.5 hours" in told
    assert "6.5 hours, measured 2 Feb 2026 to 27 Feb 2026, n=40; locked by Marek, 2 Mar 2026" in told
    assert "Timesheets of 40 files" in told
    [stored] = rows(house, Baseline)
    assert (stored.value, stored.n, stored.number, stored.amends_id, stored.reason_id) == (6.5, 40, 1, None, None)
    fact = facts_of_kpis(house)[-1]
    assert fact["kind"] == "kpi.baseline_locked"
    assert (fact["data"]["value"], fact["data"]["n"], fact["data"]["first_day"]) == ("6.5", 40, "2026-02-02")
    assert "Timesheets" not in json.dumps(fact)


def test_an_amendment_is_a_record_of_its_own_with_a_reason_and_the_one_before_stays(house: House) -> None:
    approved(house)
    lock(house)

    assert "why it is measured anew" in errors_in(lock(house, value="5.5", reason=" "))[Block.BASELINE_REASON]
    told = words(view_in(lock(house, value="5.5", reason="Ten files were counted twice.")))

    assert "is 5.5 hours now. The one before stays on record" in told
    assert "Baseline 5.5 (proposed 6; amended 2 Mar 2026, n=40)" in told
    assert "Before: 6 hours" in told
    assert "Amended because: Ten files were counted twice." in told
    first, second = rows(house, Baseline)
    assert (first.value, second.value, second.amends_id) == (6, 5.5, first.id)
    assert facts_of_kpis(house)[-1]["kind"] == "kpi.baseline_amended"
    assert facts_of_kpis(house)[-1]["data"]["amends"] == str(first.id)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"value": "about six"}, Block.BASELINE_VALUE, "Type a number like 12"),
        ({"value": "1,234"}, Block.BASELINE_VALUE, "Type 1234, or 1.2340"),
        ({"value": "12 %"}, Block.BASELINE_VALUE, "Type the number in hours"),
        ({"value": "3"}, Block.BASELINE_VALUE, "equals the target"),
        ({"value": "2"}, Block.BASELINE_VALUE, "down to 3, and this lies beyond that"),
        ({"first_day": None}, Block.BASELINE_FROM, "first day"),
        ({"last_day": None}, Block.BASELINE_UNTIL, "last day"),
        ({"last_day": "2026-02-01"}, Block.BASELINE_UNTIL, "before the first one"),
        ({"last_day": "2026-03-03"}, Block.BASELINE_UNTIL, "up to today, 2026-03-02"),
        ({"n": "0"}, Block.BASELINE_N, "like 40"),
        ({"n": "2.5"}, Block.BASELINE_N, "like 40"),
        ({"n": "many"}, Block.BASELINE_N, "like 40"),
        ({"n": "3000000000"}, Block.BASELINE_N, "more than can be counted"),
        ({"method": " "}, Block.BASELINE_METHOD, "for example “Timesheets"),
        ({"method": "x" * 1001}, Block.BASELINE_METHOD, "At most 1000"),
    ],
)
def test_what_cannot_be_a_baseline_is_refused_at_its_field_and_may_be_corrected(
    house: House, typed: dict[str, Any], field: Block, says: str
) -> None:
    approved(house, **{"kpi_baseline.0": ""})
    view = form(house, "U_MAREK", Action.BASELINE)

    wrong = errors_in(house.submit("U_MAREK", view, baseline(**typed), view_id="V9"))

    assert list(wrong) == [field]
    assert says in wrong[field]
    assert rows(house, Baseline) == []
    assert "locked at 6 hours" in words(view_in(house.submit("U_MAREK", view, baseline(), view_id="V9")))


def test_the_last_day_may_be_today_where_whoever_measured_it_is(house: House) -> None:
    house.world.people["U_MAREK"] = member("U_MAREK", tz="Pacific/Auckland")
    approved(house)  # Monday morning in Europe, late Monday evening there
    house.advance(hours=3)

    assert "locked at" in words(view_in(lock(house, first_day="2026-03-03", last_day="2026-03-03")))


@pytest.mark.parametrize(("locale", "meant"), [("de-DE", 4.2), ("en-GB", 4200)])
def test_what_can_be_read_in_two_ways_is_read_as_where_the_person_is(house: House, locale: str, meant: float) -> None:
    house.world.people["U_MAREK"] = member("U_MAREK", locale=locale)
    approved(house, **{"kpi_baseline.0": ""})

    lock(house, value="4,200")

    assert rows(house, Baseline)[0].value == meant


def test_what_was_proposed_tells_what_is_meant_and_a_contradiction_is_asked_about(house: House) -> None:
    approved(house, **{"kpi_baseline.0": "4"})
    lock(house, value="4,200")
    assert rows(house, Baseline)[0].value == 4.2

    house.world.people["U_OTTO"] = member("U_OTTO", locale="en-US")
    house.grant("lead", "U_OTTO")
    house.tell({"type": "user_change", "user": member("U_OTTO", locale="en-US")})
    wrong = errors_in(lock(house, "U_OTTO", value="4,300", reason="Measured again."))
    assert "two ways" in wrong[Block.BASELINE_VALUE]


def test_the_same_submission_again_locks_once_and_says_the_same(house: House) -> None:
    approved(house)
    view = form(house, "U_MAREK", Action.BASELINE)

    first, again = (house.submit("U_MAREK", view, baseline(), view_id="V7") for _ in range(2))

    assert words(view_in(first)) == words(view_in(again))
    assert len(rows(house, Baseline)) == 1


# -------------------------------------------------------------------------------------------------- who may


def test_who_may_not_change_it_hears_who_can(house: House) -> None:
    approved(house)

    shown = words(window(house, "U_PRIYA"))
    assert "Only Marek or a programme lead can change this KPI" in shown
    assert "Lock baseline" not in shown
    house.press("U_PRIYA", Action.BASELINE, str(kpi(house).id), where="home")
    house.send()
    assert "Only Marek or a programme lead" in house.posts_to("U_PRIYA")[-1].text


def test_a_form_opened_while_one_still_could_changes_nothing_afterwards(house: House) -> None:
    hire(house, "U_NINA")
    approved(house)
    edit(house, owner="U_NINA")
    lock_view, edit_view = form(house, "U_NINA", Action.BASELINE), form(house, "U_NINA", Action.EDIT_KPI)
    house.grant("auditor", "U_NINA")
    edit(house, owner="U_OTTO")

    for view, said in ((lock_view, baseline()), (edit_view, reported(cadence="monthly"))):
        assert "Only Otto, Marek or a programme lead" in words(view_in(house.submit("U_NINA", view, said)))
    assert rows(house, Baseline) == []


@pytest.mark.parametrize("who", ["U_MAREK", "U_OTTO", "U_NINA"])
def test_owner_kpi_owner_and_programme_lead_may_lock_it(house: House, who: str) -> None:
    hire(house, "U_NINA")
    house.grant("lead", "U_OTTO")
    approved(house)
    edit(house, owner="U_NINA")

    assert "locked at 6 hours" in words(view_in(lock(house, who)))


def test_when_the_owner_has_left_the_sponsor_may(house: House) -> None:
    approved(house, sponsor="U_OTTO")
    house.tell({"type": "user_change", "user": member("U_MAREK", deleted=True)})

    shown = words(window(house, "U_OTTO"))

    assert "They have left: choose somebody else." in shown
    assert "locked at 6 hours" in words(view_in(lock(house, "U_OTTO")))
    assert "Otto answers for it" in words(view_in(edit(house, "U_OTTO", owner="U_OTTO")))


def test_of_two_who_lock_it_at_once_one_does_and_the_other_is_told_and_may_amend(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.grant("lead", "U_OTTO")
    approved(house)
    views = {who: form(house, who, Action.BASELINE) for who in ("U_MAREK", "U_OTTO")}
    values, meeting = {"U_MAREK": "6", "U_OTTO": "7"}, Meeting()
    meeting.before(monkeypatch, changing, "understood")

    answers = together(
        *[lambda who=who: house.submit(who, views[who], baseline(value=values[who])) for who in views]  # type: ignore[misc]
    )

    assert not meeting.both_came
    [locked] = rows(house, Baseline)
    told = {who: words(view_in(answer)) for who, answer in zip(views, answers, strict=True)}
    faster = next(who for who in views if "locked at" in told[who])
    slower = next(who for who in views if who != faster)
    assert str(locked.value).startswith(values[faster])
    assert f"{faster.removeprefix('U_').capitalize()} was faster" in told[slower]
    assert "amend it" in told[slower]
    assert "is 7.5 hours now" in words(view_in(lock(house, slower, value="7.5", reason="Counted again.")))


def test_a_form_that_amends_what_was_amended_meanwhile_is_told(house: House) -> None:
    house.grant("lead", "U_OTTO")
    approved(house)
    lock(house)
    view = form(house, "U_OTTO", Action.BASELINE)
    lock(house, value="5.5", reason="Ten files were counted twice.")

    told = words(view_in(house.submit("U_OTTO", view, baseline(value="5", reason="Measured anew."))))

    assert "Marek was faster" in told
    assert "5.5 hours" in told
    assert len(rows(house, Baseline)) == 2


# -------------------------------------------------------------------------------------- suspended and ended


def test_kpis_of_what_is_suspended_are_changed_and_of_what_is_retired_only_read(house: House) -> None:
    approved(house)
    put(house, UseCaseState.SUSPENDED)
    assert "locked at 6 hours" in words(view_in(lock(house)))
    view = form(house, "U_MAREK", Action.BASELINE)

    put(house, UseCaseState.RETIRED)

    shown = words(window(house))
    assert "UC-1 is retired. Its KPIs can still be read, but not changed any more." in shown
    assert "Baseline 6" in shown
    assert "Amend baseline" not in shown
    assert "Request a change" not in shown
    told = words(view_in(house.submit("U_MAREK", view, baseline(value="5", reason="Again."))))
    assert "is retired" in told
    assert len(rows(house, Baseline)) == 1
    assert "KPI:" not in home(house, "U_MAREK")


def put(house: House, state: UseCaseState) -> None:
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=state))


def test_a_long_history_has_a_page_of_its_own(house: House) -> None:
    approved(house)
    for cadence in ("monthly", "weekly", "fortnightly", "weekly", "monthly", "every_weeks.3"):
        edit(house, cadence=cadence)
    lock(house)

    shown = words(window(house))
    assert "… and 2 more." in shown
    page = house.turn("U_MAREK", Action.KPI_HISTORY, str(kpi(house).id))
    assert words(page).count("How often:") == 6
    assert page["callback_id"] == Callback.KPIS
    assert "Hours per file" in words(house.turn("U_MAREK", Action.KPIS, str(case(house).id)))


def test_the_fullest_window_stays_within_slacks_limits(house: House) -> None:
    approved(house, **{"kpi_name.0": "&" * 120, "kpi_unit.0": "<" * 40})
    view = form(house, "U_MAREK", Action.BASELINE)
    house.submit("U_MAREK", view, baseline(method="m" * 1000))
    for number in range(5):
        lock(house, value=str(7 + number), reason="&" * 1000, method="<" * 1000)

    for shown in (window(house), house.turn("U_MAREK", Action.KPI_HISTORY, str(kpi(house).id))):
        assert len(shown["blocks"]) <= 100
        texts = [
            e["text"] for b in shown["blocks"] for e in (b.get("elements") or []) if isinstance(e.get("text"), str)
        ]
        texts += [b["text"]["text"] for b in shown["blocks"] if b["type"] == "section"]
        assert max(map(len, texts)) <= 3000
