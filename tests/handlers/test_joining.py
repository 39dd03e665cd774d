"""The same idea twice: it is found, it can be joined, or it is said why it differs."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from db.enums import DraftStatus
from db.tables import Draft, LedgerEvent, UseCase, UseCaseRevision
from handlers.ids import Action, Block
from tests.support.chains import hire
from tests.support.house import House, errors_in, filled, reference_in, step_of, view_in, words
from workflows.intake import Step
from workflows.intake.similar import most_similar

ALIKE = {"name": "Summarise the files of complaints", "problem": "It takes six hours to read one file."}


def found(house: House, who: str = "U_BEN", **answers: Any) -> dict[str, Any]:
    """Propose something alike and return the window that shows what it is like."""
    return house.drafted(who, until=Step.SIMILAR, **{**ALIKE, **answers})


def join_button(view: dict[str, Any], reference: str = "UC-1") -> str:
    [value] = [
        block["accessory"]["value"]
        for block in view["blocks"]
        if block.get("accessory", {}).get("text", {}).get("text") == f"Join {reference}"
    ]
    return str(value)


def only(house: House, table: Any) -> Any:
    with house.database.reading() as session:
        return session.exec(select(table)).one()


def test_something_alike_is_shown_with_its_team_and_owner_and_its_state(house: House) -> None:
    house.propose()

    shown = words(found(house))

    for told in ("UC-1", "Summarise complaint files", "Team Complaints", "In review", "Marek", "Join UC-1"):
        assert told in shown
    for kept in ("six hours", "Answer within", "Hours per file"):
        assert kept not in shown


def test_at_most_three_are_shown_the_most_alike_first(house: House) -> None:
    for number in range(5):
        house.propose(name=f"Summarise complaint files{' of the branch' * number}")

    shown = words(found(house, name="Summarise complaint files"))

    assert [f"UC-{number}" in shown for number in range(1, 6)] == [True, True, True, False, False]


def test_something_else_altogether_is_not_held_up(house: House) -> None:
    house.propose()

    window = house.drafted("U_BEN", until=Step.FACTS, name="Forecast cash", problem="Branches run out of notes.")

    assert step_of(window) is Step.FACTS


def test_what_is_confidential_is_never_shown_as_alike(house: House) -> None:
    house.propose(confidential=["confidential"])

    assert step_of(house.drafted("U_BEN", until=Step.FACTS, **ALIKE)) is Step.FACTS


def test_whoever_joins_is_told_who_owns_it_and_those_are_told_once(house: House) -> None:
    house.propose()
    house.open_home("U_BEN")
    view = found(house)

    shown = words(house.turn("U_BEN", Action.JOIN, join_button(view), view=view))
    house.turn("U_BEN", Action.JOIN, join_button(view), view=view)
    house.send()

    assert "owned by Marek" in shown
    for who in ("U_MAREK", "U_PRIYA"):
        [post] = [post for post in house.posts_to(who) if "would like to join" in post.text]
        assert "Ben would like to join *UC-1*" in post.text
        assert "six hours to read one file" in post.text
    assert len(house.posts_to("U_MAREK")) == 1
    assert "Your drafts" not in words(house.world.homes["U_BEN"])
    assert house.facts().count("use_case.join_asked") == 1


def test_a_joined_draft_is_closed_on_every_device(house: House) -> None:
    house.propose()
    view = found(house)
    house.turn("U_BEN", Action.JOIN, join_button(view), view=view)

    later = view_in(house.submit("U_BEN", view, filled(view)))

    assert "it is closed" in words(later)
    with house.database.reading() as session:
        assert DraftStatus.JOINED in session.exec(select(Draft.status)).all()
        assert len(session.exec(select(UseCase)).all()) == 1


def test_the_record_of_a_wish_holds_ids_alone(house: House) -> None:
    house.propose()
    view = found(house)
    house.turn("U_BEN", Action.JOIN, join_button(view), view=view)

    with house.database.reading() as session:
        [body] = [
            json.loads(row.body) for row in session.exec(select(LedgerEvent)) if "use_case.join_asked" in row.body
        ]
    assert body["data"] == {"draft": str(UUID(view["private_metadata"][:36]))}


def test_why_yours_differs_must_be_said_and_those_who_decide_read_it(house: House) -> None:
    house.propose()
    view = found(house)

    assert "differs" in errors_in(house.submit("U_BEN", view, filled(view, differs="  ")))
    house.go_on("U_BEN", view, differs="Ours are paper files.")
    house.send()

    assert "Differs from UC-1" in words(house.posts_to("U_ANN")[-1])
    assert "Ours are paper files." in words(house.posts_to("U_ANN")[-1])


def test_what_was_rejected_is_shown_and_cannot_be_joined(house: House) -> None:
    house.propose()
    house.reject("U_ANN", "No.")
    view = found(house)

    assert "Rejected" in words(view)
    assert "Join UC-1" not in words(view)
    shown = house.turn("U_BEN", Action.JOIN, str(only(house, UseCase).id), view=view)
    assert "cannot be joined" in words(shown)


@pytest.mark.parametrize("what", ["00000000-0000-7000-8000-000000000000", "confidential"])
def test_nobody_joins_what_is_not_there_for_them(house: House, what: str) -> None:
    house.propose(confidential=["confidential"])
    view = house.drafted("U_BEN", until=Step.FACTS)
    value = str(only(house, UseCase).id) if what == "confidential" else what

    shown = house.turn("U_BEN", Action.JOIN, value, view=view)
    house.send()

    assert "cannot be joined" in words(shown)
    assert "use_case.join_asked" not in house.facts()
    assert not any("would like to join" in post.text for post in house.world.posts)


def test_a_changed_name_is_looked_for_anew(house: House) -> None:
    house.propose()
    view = house.turn("U_BEN", Action.BACK, "", view=found(house))

    response = house.submit("U_BEN", view, filled(view, name="Forecast cash", problem="Branches run out of notes."))

    assert step_of(view_in(response)) is Step.FACTS
    assert reference_in(house.go_on("U_BEN", view_in(response))) == "UC-2"
    with house.database.reading() as session:
        texts = session.exec(select(UseCaseRevision).where(UseCaseRevision.name == "Forecast cash")).one()
    assert texts.differs == ""


def test_an_outsider_joins_nothing(house: House) -> None:
    house.propose()
    view = found(house)
    hire(house, "U_BEN", is_restricted=True)
    house.tell({"type": "user_change", "user": house.world.people["U_BEN"]})

    house.turn("U_BEN", Action.JOIN, join_button(view), view=view)
    house.send()

    assert "full members" in house.posts_to("U_BEN")[-1].text
    assert "use_case.join_asked" not in house.facts()


# ------------------------------------------------------------------------------------ what is alike

CHATBOT = (1, "HR chatbot", "Employees wait two days for an answer about leave, pay and parental rules.")
OTHERS = [
    CHATBOT,
    (2, "Predict machine failures", "Presses stand still for a shift before anybody knows why."),
    (3, "Translate contracts", "Suppliers send contracts in nine languages."),
    (4, "Chatbot for human resources", "Answers about leave and parental rules take employees two days."),
]


@pytest.mark.parametrize(
    ("name", "problem", "alike"),
    [
        ("HR chatbot", CHATBOT[2], [1, 4]),
        ("Chatbot HR", "Answers about pay and leave take two days; employees wait.", [1, 4]),
        ("Ask the staff handbook", CHATBOT[2], [1, 4]),
        ("Predicting failures of machines", "Presses stand still before anybody knows why.", [2]),
        ("Forecast cash", "Branches run out of notes.", []),
        ("AI tool", "An AI system that uses data and machine learning models.", []),
        ("", "", []),
        ("!!!", "…", []),
    ],
)
def test_words_in_common_make_two_use_cases_alike_whatever_their_order(
    name: str, problem: str, alike: list[int]
) -> None:
    assert most_similar(name, problem, OTHERS) == alike


def test_the_question_stands_under_what_it_asks_about(house: House) -> None:
    house.propose()

    blocks = found(house)["blocks"]

    assert [block.get("block_id") for block in blocks if block["type"] == "input"] == [Block.DIFFERS]


def test_an_approver_reads_what_became_of_the_one_it_is_like_and_what_is_new(house: House) -> None:
    house.propose(data_class="internal")
    house.approve("U_ANN")
    house.propose("U_BEN", **ALIKE, data_class="personal", differs="Ours are files of the court.")
    house.send()

    card = words(house.posts_to("U_ANN")[-1])

    assert "Similar: UC-1 “Summarise complaint files” is approved." in card
    assert "Different here: Data." in card
