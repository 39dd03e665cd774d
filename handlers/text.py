"""Show what people wrote, harmlessly; and the few phrases every screen shares."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from db.enums import (
    Affected,
    Area,
    Build,
    DataClass,
    Decision,
    Direction,
    OutputUse,
    Practice,
    Processing,
    RequestStatus,
    SuspensionCause,
    Tier,
    UseCaseState,
)

UNKNOWN = "unknown"

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


def draft_name(name: str, edits: str | None) -> str:
    """Return what a draft is called in mrkdwn, named or not."""
    what = f"“{inline(name, limit=150)}”" if name else "A draft without a name"
    return f"{what}, an edit of {edits}" if edits else what


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def day_in_words(day: date) -> str:
    """Return “Fri 4 Dec 2026”: a date of somebody's own zone, the same for every reader."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def moment(when: datetime) -> str:
    """Return a moment for mrkdwn in the reader's own zone; the fallback says UTC."""
    fallback = f"{when:%d %b %Y, %H:%M} UTC"
    return f"<!date^{int(when.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def counted(number: int, what: str) -> str:
    """Return “1 request”, “3 requests”."""
    return f"{number} {what}{'' if number == 1 else 's'}"


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
    RequestStatus.WITHDRAWN: "Withdrawn",
    RequestStatus.EXPIRED: "Expired",
}

SUSPENDED_BECAUSE = {
    SuspensionCause.TIER_ROSE: "a change somebody asks for raises its tier",
    SuspensionCause.CONDITION_OVERDUE: "a condition it was approved under is overdue",
    SuspensionCause.APPROVAL_LAPSED: "its approval has ended and nobody renewed it",
    SuspensionCause.BREAK_GLASS_ENDED: "it was let through by break-glass, and the time for that is over",
    SuspensionCause.AUDIT_FAILED: "people looked at what the policy had approved by itself, and do not agree",
    SuspensionCause.BY_HAND: "somebody who answers for it, or a programme lead, has stopped it",
}
SUSPENDED_UNTIL = {
    SuspensionCause.TIER_ROSE: "a change of it is approved",
    SuspensionCause.CONDITION_OVERDUE: "its overdue condition is met or waived",
    SuspensionCause.APPROVAL_LAPSED: "its approval is renewed",
    SuspensionCause.BREAK_GLASS_ENDED: "it is approved",
    SuspensionCause.AUDIT_FAILED: "people have approved it",
    SuspensionCause.BY_HAND: "its owner, its sponsor or a programme lead lets it go on",
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

OUTPUT_USES = {
    OutputUse.FINDING: "Finding things people look for",
    OutputUse.SUMMARISING: "Summarising",
    OutputUse.DRAFTING: "Drafting text, code or pictures",
    OutputUse.CLASSIFYING: "Sorting and labelling",
    OutputUse.ANSWERING: "Answering questions",
    OutputUse.RECOMMENDING: "Recommending what to do",
    OutputUse.FORECASTING: "Forecasting",
    OutputUse.MONITORING: "Watching for something unusual",
    OutputUse.ACTING: "Acting by itself",
    OutputUse.UNKNOWN: "I do not know",
}

BUILDS = {
    Build.IN_HOUSE: "We build it ourselves",
    Build.VENDOR: "A vendor",
    Build.BOTH: "A vendor and we together",
    Build.UNKNOWN: "I do not know",
}

AFFECTED = {
    Affected.OWN_TEAM: "Only the team that uses it",
    Affected.EMPLOYEES: "Other employees",
    Affected.APPLICANTS: "Job applicants",
    Affected.CUSTOMERS: "Customers",
    Affected.SUPPLIERS: "Suppliers and partners",
    Affected.PUBLIC: "The public",
    Affected.VULNERABLE: "Children or people who depend on us",
    Affected.UNKNOWN: "I do not know",
}

DECISIONS = {
    Decision.NONE: "Nothing is decided; it only informs",
    Decision.PERSON: "A person decides, with its help",
    Decision.MACHINE_REVIEWED: "It decides; a person checks afterwards",
    Decision.MACHINE: "It decides, and nobody checks",
    Decision.UNKNOWN: "I do not know",
}

AREAS = {
    Area.BIOMETRICS: "Recognising people by face, voice or body",
    Area.INFRASTRUCTURE: "Power, water, traffic or other lifelines",
    Area.PHYSICAL_SAFETY: "Machines or vehicles that can hurt people",
    Area.HEALTH: "Diagnosis, treatment or care",
    Area.EDUCATION: "Admission, marking or exams",
    Area.EMPLOYMENT: "Hiring, promotion, dismissal or work control",
    Area.CREDIT_INSURANCE: "Credit, prices or insurance for a person",
    Area.PUBLIC_BENEFITS: "Public benefits and services",
    Area.EMERGENCY: "Emergency calls and rescue",
    Area.LAW_ENFORCEMENT: "Police and prosecution",
    Area.MIGRATION: "Asylum, visas and borders",
    Area.JUSTICE_ELECTIONS: "Courts and elections",
    Area.SPEECH: "What people may say or see",
    Area.FACILITY_ACCESS: "Who may enter a building",
    Area.UNKNOWN: "I do not know",
}

PRACTICES = {
    Practice.MANIPULATION: "Steers people without their noticing",
    Practice.EXPLOITING_WEAKNESS: "Uses somebody’s age, disability or poverty against them",
    Practice.SOCIAL_SCORING: "Rates people by how they behave or what they are like",
    Practice.CRIME_FROM_PROFILE: "Predicts from a profile who will commit a crime",
    Practice.FACE_SCRAPING: "Collects faces from the internet or cameras",
    Practice.EMOTIONS_AT_WORK: "Reads feelings of people at work or school",
    Practice.SENSITIVE_FROM_BODY: "Infers faith, views or sexuality from the body",
    Practice.LIVE_FACE_SEARCH: "Searches faces in public places as they pass",
    Practice.UNKNOWN: "I do not know",
}

DIRECTIONS = {
    Direction.UP: "Up",
    Direction.DOWN: "Down",
    Direction.BAND: "Stay within a range",
}

NONE_OF_THESE = "None of these"

_FACTS: Mapping[str, Mapping[Any, str]] = {
    "output_use": OUTPUT_USES,
    "data_class": DATA_CLASSES,
    "processing": PROCESSINGS,
    "build": BUILDS,
    "decision": DECISIONS,
    "affected": AFFECTED,
    "areas": AREAS,
    "practices": PRACTICES,
}

FACTS = {
    "output_use": "what it is used for",
    "data_class": "data",
    "processing": "where the data is processed",
    "build": "who builds it",
    "decision": "who decides",
    "affected": "who is affected",
    "areas": "area",
    "practices": "practice",
}
"""What each fact is called within a sentence."""


def answer_in_words(fact: str, value: str) -> str:
    """Return an answer to one of the questions everybody is asked, or nothing when the organisation asks it itself.

    “I do not know” says what is not known.
    """
    if value == UNKNOWN:
        return f"{FACTS.get(fact, fact.replace('_', ' '))}: not known"
    return next((says for answer, says in _FACTS.get(fact, {}).items() if answer == value), "")
