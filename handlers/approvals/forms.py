"""Draw the small forms of a request: a question, its answer, a seat passed on, one more person to ask."""

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.blocks import BlockKit, context, modal, person, question, quoted, section, select, text_input
from handlers.ids import Block, Callback
from handlers.subjects import SubjectPicture
from handlers.text import inline, listed, named
from workflows.approvals import QuestionSnapshot, Refusal, RequestSnapshot
from workflows.people import Actor

LONGEST = 2000
TITLE = "Gatehouse"
NUDGED = "{people} {were} asked to look at {reference}. You can nudge again tomorrow."
WITHDRAWN = "{reference} is withdrawn. Nobody is asked any more, and it may be proposed anew."
WITHDRAWN_FOR_GOOD = "{reference} is withdrawn. Nobody is asked any more."
CHANGE_WITHDRAWN = "The change of {reference} is withdrawn. Nobody is asked any more."
ASKED = "Your question about {reference} is on the record and with {people}. The answer comes to you directly."
ANSWERED = "Your answer is on the record, and {people} has it."
PASSED_ON = "{people} is asked about {reference} now."
ADDED = "{people} is asked about {reference} as well. Nobody else was replaced."
ASKED_BY_NAME = "You were asked by name, so it cannot be passed on. With “Ask somebody else” one more person decides."
COLLEAGUE_UNCHECKED = "Slack cannot be asked right now who this is. Nothing was changed; please try again in a minute."
COLLEAGUE_REFUSED = "Choose a full member of your organisation: guests, apps and others cannot decide."
AT_FIELD: Final = frozenset({Refusal.REASON_MISSING, Refusal.NOT_ELIGIBLE, Refusal.ALREADY_ASKED})


def said(done: str, request: RequestSnapshot | None, people: Sequence[Actor]) -> str:
    """Return what a person is told when it is done."""
    names = listed([named(each.name) for each in people], last="and") or "nobody"
    were = "was" if len(people) == 1 else "were"
    return done.format(reference=request.reference if request else "It", people=names, were=were)


def not_a_delegates_text(request: RequestSnapshot, principal: Actor) -> str:
    return (
        f"You decide on {request.reference} for {named(principal.name)}, so it is not yours to pass on. "
        f"If you cannot decide it, tell {named(principal.name)} or a programme lead."
    )


def ask_modal(request: RequestSnapshot, subject: SubjectPicture) -> BlockKit:
    element = text_input(longest=LONGEST, multiline=True)
    hint = "The proposer and the owner get it. Everybody involved can read the question and its answer."
    blocks = [
        section(f"About *{request.reference}* “{inline(subject.title)}”. Asking decides nothing, and no clock stops."),
        question(Block.QUESTION, "Your question", element, hint=hint),
    ]
    return modal(Callback.ASK, "Ask a question", blocks, submit="Ask", carries=str(request.id))


def answer_modal(asked: QuestionSnapshot, request: RequestSnapshot, subject: SubjectPicture) -> BlockKit:
    element = text_input(longest=LONGEST, multiline=True)
    blocks = [
        section(f"{named(asked.asked_by.name)} asks about *{request.reference}* “{inline(subject.title)}”:"),
        quoted(asked.text),
        question(Block.QUESTION, "Your answer", element, hint="Everybody involved can read it."),
    ]
    return modal(Callback.ANSWER, "Answer", blocks, submit="Answer", carries=str(asked.id))


def pass_on_modal(request: RequestSnapshot, subject: SubjectPicture, seats: Mapping[str, str]) -> BlockKit:
    """Ask whose seat goes to whom, and why; `seats` are those this person may pass on."""
    first = next(iter(seats))
    blocks = [
        section(f"*{request.reference}* “{inline(subject.title)}” goes to a colleague who holds the same role."),
        question(
            Block.SEAT, "Who is asked now", select(dict(list(seats.items())[:100]), placeholder="Choose", chosen=first)
        ),
        question(Block.COLLEAGUE, "Who is asked instead", person(placeholder="Choose a colleague")),
        _reason(),
    ]
    return modal(Callback.HAND_ON, "Pass it on", blocks, submit="Pass it on", carries=str(request.id))


def add_approver_modal(request: RequestSnapshot, subject: SubjectPicture) -> BlockKit:
    blocks = [
        section(f"One more person decides on *{request.reference}* “{inline(subject.title)}”."),
        question(Block.COLLEAGUE, "Who else is asked", person(placeholder="Choose a colleague")),
        _reason(),
        context("Everybody already asked stays asked. If this person rejects it, the request ends."),
    ]
    return modal(Callback.ADD_APPROVER, "Ask somebody else", blocks, submit="Ask them", carries=str(request.id))


def _reason() -> BlockKit:
    element = text_input(longest=LONGEST, multiline=True)
    return question(Block.REASON, "Why", element, hint="It is kept on the record.")
