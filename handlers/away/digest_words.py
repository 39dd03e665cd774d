"""What people type after `/gatehouse digest` and `/gatehouse week`, as typed values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from workflows import digests

_ISO_WEEK = re.compile(r"(\d{4})-w(\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOOKS_LIKE_A_WEEK = re.compile(r"\d{4}-?w?\d.*|w\d+")
LAST = "last"


class WeekAsked(StrEnum):
    """What somebody wants of the week that is their own."""

    SHOW = auto()
    ON = auto()
    OFF = auto()


@dataclass(frozen=True, slots=True)
class DigestAsked:
    """The digest of a week, of everybody or of one `team` as it was typed.

    `week` is the Monday it begins on; None is the last one that is over where the person is.
    """

    team: str = ""
    week: date | None = None


@dataclass(frozen=True, slots=True)
class NoWeek:
    """What was meant as a week and is none."""

    word: str


def digest_asked(words: Sequence[str]) -> DigestAsked | NoWeek:
    """Return which digest is asked for: a team of any number of words, and a week before or behind it.

    A week is `last`, `2026-W31`, or a day in it such as `2026-07-28`.
    """
    left = list(words)
    for place in (-1, 0):
        if left and _means_week(left[place]):
            word = left.pop(place)
            week = week_in(word)
            if week is None and word.casefold() != LAST:
                return NoWeek(word)
            return DigestAsked(" ".join(left), week)
    return DigestAsked(" ".join(left))


def week_in(word: str) -> date | None:
    """Return the Monday of “2026-W31”, or of the week a date is in; None for what is neither."""
    said = word.casefold()
    found = _ISO_WEEK.fullmatch(said)
    try:
        if found:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        elif _DATE.fullmatch(said):
            monday = date.fromisoformat(said)
            monday -= timedelta(days=monday.weekday())
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return monday if digests.is_within_reach(monday) else None


def week_asked(words: Sequence[str]) -> WeekAsked | None:
    """Return what somebody wants of their week; None for a word that says nothing of it."""
    if not words:
        return WeekAsked.SHOW
    said = words[0].casefold()
    return WeekAsked(said) if len(words) == 1 and said in (WeekAsked.ON, WeekAsked.OFF) else None


def _means_week(word: str) -> bool:
    return word.casefold() == LAST or bool(_LOOKS_LIKE_A_WEEK.fullmatch(word.casefold()))
