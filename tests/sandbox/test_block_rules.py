"""What Slack takes and refuses in blocks and views, and where its finger points."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit.blocks import BLOCKS
from sandbox.blockkit.elements import ELEMENTS
from sandbox.blockkit.validate import check_message, check_view, with_ids

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", **more: Any) -> Json:
    return {"text": plain(), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def question(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


WORDS = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}
SELECT = {"type": "static_select", "options": options(2)}

GOOD: list[tuple[str, Json]] = [
    ("a section with ten fields", {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}),
    ("the longest text", section(text=mrkdwn("x" * 3000))),
    ("a section with an image", section(accessory={"type": "image", "image_url": "https://a.b/c", "alt_text": "c"})),
    ("a header with a level", {"type": "header", "text": plain("x" * 150), "level": 2}),
    ("a divider", {"type": "divider", "block_id": "d"}),
    ("a context of text and image", {
        "type": "context",
        "elements": [mrkdwn(), {"type": "image", "image_url": "https://a.b/c", "alt_text": ""}],
    }),
    ("twenty-five buttons", actions(*(button(action_id=str(number)) for number in range(25)))),
    ("a button that asks first", actions(button(style="danger", value="x" * 2000, confirm=confirm()))),
    ("a menu of a hundred", actions({"type": "static_select", "options": options(100)})),
    ("a menu in groups", actions({
        "type": "multi_static_select",
        "option_groups": [{"label": plain(), "options": options(2)}],
        "initial_options": [option("1")],
        "max_selected_items": 2,
    })),
    ("people and places", actions(
        {"type": "users_select", "initial_user": "U1"},
        {"type": "conversations_select", "filter": {"include": ["im"]}, "default_to_current_conversation": True},
    )),
    ("an overflow menu", section(accessory={"type": "overflow", "options": options(5)})),
    ("radio buttons", section(accessory={"type": "radio_buttons", "options": [{"text": mrkdwn(), "value": "a"}]})),
    ("ten boxes, one ticked", section(accessory={
        "type": "checkboxes", "options": options(10), "initial_options": [option("3")],
    })),
    ("pickers", actions(
        {"type": "datepicker", "initial_date": "2026-01-31"}, {"type": "timepicker", "initial_time": "23:59"}
    )),
    ("a text to fill in", question(
        {"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": 3000},
        hint=plain(), optional=True, dispatch_action=True,
    )),
    ("a number", question({"type": "number_input", "is_decimal_allowed": False, "min_value": "-1"})),
    ("an address", question({"type": "email_text_input", "focus_on_load": True})),
    ("a link", question({"type": "url_text_input", "placeholder": plain()})),
    ("an external menu", question({"type": "external_select", "min_query_length": 0})),
    ("an image from Slack", {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}, "title": plain()}),
    ("rich text", rich(
        WORDS,
        {"type": "rich_text_list", "style": "bullet", "elements": [WORDS], "indent": 8, "border": 1},
        {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "link", "url": "https://a.b"}]},
    )),
]  # fmt: skip

BAD: list[tuple[str, Json, str]] = [
    ("no type", {"text": plain()}, "/blocks/0"),
    ("a type nobody knows", {"type": "surprise"}, "/blocks/0/type"),
    ("a file, which apps cannot post", {"type": "file", "external_id": "x", "source": "remote"}, "/blocks/0/type"),
    ("a field nobody knows", {"type": "divider", "colour": "red"}, "/blocks/0"),
    ("a section of nothing", {"type": "section"}, "/blocks/0"),
    ("text that is a string", section(text="x"), "/blocks/0/text"),
    ("text that is empty", section(text=mrkdwn("")), "/blocks/0/text/text"),
    ("text too long", section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text"),
    ("emoji in mrkdwn", section(text={**mrkdwn(), "emoji": True}), "/blocks/0/text"),
    ("eleven fields", {"type": "section", "fields": [mrkdwn()] * 11}, "/blocks/0/fields"),
    ("a field too long", {"type": "section", "fields": [mrkdwn("x" * 2001)]}, "/blocks/0/fields/0/text"),
    ("an input as accessory", section(accessory={"type": "plain_text_input"}), "/blocks/0/accessory"),
    ("a header in mrkdwn", {"type": "header", "text": mrkdwn()}, "/blocks/0/text"),
    ("a header too long", {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    ("eleven things in a context", {"type": "context", "elements": [mrkdwn()] * 11}, "/blocks/0/elements"),
    ("no actions", actions(), "/blocks/0/elements"),
    ("twenty-six buttons", actions(*(button(action_id=str(n)) for n in range(26))), "/blocks/0/elements"),
    ("two buttons of one name", actions(button(), button()), "/blocks/0/elements/1/action_id"),
    ("a button's text too long", actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
    ("a button's value too long", actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
    ("a value that is a number", actions(button(value=7)), "/blocks/0/elements/0/value"),
    ("a style nobody knows", actions(button(style="loud")), "/blocks/0/elements/0/style"),
    ("half a question", actions(button(confirm={"title": plain()})), "/blocks/0/elements/0/confirm"),
    ("a question too long", actions(button(confirm=confirm(text=plain("x" * 301)))),
     "/blocks/0/elements/0/confirm/text/text"),
    ("an input among actions", actions({"type": "plain_text_input"}), "/blocks/0/elements/0"),
    ("a menu of nothing", actions({"type": "static_select"}), "/blocks/0/elements/0"),
    ("a menu of too much", actions({"type": "static_select", "options": options(101)}),
     "/blocks/0/elements/0/options"),
    ("a menu both ways", actions({**SELECT, "option_groups": [{"label": plain(), "options": options(1)}]}),
     "/blocks/0/elements/0"),
    ("an option too long", actions({"type": "static_select", "options": [{"text": plain("x" * 76), "value": "a"}]}),
     "/blocks/0/elements/0/options/0/text/text"),
    ("an option in mrkdwn", actions({"type": "static_select", "options": [{"text": mrkdwn(), "value": "a"}]}),
     "/blocks/0/elements/0/options/0/text"),
    ("a first choice that is none", actions({**SELECT, "initial_option": option("z")}),
     "/blocks/0/elements/0/initial_option"),
    ("six options in an overflow", actions({"type": "overflow", "options": options(6)}),
     "/blocks/0/elements/0/options"),
    ("eleven boxes", actions({"type": "checkboxes", "options": options(11)}), "/blocks/0/elements/0/options"),
    ("a date that is none", actions({"type": "datepicker", "initial_date": "soon"}),
     "/blocks/0/elements/0/initial_date"),
    ("an hour that is none", actions({"type": "timepicker", "initial_time": "24:00"}),
     "/blocks/0/elements/0/initial_time"),
    ("an input without a label", {"type": "input", "element": {"type": "plain_text_input"}}, "/blocks/0"),
    ("a button to fill in", question(button()), "/blocks/0/element"),
    ("a number of no kind", question({"type": "number_input"}), "/blocks/0/element"),
    ("lengths that disagree", question({"type": "plain_text_input", "min_length": 9, "max_length": 3}),
     "/blocks/0/element/min_length"),
    ("an image without words", {"type": "image", "image_url": "https://a.b/c"}, "/blocks/0"),
    ("an image from nowhere", {"type": "image", "alt_text": "x"}, "/blocks/0"),
    ("a list too deep", rich({"type": "rich_text_list", "style": "bullet", "elements": [WORDS], "indent": 9}),
     "/blocks/0/elements/0/indent"),
    ("rich text of nothing known", rich({"type": "rich_text_section", "elements": [{"type": "x"}]}),
     "/blocks/0/elements/0/elements/0/type"),
    ("a block id too long", {"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id"),
    ("an action id too long", actions(button(action_id="x" * 256)), "/blocks/0/elements/0/action_id"),
]  # fmt: skip


@pytest.mark.parametrize("block", [pytest.param(block, id=name) for name, block in GOOD])
def test_slack_takes(block: Json) -> None:
    assert check_message([block]) == []
    assert check_view(modal(block, submit=plain()), allowed=("modal",)) == []
    assert check_view({"type": "home", "blocks": [block]}, allowed=("home",)) == []


@pytest.mark.parametrize(("block", "pointer"), [pytest.param(block, at, id=name) for name, block, at in BAD])
def test_slack_refuses(block: Json, pointer: str) -> None:
    problems = check_message([block])

    assert pointer in {problem.pointer for problem in problems}, problems
    in_view = check_view(modal(block, submit=plain()), allowed=("modal",))
    assert f"/view{pointer}" in {problem.pointer for problem in in_view}


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        pytest.param(modal(title=plain("x" * 25)), "/view/title/text", id="a title too long"),
        pytest.param({"type": "modal", "blocks": []}, "/view", id="no title"),
        pytest.param(modal(question({"type": "plain_text_input"})), "/view", id="nothing to submit with"),
        pytest.param(modal(*[{"type": "divider"}] * 101), "/view/blocks", id="too many blocks"),
        pytest.param(modal(private_metadata="x" * 3001), "/view/private_metadata", id="too much metadata"),
        pytest.param(modal(callback_id="x" * 256), "/view/callback_id", id="a name too long"),
        pytest.param(modal(section(block_id="a"), section(block_id="a")), "/view/blocks/1/block_id", id="twins"),
        pytest.param({"type": "home", "blocks": []}, "/view/type", id="a home where a modal is due"),
        pytest.param([], "/view/type", id="a list"),
    ],
)
def test_slack_refuses_a_modal_with(view: Any, pointer: str) -> None:
    assert pointer in {problem.pointer for problem in check_view(view, allowed=("modal",))}


def test_a_message_holds_fifty_blocks() -> None:
    assert check_message([{"type": "divider"}] * 50) == []
    assert [problem.pointer for problem in check_message([{"type": "divider"}] * 51)] == ["/blocks"]


def test_what_an_app_leaves_out_is_filled_in_and_what_it_says_stays() -> None:
    (filled, named) = with_ids([question({"type": "plain_text_input"}), actions(button())])

    assert filled["block_id"]
    assert filled["element"]["action_id"]
    assert (filled["optional"], filled["dispatch_action"]) == (False, False)
    assert filled["label"]["emoji"] is True
    assert named["elements"][0]["action_id"] == "go"


KEYS = st.sampled_from(
    ["type", "text", "elements", "accessory", "element", "options", "value", "blocks", "block_id", "action_id"]
)
KINDS = st.sampled_from([*BLOCKS, *ELEMENTS, "modal", "home", "plain_text", "mrkdwn"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | KINDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(ANYTHING)
def test_whatever_an_app_sends_is_judged_and_never_crashes(anything: Any) -> None:
    check_message(anything)
    check_view(anything, allowed=("modal", "home"))
    if check_message([anything]) == []:
        assert check_message(with_ids([anything])) == []
