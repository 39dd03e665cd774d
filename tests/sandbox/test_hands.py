"""Every element of Block Kit under a person's hands, and what the app hears of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.support import ANNA, BEN, GENERAL, GUEST, Bolt, Json, Workspace
from tests.sandbox.test_browser import command, plain

pytestmark = pytest.mark.browser

LOW, HIGH = ({"text": plain(words), "value": words.lower()} for words in ("Low", "High"))
OPTIONS = {"options": [LOW, HIGH]}
FOUND = {"text": plain("Paris"), "value": "par"}
SHOWN_LOW, SHOWN_HIGH, SHOWN_FOUND = (
    {**one, "text": {**one["text"], "emoji": True}} for one in (LOW, HIGH, FOUND)
)  # with what Slack adds to every text

Hand = Callable[[Locator, str], None]


def write(words: str) -> Hand:
    return lambda place, label: place.get_by_label(label, exact=True).press_sequentially(words)


def fill(value: str) -> Hand:
    return lambda place, label: place.get_by_label(label, exact=True).fill(value)


def pick(shown: str) -> Hand:
    return lambda place, label: place.get_by_label(label, exact=True).select_option(shown) and None


def group_of(place: Locator, label: str) -> Locator:
    return place.get_by_role("group", name=label, exact=True).or_(
        place.get_by_role("radiogroup", name=label, exact=True)
    )


def tick(*shown: str) -> Hand:
    def hand(place: Locator, label: str) -> None:
        for words in shown:
            group_of(place, label).get_by_label(words, exact=True).focus()
            place.page.keyboard.press("Space")

    return hand


def open_list(place: Locator, label: str) -> Locator:
    """Open a list of several choices by keyboard and return it."""
    summary = place.locator("summary").and_(place.get_by_label(label, exact=True))
    inside = group_of(place, label).locator("summary")
    summary.or_(inside).first.focus()
    place.page.keyboard.press("Enter")
    return place.locator("details.multi[open]")


def tick_in_list(*shown: str) -> Hand:
    def hand(place: Locator, label: str) -> None:
        opened = open_list(place, label)
        for words in shown:
            opened.get_by_label(words, exact=True).check()
        place.page.keyboard.press("Escape")

    return hand


def find(place: Locator, label: str) -> None:
    place.get_by_label(label, exact=True).press_sequentially("pa")
    expect(place.get_by_role("button", name="Paris")).to_be_visible()
    place.page.keyboard.press("ArrowDown")
    place.page.keyboard.press("Enter")
    expect(place.get_by_label(label, exact=True)).to_have_value("Paris")


def find_several(place: Locator, label: str) -> None:
    opened = open_list(place, label)
    opened.get_by_role("searchbox").press_sequentially("pa")
    opened.get_by_label("Paris").check()
    place.page.keyboard.press("Escape")


def write_richly(place: Locator, label: str) -> None:
    field = place.get_by_label(label, exact=True)
    field.press_sequentially("so ")
    place.page.keyboard.press("Control+b")
    field.press_sequentially("bold")


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "so "}, {"type": "text", "text": "bold", "style": {"bold": True}}],
        }
    ],
}

# An element, what the hands do with it, and the value the app gets besides the type.
CHOICES: list[tuple[Json, Hand, Json]] = [
    ({"type": "static_select", **OPTIONS}, pick("High"), {"selected_option": SHOWN_HIGH}),
    ({"type": "users_select"}, pick("Ben Brandt"), {"selected_user": BEN}),
    ({"type": "conversations_select"}, pick("#general"), {"selected_conversation": GENERAL}),
    ({"type": "channels_select"}, pick("#general"), {"selected_channel": GENERAL}),
    ({"type": "external_select", "min_query_length": 1}, find, {"selected_option": SHOWN_FOUND}),
    ({"type": "multi_static_select", **OPTIONS}, tick_in_list("Low", "High"), {
        "selected_options": [SHOWN_LOW, SHOWN_HIGH]}),
    ({"type": "multi_users_select"}, tick_in_list("Ben Brandt", "Gesa Gast"), {"selected_users": [BEN, GUEST]}),
    ({"type": "multi_conversations_select"}, tick_in_list("#general"), {"selected_conversations": [GENERAL]}),
    ({"type": "multi_channels_select"}, tick_in_list("#general"), {"selected_channels": [GENERAL]}),
    ({"type": "multi_external_select", "min_query_length": 1}, find_several, {"selected_options": [SHOWN_FOUND]}),
    ({"type": "radio_buttons", **OPTIONS}, tick("High"), {"selected_option": SHOWN_HIGH}),
    ({"type": "checkboxes", **OPTIONS}, tick("Low"), {"selected_options": [SHOWN_LOW]}),
    ({"type": "datepicker"}, fill("2026-12-24"), {"selected_date": "2026-12-24"}),
    ({"type": "timepicker", "timezone": "Asia/Tokyo"}, fill("09:30"), {
        "selected_time": "09:30", "timezone": "Asia/Tokyo"}),
]  # fmt: skip
MOMENT: tuple[Json, Hand, Json] = (
    {"type": "datetimepicker"}, fill("2026-12-24T18:00"), {"selected_date_time": 1_798_131_600}
)  # fmt: skip
WORDS: list[tuple[Json, Hand, Json]] = [
    MOMENT,
    ({"type": "plain_text_input"}, write("some words"), {"value": "some words"}),
    ({"type": "number_input", "is_decimal_allowed": True}, write("1.5"), {"value": "1.5"}),
    ({"type": "email_text_input"}, write("a@b.example"), {"value": "a@b.example"}),
    ({"type": "url_text_input"}, write("https://a.example"), {"value": "https://a.example"}),
    ({"type": "rich_text_input"}, write_richly, {"rich_text_value": RICH}),
]


def label_of(element: Json) -> str:
    return f"The {element['type'].replace('_', ' ')}"


def question(element: Json) -> Json:
    return {
        "type": "input",
        "block_id": element["type"],
        "label": plain(label_of(element)),
        "element": {**element, "action_id": "v"},
    }


def beside(element: Json) -> Json:
    """Return a section that names the element next to it."""
    return {
        "type": "section",
        "block_id": element["type"],
        "text": plain(label_of(element)),
        "accessory": {**element, "action_id": "v"},
    }


def buttons() -> list[Json]:
    sure = {"title": plain("Sure?"), "text": plain("Really."), "confirm": plain("Do it"), "deny": plain("No")}
    return [
        {"type": "actions", "block_id": "row", "elements": [
            {"type": "button", "action_id": "go", "text": plain("Go"), "value": "7"},
            {"type": "button", "action_id": "ask", "text": plain("Ask"), "confirm": sure},
            {"type": "overflow", "action_id": "more", **OPTIONS},
            {**MOMENT[0], "action_id": "v"},
        ]},
    ]  # fmt: skip


@pytest.fixture
def app(slow_workspace: Workspace, connect: Callable[[Workspace], Bolt]) -> Bolt:
    bolt = connect(slow_workspace)
    bolt.app.options("v")(lambda ack: ack(options=[FOUND]))
    bolt.app.action(re.compile("."))(lambda ack: ack())
    return bolt


def actions_of(app: Bolt) -> list[Json]:
    return [action for body in app.got if body.get("type") == "block_actions" for action in body["actions"]]


def next_action(page: Page, app: Bolt, before: int) -> Json:
    for _ in range(300):
        if len(actions_of(app)) > before:
            return actions_of(app)[-1]
        page.wait_for_timeout(20)
    pytest.fail("the app heard nothing")


def heard(page: Page, app: Bolt, deed: Callable[[], Any]) -> Json:
    """Do something and return the action the app heard of, once the page is at rest again."""
    before = len(actions_of(app))
    deed()
    action = next_action(page, app, before)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return action


def use_everything(page: Page, place: Locator, app: Bolt) -> None:
    """Press and choose everything there is, and compare each with what the app hears."""
    for element, hand, value in CHOICES:
        action = heard(page, app, lambda hand=hand, element=element: hand(place, label_of(element)))  # type: ignore[misc]
        assert {key: action.get(key) for key in ("type", "block_id", "action_id", *value)} == {
            "type": element["type"], "block_id": element["type"], "action_id": "v", **value
        }  # fmt: skip
    press_everything(page, place, app)


def press_everything(page: Page, place: Locator, app: Bolt) -> None:
    assert heard(page, app, lambda: place.get_by_role("button", name="Go", exact=True).press("Enter"))["value"] == "7"

    place.get_by_role("button", name="Ask").press("Enter")
    sure = page.get_by_role("dialog", name="Sure?")
    asked = heard(page, app, lambda: sure.get_by_role("button", name="Do it").press("Enter"))
    assert asked["action_id"] == "ask"

    place.locator("summary").and_(place.get_by_label("More options")).press("Enter")
    chosen = heard(page, app, lambda: place.get_by_role("button", name="High", exact=True).press("Enter"))
    assert chosen["selected_option"] == SHOWN_HIGH

    moment = heard(page, app, lambda: MOMENT[1](place, "Date and time"))
    assert moment["selected_date_time"] == MOMENT[2]["selected_date_time"]


def test_every_input_of_a_form_arrives_as_it_was_filled_in_even_if_the_app_redraws_it(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt, tmp_path: Path
) -> None:
    inputs = [*CHOICES, *WORDS]
    blocks = [question(element) for element, _, _ in inputs] + [question({"type": "file_input", "max_files": 2})]
    view = {"type": "modal", "callback_id": "all", "title": plain("All"), "submit": plain("Send"), "blocks": blocks}

    @app.app.command("/help-me")
    def on_command(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    app.app.view("all")(lambda ack: ack())
    (tmp_path / "plan.txt").write_text("first this, then that")
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    form = page.get_by_role("dialog", name="All")
    for element, hand, _ in inputs:
        hand(form, label_of(element))
    form.get_by_label("The file input").set_input_files(tmp_path / "plan.txt")
    redrawn = {**view, "title": plain("Still all")}
    slow_workspace.client.views_update(view_id=slow_workspace.modal(ANNA)["id"], view=redrawn)
    form = page.get_by_role("dialog", name="Still all")
    form.get_by_role("button", name="Send").press("Enter")
    expect(form).to_have_count(0)

    values = next(body for body in app.got if body.get("type") == "view_submission")["view"]["state"]["values"]
    for element, _, value in inputs:
        assert values[element["type"]]["v"] == {"type": element["type"], **value}
    (file,) = values["file_input"]["v"]["files"]
    assert (file["name"], file["mimetype"], file["size"]) == ("plan.txt", "text/plain", 21)


def test_a_menu_that_needs_no_letters_shows_what_there_is_once_it_is_opened(
    visit: Callable[..., Page], app: Bolt
) -> None:
    one, many = {"type": "external_select"}, {"type": "multi_external_select"}
    blocks = [question({**element, "min_query_length": 0}) for element in (one, many)]
    view = {"type": "modal", "callback_id": "all", "title": plain("All"), "submit": plain("Send"), "blocks": blocks}

    @app.app.command("/help-me")
    def on_command(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    form = page.get_by_role("dialog", name="All")
    field, found = form.get_by_label(label_of(one), exact=True), form.get_by_role("button", name="Paris")
    field.click()
    expect(found).to_be_visible()
    form.get_by_role("heading", name="All").click()
    expect(found).to_be_hidden()
    field.press("ArrowDown")
    found.press("Enter")
    expect(field).to_have_value("Paris")
    expect(found).to_be_hidden()

    open_list(form, label_of(many)).get_by_label("Paris").check()

    asked = [body["value"] for body in app.got if body.get("type") == "block_suggestion"]
    asked = [(body["block_id"], body["value"]) for body in app.got if body.get("type") == "block_suggestion"]
    assert asked == [(one["type"], ""), (one["type"], ""), (many["type"], "")]


def test_every_element_of_a_message_tells_the_app_what_was_chosen(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    blocks = [*(beside(element) for element, _, _ in CHOICES), *buttons()]
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="All", blocks=blocks)
    page = visit(f"/?as={ANNA}&channel={GENERAL}")

    use_everything(page, page.get_by_role("article"), app)

    (kept,) = slow_workspace.messages(ANNA, GENERAL)
    assert kept["state"]["users_select"]["v"]["selected_user"] == BEN


def test_every_element_of_a_home_tells_the_app_what_was_chosen(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    blocks = [*(beside(element) for element, _, _ in CHOICES), *buttons()]
    slow_workspace.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": blocks})
    page = visit(f"/?as={ANNA}&home=A0HELPER")

    use_everything(page, page.get_by_role("region", name="Home of Helper"), app)

    press = next(body for body in app.got if body.get("type") == "block_actions")
    assert (press["container"]["type"], press["view"]["type"]) == ("view", "home")


def test_what_stands_below_a_message_and_inside_its_boxes_can_be_pressed(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    go = {"type": "button", "action_id": "go", "text": plain("Go")}
    rows = [[{"type": "raw_text", "text": f"line {number}"}] for number in range(9)]
    blocks: list[Json] = [
        {"type": "container", "title": plain("Box"), "is_collapsible": True, "default_collapsed": True,
         "child_blocks": [{"type": "actions", "block_id": "inside", "elements": [go]}]},
        {"type": "card", "block_id": "card", "title": plain("A card"), "actions": [{**go, "text": plain("Open")}]},
        {"type": "data_table", "caption": "Lines", "page_size": 3, "rows": rows},
        {"type": "context_actions", "block_id": "below", "elements": [
            {"type": "feedback_buttons", "action_id": "rate",
             "positive_button": {"text": plain("Good"), "value": "y"},
             "negative_button": {"text": plain("Bad"), "value": "n"}},
            {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete"), "value": "9"}]},
    ]  # fmt: skip
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="All", blocks=blocks)
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    message = page.get_by_role("article")

    expect(message.get_by_role("button", name="Go", exact=True)).to_be_hidden()
    message.locator("summary", has_text="Box").press("Enter")
    assert (
        heard(page, app, lambda: message.get_by_role("button", name="Go", exact=True).click())["block_id"] == "inside"
    )
    expect(message.get_by_role("button", name="Go", exact=True)).to_be_visible()
    assert heard(page, app, lambda: message.get_by_role("button", name="Open").click())["block_id"] == "card"
    assert heard(page, app, lambda: message.get_by_role("button", name="Bad").click())["value"] == "n"
    assert heard(page, app, lambda: message.get_by_role("button", name="Delete").click())["value"] == "9"

    message.get_by_role("button", name="Next").click()
    message.get_by_role("button", name="Next").press("Enter")
    expect(message.get_by_role("row", name="line 7")).to_be_visible()
    expect(message.get_by_text("7–8 of 8")).to_be_visible()
    slow_workspace.act(BEN, "say", channel=GENERAL, text="in between")
    expect(page.get_by_text("in between")).to_be_visible()
    expect(message.first.get_by_role("row", name="line 7")).to_be_visible()
    expect(message.first.get_by_role("row", name="line 1")).to_be_hidden()


def test_an_input_in_a_message_tells_the_app_when_enter_is_pressed(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    asked = {**question({"type": "plain_text_input"}), "dispatch_action": True}
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="All", blocks=[asked])
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    field = page.get_by_label("The plain text input")

    field.press_sequentially("words")
    assert heard(page, app, lambda: field.press("Enter"))["value"] == "words"


def test_what_was_typed_into_a_form_outlives_a_reload(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    elements = [({"type": "plain_text_input"}, write("half a"), None), *CHOICES]
    view = {
        "type": "modal",
        "title": plain("All"),
        "submit": plain("Send"),
        "blocks": [question(element) for element, _, _ in elements],
    }

    @app.app.command("/help-me")
    def on_command(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    form = page.get_by_role("dialog", name="All")
    form.get_by_label("The plain text input").press_sequentially("half a sent")
    form.get_by_label("The static select").select_option("High")
    tick("Low")(form, "The checkboxes")
    page.reload()

    expect(form.get_by_label("The plain text input")).to_have_value("half a sent")
    expect(form.get_by_label("The static select")).to_have_value("high")
    expect(group_of(form, "The checkboxes").get_by_label("Low")).to_be_checked()
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft-')).length") == 0
    assert slow_workspace.seen_by(ANNA)["modals"] == []


def test_trouble_is_made_seen_and_removed_from_the_page(visit: Callable[..., Page], slow_workspace: Workspace) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    page.locator("summary").and_(page.get_by_label("Make trouble")).press("Enter")
    panel = page.get_by_role("group", name="Make trouble").last

    panel.get_by_label("What goes wrong").select_option("internal_error, but done")
    panel.get_by_label("For", exact=True).fill("chat.postMessage")
    panel.get_by_label("Times").fill("2")
    panel.get_by_role("button", name="Make it happen").click()
    expect(panel.get_by_text("internal_error, but done: chat.postMessage (0 of 2)")).to_be_visible()
    (rule,) = slow_workspace.call("GET", "/control/faults")["rules"]
    assert (rule["do"], rule["when"], rule["on"], rule["count"]) == ("error", "after", "chat.postMessage", 2)

    panel.get_by_role("button", name="Remove").click()
    expect(panel.get_by_text("chat.postMessage (")).to_have_count(0)
    assert slow_workspace.call("GET", "/control/faults")["rules"] == []

    panel.get_by_label("What goes wrong").select_option("Archive this channel")
    panel.get_by_role("button", name="Make it happen").click()
    expect(page.get_by_text("This channel is archived.")).to_be_visible()


def test_reactions_new_replies_and_things_only_one_sees(visit: Callable[..., Page], slow_workspace: Workspace) -> None:
    posted = slow_workspace.client.chat_postMessage(channel=GENERAL, text="A ticket")["ts"]
    slow_workspace.act(BEN, "say", channel=GENERAL, text="a reply", thread_ts=posted)
    slow_workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="psst")
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    message = page.get_by_role("article").filter(has_text="A ticket").first

    message.hover()
    message.locator("summary").and_(message.get_by_label("Add a reaction")).click()
    message.get_by_role("button", name="tada").click()
    expect(message.get_by_role("button", name="tada 1")).to_have_attribute("aria-pressed", "true")
    message.get_by_role("button", name="tada 1").click()
    expect(message.get_by_role("button", name="tada 1")).to_have_count(0)

    expect(message.get_by_role("link", name="1 reply new")).to_be_visible()
    message.get_by_role("link", name="1 reply").click()
    expect(page.get_by_role("log", name="Thread").get_by_text("a reply")).to_be_visible()
    expect(message.get_by_text("new", exact=True)).to_be_hidden()

    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.get_by_text("psst")).to_have_count(0)
