"""Verify the ledger with the standard library alone.

It imports nothing of the product on purpose: a mistake in the code that writes must not be shared by the code that
checks. Each stream is a chain: `hash` is SHA-256 of the previous hash, a line feed, and the exact bytes of `body`;
the first previous hash is 64 zeros; the body repeats the stream and the number of its row.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FIRST_PREVIOUS = "0" * 64


@dataclass(frozen=True, slots=True)
class Row:
    stream: str
    seq: int
    body: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, and the first thing that is wrong, or None. `head` sums up the last hash of every stream."""

    events: int
    streams: int
    head: str
    problem: str | None

    def sentence(self) -> str:
        if self.problem is not None:
            return f"The ledger was altered: {self.problem}"
        return f"{self.events} events in {self.streams} streams verify. Head {self.head}"


def verify(rows: Iterable[Row]) -> Report:
    """Check rows, stream after stream and each by number; stop at the first bad one.

    Removing the end of a stream leaves a valid chain: compare `head` with one noted elsewhere to notice that.
    """
    events, stream = 0, None
    heads: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row.stream != stream and row.stream in heads:
            return Report(events, len(heads), "", f"{row.stream} event {row.seq}: its stream begins a second time")
        stream = row.stream
        seq, previous = heads.get(stream, (0, _FIRST_PREVIOUS))
        problem = _problem(row, seq, previous)
        if problem is not None:
            return Report(events, len(heads), "", f"{row.stream} event {row.seq}: {problem}")
        events += 1
        heads[stream] = row.seq, row.hash
    return Report(events, len(heads), _sum_of(heads), None)


def _sum_of(heads: Mapping[str, tuple[int, str]]) -> str:
    """Return one hash over the last hash of every stream; databases sort streams differently, this does not."""
    lines = (f"{stream} {seq} {link}\n" for stream, (seq, link) in sorted(heads.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _problem(row: Row, seq: int, previous: str) -> str | None:
    if row.seq != seq + 1:
        return f"event {seq + 1} is missing before it"
    if row.prev_hash != previous:
        return "it does not follow from the event before it"
    if hashlib.sha256(f"{row.prev_hash}\n{row.body}".encode()).hexdigest() != row.hash:
        return "its content does not match its hash"
    try:
        body = json.loads(row.body)
    except ValueError:
        return "its content is not JSON"
    if not isinstance(body, dict) or (body.get("stream"), body.get("seq")) != (row.stream, row.seq):
        return "it was moved here from another place"
    return None
