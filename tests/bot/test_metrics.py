import http.client
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.intake import OUTCOMES
from bot.metrics import Figure, MetricsServer
from tests.support.house import House


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def served(port: int) -> Iterator[MetricsServer]:
    deliveries = Figure("deliveries_total", "counter", {"b": 3, "a": 12_345_678}, label="outcome")
    figures = [deliveries, Figure.gauge("outbox_waiting", 0), Figure.gauge("beat_age_seconds", 1.25)]
    server = MetricsServer(port=port, figures=lambda: figures)
    server.start()
    yield server
    server.stop()


def _get(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


SHOWN = """\
# TYPE gatehouse_deliveries_total counter
gatehouse_deliveries_total{outcome="a"} 12345678
gatehouse_deliveries_total{outcome="b"} 3
# TYPE gatehouse_outbox_waiting gauge
gatehouse_outbox_waiting 0
# TYPE gatehouse_beat_age_seconds gauge
gatehouse_beat_age_seconds 1.250
"""


@pytest.mark.usefixtures("served")
def test_an_operator_reads_figures_on_this_machine(port: int) -> None:
    assert _get(port, "/metrics") == (200, SHOWN)
    assert _get(port, "/")[0] == 404


def test_operators_are_told_of_every_outcome() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()

    assert [outcome for outcome in OUTCOMES if f"`{outcome}`" not in guide] == []


def test_a_delivery_a_listener_cannot_read_counts_once(house: House) -> None:
    before = house.intake.counted.total()

    house.tell({"type": "user_change", "user": {"name": "nobody"}})

    assert house.intake.counted.total() == before + 1


def test_what_is_malformed_is_counted(house: House) -> None:
    assert house.intake.over_socket(["not an object"]).status == 400
    assert house.intake.counted["malformed_payload"] == 1
