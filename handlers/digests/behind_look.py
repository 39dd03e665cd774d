"""Somebody looks behind the numbers of a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from db.session import Session
from handlers.blocks import BlockKit
from handlers.digests.behind_views import approval_text, open_button
from workflows import digests
from workflows.digests import Named, Seen, StoredDigest
from workflows.people import Actor


@dataclass(frozen=True)
class Look:
    """Somebody looks behind a digest at a moment."""

    session: Session
    shown: StoredDigest
    actor: Actor
    now: datetime

    @cached_property
    def reads(self) -> digests.Reads:
        return digests.reader_of(self.session, self.actor)

    def readable(self, rows: Sequence[Any]) -> Seen[Any]:
        """Return the rows of use cases whose numbers this person may read."""
        return digests.seen(rows, lambda row: self.reads(row.of.id))

    def known(self, rows: Sequence[Any]) -> Seen[Any]:
        """Return the rows of use cases this person may know of. How many others there are they do not hear."""
        return Seen(tuple(each for each in rows if not each.confidential or self.reads(each.of.id)), 0)

    def standing(self, of: Named) -> tuple[str, BlockKit | None]:
        """Return on which approval the numbers of a use case stand, and the way to it."""
        found = digests.approval_of(self.session, of.id)
        return approval_text(found), open_button(found.request_id if found else None, f"{of.reference}, {of.name}")
