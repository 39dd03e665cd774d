"""Verify the ledger with the standard library alone.

It imports nothing of the product on purpose: a mistake in the code that writes must not be shared by the code that
checks. Each stream is a chain: `hash` is SHA-256 of the previous hash, a line feed, and the exact bytes of `body`;
the first previous hash is 64 zeros; the body repeats the stream and the number of its row.
"""

import hashlib
import json
from collections.abc import Iterable
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
    """Check rows sorted by stream and number; stop at the first bad one.

    Removing the end of a stream leaves a valid chain: compare `head` with one noted elsewhere to notice that.
    """
    events = streams = 0
    stream, seq, previous = "", 0, _FIRST_PREVIOUS
    heads = hashlib.sha256()
    for row in rows:
        if row.stream != stream:
            if streams:
                heads.update(f"{stream} {seq} {previous}\n".encode())
            streams += 1
            stream, seq, previous = row.stream, 0, _FIRST_PREVIOUS
        problem = _problem(row, seq, previous)
        if problem is not None:
            return Report(events, streams, "", f"{row.stream} event {row.seq}: {problem}")
        events, seq, previous = events + 1, row.seq, row.hash
    if streams:
        heads.update(f"{stream} {seq} {previous}\n".encode())
    return Report(events, streams, heads.hexdigest(), None)


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
    if (body.get("stream"), body.get("seq")) != (row.stream, row.seq):
        return "it was moved here from another place"
    return None
