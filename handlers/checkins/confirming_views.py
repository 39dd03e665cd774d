"""Draw the message that asks somebody to confirm numbers, and what is said of them. Values in, Block Kit out."""

from collections.abc import Mapping
from typing import Final

from db.enums import Membership, Verdict
from handlers.blocks import BlockKit, actions, button, context, modal, person, question, quoted, section, sections
from handlers.blocks import text_input as text_field
from handlers.checkins.prompts import answer_button
from handlers.checkins.saying import NOTHING_CHANGED, subject_text
from handlers.hits import reason_text, said_on, who_and_when
from handlers.ids import Action, Block, Callback
from handlers.kpis import NAME_SHOWN, short_day, target_text, unit_text
from handlers.text import day_in_words, escape, inline, listed, named, shown
from workflows.checkins import (
    LONGEST_DOUBT,
    AskedToConfirm,
    CheckInSnapshot,
    Confirmations,
    Line,
    NotAVerifier,
    NoVerdict,
    NoVerifier,
    VerdictSnapshot,
    as_typed,
)
from workflows.checkins.turns import ENDED
from workflows.intake import UseCaseSnapshot

HIDDEN: Final = "Nothing is asked of you here any more."
CHANGED: Final = (
    "✏️ These numbers were changed, so nothing is asked of you here any more. "
    "The new ones are in a message of their own."
)
UNKNOWN: Final = f"You are not asked to confirm such numbers. {NOTHING_CHANGED}"
WHY_NOT: Final[Mapping[NoVerdict, str]] = {
    NoVerdict.UNKNOWN: UNKNOWN,
    NoVerdict.NOT_YOURS: (
        "Only the owner of the use case, its sponsor, programme leads and who is asked can confirm that. "
        f"{NOTHING_CHANGED}"
    ),
    NoVerdict.OWN_NUMBERS: f"You entered these numbers yourself, so somebody else confirms them. {NOTHING_CHANGED}",
    NoVerdict.FROM_SYSTEM: f"That comes from a system and needs nobody to confirm it. {NOTHING_CHANGED}",
    NoVerdict.CHANGED: (
        "These numbers were changed in the meantime, so what you said of the old ones was not stored. "
        "Look at the new ones, and say it of them."
    ),
    NoVerdict.SAID_ALREADY: "You confirmed that already; it counts once.",
    NoVerdict.ENDED: f"The use case has ended, so nothing is confirmed any more. {NOTHING_CHANGED}",
    NoVerdict.REASON_MISSING: "Say what is not right, for example “The log has 40 files, not 30”.",
    NoVerdict.REASON_TOO_LONG: f"At most {LONGEST_DOUBT} characters. Say it shorter.",
}
NOT_A_VERIFIER: Final[Mapping[NoVerifier, str]] = {
    NoVerifier.NOT_A_MEMBER: (
        "Choose a full member of your organisation: guests, apps and others cannot confirm numbers. "
        "Or leave it empty, and nobody is asked."
    ),
    NoVerifier.YOURSELF: "You give these numbers, so choose somebody else who can confirm them, or leave it empty.",
    NoVerifier.REPORTS: "{name} reports these numbers. Choose somebody else who can confirm them, or leave it empty.",
    NoVerifier.NOT_A_READER: (
        "This use case is confidential and {name} has no part in it. Choose its sponsor, or somebody in its chain; "
        "or leave it empty."
    ),
}
_NOT_ASKED: Final[Mapping[NoVerifier | None, str]] = {
    NoVerifier.NOT_A_MEMBER: "{name} has left. Choose somebody else in the form.",
    NoVerifier.YOURSELF: "{name}, who is usually asked, answered this time.",
    NoVerifier.REPORTS: "{name} reports these numbers now. Choose somebody else in the form.",
    NoVerifier.NOT_A_READER: "it is confidential and {name} has no part in it. Choose somebody else in the form.",
    None: "{name} entered these numbers.",
}


def verifier_question(found: CheckInSnapshot) -> list[BlockKit]:
    """Ask who can confirm the numbers; who is remembered stands there already. Nothing where nobody types any."""
    if not found.typed:
        return []
    known = found.verifier
    chosen = known.slack_id if known and known.membership is Membership.MEMBER else ""
    hint = "They get the numbers in a message and press one button. A target counts as hit once somebody confirmed it."
    label = "Who can confirm these numbers?"
    return [question(Block.VERIFIER, label, person(placeholder="A colleague", chosen=chosen), hint=hint, optional=True)]


def not_a_verifier_text(outcome: NotAVerifier) -> str:
    return NOT_A_VERIFIER[outcome.why].format(name=shown(outcome.verifier.name, limit=60))


def standing_text(about: Confirmations, why_not: NoVerifier | None) -> str:
    """Return in one line whether an answer is confirmed, who is asked, or why nobody is; nothing where nobody could be.

    `why_not` says why who is remembered cannot confirm it.
    """
    if not about.readings:
        return ""
    if about.confirmation is not None:
        return f"✅ Confirmed by {who_and_when(about.confirmation)}."
    if about.doubt is not None:
        return f"⚠️ {named(about.doubt.by.name)} says that is not right{reason_text(about.doubt)}."
    there = [each for each in about.asked if each.membership is Membership.MEMBER and about.for_person(each.id)]
    if there:
        names = listed([named(each.name) for each in there], last="and")
        return f"🔎 {names} {'is' if len(there) == 1 else 'are'} asked to confirm it."
    return _nobody_text(about, why_not)


def _nobody_text(about: Confirmations, why_not: NoVerifier | None) -> str:
    """Return why who is remembered is not asked; nothing where nobody was remembered then, or all is sure."""
    verifier = about.check_in.verifier
    if verifier is None or all(each.is_sure for each in about.readings):
        return ""
    entered = {each.entered_by.id for each in about.readings if each.entered_by}
    if why_not is None and verifier.id not in entered:
        return ""
    return f"Nobody is asked to confirm it: {_NOT_ASKED[why_not].format(name=named(verifier.name))}"


def asked_blocks(asked: AskedToConfirm, use_case: UseCaseSnapshot) -> list[BlockKit]:
    """Draw the numbers for one person who is asked, with the buttons as long as they can say something of them."""
    about = asked.about
    blocks = [section(f"🔎 {subject_text(use_case)}: are these numbers right?"), context(_reported(about))]
    blocks += sections(*(f"• {_line(each)}" for each in about.lines)) if about.lines else []
    answer = about.check_in.answer
    if answer is not None and answer.says.evidence:
        link = answer.says.evidence
        blocks.append(context(f"<{escape(link)}|Open what shows it> ({escape(shown(link, limit=80))})"))
    stands = _stands(asked)
    blocks += [context(stands)] if stands else []
    return [*blocks, *_buttons(asked, use_case)]


def asked_text(asked: AskedToConfirm, use_case: UseCaseSnapshot) -> str:
    """Return the same in words, complete by itself."""
    lines = " ".join(f"{_line(each)}." for each in asked.about.lines)
    lead = f"{subject_text(use_case)}: are these numbers right? {_reported(asked.about)}"
    return " ".join(filter(None, (lead, lines, _stands(asked))))


def hidden_blocks() -> list[BlockKit]:
    return [section(HIDDEN)]


def doubt_modal(asked: AskedToConfirm, use_case: UseCaseSnapshot) -> BlockKit:
    """Ask what is not right."""
    blocks = [
        section(subject_text(use_case)),
        *sections(*(f"• {_line(each)}" for each in asked.about.lines)),
        question(
            Block.DOUBT_REASON,
            "What is not right?",
            text_field(longest=LONGEST_DOUBT, multiline=True),
            hint="Who answered reads this, and can change the numbers.",
        ),
    ]
    return modal(Callback.DOUBT_NUMBERS, "Not right", blocks, submit="Send", carries=_carried(asked))


def doubted_text(found: CheckInSnapshot, use_case: UseCaseSnapshot, doubt: VerdictSnapshot, *, may_edit: bool) -> str:
    """Return what who answered reads, with what to do about it."""
    what = (
        f"{named(doubt.by.name)} says that the numbers of {subject_text(use_case)} for {day_in_words(found.on_date)} "
    )
    if may_edit:
        return f"⚠️ {what}are not right. You can change them until {day_in_words(found.ends_on)}."
    return f"⚠️ {what}are not right. That period is over, so say it in the next one, from {day_in_words(found.ends_on)}."


def doubted_blocks(
    text: str, found: CheckInSnapshot, use_case: UseCaseSnapshot, doubt: VerdictSnapshot, *, may_edit: bool
) -> list[BlockKit]:
    blocks = [section(text), *([quoted(doubt.reason)] if doubt.reason else [])]
    way_on = [actions("checkins.doubt.buttons", answer_button(found, use_case, "Edit"))] if may_edit else []
    return [*blocks, *way_on]


def _reported(about: Confirmations) -> str:
    answer, day = about.check_in.answer, day_in_words(about.check_in.on_date)
    return f"{named(answer.by.name)} reported them for {day}." if answer else f"They were reported for {day}."


def _line(line: Line) -> str:
    """Return “Hours per file: 5 hours instead of 5.5 (6 on 24 Feb 2026), target 3 hours by 1 Dec 2026”."""
    reading, before = line.reading, line.before
    changed = f" ✏️ instead of {as_typed(reading.instead_of)}" if reading.instead_of is not None else ""
    was = f" (before: {as_typed(before.value)} on {short_day(before.read_for)})" if before else ""
    value = f"{as_typed(reading.value)} {unit_text(reading.unit)}"
    return f"*{inline(line.kpi.name, limit=NAME_SHOWN)}*: {value}{changed}{was}, {target_text(line.kpi)}"


def _stands(asked: AskedToConfirm) -> str:
    about, theirs = asked.about, asked.about.for_person(asked.person_id)
    if about.check_in.stands.use_case in ENDED:
        return "It has ended, so nothing is asked of you any more."
    if not theirs:
        return "You entered these numbers yourself, so somebody else confirms them." if about.readings else HIDDEN
    said = _said(asked)
    if said is not None and said.verdict is Verdict.DOUBTED:
        return f"⚠️ You said on {said_on(said)} that this is not right{reason_text(said)}. Who answered is told."
    if said is not None:
        return f"✅ You confirmed this on {said_on(said)}."
    if about.confirmation is not None:
        return f"✅ Confirmed by {who_and_when(about.confirmation)}. Nothing is asked of you any more."
    is_new = any(each.instead_of is not None for each in theirs)
    return "What was changed is to be confirmed anew." if is_new else ""


def _said(asked: AskedToConfirm) -> VerdictSnapshot | None:
    """Return what this person said last of all they can say something of; nothing as long as some of it is new."""
    said = [each.said_by(asked.person_id) for each in asked.about.for_person(asked.person_id)]
    doubts = [each for each in said if each and each.verdict is Verdict.DOUBTED]
    if doubts:
        return max(doubts, key=lambda each: each.at)
    return None if None in said else max(filter(None, said), key=lambda each: each.at, default=None)


def _buttons(asked: AskedToConfirm, use_case: UseCaseSnapshot) -> list[BlockKit]:
    about = asked.about
    if about.check_in.stands.use_case in ENDED or not about.for_person(asked.person_id):
        return []
    said, what = _said(asked), f"{use_case.reference}, {use_case.name}"
    if said is None and about.confirmation is not None:
        return []
    confirm = button(
        Action.CONFIRM_NUMBERS, "Confirm", _carried(asked), style="primary", label=f"Confirm the numbers of {what}"
    )
    doubt = button(Action.DOUBT_NUMBERS, "Not right …", _carried(asked), label=f"Say what is not right about {what}")
    is_confirmed = said is not None and said.verdict is Verdict.CONFIRMED
    return [actions("checkins.verification.buttons", *([doubt] if is_confirmed else [confirm, doubt]))]


def _carried(asked: AskedToConfirm) -> str:
    """Return which request a button is about, and which answer's numbers stood above it."""
    return f"{asked.request_id}.{asked.about.revision}"
