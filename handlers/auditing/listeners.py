"""Presses and the form of the fast lane: leads and admins look, admins open a closed line again."""

from collections.abc import Callable
from dataclasses import dataclass

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.auditing import views
from handlers.auditing.payloads import line_of_button, reopening_of
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.modals import show_modal
from handlers.payloads import user_of
from handlers.routing import Call, whisper
from handlers.text import listed, named
from workflows import auditing, people, policy
from workflows.auditing import NotReopened
from workflows.people import Actor, NotAMember, Unchecked

STEERS = "Only programme leads and admins see how the fast lane does."
_NOTICES = {
    None: "✅ It approves again. Its audits are counted anew from now on.",
    NotReopened.NOT_CLOSED: "It is open already. Nothing was changed.",
    NotReopened.UNKNOWN: "The policy in force has no such line, or does not audit it. Nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class NotAllowed:
    text: str


def on_open(call: Call) -> None:
    """Show every line that approves, in the window somebody pressed in or in a new one."""
    _show(call, _page)


def on_reopen(call: Call) -> None:
    """Ask an admin why a closed line may approve again."""
    line = line_of_button(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | NotAllowed:
        if policy.ADMIN not in people.roles_of(session, actor.id):
            return _only_admins(session)
        found = next((each for each in auditing.lines_of(session) if each.line == line), None)
        if found is None or not found.is_closed:
            return _page(session, actor, _NOTICES[NotReopened.NOT_CLOSED])
        return views.reopen_page(found)

    _show(call, deed)


def on_reopened(call: Call) -> None:
    """Open a closed line again, for the reason given."""
    form = reopening_of(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | NotAllowed | NotReopened:
        people.hold(session)
        if policy.ADMIN not in people.roles_of(session, actor.id):
            return _only_admins(session)
        outcome = auditing.reopen(session, form.line, form.reason, actor=actor, now=call.deps.now())
        if outcome is NotReopened.REASON_MISSING:
            return outcome
        return _page(session, actor, _NOTICES[outcome])

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    match outcome:
        case NotReopened():
            call.ack(
                response_action="errors", errors={str(Block.REOPEN_REASON): "Please say why; it stands on record."}
            )
        case Unchecked():  # the form stays open
            call.ack(response_action="errors", errors={str(Block.REOPEN_REASON): refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_page(refusal_text(outcome)))
        case NotAllowed(text):
            call.ack(response_action="update", view=views.notice_page(text))
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def _page(session: Session, actor: Actor, notice: str = "") -> BlockKit | NotAllowed:
    roles = people.roles_of(session, actor.id)
    if not roles & (policy.STEERING | {policy.AUDITOR}):
        return NotAllowed(STEERS)
    return views.lines_page(auditing.lines_of(session), may_reopen=policy.ADMIN in roles, notice=notice)


def _only_admins(session: Session) -> NotAllowed:
    admins = [named(each.name) for each in people.holders_of(session, policy.ADMIN)]
    who = f"Ask {listed(admins)}." if admins else "Nobody is admin now."
    return NotAllowed(f"Only admins open a closed line again. {who}")


def _show(call: Call, deed: Callable[[Session, Actor], BlockKit | NotAllowed]) -> None:
    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotAMember | Unchecked):
        problem: str | None = refusal_text(outcome)
    else:
        problem = outcome.text if isinstance(outcome, NotAllowed) else show_modal(call, outcome)
    if problem:
        whisper(call, problem)
    call.ack()
