"""Socket Mode: deliveries over sockets we open, so that no public address is needed."""

import logging
import threading
import time
from collections.abc import Callable

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

    def start(self) -> None:
        self._client.connect()

    def stop(self) -> None:
        """Answer the clicks under way, then hang up: otherwise people see an error for what is stored."""
        deadline = time.monotonic() + LONGEST_ANSWER
        with self._changed:
            while self._under_way and self._changed.wait(timeout=deadline - time.monotonic()):
                pass
        self._client.close()

    @property
    def is_connected(self) -> bool:
        return bool(self._client.is_connected())

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
