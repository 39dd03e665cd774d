"""An app may listen at an address of its own instead of opening sockets."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from sandbox.seed import SeedError, parse_seed
from tests.sandbox.support import ANNA, BOT_TOKEN, GENERAL, MANIFEST, WORKSPACE, Json, Workspace

SIGNING = "a-signing-key"


class Patient(ThreadingHTTPServer):
    """A web server that does not mind that nobody waited for its answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Site:
    """An app's web server: remembers what came, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Callable[[str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]] = repeat_challenge
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                site.got.append((self.path, headers, body))
                status, extra, answer = site.answer(self.path, headers, body)
                self.send_response(status)
                for key, value in {**extra, "Content-Length": str(len(answer))}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None: ...

        self._server = Patient(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def events(self, count: int, within: float = 5.0) -> list[tuple[dict[str, str], Json]]:
        """Wait for so many events, and return their headers and bodies."""
        until = time.monotonic() + within
        while True:
            found = [
                (headers, json.loads(body))
                for _, headers, body in list(self.got)
                if headers["content-type"] == "application/json" and b"event_callback" in body
            ]
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.01)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def repeat_challenge(_path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    asked = json.loads(body) if headers["content-type"] == "application/json" else {}
    return 200, {"Content-Type": "text/plain"}, str(asked.get("challenge") or "").encode()


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


def described(**addresses: str) -> Json:
    app = {**WORKSPACE["apps"][0], "signing_secret": SIGNING, **addresses}
    return {**WORKSPACE, "apps": [app]}


def serve_bolt(site: Site, workspace: Workspace) -> App:
    """Put a Bolt app behind the site, as any web framework's adapter does."""
    client = WebClient(token=BOT_TOKEN, base_url=f"{workspace.url}/api/")
    app = App(client=client, signing_secret=SIGNING, process_before_response=True)

    def answer(_path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        result = app.dispatch(BoltRequest(body=body.decode(), headers={key: [value] for key, value in headers.items()}))
        return result.status, result.first_headers(), result.body.encode()

    site.answer = answer
    return app


def test_bolt_over_http_hears_events_and_commands_and_opens_a_modal(site: Site, open_workspace: Any) -> None:
    workspace = open_workspace(described(request_url=f"{site.url}/slack/events"))
    bolt = serve_bolt(site, workspace)
    heard: list[str] = []
    modal: Json = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Ask"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "q",
                "label": {"type": "plain_text", "text": "Question"},
                "element": {"type": "plain_text_input", "action_id": "a"},
            }
        ],
    }

    @bolt.event("message")
    def on_message(event: Json) -> None:
        heard.append(event["text"])

    @bolt.command("/help-me")
    def on_command(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal)
        ack("Here it is")

    @bolt.view("")
    def on_submit(ack: Any) -> None:
        ack(response_action="errors", errors={"q": "Ask something else"})

    workspace.act(ANNA, "say", channel=GENERAL, text="Hello")
    assert workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")["ok"]
    view = workspace.modal(ANNA)
    answer = workspace.act(ANNA, "submit", view_id=view["id"], state={"q": {"a": "Why?"}})

    assert heard == ["Hello"]
    assert answer["errors"] == {"q": "Ask something else"}
    assert [m["text"] for m in workspace.messages(ANNA, GENERAL)] == ["Hello", "Here it is"]


def test_every_request_is_signed_with_the_apps_secret(site: Site, open_workspace: Any) -> None:
    workspace = open_workspace(described(request_url=site.url))
    workspace.act(ANNA, "say", channel=GENERAL, text="Signed")
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="a & b")

    assert len(site.got) >= 3
    for _, headers, body in site.got:
        assert SignatureVerifier(SIGNING).is_valid_request(body, headers)
        assert not SignatureVerifier("another secret").is_valid_request(body, headers)


def test_an_address_that_does_not_repeat_the_challenge_hears_no_events(site: Site, open_workspace: Any) -> None:
    site.answer = lambda _path, _headers, _body: (200, {}, b"something else")
    workspace = open_workspace(described(request_url=site.url), retries=())

    workspace.act(ANNA, "say", channel=GENERAL, text="Anybody?")

    assert site.events(1, within=0.1) == []
    assert all(b"url_verification" in body for _, _, body in site.got)


def test_an_event_comes_four_times_to_an_app_that_fails_and_names_number_and_reason(
    site: Site, open_workspace: Any
) -> None:
    def fail(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return repeat_challenge(path, headers, body) if b"url_verification" in body else (500, {}, b"")

    site.answer = fail
    workspace = open_workspace({**described(request_url=site.url), "settings": {"retry_scale": 0.0005}})
    workspace.act(ANNA, "say", channel=GENERAL, text="Again")

    tries = site.events(4)

    told = [(headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in tries]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({body["event_id"] for _, body in tries}) == 1


def test_a_slow_app_hears_again_because_it_timed_out(site: Site, open_workspace: Any) -> None:
    waiting = threading.Event()

    def slow(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if b"event_callback" in body and "x-slack-retry-num" not in headers:
            waiting.wait(5)
        return repeat_challenge(path, headers, body)

    site.answer = slow
    workspace = open_workspace(described(request_url=site.url), ack=0.3, retries=(0.0,))
    workspace.act(ANNA, "say", channel=GENERAL, text="Slowly")

    assert site.events(2)[1][0]["x-slack-retry-reason"] == "http_timeout"
    waiting.set()


def test_an_app_that_wants_no_retry_gets_none(site: Site, open_workspace: Any) -> None:
    def fail(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        verifying = b"url_verification" in body
        return repeat_challenge(path, headers, body) if verifying else (500, {"X-Slack-No-Retry": "1"}, b"")

    site.answer = fail
    workspace = open_workspace(described(request_url=site.url), retries=(0.0, 0.0, 0.0))
    workspace.act(ANNA, "say", channel=GENERAL, text="Once")
    workspace.act(ANNA, "say", channel=GENERAL, text="Another")

    assert len({body["event_id"] for _, body in site.events(2)}) == len(site.events(3, within=0.2)) == 2


def test_commands_interactions_and_options_go_to_their_own_addresses(site: Site, open_workspace: Any) -> None:
    workspace = open_workspace(
        described(
            request_url=f"{site.url}/events",
            interactivity_url=f"{site.url}/actions",
            options_url=f"{site.url}/options",
            command_url=f"{site.url}/commands",
        )
    )
    menu = {"type": "external_select", "action_id": "pick", "placeholder": {"type": "plain_text", "text": "Pick"}}
    sent = workspace.client.chat_postMessage(
        channel=GENERAL, text="Pick", blocks=[{"type": "actions", "block_id": "b", "elements": [menu]}]
    )
    container = {"type": "message", "channel": GENERAL, "ts": sent["ts"]}
    workspace.act(ANNA, "suggest", container=container, action_id="pick", text="a")
    workspace.press(ANNA, container, "pick", value="x")
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="now")

    forms = {
        path: parse_qs(body.decode()) for path, _, body in site.got if path in ("/options", "/actions", "/commands")
    }
    assert json.loads(forms["/options"]["payload"][0])["type"] == "block_suggestion"
    assert json.loads(forms["/actions"]["payload"][0])["type"] == "block_actions"
    assert forms["/commands"]["text"] == ["now"]


def test_a_person_is_told_when_the_address_answers_badly_or_not_at_all(site: Site, open_workspace: Any) -> None:
    workspace = open_workspace(described(request_url=site.url))
    site.answer = lambda _path, _headers, _body: (500, {}, b"")
    broken = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    site.answer = lambda _path, _headers, _body: (302, {"Location": "http://192.0.2.1/"}, b"")
    elsewhere = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    assert (broken["error"], elsewhere["error"]) == ("dispatch_failed", "dispatch_failed")
    assert "/help-me failed" in workspace.seen_by(ANNA)["errors"][0]["text"]


def test_no_address_off_this_machine_is_accepted(tmp_path: Any) -> None:
    with pytest.raises(SeedError, match="no http address of this machine"):
        parse_seed(described(request_url="https://example.com/slack/events"), folder=tmp_path)


def test_a_manifest_made_for_slack_sends_nothing_out_into_the_world(tmp_path: Any) -> None:
    settings = {"event_subscriptions": {"request_url": "https://example.com/x", "bot_events": []}}
    manifest = {**MANIFEST, "settings": settings}
    seed = parse_seed({**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": manifest}]}, folder=tmp_path)

    assert not seed.apps[0].uses_http
