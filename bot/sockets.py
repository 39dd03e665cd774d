"""Socket Mode: deliveries over sockets we open, so that no public address is needed."""

import logging
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.intake import Intake

log = logging.getLogger(__name__)


class SocketTransport:
    """One socket to Slack, kept open by the SDK, answering each envelope when its listener has committed."""

    def __init__(
        self, intake: Intake, client: WebClient, app_token: str, *, checkpoint: Callable[[str], None] = lambda _: None
    ) -> None:
        self._intake = intake
        self._checkpoint = checkpoint
        self._client = SocketModeClient(app_token=app_token, web_client=client, concurrency=10)
        self._client.socket_mode_request_listeners.append(self._handle)

    def start(self) -> None:
        self._client.connect()

    def stop(self) -> None:
        self._client.close()

    @property
    def is_connected(self) -> bool:
        return bool(self._client.is_connected())

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        response = self._intake.over_socket(request.payload, build_headers(request))
        self._checkpoint("socket.before_ack")
        if response.status != 200:  # noqa: PLR2004 - HTTP's OK; Slack hears nothing and shows the person an error
            log.warning("an envelope was not acknowledged", extra={"status": response.status, "type": request.type})
            return
        send_response(client, request, response, 0)
        self._checkpoint("socket.after_ack")
