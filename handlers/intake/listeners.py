"""Commands, presses and submissions of intake: parse, call one service, answer."""

from typing import assert_never
from uuid import UUID, uuid4

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.ids import Block
from handlers.intake import views
from handlers.intake.payloads import ProposalForm
from handlers.modals import open_modal
from handlers.payloads import optional, user_of
from handlers.routing import Call, whisper
from workflows import approvals, home, intake, reactions
from workflows.intake import Invalid, Proposed
from workflows.people import Actor, NotAMember, Unchecked


def on_command(call: Call) -> None:
    """Answer `/usecase` privately, in the acknowledgement itself."""
    text = (optional(call.body, "text") or "").strip()
    if text.lower() == "new":
        problem = _open_form(call)
        call.ack(problem) if problem else call.ack()
        return

    def deed(session: Session, viewer: Actor) -> str:
        return _answer(session, text, viewer.id)

    answer = act(call.deps, call.client, user_of(call.body), deed)
    call.ack(answer if isinstance(answer, str) else refusal_text(answer))


def on_propose_pressed(call: Call) -> None:
    """Open the form from Home."""
    problem = _open_form(call)
    if problem:
        whisper(call, problem)
    call.ack()


def on_use_case_submitted(call: Call) -> None:
    """Store a proposal and say who has it now; what is wrong stands at its field and the text stays."""
    form = ProposalForm.parse(call.body)
    owner = person_named(call.deps, call.client, form.owner) if form.owner else None
    if isinstance(owner, Unchecked):
        call.ack(response_action="errors", errors={Block.OWNER: views.OWNER_UNCHECKED})
        return

    def deed(session: Session, proposer: Actor) -> Proposed | Invalid:
        proposal = form.proposal(owner.id if isinstance(owner, Actor) else None)
        return reactions.propose(session, proposal, token=form.token, proposer=proposer, now=call.deps.now())

    outcome = act(call.deps, call.client, form.proposer, deed)
    match outcome:
        case Proposed():
            call.ack(response_action="update", view=views.proposed_modal(outcome, form.name))
        case Invalid(problems):
            errors = {str(views.FIELDS[problem.field]): problem.text for problem in problems}
            call.ack(response_action="errors", errors=errors)
        case Unchecked():  # the form stays open: nobody types a page twice because Slack is slow
            call.ack(response_action="errors", errors={Block.NAME: refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.refused_modal(refusal_text(outcome)))
        case _:
            assert_never(outcome)
    call.deps.wake_outbox()


def _open_form(call: Call) -> str | None:
    who = act(call.deps, call.client, user_of(call.body), lambda _, actor: actor)
    if isinstance(who, NotAMember | Unchecked):
        return refusal_text(who)
    return open_modal(call, views.proposal_modal(uuid4()))


def _answer(session: Session, text: str, viewer: UUID) -> str:
    if not text:
        return views.overview_text(home.home_of(session, viewer))
    if text.lower() == "help":
        return views.HELP
    number = intake.reference_number(text)
    if number is None:
        return views.unknown_word_text(text)
    use_case = intake.find(session, number)
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case.id]) if use_case else {}
    if use_case is None or use_case.id not in requests:
        return views.unknown_reference_text(text)
    return views.standing_text(use_case, requests[use_case.id], viewer)
