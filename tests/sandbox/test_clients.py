"""People use apps that reach the workspace by every road slack_sdk and Bolt have."""

import asyncio
import contextlib
import gc
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler as AiohttpHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as WebsocketClientHandler
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler as WebsocketsHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import SERVICES
from tests.sandbox.documented import TOO_SHORT, listen, listen_async
from tests.sandbox.support import (
    ANNA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    GENERAL,
    WORKSPACE,
    Json,
    Workspace,
    hang_up,
)

SIGNING = "a-signing-key"


class Loop:
    """An event loop on a thread of its own, as an async app has one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def stop(self) -> None:
        self.run(self._cancel_the_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @staticmethod
    async def _cancel_the_rest() -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


def _app(workspace: Workspace, **options: Any) -> App:
    app = App(client=WebClient(token=BOT_TOKEN, base_url=f"{workspace.url}/api/"), **options)
    listen(app, GENERAL)
    return app


async def _async_app(workspace: Workspace, **options: Any) -> AsyncApp:
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=f"{workspace.url}/api/"), **options)
    listen_async(app, GENERAL)
    return app


@contextlib.contextmanager
def builtin(workspace: Workspace) -> Iterator[None]:
    handler = SocketModeHandler(_app(workspace), app_token=APP_TOKEN)
    handler.connect()
    yield
    hang_up(handler)


@contextlib.contextmanager
def websocket_client(workspace: Workspace) -> Iterator[None]:
    # It looks after its connection as often as it pings: every ten seconds if not told otherwise.
    handler = WebsocketClientHandler(_app(workspace), app_token=APP_TOKEN, ping_interval=1)
    client = handler.client
    opened: list[Any] = []
    client.on_open_listeners.append(opened.append)
    handler.connect()
    yield
    client.closed, client.auto_reconnect_enabled = True, False
    client.message_processor.event.set()
    client.enqueue_message("{}")
    # First end the reads in the client's own thread: close() would wait ten seconds for them.
    reader = client.current_session_runner
    reader.event.set()
    while reader.is_alive():
        for session in opened:
            with contextlib.suppress(OSError, AttributeError):
                session.sock.sock.shutdown(socket.SHUT_RDWR)
        reader.thread.join(0.05)
    handler.close()
    del client, handler, opened
    gc.collect()


@contextlib.contextmanager
def aiohttp(workspace: Workspace) -> Iterator[None]:
    with _async_socket(workspace, AiohttpHandler):
        yield


@contextlib.contextmanager
def websockets(workspace: Workspace) -> Iterator[None]:
    with _async_socket(workspace, WebsocketsHandler):
        yield


@contextlib.contextmanager
def _async_socket(workspace: Workspace, kind: Callable[..., Any]) -> Iterator[None]:
    async def start() -> Any:
        handler = kind(await _async_app(workspace), app_token=APP_TOKEN)
        await handler.connect_async()
        return handler

    loop = Loop()
    handler = loop.run(start())
    yield
    loop.run(handler.close_async())
    loop.stop()


@contextlib.contextmanager
def development_server(workspace: Workspace, port: int) -> Iterator[None]:
    app = _app(workspace, signing_secret=SIGNING)
    serving = threading.Thread(target=app.start, kwargs={"port": port, "http_server_logger_enabled": False})
    serving.start()
    yield
    app._development_server._server.shutdown()  # noqa: SLF001 - it is meant to run until the process ends
    serving.join()


@contextlib.contextmanager
def aiohttp_server(workspace: Workspace, port: int) -> Iterator[None]:
    async def start() -> web.AppRunner:
        app = await _async_app(workspace, signing_secret=SIGNING)
        runner = web.AppRunner(app.web_app())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    loop = Loop()
    runner = loop.run(start())
    yield
    loop.run(runner.cleanup())
    loop.stop()


# It forgets to close the socket it had before a refresh.
LEAKS = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)
SOCKETS = [builtin, pytest.param(websocket_client, marks=LEAKS), aiohttp, websockets]


@pytest.fixture(params=SOCKETS, ids=lambda road: road.__name__)
def by_socket(request: pytest.FixtureRequest, workspace: Workspace) -> Iterator[Workspace]:
    with request.param(workspace):
        until(lambda: _sockets(workspace) == 1)
        yield workspace


@pytest.fixture(params=[development_server, aiohttp_server], ids=lambda road: road.__name__)
def by_http(request: pytest.FixtureRequest, open_workspace: Callable[..., Workspace]) -> Iterator[Workspace]:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/slack/events"
    app = {**WORKSPACE["apps"][0], "signing_secret": SIGNING, "request_url": address, "interactivity_url": address}
    workspace = open_workspace({**WORKSPACE, "apps": [app]})
    with request.param(workspace, port):
        until(lambda: _listens(port))
        yield workspace


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except ConnectionRefusedError:
        return False
    return True


def _sockets(workspace: Workspace) -> int:
    return workspace.runner.app[SERVICES].sockets.connected("A0HELPER")


def until(seen: Callable[[], Any], within: float = 5.0) -> Any:
    """Wait for what an app does after it acknowledged; return what is seen in the end."""
    deadline = time.monotonic() + within
    while not (found := seen()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def home_text(workspace: Workspace, person: str) -> str:
    homes = workspace.seen_by(person)["homes"]
    home = homes.get("A0HELPER")
    return "" if home is None else str(home["blocks"][0]["text"]["text"])


def walk(workspace: Workspace) -> None:
    """Go with Anna from a command over a modal, a message and its button to her Home."""
    assert workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")["ok"]
    modal = until(lambda: workspace.seen_by(ANNA)["modals"])[-1]
    assert modal["title"]["text"] == "Ask for help"

    refused = workspace.act(ANNA, "submit", view_id=modal["id"], state=_hoping("No"))
    assert refused["errors"] == {"block_c": TOO_SHORT}
    assert workspace.modal(ANNA)["id"] == modal["id"]

    assert (
        workspace.act(ANNA, "submit", view_id=modal["id"], state=_hoping("Fewer forms"))["response_action"] == "update"
    )
    assert workspace.modal(ANNA)["title"]["text"] == "Are you sure?"

    assert workspace.act(ANNA, "submit", view_id=modal["id"])["response_action"] == "close"
    (asked,) = until(lambda: workspace.messages(BEN, GENERAL))
    assert f"<@{ANNA}> hopes: Fewer forms" in asked["blocks"][0]["text"]["text"]

    place = {"type": "message", "channel": GENERAL, "ts": asked["ts"]}
    assert workspace.press(BEN, place, "button_click")["ok"]
    assert until(lambda: workspace.messages(ANNA, GENERAL)[0]["text"] == f"<@{BEN}> clicked the button")

    assert "clicked 1 times" in until(lambda: home_text(workspace, BEN))
    assert workspace.act(ANNA, "home")["delivered"]
    assert "clicked 0 times" in until(lambda: home_text(workspace, ANNA))


def _hoping(text: str) -> Json:
    return {"block_c": {"dreamy_input": text}}


def test_anna_walks_from_a_command_to_her_home_over_every_socket(by_socket: Workspace) -> None:
    walk(by_socket)


def test_anna_walks_from_a_command_to_her_home_over_http(by_http: Workspace) -> None:
    walk(by_http)


def test_anna_is_answered_after_the_socket_was_refreshed(by_socket: Workspace) -> None:
    services = by_socket.runner.app[SERVICES]
    by_socket.run(services.sockets.close())
    assert until(lambda: _sockets(by_socket) == 1, within=15.0)

    assert by_socket.act(ANNA, "say", channel=BOT_USER, text="hello")["ok"]
    (dm,) = by_socket.seen_by(ANNA)["dms"]
    assert until(lambda: f"Hey there <@{ANNA}>!" in [m["text"] for m in by_socket.messages(ANNA, dm["id"])])
