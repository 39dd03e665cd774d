"""Draw the fast lane: each line that approves, and the form that opens a closed one again. Values in, Block Kit out."""

from collections.abc import Iterator, Sequence

from handlers.auditing.words import audits_text, state_text, summary_text, why_text
from handlers.blocks import BlockKit, actions, button, context, modal, question, section, text_input
from handlers.ids import Action, Block, Callback
from handlers.text import inline, moment, named
from workflows.auditing import AuditSnapshot, LineChange, LineSnapshot
from workflows.policy import FastLane

TITLE = "Fast lane"
LINES_SHOWN = 20
LONGEST_REASON = 1000


def home_blocks(lines: Sequence[LineSnapshot]) -> list[BlockKit]:
    """Return how the audited lines did this month, for those who steer; nothing where no line is audited."""
    shown = [line for line in lines if line.rule is not None]
    if not shown:
        return []
    mark = "⚠️" if any(line.is_closed for line in shown) else "⚡"
    told = "\n".join(f"`{line.line}`: {summary_text(line, 'this month')}" for line in shown[:LINES_SHOWN])
    look = button(Action.FAST_LANE, "Fast lane", "home", label="Open the fast lane and its audits")
    return [{"type": "divider"}, section(f"{mark} *Fast lane*\n{told}") | {"accessory": look}]


def lines_page(lines: Sequence[LineSnapshot], *, may_reopen: bool, notice: str = "") -> BlockKit:
    """Return every line that approves, with the way to open a closed one again for who may."""
    blocks = [section(notice)] if notice else []
    blocks += [
        context("What these lines of the policy approve, nobody is asked about; people look at a random share later.")
    ]
    for line in lines[:LINES_SHOWN]:
        blocks += [{"type": "divider"}, *_line(line, may_reopen=may_reopen)]
    if not lines:
        blocks.append(section("No line of the policy approves anything by itself."))
    blocks.append(context("`gatehouse policy audits` proves that chance alone chose what is audited."))
    return modal(Callback.FAST_LANE, TITLE, blocks)


def reopen_page(line: LineSnapshot) -> BlockKit:
    """Ask why a closed line may approve again."""
    blocks = [
        section(f"*`{line.line}`* is closed. {why_text(line)}"),
        context("Opened again, it approves at once what fits it, and its audits are counted anew from now on."),
        question(
            Block.REOPEN_REASON,
            "Why may it approve again?",
            text_input(longest=LONGEST_REASON, multiline=True),
            hint="What was changed, so that it does not approve the same again. It stands on the record.",
        ),
    ]
    return modal(Callback.REOPEN_LINE, TITLE, blocks, submit="Open it again", carries=line.line)


def notice_page(text: str) -> BlockKit:
    return modal(Callback.FAST_LANE, TITLE, [section(text)])


def changed_text(what: LineChange, audit: AuditSnapshot, stands: FastLane | None) -> str:
    """Tell those who steer what became of a line, as it stands when this is sent."""
    about = f"*{audit.reference}*, the audit of *{audit.use_case.reference}*"
    if what is LineChange.UNSEEN:
        return (
            f"⌛ {about}, ended: nobody looked at it in time. It counts neither as passed nor as failed. "
            f"Whether somebody should look is yours to say."
        )
    failed = f"{stands.failed} of the last {stands.counted} audits failed" if stands else "audits failed"
    if what is LineChange.CLOSED:
        return (
            f"⛔ The policy's line `{audit.line}` approves nothing any more: {failed}, the last one {about}. "
            "What it would approve goes to people, until an admin opens it again."
        )
    share = f"{stands.share} %" if stands else "more"
    what_now = f"{share} of what the policy's line `{audit.line}` approves is audited from now on"
    return f"⚠️ {what_now}: {failed}, the last one {about}."


def changed_blocks(text: str) -> list[BlockKit]:
    look = button(Action.FAST_LANE, "Fast lane", "message", label="Open the fast lane and its audits")
    return [section(text), actions("auditing.changed.buttons", look)]


def _line(line: LineSnapshot, *, may_reopen: bool) -> Iterator[BlockKit]:
    mark = "⛔" if line.is_closed else "⚡" if line.reason is not None else "▫️"
    reason = f"\n“{inline(line.reason)}”" if line.reason else ""
    block = section(f"{mark} *`{line.line}`* · {state_text(line)}{reason}")
    if line.is_closed and may_reopen:
        label = f"Open {line.line} again"
        block["accessory"] = button(Action.REOPEN_LINE, "Open it again", line.line, label=label)
    yield block
    yield context(
        *filter(None, (f"{line.approved} approved in all, {audits_text(line)}.", why_text(line), *_reopened(line)))
    )


def _reopened(line: LineSnapshot) -> Iterator[str]:
    if line.reopened_at is not None:
        by = named(line.reopened_by.name) if line.reopened_by else "the command line"
        yield f"Opened again by {by}, {moment(line.reopened_at)}; audits are counted from then on."
