"""What may be switched while the workspace runs: rate limits, scope checks, the pace of repeats."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True, kw_only=True)
class Settings:
    """`rate_limits` is a factor on Slack's own: 0 lifts them, 1 keeps them, 0.5 halves what is allowed.

    `retry_scale` stretches or shortens the waits before an event comes again; `socket_seconds` is how
    long a socket lives before it is told to reconnect, `warning_seconds` how long before that it is warned.
    """

    rate_limits: float = 0.0
    check_scopes: bool = True
    retry_scale: float = 1.0
    socket_seconds: float = 18_060.0
    warning_seconds: float = 10.0

    def change(self, given: Mapping[str, Any]) -> None:
        """Take over what is given, or raise ValueError and change nothing."""
        known = asdict(self)
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"there is no setting {name!r}")
            known[name] = _fitting(name, value, known[name])
        for name in given:
            setattr(self, name, known[name])


def _fitting(name: str, value: Any, now: Any) -> Any:
    if isinstance(now, bool):
        if value not in (True, False):
            raise ValueError(f"{name} must be true or false")
        return bool(value)
    if name == "rate_limits" and isinstance(value, bool):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be a number of 0 or more")
    return float(value)
