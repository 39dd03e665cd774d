"""What people type after `/gatehouse`, and the form that says the same, as typed values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any, Final

from handlers.away.digest_words import DigestAsked, NoWeek, WeekAsked, digest_asked, week_asked
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, optional

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MENTION = re.compile(r"<@([A-Z0-9_]{1,32})(?:\|[^<>]*)?>")
_UNTIL = ("until", "till", "to")


class Word(StrEnum):
    """What can be typed without anything behind it."""

    HELP = auto()
    FORM = auto()
    WAITS = auto()
    BREAK_GLASS = auto()
    RECERTIFY = auto()
    PROGRAMME = auto()
    BLOCKS = auto()
    FOUNDATION = auto()
    LESSONS = auto()
    RECORDED = auto()
    OBJECTIVES = auto()
    SCORECARD = auto()


class Misread(StrEnum):
    """Why what was typed cannot be read."""

    UNKNOWN = auto()
    NO_DATE = auto()
    NO_LAST_DAY = auto()
    NO_PERSON = auto()
    NO_WEEK = auto()
    NO_SWITCH = auto()


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was not understood, and why; `word` is empty where something is missing at the end."""

    why: Misread
    word: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Days away, both included; `first` is None for today. `delegate` is a Slack id."""

    last: date
    first: date | None = None
    delegate: str | None = None

    @classmethod
    def of_form(cls, body: dict[str, Any]) -> "Leave":
        delegate = chosen(body, Block.AWAY_DELEGATE, INPUT)
        return cls(
            last=_picked(body, Block.AWAY_UNTIL),
            first=_picked(body, Block.AWAY_FROM),
            delegate=checked_id(delegate) if delegate else None,
        )


@dataclass(frozen=True, slots=True)
class Return:
    """Back from the leave that holds `day`, or today."""

    day: date | None = None


_WORDS: Final = {each.value.replace("_", "-"): each for each in Word if each is not Word.FORM}
"""What can be typed alone; the form has no word of its own but `away`."""


Said = Word | Leave | Return | DigestAsked | WeekAsked


def read(text: str) -> Said | Mistake:
    """Return what was typed after `/gatehouse`."""
    words = text.split()
    verb = words.pop(0).casefold() if words else "help"
    if verb in _WORDS:
        return _WORDS[verb]
    reads = _WITH_WORDS_BEHIND.get(verb)
    return reads(words) if reads else Mistake(Misread.UNKNOWN, verb)


def _digest(words: list[str]) -> DigestAsked | Mistake:
    asked = digest_asked(words)
    return Mistake(Misread.NO_WEEK, asked.word) if isinstance(asked, NoWeek) else asked


def _week(words: list[str]) -> WeekAsked | Mistake:
    return week_asked(words) or Mistake(Misread.NO_SWITCH, " ".join(words))


def _return(words: list[str]) -> Return | Mistake:
    if not words:
        return Return()
    day = _day(words[0])
    return Return(day) if day and len(words) == 1 else Mistake(Misread.NO_DATE, words[0])


def _leave(words: list[str]) -> Word | Leave | Mistake:
    if not words:
        return Word.FORM
    days: dict[str, date] = {}
    delegate = None
    left = iter(words)
    for word in left:
        said = word.casefold()
        following = next(left, "")
        if said == "from" or said in _UNTIL:
            day = _day(following)
            if day is None:
                return Mistake(Misread.NO_DATE, following)
            days["first" if said == "from" else "last"] = day
        elif said == "delegate":
            found = _MENTION.fullmatch(next(left, "") if following.casefold() == "to" else following)
            if found is None:
                return Mistake(Misread.NO_PERSON, following)
            delegate = found[1]
        else:
            return Mistake(Misread.UNKNOWN, word)
    if "last" not in days:
        return Mistake(Misread.NO_LAST_DAY)
    return Leave(days["last"], days.get("first"), delegate)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if _DATE.fullmatch(word) else None
    except ValueError:
        return None


def _picked(body: dict[str, Any], block: Block) -> date:
    day = _day(optional(body, "view", "state", "values", block, INPUT, "selected_date") or "")
    if day is None:
        raise MalformedPayloadError(f"{block} holds no date")
    return day


_WITH_WORDS_BEHIND: Final[Mapping[str, Callable[[list[str]], Said | Mistake]]] = {
    "away": _leave,
    "back": _return,
    "digest": _digest,
    "week": _week,
}
