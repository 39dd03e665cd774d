"""Tell somebody what they report now, how often, and when they are asked first."""

from db.session import Session
from handlers.blocks import BlockKit, actions, sections
from handlers.checkins.saying import subject_text
from handlers.kpis import NAME_SHOWN, SOURCES, kpis_button, rhythm_text, target_text
from handlers.messages import Message, Post
from handlers.text import inline, listed, moment, named
from workflows import checkins, intake
from workflows.checkins import Given, KpiSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.outbox import Pending


def given(session: Session, pending: Pending) -> Message | None:
    """Tell who reports KPIs because a colleague said so, or because nobody else is left; not who no longer does."""
    found = checkins.given_of(session, pending.subject_id) if pending.subject_id else None
    use_case = intake.use_case_of(session, found.use_case_id) if found else None
    if found is None or use_case is None:
        return None
    lines = given_lines(found, use_case)
    return Post(pending.conversation, "\n".join(lines), given_blocks(lines, use_case))


def given_lines(found: Given, use_case: UseCaseSnapshot) -> list[str]:
    """Return what somebody is told, line by line, complete by itself."""
    numbers = "a number" if len(found.kpis) == 1 else f"{len(found.kpis)} numbers"
    if found.by is not None:
        lead = f"{named(found.by.name)} made you the one who reports {numbers} of {subject_text(use_case)}:"
    else:
        left = listed([named(each.name) for each in found.left], last="and")
        lead = (
            f"{left} reported {numbers} of {subject_text(use_case)} and left, and so did who answers for it. "
            "You are asked until somebody else is: press KPIs, then Edit, and choose who."
        )
    return [lead, *(f"• {_line(each)}" for each in found.kpis), _when(found)]


def given_blocks(lines: list[str], use_case: UseCaseSnapshot) -> list[BlockKit]:
    way = kpis_button(use_case.id, f"{use_case.reference}, {use_case.name}")
    return [*sections(*lines), actions("checkins.given.buttons", way)]


def _line(kpi: KpiSnapshot) -> str:
    how = f"{rhythm_text(kpi.rhythm)}, {SOURCES[kpi.source]}"
    return f"*{inline(kpi.name, limit=NAME_SHOWN)}*: {how}, {target_text(kpi)}"


def _when(found: Given) -> str:
    if found.is_asked:
        return "You are asked for this period already; that is a message of its own."
    if found.asks_next is not None:
        return f"You are asked first {moment(found.asks_next)}, in the hours you work."
    return (
        "Nobody is asked for what comes from a system or a survey."
        if found.by
        else "You are asked when its next date comes."
    )
