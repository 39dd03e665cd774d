"""Charts, tables, cards and the like as people see them, with eyes or without."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit.charts import figure_of, short_number
from sandbox.blockkit.markdown import markdown
from tests.sandbox.test_block_limits import (
    card,
    chart,
    container,
    data_table,
    extras,
    feedback,
    number,
    pie,
    plan,
    raw,
    task,
    trash,
    video,
    workflow,
)
from tests.sandbox.test_block_rules import Json, actions, button, mrkdwn, plain, section
from tests.sandbox.test_render import HOSTILE, Tags, drawn, field


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_a_chart_has_a_title_a_description_and_the_same_as_a_table(kind: str) -> None:
    html = drawn(chart(kind, series=2, points=3))
    tags = Tags(html)

    (svg,) = tags.named("svg")
    ids = {attrs["id"]: tag for tag, attrs in tags.all if "id" in attrs}
    assert {svg["aria-labelledby"], svg["aria-describedby"]} <= set(ids)
    assert f"{kind.capitalize()} chart. s0: c0 -1.5, c1 -1.5, c2 -1.5; s1:" in html
    assert [attrs["scope"] for attrs in tags.named("th")] == ["col"] * 3 + ["row"] * 3


def test_a_pie_says_how_large_its_parts_are() -> None:
    html = drawn(pie(2))

    assert "x: 1 (50%)" in html
    assert len(Tags(html).named("path")) == 2
    assert "A100 100 0 1 1" in drawn(pie(1))


def test_points_stand_at_their_categories_in_whatever_order_they_come() -> None:
    block = chart(points=2)
    block["chart"]["series"][0]["data"] = [{"label": "c1", "value": 5}, {"label": "c0", "value": 2}]

    assert figure_of(block).rows == [["c0", "2"], ["c1", "5"]]


NUMBERS = st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=1, max_size=20)


@given(NUMBERS)
def test_whatever_the_numbers_every_mark_stays_inside_its_chart(values: list[float]) -> None:
    block = chart("line", points=len(values))
    for point, value in zip(block["chart"]["series"][0]["data"], values, strict=True):
        point["value"] = value
    figure = figure_of(block)

    assert all(0 <= y <= 240 for mark in figure.marks for _, y in mark.dots)
    assert 2 <= len(figure.up) <= 8
    block["chart"]["type"] = "bar"
    assert all(mark.height >= 0 and 0 <= mark.y <= 240 for mark in figure_of(block).marks)


def test_large_numbers_are_short_on_an_axis() -> None:
    assert [short_number(value) for value in (1500, 25_000, 3_200_000, -2e9)] == ["1500", "25k", "3.2m", "-2bn"]


def test_a_data_table_has_a_caption_headers_pages_and_numbers_on_the_right() -> None:
    rows = [[raw("Case"), raw("Cost")], *([raw(f"case {n}"), number(n, f"{n}.00")] for n in range(7))]
    html = drawn(data_table() | {"rows": rows, "caption": "Costs"})
    tags = Tags(html)

    assert "<caption" in html
    assert [attrs.get("scope") for attrs in tags.named("th")] == ["col"] * 2 + ["row"] * 7
    assert [("hidden" in row) for row in tags.named("tr") if "data-row" in row] == [False] * 5 + [True] * 2
    assert "1–5 of 7" in html
    assert len(tags.named("td")) == 7
    assert all("align-right" in str(cell["class"]) for cell in tags.named("td"))


def test_a_short_data_table_has_no_pages() -> None:
    assert "Next" not in drawn(data_table(rows=3))


def test_a_container_folds_and_its_buttons_can_be_pressed() -> None:
    inside = {**actions(button()), "block_id": "in"}
    html = drawn(container(inside, is_collapsible=True, default_collapsed=True))

    assert "open" not in Tags(html).named("details")[0]
    assert "open" in Tags(drawn(container(is_collapsible=True))).named("details")[0]
    assert Tags(html).named("button", data_block_id="in", data_action_id="go")


def test_a_card_and_what_stands_below_a_message_can_be_pressed() -> None:
    assert Tags(drawn(card(actions=[button()]) | {"block_id": "c"})).named("button", data_block_id="c")
    below = Tags(drawn(extras({**feedback(), "action_id": "f"}, {**trash(), "action_id": "t"}) | {"block_id": "b"}))
    assert [attrs["data-value"] for attrs in below.named("button", data_action_id="f")] == ["y", "n"]
    assert below.named("button", data_action_id="t", aria_label="x")


def test_an_icon_for_somebody_else_is_not_shown() -> None:
    assert not Tags(drawn(extras(trash(visible_to_user_ids=["U9"])))).named("button")
    assert Tags(drawn(extras(trash(visible_to_user_ids=["U1"])))).named("button")


def test_a_workflow_button_is_a_link_that_tells_no_app() -> None:
    (link,) = Tags(drawn(actions(workflow()))).named("a")

    assert link["href"] == "https://a.b/c"
    assert "data-press" not in link


def test_a_plan_says_in_words_how_far_its_tasks_are() -> None:
    html = drawn(plan(2)) + drawn(task())

    assert "Waiting" in html
    assert "Done" in html


def test_videos_files_and_calls_are_recognised() -> None:
    assert "Watch x" in drawn(video())
    assert "Remote file" in drawn({"type": "file", "external_id": "x", "source": "remote"})
    assert "Call" in drawn({"type": "call", "call_id": "R1"})


def test_a_rich_text_field_shows_what_was_written_in_it() -> None:
    value = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "now", "style": {"bold": True}}]}
        ],
    }
    typed = {"b": {"a": {"type": "rich_text_input", "rich_text_value": value}}}

    assert "\n*now*</textarea>" in drawn(field({"type": "rich_text_input"}), state=typed)
    assert "\n*now*</textarea>" in drawn(field({"type": "rich_text_input", "initial_value": value}))


def test_a_menu_of_the_app_shows_what_was_chosen_in_it() -> None:
    chosen = [{"text": plain("One"), "value": "1"}]
    typed = {"b": {"a": {"type": "multi_external_select", "selected_options": chosen}}}

    assert Tags(drawn(field({"type": "multi_external_select"}), state=typed)).named("input", value="1", type="checkbox")
    proposed = {"type": "multi_external_select", "initial_options": chosen}
    assert Tags(drawn(field(proposed))).named("input", value="1", type="checkbox")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "markdown", "text": f"# {HOSTILE}\n- {HOSTILE}\n> {HOSTILE}\n| {HOSTILE} |\n|---|\n`{HOSTILE}`"},
        card(title=mrkdwn(HOSTILE), subtitle=mrkdwn(HOSTILE), body=mrkdwn(HOSTILE), subtext=mrkdwn(HOSTILE)),
        container(section(text=plain(HOSTILE)), title=plain(HOSTILE)),
        plan() | {"title": HOSTILE},
        task(title=HOSTILE, sources=[{"type": "url", "url": "javascript:alert(1)", "text": HOSTILE}]),
        video(title=plain(HOSTILE), alt_text=HOSTILE, author_name=HOSTILE),
        pie(title=HOSTILE, label=HOSTILE),
        chart(name=HOSTILE, labels=["c0"], x_label=HOSTILE),
        data_table(text=HOSTILE, caption=HOSTILE),
        extras(feedback(text=plain(HOSTILE), value=HOSTILE), trash(accessibility_label=HOSTILE)),
        actions(workflow(text=plain(HOSTILE))),
    ],
    ids=lambda block: str(block["type"]),
)
def test_nobody_breaks_out_of_the_larger_blocks(block: Json) -> None:
    html = drawn(block)

    assert not Tags(html).named("script")
    assert not [attrs for _, attrs in Tags(html).all if str(attrs.get("href", "")).startswith("javascript:")]
    assert "alert(1)" in html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## Title", "<h4 class='markdown-heading' dir='auto'>Title</h4>"),
        ("**a** *b* ~~c~~ `d`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>"),
        ("one\ntwo", "one<br>two"),
        ("- [x] done", "☑ done"),
        ("3. three", "<ol start='3'>"),
        ("> said", "<blockquote dir='auto'><p dir='auto'>said</p></blockquote>"),
        ("| a |\n|---|\n| b |", "<td dir='auto'>b</td>"),
        ("![a picture](https://a.b/c.png)", ">a picture</bdi></a>"),
        ("```\n<b>*\n```", "<pre dir='auto'>&lt;b&gt;*</pre>"),
        ("2*3*4 a_b_c", "2*3*4 a_b_c"),
    ],
)
def test_markdown_reads_as_people_mean_it(source: str, expected: str) -> None:
    assert expected in markdown(source)


@given(st.text(alphabet="#*_~`>|-[]()! \nab1.:", max_size=80))
def test_markdown_never_breaks(source: Any) -> None:
    markdown(source)


def test_markdown_that_quotes_quotes_without_end_is_still_shown() -> None:
    assert "end" in markdown("> " * 5000 + "end")
