"""The units we know by name, so that “45 min” is not taken for 45 hours. A unit we do not know is left to people."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts: a time of so many seconds, or something that is not converted."""

    name: str
    seconds: int | None = None


_SECOND, _MINUTE, _HOUR = Unit("second", 1), Unit("minute", 60), Unit("hour", 3600)
_DAY, _WEEK, _PERCENT = Unit("day"), Unit("week"), Unit("percent")  # nobody says of how many hours a day is
_NAMES: Final = {
    _SECOND: ("sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"),
    _MINUTE: ("min", "mins", "minute", "minutes", "minuten"),
    _HOUR: ("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"),
    _DAY: ("day", "days", "tag", "tage", "tagen"),
    _WEEK: ("week", "weeks", "woche", "wochen"),
    _PERCENT: ("%", "percent", "prozent"),
    Unit("EUR"): ("€", "eur", "euro", "euros"),
    Unit("USD"): ("$", "usd", "dollar", "dollars"),
    Unit("GBP"): ("£", "gbp"),
    Unit("JPY"): ("¥", "jpy", "yen"),
    Unit("CHF"): ("chf",),
}
_BY_NAME: Final = {name: unit for unit, names in _NAMES.items() for name in names}
_WORD = re.compile(r"[^\W\d_]+|[%€$£¥]")
_PER = re.compile(r"/|\b(?:per|je|pro)\b")


def unit_in(text: str) -> Unit | None:
    """Return what “hours per file” or “% of letters” counts, or None where we do not know one unit in it."""
    head = _PER.split(text.casefold(), maxsplit=1)[0]
    found = {_BY_NAME[word] for word in _WORD.findall(head) if word in _BY_NAME}
    return found.pop() if len(found) == 1 else None


def unit_typed(before: str | None, after: str) -> Unit | None:
    """Return the unit typed around a number: “€ 5”, “5 min”. `after` is folded."""
    return unit_in(after) or (_BY_NAME.get(before.casefold()) if before else None)
