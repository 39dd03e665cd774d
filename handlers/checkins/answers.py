"""What people type into a check-in, as numbers and words; what cannot be read stands at its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from db.enums import Confidence
from handlers.ids import INPUT, Action, Block
from handlers.payloads import MalformedPayloadError, chosen, found, taken, taken_uuid, typed
from workflows.checkins import (
    CheckInSnapshot,
    NotANumberError,
    Said,
    as_typed,
    both_ends,
    is_far_off,
    mark_of,
    number,
    whole,
)

_COST: Final = re.compile(r"(?P<amount>.*?[\d.,’' ]+)\s*(?P<currency>[A-Za-z]{3}|[€$£¥])?\s*")
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_LINK: Final = re.compile(r"https?://[^\s<>|\"]+\.[^\s<>|\"]+", re.IGNORECASE)
_NONE: Final = re.compile(r"0+")
_PARTS: Final = (Block.BY_PROMPT, Block.BY_CONTEXT, Block.BY_WORKFLOW)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Period:
    """Which check-in a button or form is about: a date of a schedule. `seen` is the answer's revision it showed."""

    schedule_id: UUID
    on_date: date
    seen: int = 0

    @classmethod
    def read(cls, carried: str) -> "Period":
        schedule, day, *seen = carried.split(".")
        try:
            return cls(taken_uuid(schedule), date.fromisoformat(day), int(seen[0]) if seen else 0)
        except ValueError as error:
            raise MalformedPayloadError("not a check-in of ours") from error

    @classmethod
    def of_button(cls, body: dict[str, Any]) -> "Period":
        carried = taken(body, "actions", 0, "value")
        if carried.count(".") != 1:
            raise MalformedPayloadError("not a check-in of ours")
        return cls.read(carried)

    @classmethod
    def of_form(cls, body: dict[str, Any]) -> "Period":
        carried = taken(body, "view", "private_metadata")
        if carried.count(".") != 2:  # noqa: PLR2004 - schedule, date and revision
            raise MalformedPayloadError("not a check-in of ours")
        return cls.read(carried)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was read. `wrong` says at which field what has to be typed otherwise."""

    values: Mapping[UUID, float]
    says: Said
    wrong: Mapping[str, str] = field(default_factory=dict)


def confidence_in(body: dict[str, Any]) -> Confidence | None:
    """Return which confidence is chosen in the form."""
    said = chosen(body, Block.CONFIDENCE, Action.CONFIDENCE)
    return Confidence(said) if said in set(Confidence) else None


def read(body: dict[str, Any], asked: CheckInSnapshot, locale: str | None) -> Typed:
    """Return what was typed. `locale` and the last values tell what “1,234” means."""
    wrong: dict[str, str] = {}
    values: dict[UUID, float] = {}
    for each in asked.typed:
        block, text = f"{Block.READING}.{each.kpi.id}", typed(body, f"{Block.READING}.{each.kpi.id}", INPUT).strip()
        last = each.last.value if each.last else None
        if text:
            value = _read(wrong, block, number, text, each.kpi.unit, mark=mark_of(locale), last=last)
            values |= {each.kpi.id: value} if value is not None else {}
        elif each.is_wanted:
            wrong[block] = "Type the number, for example 12. If there is none this time, close this and press Skip."
    says = _said(body, wrong) if asked.is_whole else Said()
    return Typed(values, says, wrong)


def odd_ones(read_as: Typed, asked: CheckInSnapshot, body: dict[str, Any]) -> list[str]:
    """Return the values far off the last ones that nobody has confirmed, each as “value|text” of a box to tick."""
    ticked = found(body, "view", "state", "values", Block.SURE, INPUT, "selected_options")
    confirmed = {each.get("value") for each in ticked if isinstance(each, dict)} if isinstance(ticked, list) else set()
    odd = []
    for each in asked.typed:
        value = read_as.values.get(each.kpi.id)
        if value is None or each.last is None or not is_far_off(value, each.last.value):
            continue
        if f"{each.kpi.id}={as_typed(value)}" not in confirmed:
            text = f"{each.kpi.name[:40]}: {as_typed(value)}, last {as_typed(each.last.value)}"
            odd.append(f"{each.kpi.id}={as_typed(value)}|{text}")
    return odd


def _said(body: dict[str, Any], wrong: dict[str, str]) -> Said:
    confidence = confidence_in(body)
    if confidence is None:
        wrong[Block.CONFIDENCE] = "Choose one of the three."
    is_off = confidence is Confidence.OFF_TRACK
    looked_at = _count(body, Block.LOOKED_AT, wrong)
    corrected = (
        _count(body, Block.BY_PROMPT, wrong),
        _count(body, Block.BY_CONTEXT, wrong),
        _count(body, Block.BY_WORKFLOW, wrong),
    )
    eligible, active = _count(body, Block.ELIGIBLE, wrong), _count(body, Block.ACTIVE, wrong)
    hours = _hours(_text(body, Block.HOURS), wrong)
    cost, currency = _cost(_text(body, Block.COST), wrong)
    _hold_together(wrong, eligible=eligible, active=active, looked_at=looked_at, corrected=corrected)
    method = _text(body, Block.HOURS_METHOD)
    if hours is not None and not method:
        wrong[Block.HOURS_METHOD] = "Say how you know, for example “Timed ten files with and without it”."
    return Said(
        confidence=confidence,
        why=_text(body, Block.WHY_OFF) if is_off else "",
        help=_text(body, Block.HELP) if is_off else "",
        eligible=eligible,
        active=active,
        hours=hours,
        hours_method=method if hours is not None else "",
        looked_at=looked_at,
        corrected=corrected,
        cost=cost,
        currency=currency,
        blockers=_text(body, Block.BLOCKERS),
        wins=_text(body, Block.WINS),
        evidence=_link(_text(body, Block.EVIDENCE), wrong),
    )


def _hold_together(
    wrong: dict[str, str],
    *,
    eligible: int | None,
    active: int | None,
    looked_at: int | None,
    corrected: tuple[int | None, int | None, int | None],
) -> None:
    """Refuse counts that cannot be true together."""
    if eligible is not None and active is not None and active > eligible:
        wrong[Block.ACTIVE] = f"That is more than the {eligible} who could use it. Correct one of the two."
    total = sum(filter(None, corrected))
    filled = next((block for block, each in zip(_PARTS, corrected, strict=True) if each), Block.BY_PROMPT)
    if total and looked_at is None:
        wrong[Block.LOOKED_AT] = f"Say of how many these {total} were corrected, for example 40."
    elif looked_at is not None and total > looked_at:
        wrong[filled] = f"Together {total} were corrected, but only {looked_at} looked at. Correct one of them."


def _hours(text: str, wrong: dict[str, str]) -> tuple[float, float] | None:
    """Return “3 to 5” as two ends, and “4” as both."""
    if not text:
        return None
    try:
        ends = both_ends(text, "hours")
    except NotANumberError:
        once = _read(wrong, Block.HOURS, number, text, "hours")
        if once is None:
            wrong[Block.HOURS] = "Type a range like 3 to 5, or one number like 4."
            return None
        ends = (once, once)
    if ends[0] < 0:
        wrong[Block.HOURS] = "Hours saved are nought or more. Type a range like 3 to 5."
    return ends


def _cost(text: str, wrong: dict[str, str]) -> tuple[float | None, str | None]:
    match = _COST.fullmatch(text)
    if not text:
        return None, None
    currency = match["currency"] if match else None
    if match is None or currency is None:
        wrong[Block.COST] = "Type the amount and its currency, for example 1200 EUR."
        return None, None
    amount = _read(wrong, Block.COST, number, match["amount"])
    if amount is not None and amount < 0:
        wrong[Block.COST] = "A cost is nought or more. Type it like 1200 EUR."
    return amount, _SIGNS.get(currency, currency.upper())


def _link(text: str, wrong: dict[str, str]) -> str:
    if text and not _LINK.fullmatch(text):
        wrong[Block.EVIDENCE] = "Type the whole address, for example https://wiki.example.com/numbers."
    return text


def _count(body: dict[str, Any], block: Block, wrong: dict[str, str]) -> int | None:
    text = _text(body, block)
    if not text:
        return None
    return 0 if _NONE.fullmatch(text) else _read(wrong, block, whole, text)


def _text(body: dict[str, Any], block: Block) -> str:
    return typed(body, block, INPUT).strip()


def _read(wrong: dict[str, str], block: str, how: Callable[..., Value], *said: str, **more: Any) -> Value | None:
    """Return what was typed as a number, or None when it is none; then that stands at its field."""
    try:
        return how(*said, **more)
    except NotANumberError as error:
        wrong[block] = str(error)
        return None
