"""What came back is changed and sent again; what came to nothing is proposed anew. No text is ever overwritten."""

import json
from typing import Any

import pytest
from sqlmodel import col, select

from db.enums import Exclusion
from db.tables import ApprovalExclusion, LedgerEvent, Person, RevisionKpi, UseCase, UseCaseRevision
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, buttons, errors_in, filled, reference_in, step_of, view_in, words
from workflows import policy
from workflows.intake import Step


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


def case_id(house: House) -> str:
    return str(rows(house, UseCase)[-1].id)


def ask_for_changes(house: House, who: str = "U_ANN", text: str = "Say who checks it.") -> None:
    """Press Request changes on the card, and say which."""
    house.send()
    house.press(who, Action.REQUEST_CHANGES, buttons(house.posts_to(who)[-1])["Request changes"])
    assert house.submit(who, house.world.opened[-1], {Block.REASON: {"value": text}}).status == 200


def given_back(house: House, **answers: Any) -> None:
    house.propose(**answers)
    ask_for_changes(house)


def edited(house: House, who: str = "U_PRIYA") -> dict[str, Any]:
    """Press Edit and return the window it opens."""
    before = len(house.world.opened)
    house.press(who, Action.EDIT, case_id(house))
    assert len(house.world.opened) == before + 1
    return house.world.opened[-1]


def resubmit(house: House, who: str = "U_PRIYA", **changes: Any) -> str:
    return reference_in(house.submit(who, house.edit(who, case_id(house), **changes), {}))


def test_the_news_of_changes_leads_to_a_form_filled_with_what_was_sent(house: House) -> None:
    given_back(house, build="vendor", kpi_direction="band", kpi_target="3 to 4,5", confidential=["confidential"])
    house.send()
    news = house.posts_to("U_PRIYA")[-1]

    house.press("U_PRIYA", Action.EDIT, buttons(news)["Edit and resubmit"])
    view = house.world.opened[-1]
    assert view["title"]["text"] == "Edit UC-1 (1 of 5)"
    texts = []
    while "submit" in view:
        texts.append(json.dumps(view, ensure_ascii=False))
        view = view_in(house.submit("U_PRIYA", view, filled(view, answered={})))

    for step, told in (
        (0, "Reading one file takes six hours."),
        (0, "confidential"),
        (2, "Northlight"),
        (3, "3 to 4.5"),
    ):
        assert told in texts[step]
    before, after = rows(house, UseCaseRevision)
    assert before.model_dump(exclude={"revision", "submitted_at"}) == after.model_dump(
        exclude={"revision", "submitted_at"}
    )


def test_a_new_text_is_stored_beside_the_old_one_and_goes_back_into_review(house: House) -> None:
    given_back(house)
    house.clock.advance(hours=1)

    assert resubmit(house, problem="Reading takes six hours; forty files a week.") == "UC-1"
    house.send()

    assert [row.problem for row in rows(house, UseCaseRevision)] == [
        "Reading one file takes six hours.",
        "Reading takes six hours; forty files a week.",
    ]
    assert [(row.revision, row.state) for row in rows(house, UseCase)] == [(2, "in_review")]
    assert [row.revision for row in rows(house, RevisionKpi)] == [1, 2]
    card = words(house.posts_to("U_ANN")[0])
    assert "What changed in version 2" in card
    assert "Reading one file takes six hours. → Reading takes six hours; forty files a week." in card
    assert "Data: " in card
    assert "Processed by" not in card.partition("What changed in version 2")[2].partition("Reading takes")[0]
    assert "Approve" in buttons(house.posts_to("U_ANN")[0])
    assert house.approve("U_ANN").status == 200


def test_only_the_sections_that_changed_have_other_digests_on_the_record(house: House) -> None:
    given_back(house)
    resubmit(house, benefit="Customers wait three days less")
    ask_for_changes(house)
    resubmit(house, benefit="Customers wait three days less", name="Another name")

    with house.database.reading() as session:
        bodies = [json.loads(row.body) for row in session.exec(select(LedgerEvent).order_by(col(LedgerEvent.seq)))]
    first, second = (body["data"] for body in bodies if body["kind"] == "use_case.revised")
    assert (first["revision"], second["revision"]) == (2, 3)
    assert {key for key in first if first[key] != second[key]} == {"revision", "cosmetic"}


def test_a_lane_whose_sections_did_not_change_keeps_its_approval(house: House) -> None:
    lanes = lane("legal", "legal", sections=["purpose"]), lane("risk", "risk", sections=["value"])
    put_in_force(house, policy_text(stage("one", *lanes)))
    for role, who in (("legal", "U_BEN"), ("risk", "U_ANN")):
        house.grant(role, who)
    house.propose()
    house.send()
    house.press("U_BEN", Action.APPROVE, buttons(house.posts_to("U_BEN")[0])["Approve"])
    ask_for_changes(house)

    resubmit(house, kpi_target="2")
    house.send()

    assert "Approve" not in buttons(house.posts_to("U_BEN")[0])
    assert "Ann has it now" in house.command("U_PRIYA")


def test_the_owner_may_edit_too_and_whoever_edited_may_never_decide(house: House) -> None:
    given_back(house)
    resubmit(house, "U_MAREK", owner="U_BEN")
    house.grant("governance", "U_MAREK")

    with house.database.reading() as session:
        named = select(Person.slack_id, ApprovalExclusion.why).where(col(Person.id) == col(ApprovalExclusion.person_id))
        excluded = dict(session.exec(named).all())
    assert excluded == {"U_MAREK": Exclusion.EDITOR, "U_BEN": Exclusion.OWNER, "U_PRIYA": Exclusion.PROPOSER}
    house.send()
    house.press("U_MAREK", Action.APPROVE, buttons(house.posts_to("U_ANN")[0])["Approve"])
    house.send()
    assert any("You edited" in answer for answer in house.whispers_to("U_MAREK"))


@pytest.mark.parametrize("who", ["U_OTTO", "U_ANN"])
def test_nobody_else_may_edit(house: House, who: str) -> None:
    given_back(house)
    opened = len(house.world.opened)

    house.press(who, Action.EDIT, case_id(house))
    house.send()

    assert "Only whoever proposed or owns" in house.whispers_to(who)[-1]
    assert len(house.world.opened) == opened


@pytest.mark.parametrize("ending", ["in review", "rejected"])
def test_what_is_not_with_its_proposer_cannot_be_edited(house: House, ending: str) -> None:
    house.propose()
    if ending == "rejected":
        house.reject("U_ANN", "No.")

    house.press("U_PRIYA", Action.EDIT, case_id(house))
    house.send()

    assert "cannot be changed now" in house.whispers_to("U_PRIYA")[-1]


def test_pressing_edit_again_goes_on_with_the_same_draft(house: House) -> None:
    given_back(house)
    house.open_home("U_PRIYA")
    view = edited(house)
    house.submit("U_PRIYA", view, filled(view, answered={}, problem="Half an edit"))
    house.send()

    again = edited(house)

    assert (step_of(again), again["private_metadata"][:36]) == (Step.FACTS, view["private_metadata"][:36])
    assert "an edit of UC-1" in words(house.world.homes["U_PRIYA"])


def test_of_two_who_edit_the_first_counts_and_the_other_is_told(house: House) -> None:
    given_back(house)
    mine, theirs = edited(house), edited(house, "U_MAREK")
    mine = house.gone_on("U_PRIYA", mine, until=Step.PREVIEW)
    theirs = house.gone_on("U_MAREK", theirs, until=Step.PREVIEW)

    assert reference_in(house.submit("U_PRIYA", mine, {})) == "UC-1"
    assert "Somebody else has changed and sent it" in words(view_in(house.submit("U_MAREK", theirs, {})))
    house.press("U_MAREK", Action.RESUME, theirs["private_metadata"][:36])
    house.send()
    assert "Somebody else has changed and sent it" in house.whispers_to("U_MAREK")[-1]
    assert [row.revision for row in rows(house, UseCaseRevision)] == [1, 2]


def test_an_edit_sent_twice_is_one_text(house: House) -> None:
    given_back(house)
    view = house.gone_on("U_PRIYA", edited(house), until=Step.PREVIEW)

    first, second = house.submit("U_PRIYA", view, {}), house.submit("U_PRIYA", view, {})

    assert first.body == second.body
    assert len(rows(house, UseCaseRevision)) == 2


def test_an_edit_must_be_whole_as_the_first_text_was(house: House) -> None:
    given_back(house)
    view = edited(house)

    assert set(errors_in(house.submit("U_PRIYA", view, filled(view, answered={}, objective=None)))) == {"objective"}


def test_a_day_that_has_passed_since_is_asked_for_again_in_an_edit(house: House) -> None:
    given_back(house, kpi_due="2026-03-10")
    house.clock.advance(days=14)
    view = house.gone_on("U_PRIYA", edited(house), until=Step.VALUE, kpi_due="2026-03-10")

    assert "passed" in errors_in(house.submit("U_PRIYA", view, filled(view, answered={})))["kpi_due.0"]


def test_an_edit_can_raise_the_tier_and_then_others_are_asked(house: House) -> None:
    put_in_force(house, policy.default_text())
    for role, who in (("privacy", "U_BEN"), ("council", "U_OTTO")):
        house.grant(role, who)
    hire(house, "U_CLEO", "council")
    given_back(house)

    view = edited(house)
    view = view_in(house.submit("U_PRIYA", view, filled(view, answered={})))
    view = view_in(house.submit("U_PRIYA", view, filled(view, answered={}, areas=["health"])))
    view = house.gone_on("U_PRIYA", view, until=Step.PREVIEW)

    assert "High tier" in words(view)
    assert reference_in(house.submit("U_PRIYA", view, {})) == "UC-1"
    assert "High tier" in house.command("U_PRIYA", "UC-1")


def test_what_was_rejected_is_proposed_anew_from_a_linked_copy(house: House) -> None:
    house.open_home("U_PRIYA")
    house.propose()
    house.reject("U_ANN", "Not yet.")
    house.send()
    assert "Propose anew" in words(house.world.homes["U_PRIYA"])

    house.press("U_PRIYA", Action.PROPOSE_ANEW, case_id(house), where="home")
    view = house.world.opened[-1]
    assert "Propose (1 of" in view["title"]["text"]
    reference = reference_in(house.go_on("U_PRIYA", view))
    house.send()

    assert reference == "UC-2"
    old, new = rows(house, UseCase)
    assert (new.copied_from_id, old.state) == (old.id, "rejected")
    assert "Proposed before as*" in house.command("U_PRIYA", "UC-2")
    assert "UC-1" in house.command("U_PRIYA", "UC-2")


@pytest.mark.parametrize(("who", "told"), [("U_PRIYA", "has not come to an end"), ("U_OTTO", "Only whoever proposed")])
def test_what_lives_or_is_anothers_is_not_proposed_anew(house: House, who: str, told: str) -> None:
    house.propose()

    house.press(who, Action.PROPOSE_ANEW, case_id(house))
    house.send()

    assert told in house.whispers_to(who)[-1]


def test_the_opened_window_leads_its_proposer_to_the_edit_in_the_same_window(house: House) -> None:
    given_back(house)
    for who, leads in (("U_PRIYA", True), ("U_MAREK", True), ("U_ANN", False)):
        house.press(who, Action.OPEN, str(house.request_id()))
        assert ("Edit and resubmit" in words(house.world.opened[-1])) is leads
    house.press("U_PRIYA", Action.OPEN, str(house.request_id()))

    view = house.turn("U_PRIYA", Action.EDIT, case_id(house))

    assert view["title"]["text"] == "Edit UC-1 (1 of 4)"
    assert house.world.calls[-1] == "views.update"
