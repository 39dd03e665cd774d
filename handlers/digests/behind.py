"""What stands behind a number: the part of a digest, or the readings of a KPI, as who asks may see it."""

from db.session import Session
from handlers.acting import act
from handlers.blocks import BlockKit
from handlers.digests import behind_kpi, behind_parts, window
from handlers.digests.files import FORGOTTEN
from handlers.digests.parts import read_behind, read_kpi
from handlers.payloads import MalformedPayloadError, taken, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import digests
from workflows.people import Actor


def on_behind(call: Call) -> None:
    """Show what stands behind a part of a digest, or the readings of a KPI in it."""
    _show(call, taken(call.body, "actions", 0, "value"), page=0)


def on_page(call: Call) -> None:
    """Show another page of the same; the number of the page stands behind the last dot."""
    value, _, number = taken(call.body, "actions", 0, "value").rpartition(".")
    if not (number.isascii() and number.isdigit()):
        raise MalformedPayloadError("no page")
    _show(call, value, page=int(number))


def _show(call: Call, value: str, *, page: int) -> None:
    of_part, of_kpi = read_behind(value), read_kpi(value)
    asked = of_part or of_kpi
    if asked is None:
        raise MalformedPayloadError("neither a part nor a KPI of a digest")
    digest_id = asked[0]

    def deed(session: Session, actor: Actor) -> BlockKit:
        found = digests.find(session, digest_id)
        if found is None:
            return window.words_modal(FORGOTTEN)
        now = call.deps.now()
        if of_part:
            return behind_parts.part_modal(session, found, of_part[1], actor, page=page, now=now)
        if of_kpi:
            return behind_kpi.kpi_modal(session, found, of_kpi[1], actor, page=page, now=now)
        raise MalformedPayloadError("nothing was asked for")

    show(call, act(call.deps, call.client, user_of(call.body), deed))
