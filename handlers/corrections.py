"""Say why outputs had to be corrected, what helps, and what a fix has brought, the same on every screen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import RootCause
from db.session import Session
from handlers.text import day_in_words, inline, listed, moment, named
from workflows import checkins, people
from workflows.checkins import Corrections, FixSnapshot, Rate, leading

CAUSES: Final[Mapping[RootCause, str]] = {
    RootCause.PROMPT: "the prompt fell short",
    RootCause.CONTEXT: "context was missing",
    RootCause.WORKFLOW: "the workflow did not fit",
}
SUGGESTIONS: Final[Mapping[RootCause, str]] = {
    RootCause.PROMPT: (
        "Write down one prompt for this task that was tested, with an example of a good and of a bad output, "
        "where everybody who does the task finds it."
    ),
    RootCause.CONTEXT: (
        "Complete the context pack: find out which document, term or client fact the corrected outputs lacked, "
        "and add it where the tool reads it."
    ),
    RootCause.WORKFLOW: (
        "Change the step before or after the tool: write down what goes in, who checks what comes out, "
        "and what they do with it when it is wrong."
    ),
}
FIX_SHOWN: Final = 200
NOBODY_LOOKED: Final = "nobody looked yet"


def corrected_text(corrected: Mapping[RootCause, int], outputs: int) -> str:
    """Return “8 of 40 corrected, mostly because context was missing (6)”; nothing where none was corrected."""
    causes = leading(corrected)
    if not causes:
        return ""
    total = sum(corrected.values())
    is_all = sum(corrected[cause] for cause in causes) == total
    because = listed([f"{CAUSES[cause]} ({corrected[cause]})" for cause in causes], last="and")
    return f"{total} of {outputs} corrected, {'' if is_all else 'mostly '}because {because}"


def rate_text(rate: Rate | None) -> str:
    """Return “20 % (8 of 40)”; where nobody looked that is said, and is never nought."""
    return NOBODY_LOOKED if rate is None else f"{share_text(rate)} ({rate.corrected} of {rate.of})"


def share_text(rate: Rate) -> str:
    """Return “20 %”. What is not nought never reads like it."""
    percent = f"{100 * rate.corrected / rate.of:.1f}".removesuffix(".0")
    return "under 0.1 %" if percent == "0" and rate.corrected else f"{percent} %"


def brought_text(found: Corrections, fix: FixSnapshot) -> str:
    """Return “20 % before (8 of 40) → 5 % since (2 of 40)”: the correction rate of a fix's cause, with its numbers."""
    before, after = found.before(fix), found.after(fix)
    since = "since" if fix.done_at is not None else "since it was accepted"
    first = _end(before, "before") if before else "nobody looked before"
    return f"{first} → {_end(after, since) if after else f'{NOBODY_LOOKED} {since}'}"


def fix_line(fix: FixSnapshot, *, now: datetime) -> str:
    """Return what is done about a cause, by whom and by when, or what became of it, in one line."""
    what = f"“{inline(fix.text, limit=FIX_SHOWN)}”"
    return f"{what} · {fix_stands(fix, now=now)}"


def fix_stands(fix: FixSnapshot, *, now: datetime) -> str:
    """Return “Marek, by Fri 20 Mar 2026”, with a warning when that is over; or who said what became of it."""
    if fix.done_at is not None and fix.done_by is not None:
        return f"done, said {named(fix.done_by.name)} {moment(fix.done_at)}"
    if fix.dropped_at is not None and fix.dropped_by is not None:
        why = f": “{inline(fix.reason, limit=FIX_SHOWN)}”" if fix.reason else ""
        return f"dropped by {named(fix.dropped_by.name)} {moment(fix.dropped_at)}{why}"
    late = "⚠️ overdue, was due" if fix.is_overdue(now) else "by"
    return f"{named(fix.owner.name)}, {late} {day_in_words(fix.due)}"


def correction_lines(found: Corrections, *, now: datetime) -> list[str]:
    """Return one line on the rates of the last eight weeks, and one for each open fix and the newest one done."""
    rates = [(cause, found.lately(cause)) for cause in RootCause]
    told = [f"{CAUSES[cause]} {rate_text(rate)}" for cause, rate in rates if rate is not None]
    lines = [f"🔧 Corrected: {', '.join(told)}"] if told else []
    done = next((each for each in found.fixes if each.done_at is not None), None)
    shown = [*(each for each in found.fixes if each.is_open), *([done] if done else [])]
    return [*lines, *(f"{mark_of(each)} {fix_line(each, now=now)} · {brought_text(found, each)}" for each in shown)]


def correction_lines_of(session: Session, use_case_id: UUID, *, now: datetime) -> list[str]:
    return correction_lines(checkins.corrections_of(session, [use_case_id])[use_case_id], now=now)


def is_due_text(fix: FixSnapshot, now: datetime) -> str:
    """Return “is due today, Fri 20 Mar 2026”, as it is where its owner is."""
    days = (fix.due - people.local_day(fix.owner, now)).days
    when = {0: "is due today,", 1: "is due tomorrow,"}.get(days, "is due" if days > 0 else "was due")
    return f"{when} {day_in_words(fix.due)}"


def _end(rate: Rate, when: str) -> str:
    return f"{share_text(rate)} {when} ({rate.corrected} of {rate.of})"


def mark_of(fix: FixSnapshot) -> str:
    return "🛠️" if fix.is_open else "✅" if fix.done_at is not None else "🗑️"
