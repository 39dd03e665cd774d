"""What is said when a condition cannot be set, met or judged as somebody tried."""

from typing import Final

from handlers.ids import Block
from handlers.terms import waived_by
from handlers.text import listed, moment, named
from workflows.conditions import LONGEST, ConditionSnapshot, Field, Flaw, Refusal

FLAWS: Final = {
    Flaw.NOTHING_ASKED: "Say what has to be done, or approve it without conditions.",
    Flaw.TEXT_MISSING: "Say what has to be done.",
    Flaw.TEXT_TOO_LONG: f"Please say it in at most {LONGEST} letters.",
    Flaw.TWICE: "You ask the same person for the same thing above. Say what is different, or empty this one.",
    Flaw.OWNER_MISSING: "Choose who has to do it.",
    Flaw.OWNER_NOT_A_MEMBER: "Choose a full member of your organisation: no guests, apps or people from elsewhere.",
    Flaw.OWNER_UNCHECKED: "Slack cannot be asked right now who this is. Please try again in a minute.",
    Flaw.DAY_MISSING: "Choose by when it has to be done.",
    Flaw.DAY_PAST: "Choose tomorrow or a later day: whoever has to do it hears of it first.",
    Flaw.DAY_TOO_FAR: "Choose a day within the next two years.",
}
FIELDS: Final = {
    Field.TEXT: Block.CONDITION_TEXT,
    Field.OWNER: Block.CONDITION_OWNER,
    Field.DAY: Block.CONDITION_DAY,
}
REFUSALS: Final = {
    Refusal.UNKNOWN: "That condition does not exist any more. Nothing was changed.",
    Refusal.NOT_IN_FORCE: "It is not decided yet, so nobody has to meet that condition. Nothing was changed.",
    Refusal.SETTLED: "That condition is {outcome}. Nothing was changed.",
    Refusal.NOT_THE_OWNER: "{owner} has to meet that condition. Nothing was changed; please give them what you have.",
    Refusal.NOT_OF_THE_LANE: "Only {lanes} can say that, because they set the condition. Nothing was changed.",
    Refusal.OWN_CONDITION: "You have to meet that condition, so somebody else of {lanes} judges it.",
    Refusal.OWN_EVIDENCE: "You gave that evidence, so somebody else of {lanes} judges it.",
    Refusal.ANSWERED: "You have answered for your part already; {lanes} still look at it. Nothing was changed.",
    Refusal.NOTHING_OFFERED: "There is no evidence to judge right now. {owner} has the condition. Nothing was changed.",
    Refusal.OTHER_EVIDENCE: "Other evidence was given meanwhile. Open the condition in Home and look at that.",
    Refusal.REASON_MISSING: "Please say why. {owner} reads it, and it is kept on the record.",
    Refusal.LINK_MISSING: "Give the address where it can be opened, beginning with https://.",
    Refusal.LINK_UNUSABLE: "That cannot be opened. Give a whole address, beginning with https:// or http://.",
    Refusal.WORDS_MISSING: "Say in words how the condition is met.",
    Refusal.TOO_LONG: "That is too long. Put it into a document and give its address.",
}
AT_FIELD: Final = {
    Refusal.REASON_MISSING: Block.CONDITION_REASON,
    Refusal.LINK_MISSING: Block.EVIDENCE_LINK,
    Refusal.LINK_UNUSABLE: Block.EVIDENCE_LINK,
    Refusal.WORDS_MISSING: Block.EVIDENCE_WORDS,
    Refusal.TOO_LONG: Block.EVIDENCE_WORDS,
}
"""Where a form shows what is wrong with what was typed."""


def refusal_text(why: Refusal, condition: ConditionSnapshot | None) -> str:
    """Return what somebody is told who could do nothing about a condition; the late one hears what became of it."""
    if condition is None:
        return REFUSALS[why].format(owner="Whoever has to meet it", lanes="those who set it", outcome="settled")
    lanes = listed([named(each) for each in condition.asked_by], last="and") or "those who set it"
    return REFUSALS[why].format(owner=named(condition.owner.name), lanes=lanes, outcome=_outcome(condition))


def _outcome(condition: ConditionSnapshot) -> str:
    when = f" since {moment(condition.settled_at)}" if condition.settled_at else ""
    waived = waived_by(condition)
    return f"waived by {waived}{when}" if condition.status.value == "waived" else f"met{when}"
