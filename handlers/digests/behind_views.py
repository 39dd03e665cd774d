"""Draw what stands behind a number: what it is, its rows page by page, and the way back. Values in, blocks out."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from handlers.blocks import BlockKit, actions, button, context, header, modal, section
from handlers.digests import window
from handlers.digests.words import days_text
from handlers.ids import Action, Callback
from handlers.text import counted, inline, listed, moment, named
from workflows.digests import StandsOn, StoredDigest

TITLE: Final = "Behind the numbers"
ON_PAGE: Final = 20
Row = tuple[str, BlockKit | None]
"""A line or two of mrkdwn, and the button beside it."""


def rows_modal(
    shown: StoredDigest,
    title: str,
    about: Sequence[str],
    rows: Sequence[Row],
    *,
    value: str,
    page: int,
    pages: int,
    hidden: int = 0,
    below: Sequence[BlockKit] = (),
) -> BlockKit:
    """Show one page of rows below what they are `about`; `hidden` is how many the reader may not see.

    `value` is what the button carried that asked for it, so that another page can be asked for.
    """
    digest = shown.digest
    who = f"Team {inline(digest.team)} · " if digest.team else ""
    lead = f"{who}{days_text(digest.window)}, {digest.window.zone} · as it counted {moment(digest.made_at)}"
    blocks = [header(title), context(lead), section("\n".join(about)), {"type": "divider"}]
    blocks += [section(text) | ({"accessory": way} if way else {}) for text, way in rows]
    if not rows and not hidden:
        blocks.append(section("There is nothing to list of these days."))
    if hidden:
        blocks.append(context(f"{counted(hidden, 'row')} {'is' if hidden == 1 else 'are'} not for you to read."))
    blocks += [*below, _ways(shown.id, value, page, pages)]
    return modal(Callback.DIGEST, TITLE, blocks, carries=str(shown.id))


def approval_text(found: StandsOn | None) -> str:
    """Return on which approval numbers stand: its reference, when it was given, and by whom."""
    if found is None:
        return "Not approved."
    if found.line is not None:
        by = f"by a line of the policy: “{inline(found.line, limit=120)}”"
    else:
        by = f"by {listed([named(each) for each in found.by], last='and') or 'nobody who is known any more'}"
    return f"Approved as {found.reference}, {moment(found.decided_at)}, {by}."


def open_button(request_id: UUID | None, what: str) -> BlockKit | None:
    return button(Action.OPEN, "Open", str(request_id), label=f"Open {what}") if request_id else None


def pages_of(count: int) -> int:
    return max(-(-count // ON_PAGE), 1)


def _ways(digest_id: UUID, value: str, page: int, pages: int) -> BlockKit:
    ways = [window.back_button(digest_id)]
    if pages > 1:
        following = (page + 1) % pages
        text = f"Show page {following + 1} of {pages}"
        ways.append(button(Action.DIGEST_PAGE, text, f"{value}.{following}", label=text))
    return actions("digests.behind.ways", *ways)
