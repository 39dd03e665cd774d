"""People's hands in a real browser: the page, a Bolt app, and everything between them."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from slack_bolt import App

from tests.sandbox.support import ANNA, BEN, GENERAL, GONE, Bolt, Json, Workspace

pytestmark = pytest.mark.browser


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def text_field(block_id: str, label: str, **element: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"type": "plain_text_input", "action_id": "v", **element},
    }


def form(**more: Any) -> Json:
    people = {"type": "multi_users_select", "action_id": "v", "placeholder": plain("Choose people")}
    kinds = [{"text": plain(kind), "value": kind.lower()} for kind in ("Printer", "Network")]
    return {
        "type": "modal",
        "callback_id": "ticket",
        "title": plain("Ask for help"),
        "submit": plain("Send"),
        "blocks": [
            text_field("name", "Name of the problem", max_length=40),
            text_field("story", "What happened?", multiline=True),
            {
                "type": "input",
                "block_id": "kind",
                "label": plain("Kind"),
                "element": {"type": "static_select", "action_id": "v", "options": kinds},
            },
            {"type": "input", "block_id": "who", "optional": True, "label": plain("Who is hit?"), "element": people},
        ],
        **more,
    }


def card(*, done_by: str = "") -> list[Json]:
    end: Json = {"type": "section", "text": {"type": "mrkdwn", "text": f"Closed by <@{done_by}>"}}
    if not done_by:
        confirm = {
            "title": plain("Close it?"),
            "text": plain("For good."),
            "confirm": plain("Yes"),
            "deny": plain("No"),
        }
        buttons = [
            {"type": "button", "action_id": "close", "text": plain("Approve"), "style": "primary", "confirm": confirm},
            {"type": "button", "action_id": "sleep", "text": plain("Dawdle")},
            {"type": "button", "action_id": "stack", "text": plain("Open a stack")},
        ]
        end = {"type": "actions", "block_id": "decide", "elements": buttons}
    return [{"type": "header", "text": plain("A ticket")}, end]


def teach_tickets(app: App) -> None:
    @app.command("/help-me")
    def on_command(ack: Any, command: Json, client: Any) -> None:
        if command["text"] == "slowly":
            time.sleep(1.2)
        client.views_open(trigger_id=command["trigger_id"], view=form())
        ack()

    @app.view("ticket")
    def on_ticket(ack: Any, view: Json, client: Any) -> None:
        values = view["state"]["values"]
        name = values["name"]["v"]["value"]
        if "help" in name:
            ack(response_action="errors", errors={"name": "Say what is broken instead."})
            return
        ack()
        hit = ", ".join(values["who"]["v"]["selected_users"])
        client.chat_postMessage(
            channel=GENERAL, text=f"{name} ({values['kind']['v']['selected_option']['value']}) {hit}"
        )


def teach_buttons(app: App) -> None:
    @app.action("close")
    def on_close(ack: Any, body: Json, client: Any) -> None:
        ack()
        blocks = card(done_by=body["user"]["id"])
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Closed", blocks=blocks)

    @app.action("sleep")
    def on_sleep(ack: Any) -> None:
        time.sleep(1.2)
        ack()

    @app.action("stack")
    def on_stack(ack: Any, body: Json, client: Any) -> None:
        button = {"type": "button", "action_id": "deeper", "text": plain("Deeper")}
        blocks = [text_field("first", "First field"), {"type": "actions", "elements": [button]}]
        view = {"type": "modal", "title": plain("Below"), "submit": plain("Go"), "blocks": blocks}
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @app.action("deeper")
    def on_deeper(ack: Any, body: Json, client: Any) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=form(title=plain("Above")))
        ack()


def teach_home(app: App) -> None:
    @app.event("app_home_opened")
    def on_home(event: Json, client: Any) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    def on_message() -> None: ...


@pytest.fixture
def app(slow_workspace: Workspace, connect: Callable[[Workspace], Bolt]) -> Bolt:
    bolt = connect(slow_workspace)
    for teach in (teach_tickets, teach_buttons, teach_home):
        teach(bolt.app)
    return bolt


def composer(page: Page) -> Locator:
    return page.get_by_label("Message #general")


def command(page: Page, text: str) -> None:
    composer(page).fill(text)
    composer(page).press("Enter")


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.usefixtures("app")
def test_a_form_keeps_the_text_when_the_app_objects_and_closes_when_it_agrees(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me printers")
    dialog = page.get_by_role("dialog", name="Ask for help")
    expect(dialog.get_by_label("Name of the problem")).to_be_focused()

    dialog.get_by_label("Name of the problem").fill("help me please")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)
    dialog.get_by_label("What happened?").fill("It <b>beeps</b>")
    dialog.get_by_label("Kind").select_option("Printer")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Say what is broken instead.")).to_be_visible()
    expect(dialog.get_by_label("Name of the problem")).to_have_value("help me please")
    expect(dialog.get_by_label("Name of the problem")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("What happened?")).to_have_value("It <b>beeps</b>")

    dialog.get_by_label("Name of the problem").fill("Printer beeps")
    dialog.get_by_role("group", name="Who is hit?").get_by_text("Choose people").click()
    dialog.get_by_role("checkbox", name="Ben Brandt").check()
    dialog.get_by_role("button", name="Send").click()

    expect(dialog).to_have_count(0)
    expect(page.get_by_role("log").get_by_text(f"Printer beeps (printer) {BEN}")).to_be_visible()
    expect(composer(page)).to_be_focused()


def test_a_button_asks_first_and_its_message_changes_for_everyone(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="A ticket", blocks=card())
    anna, ben = visit(f"/?as={ANNA}&channel={GENERAL}"), visit(f"/?as={BEN}&channel={GENERAL}")

    anna.get_by_role("button", name="Approve").click()
    question = anna.get_by_role("dialog", name="Close it?")
    question.get_by_role("button", name="No").click()
    expect(anna.get_by_role("button", name="Approve")).to_be_focused()
    assert not [body for body in app.got if body.get("type") == "block_actions"]

    anna.get_by_role("button", name="Approve").click()
    question.get_by_role("button", name="Yes").click()
    expect(anna.get_by_text("Closed by @Anna Ahrens")).to_be_visible()
    expect(ben.get_by_text("Closed by @Anna Ahrens")).to_be_visible()
    expect(ben.get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_late_answer_is_an_error_at_its_message_until_it_is_dismissed(
    visit: Callable[..., Page], slow_workspace: Workspace
) -> None:
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="A ticket", blocks=card())
    page = visit(f"/?as={ANNA}&channel={GENERAL}")

    page.get_by_role("button", name="Dawdle").click()
    expect(page.get_by_role("button", name="Dawdle")).to_have_attribute("aria-busy", "true")
    error = page.get_by_role("article").filter(has_text="A ticket").get_by_role("alert")
    expect(error).to_contain_text("did not respond in time")
    error.get_by_role("button", name="Dismiss this error").click()
    expect(error).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_late_command_is_an_error_at_the_composer_and_its_text_stays(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me slowly")

    expect(page.get_by_text('/help-me failed with the error "operation_timeout"')).to_be_visible()
    expect(composer(page)).to_have_value("/help-me slowly")


@pytest.mark.usefixtures("app")
def test_typing_survives_what_others_do_meanwhile(visit: Callable[..., Page], slow_workspace: Workspace) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    field = page.get_by_label("Name of the problem")
    field.press_sequentially("half a sent")
    field.press("ArrowLeft")
    slow_workspace.act(BEN, "say", channel=GENERAL, text="a message in between")
    expect(page.get_by_text("a message in between")).to_have_count(1)
    view_id = slow_workspace.modal(ANNA)["id"]
    slow_workspace.client.views_update(view_id=view_id, view=form(title=plain("Renamed")))
    expect(page.get_by_role("dialog", name="Renamed")).to_be_visible()

    expect(field).to_be_focused()
    expect(field).to_have_value("half a sent")
    assert field.evaluate("field => field.selectionStart") == len("half a sen")


@pytest.mark.usefixtures("app")
def test_a_stack_goes_back_with_its_text_and_ends_at_once(
    visit: Callable[..., Page], slow_workspace: Workspace
) -> None:
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="A ticket", blocks=card())
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    page.get_by_role("button", name="Open a stack").click()
    page.get_by_label("First field").fill("kept")
    page.get_by_role("button", name="Deeper").click()
    expect(page.get_by_role("dialog", name="Above")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Below").get_by_label("First field")).to_have_value("kept")

    page.get_by_role("button", name="Deeper").click()
    page.get_by_role("dialog", name="Above").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Open a stack")).to_be_focused()


@pytest.mark.usefixtures("app")
def test_home_opens_for_each_person_and_people_are_switched_by_name(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    page.get_by_role("navigation", name="Workspace").get_by_role("link", name="Helper").first.click()
    expect(page.get_by_text("Hello @Anna Ahrens")).to_be_visible()
    expect(page).to_have_url(re.compile("home=A0HELPER"))

    page.locator("summary", has_text="Acting as").click()
    page.get_by_role("link", name="Ben Brandt").click()
    expect(page.get_by_text("Hello @Ben Brandt")).to_be_visible()

    page.get_by_role("link", name="Messages").click()
    expect(page.get_by_label("Message Helper")).to_be_focused()
    page.go_back()
    expect(page.get_by_text("Hello @Ben Brandt")).to_be_visible()


@pytest.mark.usefixtures("app")
def test_everything_goes_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    keyboard = page.keyboard
    expect(composer(page)).to_be_focused()

    keyboard.type("/h")
    expect(page.get_by_role("option", name="/help-me")).to_have_attribute("aria-selected", "true")
    keyboard.press("Tab")
    expect(composer(page)).to_have_value("/help-me ")
    keyboard.press("Enter")
    expect(page.get_by_label("Name of the problem")).to_be_focused()
    keyboard.type("Network down")
    keyboard.press("Tab")
    keyboard.type("Since nine")
    keyboard.press("Tab")
    keyboard.type("N")
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("Ben")
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Ben Brandt")).to_be_checked()
    page.get_by_role("button", name="Send").focus()
    keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("log").get_by_text(f"Network down (network) {BEN}")).to_be_visible()


@pytest.mark.usefixtures("app")
def test_escape_closes_one_thing_at_a_time(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    page.get_by_role("group", name="Who is hit?").get_by_text("Choose people").click()
    expect(page.get_by_role("checkbox", name="Ben Brandt")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Ben Brandt")).to_be_hidden()
    expect(page.get_by_role("dialog", name="Ask for help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_clock_moves_on_and_says_so(visit: Callable[..., Page], slow_workspace: Workspace) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    page.locator("summary", has_text="Clock").click()
    page.get_by_role("button", name="+1 day").click()
    expect(page.get_by_text("Time has moved.")).to_be_visible()
    page.get_by_label("Move by").fill("2")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("button", name="Move", exact=True)).to_be_enabled()

    assert slow_workspace.call("GET", "/control/clock")["offset_seconds"] >= 86400


class Line:
    """The wire between page and server, to be cut and mended."""

    def __init__(self) -> None:
        self.cut = False
        self.open: list[WebSocketRoute] = []

    def lay(self, page: Page) -> None:
        page.route_web_socket(re.compile("/page/ws"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self.cut:
            route.close()
        else:
            route.connect_to_server()
            self.open.append(route)

    def break_off(self) -> None:
        self.cut = True
        for route in self.open:
            route.close()


def test_the_page_says_when_it_is_cut_off_and_finds_its_way_back(
    visit: Callable[..., Page], slow_workspace: Workspace
) -> None:
    line = Line()
    page = visit(f"/?as={ANNA}&channel={GENERAL}", prepare=line.lay)
    composer(page).fill("not sent yet")

    line.break_off()
    expect(page.get_by_text("The sandbox is not reachable")).to_be_visible()
    slow_workspace.act(BEN, "say", channel=GENERAL, text="while you were away")
    line.cut = False

    expect(page.get_by_text("while you were away")).to_be_visible()
    expect(page.get_by_text("The sandbox is not reachable")).to_have_count(0)
    expect(composer(page)).to_have_value("not sent yet")


def test_somebody_deactivated_reads_and_does_nothing(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={GONE}")

    expect(page.get_by_text("Gero Gone is deactivated")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("app")
def test_nothing_scrolls_sideways_whatever_the_width(
    visit: Callable[..., Page], slow_workspace: Workspace, width: int, scheme: str
) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitän" * 4
    slow_workspace.act(BEN, "say", channel=GENERAL, text=long)
    slow_workspace.client.chat_postMessage(channel=GENERAL, text="A ticket", blocks=card())
    page = visit(
        f"/?as={ANNA}&channel={GENERAL}", viewport={"width": width, "height": 800}, color_scheme=scheme, has_touch=True
    )

    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert no_sideways_scrolling(page)
    if width < 760:
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name="general")).to_be_visible()
        page.get_by_role("navigation", name="Workspace").get_by_role("link", name="Helper").first.click()
        expect(page.get_by_text("Hello @Anna Ahrens")).to_be_visible()
        expect(page.get_by_role("link", name="general")).to_be_hidden()
    assert page.screenshot()


def test_the_theme_is_switched_by_hand_and_remembered(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}", color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert before != after
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


@pytest.mark.usefixtures("app")
def test_focus_stays_in_a_form_whose_fields_the_app_takes_away(
    visit: Callable[..., Page], slow_workspace: Workspace
) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/help-me")
    expect(page.get_by_label("Name of the problem")).to_be_focused()
    done = {"type": "modal", "title": plain("Done"), "blocks": [{"type": "section", "text": plain("All sent.")}]}
    slow_workspace.client.views_update(view_id=slow_workspace.modal(ANNA)["id"], view=done)

    expect(page.get_by_role("dialog", name="Done").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_another_page_of_a_form_is_read_from_its_top(
    visit: Callable[..., Page], slow_workspace: Workspace, app: Bolt
) -> None:
    lines = [{"type": "section", "text": plain("A line. " * 60)} for _ in range(12)]

    def step(*block_ids: str) -> Json:
        asked = [
            {"type": "input", "block_id": each, "label": plain(each), "element": {"type": "plain_text_input"}}
            for each in block_ids
        ]
        back = {"type": "actions", "elements": [{"type": "button", "text": plain("Back"), "action_id": "back"}]}
        return {"type": "modal", "title": plain("Steps"), "submit": plain("Next"), "blocks": [*lines, *asked, back]}

    @app.app.command("/escaped")
    def on_command(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=step())
        ack()

    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    command(page, "/escaped")
    form = page.get_by_role("dialog", name="Steps")
    expect(form.get_by_role("button", name="Back")).to_be_focused()
    body = form.locator(".modal-body")
    scrolled = [body.evaluate("it => it.scrollTop")]
    for fields in (["name"], ["name", "more"], ["other"], []):
        body.evaluate("it => it.scrollTo(0, it.scrollHeight)")
        slow_workspace.client.views_update(view_id=slow_workspace.modal(ANNA)["id"], view=step(*fields))
        expect(form.locator("[data-field]")).to_have_count(len(fields))
        page.wait_for_function("document.querySelectorAll('[aria-busy=true]').length === 0")
        scrolled.append(body.evaluate("it => it.scrollTop"))

    assert [where > 0 for where in scrolled] == [False, False, True, False, False]


def test_fresh_html_leaves_exactly_what_the_server_drew(visit: Callable[..., Page]) -> None:
    page = visit(f"/?as={ANNA}&channel={GENERAL}")
    wrong = page.evaluate(
        """async () => {
          const { morph } = await import("/static/morph.js");
          let seed = 7;
          const pick = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
          const draw = (depth) => {
            const ids = ["a", "b", "c", "d"].sort(() => pick(3) - 1);
            return Array.from({ length: pick(5) }, () => {
              const inner = depth > 0 ? draw(depth - 1) : "";
              const kind = pick(4);
              if (kind === 0) return `words${pick(9)}`;
              if (kind === 1 && ids.length) return `<div id="${ids.pop()}${depth}" class="c${pick(3)}">${inner}</div>`;
              const tag = ["em", "span", "i"][pick(3)];
              return `<${tag} title="${pick(4)}">${inner}</${tag}>`;
            }).join("");
          };
          let wrong = 0;
          for (let round = 0; round < 500; round += 1) {
            const [old, fresh] = [document.createElement("section"), document.createElement("section")];
            const html = draw(3);
            old.innerHTML = draw(3);
            fresh.innerHTML = html;
            morph(old, html);
            if (old.innerHTML !== fresh.innerHTML) wrong += 1;
          }
          return wrong;
        }"""
    )

    assert wrong == 0
