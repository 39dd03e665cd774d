"""When somebody approves so fast that they are asked for a second look. Values in, values out."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

MANY: Final = 12
WITHIN: Final = timedelta(minutes=4)
"""The product's numbers: a burst of approvals is twelve in four minutes."""

NEAR: Final = MANY // 2
"""From here on votes of one person wait for one another, so that several at once cannot pass unseen."""


def is_burst(given: Collection[datetime], now: datetime, *, more: int = 1) -> bool:
    """Say whether `more` approvals now, beside those `given`, make a burst.

    What was given four minutes ago, or earlier, does not count.
    """
    return sum(now - WITHIN < each <= now for each in given) + more >= MANY


def may_be_near(counted: int, *, more: int = 1) -> bool:
    """Say whether it has to be looked at closely, when `counted` is what is known of without waiting for anybody."""
    return counted + more >= NEAR
