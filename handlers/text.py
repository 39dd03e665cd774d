"""Show what people wrote, harmlessly; and the few phrases every screen shares."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.enums import DataClass, Processing, RequestStatus, Tier, UseCaseState

# Direction overrides and isolates can make a text imitate what stands around it; ours are put back in pairs.
_DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_SHORTCODE = re.compile(r":(?=[^:\s]*[a-z])([\w+'-]+):", re.IGNORECASE)
_ITALIC_MARK = re.compile(r"(?<!\w)_|_(?!\w)")
NAME_SHOWN, NAMES_SHOWN = 60, 5
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def escape(text: str) -> str:
    """Return `text` for mrkdwn: Slack asks for these three and no others, and without them `<!channel>` pages all."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(text: str, *, limit: int | None = None) -> str:
    """Return what a person wrote so that it cannot disturb its surroundings, shortened to `limit` characters."""
    calm = _DIRECTION_CONTROLS.sub("", text)
    if limit is not None and len(calm) > limit:
        calm = calm[: limit - 1].rstrip() + "…"
    if _RIGHT_TO_LEFT.search(calm) and (limit is None or len(calm) + 2 <= limit):
        return f"{_FIRST_STRONG_ISOLATE}{calm}{_POP_ISOLATE}"
    return calm


def inline(text: str, *, limit: int | None = None) -> str:
    """Return what a person wrote for use inside a mrkdwn line of ours: one line, harmless, and without any format.

    Slack knows no escape for its format marks, and a bold “✅ Approved by Ann” in a name would pass for our word. So
    they are replaced by letters that look like them; where the text itself is read it stands in plain text.
    """
    calm = shown(" ".join(text.split()), limit=limit)
    calm = _SHORTCODE.sub("\ua789\\1\ua789", calm.translate(_LOOKALIKES))
    return escape(_ITALIC_MARK.sub("\u02cd", calm))


def named(name: str) -> str:
    """Return the name of a person, lane or stage for mrkdwn: on one line, short, and harmless."""
    return inline(name, limit=NAME_SHOWN)


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def moment(when: datetime) -> str:
    """Return a moment for mrkdwn in the reader's own zone; the fallback says UTC."""
    fallback = f"{when:%d %b %Y, %H:%M} UTC"
    return f"<!date^{int(when.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def listed(names: list[str], *, last: str = "or") -> str:
    """Return “Ann”, “Ann or Ben”, “Ann, Ben or Cleo”; of many, the first few and how many more."""
    if len(names) > NAMES_SHOWN + 1:
        names = [*names[:NAMES_SHOWN], f"{len(names) - NAMES_SHOWN} others"]
    if len(names) < 2:  # noqa: PLR2004 - one name needs no conjunction
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


TIERS = {
    Tier.PROHIBITED: "Prohibited",
    Tier.HIGH: "High tier",
    Tier.MEDIUM: "Medium tier",
    Tier.LOW: "Low tier",
}

REQUEST_STATUSES = {
    RequestStatus.IN_REVIEW: "In review",
    RequestStatus.CHANGES_REQUESTED: "Changes requested",
    RequestStatus.APPROVED: "Approved",
    RequestStatus.REJECTED: "Rejected",
}

USE_CASE_STATES = {state: state.value.replace("_", " ").capitalize() for state in UseCaseState}

DATA_CLASSES = {
    DataClass.PUBLIC: "Public",
    DataClass.INTERNAL: "Internal",
    DataClass.CONFIDENTIAL: "Confidential",
    DataClass.PERSONAL: "Personal data",
    DataClass.SENSITIVE_PERSONAL: "Sensitive personal data",
    DataClass.UNKNOWN: "I do not know",
}

PROCESSINGS = {
    Processing.PRIVATE_WORKSPACE: "Private workspace",
    Processing.OWN_CLOUD: "Our own cloud",
    Processing.THIRD_PARTY: "A third party",
    Processing.UNKNOWN: "I do not know",
}

_FACTS: Mapping[str, Mapping[Any, str]] = {"data_class": DATA_CLASSES, "processing": PROCESSINGS}


def answer_in_words(fact: str, value: str) -> str:
    """Return an answer to one of the questions everybody is asked, or nothing when the organisation asks it itself."""
    return next((says for answer, says in _FACTS.get(fact, {}).items() if answer == value), "")
