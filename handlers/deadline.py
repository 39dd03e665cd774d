"""One deadline for everything a listener asks of Slack: time-outs that add up would outlast Slack's three seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from slack_sdk import WebClient

ASKING = 2.4
"""Seconds from the start of a listener; the rest of the three is for the database and the way."""

_SHORTEST = 0.2
"""Seconds below which asking is no use; the last call may take them beyond the deadline."""

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def running() -> Iterator[None]:
    """Give the block, on this thread, its time to ask."""
    token = _ends.set(monotonic() + ASKING)
    try:
        yield
    finally:
        _ends.reset(token)


def hurry(client: WebClient) -> bool:
    """Shorten the client's time-out to what is left; return False when nothing is, and Slack must not be asked.

    Bolt makes a client for each request, so nobody else waits shorter for it.
    """
    ends = _ends.get()
    if ends is None:
        return True
    left = ends - monotonic()
    client.timeout = min(client.timeout, max(left, _SHORTEST))  # type: ignore[assignment] # urllib takes fractions
    return left > 0
