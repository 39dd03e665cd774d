"""Next, Back and Send in a draft's window: parse, call one service, show the next step."""

from collections.abc import Callable
from uuid import UUID

from db.enums import RequestStatus
from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.intake import steps, views
from handlers.intake.payloads import PEOPLE, StepForm, block_of
from handlers.modals import update_modal
from handlers.payloads import found, taken, taken_uuid
from handlers.routing import Call, whisper
from workflows import approvals, intake, reactions
from workflows.approvals import Outlook
from workflows.intake import Invalid, Joined, Named, NotNow, Page, Proposed, Step
from workflows.people import Actor, NotAMember, Unchecked

Outcome = Page | Proposed | Joined | NotNow | NotAMember | Unchecked


def on_step_submitted(call: Call) -> None:
    """Save a step and show the next one; what is wrong stands at its field and the text stays."""
    form = StepForm.parse(call.body)
    named = Named({})
    similar: tuple[UUID, ...] = ()
    if form.step is Step.BASICS:
        named = _people_named(call, form)
        with call.deps.reading() as session:
            similar = intake.similar_for(session, form.draft_id, form.answers)

    def deed(session: Session, author: Actor) -> Page | Invalid | Proposed | NotNow:
        return intake.advance(
            session,
            form.draft_id,
            form.step,
            form.answers,
            named=named,
            similar=similar,
            author=author,
            now=call.deps.now(),
        )

    outcome = act(call.deps, call.client, form.author, deed)
    match outcome:
        case Invalid(problems):
            call.ack(response_action="errors", errors={block_of(each.field): each.text for each in problems})
        case _:
            _answer(call, outcome)
    call.deps.wake_outbox()


def on_draft_submitted(call: Call) -> None:
    """Submit what the last step showed, or show again what has changed since."""
    form = StepForm.parse(call.body)

    def deed(session: Session, author: Actor) -> Page | Proposed | NotNow:
        return reactions.submit(session, form.draft_id, author=author, now=call.deps.now())

    outcome = act(call.deps, call.client, form.author, deed)
    if isinstance(outcome, Proposed):
        call.ack(response_action="update", view=views.proposed_modal(outcome, _outlook(call, outcome)))
    else:
        _answer(call, outcome)
    call.deps.wake_outbox()


def on_back(call: Call) -> None:
    """Save what was typed, right or wrong, and show the step before."""
    form = StepForm.parse(call.body)

    def deed(session: Session, author: Actor) -> Page | Proposed | NotNow:
        return intake.go_back(session, form.draft_id, form.step, form.answers, author=author, now=call.deps.now())

    _turn(call, form, deed)


def on_add_kpi(call: Call) -> None:
    """Save what was typed and ask for one KPI more."""
    form = StepForm.parse(call.body)

    def deed(session: Session, author: Actor) -> Page | Proposed | NotNow:
        return intake.add_kpi(session, form.draft_id, form.answers, author=author, now=call.deps.now())

    _turn(call, form, deed)


def on_join(call: Call) -> None:
    """End the draft and tell those who run the other use case."""
    form = StepForm.parse(call.body)
    use_case_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, author: Actor) -> Joined | Proposed | NotNow:
        return intake.join(session, form.draft_id, use_case_id, author=author, now=call.deps.now())

    _turn(call, form, deed)


def _outlook(call: Call, proposed: Proposed) -> Outlook | None:
    """Return what to expect of what was just sent. It is stored by now, and nobody waits behind this reading."""
    if proposed.status is not RequestStatus.IN_REVIEW:  # decided at once, or before this was sent again
        return None
    with call.deps.reading() as session:
        latest = approvals.latest_about(session, intake.SUBJECT_KIND, [proposed.use_case_id])
        return approvals.outlook_of(session, latest[proposed.use_case_id], now=call.deps.now())


def _people_named(call: Call, form: StepForm) -> Named:
    """Ask who the owner and the sponsor are. They are written into the form by the id they are kept under."""
    known: dict[str, UUID | None] = {}
    unchecked: set[str] = set()
    for field in PEOPLE:
        slack_id = str(form.answers.get(field) or "")
        who = person_named(call.deps, call.client, slack_id) if slack_id else None
        if isinstance(who, Actor):
            form.answers[field] = who.slack_id
            known[who.slack_id] = who.id
        elif isinstance(who, Unchecked):
            unchecked.add(slack_id)
    return Named(known, frozenset(unchecked))


def _turn(call: Call, form: StepForm, deed: Callable[[Session, Actor], Outcome]) -> None:
    """Do what a button in the window asks for and turn the window's page."""
    outcome = act(call.deps, call.client, form.author, deed)
    problem = (
        refusal_text(outcome) if isinstance(outcome, NotAMember | Unchecked) else update_modal(call, _view(outcome))
    )
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()


def _answer(call: Call, outcome: Outcome) -> None:
    """Answer a submitted window by updating it."""
    if isinstance(outcome, Unchecked):
        field = _first_input(call)
        if field:  # the form stays open: nobody types a page twice because Slack is slow
            call.ack(response_action="errors", errors={field: refusal_text(outcome)})
        else:
            call.ack(response_action="push", view=views.not_done_modal(refusal_text(outcome)))
    elif isinstance(outcome, NotAMember):
        call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
    else:
        call.ack(response_action="update", view=_view(outcome))


def _view(outcome: Page | Proposed | Joined | NotNow) -> BlockKit:
    match outcome:
        case Page():
            return steps.step_modal(outcome)
        case Proposed():
            return views.proposed_modal(outcome)
        case Joined():
            return views.joined_modal(outcome)
        case NotNow():
            return views.not_now_modal(outcome)


def _first_input(call: Call) -> str | None:
    blocks = found(call.body, "view", "blocks")
    inputs = [each for each in blocks if found(each, "type") == "input"] if isinstance(blocks, list) else []
    block_id = found(inputs[0], "block_id") if inputs else None
    return block_id if isinstance(block_id, str) else None
