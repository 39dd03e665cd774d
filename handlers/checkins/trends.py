"""How KPIs went, where people meet it: below what they answered, beside the KPIs, and as a table in a window."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.acting import act
from handlers.blocks import BlockKit, button, context
from handlers.checkins import trend_drawing
from handlers.checkins.saying import UNKNOWN
from handlers.checkins.trend_table import table_modal
from handlers.checkins.trend_words import alt_text, beside, trend_lines
from handlers.ids import Action
from handlers.kpis import NAME_SHOWN
from handlers.lettering import legible
from handlers.messages import Picture
from handlers.payloads import MalformedPayloadError, taken, taken_uuid, user_of
from handlers.routing import Call
from handlers.showing import show
from handlers.text import inline
from workflows import checkins, intake, pictures, reactions
from workflows.checkins import CheckInSnapshot, Trends
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor

PLACE: Final = "checkins.trend.picture"
_OF_CHECK_IN, _OF_USE_CASE = "c", "u"


def picture_of(trends: Trends, use_case: UseCaseSnapshot) -> Picture:
    return Picture(
        digest=trend_drawing.digest(trends),
        place=PLACE,
        title=f"{use_case.reference}: the readings so far",
        alt_text=alt_text(trends),
        svg=lambda: trend_drawing.svg(trends),
    )


def trend_blocks(trends: Trends) -> list[BlockKit]:
    """Return the newest readings in words, which the picture takes the place of, and what it does not say."""
    lines = trend_lines(trends)
    if not lines:
        return []
    unnamed = [
        f"KPI {number} in the picture is “{inline(each.name, limit=NAME_SHOWN)}”."
        for number, each in enumerate(trends.drawn, start=1)
        if legible(each.name) is None
    ]
    more = [*unnamed, *map(inline, beside(trends))]
    return [context(*lines) | {"block_id": PLACE}, *([context(*more)] if more else [])]


def known_blocks(session: Session, trends: Trends, use_case: UseCaseSnapshot) -> list[BlockKit]:
    """Return the same with the picture, if Slack has it already: nobody waits for one in a window."""
    blocks = trend_blocks(trends)
    picture = picture_of(trends, use_case) if blocks else None
    sent = pictures.sent(session, picture.digest) if picture else None
    return picture.into(blocks, sent.file_id) if picture and sent else blocks


def table_of_check_in(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> BlockKit:
    """Return the way to the table of what somebody was asked for."""
    return _table_button(f"{_OF_CHECK_IN}.{found.id}", use_case)


def table_of_use_case(use_case: UseCaseSnapshot) -> BlockKit:
    """Return the way to the table of all KPIs of a use case."""
    return _table_button(f"{_OF_USE_CASE}.{use_case.id}", use_case)


def on_table(call: Call) -> None:
    """Show the table: of a check-in to who has to do with it, of a use case to who may see its numbers."""
    kind, _, carried = taken(call.body, "actions", 0, "value").partition(".")
    tables = {_OF_CHECK_IN: _check_in_table, _OF_USE_CASE: _use_case_table}
    if kind not in tables:
        raise MalformedPayloadError("not a table of ours")
    about = taken_uuid(carried)
    show(call, act(call.deps, call.client, user_of(call.body), lambda s, viewer: tables[kind](s, about, viewer)))


def may_see(session: Session, found: CheckInSnapshot, use_case: UseCaseSnapshot, person_id: UUID) -> bool:
    """Say whether somebody may see the numbers a check-in asks for; of a confidential use case only its readers may."""
    is_asked = person_id in found.may and not use_case.confidential
    return is_asked or reactions.may_read_kpis(session, use_case.id, person_id)


def _check_in_table(session: Session, check_in_id: UUID, viewer: Actor) -> BlockKit | str:
    found = checkins.check_in_of(session, check_in_id)
    use_case = intake.use_case_of(session, found.use_case_id) if found else None
    if found is None or use_case is None or not may_see(session, found, use_case, viewer.id):
        return UNKNOWN
    return _table(session, use_case, [each.kpi for each in found.kpis])


def _use_case_table(session: Session, use_case_id: UUID, viewer: Actor) -> BlockKit | str:
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None or not reactions.may_read_kpis(session, use_case_id, viewer.id):
        return UNKNOWN
    return _table(session, use_case, checkins.kpis_of(session, [use_case_id]).get(use_case_id, ()))


def _table(session: Session, use_case: UseCaseSnapshot, kpis: Sequence[checkins.KpiSnapshot]) -> BlockKit:
    return table_modal(checkins.how_kpis_went(session, use_case.id, kpis), use_case)


def _table_button(value: str, use_case: UseCaseSnapshot) -> BlockKit:
    what = f"{use_case.reference}, {use_case.name}"
    return button(Action.TREND_TABLE, "As a table", value, label=f"The readings of {what} as a table")
