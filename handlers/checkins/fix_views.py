"""Draw fixes: what is offered, the forms, and what somebody has to do. Values in, Block Kit out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from db.enums import Membership, RootCause
from handlers.blocks import BlockKit, actions, button, context, day, modal, person, question, radio, section, text_input
from handlers.corrections import CAUSES, SUGGESTIONS, fix_line, is_due_text
from handlers.ids import Action, Block, Callback
from handlers.text import day_in_words, inline, moment, named
from workflows.checkins import LONGEST_FIX, FixSnapshot, NoFix

TITLE_SHOWN, TEXT_SHOWN, LONGEST_REASON = 150, 300, 1000
CONFIDENTIAL: Final = "*Confidential use case*"
UNKNOWN: Final = "There is no such fix, or you have no part in it. Nothing was changed."
WHY_NOT: Final[Mapping[NoFix, str]] = {
    NoFix.UNKNOWN: UNKNOWN,
    NoFix.NOT_YOURS: (
        "Only who has to do it, who accepted it, the use case's owner and sponsor, and programme leads can do that. "
        "Nothing was changed."
    ),
    NoFix.ENDED: "The use case has ended, so nothing is to be fixed any more. Nothing was changed.",
    NoFix.NOTHING_CORRECTED: "The answer says that nothing was corrected because of that. Choose another cause.",
    NoFix.OPEN_ALREADY: "A fix for that is open already: {fix}. Change that one, or say that it is done.",
    NoFix.TEXT_MISSING: "Say in a sentence what will be done.",
    NoFix.TEXT_TOO_LONG: "At most 1000 characters. Put the details where people work with them, and name the place.",
    NoFix.NOT_A_READER: (
        "This use case is confidential and they have no part in it. Choose its owner, its sponsor, or somebody in its "
        "chain."
    ),
    NoFix.DUE_MISSING: "Choose a day.",
    NoFix.DUE_PAST: "That day has passed. Choose today or a later one.",
    NoFix.DUE_TOO_FAR: "Choose a day within a year: what takes longer is better cut into steps.",
    NoFix.REASON_MISSING: "Say in a few words why, for example “The supplier has mended it”.",
    NoFix.DONE: "{by} said {at} that this is done. Nothing was changed.",
    NoFix.DROPPED: "{by} dropped this {at}. Nothing was changed.",
    NoFix.UNCHANGED: "It is like that already. Change something, or close the window.",
    NoFix.CHANGED_MEANWHILE: (
        "It was changed while your form was open: {fix}. Nothing of yours was stored; open it again and look."
    ),
}


def why_text(why: NoFix, fix: FixSnapshot | None, *, now: datetime) -> str:
    """Return why nothing came of it. Without a fix nothing of it is named."""
    if fix is None:
        return WHY_NOT[why].format(fix="somebody else's", by="Somebody", at="already")
    ended_by, ended_at = fix.done_by or fix.dropped_by, fix.done_at or fix.dropped_at
    by, at = named(ended_by.name) if ended_by else "Somebody", moment(ended_at) if ended_at else "already"
    return WHY_NOT[why].format(fix=fix_line(fix, now=now), by=by, at=at)


def suggested_text(cause: RootCause) -> str:
    """Return what helps against a cause, for a line of its own."""
    return f"💡 {CAUSES[cause].capitalize()}: {SUGGESTIONS[cause][0].lower()}{SUGGESTIONS[cause][1:]}"


def accept_button(check_in_id: str, cause: RootCause, what: str) -> BlockKit:
    """Return the way to the form; `what` names the use case for a screen reader."""
    label = f"Accept a fix, because {CAUSES[cause]}: {what}"
    return button(Action.ACCEPT_FIX, "Accept fix …", f"{check_in_id}.{cause}", label=label)


def fix_buttons(fix: FixSnapshot, *, is_first: bool = False) -> list[BlockKit]:
    """Return what can be done with an open fix."""
    value, what = str(fix.id), fix.text
    done = button(Action.FINISH_FIX, "Done", value, style="primary" if is_first else None, label=f"It is done: {what}")
    return [done, change_button(fix), button(Action.DROP_FIX, "Drop …", value, label=f"Drop, saying why: {what}")]


def change_button(fix: FixSnapshot) -> BlockKit:
    return button(Action.CHANGE_FIX, "Change …", str(fix.id), label=f"Change who, what or when: {fix.text}")


def accept_modal(
    check_in_id: str, about: str, causes: Sequence[RootCause], cause: RootCause, *, text: str, owner: str, due: date
) -> BlockKit:
    """Ask what will be done about one of these causes, by whom and by when, filled in with what is usual."""
    chosen = radio({each: CAUSES[each].capitalize() for each in causes}, chosen=cause)
    asked = question(Block.FIX_CAUSE, "Why outputs had to be corrected", {**chosen, "action_id": Action.CHOOSE_CAUSE})
    blocks = [section(about), asked | {"dispatch_action": True}, *_fields(cause, text, owner, due)]
    return modal(Callback.ACCEPT_FIX, "Accept a fix", blocks, submit="Accept", carries=check_in_id)


def change_modal(fix: FixSnapshot, about: str) -> BlockKit:
    """Ask for the same again, filled in as it stands."""
    owner = fix.owner.slack_id if fix.owner.membership is Membership.MEMBER else ""
    blocks = [
        section(about),
        context(f"Accepted because {CAUSES[fix.cause]}."),
        *_fields(fix.cause, fix.text, owner, fix.due),
    ]
    return modal(Callback.CHANGE_FIX, "Change a fix", blocks, submit="Save", carries=f"{fix.id}.{fix.version}")


def drop_modal(fix: FixSnapshot, about: str) -> BlockKit:
    """Ask why nothing is done about it after all."""
    hint = "It is kept with this reason; another fix can be accepted then."
    reason = question(Block.FIX_REASON, "Why?", text_input(longest=LONGEST_REASON, multiline=True), hint=hint)
    blocks = [section(f"{about}\n“{inline(fix.text, limit=TEXT_SHOWN)}”"), reason]
    return modal(Callback.DROP_FIX, "Drop a fix", blocks, submit="Drop", carries=str(fix.id))


def text_block(cause: RootCause) -> str:
    """Return the block that asks what will be done: another one for each cause, so that each has its suggestion."""
    return f"{Block.FIX_TEXT}.{cause}"


def stored_text(fix: FixSnapshot, *, by_owner: bool) -> str:
    """Return what is stored, and who hears of it."""
    what = f"“{inline(fix.text, limit=TEXT_SHOWN)}”, {named(fix.owner.name)}, by {day_in_words(fix.due)}"
    hears = "You are" if by_owner else f"{named(fix.owner.name)} is told, and"
    return f"✅ {what}. {hears} reminded when it is due."


def given_text(fix: FixSnapshot, about: str) -> str:
    """Tell somebody that a fix is theirs to do."""
    return (
        f"🛠️ {about}: a fix is yours to do by {day_in_words(fix.due)}, because {CAUSES[fix.cause]}:\n"
        f"“{inline(fix.text, limit=TEXT_SHOWN)}”\nAccepted by {named(fix.accepted_by.name)}."
    )


def due_text(fix: FixSnapshot, about: str, *, now: datetime, is_last: bool) -> str:
    """Return words that stay true: the message is not redrawn when the fix is done."""
    after = " This is the last reminder." if is_last else ""
    return (
        f"A reminder: a fix of {about} {is_due_text(fix, now)}:\n“{inline(fix.text, limit=TEXT_SHOWN)}”\n"
        f"Is it done?{after}"
    )


def to_do_blocks(text: str, fix: FixSnapshot) -> list[BlockKit]:
    """Draw a message with what can be done."""
    return [section(text), actions("checkins.fix.buttons", *fix_buttons(fix, is_first=True))]


def home_item(fix: FixSnapshot, about: str, *, now: datetime) -> list[BlockKit]:
    """Draw a fix for the Home of whoever has it to do."""
    when = "⚠️ Overdue, it was due" if fix.is_overdue(now) else "By"
    text = f"{about}: “{inline(fix.text, limit=TEXT_SHOWN)}”\n{when} {day_in_words(fix.due)}"
    return [section(text), actions(f"home.fix.{fix.id}", *fix_buttons(fix))]


def _fields(cause: RootCause, text: str, owner: str, due: date) -> list[BlockKit]:
    longest = text_input(longest=LONGEST_FIX, multiline=True, initial=text)
    hint = "They are reminded on that day, in their working hours, and once more."
    return [
        question(text_block(cause), "What will be done", longest),
        question(Block.FIX_OWNER, "Who does it", person(placeholder="Choose a colleague", chosen=owner)),
        question(Block.FIX_DAY, "By when", day(chosen=due.isoformat()), hint=hint),
    ]
