"""What the steps of a draft ask, and what people are told who cannot go on with one."""

from collections.abc import Mapping
from typing import Any, Final

from handlers.text import (
    AFFECTED,
    AREAS,
    BUILDS,
    DATA_CLASSES,
    DECISIONS,
    DIRECTIONS,
    NONE_OF_THESE,
    OUTPUT_USES,
    PRACTICES,
    PROCESSINGS,
)
from workflows.intake import NONE, Effect, NotNow, Step

TITLES: Final = {
    Step.BASICS: "The idea",
    Step.SIMILAR: "Is it one of these?",
    Step.FACTS: "What it touches",
    Step.DETAILS: "A few details",
    Step.VALUE: "What it brings",
    Step.PREVIEW: "Before you send it",
}


def _with_none(options: Mapping[Any, str]) -> dict[Any, str]:
    """Return the options with “None of these” before the last one, which is “I do not know”."""
    *known, unknown = options.items()
    return dict([*known, (NONE, NONE_OF_THESE), unknown])


CHOICES: Final[Mapping[str, Mapping[Any, str]]] = {
    "output_use": OUTPUT_USES,
    "data_class": DATA_CLASSES,
    "processing": PROCESSINGS,
    "build": BUILDS,
    "affected": AFFECTED,
    "decision": DECISIONS,
    "areas": _with_none(AREAS),
    "practices": _with_none(PRACTICES),
    "kpi_direction": DIRECTIONS,
}

LABELS: Final = {
    "name": "Name",
    "problem": "Which problem does it solve?",
    "team": "Team that will use it",
    "owner": "Owner",
    "sponsor": "Sponsor",
    "objective": "Business objective it serves",
    "output_use": "What is its output used for?",
    "confidential": "Who may know of it?",
    "differs": "Why is yours different?",
    "data_class": "Most sensitive data it uses",
    "processing": "Where is the data processed?",
    "build": "Who builds it?",
    "affected": "Whom does its output affect?",
    "decision": "Is anything decided with it, and by whom?",
    "areas": "Does it work in any of these areas?",
    "practices": "Does it do any of this?",
    "vendor": "Vendor",
    "model": "Model or product",
    "oversight": "Who checks what it produces, and how?",
    "outputs": "What does it produce?",
    "benefit": "What gets better, and for whom?",
    "kpi_name": "One number that will show it works",
    "kpi_unit": "Counted in",
    "kpi_direction": "Which way should it go?",
    "kpi_baseline": "Where does it stand today?",
    "kpi_target": "Target",
    "kpi_due": "To be reached by",
}

HINTS: Final = {
    "problem": "For whom, how often, and what happens today. Plain words are best.",
    "owner": "A full member who answers for it once it runs.",
    "sponsor": "Who stands up for it and its cost. It can be the owner, but two people are better than one.",
    "objective": "Type to search. If it is not there yet, choose “New: …”.",
    "differs": "One or two sentences. Those who decide read them.",
    "processing": "“I do not know” is a fine answer here and below; it counts as the stricter one.",
    "affected": "Everybody who sees or feels what it produces.",
    "areas": "Choose every one that fits, or “None of these”.",
    "practices": "Nobody here may do these with AI. Tick what applies, or “None of these”.",
    "oversight": "For example: the handler reads every summary beside the file before using it.",
    "kpi_baseline": "Leave it empty if nobody knows.",
    "kpi_target": "A number like 3 or 12.5 %. For a range both ends: 10 to 20.",
}

PLACEHOLDERS: Final = {
    "name": "Summarise complaint files",
    "objective": "Answer complaints within five days",
    "outputs": "A summary of one page for each file",
    "benefit": "Customers wait two days less for an answer",
    "kpi_name": "Hours per case file",
    "kpi_unit": "hours",
    "kpi_baseline": "6",
    "kpi_target": "3",
}

MULTILINE: Final = frozenset({"problem", "differs", "oversight", "outputs", "benefit"})

CONFIDENTIAL: Final = {"confidential": "Confidential: only those who decide on it or answer for it"}

EFFECTS: Final = {
    Effect.NOTHING: "✏️ *You have changed nothing yet.* Press Back and change what is to be different.",
    Effect.AT_ONCE: (
        "✏️ *Nobody has to decide about this.* Its name, why it is no other one, and who may know of it are yours to "
        "say; the change is in force as soon as you send it."
    ),
    Effect.ASKED: "✅ *It stays approved as it is* until this change is decided.",
    Effect.RETURNS: (
        "⚠️ *Its tier rises, so its approval ends when you send this.* It goes back into review, and must not be used "
        "before it is approved."
    ),
    Effect.SUSPENDS: (
        "⚠️ *Its tier rises, so it is suspended when you send this*, until the change is approved. Its owner and its "
        "sponsor are told."
    ),
}
STAYS_SUSPENDED: Final = "⏸️ *It is suspended* until a change of it is approved."

NOT_NOW: Final = {
    NotNow.GONE: "This draft is not there any more. Nothing was sent.",
    NotNow.DISCARDED: "This draft was discarded. Nothing was sent.",
    NotNow.JOINED: "You asked to join another use case with this draft, so it is closed.",
    NotNow.NOT_JOINABLE: "That use case cannot be joined any more. Your draft is kept in the Home tab.",
    NotNow.NOT_YOURS: "Only whoever proposed or owns a use case can change it.",
    NotNow.NOT_EDITABLE: "It cannot be changed now: it is in review, or came to an end. Nothing was sent.",
    NotNow.UNCHANGED: "You have changed nothing, so nothing was sent. The draft is in the Home tab.",
    NotNow.CHANGE_PENDING: (
        "A change of it is being decided already. Wait for that, or open it and withdraw it. Nothing was sent."
    ),
    NotNow.NOT_ENDED: "It has not come to an end, so it cannot be proposed anew.",
    NotNow.CHANGED_MEANWHILE: (
        "Somebody else has changed and sent it since you began, so your edit was not sent. "
        "If changes are requested again, press Edit and start from the newest text."
    ),
    NotNow.PROPOSED_MEANWHILE: (
        "Somebody else has proposed this meanwhile, under the number it was recorded with, so yours was not sent. "
        "Your draft is kept in the Home tab until you discard it."
    ),
}
