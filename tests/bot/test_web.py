"""The web endpoints say yes or no, and take deliveries only where they should."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.intake import LARGEST_BODY, Intake
from bot.web import WebServer
from tests.support.house import House


@contextmanager
def served(*, alive: bool = True, ready: bool = True, intake: Intake | None = None) -> Iterator[Callable[..., int]]:
    server = WebServer(host="127.0.0.1", port=0, is_alive=lambda: alive, is_ready=lambda: ready, intake=intake)
    port = server._server._server.effective_port  # noqa: SLF001 - the port the system chose
    server.start()

    def ask(path: str, *, body: bytes | None = None) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=body, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    try:
        yield ask
    finally:
        server.stop()


@pytest.mark.parametrize(("good", "status"), [(True, 200), (False, 503)])
def test_operators_hear_whether_it_lives_and_works(good: bool, status: int) -> None:
    with served(alive=good, ready=good) as ask:
        assert (ask("/healthz"), ask("/readyz")) == (status, status)


def test_nothing_is_delivered_here_when_deliveries_come_over_sockets() -> None:
    with served() as ask:
        assert ask("/slack/events", body=b"payload={}") == 404
        assert ask("/anything") == 404


def test_deliveries_are_taken_by_post_and_only_with_a_signature(house: House) -> None:
    with served(intake=house.intake) as ask:
        assert ask("/slack/events") == 405
        assert ask("/slack/events", body=b"payload=%7B%7D") == 401


def test_a_body_too_large_is_refused_by_us_and_counted(house: House) -> None:
    before = house.intake.counted.copy()
    with served(intake=house.intake) as ask:
        assert ask("/slack/events", body=b"x" * (LARGEST_BODY + 1)) == 400

    assert house.intake.counted - before == {"malformed_payload": 1}
