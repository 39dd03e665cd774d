"""Say why nothing came of a lesson or a checklist, and what numbers stand beside a lesson."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.kpis import NAME_SHOWN, short_day, target_text, unit_text
from handlers.text import inline, named
from workflows import checkins, lessons
from workflows.checkins import KpiSnapshot, Progress, as_typed
from workflows.lessons import NoChecklist, NoLesson, NotKept, NotListed, WrittenOf

UNKNOWN: Final = "There is no such lesson, or you have no part in it. Nothing was changed."
WHY_NO_LESSON: Final[Mapping[NoLesson, str]] = {
    NoLesson.UNKNOWN: UNKNOWN,
    NoLesson.NOT_YOURS: (
        "Lessons of {what} are written by its owner, {owner}, its sponsor, who proposed it, and programme leads. "
        "Ask one of them. Nothing was changed."
    ),
    NoLesson.NOT_PUBLISHER: (
        "{owner} owns {what} and publishes its lessons; programme leads can take one back, and publish once the owner "
        "has left. Nothing was changed."
    ),
    NoLesson.NOT_DEPLOYED: (
        "{what} was never in deployment, so nothing is learnt from it yet. {owner} owns it. Come back once it is."
    ),
    NoLesson.EMPTY: "Write at least one of the three; a draft can wait for the rest.",
    NoLesson.NOTHING_LEARNT: "Say what worked or what did not first: press Edit.",
    NoLesson.NO_ADVICE: "Say what the next team should do first: press Edit.",
    NoLesson.TOO_LONG: f"At most {lessons.LONGEST} characters. Say what others need, and name where the rest is.",
    NoLesson.PUBLISHED: "It is published. To change it, take it back first, saying why. Nothing was changed.",
    NoLesson.NOT_PUBLISHED: "It is a draft: somebody took it back, or never published it. Nothing was changed.",
    NoLesson.CHANGED_MEANWHILE: "Somebody changed it meanwhile. Read it as it is now; nothing of yours was stored.",
    NoLesson.REASON_MISSING: "Say in a sentence why. Those who wrote it read it.",
}
WHY_NO_CHECKLIST: Final[Mapping[NoChecklist, str]] = {
    NoChecklist.UNKNOWN: "There is no such use case, or you have no part in it. Nothing was changed.",
    NoChecklist.NOT_YOURS: (
        "The checklist of {what} is published by its owner, {owner}, and programme leads. Nothing was changed."
    ),
    NoChecklist.NOT_DEPLOYED: (
        "{what} was never in deployment, so nobody knows yet how to introduce it. {owner} owns it. Come back once "
        "it is."
    ),
    NoChecklist.TOO_FEW: f"Write at least {lessons.FEWEST_STEPS} steps, one a line.",
    NoChecklist.TOO_MANY: f"At most {lessons.MOST_STEPS} steps. Put together what is done together.",
    NoChecklist.STEP_TOO_LONG: (
        f"A step has at most {lessons.LONGEST_STEP} characters, and one has more. Put the details where people work."
    ),
    NoChecklist.UNCHANGED: "It is like that already. Change something, or close the window.",
    NoChecklist.CHANGED_MEANWHILE: (
        "Somebody published another version while your form was open. Copy what you wrote, open it again and look."
    ),
}


def lesson_refused(outcome: NotKept, *, may_know: bool) -> str:
    """Return why nothing was done; who may not know of the use case hears of none."""
    if outcome.of is None or not may_know:
        return UNKNOWN
    return WHY_NO_LESSON[outcome.why].format(what=what_of(outcome.of), owner=named(outcome.of.owner.name))


def checklist_refused(outcome: NotListed, *, may_know: bool) -> str:
    if outcome.of is None or not may_know:
        return WHY_NO_CHECKLIST[NoChecklist.UNKNOWN]
    return WHY_NO_CHECKLIST[outcome.why].format(what=what_of(outcome.of), owner=named(outcome.of.owner.name))


def what_of(of: WrittenOf) -> str:
    """Return “*UC-4* “Summarise complaint files””."""
    return f"*{of.reference}* “{inline(of.name, limit=150)}”"


def number_lines(session: Session, use_case_id: UUID) -> list[str]:
    """Return how each KPI of a use case went, from its baseline to its newest reading."""
    kpis = [each for each in checkins.kpis_of(session, [use_case_id]).get(use_case_id, ()) if each.in_use]
    found = checkins.progress_of(session, kpis)
    return [_line(each, found[each.id]) for each in kpis]


def _line(kpi: KpiSnapshot, found: Progress) -> str:
    before, newest = kpi.baseline, found.newest
    was = as_typed(before.value) if before is not None and before.unit == kpi.unit else "no locked baseline"
    now = "nothing read yet"
    if newest is not None:
        now = f"{as_typed(newest.value)} {unit_text(kpi.unit)} on {short_day(newest.read_for)}"
    hit = ", 🎯 hit" if found.is_hit else ""
    return f"📈 {inline(kpi.name, limit=NAME_SHOWN)}: {was} → {now}, {target_text(kpi)}{hit}"
