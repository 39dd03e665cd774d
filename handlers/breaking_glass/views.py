"""Draw break-glass: the form, the question to the second person, the news, and Home. Values in, Block Kit out."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from db.enums import BreakGlassStatus
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    facts,
    header,
    modal,
    question,
    quoted,
    section,
    select,
    text_input,
    whole_number,
)
from handlers.breaking_glass.wording import NOBODY_ELSE, over_text
from handlers.glass import REASON_ON_CARD, answer_buttons, hours, two, way_blocks
from handlers.ids import Action, Block, Callback
from handlers.standing import progress, proposed, why_tier
from handlers.subjects import SubjectPicture
from handlers.text import REQUEST_STATUSES, inline, moment, named
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass import (
    LEAST_HOURS,
    LONGEST_REASON,
    MOST_HOURS,
    USUAL_HOURS,
    GlassSnapshot,
    Told,
    Ways,
)
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor

STORY_SHOWN = 400


def call_modal(request: RequestSnapshot, subject: SubjectPicture, seconds: Sequence[Actor]) -> BlockKit:
    """Ask why it cannot wait, for how long, and who else has to agree."""
    if not seconds:
        return notice_modal("Break glass", NOBODY_ELSE.format(reference=request.reference))
    names = {str(each.id): each.name for each in seconds[:100]}
    blocks = [
        section(
            f"🚨 *{request.reference}* “{inline(subject.title)}” goes ahead *before it is approved*, as soon as a "
            "second person agrees."
        ),
        question(
            Block.GLASS_REASON,
            "Why can it not wait for its decision?",
            text_input(longest=LONGEST_REASON, multiline=True),
            hint="Everybody involved reads it, and it is kept on the record.",
        ),
        question(
            Block.GLASS_HOURS,
            "For how many hours?",
            whole_number(least=LEAST_HOURS, most=MOST_HOURS, initial=USUAL_HOURS),
            hint=f"At most {MOST_HOURS}, from when the second person agrees. It is used once and not extended.",
        ),
        question(
            Block.GLASS_SECOND,
            "Who has to agree?",
            select(names, placeholder="Choose a person", chosen=next(iter(names)) if len(names) == 1 else ""),
            hint="Somebody else of the break-glass role.",
        ),
        context(
            "Its decision goes on. If nobody approves it in that time, it is suspended by itself.",
            "Everybody asked to decide, its proposer, owner and sponsor, leads and admins are told.",
            "You two no longer decide on it, and it is counted.",
        ),
    ]
    return modal(Callback.BREAK_GLASS, "Break glass", blocks, submit="Ask them", carries=str(request.id))


def notice_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.BREAK_GLASS, title, [section(text)])


def called_text(glass: GlassSnapshot, reference: str) -> str:
    return (
        f"{named(glass.second.name)} is asked to agree that {reference} goes ahead for {hours(glass)}. "
        "Nothing goes ahead before. You are told either way, and can take it back from Home until then."
    )


def agreed_text(glass: GlassSnapshot, reference: str) -> str:
    until = moment(glass.ends_at) if glass.ends_at else "now"
    return f"🚨 {reference} is in use until {until}. Everybody it goes past is told. You do not decide on it any more."


def declined_text(glass: GlassSnapshot, reference: str) -> str:
    return f"{reference} waits for its decision. {named(glass.called_by.name)} is told that you did not agree."


def taken_back_text(glass: GlassSnapshot, reference: str) -> str:
    return f"Taken back: {reference} waits for its decision, and {named(glass.second.name)} is told."


# ------------------------------------------------------------------------------------- the second person


def asked_text(glass: GlassSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Return the question in words, complete by itself."""
    return (
        f"🚨 {named(glass.called_by.name)} asks you to let *{request.reference}* “{inline(subject.title)}” go ahead by "
        f"break-glass for {hours(glass)}, before it is approved: “{inline(glass.reason, limit=REASON_ON_CARD)}”"
    )


def asked_blocks(
    glass: GlassSnapshot, request: RequestSnapshot, subject: SubjectPicture, earlier: Sequence[GlassSnapshot]
) -> list[BlockKit]:
    """Draw all that somebody needs to agree or not within a minute; `earlier` are calls that came to nothing."""
    what = f"{subject.reference}, {subject.title}"
    read = button(Action.OPEN, "Read it all", str(request.id), label=f"Read all of {what}")
    said_no = [over_text(each, request.reference) for each in earlier if each.status is BreakGlassStatus.DECLINED]
    return [
        header(f"🚨 Break-glass: {subject.reference} · {subject.title}"),
        section(
            f"*{named(glass.called_by.name)}* asks you to let it go ahead for *{hours(glass)}* before it is approved:"
        ),
        quoted(glass.reason, limit=REASON_ON_CARD),
        context(proposed(request), *(f"Why: {line}" for line in why_tier(request))),
        quoted(subject.story, limit=STORY_SHOWN),
        facts(subject.facts),
        context(*progress(request), *said_no),
        answer_buttons(glass, what, read),
        context(
            "If you agree it is in use at once, and suspended by itself when the time is up unless it is approved.",
            f"You two no longer decide on it. Without an answer the call ends {moment(glass.lapses_at)}.",
        ),
    ]


# ------------------------------------------------------------------------------------------------- news


# The words stay true: messages are not redrawn.
_TOLD: Final[Mapping[Told, str]] = {
    Told.IN_FORCE: (
        "🚨 {two} let {case} go ahead by break-glass until {until}, before it is approved. "
        "It still waits for its decision: unless it is approved by then, it is suspended."
    ),
    Told.RATIFIED: "✅ {case} is approved, so it goes on. It was in use by break-glass ({two}).",
    Told.REFUSED: (
        "⛔ {case} must not be used any more, from now on. It was in use by break-glass, and is not approved: {status}."
    ),
    Told.ENDED: (
        "⏸️ {case} is suspended: its time by break-glass is over, and nobody approved it. "
        "It still waits for its decision."
    ),
    Told.DECLINED: "{second} did not agree to break-glass for {case}. It waits for its decision; nothing went ahead.",
    Told.TAKEN_BACK: "{first} took back break-glass for {case}. You need not answer any more.",
    Told.UNANSWERED: (
        "{second} did not answer within a day, so your break-glass call for {case} has ended. Nothing went ahead. "
        "You may call it again, with somebody else."
    ),
    Told.DECIDED: "{case} was decided before {second} agreed, so your break-glass call has ended.",
}


def told_text(what: Told, glass: GlassSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> str:
    """Return what somebody is told who is passed over, answers for it, or is one of the two."""
    return _TOLD[what].format(
        case=f"*{request.reference}* “{inline(subject.title)}”",
        first=named(glass.called_by.name),
        second=named(glass.second.name),
        two=two(glass),
        until=moment(glass.ends_at) if glass.ends_at else "now",
        status=REQUEST_STATUSES[request.status].lower(),
    )


def told_blocks(what: Told, glass: GlassSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the news with the way to the request; that it goes ahead also says why."""
    opened = button(Action.OPEN, "Open", str(request.id), label=f"Open {subject.reference}, {subject.title}")
    why = [quoted(glass.reason, limit=REASON_ON_CARD)] if what is Told.IN_FORCE else []
    return [section(told_text(what, glass, request, subject)), *why, actions("glass.told.buttons", opened)]


# ------------------------------------------------------------------------------------------------- Home


def home_blocks(calls: Sequence[tuple[GlassSnapshot, UseCaseSnapshot]], person_id: UUID) -> list[BlockKit]:
    """Draw the calls somebody has to answer, or made and waits with, each with what it is about."""
    if not calls:
        return []
    lines = [
        block
        for glass, use_case in calls
        for block in way_blocks(Ways(call=glass), person_id, use_case.reference, use_case.name)
    ]
    return [header("Break-glass"), *lines, {"type": "divider"}]
