"""Force two threads to overlap, instead of hoping that they do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

PATIENCE = 0.25
"""Seconds a thread waits for the other one; below every lock's time-out."""


class Meeting:
    """Stops two threads at the same line until both are there, or until one has waited in vain.

    `both_came` says whether they really were there together: with a lock that works, they cannot be.
    """

    def __init__(self) -> None:
        self.both_came = False
        self._barrier = threading.Barrier(2)

    def wait(self) -> None:
        try:
            self._barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            return
        self.both_came = True

    def before(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        """Meet just before `name` of `module` does its work."""
        original = getattr(module, name)

        def meet_first(*args: Any, **kwargs: Any) -> Any:
            self.wait()
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, meet_first)

    def after(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        """Meet when `name` of `module` has returned and nothing was done with its answer yet."""
        original = getattr(module, name)

        def meet_then(*args: Any, **kwargs: Any) -> Any:
            answer = original(*args, **kwargs)
            self.wait()
            return answer

        monkeypatch.setattr(module, name, meet_then)


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all `deeds` at the same time, each on a thread, and return what they returned. Raises what one raised."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result(timeout=30) for each in [pool.submit(deed) for deed in deeds]]
