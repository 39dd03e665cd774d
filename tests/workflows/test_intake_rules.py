"""What a proposal must say, which facts it gives, and which votes a change touches, as tables."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.enums import Area, Build, DataClass, Decision, Direction, QuestionKind, Section
from workflows.intake import Kpi, Named, Proposal, Step, reference_number
from workflows.intake.answers import Answers, merged, read, step_of, written
from workflows.intake.proposals import OwnAnswer, proposal_of, sections_of
from workflows.intake.rules import (
    LONGEST,
    asked_details,
    facts_of,
    first_problems,
    objective_key,
    problems_of,
    steps_of,
)
from workflows.policy import Question

TODAY = date(2026, 3, 2)
MAREK, PRIYA = uuid4(), uuid4()
NAMED = Named({"U_MAREK": MAREK, "U_PRIYA": PRIYA})
WHOLE: dict[str, Any] = {
    "name": "Summarise complaint files",
    "problem": "Reading one file takes six hours.",
    "team": "Complaints",
    "owner": "U_MAREK",
    "sponsor": "U_PRIYA",
    "objective": "Answer within five days",
    "output_use": "summarising",
    "data_class": "personal",
    "processing": "own_cloud",
    "build": "in_house",
    "affected": ("customers",),
    "decision": "none",
    "areas": ("none",),
    "practices": ("none",),
    "outputs": "A page for each file",
    "benefit": "Answers come sooner",
    "kpi_name.0": "Hours per file",
    "kpi_unit.0": "hours",
    "kpi_direction.0": "down",
    "kpi_baseline.0": "6",
    "kpi_target.0": "3",
    "kpi_due.0": "2026-12-01",
}
KEEPS = Question(
    key="keeps",
    ask="Does the vendor keep our data?",
    kind=QuestionKind.CHOICE,
    options={"never": "Never", "keeps": "It keeps it"},
    section=Section.MODEL,
    when={"build": ("vendor", "both")},
)
NOTES = Question(key="notes", ask="Anything else?", kind=QuestionKind.TEXT, section=Section.VALUE, optional=True)


def answers(**instead: Any) -> Answers:
    return {field: answer for field, answer in {**WHOLE, **instead}.items() if answer}


def proposal(questions: tuple[Question, ...] = (), **instead: Any) -> Proposal:
    return proposal_of(answers(**instead), questions, named=NAMED)


def test_a_whole_proposal_has_no_problem() -> None:
    assert first_problems(answers(), (), named=NAMED, today=TODAY) is None


@pytest.mark.parametrize(
    ("field", "step"),
    [
        *[(field, Step.BASICS) for field in ("name", "problem", "team", "owner", "sponsor", "objective")],
        *[(field, Step.VALUE) for field in ("outputs", "benefit", "kpi_name.0", "kpi_target.0", "kpi_due.0")],
    ],
)
@pytest.mark.parametrize("nothing", ["", "   ", "\n\t "])
def test_what_a_proposal_cannot_do_without_is_missed_at_its_field_and_step(
    field: str, step: Step, nothing: str
) -> None:
    found = first_problems({**WHOLE, field: nothing}, (), named=NAMED, today=TODAY)

    assert found is not None
    assert (found[0], [problem.field for problem in found[1]]) == (step, [field])
    assert found[1][0].text.endswith(".")


@pytest.mark.parametrize(("field", "longest"), LONGEST.items())
def test_a_text_may_be_as_long_as_it_says_and_no_longer(field: str, longest: int) -> None:
    more = answers(build="vendor", decision="person", vendor="A", oversight="B", differs="C", similar=(str(uuid4()),))

    assert first_problems({**more, field: "x" * longest}, (), named=NAMED, today=TODAY) is None
    found = first_problems({**more, field: "x" * (longest + 1)}, (), named=NAMED, today=TODAY)

    assert found is not None
    [problem] = found[1]
    assert (problem.field, str(longest) in problem.text, str(longest + 1) in problem.text) == (field, True, True)


def test_an_owner_who_is_no_full_member_is_a_problem_of_that_field_and_one_slack_is_silent_about_another() -> None:
    nobody = Named({"U_PRIYA": PRIYA}, unchecked=frozenset({"U_MAREK"}))

    [silent] = problems_of(Step.BASICS, answers(), (), named=nobody, today=TODAY)
    [guest] = problems_of(Step.BASICS, answers(owner="U_GUEST"), (), named=nobody, today=TODAY)

    assert (silent.field, "try again" in silent.text) == ("owner", True)
    assert (guest.field, "full member" in guest.text) == ("owner", True)


# ------------------------------------------------------------------------------------------------ facts


@pytest.mark.parametrize("fact", ["data_class", "processing", "build", "output_use", "decision"])
@pytest.mark.parametrize("answer", ["", "unknown", "nobody offered this"])
def test_what_nobody_answered_is_unknown(fact: str, answer: str) -> None:
    assert facts_of(answers(**{fact: answer}), ())[fact] == {"unknown"}


@pytest.mark.parametrize("fact", ["affected", "areas", "practices"])
def test_several_answers_are_several_and_none_chosen_is_unknown(fact: str) -> None:
    assert facts_of(answers(**{fact: ()}), ())[fact] == {"unknown"}


def test_none_of_these_is_no_fact() -> None:
    facts = facts_of(answers(), ())

    assert facts["areas"] == facts["practices"] == frozenset()
    assert facts["affected"] == {"customers"}


@pytest.mark.parametrize(
    ("build", "answer", "known"),
    [
        pytest.param("in_house", "keeps", None, id="a question not asked gives no fact, whatever was typed before"),
        pytest.param("vendor", "keeps", {"keeps"}, id="a question asked gives its answer"),
        pytest.param("both", "", {"unknown"}, id="a question left open counts as unknown"),
        pytest.param("unknown", "", {"unknown"}, id="who does not know who builds it is asked as if a vendor did"),
        pytest.param("vendor", "no longer offered", {"unknown"}, id="an answer no longer offered is none"),
    ],
)
def test_questions_of_the_organisation_give_facts(build: str, answer: str, known: set[str] | None) -> None:
    facts = facts_of(answers(build=build, **{"own.keeps": answer}), (KEEPS, NOTES))

    assert facts.get("keeps") == known
    assert "notes" not in facts


@pytest.mark.parametrize(
    ("instead", "asked"),
    [
        pytest.param({}, (), id="nothing more when nothing calls for it"),
        pytest.param({"build": "vendor"}, ("vendor", "model"), id="the vendor, where there is one"),
        pytest.param({"build": ""}, ("vendor", "model"), id="the vendor, where nobody knows"),
        pytest.param({"decision": "person"}, ("oversight",), id="who checks, where something is decided"),
        pytest.param({"areas": ("health",)}, ("oversight",), id="who checks, where a mistake harms"),
        pytest.param({"areas": ("unknown",)}, ("oversight",), id="who checks, where nobody knows"),
    ],
)
def test_details_are_asked_only_where_the_facts_call_for_them(instead: dict[str, Any], asked: tuple[str, ...]) -> None:
    assert asked_details(answers(**instead), ()) == asked
    assert (Step.DETAILS in steps_of(answers(**instead), ())) == bool(asked)


def test_the_step_about_similar_ones_comes_only_when_there_are_some() -> None:
    assert Step.SIMILAR not in steps_of(answers(), ())
    assert steps_of(answers(similar=(str(uuid4()),)), ())[:2] == (Step.BASICS, Step.SIMILAR)


def test_what_was_typed_for_a_question_no_longer_asked_is_not_part_of_the_proposal() -> None:
    more = {"vendor": "Acme", "model": "M", "oversight": "Ann", "differs": "It does", "own.keeps": "keeps"}

    said = proposal((KEEPS,), **more)

    assert (said.vendor, said.model, said.oversight, said.differs, said.own) == ("", "", "", "", ())


def test_facts_of_a_stored_proposal_are_those_it_was_judged_by() -> None:
    given = answers(build="vendor", vendor="A", **{"own.keeps": "keeps", "own.notes": "unknown"})

    assert proposal_of(given, (KEEPS, NOTES), named=NAMED).facts() == facts_of(given, (KEEPS, NOTES))


# --------------------------------------------------------------------------------------------- sections

BEFORE = proposal((KEEPS,), build="vendor", vendor="Acme", decision="person", oversight="Ann", **{"own.keeps": "never"})
NEW_KPI = replace(BEFORE.kpis[0], target=2.0)


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        pytest.param({"name": "A better name"}, Section.COSMETIC, id="the name is cosmetic"),
        pytest.param({"differs": "It is another"}, Section.COSMETIC, id="why it differs too"),
        pytest.param({"problem": "Another problem"}, Section.PURPOSE, id="the problem is its purpose"),
        pytest.param({"team": "Claims"}, Section.PURPOSE, id="the team too"),
        pytest.param({"objective": "Another one"}, Section.PURPOSE, id="and the objective"),
        pytest.param({"outputs": "Two pages"}, Section.PURPOSE, id="and what it produces"),
        pytest.param({"data_class": DataClass.PUBLIC}, Section.DATA, id="the data class"),
        pytest.param({"build": Build.BOTH}, Section.MODEL, id="who builds it"),
        pytest.param({"vendor": "Another"}, Section.MODEL, id="the vendor"),
        pytest.param(
            {"own": (OwnAnswer("keeps", Section.MODEL, "?", ("keeps",), ("It keeps it",)),)},
            Section.MODEL,
            id="an answer to a question of the organisation's own, in its section",
        ),
        pytest.param({"owner_id": uuid4()}, Section.PEOPLE, id="the owner"),
        pytest.param({"sponsor_id": uuid4()}, Section.PEOPLE, id="the sponsor"),
        pytest.param({"areas": (Area.HEALTH,)}, Section.PEOPLE, id="the areas"),
        pytest.param({"decision": Decision.MACHINE}, Section.OVERSIGHT, id="who decides"),
        pytest.param({"oversight": "Ben"}, Section.OVERSIGHT, id="who checks"),
        pytest.param({"benefit": "More"}, Section.VALUE, id="the benefit"),
        pytest.param({"kpis": (NEW_KPI,)}, Section.VALUE, id="a target"),
    ],
)
def test_a_change_touches_the_section_a_vote_is_bound_to_and_no_other(change: dict[str, Any], touched: Section) -> None:
    before, after = sections_of(BEFORE), sections_of(replace(BEFORE, **change))

    assert [section for section in before if before[section] != after[section]] == [touched]


def test_the_order_in_which_things_were_ticked_changes_nothing() -> None:
    one, other = proposal(affected=("public", "customers")), proposal(affected=("customers", "public"))

    assert sections_of(one) == sections_of(other)


# ------------------------------------------------------------------------------------- answers and words


def test_a_kpi_is_read_as_it_was_meant() -> None:
    kpis = proposal(
        **{"kpis": "2", "kpi_name.1": "Share", "kpi_unit.1": "%", "kpi_direction.1": "band"},
        **{"kpi_target.1": "12,5 % to 10", "kpi_due.1": "2026-03-02"},
    ).kpis

    assert kpis[0] == Kpi("Hours per file", "hours", Direction.DOWN, 6.0, 3.0, None, date(2026, 12, 1))
    assert kpis[1] == Kpi("Share", "%", Direction.BAND, None, 10.0, 12.5, date(2026, 3, 2))


def test_a_second_kpi_may_be_left_empty_but_not_half_filled() -> None:
    assert first_problems(answers(kpis="3"), (), named=NAMED, today=TODAY) is None

    found = first_problems(answers(kpis="2", **{"kpi_unit.1": "hours"}), (), named=NAMED, today=TODAY)

    assert found is not None
    assert {problem.field for problem in found[1]} == {
        f"kpi_{name}.1" for name in ("name", "direction", "target", "due")
    }


def test_a_step_saves_its_own_fields_and_forgets_what_was_emptied() -> None:
    saved = merged({"name": "A", "team": "B"}, {"team": "", "problem": "C", "outputs": "of another step"}, Step.BASICS)

    assert saved == {"name": "A", "problem": "C"}
    assert read(written(answers())) == answers()


@pytest.mark.parametrize(
    ("field", "step"),
    [("own.keeps", Step.DETAILS), ("kpi_due.2", Step.VALUE), ("kpi_due.3", None), ("base", None), ("similar", None)],
)
def test_fields_nobody_asks_for_belong_to_no_step(field: str, step: Step | None) -> None:
    assert step_of(field) is step


@pytest.mark.parametrize("typed", ["Answer  within five days", " ANSWER within FIVE days", "Answer within ﬁve days"])
def test_an_objective_is_the_same_however_it_is_typed(typed: str) -> None:
    assert objective_key(typed) == "answer within five days"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("UC-42", 42),
        ("uc42", 42),
        ("  Uc 42 ", 42),
        ("UC-007", 7),
        ("42", None),
        ("UC-", None),
        ("UC-4x", None),
        ("UC-42 please", None),
        ("UC-12345678901", None),
        ("UC-4２", None),
    ],
)
def test_a_reference_is_understood_however_people_type_it(typed: str, number: int | None) -> None:
    assert reference_number(typed) == number


def test_people_are_who_the_form_says() -> None:
    said: tuple[UUID, UUID] = (proposal().owner_id, proposal().sponsor_id)

    assert said == (MAREK, PRIYA)
