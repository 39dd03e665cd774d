"""Keep Home within the 100 blocks Slack takes, so that what matters most is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.blocks import BlockKit, context

MOST_BLOCKS: Final = 100
LEAST_KEPT: Final = 3  # a divider, a header, and something below it


@dataclass(frozen=True, slots=True)
class Part:
    """One part of Home. `more` is said in the place of what does not fit; without it the part is never cut."""

    blocks: Sequence[BlockKit]
    more: str = ""


def fitted(parts: Sequence[Part]) -> list[BlockKit]:
    """Return the parts, one below the other. Where they are too long together, the lowest are cut first.

    A line between parts is none above the first.
    """
    kept = [list(part.blocks) for part in parts]
    over = sum(map(len, kept)) - MOST_BLOCKS
    for part, blocks in reversed(list(zip(parts, kept, strict=True))):
        spare = len(blocks) - LEAST_KEPT
        if over > 0 and part.more and spare > 1:
            cut = min(over + 1, spare)  # the place of one is needed to say so
            cut += blocks[-cut]["type"] == "actions"  # a line without its buttons says that nothing can be done
            blocks[-cut:] = [context(part.more)]
            over -= cut - 1
    drawn = [block for blocks in kept for block in blocks]
    return drawn[1:] if drawn and drawn[0]["type"] == "divider" else drawn
