"""Draw what a delegate is told, and what somebody reads who came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.enums import Verb
from handlers.away.views import span
from handlers.blocks import BlockKit, button, context, section
from handlers.ids import Action
from handlers.standing import did_in
from handlers.subjects import SubjectPicture
from handlers.text import counted, inline, moment, named
from workflows.approvals import RequestSnapshot
from workflows.people import Absence, Delegated, days_of

LISTED: Final = 10
MOST_COUNTED: Final = 50


@dataclass(frozen=True, slots=True)
class Decided:
    """A vote that was given in somebody's name, and when."""

    request: RequestSnapshot
    subject: SubjectPicture
    by: str
    verb: Verb
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that still waits for who came back."""

    request: RequestSnapshot
    subject: SubjectPicture


@dataclass(frozen=True, slots=True)
class Returned:
    """Who came back, what was decided for them meanwhile, and what waits for them."""

    made: Delegated
    decided: Sequence[Decided]
    waiting: Sequence[Waiting]


def delegated_text(made: Delegated) -> str:
    """Tell a delegate what they were asked to do."""
    first, last = days_of(made)
    who, when = named(made.person.name), span(Absence(first, last))
    return (
        f"{who} is away {when} and asked you to decide meanwhile. What waits for {who} comes to you, with “You decide "
        f"for {who}” on the card. It counts as the vote of {who}; both names are on the record. You cannot pass it on: "
        f"if it does not suit you, tell {who}."
    )


def summary_text(returned: Returned) -> str:
    """Tell somebody in words what was decided for them while they were away, complete by itself."""
    lines = [_lead(returned), *(_decided_line(each) for each in returned.decided[:LISTED])]
    lines += [_more(returned.decided)] if len(returned.decided) > LISTED else []
    lines.append(_waiting_lead(returned))
    lines += [_waiting_line(each, returned) for each in returned.waiting[:LISTED]]
    lines += [_more(returned.waiting)] if len(returned.waiting) > LISTED else []
    return "\n".join(lines)


def summary_blocks(returned: Returned) -> list[BlockKit]:
    """Draw the same, with the way to each request."""
    blocks = [section(_lead(returned))]
    blocks += [_with_way(_decided_line(each), "Open", each) for each in returned.decided[:LISTED]]
    blocks += [context(_more(returned.decided))] if len(returned.decided) > LISTED else []
    blocks.append(section(_waiting_lead(returned)))
    blocks += [_with_way(_waiting_line(each, returned), "Decide", each) for each in returned.waiting[:LISTED]]
    blocks += [context(_more(returned.waiting))] if len(returned.waiting) > LISTED else []
    return blocks


def _lead(returned: Returned) -> str:
    who = named(returned.made.delegate.name)
    if not returned.decided:
        return f"Welcome back. {who} decided nothing for you while you were away, and no longer can."
    count = counted(len(returned.decided), "request")
    return f"Welcome back. While you were away {who} decided {count} for you, and no longer can:"


def _waiting_lead(returned: Returned) -> str:
    if not returned.waiting:
        return "Nothing waits for you."
    count = len(returned.waiting)
    or_more = " or more" if count == MOST_COUNTED else ""
    return f"{counted(count, 'request')}{or_more} {'waits' if count == 1 else 'wait'} for you:"


def _decided_line(each: Decided) -> str:
    what = f"*{each.subject.reference}* “{inline(each.subject.title)}”"
    return f"{named(each.by)} {did_in(each.request.subject_kind, each.verb)} {what}, {moment(each.at)}"


def _waiting_line(each: Waiting, returned: Returned) -> str:
    asked = each.request.asked_at(returned.made.person.id)
    since = f", asked {moment(asked)}" if asked else ""
    return f"*{each.subject.reference}* “{inline(each.subject.title)}”{since}"


def _with_way(line: str, text: str, each: Decided | Waiting) -> BlockKit:
    label = f"{text} {each.subject.reference}, {each.subject.title}"
    return section(line) | {"accessory": button(Action.OPEN, text, str(each.request.id), label=label)}


def _more(listed_ones: Sequence[object]) -> str:
    return f"… and {len(listed_ones) - LISTED} more; Home and `/usecase` find them."
