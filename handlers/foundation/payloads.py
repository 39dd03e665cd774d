"""What people press and type about the foundation, as typed values."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.enums import FoundationKind, ItemKind, Rating
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, picked_day, taken, typed
from workflows.foundation import Item, Text
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class Pressed:
    """Which part somebody pressed: its version, an item by its position, the mark of what stood there."""

    kind: FoundationKind
    number: int = 0
    position: int = 0
    seen: str = ""


def pressed(body: dict[str, Any]) -> Pressed | UUID:
    """Return the part a button that opens one carries: by its kind, with a version or not, or by its id."""
    value = taken(body, "actions", 0, "value")
    if "-" in value:
        try:
            return UUID(value)
        except ValueError as error:
            raise MalformedPayloadError("no part of the foundation") from error
    kind, _, number = value.partition(".")
    return Pressed(_kind(kind), _number(number) if number else 0)


def part_pressed(body: dict[str, Any]) -> Pressed:
    """Return the part, and the version if any, that a button of one carries."""
    found = pressed(body)
    if not isinstance(found, Pressed):
        raise MalformedPayloadError("no part of the foundation")
    return found


def item_pressed(body: dict[str, Any]) -> Pressed:
    """Return the item a button carries: part, position, and the mark of what stood there."""
    kind, position, seen = _three(taken(body, "actions", 0, "value"))
    return Pressed(_kind(kind), position=_number(position), seen=seen)


def item_to_add(body: dict[str, Any]) -> tuple[FoundationKind, ItemKind]:
    kind, _, item = taken(body, "actions", 0, "value").partition(".")
    return _kind(kind), _item_kind(item)


def part_carried(body: dict[str, Any]) -> Pressed:
    """Return the part a window carries, with a version where it is about one."""
    kind, _, number = taken(body, "view", "private_metadata").partition(".")
    return Pressed(_kind(kind), _number(number) if number else 0)


@dataclass(frozen=True, slots=True)
class TextForm:
    """The form of a part's text; `seen` is the mark of the text it showed."""

    kind: FoundationKind
    seen: str
    text: Text

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "TextForm":
        kind, _, seen = taken(body, "view", "private_metadata").partition(".")
        text = Text(
            summary=typed(body, Block.PART_SUMMARY, INPUT).strip(),
            link=typed(body, Block.PART_LINK, INPUT).strip(),
            review_on=picked_day(body, Block.PART_REVIEW, INPUT),
            effective_on=picked_day(body, Block.PART_EFFECTIVE, INPUT),
        )
        return cls(_kind(kind), seen, text)


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The form of an item; a `position` of 0 adds one. `person` is the Slack id of whoever was chosen."""

    kind: FoundationKind
    of: ItemKind
    position: int
    seen: str
    person: str
    body: dict[str, Any]

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "ItemForm":
        kind, of, rest = _three(taken(body, "view", "private_metadata"))
        position, _, seen = rest.partition(".")
        who = chosen(body, Block.ITEM_PERSON, INPUT)
        return cls(_kind(kind), _item_kind(of), _number(position), seen, checked_id(who) if who else "", body)

    def item(self, person: Actor | None) -> Item:
        """Return what was typed, with the person as we know them."""
        is_system = self.of is ItemKind.SYSTEM
        return Item(
            kind=self.of,
            name=self._typed(Block.ITEM_NAME),
            says=self._typed(Block.ITEM_SAYS),
            link=self._typed(Block.ITEM_LINK) or None,
            person=person,
            quality=self._rating(Block.ITEM_QUALITY) if is_system else None,
            accessibility=self._rating(Block.ITEM_ACCESSIBILITY) if is_system else None,
            compliance=self._rating(Block.ITEM_COMPLIANCE) if is_system else None,
        )

    def _typed(self, block: Block) -> str:
        return typed(self.body, block, INPUT).strip()

    def _rating(self, block: Block) -> Rating | None:
        said = chosen(self.body, block, INPUT)
        if said is not None and said not in set(Rating):
            raise MalformedPayloadError("no such rating")
        return Rating(said) if said else None


def _kind(text: str) -> FoundationKind:
    if text not in set(FoundationKind):
        raise MalformedPayloadError("no part of the foundation")
    return FoundationKind(text)


def _item_kind(text: str) -> ItemKind:
    if text not in set(ItemKind):
        raise MalformedPayloadError("no kind of item")
    return ItemKind(text)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - what a column holds
        raise MalformedPayloadError("no number of ours")
    return int(text)


def _three(text: str) -> tuple[str, str, str]:
    first, _, rest = text.partition(".")
    second, _, third = rest.partition(".")
    return first, second, third
