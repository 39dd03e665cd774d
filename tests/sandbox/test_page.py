"""The page as a browser gets it: every state has an address, and open pages hear of changes."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.sandbox.support import ANNA, BEN, GENERAL, GONE, SECRET, SHARED, STRANGER, Json, Workspace

HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Welcome back*"}}]}


def page(workspace: Workspace, address: str, **headers: str) -> str:
    status, body = workspace.send("GET", address, b"", headers)
    assert status == 200, body
    return body


def test_without_an_address_one_stands_in_the_first_channel_as_somebody_who_can_act(workspace: Workspace) -> None:
    html = page(workspace, "/")

    assert "Acting as Anna Ahrens" in html
    assert "Message #general" in html
    assert "Sandbox workspace" in html


def test_everybody_is_listed_with_what_they_are(workspace: Workspace) -> None:
    html = page(workspace, f"/?as={BEN}")

    for kind in ("Owner", "Guest", "Deactivated", "Other organisation"):
        assert f">{kind}</span>" in html


def test_a_channel_a_person_is_not_in_is_not_shown_to_them(workspace: Workspace) -> None:
    workspace.act(ANNA, "say", channel=SECRET, text="hush")

    assert "hush" in page(workspace, f"/?as={ANNA}&channel={SECRET}")
    html = page(workspace, f"/?as={BEN}&channel={SECRET}")
    assert "hush" not in html
    assert "secret" not in html


def test_what_is_for_one_person_alone_is_marked_and_hidden_from_others(workspace: Workspace) -> None:
    workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="psst")

    assert "Only visible to you" in page(workspace, f"/?as={ANNA}&channel={GENERAL}")
    assert "psst" not in page(workspace, f"/?as={BEN}&channel={GENERAL}")


def test_text_from_people_and_apps_never_becomes_markup(workspace: Workspace) -> None:
    workspace.act(ANNA, "say", channel=GENERAL, text="<script>alert('said')</script>")
    workspace.client.chat_postMessage(channel=GENERAL, text="<script>alert('posted')</script>")
    html = page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    assert "alert(&#39;said&#39;)" in html
    assert "alert(&#39;posted&#39;)" in html
    assert "<script>" not in html


def test_times_stand_in_the_readers_zone(workspace: Workspace) -> None:
    workspace.act(ANNA, "say", channel=GENERAL, text="now")

    assert "(CET)" in page(workspace, f"/?as={ANNA}&channel={GENERAL}") or "(CEST)" in page(
        workspace, f"/?as={ANNA}&channel={GENERAL}"
    )
    american = page(workspace, f"/?as={BEN}&channel={GENERAL}")
    assert "(EST)" in american or "(EDT)" in american


def test_a_deactivated_person_is_shown_but_cannot_write(workspace: Workspace) -> None:
    html = page(workspace, f"/?as={GONE}")

    assert "deactivated" in html
    assert "<textarea" not in html
    assert "data-home" not in html


def test_people_of_other_organisations_see_no_homes_and_no_commands(workspace: Workspace) -> None:
    html = page(workspace, f"/?as={STRANGER}&channel={SHARED}")

    assert "Shared with another organisation" in html
    assert "/help-me" not in html
    assert 'id="entries-apps"' not in html


def test_a_home_has_an_address_and_says_so_while_it_is_empty(workspace: Workspace) -> None:
    assert "has not published a Home" in page(workspace, f"/?as={ANNA}&home=A0HELPER")

    workspace.client.views_publish(user_id=ANNA, view=HOME)

    assert "<strong>Welcome back</strong>" in page(workspace, f"/?as={ANNA}&home=A0HELPER")
    assert "Welcome back" not in page(workspace, f"/?as={BEN}&home=A0HELPER")


def test_the_messages_tab_opens_the_conversation_with_the_app(workspace: Workspace) -> None:
    html = page(workspace, f"/?as={ANNA}&home=A0HELPER&tab=messages")

    assert "Message Helper" in html
    assert 'aria-current="page">Messages' in html


def test_unread_messages_are_counted_in_words_too(workspace: Workspace) -> None:
    workspace.client.chat_postMessage(channel=ANNA, text="one")
    workspace.client.chat_postMessage(channel=ANNA, text="two")

    assert ", 2 unread" in page(workspace, f"/?as={ANNA}&channel={GENERAL}")


def test_an_edited_message_says_so_and_a_thread_counts_its_replies(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="first")
    workspace.client.chat_update(channel=GENERAL, ts=posted["ts"], text="second")
    workspace.act(BEN, "say", channel=GENERAL, text="a reply", thread_ts=posted["ts"])
    html = page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    assert "(edited)" in html
    assert "1 reply" in html
    assert "a reply" not in html
    assert "a reply" in page(workspace, f"/?as={ANNA}&channel={GENERAL}&thread={posted['ts']}")


def test_old_replies_name_their_day(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="first")
    address = f"/?as={ANNA}&channel={GENERAL}&thread={posted['ts']}"
    today = page(workspace, address).split('id="side"')[1]
    workspace.call("POST", "/control/clock/advance", {"seconds": 3 * 86400})
    later = page(workspace, address).split('id="side"')[1]

    assert re.search(r">\d\d:\d\d</time>", today)
    assert re.search(r">\d+ \w+, \d\d:\d\d</time>", later)


def test_a_long_conversation_shows_its_end_and_leads_to_its_beginning(workspace: Workspace) -> None:
    for number in range(205):
        workspace.act(ANNA, "say", channel=GENERAL, text=f"note-{number}.")
    html = page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    assert "note-204." in html
    assert "note-4." not in html
    assert "Show 5 earlier messages" in html
    assert "note-4." in page(workspace, f"/?as={ANNA}&channel={GENERAL}&history=whole")


def test_an_error_whose_place_is_out_of_sight_is_shown_above_everything(workspace: Workspace) -> None:
    workspace.act(ANNA, "command", channel=GENERAL, command="/nothing")

    at_its_composer = page(workspace, f"/?as={ANNA}&channel={GENERAL}")
    elsewhere = page(workspace, f"/?as={ANNA}&channel={SECRET}")
    assert at_its_composer.count("/nothing is not a valid command") == 1
    assert elsewhere.index("/nothing is not a valid command") > elsewhere.index('data-region="banners"')


def test_the_page_runs_nothing_that_is_not_its_own(workspace: Workspace) -> None:
    async def head() -> str:
        async with aiohttp.ClientSession() as session, session.get(f"{workspace.url}/") as response:
            return response.headers["Content-Security-Policy"]

    policy = workspace.run(head())
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("path", ["/static/page.js", "/static/base.css", "/static/icon.svg"])
def test_style_and_script_come_from_the_workspace_itself(workspace: Workspace, path: str) -> None:
    status, body = workspace.send("GET", path, b"", {})

    assert status == 200
    assert "//cdn" not in body


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}], ids=["origin", "host"]
)
def test_other_sites_get_neither_page_nor_socket(workspace: Workspace, headers: dict[str, str]) -> None:
    for path in ("/", f"/page/ws?as={ANNA}"):
        status, _ = workspace.send("GET", path, b"", headers)
        assert status == 403


def test_the_theme_a_person_chose_is_there_from_the_first_paint(workspace: Workspace) -> None:
    assert 'data-theme="dark"' in page(workspace, "/", Cookie="sandbox-theme=dark")
    assert "data-theme=" not in page(workspace, "/", Cookie="sandbox-theme=%22x").split("<body")[0]


def test_a_workspace_without_people_says_what_to_do(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace({"team": {"name": "Empty"}})

    assert "Nobody is here yet" in page(workspace, "/")


# ---- the socket


def listen(workspace: Workspace, address: str, script: Callable[["Listener"], Any]) -> None:
    async def run() -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{workspace.url}/page/ws?{address}") as socket,
        ):
            await script(Listener(socket))

    workspace.run(run())


class Listener:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def news(self) -> Json:
        return dict(json.loads((await self.socket.receive(timeout=5)).data))

    async def silence(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.socket.receive(), seconds)
        except TimeoutError:
            return True
        return False


def in_thread(call: Callable[[], Any]) -> Any:
    return asyncio.get_running_loop().run_in_executor(None, call)


def test_an_open_page_gets_only_the_regions_that_changed(workspace: Workspace) -> None:
    async def script(listener: Listener) -> None:
        first = await listener.news()
        assert set(first["regions"]) == {"sidebar", "main", "side", "modals", "banners"}
        await in_thread(lambda: workspace.act(BEN, "say", channel=GENERAL, text="news"))
        news = await listener.news()
        assert "news" in news["regions"]["main"]
        assert "modals" not in news["regions"]

    listen(workspace, f"as={ANNA}&channel={GENERAL}", script)


def test_an_open_page_hears_nothing_of_what_others_see_alone(workspace: Workspace) -> None:
    async def script(listener: Listener) -> None:
        await listener.news()
        await in_thread(lambda: workspace.client.chat_postEphemeral(channel=GENERAL, user=BEN, text="psst"))
        assert await listener.silence(0.3)

    listen(workspace, f"as={ANNA}&channel={GENERAL}", script)


def test_a_page_that_moves_on_gets_the_new_place_and_its_number(workspace: Workspace) -> None:
    async def script(listener: Listener) -> None:
        await listener.news()
        await listener.socket.send_json({"go": f"/?as={ANNA}&home=A0HELPER", "visit": 7})
        news = await listener.news()
        assert news["visit"] == 7
        assert "has not published a Home" in news["regions"]["main"]

    listen(workspace, f"as={ANNA}&channel={GENERAL}", script)


def test_a_page_cannot_become_somebody_else_on_the_way(workspace: Workspace) -> None:
    async def script(listener: Listener) -> None:
        first = await listener.news()
        await listener.socket.send_json({"go": f"/?as={BEN}&channel={GENERAL}", "visit": 1})
        news = await listener.news()
        assert news["visit"] == 1
        # The sidebar comes again when its clock has moved on.
        now = news["regions"].get("sidebar", first["regions"]["sidebar"])
        assert re.findall("Acting as ([^.]+)[.]", now) == re.findall(
            "Acting as ([^.]+)[.]", first["regions"]["sidebar"]
        )

    listen(workspace, f"as={ANNA}&channel={GENERAL}", script)


def test_a_conversation_that_was_looked_at_is_read(workspace: Workspace) -> None:
    channel = workspace.client.chat_postMessage(channel=ANNA, text="look")["channel"]
    assert ", 1 unread" in page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    async def script(listener: Listener) -> None:
        await listener.news()
        await listener.socket.send_json({"seen": True})
        await listener.news()

    listen(workspace, f"as={ANNA}&channel={channel}", script)
    assert ", 1 unread" not in page(workspace, f"/?as={ANNA}&channel={GENERAL}")


def test_addresses_survive_odd_characters(workspace: Workspace) -> None:
    odd = quote("\"'><script>")

    assert "<script>" not in page(workspace, f"/?as={odd}&channel={odd}&home={odd}&thread={odd}&tab={odd}")


def test_an_app_speaks_with_its_own_face(workspace: Workspace) -> None:
    workspace.client.chat_postMessage(channel=GENERAL, text="I am an app")
    html = page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    assert "avatar-app" in html


# ---- links, people, threads, what only one person sees


def moved(workspace: Workspace, address: str, **headers: str) -> str:
    """Return where an address leads."""

    async def ask() -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{workspace.url}{address}", headers=headers, allow_redirects=False) as response,
        ):
            return response.headers.get("Location", "")

    return str(workspace.run(ask()))


def link_to(workspace: Workspace, channel: str, ts: str) -> str:
    link = workspace.client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    return str(link).removeprefix(workspace.url)


def test_a_permalink_leads_to_its_message_and_its_thread(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="first")["ts"]
    reply = workspace.client.chat_postMessage(channel=GENERAL, text="second", thread_ts=posted)["ts"]
    as_ben = {"Cookie": f"sandbox-as={BEN}"}

    assert moved(workspace, link_to(workspace, GENERAL, posted), **as_ben) == (
        f"/?as={BEN}&channel={GENERAL}&history=whole#m-{GENERAL}-{posted}"
    )
    assert f"thread={posted}" in moved(workspace, link_to(workspace, GENERAL, reply))
    assert moved(workspace, f"/archives/{GENERAL}/p1234567890123456") == ""
    assert moved(workspace, "/archives/C0NOWHERE/p1234567890123456") == ""


def test_a_link_into_a_private_channel_opens_for_somebody_in_it(workspace: Workspace) -> None:
    said = workspace.act(ANNA, "say", channel=SECRET, text="hush")["ts"]
    address = f"/archives/{SECRET}/p{said.replace('.', '')}"

    assert moved(workspace, address, Cookie=f"sandbox-as={BEN}").startswith(f"/?as={ANNA}&channel={SECRET}")


def test_somebody_can_be_written_to_for_the_first_time(workspace: Workspace) -> None:
    assert f"with={BEN}" in page(workspace, f"/?as={ANNA}")
    html = page(workspace, f"/?as={ANNA}&with={BEN}")

    assert "Message Ben Brandt" in html
    assert "This is the start of your conversation." in html
    assert f"with={BEN}" not in html
    assert f"with={GONE}" not in html


def test_only_its_reader_takes_a_message_away_that_only_they_see(workspace: Workspace) -> None:
    ts = workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="psst")["message_ts"]
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="for all")["ts"]
    address = f"/?as={ANNA}&channel={GENERAL}"

    for wrong in ({"as": BEN, "ts": ts}, {"as": ANNA, "ts": posted}, {"as": ANNA}, {}):
        assert workspace.call("POST", "/page/hide", {"channel": GENERAL, **wrong})["status"] == 404
    assert "psst" in page(workspace, address)
    assert workspace.call("POST", "/page/hide", {"as": ANNA, "channel": GENERAL, "ts": ts})["ok"]
    assert "psst" not in page(workspace, address)


def test_a_thread_tells_when_somebody_else_wrote_in_it_last(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="first")["ts"]
    workspace.act(ANNA, "say", channel=GENERAL, text="mine", thread_ts=posted)
    assert 'data-last-reply=""' in page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    other = workspace.act(BEN, "say", channel=GENERAL, text="theirs", thread_ts=posted)["ts"]
    assert f'data-last-reply="{other}"' in page(workspace, f"/?as={ANNA}&channel={GENERAL}")


def test_reactions_are_counted_and_say_whose_they_are(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=GENERAL, text="first")["ts"]
    for person in (ANNA, BEN):
        workspace.act(person, "react", channel=GENERAL, ts=posted, name="tada")
    html = page(workspace, f"/?as={ANNA}&channel={GENERAL}")

    assert "title='Anna Ahrens, Ben Brandt'" in html
    assert "aria-pressed='true'" in html
    assert "🎉" in html


def test_a_filter_keeps_apps_and_shared_channels_out_of_a_menu(workspace: Workspace) -> None:
    select = {"type": "conversations_select", "action_id": "v"}
    strict = {**select, "filter": {"exclude_bot_users": True, "exclude_external_shared_channels": True}}
    workspace.client.chat_postMessage(channel=ANNA, text="so that there is a conversation with the app")

    def offered(element: Json) -> str:
        view = {"type": "home", "blocks": [{"type": "actions", "elements": [element]}]}
        workspace.client.views_publish(user_id=ANNA, view=view)
        return page(workspace, f"/?as={ANNA}&home=A0HELPER").split('id="view-')[1].split("</select")[0]

    assert ">#shared</option>" in offered(select)
    assert ">Helper</option>" in offered(select)
    assert ">#shared</option>" not in offered(strict)
    assert ">Helper</option>" not in offered(strict)
    assert ">#general</option>" in offered(strict)
