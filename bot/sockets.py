"""Socket Mode: deliveries over sockets we open, so that no public address is needed."""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.intake import Intake

log = logging.getLogger(__name__)

LONGEST_ANSWER = 3
"""Seconds after which Slack waits for no answer any more."""


class SocketTransport:
    """One socket to Slack, kept open by the SDK, answering each envelope when its listener has committed."""

    def __init__(
        self, intake: Intake, client: WebClient, app_token: str, *, checkpoint: Callable[[str], None] = lambda _: None
    ) -> None:
        self._intake = intake
        self._checkpoint = checkpoint
        self._under_way = 0
        self._changed = threading.Condition()
        self._client = SocketModeClient(app_token=app_token, web_client=client, concurrency=10)
        self._client.socket_mode_request_listeners.append(self._handle)
        self._stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="socket", daemon=True)

    def start(self) -> None:
        self._client.connect()
        self._watcher.start()

    def stop(self) -> None:
        """Answer the clicks under way, then hang up: otherwise people see an error for what is stored."""
        self._stopped.set()
        deadline = time.monotonic() + LONGEST_ANSWER
        with self._changed:
            while self._under_way and self._changed.wait(timeout=deadline - time.monotonic()):
                pass
        self._client.auto_reconnect_enabled = False
        if self._client.current_session is not None:
            _end_reading(self._client.current_session.sock)
        self._client.close()

    @property
    def is_connected(self) -> bool:
        return bool(self._client.is_connected())

    def _watch(self) -> None:
        """Replace a connection whose other end is gone: the SDK spins on it and takes up to half a minute to notice."""
        while not self._stopped.wait(1):
            session = self._client.current_session
            if session is None or session.sock is None or not _is_broken(session.sock):
                continue
            log.warning("the connection to Slack broke; connecting anew")
            session.disconnect()
            try:
                self._client.connect_to_new_endpoint()
            except Exception as error:  # noqa: BLE001 - whatever it is, the SDK tries again every few seconds
                log.warning("Slack cannot be reached yet", extra={"error": str(error)})

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._changed:
            self._under_way += 1
        try:
            self._answer(client, request)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        response = self._intake.over_socket(request.payload, build_headers(request))
        self._checkpoint("socket.before_ack")
        if response.status != 200:  # noqa: PLR2004 - HTTP's OK; Slack hears nothing and shows the person an error
            log.warning("an envelope was not acknowledged", extra={"status": response.status, "type": request.type})
            return
        send_response(client, request, response, 0)
        self._checkpoint("socket.after_ack")


def _end_reading(connection: socket.socket | None) -> None:
    """Wake the SDK's reader, which holds the lock that closing needs for as long as three seconds."""
    if connection is not None:
        with suppress(OSError):  # it is gone already
            connection.shutdown(socket.SHUT_RD)


def _is_broken(connection: socket.socket) -> bool:
    """Say whether the other end hung up or is gone, however much it left to be read."""
    watch = select.poll()
    try:
        watch.register(connection, getattr(select, "POLLRDHUP", select.POLLHUP))
        return bool(watch.poll(0))
    except (OSError, ValueError):  # closed by somebody else meanwhile
        return False
