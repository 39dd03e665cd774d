"""Draw a version of a part of the foundation for those who decide about it."""

from collections.abc import Iterator

from db.enums import PENDING, RequestStatus
from db.session import Session
from handlers.blocks import NOTHING
from handlers.foundation.words import MANY, item_name, item_pairs, item_text
from handlers.picture import Pairs, SubjectPicture
from handlers.text import day_in_words, shown
from workflows import foundation
from workflows.approvals import RequestSnapshot
from workflows.foundation import ITEMS, Item, PartSnapshot, VersionSnapshot

VALUE_ON_CARD = 160


def part_picture(session: Session, request: RequestSnapshot) -> SubjectPicture:
    """Return a version in words: what it is, what it holds, and what is other than in the approved one before it."""
    part = foundation.part_with_id(session, request.subject_id)
    version = part.numbered(request.revision) if part else None
    if part is None or version is None:
        raise LookupError(f"{request.reference} v{request.revision} was sent and is gone")
    before = part.kept_before(version.number)
    about = [("Owner", part.owner.name if part.owner else "nobody"), *_days(part, version)]
    return SubjectPicture(
        reference=part.reference,
        title=part.name,
        team="",
        story=version.text.summary,
        facts=[*about, *_in_short(part, version)],
        whole=[*about, *_in_full(part, version)],
        changes=_changes(before, version) if before else (),
        changes_are=f"What differs from version {before.number}, which was approved" if before else "",
        is_asked_again=before is not None,
        holds=_holds(version, before, request.status),
        document=version.text.link or None,
    )


def _days(part: PartSnapshot, version: VersionSnapshot) -> Iterator[tuple[str, str]]:
    text = version.text
    if part.is_area and text.effective_on:
        yield "In force from", f"{day_in_words(text.effective_on)}, once it is approved"
    if text.review_on:
        yield "Looked at again by", day_in_words(text.review_on)


def _in_short(part: PartSnapshot, version: VersionSnapshot) -> Iterator[tuple[str, str]]:
    """Yield what it holds by kind, by name alone."""
    for kind in ITEMS[part.kind]:
        names = [item_name(each) for each in version.items.values() if each.kind is kind]
        yield f"{MANY[kind]} ({len(names)})", shown(", ".join(names), limit=VALUE_ON_CARD)


def _in_full(part: PartSnapshot, version: VersionSnapshot) -> Iterator[tuple[str, str]]:
    for kind in ITEMS[part.kind]:
        yield from item_pairs(kind, (each for each in version.items.values() if each.kind is kind))


def _changes(before: VersionSnapshot, after: VersionSnapshot) -> Pairs:
    """Return what differs, besides the days: “before → now”, shortened."""
    was, now = _told(before), _told(after)
    return [
        (label, f"{_short(was.get(label, '')) or NOTHING} → {_short(now.get(label, '')) or NOTHING}")
        for label in {**was, **now}
        if was.get(label) != now.get(label)
    ]


def _told(version: VersionSnapshot) -> dict[str, str]:
    told = {"Summary": version.text.summary, "Document": version.text.link}
    return told | {_label(each): item_text(each) for each in version.items.values()}


def _label(item: Item) -> str:
    return f"{MANY[item.kind]}: {item_name(item)}"


def _short(value: str) -> str:
    return shown(" ".join(value.split()), limit=VALUE_ON_CARD)


def _holds(version: VersionSnapshot, before: VersionSnapshot | None, status: RequestStatus) -> str:
    """Return what holds whatever the request says."""
    if status in PENDING:
        return f"Version {before.number} stays in force until this is approved." if before else ""
    if version.revoked_at is not None:
        return "It was taken back since."
    if status is not RequestStatus.APPROVED or version.text.review_on is None:
        return ""
    begins = f" from {day_in_words(version.text.effective_on)}" if version.text.effective_on else ""
    return f"It holds{begins} until {day_in_words(version.text.review_on)}."
