"""Presses and forms about objectives: every full member reads, leads and admins change. Parse, act, answer."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit, choices
from handlers.ids import INPUT, Block
from handlers.modals import open_modal
from handlers.objectives import views
from handlers.objectives.words import NOT_STEERING, UNKNOWN, why_text
from handlers.payloads import (
    MalformedPayloadError,
    checked_id,
    chosen,
    chosen_in_search,
    optional,
    submission_key,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from handlers.routing import Call
from handlers.showing import show
from handlers.text import inline
from workflows import approvals, deliveries, intake, objectives, people, policy, reactions
from workflows.objectives import Hanging, NotTied, Objective, Ties, Why
from workflows.people import Actor, NotAMember, Unchecked

OPTIONS_SHOWN: Final = 100
_NOT_A_COLLEAGUE: Final = "Choose a full member of your organisation: guests, apps and others cannot stand for it."
_FIELDS: Final = {
    Why.UNKNOWN_PARENT: Block.OBJECTIVE_PARENT,
    Why.CIRCLE: Block.OBJECTIVE_PARENT,
    Why.TOO_DEEP: Block.OBJECTIVE_PARENT,
    Why.NOT_A_MEMBER: Block.OBJECTIVE_OWNER,
    Why.NAME_MISSING: Block.OBJECTIVE_NAME,
    Why.NAME_TOO_LONG: Block.OBJECTIVE_NAME,
    Why.THERE_ALREADY: Block.OBJECTIVE_NAME,
}
_PEOPLE: Final = (Block.OBJECTIVE_OWNER, Block.OBJECTIVE_SPONSOR)


def open_tree(call: Call) -> str | None:
    """Open the objectives; return what to tell the person when that did not go well."""
    view = act(call.deps, call.client, user_of(call.body), _tree)
    return refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)


def on_tree(call: Call) -> None:
    """Show the objectives, in the window somebody pressed in or in a new one."""
    show(call, act(call.deps, call.client, user_of(call.body), _tree))


def on_page(call: Call) -> None:
    """Turn to other objectives."""
    value = taken(call.body, "actions", 0, "value")
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):  # noqa: PLR2004 - far past any list
        raise MalformedPayloadError("no page")
    show(call, act(call.deps, call.client, user_of(call.body), lambda s, viewer: _tree(s, viewer, int(value))))


def on_objective(call: Call) -> None:
    """Show one objective with its use cases."""
    objective_id = _pressed(call)
    show(call, act(call.deps, call.client, user_of(call.body), lambda s, viewer: _one(s, viewer, objective_id)))


def on_change(call: Call) -> None:
    """Open the form in which leads say who stands for an objective, and what it serves."""
    objective_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        known = {each.id: each for each in objectives.objectives(session)}
        found = known.get(objective_id)
        if found is None or not _steers(session, actor):
            return UNKNOWN if found is None else NOT_STEERING
        return views.tie_modal(found, known.get(found.parent_id) if found.parent_id else None)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_add(call: Call) -> None:
    """Open the form for an objective no use case names yet."""

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        return views.add_modal() if _steers(session, actor) else NOT_STEERING

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_changed(call: Call) -> None:
    """Change who stands for an objective and what it serves; people are asked of Slack first."""
    carried, _, seen = taken(call.body, "view", "private_metadata").partition(".")
    objective_id = taken_uuid(carried)
    given = chosen_in_search(call.body, Block.OBJECTIVE_PARENT)
    parent_id = taken_uuid(given) if given else None
    with call.deps.reading() as session:
        before = next((each for each in objectives.objectives(session) if each.id == objective_id), None)
    named = [_person(call, block, before) for block in _PEOPLE]
    for block, who in zip(_PEOPLE, named, strict=True):
        if isinstance(who, NotAMember | Unchecked):
            text = _NOT_A_COLLEAGUE if isinstance(who, NotAMember) else refusal_text(who)
            call.ack(response_action="errors", errors={str(block): text})
            return
    owner, sponsor = (who if isinstance(who, Actor) else None for who in named)

    def deed(session: Session, actor: Actor) -> str | NotTied:
        ties = Ties(owner, sponsor, parent_id)
        outcome = objectives.tie(session, objective_id, ties, seen=seen, actor=actor.id, now=call.deps.now())
        if isinstance(outcome, NotTied):
            return outcome
        return "✅ Saved. Requests in review keep whom they ask." if outcome.is_new else "Nothing was changed."

    _answer(call, deed, lambda s, viewer, said: _one(s, viewer, objective_id, said), otherwise=Block.OBJECTIVE_OWNER)


def on_added(call: Call) -> None:
    """Add an objective."""
    name = typed(call.body, Block.OBJECTIVE_NAME, INPUT)

    def deed(session: Session, actor: Actor) -> str | NotTied:
        outcome = objectives.add(session, name, actor=actor, now=call.deps.now())
        return outcome if isinstance(outcome, NotTied) else f"✅ “{inline(outcome.name)}” is there now."

    _answer(call, deed, lambda s, viewer, said: _tree(s, viewer, notice=said), otherwise=Block.OBJECTIVE_NAME)


def on_parent_typed(call: Call) -> None:
    """Offer the objectives whose name holds what was typed."""
    said = optional(call.body, "value") or ""

    def deed(session: Session, _: Actor) -> dict[Any, str]:
        return dict(views.parents_offered(objectives.objectives(session), said, limit=OPTIONS_SHOWN))

    found = act(call.deps, call.client, user_of(call.body), deed)
    call.ack(options=choices(found) if isinstance(found, dict) else [])


def _tree(session: Session, viewer: Actor, offset: int = 0, notice: str = "") -> BlockKit:
    found = objectives.tree(session)
    return views.tree_modal(found, steers=_steers(session, viewer), offset=offset, notice=notice)


def _one(session: Session, viewer: Actor, objective_id: UUID, notice: str = "") -> BlockKit:
    nodes = {node.objective.id: node for node in objectives.tree(session).nodes}
    node = nodes.get(objective_id)
    if node is None:
        return views.notice_modal(UNKNOWN)
    parent_id = node.objective.parent_id
    parent = nodes[parent_id].objective if parent_id in nodes else None
    hanging = objectives.hanging_on(session, objective_id)
    may_know = _known_to(session, viewer, [each for each in hanging if each.confidential])
    shown = [each for each in hanging if not each.confidential or each.id in may_know]
    hidden, steers = len(shown) < len(hanging), _steers(session, viewer)
    return views.objective_modal(node, parent, shown, hidden=hidden, steers=steers, notice=notice)


def _known_to(session: Session, viewer: Actor, cases: list[Hanging]) -> set[UUID]:
    """Return which of these confidential use cases somebody may know of."""
    if not cases:
        return set()
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [each.id for each in cases])
    return {key for key, request in requests.items() if reactions.may_read(session, request, viewer.id)}


def _steers(session: Session, person: Actor) -> bool:
    return bool(people.roles_of(session, person.id) & policy.STEERING)


def _person(call: Call, block: Block, before: Objective | None) -> Actor | NotAMember | Unchecked | None:
    """Return who was chosen. Who stands there already stays, whatever became of them: nobody chose them now."""
    slack_id = chosen(call.body, block, INPUT)
    if slack_id is None:
        return None
    was = None
    if before is not None:
        was = before.owner if block is Block.OBJECTIVE_OWNER else before.sponsor
    if was is not None and was.slack_id == slack_id:
        return was
    return person_named(call.deps, call.client, checked_id(slack_id))


def _pressed(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "actions", 0, "value"))


def _answer(
    call: Call,
    deed: Callable[[Session, Actor], str | NotTied],
    following: Callable[[Session, Actor, str], BlockKit],
    *,
    otherwise: Block,
) -> None:
    """Do what a form asks for once, and show what follows, or what is wrong at its field."""
    key = submission_key(call.body)

    def handled(session: Session, actor: Actor) -> BlockKit | NotTied:
        if not _steers(session, actor):
            return views.notice_modal(NOT_STEERING)
        said = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return said if isinstance(said, NotTied) else following(session, actor, said)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    if isinstance(outcome, NotTied) and outcome.why in _FIELDS:
        call.ack(response_action="errors", errors={str(_FIELDS[outcome.why]): why_text(outcome)})
    elif isinstance(outcome, Unchecked):  # the form stays open
        call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
    elif isinstance(outcome, NotTied):
        call.ack(response_action="update", view=views.notice_modal(why_text(outcome)))
    elif isinstance(outcome, NotAMember):
        call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
    else:
        call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()
