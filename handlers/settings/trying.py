"""Try a policy file from the settings, and put it forward: at once, or to those who decide about changes of it."""

import hashlib
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.modals import show_modal, update_modal
from handlers.payloads import action_key, optional, taken
from handlers.policy_changes.words import put_text
from handlers.routing import Call, whisper
from handlers.settings import views
from handlers.settings.admins import NotAnAdmin, as_admin, why_not
from handlers.settings.files import Unread, content_of
from handlers.settings.payloads import (
    AT_ONCE,
    PROPOSED,
    ChosenFile,
    TriedFile,
    expects_decision,
    policy_file,
    proposal_of,
)
from handlers.settings.trial_views import Replaced, put_page, result_page, trial_page
from workflows import deliveries, policy, policy_changes, reactions, simulating
from workflows.people import Actor, NotAMember, Unchecked
from workflows.policy import PolicyError

_CHANGED = "Slack handed over another file than the one you tried. Nothing was changed; try the file again."


def on_policy_tried(call: Call) -> None:
    """Show what the file an admin chose would change. Nothing is stored, so no transaction is open meanwhile."""
    file = policy_file(call.body)
    admin = as_admin(call, lambda _, actor: actor)
    if isinstance(admin, NotAnAdmin | NotAMember | Unchecked):
        call.ack(response_action="update", view=views.notice_page(why_not(admin)))
        return
    if not call.deps.workspace.reads_files:
        call.ack(response_action="update", view=trial_page(reads_files=False))
        return
    content = content_of(call.client, file, longest=policy.LARGEST)
    if isinstance(content, Unread):
        call.ack(response_action="errors", errors={str(Block.POLICY_FILE): content.text})
        return
    call.ack(response_action="update", view=_tried(call, file, content, admin))


def on_another_asked(call: Call) -> None:
    """Ask for a file that takes the place of what somebody proposed, or proposes it anew."""
    proposal_id = proposal_of(taken(call.body, "actions", 0, "value"))

    def draw(session: Session, _: Actor) -> BlockKit:
        replaced = _replaced(session, proposal_id)
        return trial_page(reads_files=call.deps.workspace.reads_files, replaced=replaced)

    outcome = as_admin(call, draw)
    if isinstance(outcome, NotAnAdmin | NotAMember | Unchecked):
        problem: str | None = why_not(outcome)
    else:
        problem = show_modal(call, outcome)
    if problem:
        whisper(call, problem)
    call.ack()


def on_policy_put(call: Call) -> None:
    """Put the file that was tried in force, or propose it to those who decide, as the button said."""
    file, expects = TriedFile.of_window(call.body), expects_decision(call.body)
    admin = as_admin(call, lambda _, actor: actor)
    if isinstance(admin, NotAnAdmin | NotAMember | Unchecked):
        view = views.notice_page(why_not(admin))
    else:
        view = _put(call, file, expects=expects)
    problem = update_modal(call, view)
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()


def _put(call: Call, file: TriedFile, *, expects: bool) -> BlockKit:
    """Read the file once more, and do with it what was said: Gatehouse keeps nothing of what is only tried."""
    content = content_of(call.client, ChosenFile(file.address), longest=policy.LARGEST)
    if isinstance(content, Unread):
        return put_page(content.text)
    if hashlib.sha256(content).hexdigest() != file.digest:
        return put_page(_CHANGED)

    def deed(session: Session, actor: Actor) -> str:
        now, text = call.deps.now(), policy.text_of(content)

        def put() -> str:
            outcome = reactions.put_policy_forward(
                session, text, by=actor, instead_of=file.instead_of, expects=expects, now=now
            )
            return put_text(outcome, too_few=policy_changes.too_few(session, policy.in_force(session).policy))

        return deliveries.once(session, action_key(call.body), put, now=now)

    try:
        outcome = as_admin(call, deed, changes=True)
    except PolicyError as error:
        return trial_page(reads_files=True, problems=error.problems)
    if isinstance(outcome, NotAnAdmin | NotAMember | Unchecked):
        return views.notice_page(why_not(outcome))
    return put_page(outcome)


def _tried(call: Call, file: ChosenFile, content: bytes, admin: Actor) -> BlockKit:
    instead_of = proposal_of(optional(call.body, "view", "private_metadata") or "")
    try:
        text = policy.text_of(content)
        tried = TriedFile(file.address, hashlib.sha256(content).hexdigest(), instead_of)
        with call.deps.reading() as session:
            way = PROPOSED if policy_changes.is_decided(session) else AT_ONCE
            return result_page(simulating.simulate(session, text, viewer=admin.id), way=way, file=tried)
    except PolicyError as error:
        with call.deps.reading() as session:
            replaced = _replaced(session, instead_of)
        return trial_page(reads_files=True, problems=error.problems, replaced=replaced)


def _replaced(session: Session, proposal_id: UUID | None) -> Replaced | None:
    change = policy_changes.change_of(session, proposal_id) if proposal_id else None
    return Replaced(change.id, change.reference) if change else None
