"""Draw the question whether an approval still holds, its answers, and what Home shows. Values in, blocks out."""

from collections.abc import Sequence
from typing import Final

from db.enums import RecertificationAnswer
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    header,
    modal,
    question,
    quoted,
    section,
    text_input,
    whole,
)
from handlers.ids import Action, Block, Callback
from handlers.recertifying.campaign_views import progress_line, scope_text
from handlers.recertifying.payloads import carried
from handlers.subjects import use_case_picture
from handlers.text import day_in_words, inline, listed, moment, named
from handlers.ways_to_answer import SOMETHING_CHANGED, answer_buttons
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor
from workflows.recertifying import Because, Confirmation, NotAnswered, Progress, Question, Renewed, SentOn, Why

QUESTIONS_SHOWN, LAPSED_SHOWN, CAMPAIGNS_SHOWN = 3, 5, 2
LONGEST_REASON = 1000
_BECAUSE: Final = {
    Because.LAPSED: "Its approval has lapsed, so people have to give it anew.",
    Because.STRICTER: "The policy in force gives it a stricter tier now, so people have to look at it again.",
    Because.UNANSWERED: "The policy in force asks what nobody answered about it, so people have to look at it again.",
    Because.BY_TIER: "In its tier the people who decide renew an approval.",
}
_SAID: Final = {
    RecertificationAnswer.STILL_VALID: "said that it still holds",
    RecertificationAnswer.CHANGED: "asked for a change of it",
    RecertificationAnswer.RETIRED: "retired it",
}


# ------------------------------------------------------------------------------------------------- Home


def home_blocks(questions: Sequence[Question]) -> list[BlockKit]:
    """Draw what this person is asked about approvals, soonest due first, and what of it has lapsed."""
    if not questions:
        return []
    blocks: list[BlockKit] = [{"type": "divider"}, header("Does this still hold?")]
    for each in questions[:QUESTIONS_SHOWN]:
        blocks.append(section(question_text(each)))
        blocks.append(actions(f"home.still_valid.{each.use_case.id}", *answer_buttons(each.use_case)))
    if len(questions) > QUESTIONS_SHOWN:
        blocks.append(context("There are more; they come up here as you answer these."))
    return blocks


def question_text(asked: Question) -> str:
    """Return the question in words that stay true, and what silence does."""
    what = f"*{asked.use_case.reference}* “{inline(asked.use_case.name, limit=150)}”"
    if asked.has_lapsed:
        return (
            f"⏸️ {what} is suspended: its approval ended on {day_in_words(asked.due_on)} and nobody answered. "
            "People have to approve it again before anybody uses it."
        )
    return (
        f"⏳ {what}: is it still done as it was approved? Please answer by {day_in_words(asked.due_on)}. "
        "Without an answer it is suspended after that day."
    )


def steering_blocks(
    campaigns: Sequence[Progress], lapsed: Sequence[tuple[UseCaseSnapshot, Sequence[Actor]]]
) -> list[BlockKit]:
    """Draw for those who steer how campaigns stand, what has lapsed, and the way to begin one."""
    blocks: list[BlockKit] = [{"type": "divider"}, header("Do approvals still hold?")]
    for each in campaigns[:CAMPAIGNS_SHOWN]:
        shown = button(
            Action.CAMPAIGN,
            "Who has not answered",
            str(each.id),
            label=f"Who has not answered: {scope_text(each.scope)}",
        )
        has_open = bool(each.answers.get(None))
        blocks.append(section(progress_line(each)) | ({"accessory": shown} if has_open else {}))
    if lapsed:
        blocks.append(section("\n".join(_lapsed_lines(lapsed))))
    if not campaigns and not lapsed:
        blocks.append(context("Owners are asked 30, 14 and 3 days before an approval ends. None has lapsed."))
    label = "Ask owners again whether approvals still hold"
    blocks.append(actions("home.campaigns", button(Action.ASK_OWNERS, "Ask owners again", "home", label=label)))
    return blocks


def _lapsed_lines(lapsed: Sequence[tuple[UseCaseSnapshot, Sequence[Actor]]]) -> list[str]:
    lines = ["⏸️ *Suspended because nobody said in time that they still hold*"]
    for use_case, whom in lapsed[:LAPSED_SHOWN]:
        who = listed([named(each.name) for each in whom], last="or") or "nobody is left to answer"
        lines.append(f"• *{use_case.reference}* “{inline(use_case.name, limit=80)}”: {who}")
    if len(lapsed) > LAPSED_SHOWN:
        lines.append(f"… and {len(lapsed) - LAPSED_SHOWN} or more.")
    return lines


# ---------------------------------------------------------------------------------------------- messages


def asked_blocks(asked: Question) -> list[BlockKit]:
    """Draw the question for who may answer it."""
    return [section(question_text(asked)), actions("recertifying.asked.buttons", *answer_buttons(asked.use_case))]


def sponsor_text(asked: Question) -> str:
    """Tell a sponsor that whoever answers has not yet, shortly before it is too late."""
    who = listed([named(each.name) for each in asked.asked], last="or")
    what = f"*{asked.use_case.reference}* “{inline(asked.use_case.name, limit=150)}”"
    return (
        f"⏳ {what}, which you sponsor: {who} was asked whether it is still done as it was approved, "
        "and did not answer. "
        f"Without an answer by {day_in_words(asked.due_on)} it is suspended. Please remind them."
    )


# ----------------------------------------------------------------------------------------------- windows


def confirm_modal(found: Confirmation) -> BlockKit:
    """Show what was approved to who is about to say that it still holds, and what that does."""
    use_case = found.question.use_case
    picture = use_case_picture(use_case)
    blocks = [
        section(
            f"You say that *{use_case.reference}* “{inline(use_case.name, limit=150)}” is done today "
            "as it stands below, and that all of it is still true."
        ),
        context(*_what_follows(found)),
        {"type": "divider"},
        quoted(picture.story),
        *whole(picture.whole, source=picture.source),
        context(f"Is anything different? Then close this and press *{SOMETHING_CHANGED}*."),
    ]
    title = f"Is {use_case.reference} still valid?"
    return modal(Callback.STILL_VALID, title, blocks, submit="Still valid", carries=carried(use_case))


def _what_follows(found: Confirmation) -> list[str]:
    if found.because is None:
        return [f"✅ Its approval is renewed until {day_in_words(found.until)}."] if found.until else []
    until = found.question.use_case.valid_until
    meanwhile = "It stays suspended until they have approved it."
    if not found.question.has_lapsed:
        meanwhile = f"Until they have, its approval holds until {day_in_words(until or found.question.due_on)}."
    return [f"👥 {_BECAUSE[found.because]} They are asked when you send this. {meanwhile}"]


def retire_modal(use_case: UseCaseSnapshot) -> BlockKit:
    """Ask for the reason, above what retiring means."""
    blocks = [
        section(
            f"You retire *{use_case.reference}* “{inline(use_case.name, limit=150)}”. Its approval ends at once, "
            "nobody may use it any more, and what is still asked about it is withdrawn. This cannot be undone."
        ),
        question(
            Block.RETIRE_REASON,
            "Why is it retired?",
            text_input(longest=LONGEST_REASON, multiline=True),
            hint="Owner and sponsor read this.",
        ),
    ]
    return modal(Callback.RETIRE, f"Retire {use_case.reference}", blocks, submit="Retire", carries=carried(use_case))


def done_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.RECERTIFYING, title, [section(text)])


# ----------------------------------------------------------------------------------------------- outcomes


def renewed_text(done: Renewed) -> str:
    return (
        f"✅ *{done.use_case.reference}* “{inline(done.use_case.name)}” is approved until {day_in_words(done.until)}."
    )


def sent_on_text(done: SentOn, *, is_approved: bool) -> str:
    """Say that people look at it again, and who has it now."""
    what = f"*{done.use_case.reference}* “{inline(done.use_case.name)}”"
    if is_approved:
        return f"✅ {what} was approved again by a line of the policy."
    names = list({each.id: named(each.name) for each in done.request.waits_for()}.values())
    who = f"{listed(names, last='and')} {'has' if len(names) == 1 else 'have'} it now." if names else ""
    nobody = "" if names else "Nobody may decide it yet: an admin has to give somebody a role that may."
    return f"👥 Your answer about {what} is stored. {_BECAUSE[done.because]} {who}{nobody}"


def retired_text(use_case: UseCaseSnapshot) -> str:
    return f"🗄️ *{use_case.reference}* “{inline(use_case.name)}” is retired. Owner and sponsor are told."


def not_answered_text(refused: NotAnswered) -> str:
    """Say why an answer does not count, and what to do instead."""
    what = refused.use_case.reference if refused.use_case else "It"
    match refused.why:
        case Why.UNKNOWN:
            return "There is no such use case, or nothing is asked about it. Nothing was stored."
        case Why.NOT_YOURS:
            return f"Only who owns {what} can answer whether it still holds, or its sponsor once they left."
        case Why.NOT_ASKED:
            until = refused.use_case.valid_until if refused.use_case else None
            holds = f" Its approval holds until {day_in_words(until)}." if until else ""
            return f"Nothing is asked about {what} now.{holds} You are asked 30 days before it ends."
        case Why.ANSWERED:
            return _answered_text(refused.question) if refused.question else "That is answered already."
        case Why.CHANGE_PENDING:
            return (
                f"A change of {what} is being decided, and people cannot look at two texts at once. Wait for that, "
                "or open it and withdraw it; then answer again."
            )
        case Why.CHANGED_MEANWHILE:
            return f"{what} says something else by now. Nothing was stored; press Still valid again and read it."
        case Why.PROHIBITED:
            return (
                f"The policy in force prohibits what {what} does: {inline(refused.reason)} It cannot be renewed. "
                f"Press {SOMETHING_CHANGED} if an answer is wrong, or retire it."
            )


def _answered_text(asked: Question) -> str:
    what = asked.use_case.reference
    if asked.answer is None or asked.answered_by is None or asked.answered_at is None:
        return f"{what} was settled already. Nothing was changed."
    said = _SAID.get(asked.answer, "answered")
    decide = (
        " People decide about that now."
        if asked.request_id and asked.answer is not RecertificationAnswer.RETIRED
        else ""
    )
    return f"{named(asked.answered_by.name)} {said}, {moment(asked.answered_at)}.{decide} Nothing was changed."
