"""The web endpoints: health for operators, and Slack's deliveries when the transport is HTTP."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.intake import LARGEST_BODY, Intake
from bot.wsgi import WsgiServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}

_LARGEST_READ = 10 * LARGEST_BODY
"""Bytes the server itself takes: more than the intake, which then refuses and counts. What is large waits on disk."""


class WebServer:
    """Serves `/healthz` (the process beats), `/readyz` (it can work) and, when asked, `/slack/events`.

    Answers say yes or no and nothing more: they may be reachable by people who should not learn anything.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        is_alive: Callable[[], bool],
        is_ready: Callable[[], bool],
        intake: Intake | None,
    ) -> None:
        self._is_alive = is_alive
        self._is_ready = is_ready
        self._intake = intake
        self._server = WsgiServer(
            self._answer,
            name="web",
            host=host,
            port=port,
            threads=16,
            backlog=1024,  # below the size of a burst each connection too many waits a second
            max_request_body_size=_LARGEST_READ,
        )

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, headers, body = self._respond(environ)
        start_response(f"{status} {_REASONS.get(status, 'Error')}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _respond(self, environ: "WSGIEnvironment") -> tuple[int, list[tuple[str, str]], bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == "/healthz":
            return _yes_or_no(self._is_alive())
        if path == "/readyz":
            return _yes_or_no(self._is_ready())
        if path != "/slack/events" or self._intake is None:
            return 404, [], b""
        if method != "POST":
            return 405, [("Allow", "POST")], b""
        return self._deliver(self._intake, environ)

    def _deliver(self, intake: Intake, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_") or key == "CONTENT_TYPE"
        }
        response = intake.over_http(environ["wsgi.input"].read(LARGEST_BODY + 1), headers)
        sent = [(name, value) for name, values in response.headers.items() for value in values]
        kept = [(name, value) for name, value in sent if name.lower() != "content-length"]
        return response.status, kept, (response.body or "").encode()


def _yes_or_no(answer: bool) -> tuple[int, list[tuple[str, str]], bytes]:  # noqa: FBT001 - it is the answer
    return (200, [("Content-Type", "text/plain")], b"ok") if answer else (503, [("Content-Type", "text/plain")], b"no")
