"""Say how break-glass stands: that something is in use before it is approved, and what somebody can do about it."""

from collections.abc import Sequence
from uuid import UUID

from db.enums import BreakGlassStatus
from handlers.blocks import BlockKit, actions, button, quoted, section, sections
from handlers.ids import Action
from handlers.text import counted, inline, moment, named
from workflows import policy
from workflows.breaking_glass import Counted, GlassSnapshot, Listed, Ways

REASON_ON_CARD = 600
LISTED = 20
MAY_LIST = frozenset({policy.LEAD, policy.AUDITOR, policy.ADMIN})
NO_LIST = "Only programme leads, auditors and admins see what went ahead by break-glass."


def alarm_text(glass: GlassSnapshot) -> str:
    """Return that something is in use before it is approved: until when, and by whom. Fit for everybody."""
    until = moment(glass.ends_at) if glass.ends_at else "now"
    return f"🚨 *In use by break-glass until {until}* ({two(glass)}). It is not approved yet."


def alarm_blocks(alarm: str, reason: str) -> list[BlockKit]:
    """Draw the alarm above everything else, with the reason where its readers may see it; nothing without one."""
    if not alarm:
        return []
    return [section(alarm), *([quoted(reason, limit=REASON_ON_CARD)] if reason else [])]


def two(glass: GlassSnapshot) -> str:
    """Return “Ann and Ben”: who called it, and who had to agree."""
    return f"{named(glass.called_by.name)} and {named(glass.second.name)}"


def way_blocks(ways: Ways, viewer_id: UUID, reference: str, title: str) -> list[BlockKit]:
    """Draw the call somebody made or has to answer, in a line with its buttons."""
    glass = ways.call
    if glass is None:
        return []
    case, what = f"*{reference}* “{inline(title)}”", f"{reference}, {title}"
    if glass.second.id == viewer_id:
        asks = (
            f"🚨 *{named(glass.called_by.name)}* asks you to let {case} go ahead by break-glass for *{hours(glass)}*:"
        )
        return [section(asks), quoted(glass.reason, limit=REASON_ON_CARD), answer_buttons(glass, what)]
    waits = f"🚨 You called break-glass for {case}. It waits for {named(glass.second.name)}"
    back = button(Action.TAKE_BACK, "Take it back", str(glass.id), label=f"Take back break-glass for {what}")
    return [section(f"{waits}, and ends by itself {moment(glass.lapses_at)}.") | {"accessory": back}]


def with_ways(text: str, *ways: BlockKit) -> str | BlockKit:
    """Return an answer to a command, with these buttons below it."""
    if not ways:
        return text
    return {"text": text, "blocks": [*sections(*text.split("\n")), actions("glass.answer.buttons", *ways)]}


def break_glass_button(request_id: UUID, what: str) -> BlockKit:
    return button(Action.BREAK_GLASS, "Break glass", str(request_id), style="danger", label=f"Break glass: {what}")


def answer_buttons(glass: GlassSnapshot, what: str, *more: BlockKit) -> BlockKit:
    """Draw the two answers to a call. Agreeing asks once more: it takes effect at once."""
    asked = f"It goes ahead at once, for {hours(glass)}. Everybody asked to decide is told that you two let it."
    agree = button(Action.AGREE, "Agree", str(glass.id), style="danger", label=f"Agree: {what}", confirm=asked)
    label = f"Do not agree: {what}"
    return actions(
        f"glass.answer.{glass.id}",
        agree,
        button(Action.DO_NOT_AGREE, "Do not agree", str(glass.id), label=label),
        *more,
    )


def hours(glass: GlassSnapshot) -> str:
    return counted(glass.hours, "hour")


def counted_text(lately: Counted) -> str:
    """Return how often break-glass was in force in the last 90 days; nothing when it never was."""
    if not lately.in_force:
        return ""
    return f"🚨 Break-glass: {lately.in_force} in the last 90 days, {lately.in_vain} not approved in time."


def list_text(listed: Sequence[Listed], lately: Counted) -> str:
    """Return what went ahead by break-glass or was to, newest first, as far as its reader may know of it."""
    lead = counted_text(lately) or "Break-glass: none in the last 90 days."
    more = [f"The newest {LISTED} are shown."] if len(listed) == LISTED else []
    return "\n".join([lead, *map(_line, listed), *more])


def _line(each: Listed) -> str:
    glass = each.glass
    when = moment(glass.in_force_at or glass.called_at)
    return (
        f"• *{each.reference}* “{inline(each.name, limit=100)}”: {two(glass)}, {when}, for {hours(glass)}. "
        f"{_outcome(glass)}. “{inline(glass.reason, limit=200)}”"
    )


def _outcome(glass: GlassSnapshot) -> str:
    """Return how a break-glass stands or ended, and when."""
    settled = f", {moment(glass.settled_at)}" if glass.settled_at else ""
    ends = moment(glass.ends_at) if glass.ends_at else ""
    match glass.status:
        case BreakGlassStatus.CALLED:
            return f"Waits for {named(glass.second.name)}"
        case BreakGlassStatus.DECLINED:
            return f"{named(glass.second.name)} did not agree{settled}"
        case BreakGlassStatus.OVERTAKEN:
            return f"Never in force: the call ended{settled}"
        case BreakGlassStatus.IN_FORCE:
            return f"🚨 In force until {ends}"
        case BreakGlassStatus.RATIFIED:
            return f"✅ Approved in time{settled}"
        case BreakGlassStatus.REFUSED:
            return f"⛔ Not approved{settled}"
        case BreakGlassStatus.ENDED:
            since = f"; its request ended {moment(glass.settled_at)}" if glass.settled_at else ""
            return f"⏸️ Not approved in time, suspended {ends}{since}"
