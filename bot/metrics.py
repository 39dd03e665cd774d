"""Figures for operators, in the Prometheus text format, on a port of their own that only this machine can reach."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from bot.wsgi import WsgiServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LOOPBACK = "127.0.0.1"


class MetricsServer:
    """Serves `/metrics`. The figures say how many, never who or what."""

    def __init__(self, *, port: int, figures: Callable[[], Mapping[str, float]]) -> None:
        self._figures = figures
        self._server = WsgiServer(self._answer, name="metrics", host=LOOPBACK, port=port, threads=1)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics":
            start_response("404 Not Found", [])
            return [b""]
        body = rendered(self._figures()).encode()
        start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4"), ("Content-Length", str(len(body)))])
        return [body]


def rendered(figures: Mapping[str, float]) -> str:
    """Return one line for each figure, by name."""
    return "".join(f"gatehouse_{name} {value:g}\n" for name, value in sorted(figures.items()))
