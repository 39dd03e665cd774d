"""What a proposal must say, as tables."""

from dataclasses import replace
from uuid import uuid4

import pytest

from db.enums import DataClass, Processing, Section
from workflows.intake import reference_number
from workflows.intake.rules import LONGEST, Proposal, problems_of, sections_of

WHOLE = Proposal(
    name="Summarise complaint files",
    problem="Reading one file takes six hours.",
    team="Complaints",
    owner_id=uuid4(),
    objective="Answer within five days",
    kpi="Hours per file",
    data_class=DataClass.PERSONAL,
    processing=Processing.OWN_CLOUD,
)


def test_a_whole_proposal_has_no_problem() -> None:
    assert problems_of(WHOLE) == []


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_a_field_left_blank_is_named(field: str, text: str) -> None:
    [problem] = problems_of(replace(WHOLE, **{field: text}))  # type: ignore[arg-type]

    assert problem.field == field
    assert problem.text.endswith(".")


@pytest.mark.parametrize(("field", "longest"), LONGEST.items())
def test_a_field_may_be_as_long_as_it_says_and_no_longer(field: str, longest: int) -> None:
    assert problems_of(replace(WHOLE, **{field: "x" * longest})) == []  # type: ignore[arg-type]

    [problem] = problems_of(replace(WHOLE, **{field: "x" * (longest + 1)}))  # type: ignore[arg-type]

    assert (problem.field, str(longest) in problem.text, str(longest + 1) in problem.text) == (field, True, True)


def test_an_owner_who_is_no_full_member_is_a_problem_of_the_owner_field() -> None:
    assert [problem.field for problem in problems_of(replace(WHOLE, owner_id=None))] == ["owner"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    empty = replace(WHOLE, name="", problem="", team="", owner_id=None, objective="", kpi="")

    assert {problem.field for problem in problems_of(empty)} == {*LONGEST, "owner"}


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        pytest.param({"name": "A better name"}, Section.COSMETIC, id="the name is cosmetic"),
        pytest.param({"problem": "Another problem"}, Section.PURPOSE, id="the problem is its purpose"),
        pytest.param({"team": "Claims"}, Section.PURPOSE, id="the team too"),
        pytest.param({"objective": "Another one"}, Section.PURPOSE, id="and the objective"),
        pytest.param({"kpi": "Another number"}, Section.VALUE, id="the number is its value"),
        pytest.param({"data_class": DataClass.PUBLIC}, Section.DATA, id="the data class"),
        pytest.param({"processing": Processing.UNKNOWN}, Section.DATA, id="where it is processed"),
        pytest.param({"owner_id": uuid4()}, Section.PEOPLE, id="the owner"),
    ],
)
def test_a_change_touches_the_section_a_vote_is_bound_to_and_no_other(
    change: dict[str, object], touched: Section
) -> None:
    before, after = sections_of(WHOLE), sections_of(replace(WHOLE, **change))  # type: ignore[arg-type]

    assert [section for section in before if before[section] != after[section]] == [touched]


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
