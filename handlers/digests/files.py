"""Send a digest as a file to whoever asks for it."""

from db.enums import OutboxKind
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.digests.export import Format
from handlers.ids import Action
from handlers.payloads import action_key, taken, taken_uuid, user_of
from handlers.routing import Call, whisper, whispered
from workflows import deliveries, digests, outbox
from workflows.outbox import Promise
from workflows.people import Actor, NotAMember, Unchecked

FORGOTTEN = "That digest is not kept any more, or an older Gatehouse made it. Open this week's: `/gatehouse digest`."
COMES = "📎 The digest of {week} comes as {name} in your direct messages with me."


def on_csv(call: Call) -> None:
    _send(call, Format.CSV)


def on_xlsx(call: Call) -> None:
    _send(call, Format.XLSX)


def on_html(call: Call) -> None:
    _send(call, Format.HTML)


def _send(call: Call, how: Format) -> None:
    """Promise whoever pressed the file in their direct messages, and tell them so privately; once for a press."""
    digest_id, key = taken_uuid(taken(call.body, "actions", 0, "value")), action_key(call.body)

    def promised(session: Session, actor: Actor) -> str:
        found = digests.find(session, digest_id)
        told = FORGOTTEN if found is None else COMES.format(week=found.digest.window.iso_week, name=how.upper())
        promises = [whispered(call.body, told)]
        if found is not None:
            promises.append(Promise(OutboxKind.DIGEST_FILE, actor.slack_id, digest_id, {"format": how.value}))
        outbox.promise(session, promises, now=call.deps.now())
        return told

    def deed(session: Session, actor: Actor) -> str:
        return deliveries.once(session, key, lambda: promised(session, actor), now=call.deps.now())

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotAMember | Unchecked):
        whisper(call, refusal_text(outcome))
    call.ack()
    call.deps.wake_outbox()


ACTIONS = {
    Action.DIGEST_FILE_CSV: on_csv,
    Action.DIGEST_FILE_XLSX: on_xlsx,
    Action.DIGEST_FILE_HTML: on_html,
}
