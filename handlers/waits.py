"""Say how long a request usually takes, what is ahead of it, and where requests wait: the same on every screen."""

from uuid import UUID

from handlers.blocks import BlockKit, context, header, sections
from handlers.kinds import kind_of
from handlers.text import counted, moment, named
from workflows import policy
from workflows.approvals import Outlook, Place, RequestSnapshot, WhereRequestsWait

ROLES_SHOWN = 10
HALVES_BELOW = 2  # working days
NOT_STEERING = "Only programme leads and admins see where requests wait. `/usecase UC-1` shows where yours stands."
_SINGLE = "Roles held by one person, sponsors and people asked by name"


def outlook_for(request: RequestSnapshot, viewer: UUID, outlook: Outlook | None) -> str:
    """Return what to expect of a request for those who sent or own it; nothing for anybody else."""
    return outlook_text(outlook) if outlook is not None and request.is_theirs(viewer) else ""


def outlook_text(outlook: Outlook) -> str:
    """Return how long requests like this usually take, how often that was right, and what this one waits for."""
    tier, several = outlook.tier.value, kind_of(outlook.subject_kind).several
    if outlook.usual is None:
        lead = f"Too few {tier} {several} are decided so far to say how long one takes."
    else:
        right = f" (such ranges were right {outlook.hits.right} of {outlook.hits.judged} times)" if outlook.hits else ""
        lead = f"Most {tier} {several} take {_span(outlook.usual.low, outlook.usual.high)}{right}."
    if outlook.waits_on is None:
        return lead
    ahead = "" if outlook.ahead is None else f"; {outlook.ahead or 'none'} ahead"
    return f"{lead} Yours waits on {named(outlook.waits_on)}{ahead}."


def where_text(waits: WhereRequestsWait) -> str:
    """Return where requests wait, one line for each role."""
    return "\n".join(["*Where requests wait*", *_lines(waits)])


def where_blocks(waits: WhereRequestsWait) -> list[BlockKit]:
    """Draw where requests wait, as of a moment."""
    as_of = f"As of {moment(waits.at)}; `/gatehouse waits` says it anew."
    return [header("Where requests wait"), context(*_lines(waits), as_of)]


def weekly_text(waits: WhereRequestsWait) -> str:
    """Return what a lead is told at the beginning of their week."""
    return "\n".join(["*Where requests wait as your week begins*", *_lines(waits)])


def weekly_blocks(waits: WhereRequestsWait) -> list[BlockKit]:
    """Draw what a lead is told at the beginning of their week."""
    hint = f"As of {moment(waits.at)}; `/gatehouse waits` says it anew. Programme leads get this once a week."
    return [*sections(weekly_text(waits)), context(hint)]


def rounded_days(days: float) -> str:
    """Return “half a working day”, “1½ working days”, “4 working days”: halves below two, whole days above."""
    nearest = round(days) if days >= HALVES_BELOW else max(round(days * 2) / 2, 0.5)
    return _days(nearest)


def _lines(waits: WhereRequestsWait) -> list[str]:
    places = waits.places
    names = {**waits.names, **policy.RELATION_NAMES}
    lines = [f"*{named(names.get(role, role))}*: {_place(place)}" for role, place in places.roles.items()]
    if len(lines) > ROLES_SHOWN:
        lines = [*lines[:ROLES_SHOWN], f"… and {counted(len(lines) - ROLES_SHOWN, 'more role')}."]
    if places.single:
        lines.append(f"*{_SINGLE}*: {_place(places.single)}")
    if places.blocked:
        they = "it" if places.blocked == 1 else "them"
        helps = "An admin has to give somebody a role that may."
        lines.append(f"⚠️ {counted(places.blocked, 'lane')} blocked: nobody may decide {they}. {helps}")
    return lines or ["Nothing waits for anybody."]


def _place(place: Place) -> str:
    """Return “3 requests wait, half of them 2 working days or longer; 1 past due”."""
    requests = f"{counted(place.waiting, 'request')} {'waits' if place.waiting == 1 else 'wait'}"
    days = round(place.days * 2) / 2
    since = _days(days) if days else "less than half a working day"
    how = f"for {since}" if place.waiting == 1 else f"median {since}"
    return f"{requests}, {how}" + (f"; ⏰ {place.past_due} past due" if place.past_due else "")


def _span(low: float, high: float) -> str:
    """Return “2 to 4 working days”, “up to half a working day”."""
    if not low:
        return f"up to {_days(high)}"
    return _days(high) if low == high else f"{_number(low)} to {_days(high)}"


def _days(days: float) -> str:
    if days < 1:
        return "half a working day"
    return f"{_number(days)} working day{'' if days == 1 else 's'}"


def _number(days: float) -> str:
    """Return “½”, “1½”, “4”."""
    return f"{int(days) or ''}{'½' if days % 1 else ''}"
