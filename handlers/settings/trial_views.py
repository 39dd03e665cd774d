"""Draw the trial of another policy: the file's form, and what it would change. Snapshots in, Block Kit out."""

from collections.abc import Iterator, Sequence

from handlers.blocks import BlockKit, actions, button, context, header, modal, question, section, sections
from handlers.ids import Action, Block, Callback
from handlers.settings.trial_words import change_texts, expected_text, note_texts, total_text
from handlers.settings.views import TITLE, back
from handlers.text import escape, inline
from workflows.simulating import LAST, Changed, Simulated

SHOWN = 30
LONGEST = 2900
"""Characters of one submission: Slack takes 3,000 in a section."""

_WHAT = (
    f"See whose tier, approvers or waiting time a policy file would have changed, on the last {LAST} submissions. "
    "Nothing is put in force, and Gatehouse keeps nothing of it."
)
_NOT_GRANTED = (
    "⚠️ Gatehouse may not read files here: the optional scope `files:read` was not granted when it was installed. "
    "On its host the same is told by\n`gatehouse policy simulate FILE`"
)


def trial_page(*, reads_files: bool, problems: Sequence[str] = ()) -> BlockKit:
    """Ask for a policy file, below what was wrong with the one before; without the scope say what to do instead."""
    if not reads_files:
        return modal(Callback.SETTINGS, TITLE, [section(_WHAT), section(_NOT_GRANTED), back()])
    blocks = [section(_WHAT)]
    if problems:
        told = ["*The policy cannot be used:*", *(f"• {inline(each)}" for each in problems)]
        blocks = [*sections(*told), {"type": "divider"}]
    file = {"type": "file_input", "filetypes": ["yml", "yaml"], "max_files": 1}
    hint = "Begin with what gatehouse policy show prints. Slack keeps the file among yours."
    asked = question(Block.POLICY_FILE, "Policy file", file, hint=hint)
    return modal(Callback.TRY_POLICY, TITLE, [*blocks, asked, back()], submit="Try it")


def result_page(found: Simulated) -> BlockKit:
    """Return what the file would change: the totals, what to know of them, then submission by submission."""
    blocks = [
        header(f"“{found.name}”, tried"),
        section(f"*{escape(total_text(found.totals))}*"),
        *_refusals(found),
        *(context(inline(note)) for note in (expected_text(found), *note_texts(found)) if note),
    ]
    if found.changed:
        blocks += [
            {"type": "divider"},
            *(_changed(each, with_time=found.expected is not None) for each in found.changed[:SHOWN]),
        ]
        if len(found.changed) > SHOWN:
            more = len(found.changed) - SHOWN
            blocks.append(context(f"{more} more: `gatehouse policy simulate FILE` names all."))
        blocks.append(
            context("Hours are working hours: the longest the policy gives. Names are who holds the roles today.")
        )
    again = button(Action.SETTINGS_PAGE, "Try another file", "policy")
    blocks.append(context(f"Compared with version {found.in_force}, which is in force. Nothing was changed."))
    return modal(Callback.SETTINGS, TITLE, [*blocks, actions("settings.policy.again", again), back()])


def _refusals(found: Simulated) -> list[BlockKit]:
    if not found.refusals:
        return []
    told = ["⚠️ *As things are, it could not be applied:*", *(f"• {inline(each)}" for each in found.refusals)]
    return sections(*told)


def _changed(changed: Changed, *, with_time: bool) -> BlockKit:
    lines = [
        f"*{changed.reference}* {inline(changed.name, limit=100)}",
        *(f"• {inline(each)}" for each in _texts(changed, with_time=with_time)),
    ]
    return section("\n".join(lines))


def _texts(changed: Changed, *, with_time: bool) -> Iterator[str]:
    """Yield what would change, as far as it can be shown: where very much does, the weightiest."""
    left = LONGEST
    for text in change_texts(changed, with_time=with_time):
        left -= len(inline(text)) + 3
        if left < 0:
            yield "…"
            return
        yield text
