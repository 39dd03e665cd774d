"""The socket to Slack, from our end."""

import logging
import socket
import time

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin.connection import Connection

from bot.sockets import SocketTransport
from tests.support.house import House


def test_hanging_up_does_not_wait_for_slack_to_say_something(house: House) -> None:
    transport = SocketTransport(house.intake, WebClient(base_url="http://127.0.0.1:9/"), "xapp-1")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(10)
        session = Connection("ws://127.0.0.1:9/", logging.getLogger("test"))
        session.sock = ours
        transport._client.current_session = session  # noqa: SLF001 - as if it had connected
        while not session.sock_receive_lock.locked():
            time.sleep(0.01)

        begun = time.monotonic()
        transport.stop()

        assert time.monotonic() - begun < 2
