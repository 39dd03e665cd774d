"""What the form of an export says, parsed."""

from dataclasses import dataclass
from typing import Any

from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, chosen
from workflows.exports import Format, Shape


@dataclass(frozen=True, slots=True)
class Order:
    """In which columns and as what file somebody wants the register."""

    shape: Shape
    format: Format

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Order":
        """Return what was chosen. Raises MalformedPayloadError for anything the form does not offer."""
        try:
            shape = Shape(chosen(body, Block.EXPORT_SHAPE, INPUT) or "")
            kind = Format(chosen(body, Block.EXPORT_FORMAT, INPUT) or "")
        except ValueError as error:
            raise MalformedPayloadError("no shape or kind of file of ours") from error
        if kind is Format.HTML:
            raise MalformedPayloadError("a register is no page")
        return cls(shape, kind)
