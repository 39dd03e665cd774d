"""Presses and submissions about KPIs: parse, call one service, answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.checkins import offering, trends, views, words
from handlers.checkins.payloads import BaselineForm, KpiForm
from handlers.ids import Block
from handlers.payloads import submission_key, taken, taken_uuid, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import checkins, deliveries, intake, people, reactions
from workflows.checkins import Edited, KpiSnapshot, Locked, NotDone, NotLocked, Part
from workflows.intake import KpiBoard
from workflows.people import Actor, NotAMember, Unchecked

_FIELDS: Final = {
    Part.VALUE: Block.BASELINE_VALUE,
    Part.FIRST_DAY: Block.BASELINE_FROM,
    Part.LAST_DAY: Block.BASELINE_UNTIL,
    Part.N: Block.BASELINE_N,
    Part.METHOD: Block.BASELINE_METHOD,
    Part.REASON: Block.BASELINE_REASON,
}
_OWNER_REFUSED: Final = "Choose a full member of your organisation: guests, apps and others cannot answer for a KPI."


@dataclass(frozen=True, slots=True)
class _AtFields:
    """What keeps a form from being taken, and where it stands."""

    errors: dict[str, str]


def on_kpis(call: Call) -> None:
    """Show the KPIs of a use case."""
    use_case_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit:
        intake.follow_kpis(session, use_case_id, now=call.deps.now())
        return board_view(session, use_case_id, viewer, call)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_history(call: Call) -> None:
    """Show everything that ever was about a KPI."""
    _of_kpi(call, lambda board, kpi, _: views.history_modal(board, kpi), changes=False)


def on_edit(call: Call) -> None:
    """Open the form about how a KPI is reported."""
    _of_kpi(call, lambda board, kpi, _: views.edit_modal(board.use_case, kpi))


def on_baseline(call: Call) -> None:
    """Open the form that locks a baseline, or amends the one there is."""

    def draw(board: KpiBoard, kpi: KpiSnapshot, viewer: Actor) -> BlockKit:
        today = people.local_day(viewer, call.deps.now())
        return views.baseline_modal(board.use_case, kpi, today, viewer.zone)

    _of_kpi(call, draw)


def on_kpi_saved(call: Call) -> None:
    """Take the form; whom it names is asked of Slack first."""
    form = KpiForm.parse(call.body)
    owner = person_named(call.deps, call.client, form.owner)

    def deed(session: Session, actor: Actor) -> str | _AtFields:
        if not isinstance(owner, Actor):
            text = _OWNER_REFUSED if isinstance(owner, NotAMember) else refusal_text(owner)
            return _AtFields({Block.KPI_OWNER: text})
        outcome = intake.edit_kpi(
            session,
            form.kpi_id,
            seen=form.seen,
            rhythm=form.rhythm,
            source=form.source,
            owner=owner,
            actor=actor,
            now=call.deps.now(),
        )
        return words.edited_text(outcome) if isinstance(outcome, Edited) else _why(session, outcome)

    _save(call, form.kpi_id, deed, otherwise=Block.KPI_OWNER)


def on_baseline_saved(call: Call) -> None:
    """Lock or amend; what is wrong stands at its field, and what was typed stays."""
    form = BaselineForm.parse(call.body)

    def deed(session: Session, actor: Actor) -> str | _AtFields:
        now = call.deps.now()
        outcome = intake.lock_baseline(session, form.kpi_id, form.said, amends=form.amends, actor=actor, now=now)
        match outcome:
            case Locked():
                return words.locked_text(outcome)
            case NotLocked(wrong):
                return _AtFields({_FIELDS[part]: text for part, text in wrong.items()})
            case NotDone():
                return _why(session, outcome)

    _save(call, form.kpi_id, deed, otherwise=Block.BASELINE_VALUE)


def _save(call: Call, kpi_id: UUID, deed: Callable[[Session, Actor], str | _AtFields], *, otherwise: Block) -> None:
    """Do it once for one delivery, and show the KPIs as they are then. What passes soon stands at `otherwise`."""

    def handled(session: Session, actor: Actor) -> BlockKit | _AtFields:
        kpi, key = checkins.kpi_of(session, kpi_id), submission_key(call.body)
        if kpi is None or not reactions.may_read_kpis(session, kpi.use_case_id, actor.id):
            return views.notice_modal(words.UNKNOWN)
        intake.follow_kpis(session, kpi.use_case_id, now=call.deps.now())
        told = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        if isinstance(told, _AtFields):
            return told
        return board_view(session, kpi.use_case_id, actor, call, notice=told)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case _AtFields(errors):
            call.ack(response_action="errors", errors=errors)
        case Unchecked():  # the form stays open
            call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def _of_kpi(call: Call, draw: Callable[[KpiBoard, KpiSnapshot, Actor], BlockKit], *, changes: bool = True) -> None:
    """Show something about the KPI that was pressed. Where it `changes` it, whoever may not hears who can."""
    kpi_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        kpi = checkins.kpi_of(session, kpi_id)
        if kpi is not None:
            intake.follow_kpis(session, kpi.use_case_id, now=call.deps.now())
        board = _board(session, kpi.use_case_id, viewer) if kpi else None
        found = next((each for each in board.kpis if each.id == kpi_id), None) if board else None
        if board is None or found is None:
            return words.UNKNOWN
        why = board.why_not.get(kpi_id)
        if changes and why is not None:
            return words.why_text(why, found, board.use_case, board.who_may)
        return draw(board, found, viewer)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _board(session: Session, use_case_id: UUID, viewer: Actor) -> KpiBoard | None:
    """Return the KPIs of a use case, or None for who must hear the same as of one that does not exist."""
    if not reactions.may_read_kpis(session, use_case_id, viewer.id):
        return None
    return intake.kpi_board(session, use_case_id, viewer)


def board_view(session: Session, use_case_id: UUID, viewer: Actor, call: Call, *, notice: str = "") -> BlockKit:
    """Draw the KPIs of a use case as they are now, as far as this person may see them."""
    board = _board(session, use_case_id, viewer)
    if board is None:
        return views.notice_modal(notice or words.UNKNOWN)
    went = checkins.how_kpis_went(session, use_case_id, board.kpis)
    trend = trends.known_blocks(session, went, board.use_case)
    corrections = offering.board_blocks(session, board.use_case, viewer, now=call.deps.now())
    return views.kpis_modal(board, notice, trend, corrections)


def _why(session: Session, outcome: NotDone) -> str:
    use_case = intake.use_case_of(session, outcome.kpi.use_case_id) if outcome.kpi else None
    if use_case is None:
        return words.UNKNOWN
    return words.not_done_text(outcome, use_case, intake.who_may_change_kpis(session, use_case.id))
