"""Numbers as people type them and as we print them. What is not understood is refused with an example, never guessed.

“1,234” is one thousand in one country and one and a bit in the next. Which it is here follows from the decimal mark of
whoever typed it, or from how large the number was before; where neither is known, or they contradict each other, it is
refused with both spellings.
"""

import re
from decimal import Decimal
from typing import Final

from workflows.checkins.units import Unit, unit_in, unit_typed

LARGEST: Final = 1e12
MOST_COUNTED: Final = 1_000_000_000
EXAMPLE: Final = "Type a number like 12, 1234.5 or 12 %."
WHOLE_EXAMPLE: Final = "Type a whole number from 1 on, like 40."
_AMOUNT = re.compile(
    r"(?P<before>[$€£¥]|[A-Z]{3})?\s?(?P<sign>[-+−]?)\s?(?P<digits>[0-9][0-9.,]*)\s*"
    r"(?P<after>(?:[^\W\d_]|[%°€$£¥/])[^0-9]*)?"
)
_HOURS_AND_MINUTES = re.compile(
    r"(?P<sign>[-−]?)(?P<hours>[0-9]{1,6})\s*(?:h|hr|hrs|hours?|std|stunden?)\.?,?\s*"
    r"(?P<minutes>[0-9]{1,2})\s*(?:m|mins?|minutes?|minuten?)?\.?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=[0-9])[ '’\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:\.[0-9]{3})+(?:,[0-9]+)?)")
_GROUPED_WHOLE = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+)")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_EITHER = re.compile(r"([1-9][0-9]{0,2})([.,])([0-9]{3})")
_BETWEEN = re.compile(r"\s*(?:\bto\b|\band\b|\bbis\b|–|—|…|\.{2,3}|(?<=[\w%°€$£¥])\s*-(?=\s*[-+−]?[0-9]))\s*")
_MULTIPLIERS: Final = frozenset(
    (
        *("k", "m", "mn", "mio", "mln", "b", "bn", "tsd", "mrd"),
        *("hundred", "thousand", "million", "millions", "billion", "billions", "dozen"),
    )
)
_COMMA_LANGUAGES: Final = frozenset(
    (
        *("bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "id", "is", "it", "lt", "lv"),
        *("nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi"),
    )
)
_POINT_LANGUAGES: Final = frozenset(("en", "he", "hi", "ja", "ko", "th", "zh"))
_POINT_LOCALES: Final = frozenset(("de-ch", "de-li", "it-ch", "es-mx", "es-us"))
_MIXED_LOCALES: Final = frozenset(("es-la", "es-419", "en-za", "fr-ch"))
_AS_LARGE: Final = 10
"""Two readings of one text are a thousand times apart: at most one of them lies within this factor of the last."""


class NotANumberError(ValueError):
    """What was typed is no number we understand; the message says why and what would be."""


def mark_of(locale: str | None) -> str | None:
    """Return the decimal mark of a locale like “de-DE”, or None where it is not known or people there use both."""
    name = (locale or "").replace("_", "-").casefold()
    language = name.partition("-")[0]
    if name in _MIXED_LOCALES:
        return None
    if name in _POINT_LOCALES or language in _POINT_LANGUAGES:
        return "."
    return "," if language in _COMMA_LANGUAGES else None


def number(typed: str, unit: str = "", *, mark: str | None = None, last: float | None = None) -> float:
    """Return 1234.5 for “1,234.5”, “1.234,5” or “1 234,5 h”; a unit behind it is left out.

    Times are converted to the unit where that is one: “3 h 30” is 3.5 hours. `mark` is the decimal mark of whoever
    typed it, `last` how large the number was before; they tell what “1,234” means. Raises NotANumberError for what is
    no number, for one in another unit, and for what can be read as two.
    """
    words = f"“{typed.strip()[:40]}”"
    text = _without_unit(typed.strip(), unit)
    time = _HOURS_AND_MINUTES.fullmatch(text)
    if time is not None:
        return _in_hours_and_minutes(time, words, unit)
    found = _AMOUNT.fullmatch(_THOUSANDS.sub("", text))
    if found is None:
        raise NotANumberError(f"{words} is not one number. {EXAMPLE}")
    value = _read(found["digits"], words, mark, last)
    if value > LARGEST:
        raise NotANumberError(f"{words} is more than can be counted here; use a larger unit.")
    signed = -value if found["sign"] in ("-", "−") and value else value
    after = (found["after"] or "").strip(" .").casefold()
    if after == unit.strip(" .").casefold():
        return signed
    if after.strip("$€£¥ ") in _MULTIPLIERS:
        raise NotANumberError(f"Please write {words} out in full, for example 5000.")
    return _converted(signed, unit_typed(found["before"], after), unit, words)


def whole(typed: str) -> int:
    """Return 1200 for “1,200”, “1.200” or “1 200 cases”. Raises NotANumberError for what is no number from 1 on."""
    words = f"“{typed.strip()[:40]}”"
    found = _AMOUNT.fullmatch(_THOUSANDS.sub("", typed.strip()))
    if found is None or found["before"] or found["sign"]:
        raise NotANumberError(f"{words} is not a whole number. {WHOLE_EXAMPLE}")
    digits, after = found["digits"], (found["after"] or "").strip(" .").casefold()
    if _GROUPED_WHOLE.fullmatch(digits):
        digits = digits.replace(",", "").replace(".", "")
    if not digits.isdecimal() or not int(digits):
        raise NotANumberError(f"{words} is not a whole number. {WHOLE_EXAMPLE}")
    if after in _MULTIPLIERS:
        raise NotANumberError(f"Please write {words} out in full, for example 5000.")
    if after.startswith("%"):
        raise NotANumberError(f"{words} is a share. {WHOLE_EXAMPLE}")
    if int(digits) > MOST_COUNTED:
        raise NotANumberError(f"{words} is more than can be counted here. {WHOLE_EXAMPLE}")
    return int(digits)


def both_ends(typed: str, unit: str = "") -> tuple[float, float]:
    """Return (10, 20) for “10 to 20” or “20–10”. Raises NotANumberError unless there are two different ends."""
    ends = _BETWEEN.split(typed.strip())
    if len(ends) != 2:  # noqa: PLR2004 - a range
        raise NotANumberError("A range has two ends. Type both, like 10 to 20.")
    low, high = sorted(number(end, unit) for end in ends)
    if low == high:
        raise NotANumberError("A range needs two different ends, like 10 to 20.")
    return low, high


def plain_number(value: float) -> str:
    """Return a number without ornament: 1234.5, 12."""
    digits = f"{Decimal(repr(value + 0.0)):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def as_typed(value: float) -> str:
    """Return a number as it can be typed: read again it is the same one, whatever the reader's decimal mark."""
    digits = plain_number(value)
    return f"{digits}0" if _EITHER.fullmatch(digits.lstrip("-")) else digits


def _without_unit(text: str, unit: str) -> str:
    """Return what was typed without the KPI's own unit behind it, which may hold digits: “per 1000 files”."""
    own = unit.strip()
    is_plain = re.match(r"[^\W\d_]|[%°€$£¥/]", own) is not None
    if is_plain and any(map(str.isdigit, own)) and text.casefold().endswith(own.casefold()):
        return text[: len(text) - len(own)].rstrip()
    return text


def _in_hours_and_minutes(time: re.Match[str], words: str, unit: str) -> float:
    into = unit_in(unit)
    if into is None or into.seconds is None:
        raise NotANumberError(f"{words} is a time. {EXAMPLE}")
    hours, minutes = int(time["hours"]), int(time["minutes"])
    if minutes >= 60:  # noqa: PLR2004 - in an hour
        raise NotANumberError(f"An hour has 60 minutes, so {words} is no time. Type it like 3 h 30 or 3.5.")
    value = round((hours * 3600 + minutes * 60) / into.seconds, 4)
    return -value if time["sign"] and value else value


def _converted(value: float, given: Unit | None, unit: str, words: str) -> float:
    """Return a value in the KPI's unit, where both are known to be times; refuse one in a unit of another kind."""
    into = unit_in(unit)
    if given is None or into is None or given == into:
        return value
    if given.seconds is not None and into.seconds is not None:
        return round(value * given.seconds / into.seconds, 4)
    raise NotANumberError(f"{words} is in another unit. Type the number in {unit.strip()}, for example 12.")


def _read(digits: str, words: str, mark: str | None, last: float | None) -> float:
    """Return what digits with marks mean."""
    either = _EITHER.fullmatch(digits)
    if either is not None:
        head, between, rest = either.groups()
        large, small = float(f"{head}{rest}"), float(f"{head}.{rest}")
        by_mark = None if mark is None else small if between == mark else large
        by_size = _as_large_as(last, large, small)
        told = {each for each in (by_mark, by_size) if each is not None}
        if len(told) == 1:
            return told.pop()
        raise NotANumberError(f"{words} can be read in two ways. Type {head}{rest}, or {head}.{rest}0.")
    if _GROUPED.fullmatch(digits):
        thousands = next(each for each in digits if each in ".,")
        return float(digits.replace(thousands, "").replace(",", "."))
    if _DECIMAL.fullmatch(digits):
        return float(digits.replace(",", "."))
    raise NotANumberError(f"{words} is not one number. {EXAMPLE}")


def _as_large_as(last: float | None, *readings: float) -> float | None:
    """Return the reading that is about as large as the last number, or None when none is."""
    size = abs(last or 0)
    return next((each for each in readings if size / _AS_LARGE <= each <= size * _AS_LARGE), None)
