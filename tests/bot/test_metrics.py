import http.client
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.metrics import MetricsServer
from tests.support.house import House


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def served(port: int) -> Iterator[MetricsServer]:
    server = MetricsServer(port=port, figures=lambda: {"deliveries_answered_200_total": 3, "outbox_waiting": 0})
    server.start()
    yield server
    server.stop()


def _get(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.usefixtures("served")
def test_an_operator_reads_figures_on_this_machine(port: int) -> None:
    assert _get(port, "/metrics") == (200, "gatehouse_deliveries_answered_200_total 3\ngatehouse_outbox_waiting 0\n")
    assert _get(port, "/")[0] == 404


def test_what_is_malformed_is_counted(house: House) -> None:
    assert house.intake.over_socket(["not an object"]).status == 400
    assert house.intake.counted["malformed_payload"] == 1
