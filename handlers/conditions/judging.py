"""Look at a condition, give evidence, accept it or say what is missing, and waive."""

from collections.abc import Callable, Sequence

from db.enums import ConditionStatus
from db.session import Session
from handlers.blocks import BlockKit
from handlers.conditions import answering, views, wording
from handlers.conditions.payloads import EvidenceForm, ReasonForm, Seen
from handlers.conditions.views import May
from handlers.ids import Block
from handlers.payloads import MalformedPayloadError, action_key, user_of
from handlers.routing import Call
from handlers.subjects import picture_of
from handlers.terms import TEXT_SHOWN
from handlers.text import inline, listed, named
from workflows import approvals, conditions, obligations
from workflows.conditions import ConditionSnapshot, Moved, NotDone, Refusal
from workflows.people import Actor


def on_see(call: Call) -> None:
    """Show a condition with what this person can do about it."""

    def draw(session: Session, viewer: Actor, condition: ConditionSnapshot) -> BlockKit | str:
        request = approvals.existing_request(session, condition.request_id)
        may = may_do(session, condition, viewer, call)
        return views.condition_modal(condition, picture_of(session, request), may)

    _open(call, draw)


def on_give_evidence(call: Call) -> None:
    """Open the form for evidence, for whoever may give it."""

    def draw(session: Session, viewer: Actor, condition: ConditionSnapshot) -> BlockKit | str:
        refusal = _settled(condition)
        if refusal is None and not may_do(session, condition, viewer, call).give_evidence:
            refusal = Refusal.NOT_THE_OWNER
        if refusal is not None:
            return wording.refusal_text(refusal, condition)
        request = approvals.existing_request(session, condition.request_id)
        return views.evidence_modal(condition, picture_of(session, request))

    _open(call, draw)


def on_not_enough(call: Call) -> None:
    """Ask what is missing in the evidence."""
    seen = Seen.of_button(call.body)

    def draw(session: Session, viewer: Actor, condition: ConditionSnapshot) -> BlockKit | str:
        if (
            condition.status is ConditionStatus.OFFERED
            and condition.offered
            and condition.offered.id != seen.evidence_id
        ):
            return wording.refusal_text(Refusal.OTHER_EVIDENCE, condition)
        if may_do(session, condition, viewer, call).judge:
            return views.not_enough_modal(condition, f"{seen.condition_id}.{seen.evidence_id}")
        is_there = condition.status is ConditionStatus.OFFERED
        nothing = Refusal.NOT_OF_THE_LANE if is_there else Refusal.NOTHING_OFFERED
        return wording.refusal_text(_settled(condition) or nothing, condition)

    _open(call, draw)


def on_waive(call: Call) -> None:
    """Ask why a lane lets a condition go."""

    def draw(session: Session, viewer: Actor, condition: ConditionSnapshot) -> BlockKit | str:
        lanes = conditions.lanes_of(session, condition, viewer.id, now=call.deps.now())
        if _settled(condition) or not lanes:
            return wording.refusal_text(_settled(condition) or Refusal.NOT_OF_THE_LANE, condition)
        names = dict.fromkeys(each.lane for each in condition.standing if each.lane_id in lanes)
        return views.waive_modal(condition, list(names))

    _open(call, draw)


def on_accept(call: Call) -> None:
    """Accept evidence with one press."""
    seen = Seen.of_button(call.body)
    evidence_id = seen.evidence_id
    if evidence_id is None:
        raise MalformedPayloadError("no evidence")

    def deed(session: Session, actor: Actor) -> str:
        outcome = obligations.accept(session, seen.condition_id, seen=evidence_id, actor=actor, now=call.deps.now())
        return str(answering.words_of(session, outcome, actor.id, _accepted))

    def is_over(session: Session, actor: Actor) -> bool:
        condition = answering.known_to(session, seen.condition_id, actor.id)
        return condition is not None and not may_do(session, condition, actor, call).judge

    answering.press(call, user_of(call.body), action_key(call.body), deed, is_over)


def on_evidence_given(call: Call) -> None:
    form = EvidenceForm.parse(call.body)

    def deed(session: Session, actor: Actor) -> str | answering.AtField:
        now = call.deps.now()
        outcome = obligations.offer(session, form.about.condition_id, form.evidence, actor=actor, now=now)
        return answering.words_of(session, outcome, actor.id, _offered)

    answering.submit(call, form.who, form.delivery, Block.EVIDENCE_LINK, deed)


def on_found_wanting(call: Call) -> None:
    form = ReasonForm.parse(call.body)
    evidence_id = form.about.evidence_id
    if evidence_id is None:
        raise MalformedPayloadError("no evidence")

    def deed(session: Session, actor: Actor) -> Moved | NotDone:
        condition_id, now = form.about.condition_id, call.deps.now()
        return obligations.find_wanting(session, condition_id, form.reason, seen=evidence_id, actor=actor, now=now)

    _take_reason(call, form, deed, _found_wanting)


def on_waived(call: Call) -> None:
    form = ReasonForm.parse(call.body)

    def deed(session: Session, actor: Actor) -> Moved | NotDone:
        return obligations.waive(session, form.about.condition_id, form.reason, actor=actor, now=call.deps.now())

    _take_reason(call, form, deed, _waived)


def may_do(session: Session, condition: ConditionSnapshot, viewer: Actor, call: Call) -> May:
    """Return what somebody may do about a condition now."""
    if not condition.is_in_force:
        return May()
    lanes = conditions.lanes_of(session, condition, viewer.id, now=call.deps.now())
    answerable = obligations.answerable(session, condition.subject_kind, condition.subject_id)
    return May(
        give_evidence=viewer.id == condition.owner.id or viewer.id in answerable,
        judge=bool(lanes) and condition.status is ConditionStatus.OFFERED,
        waive=bool(lanes),
    )


def _open(call: Call, draw: Callable[[Session, Actor, ConditionSnapshot], BlockKit | str]) -> None:
    """Open a window about a condition, for who may read it."""
    condition_id = Seen.of_button(call.body).condition_id

    def drawn(session: Session, viewer: Actor) -> BlockKit | str:
        condition = answering.known_to(session, condition_id, viewer.id)
        if condition is None or condition.status is ConditionStatus.DROPPED:
            return wording.refusal_text(Refusal.UNKNOWN, None)
        return draw(session, viewer, condition)

    answering.show(call, user_of(call.body), drawn)


def _take_reason(
    call: Call, form: ReasonForm, deed: Callable[[Session, Actor], Moved | NotDone], done: Callable[[Moved], str]
) -> None:
    def told(session: Session, actor: Actor) -> str | answering.AtField:
        return answering.words_of(session, deed(session, actor), actor.id, done)

    answering.submit(call, form.who, form.delivery, Block.CONDITION_REASON, told)


def _settled(condition: ConditionSnapshot) -> Refusal | None:
    if condition.status is ConditionStatus.PROPOSED:
        return Refusal.NOT_IN_FORCE
    return None if condition.is_in_force else Refusal.SETTLED


def _offered(moved: Moved) -> str:
    lanes = _lanes(moved.now.asked_by)
    look = "looks" if len(moved.now.asked_by) == 1 else "look"
    return f"Your evidence is stored, and {lanes} {look} at it. You are told what they say."


def _accepted(moved: Moved) -> str:
    what = f"“{inline(moved.now.text, limit=TEXT_SHOWN)}”"
    return _after(moved, f"{what}: The evidence is accepted for {_lanes(moved.lanes)}.")


def _waived(moved: Moved) -> str:
    return _after(moved, f"{_lanes(moved.lanes)} no longer asks for it.")


def _found_wanting(moved: Moved) -> str:
    late = " It is overdue." if moved.now.overdue_at is not None else ""
    return f"{named(moved.now.owner.name)} is told what is missing, and has it again.{late}"


def _after(moved: Moved, lead: str) -> str:
    if moved.now.settled_at is None:
        look = "still has" if len(moved.now.asked_by) == 1 else "still have"
        return f"{lead} {_lanes(moved.now.asked_by)} {look} to look at it."
    return f"{lead} The condition is {moved.now.status.value}, and {named(moved.now.owner.name)} is told."


def _lanes(names: Sequence[str]) -> str:
    return listed([named(each) for each in names], last="and")
