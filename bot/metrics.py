"""Figures for operators, in the Prometheus text format, on a port of their own that only this machine can reach."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.wsgi import WsgiServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, or with `label` one for each of the label's values."""

    name: str
    kind: Literal["counter", "gauge"]
    values: Mapping[str, float]
    label: str = ""

    @classmethod
    def gauge(cls, name: str, value: float) -> "Figure":
        return cls(name, "gauge", {"": value})


class MetricsServer:
    """Serves `/metrics`. The figures say how many, never who or what."""

    def __init__(self, *, port: int, figures: Callable[[], Iterable[Figure]]) -> None:
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


def rendered(figures: Iterable[Figure]) -> str:
    """Return each figure's kind and its values. Label values are our own words and need no escaping."""
    lines = []
    for figure in figures:
        lines.append(f"# TYPE gatehouse_{figure.name} {figure.kind}")
        for word, value in sorted(figure.values.items()):
            which = f'{{{figure.label}="{word}"}}' if figure.label else ""
            lines.append(f"gatehouse_{figure.name}{which} {_number(value)}")
    return "".join(f"{line}\n" for line in lines)


def _number(value: float) -> str:
    """Return every digit of a whole number: a counter that is rounded stands still, and then jumps."""
    return str(int(value)) if value == int(value) else f"{value:.3f}"
