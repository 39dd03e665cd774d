"""What stands behind each part of a digest, as who asks may see it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from db.session import Session
from handlers.blocks import BlockKit
from handlers.digests import behind_rows as rows
from handlers.digests.behind_look import Look
from handlers.digests.behind_views import ON_PAGE, Row, pages_of, rows_modal
from handlers.digests.definitions import DEFINITIONS
from handlers.digests.parts import NAMES, Part, behind_value
from workflows.digests import Seen, StoredDigest
from workflows.people import Actor


def part_modal(
    part: Part, session: Session, shown: StoredDigest, actor: Actor, *, page: int, now: datetime
) -> BlockKit:
    """Draw what stands behind a part, as this person may see it; only the rows of the page are drawn."""
    look = Look(session, shown, actor, now)
    gather, draw = _PARTS[part]
    found = gather(look)
    pages = pages_of(len(found.rows))
    page = page if page < pages else 0
    drawn = [draw(look, each) for each in found.rows[page * ON_PAGE : (page + 1) * ON_PAGE]]
    return rows_modal(
        shown,
        NAMES[part],
        [DEFINITIONS[part]],
        drawn,
        value=behind_value(shown.id, part),
        page=page,
        pages=pages,
        hidden=found.hidden,
    )


_PARTS: Final[Mapping[Part, tuple[Callable[[Look], Seen[Any]], Callable[[Look, Any], Row]]]] = {
    Part.FUNNEL: (rows.reached, rows.reached_row),
    Part.PROGRAMME: (rows.lacking, rows.lacking_row),
    Part.APPROVALS: (rows.decided, rows.decided_row),
    Part.ADOPTION: (rows.sources, rows.source_row),
    Part.KPIS: (rows.kpis, rows.kpi_row),
    Part.CORRECTIONS: (rows.corrected, rows.corrected_row),
    Part.HOURS: (rows.hours, rows.hours_row),
    Part.DUE: (rows.coming, rows.coming_row),
    Part.ANSWERS: (rows.unanswered, rows.unanswered_row),
}
"""How the rows of each part are gathered, and one of them drawn."""
