"""What stands behind a number: the part of a digest, or the readings of a KPI, as who asks may see it."""

from collections.abc import Callable
from functools import partial

from db.session import Session
from handlers.acting import act
from handlers.blocks import BlockKit
from handlers.digests import behind_kpi, behind_parts, window
from handlers.digests.files import FORGOTTEN
from handlers.digests.parts import read_behind, read_kpi
from handlers.payloads import MalformedPayloadError, taken, taken_uuid, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import digests
from workflows.people import Actor

Draw = Callable[..., BlockKit]

_DIGITS = 6  # of a page's number


def on_part(call: Call) -> None:
    """Show what stands behind a part of a digest."""
    _show(call, taken(call.body, "actions", 0, "value"))


def on_kpi(call: Call) -> None:
    """Show the readings behind a KPI's line in a digest."""
    _show(call, taken(call.body, "actions", 0, "value"))


def on_page(call: Call) -> None:
    """Show another page of either; the number of the page stands behind the last dot."""
    value, _, number = taken(call.body, "actions", 0, "value").rpartition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise MalformedPayloadError("no page")
    _show(call, value, page=int(number))


def _show(call: Call, value: str, *, page: int = 0) -> None:
    draw = _drawer(value)
    digest_id = taken_uuid(value.partition(".")[0])

    def deed(session: Session, actor: Actor) -> BlockKit:
        found = digests.find(session, digest_id)
        if found is None:
            return window.words_modal(FORGOTTEN)
        return draw(session, found, actor, page=page, now=call.deps.now())

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _drawer(value: str) -> Draw:
    """Return what draws the window a button asks for."""
    part, kpi = read_behind(value), read_kpi(value)
    if part is not None:
        return partial(behind_parts.part_modal, part[1])
    if kpi is not None:
        return partial(behind_kpi.kpi_modal, kpi[1])
    raise MalformedPayloadError("neither a part nor a KPI of a digest")
