"""Each rule of Block Kit with what it lets pass and what it stops, and where each block may stand."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.blockkit.blocks import BLOCKS
from sandbox.blockkit.validate import check_message, check_view, explain, with_ids
from tests.sandbox.test_block_rules import (
    Json,
    actions,
    button,
    confirm,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    question,
    rich,
    section,
)

WORDS = rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]})
IMAGE = {"type": "image", "image_url": "https://a.b/c", "alt_text": "c"}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def number(value: float = 1, text: str = "1") -> Json:
    return {"type": "raw_number", "value": value, "text": text}


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows) or [[raw()]], **more}


def data_table(rows: int = 2, columns: int = 1, text: str = "x", **more: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": [[raw(text)] * columns for _ in range(rows)], **more}


def pie(count: int = 1, label: str = "x", value: Any = 1, title: str = "t") -> Json:
    segments = [{"label": label, "value": value} for _ in range(count)]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": segments}}


def chart(
    kind: str = "bar", *, series: int = 1, points: int = 1, labels: list[str] | None = None, name: str = "", **axis: Any
) -> Json:
    categories = labels or [f"c{number}" for number in range(points)]
    data = [{"label": f"c{number}", "value": -1.5} for number in range(points)]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {
            "type": kind,
            "series": [{"name": name or f"s{number}", "data": data} for number in range(series)],
            "axis_config": {"categories": categories, **axis},
        },
    }


def card(**more: Any) -> Json:
    return {"type": "card", "title": mrkdwn(), **more}


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(children) or [{"type": "divider"}], **more}


def task(**more: Any) -> Json:
    return {"type": "task_card", "task_id": "1", "title": "t", "status": "complete", **more}


def plan(count: int = 1, **more: Any) -> Json:
    tasks = [{"task_id": str(n), "title": "t", "status": "pending", **more} for n in range(count)]
    return {"type": "plan", "title": "t", "tasks": tasks}


def video(**more: Any) -> Json:
    urls = {"thumbnail_url": "https://a.b/c", "video_url": "https://a.b/d"}
    return {"type": "video", "alt_text": "x", "title": plain(), **urls, **more}


def extras(*elements: Json) -> Json:
    return {"type": "context_actions", "elements": list(elements)}


def feedback(**more: Any) -> Json:
    yes, no = {"text": plain(), "value": "y"}, {"text": plain(), "value": "n"}
    return {"type": "feedback_buttons", "positive_button": {**yes, **more}, "negative_button": no}


def trash(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain(), **more}


def workflow(**more: Any) -> Json:
    return {"type": "workflow_button", "text": plain(), "workflow": {"trigger": {"url": "https://a.b/c"}}, **more}


def ask(kind: str, **more: Any) -> Json:
    return question({"type": kind, **more})


def choose(kind: str, **more: Any) -> Json:
    return actions({"type": kind, **more})


LONG = "x" * 2000
GROUP = {"label": plain(), "options": options(1)}

# The rule, a block it lets pass, one it stops, and where Slack points in the latter.
RULES: list[tuple[str, Json, Json, str]] = [
    ("markdown of 12,000", {"type": "markdown", "text": "x" * 12000}, {"type": "markdown", "text": "x" * 12001},
     "/text"),
    ("a table's rows", table(*[[raw()]] * 100), table(*[[raw()]] * 101), "/rows"),
    ("a table's columns", table([raw()] * 20), table([raw()] * 21), "/rows/0"),
    ("a table's cells", table([raw(), number(), WORDS]), table([mrkdwn()]), "/rows/0/0/type"),
    ("a cell with words", table([raw()]), table([raw("")]), "/rows/0/0/text"),
    ("a number that is one", table([number(0.5)]), table([{**number(), "value": "1"}]), "/rows/0/0/value"),
    ("a table's settings", table(column_settings=[{"align": "right", "is_wrapped": True}]),
     table(column_settings=[{"align": "justify"}]), "/column_settings/0/align"),
    ("settings for 20 columns", table(column_settings=[{}] * 20), table(column_settings=[{}] * 21),
     "/column_settings"),
    ("a table's characters", table(*[[raw("x" * 100)]] * 100), table(*[[raw("x" * 101)]] * 100), "/rows"),
    ("a caption", data_table(), data_table(caption=None), ""),
    ("a header and a row", data_table(rows=2), data_table(rows=1), "/rows"),
    ("a hundred rows of data", data_table(rows=101), data_table(rows=102), "/rows"),
    ("twenty columns of data", data_table(columns=20), data_table(columns=21), "/rows/0"),
    ("rows of one length", data_table(columns=2), {**data_table(), "rows": [[raw()], [raw(), raw()]]}, "/rows/1"),
    ("a plain header row", {**data_table(), "rows": [[raw()], [WORDS]]}, {**data_table(), "rows": [[WORDS], [raw()]]},
     "/rows/0/0/type"),
    ("a page of rows", data_table(page_size=100), data_table(page_size=101), "/page_size"),
    ("at least one row a page", data_table(page_size=1), data_table(page_size=0), "/page_size"),
    ("a column to name rows by", data_table(columns=2, row_header_column_index=1),
     data_table(columns=2, row_header_column_index=2), "/row_header_column_index"),
    ("a data table's characters", data_table(rows=2, text="x" * 10000), data_table(rows=2, text="x" * 10001), "/rows"),
    ("a chart's title", pie(title="x" * 50), pie(title="x" * 51), "/title"),
    ("a pie's segments", pie(6), pie(7), "/chart/segments"),
    ("a segment's label", pie(label="x" * 20), pie(label="x" * 21), "/chart/segments/0/label"),
    ("a segment above nothing", pie(value=0.1), pie(value=0), "/chart/segments/0/value"),
    ("a kind of chart", chart("area"), chart("radar"), "/chart/type"),
    ("a chart's series", chart("line", series=6), chart("line", series=7), "/chart/series"),
    ("series of different names", chart(series=2), chart(series=2, name="same"), "/chart/series/1/name"),
    ("a series' name", chart(name="x" * 20), chart(name="x" * 21), "/chart/series/0/name"),
    ("a series' points", chart(points=20), chart(points=21), "/chart/series/0/data"),
    ("a point for each category", chart(points=2), chart(points=2, labels=["c0", "c1", "c2"]), "/chart/series/0/data"),
    ("different categories", chart(points=2), chart(points=2, labels=["c0", "c0"]), "/chart/axis_config/categories"),
    ("a category's label", chart(points=1), chart(labels=["x" * 21]), "/chart/axis_config/categories/0"),
    ("an axis' label", chart(x_label="x" * 50), chart(y_label="x" * 51), "/chart/axis_config/y_label"),
    ("something on a card", card(), {"type": "card", "subtitle": mrkdwn()}, ""),
    ("a card's texts are objects", card(), card(title="x"), "/title"),
    ("a card's title", card(title=mrkdwn("x" * 150)), card(title=mrkdwn("x" * 151)), "/title/text"),
    ("a card's subtitle", card(subtitle=mrkdwn("x" * 150)), card(subtitle=mrkdwn("x" * 151)), "/subtitle/text"),
    ("a card's body", card(body=mrkdwn("x" * 200)), card(body=mrkdwn("x" * 201)), "/body/text"),
    ("a card's subtext", card(subtext=mrkdwn("x" * 200)), card(subtext=mrkdwn("x" * 201)), "/subtext/text"),
    ("a card's buttons", card(actions=[button(action_id=str(n)) for n in range(3)]),
     card(actions=[button(action_id=str(n)) for n in range(4)]), "/actions"),
    ("only buttons on a card", card(actions=[button()]), card(actions=[{"type": "datepicker"}]), "/actions/0/type"),
    ("one icon on a card", card(icon=IMAGE), card(icon=IMAGE, slack_icon={"type": "icon", "name": "bot"}), ""),
    ("an icon Slack has", card(slack_icon={"type": "icon", "name": "bot"}),
     card(slack_icon={"type": "icon", "name": "unicorn"}), "/slack_icon/name"),
    ("a carousel of cards", {"type": "carousel", "elements": [card()] * 10},
     {"type": "carousel", "elements": [card()] * 11}, "/elements"),
    ("cards in a carousel", {"type": "carousel", "elements": [card()]},
     {"type": "carousel", "elements": [section()]}, "/elements/0/type"),
    ("a container's children", container(*[section()] * 10), container(*[section()] * 11), "/child_blocks"),
    ("what a container holds", container(table()), container(card()), "/child_blocks/0/type"),
    ("one title on a container", container(), container(rich_text_title=WORDS), ""),
    ("a container's title", container(title=plain("x" * 150)), container(title=plain("x" * 151)), "/title/text"),
    ("a container's subtitle", container(subtitle=mrkdwn("x" * 150)), container(subtitle=mrkdwn("x" * 151)),
     "/subtitle/text"),
    ("a container's width", container(width="full"), container(width="huge"), "/width"),
    ("folded needs folding", container(is_collapsible=True, default_collapsed=True), container(default_collapsed=True),
     "/default_collapsed"),
    ("no line above what folds", container(has_header_divider=True),
     container(has_header_divider=True, is_collapsible=True), "/has_header_divider"),
    ("a plan's title is bare", plan(), {**plan(), "title": plain()}, "/title"),
    ("a plan's tasks", plan(12), plan(13), "/tasks"),
    ("tasks of different ids", plan(2), plan(2, task_id="1"), "/tasks/1/task_id"),
    ("tasks in a plan", plan(type="task_card"), plan(type="section"), "/tasks/0/type"),
    ("a task's title is bare", task(), task(title=plain()), "/title"),
    ("a task that has begun", task(status="in_progress"), task(status="pending"), "/status"),
    ("a task's details", task(details=WORDS, output=WORDS), task(details=mrkdwn()), "/details/type"),
    ("a task's sources", task(sources=[{"type": "url", "url": "https://a.b", "text": "x"}]),
     task(sources=[{"type": "url", "url": "https://a.b"}]), "/sources/0"),
    ("a video's title", video(title=plain("x" * 199)), video(title=plain("x" * 200)), "/title/text"),
    ("a video's author", video(author_name="x" * 49), video(author_name="x" * 50), "/author_name"),
    ("a video's description", video(description=plain("x" * 200)), video(description=plain("x" * 201)),
     "/description/text"),
    ("a video from a safe place", video(), video(video_url="http://a.b"), "/video_url"),
    ("a video's own page", video(title_url="https://a.b"), video(title_url="https://" + LONG), "/title_url"),
    ("a video's provider", video(provider_icon_url=LONG), video(provider_icon_url=LONG + "x"), "/provider_icon_url"),
    ("words for a video", video(alt_text="x" * 2000), video(alt_text=None), ""),
    ("a call's id", {"type": "call", "call_id": "R1"}, {"type": "call"}, ""),
    ("five things below a message", extras(*[trash(action_id=str(n)) for n in range(5)]),
     extras(*[trash(action_id=str(n)) for n in range(6)]), "/elements"),
    ("only those below a message", extras(feedback(), trash()), extras(button()), "/elements/0/type"),
    ("feedback's text", extras(feedback(text=plain("x" * 75))), extras(feedback(text=plain("x" * 76))),
     "/elements/0/positive_button/text/text"),
    ("feedback's value", extras(feedback(value=LONG)), extras(feedback(value=LONG + "x")),
     "/elements/0/positive_button/value"),
    ("the icon there is", extras(trash()), extras(trash(icon="star")), "/elements/0/icon"),
    ("whom an icon is for", extras(trash(visible_to_user_ids=["U1"] * 10)),
     extras(trash(visible_to_user_ids=["U1"] * 11)), "/elements/0/visible_to_user_ids"),
    ("an image from Slack", {"type": "image", "alt_text": "x", "slack_file": {"url": "https://a.b"}},
     {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://a.b"}}, "/slack_file"),
    ("an image's address", {**IMAGE, "image_url": "x" * 3000}, {**IMAGE, "image_url": "x" * 3001}, "/image_url"),
    ("an image's words", {**IMAGE, "alt_text": LONG}, {**IMAGE, "alt_text": LONG + "x"}, "/alt_text"),
    ("an image's title", {**IMAGE, "title": plain(LONG)}, {**IMAGE, "title": plain(LONG + "x")}, "/title/text"),
    ("a header's level", {"type": "header", "text": plain(), "level": 4},
     {"type": "header", "text": plain(), "level": 5}, "/level"),
    ("a button's address", actions(button(url="x" * 3000)), actions(button(url="x" * 3001)), "/elements/0/url"),
    ("a button read aloud", actions(button(accessibility_label="x" * 75)),
     actions(button(accessibility_label="x" * 76)), "/elements/0/accessibility_label"),
    ("a button's prompt", actions(button(agent_prompt="x" * 4000)), actions(button(agent_prompt="x" * 4001)),
     "/elements/0/agent_prompt"),
    ("a question's title", actions(button(confirm=confirm(title=plain("x" * 100)))),
     actions(button(confirm=confirm(title=plain("x" * 101)))), "/elements/0/confirm/title/text"),
    ("a question's answers", actions(button(confirm=confirm(deny=plain("x" * 30)))),
     actions(button(confirm=confirm(confirm=plain("x" * 31)))), "/elements/0/confirm/confirm/text"),
    ("a question's style", actions(button(confirm=confirm(style="danger"))),
     actions(button(confirm=confirm(style="loud"))), "/elements/0/confirm/style"),
    ("a workflow's button", actions(workflow()), actions(workflow(workflow={})), "/elements/0/workflow"),
    ("a workflow's button in words", section(accessory=workflow(text=plain("x" * 75))),
     section(accessory=workflow(text=plain("x" * 76))), "/accessory/text/text"),
    ("a hundred groups", choose("static_select", option_groups=[GROUP] * 100),
     choose("static_select", option_groups=[GROUP] * 101), "/elements/0/option_groups"),
    ("a hundred in a group", choose("static_select", option_groups=[{**GROUP, "options": options(100)}]),
     choose("static_select", option_groups=[{**GROUP, "options": options(101)}]),
     "/elements/0/option_groups/0/options"),
    ("a group's label", choose("multi_static_select", option_groups=[{**GROUP, "label": plain("x" * 75)}]),
     choose("multi_static_select", option_groups=[{**GROUP, "label": plain("x" * 76)}]),
     "/elements/0/option_groups/0/label/text"),
    ("an option's value", choose("static_select", options=[option("x" * 150)]),
     choose("static_select", options=[option("x" * 151)]), "/elements/0/options/0/value"),
    ("an option's description", choose("radio_buttons", options=[option(description=mrkdwn("x" * 75))]),
     choose("radio_buttons", options=[option(description=mrkdwn("x" * 76))]),
     "/elements/0/options/0/description/text"),
    ("a placeholder", choose("users_select", placeholder=plain("x" * 150)),
     choose("users_select", placeholder=plain("x" * 151)), "/elements/0/placeholder/text"),
    ("an overflow's addresses", choose("overflow", options=[option(url="x" * 3000)]),
     choose("overflow", options=[option(url="x" * 3001)]), "/elements/0/options/0/url"),
    ("addresses only in an overflow", choose("overflow", options=[option(url="https://a.b")]),
     choose("static_select", options=[option(url="https://a.b")]), "/elements/0/options/0"),
    ("at least one choice", choose("multi_users_select", max_selected_items=1),
     choose("multi_users_select", max_selected_items=0), "/elements/0/max_selected_items"),
    ("a filter that filters", choose("conversations_select", filter={"exclude_bot_users": True}),
     choose("multi_conversations_select", filter={}), "/elements/0/filter"),
    ("a filter's kinds", choose("conversations_select", filter={"include": ["mpim", "public"]}),
     choose("conversations_select", filter={"include": ["secret"]}), "/elements/0/filter/include/0"),
    ("a search's length", choose("multi_external_select", min_query_length=0),
     choose("multi_external_select", min_query_length=-1), "/elements/0/min_query_length"),
    ("a channel to begin with", choose("multi_channels_select", initial_channels=["C1"]),
     choose("channels_select", initial_channel=""), "/elements/0/initial_channel"),
    ("a zone that exists", choose("timepicker", timezone="Europe/Berlin"),
     choose("timepicker", timezone="Mars/Olympus"), "/elements/0/timezone"),
    ("a moment of ten digits", choose("datetimepicker", initial_date_time=1_000_000_000),
     choose("datetimepicker", initial_date_time=999_999_999), "/elements/0/initial_date_time"),
    ("no moment in a section", section(accessory={"type": "datepicker"}), section(accessory={"type": "datetimepicker"}),
     "/accessory/type"),
    ("a text's least length", ask("plain_text_input", min_length=3000), ask("plain_text_input", min_length=3001),
     "/element/min_length"),
    ("a text's greatest length", ask("plain_text_input", max_length=1), ask("plain_text_input", max_length=0),
     "/element/max_length"),
    ("when a text tells the app", ask("plain_text_input", dispatch_action_config={
        "trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}),
     ask("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
     "/element/dispatch_action_config/trigger_actions_on/0"),
    ("numbers are strings", ask("number_input", is_decimal_allowed=True, min_value="0.5", max_value="2"),
     ask("number_input", is_decimal_allowed=True, min_value=1), "/element/min_value"),
    ("numbers in order", ask("number_input", is_decimal_allowed=True, min_value="2", max_value="10"),
     ask("number_input", is_decimal_allowed=True, min_value="10", max_value="2"), "/element/min_value"),
    ("rich text to begin with", ask("rich_text_input", initial_value=WORDS), ask("rich_text_input", initial_value="x"),
     "/element/initial_value"),
    ("rich text of many lines", ask("rich_text_input", min_lines=1, max_lines=100),
     ask("rich_text_input", max_lines=101), "/element/max_lines"),
    ("rich text is asked for in an input", ask("rich_text_input"), choose("rich_text_input"), "/elements/0/type"),
    ("ten files", ask("file_input", max_files=10, filetypes=["pdf"]), ask("file_input", max_files=11),
     "/element/max_files"),
    ("a file tells nothing before it is sent", ask("file_input"), {**ask("file_input"), "dispatch_action": True},
     "/dispatch_action"),
    ("an input's label", {**ask("users_select"), "label": plain(LONG)},
     {**ask("users_select"), "label": plain(LONG + "x")}, "/label/text"),
    ("an input's hint", {**ask("users_select"), "hint": plain(LONG)},
     {**ask("users_select"), "hint": plain(LONG + "x")}, "/hint/text"),
    ("a quote's border", rich({"type": "rich_text_quote", "elements": [], "border": 1}),
     rich({"type": "rich_text_quote", "elements": [], "border": 2}), "/elements/0/border"),
    ("a mention", rich({"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}),
     rich({"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "all"}]}),
     "/elements/0/elements/0/range"),
    ("a list holds lines", rich({"type": "rich_text_list", "style": "bullet", "elements": WORDS["elements"]}),
     rich({"type": "rich_text_list", "style": "bullet", "elements": []}), "/elements/0/elements"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "pointer"), [pytest.param(g, b, at, id=name) for name, g, b, at in RULES])
def test_a_rule_lets_the_last_good_one_pass_and_stops_the_first_bad_one(good: Json, bad: Json, pointer: str) -> None:
    assert check_message([good]) == []
    assert f"/blocks/0{pointer}" in {problem.pointer for problem in check_message([bad])}


SAMPLES: dict[str, tuple[Json, str]] = {
    "section": (section(), "MOH"),
    "header": ({"type": "header", "text": plain()}, "MOH"),
    "divider": ({"type": "divider"}, "MOH"),
    "context": ({"type": "context", "elements": [mrkdwn()]}, "MOH"),
    "actions": (actions(button()), "MOH"),
    "input": (ask("users_select"), "MOH"),
    "image": (IMAGE, "MOH"),
    "rich_text": (WORDS, "MOH"),
    "card": (card(), "MOH"),
    "video": (video(), "MOH"),
    "table": (table(), "MH"),
    "data_table": (data_table(), "MH"),
    "carousel": ({"type": "carousel", "elements": [card()]}, "MH"),
    "data_visualization": (pie(), "M"),
    "container": (container(), "M"),
    "markdown": ({"type": "markdown", "text": "x"}, "M"),
    "context_actions": (extras(trash()), "M"),
    "plan": (plan(), "M"),
    "task_card": (task(), "M"),
    "call": ({"type": "call", "call_id": "R1"}, "M"),
    "alert": ({"type": "alert", "text": mrkdwn("x" * 200), "level": "warning"}, "O"),
    "file": ({"type": "file", "external_id": "x", "source": "remote"}, ""),
    "auth_provider": ({"type": "auth_provider"}, ""),
}
SURFACES: dict[str, Callable[[Json], Any]] = {
    "M": lambda block: check_message([block], pointer=""),
    "O": lambda block: check_view(modal(block, submit=plain()), allowed=("modal",), pointer="")[:1],
    "H": lambda block: check_view({"type": "home", "blocks": [block]}, allowed=("home",), pointer="")[:1],
}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_block_stands_where_slack_shows_it_and_nowhere_else(kind: str, surface: str) -> None:
    block, surfaces = SAMPLES[kind]
    problems = SURFACES[surface](block)

    if surface in surfaces:
        assert problems == []
    else:
        assert problems[0].pointer.endswith("/0/type")
        assert problems[0].message == f"unsupported type: {kind}"


def test_every_block_has_a_sample_here() -> None:
    assert set(BLOCKS) <= set(SAMPLES)


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "alert", "text": mrkdwn("x" * 201)}, "/view/blocks/0/text/text"),
        ({"type": "alert", "text": mrkdwn(), "level": "loud"}, "/view/blocks/0/level"),
    ],
    ids=["its length", "its level"],
)
def test_an_alert_is_short_and_has_a_level_slack_knows(block: Json, pointer: str) -> None:
    assert pointer in {problem.pointer for problem in check_view(modal(block), allowed=("modal",))}


# What is good alone and too much together: the blocks that pass, those that do not, and where Slack points.
TOGETHER: list[tuple[str, list[Json], list[Json], str]] = [
    ("one table", [table(), data_table()], [table(), section(), table()], "/blocks/2"),
    ("a table in a container counts", [container(table())], [container(table()), table()], "/blocks/1"),
    ("two charts", [pie(), pie()], [pie(), chart(), pie()], "/blocks/2"),
    ("12,000 characters of markdown", [{"type": "markdown", "text": "x" * 6000}] * 2,
     [{"type": "markdown", "text": "x" * 6001}] * 2, "/blocks/1/text"),
    ("20,000 characters of data", [data_table(text="x" * 5000)] * 2, [data_table(text="x" * 5001)] * 2,
     "/blocks/1/rows"),
    ("ids of their own", [section(block_id="a"), container(section(block_id="b"))],
     [section(block_id="a"), container(section(block_id="a"))], "/blocks/1/child_blocks/0/block_id"),
    ("one place to begin", [ask("users_select", focus_on_load=True)], [ask("users_select", focus_on_load=True)] * 2,
     "/blocks/1/element/focus_on_load"),
    ("fifty blocks", [section()] * 50, [section()] * 51, "/blocks"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "pointer"), [pytest.param(g, b, at, id=name) for name, g, b, at in TOGETHER])
def test_blocks_that_are_good_alone_can_be_too_much_together(good: list[Json], bad: list[Json], pointer: str) -> None:
    assert check_message(good) == []
    assert [problem.pointer for problem in check_message(bad)] == [pointer]


def test_a_response_url_is_asked_for_in_a_modals_input_only() -> None:
    asking = {"type": "channels_select", "response_url_enabled": True}

    assert check_view(modal(question(asking), submit=plain()), allowed=("modal",)) == []
    assert check_view(modal(actions(asking)), allowed=("modal",))
    assert check_message([question(asking)])


VIEWS: list[tuple[str, Json, Json, str]] = [
    ("a title", modal(title=plain("x" * 24)), modal(title=plain("x" * 25)), "/view/title/text"),
    ("a submit", modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25)), "/view/submit/text"),
    ("a close", modal(close=plain("x" * 24)), modal(close=plain("x" * 25)), "/view/close/text"),
    ("a title in plain text", modal(), modal(title=mrkdwn()), "/view/title"),
    ("metadata", modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001), "/view/private_metadata"),
    ("a callback id", modal(callback_id="x" * 255), modal(callback_id="x" * 256), "/view/callback_id"),
    ("an external id", modal(external_id="x" * 255), modal(external_id="x" * 256), "/view/external_id"),
    ("a hundred blocks", modal(*[section()] * 100), modal(*[section()] * 101), "/view/blocks"),
    ("something to submit with", modal(ask("users_select"), submit=plain()), modal(ask("users_select")), "/view"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "pointer"), [pytest.param(g, b, at, id=name) for name, g, b, at in VIEWS])
def test_a_modal_has_limits_of_its_own(good: Json, bad: Json, pointer: str) -> None:
    assert check_view(good, allowed=("modal",)) == []
    assert pointer in {problem.pointer for problem in check_view(bad, allowed=("modal",))}


def test_a_home_holds_a_hundred_blocks() -> None:
    assert check_view({"type": "home", "blocks": [section()] * 100}, allowed=("home",)) == []
    assert check_view({"type": "home", "blocks": [section()] * 101}, allowed=("home",))


def test_validation_explains_itself_with_a_place_a_code_and_the_constraint() -> None:
    assert explain("blocks", [{"type": "alert", "text": mrkdwn()}]) == []
    assert explain("blocks", [section(text={"type": "invalid", "text": "x"})]) == [
        {
            "pointer": "/0/text/type",
            "code": "failed_constraint",
            "message": "unsupported type: invalid",
            "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
        }
    ]
    (missing,) = explain("message", {"blocks": [{"type": "header"}]})
    assert (missing["pointer"], missing["field"]) == ("/blocks/0", "text")
    (long,) = explain("view", modal(title=plain("x" * 25)))
    assert (long["pointer"], long["constraint"]) == ("/title/text", {"type": "max_length", "expected": 24})
    assert explain("message", {"attachments": [{"blocks": [{"type": "x"}]}]})[0]["pointer"].startswith("/attachments/0")


@pytest.mark.parametrize("kind", ["blocks", "message", "view"])
@pytest.mark.parametrize("nonsense", [None, 7, "x", [], {}, [None], {"blocks": 7}], ids=repr)
def test_validation_survives_nonsense(kind: str, nonsense: Any) -> None:
    explain(kind, nonsense)


def test_what_stands_inside_other_blocks_gets_ids_too() -> None:
    (box, row) = with_ids([container(actions({"type": "datepicker"})), {"type": "carousel", "elements": [
        card(actions=[{"type": "button", "text": plain()}])]}])  # fmt: skip

    assert box["child_blocks"][0]["block_id"]
    assert box["child_blocks"][0]["elements"][0]["action_id"]
    assert row["elements"][0]["block_id"]
    assert row["elements"][0]["actions"][0]["action_id"]
