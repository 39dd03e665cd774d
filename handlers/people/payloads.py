"""The form people describe themselves in, and who an event names, as typed values."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    checked_id,
    chosen_in_search,
    found,
    optional,
    taken,
    typed,
)
from workflows import people
from workflows.people import TEAM_LIMIT, Description, Detail

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class AboutMeForm:
    """What somebody says of themselves."""

    said: Description

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "AboutMeForm":
        country = chosen_in_search(body, Block.MY_COUNTRY)
        if country is not None and people.country_named(country) is None:
            raise MalformedPayloadError(f"no country {country!r}")
        told = {Detail.TEAM, Detail.COUNTRY, Detail.WORKING_HOURS, Detail.WORKING_DAYS}
        return cls(
            Description(
                told=frozenset(told),
                team=" ".join(typed(body, Block.MY_TEAM, INPUT).split())[:TEAM_LIMIT] or None,
                country=country,
                hours=(_minute(body, Block.MY_START), _minute(body, Block.MY_END) or _MIDNIGHT),
                days=_days(body),
            )
        )

    def problem(self) -> str | None:
        """Return what is wrong with the times."""
        starts, ends = self.said.hours or (0, _MIDNIGHT)
        return None if starts < ends else "This is not after the time you start. Choose a later one; midnight is 00:00."


def members_in(body: dict[str, Any], which: str) -> list[str]:
    """Return the people an event about a user group names. Raises MalformedPayloadError when they are no ids."""
    told = found(body, "event", which)
    return [checked_id(each) for each in told if isinstance(each, str)] if isinstance(told, list) else []


def _minute(body: dict[str, Any], block: Block) -> int:
    """Return the minutes after midnight of a picked time."""
    time = _TIME.fullmatch(taken(body, "view", "state", "values", block, INPUT, "selected_time"))
    if time is None:
        raise MalformedPayloadError("no time was picked")
    return int(time[1]) * 60 + int(time[2])


def _days(body: dict[str, Any]) -> str:
    """Return the chosen weekdays as ISO digits, in their order."""
    options = found(body, "view", "state", "values", Block.MY_DAYS, INPUT, "selected_options")
    days = {optional(each, "value") or "" for each in options} if isinstance(options, list) else set()
    if not days or not days <= set("1234567"):
        raise MalformedPayloadError("no weekdays were chosen")
    return "".join(sorted(days))
