"""Draw the second look whoever approves very fast is asked for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, context, modal, plain, section
from handlers.ids import Callback
from handlers.subjects import SubjectPicture, picture_of
from handlers.text import counted, inline
from workflows import approvals, reactions
from workflows.approvals import Vote
from workflows.people import Actor

SHOWN = 5
TITLE = "A second look"
_CANCEL = "Not now"


def before_one(session: Session, vote: Vote, voter: Actor, *, now: datetime) -> BlockKit:
    """Ask whether this approval is meant too; the window carries it, with its words, and casts it."""
    request = approvals.request_with_lane(session, vote.lane_id)
    if request is None:
        raise LookupError(f"no request with lane {vote.lane_id}")
    what = _what(picture_of(session, request, in_short=True))
    blocks = [
        *_lead(session, voter, f"{what} is not approved yet.", now=now),
        context("What you approved before counts either way. If you were too fast, open it and change your decision."),
    ]
    carries = f"{vote.lane_id}.{vote.seen}\n{vote.reason or ''}"
    return _asking(Callback.SECOND_LOOK, blocks, "Approve this one too", carries)


def above_form(session: Session, voter: Actor, *, now: datetime) -> BlockKit:
    """Ask the same above a form that holds too much to carry; it is sent again afterwards."""
    blocks = [
        *_lead(session, voter, "The one you just sent is not stored yet.", now=now),
        context("“I have looked” leads back to your decision, as you wrote it. Send it again there."),
    ]
    return _asking(Callback.LOOKED_AGAIN, blocks, "I have looked", "")


def before_several(
    session: Session, request_ids: Sequence[UUID], voter: Actor, *, carries: str, now: datetime
) -> BlockKit:
    """Ask once whether several approvals sent together are meant."""
    these = [f"• {each}" for each in _names(session, request_ids, voter)]
    blocks = [
        *_lead(session, voter, "", now=now),
        section("\n".join([f"*The {len(request_ids)} you chose now are not approved yet:*", *these])),
        context("What you approved before counts either way. “Not now” leaves these as they are."),
    ]
    return _asking(Callback.SEVERAL_CONFIRMED, blocks, f"Approve these {len(request_ids)} too", carries)


def _lead(session: Session, voter: Actor, then: str, *, now: datetime) -> list[BlockKit]:
    given = approvals.lately_approved(session, voter.id, now=now)
    if not given:
        return [section(f"*That is many approvals in a few minutes.* {then}")]
    lines = [f"• {each}" for each in _names(session, list(reversed(given))[:SHOWN], voter)]
    if len(given) > SHOWN:
        lines.append(f"• and {len(given) - SHOWN} before them")
    many = counted(len(given), "request")
    return [
        section(f"*You have approved {many} in under 4 minutes.* {then}"),
        section("\n".join(["The last ones:", *lines])),
    ]


def _names(session: Session, request_ids: Sequence[UUID], reader: Actor) -> Iterator[str]:
    """Yield what these requests are about, of those this person may still read."""
    for request_id in request_ids:
        request = approvals.request_of(session, request_id)
        if request is not None and reactions.may_read(session, request, reader.id):
            yield _what(picture_of(session, request, in_short=True))


def _what(subject: SubjectPicture) -> str:
    return f"*{subject.reference}* “{inline(subject.title)}”"


def _asking(callback: Callback, blocks: Sequence[BlockKit], submit: str, carries: str) -> BlockKit:
    return modal(callback, TITLE, blocks, submit=submit, carries=carries) | {"close": plain(_CANCEL)}
