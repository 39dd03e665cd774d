"""Rate limits: Slack's tiers, per app and method, and per channel for posting."""

import math
import time
from dataclasses import dataclass

from sandbox.errors import ApiError
from sandbox.reference import methods
from sandbox.settings import Settings

# What Slack guarantees in a minute, by tier. It tolerates bursts but does not say how large.
_PER_MINUTE = {"t1": 1.0, "t2": 20.0, "t3": 50.0, "t4": 100.0, "t5": 300.0}
_PER_CHANNEL = "chat.postMessage"
_SMALLEST_BURST = 5.0
_MOST_BUCKETS = 10_000
# Slack's pages say tier 3; its own SDKs treat it as tier 1.
_CORRECTED = {"apps.connections.open": "t1"}


class RateLimitedError(ApiError):
    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


@dataclass(slots=True)
class Bucket:
    left: float
    at: float


class Limits:
    """Counts in real time: what limits an app is how fast it really calls."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def spend(self, app_id: str, method: str, channel: str) -> None:
        """Count one call, or refuse it and say how many seconds to wait."""
        factor = self._settings.rate_limits
        if factor <= 0:
            return
        posting = method == _PER_CHANNEL
        known = methods().get(method)
        tier = _CORRECTED.get(method) or (known.tier if known is not None else None)
        per_minute = (60.0 if posting else _PER_MINUTE.get(tier or "t5", 300.0)) * factor
        size = max(1.0, (0.0 if posting else per_minute), _SMALLEST_BURST * factor)
        now = time.monotonic()
        bucket = self._bucket((app_id, method, channel if posting else ""), size, now)
        bucket.left = min(size, bucket.left + (now - bucket.at) * per_minute / 60)
        bucket.at = now
        if bucket.left < 1:
            raise RateLimitedError(math.ceil((1 - bucket.left) * 60 / per_minute))
        bucket.left -= 1

    def _bucket(self, key: tuple[str, str, str], size: float, now: float) -> Bucket:
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.clear()
        return self._buckets.setdefault(key, Bucket(size, now))
