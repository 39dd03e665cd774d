"""One JSON object a line, and no secret in it."""

import json
import logging

import pytest

from bot.logs import JsonLines


def line_of(message: str, **extra: object) -> str:
    record = logging.getLogger("test").makeRecord("test", logging.INFO, "f", 1, message, (), None, extra=extra)
    return JsonLines().format(record)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-AbCdEf",
        "xoxp-123-456",
        "xapp-1-A0-123-abcdef",
        "xoxe.xoxp-1-Mi0yLT",
        "wss://x.slack.com/link/?ticket=11111111-2222&app_id=3",
        "https://hooks.slack.com/services/T0/B0/XXXX",
        "https://hooks.slack.com/actions/T0/1/XXXX",
        "https://example.invalid/response/T0/XXXX",
        "postgresql+psycopg://bot:hunter2@db.internal/gatehouse",
    ],
)
@pytest.mark.parametrize("where", ["message", "extra", "nested"])
def test_a_secret_never_reaches_the_log(secret: str, where: str) -> None:
    if where == "message":
        line = line_of(f"calling {secret} now")
    else:
        line = line_of("calling", url=secret if where == "extra" else {"deep": [secret]})

    assert isinstance(json.loads(line), dict)
    for kept in ("123-456", "abcdef", "11111111-2222", "XXXX", "hunter2", "Mi0yLT"):
        assert kept not in line


def test_a_line_says_when_who_and_what() -> None:
    line = json.loads(line_of("hello", team="T0", number=3))

    assert (line["message"], line["level"], line["logger"], line["team"], line["number"]) == (
        "hello",
        "INFO",
        "test",
        "T0",
        3,
    )
    assert line["at"].endswith("+00:00")


def test_an_exception_is_one_line_with_its_secrets_replaced() -> None:
    error = RuntimeError("refused xoxb-1-2-secret\nsecond line")
    record = logging.getLogger("t").makeRecord("t", logging.ERROR, "f", 1, "failed", (), (type(error), error, None))
    line = JsonLines().format(record)

    assert "\n" not in line
    assert "secret\\n" not in line
    assert "RuntimeError" in json.loads(line)["exception"]
