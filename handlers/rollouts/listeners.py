"""Presses and forms about rollouts: parse, call one service, answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    action_key,
    checked_id,
    chosen,
    picked_day,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from handlers.rollouts import views, words
from handlers.routing import Call
from handlers.showing import show
from handlers.taking import AtField, take
from workflows import approvals, deliveries, intake, people, reactions, rollouts
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor, NotAMember
from workflows.rollouts import NoRollout, NotRolledOut, RolledOut, RolloutSnapshot, Wanted

_FIELDS: Final = {
    **dict.fromkeys((NoRollout.TEAM_MISSING, NoRollout.TEAM_TOO_LONG, NoRollout.OWN_TEAM), Block.ROLLOUT_TEAM),
    NoRollout.TEAM_HAS_IT: Block.ROLLOUT_TEAM,
    **dict.fromkeys((NoRollout.STARTS_MISSING, NoRollout.STARTS_PAST, NoRollout.STARTS_TOO_FAR), Block.ROLLOUT_STARTS),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed. `seen` is the revision of the rollout `about` that the form began with.

    None asks for a new one, and `about` is the use case.
    """

    about: UUID
    seen: int | None
    team: str
    owner: str
    people: str
    starts_on: date | None
    differences: dict[Any, str]

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Form":
        what, _, rest = taken(body, "view", "private_metadata").partition(".")
        carried, _, seen = rest.partition(".")
        if what not in ("new", "edit") or (what == "edit") is not seen.isdecimal():
            raise MalformedPayloadError("not a rollout of ours")
        return cls(
            about=taken_uuid(carried),
            seen=int(seen) if seen else None,
            team=typed(body, Block.ROLLOUT_TEAM, INPUT),
            owner=checked_id(chosen(body, Block.ROLLOUT_OWNER, INPUT) or ""),
            people=typed(body, Block.ROLLOUT_PEOPLE, INPUT),
            starts_on=picked_day(body, Block.ROLLOUT_STARTS, INPUT),
            differences={each: typed(body, views.difference_block(each), INPUT) for each in rollouts.SECTIONS},
        )

    def how_many(self) -> int | None:
        """Return the number of people, or None where something else was typed: a unit, a share, a range."""
        digits = self.people.strip()
        found = (
            int(digits)
            if digits.isascii() and digits.isdecimal() and len(digits) <= len(str(rollouts.MOST_PEOPLE))
            else 0
        )
        return found if 1 <= found <= rollouts.MOST_PEOPLE else None


# ------------------------------------------------------------------------------------------------- looking


def on_rollouts(call: Call) -> None:
    """Show to which teams a use case went or is to go."""
    use_case_id = _pressed(call)
    _show(call, lambda session, viewer: window(session, viewer, use_case_id))


def on_steps(call: Call) -> None:
    """Show the steps of a rollout."""
    rollout_id = _pressed(call)
    _show(call, lambda session, viewer: _steps_view(session, viewer, rollout_id))


# ------------------------------------------------------------------------------------------------- asking


def on_roll_out(call: Call) -> None:
    """Open the form, or say what is missing, who owns it, and where it is mended."""
    use_case_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        found = rollouts.to_ask(session, use_case_id, actor=actor, now=call.deps.now())
        if isinstance(found, NotRolledOut):
            return _refused(session, found, actor)
        return views.ask_modal(found, views.Filled(starts=people.local_day(actor, call.deps.now()).isoformat()))

    _show(call, deed)


def on_edit(call: Call) -> None:
    """Open the form with what was asked for: to change what was given back, or to ask anew for what came to nothing."""
    rollout_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        now = call.deps.now()
        rollout = rollouts.rollout_of(session, rollout_id)
        case = intake.use_case_of(session, rollout.use_case_id) if rollout else None
        if rollout is None or case is None:
            return views.notice_modal(words.UNKNOWN)
        starts = max(rollout.starts_on, people.local_day(actor, now)).isoformat()
        filled = views.Filled.of(rollout, starts=starts)
        if not rollout.is_pending:
            ready = rollouts.to_ask(session, case.id, actor=actor, now=now)
            return _refused(session, ready, actor) if isinstance(ready, NotRolledOut) else views.ask_modal(case, filled)
        found = rollouts.to_revise(session, rollout_id, actor=actor, now=now)
        if isinstance(found, NotRolledOut):
            return _refused(session, found, actor)
        return views.ask_modal(case, filled, of=found)

    _show(call, deed)


def on_asked(call: Call) -> None:
    """Take the form: what is wrong stands at its field; who owns it there is asked of Slack first."""
    form = Form.parse(call.body)
    owner = person_named(call.deps, call.client, form.owner)

    def deed(session: Session, actor: Actor) -> str | AtField:
        if not isinstance(owner, Actor):
            text = words.NOT_A_COLLEAGUE if isinstance(owner, NotAMember) else refusal_text(owner)
            return AtField(Block.ROLLOUT_OWNER, text)
        how_many = form.how_many()
        if how_many is None:
            return AtField(Block.ROLLOUT_PEOPLE, words.PEOPLE_EXAMPLE)
        wanted = Wanted(form.team, owner, how_many, form.starts_on, form.differences)
        now = call.deps.now()
        if form.seen is None:
            outcome = rollouts.ask(session, form.about, wanted, actor=actor, now=now)
        else:
            outcome = rollouts.revise(session, form.about, wanted, seen=form.seen, actor=actor, now=now)
        if isinstance(outcome, RolledOut):
            return words.asked_text(outcome.rollout, outcome.asked)
        return _at_field(session, outcome, form, actor)

    _take(call, deed)


def _at_field(session: Session, outcome: NotRolledOut, form: Form, actor: Actor) -> str | AtField:
    case = _case(session, outcome.use_case_id, actor)
    text = words.why_text(outcome, case)
    if outcome.why is NoRollout.DIFFERENCE_TOO_LONG:
        long = next(each for each, said in form.differences.items() if len(said.strip()) > rollouts.LONGEST_DIFFERENCE)
        return AtField(views.difference_block(long), text)
    return AtField(_FIELDS[outcome.why], text) if outcome.why in _FIELDS else text


def _take(call: Call, deed: Callable[[Session, Actor], str | AtField]) -> None:
    def shown(_: Session, __: Actor, told: str) -> BlockKit:
        return views.notice_modal(told)

    take(call, deed, shown, otherwise=Block.ROLLOUT_PEOPLE, notice=views.notice_modal)


# ------------------------------------------------------------------------------------------------- steps


def on_finish_step(call: Call) -> None:
    """Tick off a step."""
    _step(call, rollouts.finish_step, "✅ Ticked off.")


def on_reopen_step(call: Call) -> None:
    """Say that a step is not done after all."""
    _step(call, rollouts.reopen_step, "▫️ It is open again.")


def _step(call: Call, change: Callable[..., RolledOut | NotRolledOut], done: str) -> None:
    carried, _, position = taken(call.body, "actions", 0, "value").partition(".")
    rollout_id = taken_uuid(carried)
    if not position.isdecimal():
        raise MalformedPayloadError("not a step of ours")

    def handled(session: Session, actor: Actor) -> BlockKit:
        now = call.deps.now()

        def deed() -> str:
            outcome = change(session, rollout_id, int(position), actor=actor, now=now)
            if isinstance(outcome, RolledOut):
                return done if outcome.rollout.is_under_way else "✅ That was the last step: its people are told."
            return words.why_text(outcome, _case_of_rollout(session, outcome, actor))

        said = deliveries.once(session, action_key(call.body), deed, now=now)
        return _steps_view(session, actor, rollout_id, notice=said)

    _show(call, handled)


# ------------------------------------------------------------------------------------------------- shared


def window(session: Session, viewer: Actor, use_case_id: UUID) -> BlockKit:
    """Draw the rollouts of a use case that this person may know of; all of them, unless it is confidential."""
    found = list(rollouts.rollouts_of(session, use_case_id))
    case = intake.use_case_of(session, use_case_id)
    if case is None or not reactions.may_be_told(session, use_case_id, viewer.id):
        found = [each for each in found if each.owner.id == viewer.id]
    if case is None or (not found and not reactions.may_be_told(session, use_case_id, viewer.id)):
        return views.notice_modal(words.UNKNOWN)
    about = approvals.latest_about(session, rollouts.SUBJECT_KIND, [each.id for each in found])
    requests = {each: request.id for each, request in about.items()}
    is_theirs = viewer.id in (case.owner.id, case.sponsor.id) or people.LEAD in people.roles_of(session, viewer.id)
    return views.rollouts_modal(case, found, requests, may_ask=is_theirs)


def _steps_view(session: Session, viewer: Actor, rollout_id: UUID, *, notice: str = "") -> BlockKit:
    rollout = rollouts.rollout_of(session, rollout_id)
    case = intake.use_case_of(session, rollout.use_case_id) if rollout else None
    if rollout is None or case is None or not _may_know(session, rollout, viewer):
        return views.notice_modal(words.UNKNOWN)
    may = rollouts.may_see_to(session, rollout, viewer.id)
    return views.steps_modal(rollout, case, may=may, notice=notice)


def _may_know(session: Session, rollout: RolloutSnapshot, viewer: Actor) -> bool:
    """Say whether this person may know of a rollout: of a confidential use case insiders do, and its owner there."""
    is_owner = rollout.owner.id == viewer.id
    return is_owner or reactions.may_be_told(session, rollout.use_case_id, viewer.id)


def _case(session: Session, use_case_id: UUID | None, viewer: Actor) -> UseCaseSnapshot | None:
    """Return a use case, for whoever may know of it."""
    if use_case_id is None or not reactions.may_be_told(session, use_case_id, viewer.id):
        return None
    return intake.use_case_of(session, use_case_id)


def _case_of_rollout(session: Session, outcome: NotRolledOut, viewer: Actor) -> UseCaseSnapshot | None:
    if outcome.other is None or outcome.use_case_id is None or not _may_know(session, outcome.other, viewer):
        return None
    return intake.use_case_of(session, outcome.use_case_id)


def _refused(session: Session, outcome: NotRolledOut, viewer: Actor) -> BlockKit:
    case = _case(session, outcome.use_case_id, viewer)
    if case is None:
        return views.notice_modal(words.UNKNOWN)
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [case.id]).get(case.id)
    ways = views.ways_out(outcome, case, request.id if request else None)
    return views.notice_modal(words.why_text(outcome, case), ways)


def _show(call: Call, deed: Callable[[Session, Actor], BlockKit]) -> None:
    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _pressed(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "actions", 0, "value"))
