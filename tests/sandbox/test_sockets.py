"""Sockets come and go, and nobody is left waiting for one."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import pytest

from tests.sandbox.support import ANNA, APP_TOKEN, GENERAL, Bolt, Json, Workspace, refusal

Talk = Callable[[aiohttp.ClientSession], Awaitable[Any]]


def ticket(workspace: Workspace) -> str:
    url: str = workspace.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    return url


def talk(workspace: Workspace, conversation: Talk) -> Any:
    async def run() -> Any:
        async with aiohttp.ClientSession() as session:
            return await asyncio.wait_for(conversation(session), 20)

    return workspace.run(run())


async def act(session: aiohttp.ClientSession, workspace: Workspace, **deed: Any) -> Json:
    async with session.post(f"{workspace.url}/control/act", json={"as": ANNA, **deed}) as answer:
        body: Json = await answer.json()
        return body


def test_a_ticket_lets_one_socket_in(workspace: Workspace) -> None:
    url = ticket(workspace)

    async def twice(session: aiohttp.ClientSession) -> int:
        async with session.ws_connect(url) as connection:
            assert (await connection.receive_json())["type"] == "hello"
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(url)
            return caught.value.status

    assert talk(workspace, twice) == 401


def test_an_eleventh_socket_is_sent_away(workspace: Workspace) -> None:
    urls = [ticket(workspace) for _ in range(11)]

    async def crowd(session: aiohttp.ClientSession) -> tuple[list[str], str]:
        connections = [await session.ws_connect(url) for url in urls]
        first = [await connection.receive_json() for connection in connections]
        for connection in connections:
            await connection.close()
        return [frame["type"] for frame in first], first[-1]["reason"]

    types, reason = talk(workspace, crowd)
    assert types == ["hello"] * 10 + ["disconnect"]
    assert reason == "too_many_websockets"


def test_each_payload_goes_to_one_of_several_sockets(workspace: Workspace) -> None:
    urls = [ticket(workspace) for _ in range(2)]

    async def take_turns(session: aiohttp.ClientSession) -> list[int]:
        connections = [await session.ws_connect(url) for url in urls]
        for connection in connections:
            await connection.receive_json()
        counts = [0, 0]

        async def serve(index: int) -> None:
            async for frame in connections[index]:
                counts[index] += 1
                await connections[index].send_json({"envelope_id": frame.json()["envelope_id"]})

        serving = [asyncio.create_task(serve(index)) for index in range(2)]
        for _ in range(6):
            answer = await act(session, workspace, do="command", channel=GENERAL, command="/help-me")
            assert answer["ok"]
        for connection in connections:
            await connection.close()
        await asyncio.gather(*serving)
        return counts

    assert talk(workspace, take_turns) == [3, 3]


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param("no json", id="no JSON"),
        pytest.param("[1]", id="a list"),
        pytest.param("[" * 100_000, id="a very deep list"),
        pytest.param('{"envelope_id": {"a": 1}}', id="an id that is none"),
        pytest.param('{"envelope_id": "unknown"}', id="an id of nothing"),
    ],
)
def test_nonsense_from_an_app_does_not_break_its_socket(workspace: Workspace, noise: str) -> None:
    url = ticket(workspace)

    async def babble(session: aiohttp.ClientSession) -> Json:
        async with session.ws_connect(url) as connection:
            await connection.receive_json()
            await connection.send_str(noise)
            asking = asyncio.create_task(act(session, workspace, do="command", channel=GENERAL, command="/help-me"))
            envelope = await connection.receive_json()
            frame = {"envelope_id": envelope["envelope_id"], "payload": "not an object"}
            await connection.send_json(frame)
            await connection.send_json(frame)
            return await asking

    assert talk(workspace, babble)["ok"]


def test_a_socket_hears_that_the_workspace_goes_away(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace()
    url = ticket(workspace)
    session = workspace.run(_session())
    connection = workspace.run(session.ws_connect(url))
    workspace.run(connection.receive_json())

    reading = asyncio.run_coroutine_threadsafe(connection.receive_json(), workspace.loop)
    workspace.run(workspace.runner.cleanup())

    assert reading.result(5)["type"] == "disconnect"
    workspace.run(session.close())


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


def _say(answer: str, ack: Any) -> None:
    ack(answer)


def test_an_app_that_reconnects_goes_on(workspace: Workspace, connect: Callable[..., Bolt]) -> None:
    for text in ("before", "after"):
        bolt = connect(workspace)
        bolt.app.command("/help-me")(partial(_say, text))
        assert workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")["ok"]
        bolt.close()

    assert [message["text"] for message in workspace.messages(ANNA, GENERAL)] == ["before", "after"]


def test_a_socket_is_warned_asked_to_come_again_and_at_last_closed(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace(ack=0.1)
    workspace.call("POST", "/control/settings", {"socket_seconds": 0.3, "warning_seconds": 0.1})
    url = ticket(workspace)

    async def grow_old(session: aiohttp.ClientSession) -> list[str]:
        connection = await session.ws_connect(url)
        told = [frame.json() async for frame in connection]
        return [frame.get("reason", frame["type"]) for frame in told]

    assert talk(workspace, grow_old) == ["hello", "warning", "refresh_requested"]


def test_debugging_reconnects_shortens_a_sockets_life(workspace: Workspace) -> None:
    url = f"{ticket(workspace)}&debug_reconnects=true"

    async def greeted(session: aiohttp.ClientSession) -> int:
        async with session.ws_connect(url) as connection:
            return int((await connection.receive_json())["debug_info"]["approximate_connection_time"])

    assert talk(workspace, greeted) == 360


def test_switching_socket_mode_off_closes_the_sockets_and_opens_no_more(workspace: Workspace) -> None:
    url = ticket(workspace)

    async def switched_off(session: aiohttp.ClientSession) -> list[str]:
        connection = await session.ws_connect(url)
        await connection.receive_json()
        await session.post(f"{workspace.url}/control/apps/A0HELPER", json={"socket_mode": False})
        return [frame.json()["reason"] async for frame in connection]

    assert talk(workspace, switched_off) == ["link_disabled"]
    assert refusal(workspace.client.apps_connections_open, app_token=APP_TOKEN) == "forbidden_team"


def test_an_event_one_socket_does_not_acknowledge_goes_to_another(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace(ack=0.2, retries=(0.0,))
    urls = [ticket(workspace) for _ in range(3)]

    async def stay_silent(session: aiohttp.ClientSession) -> list[tuple[int, int, str]]:
        connections = [await session.ws_connect(url) for url in urls]
        for connection in connections:
            await connection.receive_json()
        got: list[tuple[int, int, str]] = []
        both = asyncio.Event()

        async def listen(index: int) -> None:
            async for frame in connections[index]:
                body = frame.json()
                got.append((index, body["retry_attempt"], body["retry_reason"]))
                if len(got) == 2:
                    both.set()

        listening = [asyncio.create_task(listen(index)) for index in range(3)]
        await act(session, workspace, do="say", channel=GENERAL, text="Anybody?")
        await both.wait()
        for connection in connections:
            await connection.close()
        await asyncio.gather(*listening)
        return got

    (first, *told), (second, *again) = talk(workspace, stay_silent)
    assert first != second
    assert (told, again) == ([0, ""], [1, "timeout"])
