"""Do not disturb: when the next quiet time of a person begins and ends."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.model import User

Json = dict[str, Any]


def quiet_times(user: User, now: datetime) -> Json:
    """Return what `dnd.info` tells: the quiet time that goes on, or else the next one."""
    if not user.quiet_from:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    here = now.astimezone(ZoneInfo(user.tz))
    for days in (-1, 0, 1):
        start, end = _span(user, here + timedelta(days=days))
        if end > now:
            break
    return {
        "dnd_enabled": True,
        "next_dnd_start_ts": int(start.timestamp()),
        "next_dnd_end_ts": int(end.timestamp()),
    }


def _span(user: User, day: datetime) -> tuple[datetime, datetime]:
    start, end = (
        datetime.combine(day.date(), time.fromisoformat(at), day.tzinfo) for at in (user.quiet_from, user.quiet_until)
    )
    return start, end if end > start else end + timedelta(days=1)
