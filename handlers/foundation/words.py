"""Say how the parts of the foundation stand, what they hold, and why something was not stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import ItemKind, Rating, VersionStatus
from handlers.text import day_in_words, listed, named
from workflows.foundation import (
    MOST_ITEMS,
    Field,
    Flaw,
    Item,
    Lack,
    Lacking,
    No,
    PartSnapshot,
    PartState,
    Refused,
    VersionSnapshot,
)

LONGEST: Final = 2800  # characters in one text, which Slack takes with what we put around it
ONE: Final[Mapping[ItemKind, str]] = {
    ItemKind.VOICE_GUIDE: "voice guide",
    ItemKind.CLIENT_ARCHETYPE: "client archetype",
    ItemKind.TERMINOLOGY: "term",
    ItemKind.SYSTEM: "system",
    ItemKind.OWNERSHIP: "rule of ownership",
    ItemKind.APPROVAL_WORKFLOW: "approval workflow",
    ItemKind.ACCEPTABLE_USE: "rule of acceptable use",
    ItemKind.APPROVER: "approver",
    ItemKind.AFFECTED_GROUP: "affected group",
}
MANY: Final[Mapping[ItemKind, str]] = {
    ItemKind.VOICE_GUIDE: "Voice guides",
    ItemKind.CLIENT_ARCHETYPE: "Client archetypes",
    ItemKind.TERMINOLOGY: "Terminology",
    ItemKind.SYSTEM: "Systems",
    ItemKind.OWNERSHIP: "Ownership",
    ItemKind.APPROVAL_WORKFLOW: "Approval workflow",
    ItemKind.ACCEPTABLE_USE: "Acceptable use",
    ItemKind.APPROVER: "Who approves",
    ItemKind.AFFECTED_GROUP: "Who is affected",
}
RATINGS: Final[Mapping[Rating, str]] = {
    Rating.GOOD: "Good",
    Rating.PARTLY: "Partly good",
    Rating.POOR: "Poor",
    Rating.UNKNOWN: "Not known",
}
_ENDED: Final = {
    VersionStatus.REJECTED: "was rejected",
    VersionStatus.WITHDRAWN: "was withdrawn",
    VersionStatus.EXPIRED: "was not decided in time",
}
_UNDER_WAY: Final = {
    VersionStatus.DRAFT: "✏️ Version {number} is being written.",
    VersionStatus.IN_REVIEW: "⏳ Version {number} is in review.",
    VersionStatus.CHANGES_REQUESTED: "✏️ Version {number} was given back to be changed.",
}
_FLAWS: Final[Mapping[tuple[Field, Flaw], str]] = {
    (Field.SUMMARY, Flaw.MISSING): "Say in a few sentences what it is.",
    (Field.SUMMARY, Flaw.TOO_LONG): "At most 2,000 characters. The document holds the rest.",
    (Field.REVIEW, Flaw.MISSING): "Choose the day by which it is looked at again.",
    (Field.REVIEW, Flaw.PAST): "That day has passed. Choose today or a later one.",
    (Field.REVIEW, Flaw.TOO_FAR): "Choose a day within five years.",
    (Field.REVIEW, Flaw.BEFORE_EFFECT): "That is before its first day in force. Choose a later day.",
    (Field.EFFECTIVE, Flaw.PAST): "That day has passed. Choose today or a later one.",
    (Field.EFFECTIVE, Flaw.TOO_FAR): "Choose a day within a year.",
    (Field.NAME, Flaw.MISSING): "Give it a name.",
    (Field.NAME, Flaw.TOO_LONG): "At most 120 characters.",
    (Field.NAME, Flaw.TWICE): "There is one of this name already. Change that one, or choose another name.",
    (Field.SAYS, Flaw.MISSING): "Say in a sentence what it is.",
    (Field.SAYS, Flaw.TOO_LONG): "At most 800 characters. A link can lead to the rest.",
    (Field.PERSON, Flaw.MISSING): "Choose a colleague.",
    (Field.PERSON, Flaw.TWICE): "They are named already. Change that entry instead.",
}
NO_LINK: Final = "That cannot be opened. Paste the whole address, beginning with https://."
NO_COLLEAGUE: Final = (
    "Choose a full member of your organisation: guests, apps and others cannot approve or own anything."
)
_RATE: Final = "Choose one; “Not known” is an answer too."
_LACKS: Final = {
    Lack.OWNER: "an owner",
    Lack.OWNER_LEFT: "another owner, because {name} has left",
    Lack.SUMMARY: "a summary",
    Lack.LINK: "a link to the document, beginning with https://",
    Lack.REVIEW: "a day by which it is looked at again",
    Lack.APPROVER_LEFT: "another approver in the place of {name}, who has left",
}
_NO: Final[Mapping[No, str]] = {
    No.NOT_YOURS: "Only {owner} and programme leads can do that. Nothing was changed.",
    No.NOT_YOURS_TO_GIVE: "Only programme leads and admins say who owns it. Nothing was changed.",
    No.CHANGED_MEANWHILE: (
        "Somebody changed this meanwhile. Nothing of theirs or yours is lost: copy what you typed, close the form, "
        "open it again and look."
    ),
    No.GONE: "Somebody removed this meanwhile. Nothing was stored; copy what you typed and add it anew.",
    No.TOO_MANY: f"At most {MOST_ITEMS} entries. The document can hold the rest.",
    No.IN_REVIEW: (
        "People decide about version {number}, so it cannot be changed. Open its request to withdraw it, or wait. "
        "Nothing was changed."
    ),
    No.DRAFT_THERE: (
        "Version {number} is being written. Send that one for approval, or discard it first. Nothing was changed."
    ),
    No.NO_DRAFT: "That version is not being written any more. Nothing was changed; look again.",
    No.NO_RULE: (
        "The policy in force does not say who decides about this. An admin has to add `subjects: {kind}` with a chain "
        "to the policy file (`docs/policy.md`). Nothing was sent."
    ),
    No.NOT_APPROVED: "That version is not the one that is approved any more. Nothing was changed; look again.",
    No.REASON_MISSING: "Say in a few words why, for example “The supplier’s terms have changed”.",
    No.UNCHANGED: "They own it already.",
    No.NO_MEMBER: NO_COLLEAGUE,
    No.DECIDES: "They are asked to decide about it now. Wait for that, or choose somebody else.",
}


def standing_text(part: PartSnapshot, now: datetime) -> str:
    """Return where a part stands, and what is under way beside it."""
    standing = part.standing_at(now)
    day = day_in_words(_day(standing.at, part.zone)) if standing.at else ""
    until = day_in_words(_day(standing.at, part.zone, last=True)) if standing.at else ""
    newest = part.newest
    told = {
        PartState.NOT_BEGUN: "⚪ Not begun",
        PartState.WRITTEN: "✏️ Being written",
        PartState.IN_REVIEW: "⏳ In review",
        PartState.CHANGES_REQUESTED: "✏️ Given back to be changed",
        PartState.NOT_APPROVED: f"⛔ Not approved: version {standing.number} {_ended(newest)}",
        PartState.APPROVED: f"✅ Approved{f' until {until}' if until else ''}",
        PartState.EFFECTIVE_FROM: f"🗓️ Approved, in force from {day}",
        PartState.LAPSED: f"⚠️ Lapsed since {day}: it was not looked at again in time",
        PartState.REVOKED: f"⚠️ Taken back on {day}",
    }[standing.state]
    beside = under_way_text(part) if standing.number and newest and newest.number > standing.number else ""
    return " · ".join(filter(None, (told, beside)))


def under_way_text(part: PartSnapshot) -> str:
    """Return what is written or decided on beside what is approved; of an area also what is still to come in force."""
    newest = part.newest
    if newest is None:
        return ""
    if newest.status in _UNDER_WAY:
        return _UNDER_WAY[newest.status].format(number=newest.number)
    if newest.status is VersionStatus.APPROVED and newest.text.effective_on and newest.revoked_at is None:
        return f"🗓️ Version {newest.number} takes its place on {day_in_words(newest.text.effective_on)}."
    return f"Version {newest.number} {_ended(newest)}." if newest.status in _ENDED else ""


def _ended(version: VersionSnapshot | None) -> str:
    return _ENDED.get(version.status, "came to nothing") if version else ""


def _day(moment: datetime, zone: str, *, last: bool = False) -> date:
    """Return the day of a moment where the owner is; `last`: the day that ends with it."""
    return (moment - timedelta(seconds=1 if last else 0)).astimezone(ZoneInfo(zone)).date()


def owner_text(part: PartSnapshot) -> str:
    if part.owner is None:
        return "nobody owns it"
    left = " (has left)" if part.owner.membership != "member" else ""
    return f"owner {named(part.owner.name)}{left}"


def item_name(item: Item) -> str:
    """Return what an item is called: a person by their name."""
    return item.person.name if item.person else item.name


def item_text(item: Item) -> str:
    """Return everything an item says besides its name, as plain text."""
    rated = {"quality": item.quality, "accessibility": item.accessibility, "compliance": item.compliance}
    ratings = ", ".join(f"{name} {RATINGS[rating].lower()}" for name, rating in rated.items() if rating is not None)
    says = f"Success is: {item.says}" if item.kind is ItemKind.AFFECTED_GROUP else item.says
    return "\n".join(filter(None, (ratings, says, item.link)))


def item_pairs(kind: ItemKind, items: Iterable[Item]) -> list[tuple[str, str]]:
    """Return everything items of a kind say, under what they are, in as few texts as Slack takes."""
    texts = [""]
    for item in items:
        says = item_text(item)
        told = f"• {item_name(item)}\n{says}" if says else f"• {item_name(item)}"
        if texts[-1] and len(texts[-1]) + len(told) > LONGEST:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{told}".lstrip("\n")
    labels = [MANY[kind], *[f"{MANY[kind]}, further"] * (len(texts) - 1)]
    return [pair for pair in zip(labels, texts, strict=True) if pair[1]]


def flaw_text(field: Field, flaw: Flaw) -> str:
    if flaw is Flaw.NO_LINK:
        return NO_LINK
    if flaw is Flaw.NO_MEMBER:
        return NO_COLLEAGUE
    return _FLAWS.get((field, flaw), _RATE)


def lacking_texts(lacks: Sequence[Lacking]) -> list[str]:
    """Return what is missing, each as the end of “It lacks …”."""
    return [
        f"at least one {ONE[each.item]}" if each.item else _LACKS[each.what].format(name=named(each.name))
        for each in lacks
    ]


def refused_text(refused: Refused) -> str:
    """Return why nothing was stored, and what to do instead."""
    part = refused.part
    if refused.why is No.LACKING:
        return f"It cannot be sent yet. It lacks {listed(lacking_texts(refused.lacks), last='and')}. Nothing was sent."
    if refused.why is No.FLAWED:
        return " ".join(flaw_text(field, flaw) for field, flaw in refused.flaws.items())
    return _NO[refused.why].format(
        owner=named(part.owner.name) if part.owner else "its owner (nobody yet)",
        number=part.newest.number if part.newest else 0,
        kind="governance_area" if part.is_area else "deliverable",
    )
