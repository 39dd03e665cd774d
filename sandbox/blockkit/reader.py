"""Who looks at the blocks: names, dates and choices depend on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list a person picks from."""

    value: str
    label: str


class Directory(Protocol):
    """What a workspace knows by id. None means the id is unknown to this reader."""

    def person(self, user_id: str) -> str | None: ...

    def channel(self, channel_id: str) -> str | None: ...

    def group(self, group_id: str) -> str | None: ...

    def people(self) -> Sequence[Choice]: ...

    def conversations(
        self, kinds: frozenset[str], *, with_apps: bool = True, with_shared: bool = True
    ) -> Sequence[Choice]:
        """List the conversations of the named kinds ("public", "private", "im"); none named means all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    user_id: str
    zone: ZoneInfo
    now: datetime
    directory: Directory
