"""Ways into a draft, `/usecase`, and looking things up while somebody types: parse, call one service, answer."""

from collections.abc import Callable
from functools import partial

from db.enums import RequestStatus
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit, choices
from handlers.glass import alarm_text, break_glass_button, with_ways
from handlers.intake import steps, views
from handlers.intake.payloads import SourceMessage, own_key
from handlers.intake.wording import NOT_NOW
from handlers.lifecycle.words import life_button, life_line
from handlers.modals import open_modal, update_modal
from handlers.payloads import MalformedPayloadError, optional, readable, taken, taken_uuid, user_of
from handlers.recorded import views as recorded_views
from handlers.routing import Call, tell, whisper
from handlers.subjects import picture_of
from workflows import (
    approvals,
    breaking_glass,
    conditions,
    home,
    intake,
    lifecycle,
    people,
    policy,
    reactions,
    recorded,
    subjects,
)
from workflows.approvals import RequestSnapshot
from workflows.intake import NotNow, Page, Proposed, UseCaseSnapshot
from workflows.intake.rules import LONGEST
from workflows.lifecycle import Move
from workflows.people import Actor, NotAMember, Unchecked
from workflows.recorded import RecordingSnapshot

OPTIONS_SHOWN = 100
_KEPT = "What you wrote is kept as a draft in the Home tab."

Beginning = Callable[[Session, Actor], Page | Proposed | NotNow]


# -------------------------------------------------------------------------------------------- /usecase


def on_command(call: Call) -> None:
    """Answer `/usecase` privately, in the acknowledgement itself."""
    text = (optional(call.body, "text") or "").strip()
    if text.lower() == "new":
        problem = _begin(call, lambda session, author: intake.open_draft(session, author=author, now=call.deps.now()))
        call.ack(problem) if problem else call.ack()
        return

    def deed(session: Session, viewer: Actor) -> str | BlockKit:
        return _answer(call, session, text, viewer)

    answer = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(answer, dict):
        call.ack(**answer)
    else:
        call.ack(answer if isinstance(answer, str) else refusal_text(answer))


def _answer(call: Call, session: Session, text: str, viewer: Actor) -> str | BlockKit:
    """Return the answer as text, with the ways on below it for who may move the use case."""
    if not text:
        return views.overview_text(home.home_of(session, viewer.id))
    if text.lower() == "help":
        return views.HELP
    called = subjects.read_reference(text)
    if called is None:
        return views.unknown_word_text(text)
    if called[0] != intake.SUBJECT_KIND:
        return _answer_of_other(call, session, called, viewer)
    number = intake.reference_number(text) or 0
    use_case = intake.find(session, number)
    if use_case is None and (found := recorded.find(session, number)) is not None:
        return _answer_of_recorded(call, session, found, viewer)
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case.id]) if use_case else {}
    if use_case is None or use_case.id not in requests:
        return views.unknown_reference_text(text)
    request = requests[use_case.id]
    may_read = reactions.may_read(session, request, viewer.id)
    if use_case.confidential and not may_read:  # in the same words as one that does not exist
        return views.unknown_reference_text(text)
    now, may_see = call.deps.now(), partial(reactions.may_read, session)
    life = lifecycle.life_of(session, use_case.id, now=now)
    glass = breaking_glass.in_force_about(session, [use_case.id] if use_case.provisional else []).get(use_case.id)
    told = views.standing_text(
        use_case,
        request,
        viewer.id,
        may_read=may_read,
        approval=_approval_of_text(session, use_case, request),
        outlook=approvals.outlook_of(session, request, now=now) if request.is_theirs(viewer.id) else None,
        conditions=conditions.shown_with(session, request),
        alarm=alarm_text(glass) if glass else "",
        life=f"{life_line(life)}." if life else "",
    )
    may_call = breaking_glass.ways_of(session, request, viewer.id, may_read=may_see, now=now).may_call
    ways = [break_glass_button(request.id, f"{use_case.reference}, {use_case.name}")] if may_call else []
    may_move = life is not None and viewer.id in {each.id for each in lifecycle.who_may(session, use_case, Move.DEPLOY)}
    return with_ways(told, *ways, *([life_button(use_case)] if may_move else []))


def _answer_of_other(call: Call, session: Session, called: tuple[str, str], viewer: Actor) -> str:
    """Answer for what is no use case; of what this person may not know of as if it did not exist."""
    request = approvals.request_called(session, *called)
    may_read = request is not None and reactions.may_read(session, request, viewer.id)
    if request is None or (request.confidential and not may_read):
        return views.unknown_request_text(called[1])
    is_theirs = request.is_theirs(viewer.id)
    outlook = approvals.outlook_of(session, request, now=call.deps.now()) if is_theirs else None
    return views.request_text(request, picture_of(session, request), viewer.id, may_read=may_read, outlook=outlook)


def _answer_of_recorded(call: Call, session: Session, found: RecordingSnapshot, viewer: Actor) -> BlockKit:
    """Answer for what is in use and was never proposed."""
    return recorded_views.answer(
        found,
        people.local_day(viewer, call.deps.now()),
        may_read=recorded.may_read(session, found, viewer),
        may_propose=recorded.may_propose(session, found, viewer),
    )


def _approval_of_text(session: Session, use_case: UseCaseSnapshot, request: RequestSnapshot) -> RequestSnapshot | None:
    """Return the request that approved the text in force, where the newest request is about another text."""
    if not request.is_change or request.status is RequestStatus.APPROVED or use_case.revision == request.revision:
        return None
    return approvals.approval_in_force(session, intake.SUBJECT_KIND, use_case.id)


# --------------------------------------------------------------------------------------------- ways in


def on_propose_pressed(call: Call) -> None:
    """Begin a draft from Home."""
    _begin_or(call, lambda session, author: intake.open_draft(session, author=author, now=call.deps.now()), say=whisper)


def on_propose_chosen(call: Call) -> None:
    """Begin a draft from the shortcut in the search."""
    _begin_or(call, lambda session, author: intake.open_draft(session, author=author, now=call.deps.now()), say=tell)


def on_message_chosen(call: Call) -> None:
    """Begin a draft from a message: its text is the problem, and a link to it is kept."""
    message, url = SourceMessage.parse(call.body), call.deps.workspace.url

    def deed(session: Session, author: Actor) -> Page:
        source = f"{url.rstrip('/')}/{message.path}" if url else None
        return intake.open_draft(session, author=author, now=call.deps.now(), problem=message.text, source_link=source)

    _begin_or(call, deed, say=tell)


def on_resume(call: Call) -> None:
    """Go on with a draft where it was left."""
    draft_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _begin_or(
        call,
        lambda session, author: intake.resume(session, draft_id, author=author, now=call.deps.now()),
        say=whisper,
    )


def on_edit(call: Call) -> None:
    """Begin or go on with an edit of what came back."""
    use_case_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _begin_or(
        call, lambda session, author: intake.edit(session, use_case_id, author=author, now=call.deps.now()), say=whisper
    )


def on_propose_anew(call: Call) -> None:
    """Begin a copy of what came to nothing."""
    use_case_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _begin_or(
        call,
        lambda session, author: intake.propose_anew(session, use_case_id, author=author, now=call.deps.now()),
        say=whisper,
    )


def on_discard(call: Call) -> None:
    """Throw a draft away; Home is drawn anew."""
    draft_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, author: Actor) -> Proposed | NotNow:
        return intake.discard(session, draft_id, author=author, now=call.deps.now())

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotAMember | Unchecked):
        whisper(call, refusal_text(outcome))
    elif outcome is not NotNow.DISCARDED:
        whisper(call, NOT_NOW[outcome] if isinstance(outcome, NotNow) else f"It was sent already: {outcome.reference}.")
    call.ack()
    call.deps.wake_outbox()


def _begin_or(call: Call, deed: Beginning, *, say: Callable[[Call, str], None]) -> None:
    problem = _begin(call, deed)
    if problem:
        say(call, problem)
    call.ack()
    call.deps.wake_outbox()


def _begin(call: Call, deed: Beginning) -> str | None:
    """Have a draft made or found, then open its window; return what to tell the person when that did not go well.

    The draft comes first: a trigger that ran out loses nothing.
    """
    outcome = act(call.deps, call.client, user_of(call.body), deed)
    match outcome:
        case Page():
            problem = _show(call, steps.step_modal(outcome))
            return f"{problem} {_KEPT}" if problem and outcome.answers else problem
        case Proposed():
            return _show(call, views.proposed_modal(outcome))
        case NotNow():
            return NOT_NOW[outcome]
        case _:
            return refusal_text(outcome)


def _show(call: Call, view: BlockKit) -> str | None:
    """Open the window; where somebody pressed in another one, that one turns into it."""
    is_in_window = optional(call.body, "view", "type") == "modal"
    return update_modal(call, view) if is_in_window else open_modal(call, view)


# ------------------------------------------------------------------------------------ while they type


def on_objective_typed(call: Call) -> None:
    """Offer the objectives that match, and what was typed as a new one."""
    typed = " ".join(readable(optional(call.body, "value") or "").split())[: LONGEST["objective"]]

    def deed(session: Session, _: Actor) -> dict[str, str]:
        known = intake.objectives_like(session, typed)
        offered = {name: name for name in known}
        if typed and typed.casefold() not in {name.casefold() for name in known}:
            offered[typed] = f"New: {typed}"
        return offered

    _offer(call, deed)


def on_own_option_typed(call: Call) -> None:
    """Offer the answers to a question of the organisation's own that match."""
    key = own_key(taken(call.body, "action_id"))
    typed = (optional(call.body, "value") or "").casefold()

    def deed(session: Session, _: Actor) -> dict[str, str]:
        asked = next((each for each in policy.questions(session) if each.key == key), None)
        if asked is None:
            raise MalformedPayloadError(f"no question {key[:40]!r}")
        return {value: text for value, text in steps.own_options(asked).items() if typed in text.casefold()}

    _offer(call, deed)


def _offer(call: Call, deed: Callable[[Session, Actor], dict[str, str]]) -> None:
    found = act(call.deps, call.client, user_of(call.body), deed)
    options = found if isinstance(found, dict) else {}
    call.ack(options=choices(dict(list(options.items())[:OPTIONS_SHOWN])))
