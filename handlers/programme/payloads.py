"""What people ask about gates, as typed values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.enums import Criterion, Phase
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, chosen, picked_day, submission_key, taken, typed, user_of
from workflows.programme import CRITERIA


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody sends the form that asks to open a gate; `seen` is the digest of what it showed."""

    who: str
    delivery: str
    phase: Phase
    seen: str

    @classmethod
    def of_form(cls, body: dict[str, Any]) -> "Opening":
        phase, _, seen = taken(body, "view", "private_metadata").partition(".")
        return cls(user_of(body), submission_key(body), _gate(phase), seen)


@dataclass(frozen=True, slots=True)
class Waiving:
    """Somebody asks to do without a criterion. What is not filled in is None, or empty."""

    who: str
    delivery: str
    phase: Phase
    criterion: Criterion | None
    until: date | None
    reason: str

    @classmethod
    def of_form(cls, body: dict[str, Any]) -> "Waiving":
        name = chosen(body, Block.WAIVED_CRITERION, INPUT)
        try:
            criterion = Criterion(name) if name else None
        except ValueError as error:
            raise MalformedPayloadError("no criterion of ours") from error
        return cls(
            who=user_of(body),
            delivery=submission_key(body),
            phase=_gate(taken(body, "view", "private_metadata")),
            criterion=criterion,
            until=picked_day(body, Block.WAIVED_UNTIL, INPUT),
            reason=typed(body, Block.WAIVER_REASON, INPUT),
        )


def gate_of_button(body: dict[str, Any]) -> Phase:
    """Return the phase the gate of a pressed button leads into."""
    return _gate(taken(body, "actions", 0, "value"))


def carried(phase: Phase, seen: str) -> str:
    """Return what the form carries that asks to open a gate."""
    return f"{phase.value}.{seen}"


def _gate(name: str) -> Phase:
    try:
        phase = Phase(name)
    except ValueError as error:
        raise MalformedPayloadError("no phase of ours") from error
    if phase not in CRITERIA:
        raise MalformedPayloadError("no gate leads into the first phase")
    return phase
