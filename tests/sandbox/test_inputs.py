"""What people choose and type, in the shapes apps get it."""

from typing import Any

import pytest

from sandbox.blockkit.written import rich_text_of, words_of
from sandbox.inputs import KINDS, BadInputError, current, initial, pressed, typed
from tests.sandbox.test_block_rules import Json, option, options, plain

A, B = option("a"), option("b")
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
}
FILE = {"id": "F1", "name": "plan.pdf"}

# An element, what a person entered, and what the app finds in the state's values besides the type.
VALUES: list[tuple[Json, Any, Json]] = [
    ({"type": "plain_text_input"}, "words", {"value": "words"}),
    ({"type": "number_input", "is_decimal_allowed": True}, "1.5", {"value": "1.5"}),
    ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
    ({"type": "url_text_input"}, "https://a.example", {"value": "https://a.example"}),
    ({"type": "rich_text_input"}, "hi", {"rich_text_value": RICH}),
    ({"type": "file_input"}, [FILE], {"files": [FILE]}),
    ({"type": "static_select", "options": [A, B]}, "b", {"selected_option": B}),
    ({"type": "external_select"}, {"value": "a", "text": plain()}, {"selected_option": A}),
    ({"type": "radio_buttons", "options": [A, B]}, "a", {"selected_option": A}),
    ({"type": "multi_static_select", "options": [A, B]}, ["b", "a"], {"selected_options": [B, A]}),
    ({"type": "multi_external_select"}, [{"value": "a", "text": plain()}], {"selected_options": [A]}),
    ({"type": "checkboxes", "options": [A, B]}, ["a"], {"selected_options": [A]}),
    ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
    ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
    ({"type": "channels_select"}, "C1", {"selected_channel": "C1"}),
    ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ({"type": "multi_conversations_select"}, ["C1"], {"selected_conversations": ["C1"]}),
    ({"type": "multi_channels_select"}, ["C1"], {"selected_channels": ["C1"]}),
    ({"type": "datepicker"}, "2026-01-31", {"selected_date": "2026-01-31"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "timepicker", "timezone": "Asia/Tokyo"}, "09:30", {"selected_time": "09:30", "timezone": "Asia/Tokyo"}),
    ({"type": "datetimepicker"}, 1_795_451_566, {"selected_date_time": 1_795_451_566}),
]
KINDS_SEEN = [element["type"] for element, _, _ in VALUES]


@pytest.mark.parametrize(("element", "entered", "value"), VALUES, ids=KINDS_SEEN)
def test_an_app_gets_what_was_entered_under_the_key_of_its_element(element: Json, entered: Any, value: Json) -> None:
    assert typed(element, entered) == {"type": element["type"], **value}


@pytest.mark.parametrize(("element", "entered", "value"), VALUES, ids=KINDS_SEEN)
def test_an_empty_element_keeps_its_key(element: Json, entered: Any, value: Json) -> None:  # noqa: ARG001
    empty = initial(element)

    assert set(empty) == {"type", *value}
    assert empty[KINDS[element["type"]].key] in (None, [])
    assert typed(element, None) == empty


def test_every_kind_of_input_is_among_them() -> None:
    assert set(KINDS_SEEN) == set(KINDS)


@pytest.mark.parametrize(
    ("element", "entered", "words"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "3 characters"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1", "2 or more"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "2"}, "3", "2 or less"),
        ({"type": "email_text_input"}, "a at b", "email"),
        ({"type": "url_text_input"}, "a.example", "https://"),
        ({"type": "static_select", "options": [A]}, "z", "options"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1", "U2"], "1 at most"),
        ({"type": "file_input", "max_files": 1}, [FILE, FILE], "1 at most"),
        ({"type": "file_input", "filetypes": ["png"]}, [FILE], "png"),
        ({"type": "datepicker"}, "soon", "date"),
        ({"type": "timepicker"}, "25:00", "time"),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_what_does_not_fit_is_told_to_the_person(element: Json, entered: Any, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        typed(element, entered)


def test_a_press_says_which_part_was_pressed() -> None:
    feedback = {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Good"), "value": "y"},
        "negative_button": {"text": plain("Bad"), "value": "n"},
    }

    assert pressed(feedback, "n") == {"text": plain("Bad"), "value": "n"}
    assert pressed({"type": "overflow", "options": options(2)}, "1") == {"selected_option": option("1")}
    assert pressed({"type": "button"}, None) == {}
    with pytest.raises(BadInputError):
        pressed(feedback, "maybe")
    with pytest.raises(BadInputError, match="workflow"):
        pressed({"type": "workflow_button"}, None)


def test_values_inside_other_blocks_are_found() -> None:
    picker = {"type": "datepicker", "action_id": "day"}
    inner = {"type": "actions", "block_id": "in", "elements": [picker]}
    box = {"type": "container", "block_id": "out", "child_blocks": [inner]}

    assert current([box], {}) == {"in": {"day": {"type": "datepicker", "selected_date": None}}}


@pytest.mark.parametrize(
    "words",
    [
        "just words",
        "two\nlines",
        "*bold* and _italic_ and ~gone~ and `code`",
        "- one\n- two",
        "1. one\n2. two",
        "> said\n> again",
        "```\nlet x = *1*\n```",
        "see https://a.example/b?c=d, <@U1> in <#C1> :tada:",
        "before\n- inside\nafter",
    ],
)
def test_rich_text_can_be_typed_and_comes_back_as_it_was_typed(words: str) -> None:
    assert words_of(rich_text_of(words)) == words


def test_stars_make_words_bold_and_stars_in_formulas_do_not() -> None:
    (section,) = rich_text_of("*now* 2*3*4 snake_case_name")["elements"]

    assert section["elements"] == [
        {"type": "text", "text": "now", "style": {"bold": True}},
        {"type": "text", "text": " 2*3*4 snake_case_name"},
    ]
