"""Draw the foundation: its eight parts, and one of them opened. Values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from db.enums import ItemKind, VersionStatus
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    header,
    link,
    modal,
    quoted,
    section,
    whole,
)
from handlers.foundation.words import (
    MANY,
    ONE,
    item_name,
    item_pairs,
    item_text,
    lacking_texts,
    owner_text,
    standing_text,
)
from handlers.ids import Action, Callback
from handlers.text import day_in_words, inline, listed, moment, named
from workflows.foundation import (
    AREAS,
    ITEMS,
    Item,
    PartSnapshot,
    Reader,
    VersionSnapshot,
    mark_of_item,
)

TITLE: Final = "Foundation"
NAME_SHOWN, SAYS_SHOWN, REASON_SHOWN = 120, 350, 500
_NOTHING: Final = "Nothing of it is approved yet. Its owner, programme leads, admins and auditors see what is written."


def overview_modal(parts: Sequence[PartSnapshot], now: datetime) -> BlockKit:
    """Draw the eight parts with how each stands, and a way into each."""
    blocks: list[BlockKit] = [
        section("What AI needs to work at scale. All eight have to be approved before anything is deployed."),
        header("Deliverables"),
    ]
    for part in parts:
        if part.kind is AREAS[0]:
            blocks += [{"type": "divider"}, header("Areas of governance")]
        blocks.append(part_line(part, now))
    return modal(Callback.FOUNDATION, TITLE, blocks)


def part_line(part: PartSnapshot, now: datetime) -> BlockKit:
    """Draw a part in two lines with the way into it."""
    version = part.standing_at(now).number
    about = " · ".join(filter(None, (owner_text(part), f"version {version}" if version else "")))
    opens = button(Action.OPEN_PART, "Open", part.kind.value, label=f"Open {part.reference}, {part.name}")
    return section(f"*{part.reference}* {part.name}\n{standing_text(part, now)}\n{about}") | {"accessory": opens}


def part_modal(part: PartSnapshot, reader: Reader, now: datetime, *, number: int = 0, notice: str = "") -> BlockKit:
    """Draw a part for somebody: the version `number`, or the one they have to do with.

    Who writes on it gets the ways to; who may not read what is not approved sees what is, or that nothing is.
    """
    version = _shown(part, reader, now, number)
    is_editable = reader.writes and version is part.newest and not _is_decided_on(part)
    blocks = [section(notice)] if notice else []
    blocks += [header(f"{part.reference} · {part.name}"), context(*_standing_lines(part, version, now))]
    buttons = [*_ways(part, version, reader, now)]
    blocks += [actions("foundation.part.buttons", *buttons)] if buttons else []
    blocks += [{"type": "divider"}]
    if version is None:
        blocks.append(section(_NOTHING if not reader.reads_all else "Nothing is written yet."))
    else:
        blocks += _text_blocks(part, version)
    if is_editable:
        blocks += _items_to_write(part, version)
    elif version is not None:
        blocks += [block for kind in ITEMS[part.kind] for block in _items_to_read(version, kind)]
    blocks.append(actions("foundation.part.back", button(Action.FOUNDATION, "All parts", "home")))
    return modal(Callback.FOUNDATION, f"{part.reference}", blocks, carries=part.kind.value)


def _shown(part: PartSnapshot, reader: Reader, now: datetime, number: int) -> VersionSnapshot | None:
    """Return the version somebody sees: what is under way for those it concerns, else what is approved."""
    last = part.last_approved
    approved = part.in_force_at(now) or (last if last is not None and last.revoked_at is None else None)
    if number:
        wanted = part.numbered(number)
        if wanted is not None and (reader.reads_all or wanted is approved):
            return wanted
    return part.newest if reader.reads_all else approved


def _is_decided_on(part: PartSnapshot) -> bool:
    return part.newest is not None and part.newest.status is VersionStatus.IN_REVIEW


def _standing_lines(part: PartSnapshot, version: VersionSnapshot | None, now: datetime) -> Iterator[str]:
    yield standing_text(part, now)
    yield owner_text(part)[0].upper() + owner_text(part)[1:]
    if version is not None:
        yield f"You read version {version.number}."
    if version is not None and version.status is VersionStatus.DRAFT:
        lacks = part.lacks_at(version, now)
        if lacks:
            yield f"⚠️ Before it can be sent it lacks {listed(lacking_texts(lacks), last='and')}."
    last = part.last_approved
    if last is not None and last.revoked_at is not None:
        who = named(last.revoked_by.name) if last.revoked_by else "Somebody"
        why = f" “{inline(last.revoked_why, limit=REASON_SHOWN)}”" if last.revoked_why else ""
        yield f"{who} took version {last.number} back, {moment(last.revoked_at)}.{why}"


def _ways(part: PartSnapshot, version: VersionSnapshot | None, reader: Reader, now: datetime) -> Iterator[BlockKit]:
    """Yield what this person can do with the part."""
    kind, what = part.kind.value, f"{part.reference}, {part.name}"
    if reader.writes and not _is_decided_on(part):
        yield button(Action.EDIT_PART, "Edit the text", kind, label=f"Edit the text of {what}")
    if reader.writes:
        yield from _ways_of_writers(part)
    if part.pending is not None and reader.reads_all:
        yield button(Action.OPEN, "Open the request", str(part.pending.id), label=f"Open the request about {what}")
    in_force = part.in_force_at(now)
    if reader.reads_all and in_force is not None and version is not in_force:
        text = f"Read version {in_force.number}"
        yield button(Action.READ_PART, text, f"{kind}.{in_force.number}", label=f"{text} of {what}, in force")
    if reader.gives:
        text = "Set owner" if part.owner is None else "Change owner"
        yield button(Action.SET_PART_OWNER, text, kind, label=f"{text} of {what}")


def _ways_of_writers(part: PartSnapshot) -> Iterator[BlockKit]:
    kind, draft, kept = part.kind.value, part.draft, part.kept
    what = f"{part.reference}, {part.name}"
    if draft is not None:
        value = f"{kind}.{draft.number}"
        asks = "The people the policy names are asked, and it cannot be changed while they decide."
        yield button(
            Action.SUBMIT_PART, "Send for approval", value, style="primary", label=f"Send {what}", confirm=asks
        )
        gone = "What is written in this version is gone then. What is approved stays as it is."
        yield button(Action.DISCARD_PART, "Discard", value, label=f"Discard this version of {what}", confirm=gone)
    elif kept is not None and part.pending is None:
        yield button(Action.STILL_HOLDS, "Still holds …", f"{kind}.{kept.number}", label=f"Say that {what} still holds")
    if kept is not None:
        value = f"{kind}.{kept.number}"
        yield button(Action.REVOKE_PART, "Take back …", value, style="danger", label=f"Take back the approved {what}")


def _text_blocks(part: PartSnapshot, version: VersionSnapshot) -> list[BlockKit]:
    text = version.text
    blocks = [quoted(text.summary)]
    blocks += [link("Document", text.link, text=text.link)] if text.link else []
    days = []
    if part.is_area and text.effective_on:
        days.append(("In force from", day_in_words(text.effective_on)))
    if text.review_on:
        days.append(("Looked at again by", day_in_words(text.review_on)))
    return [*blocks, *(whole(days) if days else [])]


def _items_to_read(version: VersionSnapshot, kind: ItemKind) -> list[BlockKit]:
    return whole(item_pairs(kind, (each for each in version.items.values() if each.kind is kind)))


def _items_to_write(part: PartSnapshot, version: VersionSnapshot | None) -> list[BlockKit]:
    """Draw what it holds kind by kind, with a way into each item and a way to add one."""
    items = version.items if version else {}
    blocks: list[BlockKit] = []
    for kind in ITEMS[part.kind]:
        there = [(position, item) for position, item in items.items() if item.kind is kind]
        adds = f"Add {_a(ONE[kind])}"
        none = "" if there else "\nNone yet; at least one is needed."
        heading = section(f"*{MANY[kind]}*{none}")
        blocks.append(heading | {"accessory": button(Action.ADD_ITEM, adds, f"{part.kind}.{kind}", label=adds)})
        blocks += [_item_line(part, position, item) for position, item in there]
    return blocks


def _item_line(part: PartSnapshot, position: int, item: Item) -> BlockKit:
    name, says = inline(item_name(item), limit=NAME_SHOWN), inline(item_text(item), limit=SAYS_SHOWN)
    value = f"{part.kind}.{position}.{mark_of_item(item)}"
    edit = button(Action.EDIT_ITEM, "Edit", value, label=f"Edit or remove {item_name(item)}")
    return section(f"• *{name}*\n{says}" if says else f"• *{name}*") | {"accessory": edit}


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def sent_text(part: PartSnapshot, number: int, asked: Sequence[str], blocked: Sequence[str]) -> str:
    """Return who has a version now that was sent for approval."""
    names = listed([named(each) for each in asked], last="and")
    who = f"{names} {'has' if len(asked) == 1 else 'have'} it now; you are told what they decide." if asked else ""
    lanes = listed([named(each) for each in blocked], last="and")
    nobody = f"⚠️ Nobody may decide {lanes} yet: an admin has to give somebody a role that may." if blocked else ""
    return " ".join(filter(None, (f"✅ Version {number} of {part.reference} is sent.", who, nobody)))
