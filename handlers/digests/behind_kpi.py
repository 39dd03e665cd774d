"""The readings behind a KPI's line in a digest, as they counted when it was made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, context
from handlers.checkins.words import baseline_text
from handlers.digests import window
from handlers.digests.behind_views import ON_PAGE, Row, approval_text, pages_of, rows_modal
from handlers.digests.parts import kpi_value
from handlers.digests.words import STANDINGS, case_text
from handlers.hits import verdict_text
from handlers.kpis import NAME_SHOWN, NOT_LOCKED, SOURCES, target_text, unit_text
from handlers.text import counted, day_in_words, inline, moment, named
from workflows import digests
from workflows.checkins import Witnessed, as_typed
from workflows.digests import KpiBehind, StoredDigest
from workflows.people import Actor

NOT_YOURS: Final = (
    "These readings are for the people involved in the use case, programme leads, auditors and admins. "
    "Ask one of them what stands behind the number."
)
WHAT: Final = (
    "How a KPI stands follows from the last reading in these days and what whoever reports it says of it; before "
    "are the readings it is compared with."
)


def kpi_modal(
    kpi_id: UUID, session: Session, shown: StoredDigest, actor: Actor, *, page: int, now: datetime
) -> BlockKit:
    """Draw the readings behind a KPI for who may read them; what was corrected since is said beside it.

    Who may not reads the same, whether there is such a KPI or not.
    """
    digest = shown.digest
    found = digests.kpi_behind(session, kpi_id, window=digest.window, as_of=digest.made_at)
    if found is None or not digests.reader_of(session, actor)(found.of.id):
        return window.words_modal(NOT_YOURS, shown.id)
    current = digests.kpi_behind(session, kpi_id, window=digest.window, as_of=now)
    rows = [_row(each, found, current) for each in (*found.readings, *found.earlier)]
    pages = pages_of(len(rows))
    page = page if page < pages else 0
    return rows_modal(
        shown,
        inline(found.kpi.name, limit=NAME_SHOWN),
        _about(shown, found),
        rows[page * ON_PAGE : (page + 1) * ON_PAGE],
        value=kpi_value(shown.id, kpi_id),
        page=page,
        pages=pages,
        below=_below(found, current),
    )


def _about(shown: StoredDigest, found: KpiBehind) -> list[str]:
    told = next((each for each in shown.digest.numbers.kpis.worst if each.kpi_id == found.kpi.id), None)
    stands = f": *{STANDINGS[told.standing]}*" if told else ""
    baseline = NOT_LOCKED.capitalize() if found.baseline is None else f"Baseline: {baseline_text(found.baseline)}"
    is_other = found.baseline is not None and found.baseline.unit != found.kpi.unit
    other = f" ⚠️ in another unit than {unit_text(found.kpi.unit)}, so nothing is compared with it" if is_other else ""
    return [
        f"{case_text(found.of)}, {inline(found.kpi.name, limit=NAME_SHOWN)}{stands}",
        f"Aim: {target_text(found.kpi)}",
        f"{baseline}{other}",
        approval_text(found.approval),
        WHAT,
    ]


def _row(reading: Witnessed, found: KpiBehind, current: KpiBehind | None) -> Row:
    by = f"entered by {named(reading.entered_by.name)}" if reading.entered_by else "entered by nobody: it was imported"
    first = f"*{as_typed(reading.value)} {unit_text(reading.unit)}* for {day_in_words(reading.read_for)}"
    before = "" if reading in found.readings else ", before these days"
    lines = [f"{first}{before}", f"{SOURCES[reading.source]}, {by}, {moment(reading.entered_at)}"]
    lines += [verdict_text(reading)] if reading.entered_by else []
    since = _corrected_since(reading, current)
    return "\n".join([*lines, *([since] if since else [])]), None


def _corrected_since(reading: Witnessed, current: KpiBehind | None) -> str:
    """Return that a reading does not count any more, and what does in its place; nothing while it does."""
    rows = _every(current)
    if any(each.id == reading.id for each in rows):
        return ""
    same = (each for each in rows if (each.read_for, each.source) == (reading.read_for, reading.source))
    instead = max(same, key=lambda each: each.entered_at, default=None)
    if instead is None:
        return "✏️ Corrected since: it counts no more."
    return f"✏️ Corrected since: {as_typed(instead.value)} {unit_text(instead.unit)} counts now."


def _below(found: KpiBehind, current: KpiBehind | None) -> Sequence[BlockKit]:
    known = {(each.read_for, each.source) for each in found.readings}
    later = [each for each in (current.readings if current else ()) if (each.read_for, each.source) not in known]
    told = [f"{counted(len(later), 'reading')} of these days came after the digest was made."] if later else []
    return [context(*told)] if told else []


def _every(found: KpiBehind | None) -> Sequence[Witnessed]:
    return (*found.readings, *found.earlier) if found else ()
