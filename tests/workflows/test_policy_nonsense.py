"""Whatever a file holds, it is a policy or it is refused in sentences; nothing else happens."""

import re
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.policies import Document, documents
from workflows.policy import PolicyError, parse, text_of
from workflows.policy.service import default_text

LINES = default_text().splitlines(keepends=True)
MOST_CHARACTERS = 1500
"""A sentence names all keys that could stand in a place, or thirty values."""
PROGRAMMERS_WORDS = re.compile(
    r"[Ii]nput should|Extra input|Value error|Field required|pydantic|NoneType|\btuple\b|\bdict\b"
)


def told_of(text: str) -> list[str]:
    """Return what is said about a file, having checked that it is said with a line and in words for people."""
    told = refused(lambda: parse(text))
    lines = len((text + "-").splitlines())
    for problem in told:
        found = re.fullmatch(r"line ([1-9]\d*): .+: .+|and \d+ more", problem)
        assert found, problem
        assert int(found[1] or 1) <= lines, problem
        assert not PROGRAMMERS_WORDS.search(problem), problem
        assert len(problem) < MOST_CHARACTERS, problem
    return told


def refused(reading: Callable[[], object]) -> list[str]:
    """Return what is wrong, or nothing when it could be read. Any other exception fails the test."""
    try:
        reading()
    except PolicyError as error:
        return error.problems
    return []


PIECES = st.sampled_from(
    [
        *"[]{}:,-?&*!|>%@`\"'# \n\t",
        *("- ", ": ", "\n  ", "---\n", "&a ", "*a", "<<: ", "!!int ", "name: x\n", "\r\n", "\0", "\ud800", "\\u0000"),
        *('"\\U0010FFFF"', "~", "null", "when: any", "chains:\n", "version: 1\n", "\u2028", "\ufeff"),
    ]
)


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
@example('a: "\\UFFFFFFFF"')
@example("a: &a {b: *a}")
@example("? &a [*a]\n: b")
@example("&a *a")
@example("a: !!set {b}\nc: !!binary x\nd: !!timestamp y\ne: !!bool z\nf: !!merge x")
def test_any_text_is_a_policy_or_refused_in_sentences(text: str) -> None:
    told_of(text)


@given(st.binary())
def test_any_bytes_are_a_text_or_refused_in_sentences(file: bytes) -> None:
    told = refused(lambda: told_of(text_of(file)))

    assert all(re.match(r"line [1-9]\d*: policy: .+", problem) for problem in told)


@given(st.data())
def test_a_policy_with_a_slip_of_the_hand_is_refused_in_sentences(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["leave out", "twice", "swap", "indent", "cut", "write"])):
            case "leave out":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[0] = lines[0], lines[at]
            case "indent":
                lines[at] = " " + lines[at]
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))] + "\n"
            case "write":
                place = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + data.draw(PIECES) + lines[at][place:]
    told_of("".join(lines))


KEYS = st.sampled_from(["key", "name", "when", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(st.data(), documents(), VALUES)
def test_a_policy_with_something_else_in_one_place_is_refused_in_sentences(
    data: st.DataObject, document: Document, value: object
) -> None:
    put_somewhere(data, document, value)

    told_of(yaml.safe_dump(document, allow_unicode=True))


def put_somewhere(data: st.DataObject, within: Any, value: object) -> None:
    """Replace a part of the document, however deep."""
    while True:
        keys = sorted(within) if isinstance(within, dict) else list(range(len(within)))
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(within[key], dict | list) and within[key]) or data.draw(st.integers(0, 3)) == 0:
            within[key] = value
            return
        within = within[key]
