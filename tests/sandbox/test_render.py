"""Blocks as people see and use them."""

from html.parser import HTMLParser
from typing import Any

import pytest

from sandbox.blockkit.render import Scene, render_blocks
from tests.sandbox.test_text import READER

Json = dict[str, Any]
HOSTILE = "\"'><script>alert(1)</script>"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str, **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def drawn(*blocks: Any, state: Json | None = None, live: bool = True) -> str:
    return str(render_blocks(blocks, Scene(reader=READER, scope="V1", state=state or {}, live=live)))


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "b", "label": plain("Name"), "element": {"action_id": "a", **element}, **more}


class Tags(HTMLParser):
    """Every tag with its attributes, so that a test sees what a browser sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def named(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.all
            if name == tag and all(attrs.get(key.replace("_", "-")) == value for key, value in wanted.items())
        ]


OPTIONS = [option("One", "1"), option("Two", "2")]
ELEMENTS: list[Json] = [
    {"type": "button", "text": plain("Go"), "value": "7"},
    {"type": "static_select", "options": OPTIONS},
    {"type": "multi_static_select", "options": OPTIONS},
    {"type": "external_select", "min_query_length": 1},
    {"type": "users_select"},
    {"type": "multi_users_select"},
    {"type": "conversations_select"},
    {"type": "multi_conversations_select"},
    {"type": "channels_select"},
    {"type": "plain_text_input"},
    {"type": "plain_text_input", "multiline": True, "max_length": 30},
    {"type": "number_input", "is_decimal_allowed": False},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "radio_buttons", "options": OPTIONS},
    {"type": "checkboxes", "options": OPTIONS},
    {"type": "datepicker"},
    {"type": "timepicker"},
    {"type": "datetimepicker"},
    {"type": "overflow", "options": OPTIONS},
]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda e: f"{e['type']}{'-long' if e.get('multiline') else ''}")
def test_every_element_can_be_found_again_by_its_ids(element: Json) -> None:
    html = drawn({"type": "actions", "block_id": "b", "elements": [{**element, "action_id": "a"}]})

    handles = [attrs for _, attrs in Tags(html).all if attrs.get("data-action-id") == "a"]
    assert handles
    assert {attrs["data-block-id"] for attrs in handles} == {"b"}
    assert "Not shown here" not in html


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda e: f"{e['type']}{'-long' if e.get('multiline') else ''}")
def test_nobody_breaks_out_of_an_element_with_quotes_and_tags(element: Json) -> None:
    hostile: Json = {
        **element,
        "action_id": HOSTILE,
        "placeholder": plain(HOSTILE),
        "confirm": {"title": plain(HOSTILE), "text": plain(HOSTILE), "confirm": plain("Y"), "deny": plain("N")},
    }
    if "input" in element["type"]:
        hostile["initial_value"] = HOSTILE
    if "options" in element:
        hostile["options"] = [option(HOSTILE, HOSTILE, description=plain(HOSTILE))]
    if "text" in element:
        hostile |= {"text": plain(HOSTILE), "value": HOSTILE, "accessibility_label": HOSTILE}

    tags = Tags(drawn({"type": "actions", "block_id": HOSTILE, "elements": [hostile]}))

    assert not tags.named("script")
    assert any(attrs.get("data-action-id") == HOSTILE for _, attrs in tags.all)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": HOSTILE}, "fields": [plain(HOSTILE)]},
        {"type": "header", "text": plain(HOSTILE)},
        {"type": "context", "elements": [plain(HOSTILE), {"type": "image", "image_url": "x", "alt_text": HOSTILE}]},
        {"type": "image", "image_url": f"https://x/{HOSTILE}", "alt_text": HOSTILE, "title": plain(HOSTILE)},
        {"type": "alert", "level": "warning", "text": plain(HOSTILE)},
        {"type": "table", "rows": [[{"type": "raw_text", "text": HOSTILE}]]},
        {"type": HOSTILE, "text": plain(HOSTILE)},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": HOSTILE}]},
                {"type": "rich_text_section", "elements": [{"type": "link", "url": f"https://x/{HOSTILE}"}]},
                {"type": "rich_text_section", "elements": [{"type": "emoji", "name": HOSTILE}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": HOSTILE}]},
            ],
        },
    ],
    ids=lambda block: str(block["type"])[:12],
)
def test_nobody_breaks_out_of_a_block(block: Json) -> None:
    html = drawn(block)

    assert not Tags(html).named("script")
    assert "alert(1)" in html


def test_an_unknown_block_is_a_labelled_box_with_its_words() -> None:
    html = drawn({"type": "hologram", "title": plain("Our film"), "parts": [{"text": plain("Act one")}]})

    assert "Not shown here: <code>hologram</code>" in html
    assert "Our film" in html
    assert "Act one" in html


def test_an_unknown_element_is_a_labelled_box_too() -> None:
    assert "Not shown here" in drawn({"type": "actions", "elements": [{"type": "lever", "action_id": "a"}]})
    assert "Not shown here" in drawn(field({"type": "lever"}))
    assert "Not shown here" in drawn("no block at all")


def test_a_button_says_what_it_does_and_whether_it_is_dangerous() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Delete"), "style": "danger"}
    html = drawn({"type": "actions", "block_id": "b", "elements": [button]})

    assert "btn-danger" in html
    assert ">Delete</bdi></button>" in html


def test_a_button_with_an_address_is_a_link_that_still_tells_the_app() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Open"), "url": "https://example.com"}
    (link,) = Tags(drawn({"type": "actions", "block_id": "b", "elements": [button]})).named("a")

    assert link["href"] == "https://example.com"
    assert "data-press" in link


def test_a_field_is_labelled_and_points_at_its_hint_and_error() -> None:
    tags = Tags(drawn(field({"type": "plain_text_input"}, hint=plain("Short"), optional=True)))
    (box,) = tags.named("input")
    ids = {attrs.get("id") for _, attrs in tags.all}

    assert tags.named("label", **{"for": str(box["id"])})
    assert set(str(box["aria-describedby"]).split()) <= ids


def test_a_group_of_choices_is_a_fieldset_named_by_its_label() -> None:
    tags = Tags(drawn(field({"type": "radio_buttons", "options": OPTIONS})))
    (fieldset,) = tags.named("fieldset")

    assert tags.named("span", id=str(fieldset["aria-labelledby"]))
    assert len({attrs["name"] for attrs in tags.named("input", type="radio")}) == 1


@pytest.mark.parametrize(
    ("element", "typed", "expected"),
    [
        ({"type": "plain_text_input", "initial_value": "app"}, None, 'value="app"'),
        ({"type": "plain_text_input", "initial_value": "app"}, {"value": "mine"}, 'value="mine"'),
        ({"type": "plain_text_input", "initial_value": "app"}, {"value": None}, 'value=""'),
        ({"type": "datepicker", "initial_date": "2026-01-02"}, None, 'value="2026-01-02"'),
        ({"type": "timepicker"}, {"selected_time": "09:30"}, 'value="09:30"'),
        ({"type": "datetimepicker", "initial_date_time": 1795451566}, None, 'value="2026-11-23T17:32"'),
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": OPTIONS[1]}, '"2" selected'),
        ({"type": "users_select", "initial_user": "U1"}, None, '"U1" selected'),
        ({"type": "external_select"}, {"selected_option": OPTIONS[0]}, 'value="One"'),
    ],
    ids=str,
)
def test_a_field_shows_what_was_typed_before_what_the_app_proposed(
    element: Json, typed: Json | None, expected: str
) -> None:
    assert expected in drawn(field(element), state={"b": {"a": typed}} if typed is not None else None)


def test_ticked_boxes_stay_ticked() -> None:
    chosen = {"type": "checkboxes", "selected_options": [OPTIONS[1]]}
    boxes = Tags(drawn(field({"type": "checkboxes", "options": OPTIONS}), state={"b": {"a": chosen}})).named("input")

    assert [("checked" in box) for box in boxes] == [False, True]


def test_groups_of_options_keep_their_names() -> None:
    groups = [{"label": plain("Numbers"), "options": OPTIONS}]

    assert Tags(drawn(field({"type": "static_select", "option_groups": groups}))).named("optgroup", label="Numbers")
    assert "Numbers" in drawn(field({"type": "multi_static_select", "option_groups": groups}))


def test_people_and_conversations_offered_are_those_of_the_workspace() -> None:
    assert "Ann" in drawn(field({"type": "users_select"}))
    everywhere = drawn(field({"type": "conversations_select"}))
    only_people = drawn(field({"type": "conversations_select", "filter": {"include": ["im"]}}))

    assert "#general" in everywhere
    assert "#general" not in only_people
    assert "Ann" in only_people


def test_someone_who_cannot_act_cannot_press_anything() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Go")}
    (drawn_button,) = Tags(drawn({"type": "actions", "elements": [button]}, live=False)).named("button")

    assert "disabled" in drawn_button


def test_an_accessory_is_named_after_its_section() -> None:
    section = {
        "type": "section",
        "block_id": "b",
        "text": {"type": "mrkdwn", "text": "*Size* of the team"},
        "accessory": {"type": "static_select", "action_id": "a", "options": OPTIONS},
    }

    assert Tags(drawn(section)).named("select", aria_label="Size of the team")


def test_the_same_action_in_two_messages_has_two_ids() -> None:
    block = field({"type": "plain_text_input"})
    one = str(render_blocks([block], Scene(reader=READER, scope="m-1")))
    other = str(render_blocks([block], Scene(reader=READER, scope="m-2")))

    assert Tags(one).named("input")[0]["id"] != Tags(other).named("input")[0]["id"]


def test_rich_text_shows_lists_quotes_styles_and_mentions() -> None:
    html = drawn(
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "all", "style": {"bold": True, "italic": True}},
                        {"type": "user", "user_id": "U1"},
                        {"type": "channel", "channel_id": "C1"},
                        {"type": "broadcast", "range": "here"},
                        {"type": "emoji", "name": "tada"},
                        {"type": "date", "timestamp": 1795451566, "format": "{date_num}"},
                        {"type": "future", "text": "kept"},
                    ],
                },
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "offset": 2,
                    "indent": 1,
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "third"}]}],
                },
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "so said"}]},
            ],
        }
    )

    for piece in (
        "<em><strong>all</strong></em>",
        "@Ann",
        "#general",
        "@here",
        "🎉",
        "2026-11-23",
        "kept",
        "<ol class='indent-1' start='3'>",
        "<blockquote dir='auto'>so said</blockquote>",
    ):
        assert piece in html
