"""The one place that asks the machine for the time, and the few fixed beats that start due work."""

import json
import logging
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)


class Clock:
    """Business time: the machine's, plus an offset that only a local workspace may set."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self.last_beat = self.real()

    def now(self) -> datetime:
        """Return business time, aware UTC."""
        return self.real() + self._offset

    def real(self) -> datetime:
        """Return the machine's time, aware UTC: for leases, back-off and time-outs, which nobody may move."""
        return datetime.now(UTC)

    def begin_at(self, offset: timedelta) -> None:
        """Set the offset before anything is done by this clock; a local workspace may live in the past."""
        self._offset = offset

    def move_to(self, offset: timedelta) -> None:
        """Set the offset; it never goes back."""
        self._offset = max(self._offset, offset)

    def beat(self) -> None:
        self.last_beat = self.real()


def scheduler_of(beats: dict[str, tuple[float, Callable[[], object]]]) -> BackgroundScheduler:
    """Return a scheduler of fixed beats (name: seconds, function). Business time lives in rows, never in jobs."""
    scheduler = BackgroundScheduler(timezone=UTC)
    for name, (seconds, beat) in beats.items():
        scheduler.add_job(
            beat, "interval", seconds=seconds, id=name, max_instances=1, coalesce=True, misfire_grace_time=None
        )
    return scheduler


def offset_at(url: str) -> timedelta:
    """Return how far the clock of the local workspace at `url` is from the machine's. Raises OSError if it is away."""
    return timedelta(seconds=float(_ask(url)["offset_seconds"]))


class ClockFollower:
    """Follows the clock of a local workspace: takes each step, does what is due, and says when it is idle."""

    def __init__(self, url: str, clock: Clock, *, settle: Callable[[], None]) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        self._settle = settle
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Take over the workspace's time, then follow it in the background."""
        self._clock.begin_at(offset_at(self._url))
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        done = -1
        while not self._stopped.is_set():
            try:
                done = self._follow(done)
            except OSError as error:
                log.info("the workspace's clock did not answer", extra={"error": str(error)})
                self._stopped.wait(1)
            except Exception:
                log.exception("what is due could not be done; the step is taken again")
                self._stopped.wait(1)

    def _follow(self, done: int) -> int:
        """Wait for the clock to move on from step `done`, do what that makes due, and return the new step."""
        told = _ask(f"{self._url}/follow?name=gatehouse&step={done}&wait=20", timeout=30)
        step = int(told["step"])
        if step != done:
            self._clock.move_to(timedelta(seconds=float(told["offset_seconds"])))
            self._settle()
            _ask(f"{self._url}/idle", {"name": "gatehouse", "step": step})
        return step


def _ask(url: str, body: dict[str, object] | None = None, *, timeout: float = 5) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310 - settings allow loopback only
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - as above
        return dict(json.load(answer))
