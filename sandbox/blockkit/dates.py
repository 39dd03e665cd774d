"""Dates as a reader sees them: in their own zone, in words where an app asks for words."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TOKEN = re.compile(r"\{(\w+)\}")
_TEENS = range(11, 14)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def zone_of(name: str) -> ZoneInfo:
    """Return the named zone; a name nobody knows reads as UTC rather than breaking the page."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(epoch: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).astimezone(zone)


def clock_time(when: datetime) -> str:
    return f"{when:%H:%M}"


def day_label(when: datetime, now: datetime) -> str:
    """Name the day the way a divider between messages does."""
    near = _near_day(when, now)
    if near:
        return near.capitalize()
    if when.year == now.astimezone(when.tzinfo).year:
        return f"{when:%A}, {when.day} {when:%B}"
    return f"{when:%A}, {when.day} {when:%B} {when.year}"


def full_label(when: datetime) -> str:
    return f"{when:%A}, {when.day} {when:%B} {when.year}, {when:%H:%M:%S} ({when.tzname()})"


def format_tokens(template: str, *, epoch: int, zone: ZoneInfo, now: datetime) -> str | None:
    """Fill Slack's date tokens; None when the template uses one that does not exist."""
    when = moment(epoch, zone)
    texts = _texts(when, now)
    names = _TOKEN.findall(template)
    if not names or any(name not in texts for name in names):
        return None
    return _TOKEN.sub(lambda match: texts[match[1]], template)


def _texts(when: datetime, now: datetime) -> dict[str, str]:
    near = _near_day(when, now)
    ordinal = f"{when.day}{_suffix(when.day)}"
    date = f"{when:%B} {ordinal}, {when.year}"
    short = f"{when:%b} {when.day}, {when.year}"
    long = f"{when:%A}, {date}"
    return {
        "date_num": f"{when:%Y-%m-%d}",
        "date": date,
        "date_short": short,
        "date_long": long,
        "date_pretty": near or date,
        "date_short_pretty": near or short,
        "date_long_pretty": near or long,
        "date_long_full": long,
        "day_divider_pretty": day_label(when, now),
        "time": clock_time(when),
        "time_secs": f"{when:%H:%M:%S}",
        "ago": _ago((now - when).total_seconds()),
    }


def _near_day(when: datetime, now: datetime) -> str | None:
    today = now.astimezone(when.tzinfo).date()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return near.get((when.date() - today) // timedelta(days=1))


def _suffix(day: int) -> str:
    if day in _TEENS:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _ago(seconds: float) -> str:
    distance = abs(seconds)
    if distance < _MINUTE:
        return "just now"
    amount, unit = next(
        (int(distance // size), unit)
        for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"))
        if distance >= size
    )
    words = f"{amount} {unit}{'' if amount == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"
