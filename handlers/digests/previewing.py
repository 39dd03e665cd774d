"""Send an admin what a digest would say if it were posted now."""

from db.session import Session
from handlers.blocks import BlockKit
from handlers.digests.words import days_text
from handlers.ids import Block
from handlers.modals import update_modal
from handlers.payloads import action_key, chosen_in_search
from handlers.routing import Call, whisper
from handlers.settings import views
from handlers.settings.admins import NotAnAdmin, as_admin, why_not
from handlers.settings.payloads import ZONES
from workflows import deliveries, digests
from workflows.people import Actor, NotAMember, Unchecked


def on_preview(call: Call) -> None:
    """Promise what would be posted now, in the zone that is chosen; it is read first, so that nobody has to wait."""
    chosen, key = chosen_in_search(call.body, Block.DIGEST_ZONE), action_key(call.body)
    who = as_admin(call, lambda _, actor: actor)
    if isinstance(who, NotAnAdmin | NotAMember | Unchecked):
        _show(call, views.notice_page(why_not(who)))
        return
    zone = chosen if chosen in ZONES else who.zone
    window = digests.window_if_posted_now(call.deps.now(), zone)
    with call.deps.reading() as session:
        digest = digests.digest_of(session, window, now=call.deps.now())

    def promised(session: Session, actor: Actor) -> str:
        digests.preview(session, digest, to=actor, now=call.deps.now())
        return f"✅ A preview of {days_text(window)} ({window.zone}) comes in your direct messages with me."

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: promised(session, actor), now=call.deps.now())
        return views.digest_page(zone, told)

    outcome = as_admin(call, deed)
    refused = isinstance(outcome, NotAnAdmin | NotAMember | Unchecked)
    _show(call, views.notice_page(why_not(outcome)) if refused else outcome)  # type: ignore[arg-type]


def _show(call: Call, view: BlockKit) -> None:
    problem = update_modal(call, view)
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()
