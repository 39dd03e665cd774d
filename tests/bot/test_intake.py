"""Forms are decoded by a short cut; it must read them as Bolt does, or leave them to Bolt."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from bot.intake import _payload_of, cleaned

payloads = st.dictionaries(st.text(), st.text() | st.lists(st.text()) | st.none() | st.integers())


@given(payloads, st.booleans())
def test_a_payload_is_read_as_bolt_reads_it(payload: dict[str, Any], ascii_only: bool) -> None:
    form = f"payload={quote_plus(json.dumps(payload, ensure_ascii=ascii_only))}"
    assert _payload_of(form) == cleaned(json.loads(dict(parse_qsl(form))["payload"]))


@given(st.text(alphabet='ab"{}:%=&+47bBdD_\x0b.~ \r\n'))
def test_what_is_not_a_payload_is_left_to_bolt(text: str) -> None:
    form = "payload=" + '{"a":"' + text + '"}'
    try:
        read = _payload_of(form)
    except ValueError:
        return  # no JSON, which Bolt refuses too
    if read is not None:
        assert read == json.loads(dict(parse_qsl(form))["payload"])


def test_nothing_is_left_that_postgresql_cannot_hold() -> None:
    form = "payload=" + quote_plus('{"a\\u0000": ["\\ud800x", "\\ud83d\\ude00", {"b": "\\u0000"}], "n": 1}')
    wanted = {"a": ["x", "\U0001f600", {"b": ""}], "n": 1}
    assert _payload_of(form) == wanted
    assert cleaned({"a\x00": ["\ud800x", "\U0001f600", {"b": "\x00"}], "n": 1}) == wanted
