"""Say how far a KPI is on the way to being hit, the same on every screen."""

from uuid import UUID

from db.enums import KpiSource
from db.session import Session
from handlers.kpis import SOURCES, kpi_line, short_day, unit_text
from handlers.text import inline, named
from workflows import checkins, people
from workflows.checkins import KpiSnapshot, Progress, Reached, VerdictSnapshot, Witnessed, as_typed

REASON_SHOWN = 200


def kpi_lines_of(session: Session, use_case_id: UUID) -> list[str]:
    """Return a line for each KPI of a use case in use: how it stands, and whether it is hit."""
    kpis = [each for each in checkins.kpis_of(session, [use_case_id]).get(use_case_id, ()) if each.in_use]
    found = checkins.progress_of(session, kpis)
    lines = [(f"📈 {kpi_line(each)}", progress_text(found[each.id])) for each in kpis]
    return [" · ".join(filter(None, line)) for line in lines]


def progress_text(found: Progress) -> str:
    """Return “🎯 hit: 2.9 on 3 Nov 2026 and 2.8 on 10 Nov 2026, confirmed by Mira”, or what is lacking, in one line.

    Nothing where nothing was read.
    """
    if found.newest is None:
        return ""
    if found.pair is None:
        once = f"reached once, {_value(found.newest)}; hit when the next reading reaches it too"
        return f"🎯 {once if found.holds else 'not reached yet'}"
    both = " and ".join(map(_value, found.pair))
    match found.reached:
        case Reached.HIT:
            gone = "" if found.holds else f"; {_value(found.newest)} does not reach it"
            return f"🎯 hit: {both}, {_made_sure(found.pair)}{gone}"
        case Reached.DOUBTED:
            doubts = [each.doubt for each in found.pair if each.doubt]
            return f"🎯 reached twice, {both}, and doubted by {named(doubts[-1].by.name)}"
        case _:
            return f"🎯 reached twice, {both}; waits for somebody to confirm one of them"


def newest_text(kpi: KpiSnapshot, reading: Witnessed) -> str:
    """Return a reading with its day, where it comes from, and what second persons said of it."""
    told = (
        f"{as_typed(reading.value)} {unit_text(kpi.unit)} on {short_day(reading.read_for)}, {SOURCES[reading.source]}"
    )
    return told if reading.source is KpiSource.SYSTEM else f"{told}, {verdict_text(reading)}"


def verdict_text(reading: Witnessed) -> str:
    """Return “confirmed by Mira on 3 Nov 2026”, “not confirmed yet”, or who doubts it and why."""
    doubt, confirmation = reading.doubt, reading.confirmation
    if doubt is not None:
        return f"⚠️ doubted by {who_and_when(doubt)}{reason_text(doubt)}"
    return f"✅ confirmed by {who_and_when(confirmation)}" if confirmation else "not confirmed yet"


def who_and_when(said: VerdictSnapshot) -> str:
    """Return who said it, and on which day, where they are."""
    return f"{named(said.by.name)} on {said_on(said)}"


def said_on(said: VerdictSnapshot) -> str:
    return short_day(people.local_day(said.by, said.at))


def reason_text(said: VerdictSnapshot) -> str:
    return f": “{inline(said.reason, limit=REASON_SHOWN)}”" if said.reason else ""


def _value(reading: Witnessed) -> str:
    return f"{as_typed(reading.value)} on {short_day(reading.read_for)}"


def _made_sure(pair: tuple[Witnessed, Witnessed]) -> str:
    names = {each.confirmation.by.id: named(each.confirmation.by.name) for each in pair if each.confirmation}
    return f"confirmed by {' and '.join(names.values())}" if names else SOURCES[KpiSource.SYSTEM]
