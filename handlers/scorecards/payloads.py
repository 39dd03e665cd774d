"""Forms about scorecards, as typed values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.enums import Dimension
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, found, picked_day
from handlers.scorecards.views import CANNOT_SAY, block_of
from workflows.scorecards import HIGHEST, LOWEST

_SCORES = {str(each): each for each in range(LOWEST, HIGHEST + 1)} | {CANNOT_SAY: None}


@dataclass(frozen=True, slots=True)
class Start:
    """Whom a round is to ask, by Slack id, each once, and until when."""

    people: tuple[str, ...]
    due: date

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Start":
        picked = found(body, "view", "state", "values", Block.SCORECARD_PEOPLE, INPUT, "selected_users")
        ids = [checked_id(each) for each in picked if isinstance(each, str)] if isinstance(picked, list) else []
        due = picked_day(body, Block.SCORECARD_DUE, INPUT)
        if due is None:
            raise MalformedPayloadError("no day was chosen")
        return cls(tuple(dict.fromkeys(ids)), due)


def scores_in(body: dict[str, Any]) -> dict[Dimension, int | None]:
    """Return what was chosen for each dimension the form asks; None is “I cannot say”."""
    picked = {each: chosen(body, block_of(each), INPUT) for each in Dimension}
    given = {each: score for each, score in picked.items() if score is not None}
    if not set(given.values()) <= set(_SCORES):
        raise MalformedPayloadError("a score is from 1 to 5")
    return {each: _SCORES[score] for each, score in given.items()}
