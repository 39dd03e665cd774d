"""Answer a press with a window, or with a private word on why there is none."""

from collections.abc import Callable

from handlers.acting import refusal_text
from handlers.blocks import BlockKit
from handlers.modals import show_modal
from handlers.routing import Call, whisper
from workflows.people import NotAMember, Unchecked


def show(
    call: Call,
    shown: BlockKit | str | NotAMember | Unchecked,
    how: Callable[[Call, BlockKit], str | None] = show_modal,
) -> None:
    """Show a window, or say privately why there is none. `how` returns why it could not be shown, or None."""
    if isinstance(shown, NotAMember | Unchecked):
        whisper(call, refusal_text(shown))
    elif isinstance(shown, str):
        whisper(call, shown)
    else:
        problem = how(call, shown)
        if problem is not None:
            whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()
