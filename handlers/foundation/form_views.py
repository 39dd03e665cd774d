"""Draw the forms of the foundation: a part's text, an item, its owner, why it is taken back, that it still holds."""

from datetime import date
from typing import Final

from db.enums import ItemKind, Membership, Rating
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    modal,
    person,
    question,
    section,
    select,
    text_input,
)
from handlers.foundation.words import ONE, RATINGS
from handlers.ids import Action, Block, Callback
from handlers.text import day_in_words
from workflows.foundation import (
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_SAYS,
    LONGEST_SUMMARY,
    Item,
    PartSnapshot,
    mark_of_item,
    mark_of_text,
)

LONGEST_REASON: Final = 1000
_SAYS: Final = {
    ItemKind.VOICE_GUIDE: ("What it asks for", "How the organisation speaks, and to whom."),
    ItemKind.CLIENT_ARCHETYPE: ("Who that is", "What they need, and what they must never be told by a machine."),
    ItemKind.TERMINOLOGY: ("What it means", "As the organisation uses the word."),
    ItemKind.SYSTEM: ("What it holds", "Which data, and who looks after it."),
    ItemKind.OWNERSHIP: ("What it says", "Who answers for what."),
    ItemKind.APPROVAL_WORKFLOW: ("What it says", "Who approves what, and in which order."),
    ItemKind.ACCEPTABLE_USE: ("What it says", "What may be done, and what may not."),
    ItemKind.APPROVER: ("What they approve", "Lanes of the policy can ask those named here: the role `stakeholder`."),
    ItemKind.AFFECTED_GROUP: ("What success is for them", "Something they would notice."),
}
_RATED: Final = (
    (Block.ITEM_QUALITY, "Quality", "quality"),
    (Block.ITEM_ACCESSIBILITY, "Accessibility", "accessibility"),
    (Block.ITEM_COMPLIANCE, "Compliance", "compliance"),
)


def text_modal(part: PartSnapshot, *, review_on: date, today: date) -> BlockKit:
    """Ask for the text of a part, filled in with the newest version's."""
    newest = part.newest
    text = newest.text if newest else None
    blocks = [
        question(
            Block.PART_SUMMARY,
            "Summary",
            text_input(longest=LONGEST_SUMMARY, multiline=True, initial=text.summary if text else ""),
            hint="A few sentences: an approver reads this first.",
        ),
        question(
            Block.PART_LINK,
            "Link to the document",
            text_input(longest=LONGEST_LINK, placeholder="https://", initial=text.link if text else ""),
            hint="Needed before it is sent for approval. It begins with https://.",
            optional=True,
        ),
        question(
            Block.PART_REVIEW,
            "Looked at again by",
            day(chosen=review_on.isoformat()),
            hint="The last day it holds. Its owner is reminded 30 and 7 days before.",
        ),
    ]
    if part.is_area:
        begins = max(text.effective_on or today, today) if text else today
        hint = "The first day it holds once it is approved; today or later."
        blocks.append(
            question(Block.PART_EFFECTIVE, "In force from", day(chosen=begins.isoformat()), hint=hint, optional=True)
        )
    blocks.append(_back(part))
    carries = f"{part.kind}.{mark_of_text(newest)}"
    return modal(Callback.SAVE_PART, part.reference, blocks, submit="Save", carries=carries)


def item_modal(part: PartSnapshot, kind: ItemKind, position: int = 0, item: Item | None = None) -> BlockKit:
    """Ask for one thing a part holds; with an item, filled in, and with a way to remove it."""
    label, hint = _SAYS[kind]
    blocks = [section(f"*{part.reference}* {part.name}: {ONE[kind]}"), *_called(kind, item)]
    if kind is ItemKind.SYSTEM:
        blocks += [_rating(block, text, getattr(item, name) if item else None) for block, text, name in _RATED]
    says = text_input(longest=LONGEST_SAYS, multiline=True, initial=item.says if item else "")
    blocks.append(question(Block.ITEM_SAYS, label, says, hint=hint, optional=kind is ItemKind.SYSTEM))
    if kind is not ItemKind.APPROVER:
        typed = text_input(longest=LONGEST_LINK, placeholder="https://", initial=(item.link if item else "") or "")
        blocks.append(question(Block.ITEM_LINK, "Link", typed, optional=True))
    seen = mark_of_item(item) if item else ""
    buttons = [button(Action.OPEN_PART, "Back", part.kind.value)]
    if item is not None:
        value = f"{part.kind}.{position}.{seen}"
        confirm = "It is taken out of the version that is being written."
        buttons.append(button(Action.REMOVE_ITEM, "Remove", value, style="danger", confirm=confirm))
    blocks.append(actions("foundation.item.buttons", *buttons))
    carries = f"{part.kind}.{kind}.{position}.{seen}"
    return modal(Callback.SAVE_ITEM, part.reference, blocks, submit="Save", carries=carries)


def _called(kind: ItemKind, item: Item | None) -> list[BlockKit]:
    if kind is ItemKind.APPROVER:
        known = item.person if item else None
        first = known.slack_id if known and known.membership is Membership.MEMBER else ""
        return [question(Block.ITEM_PERSON, "Who", person(placeholder="Choose a colleague", chosen=first))]
    name = text_input(longest=LONGEST_NAME, initial=item.name if item else "")
    return [question(Block.ITEM_NAME, "Group" if kind is ItemKind.AFFECTED_GROUP else "Name", name)]


def _rating(block: Block, label: str, rating: Rating | None) -> BlockKit:
    options = {each: RATINGS[each] for each in Rating}
    return question(block, label, select(options, placeholder="Choose one", chosen=rating.value if rating else ""))


def owner_modal(part: PartSnapshot) -> BlockKit:
    """Ask who owns a part."""
    owner = part.owner
    first = owner.slack_id if owner and owner.membership is Membership.MEMBER else ""
    hint = "They write it, are asked to look at it again, and have no vote on it."
    blocks = [
        section(f"*{part.reference}* {part.name}"),
        question(Block.PART_OWNER, "Owner", person(placeholder="Choose a colleague", chosen=first), hint=hint),
        _back(part),
    ]
    return modal(Callback.SET_PART_OWNER, part.reference, blocks, submit="Save", carries=part.kind.value)


def revoke_modal(part: PartSnapshot, number: int) -> BlockKit:
    """Ask why an approved version does not hold any more, above what that means."""
    blocks = [
        section(
            f"You take back version {number} of *{part.reference}* {part.name}. It counts no more from this moment on, "
            "and no older version takes its place. A gate that rests on it is at risk then. This cannot be undone; "
            "another version can be sent for approval."
        ),
        question(
            Block.PART_REASON,
            "Why does it not hold any more?",
            text_input(longest=LONGEST_REASON, multiline=True),
            hint="Everybody who opens it reads this.",
        ),
        _back(part),
    ]
    carries = f"{part.kind}.{number}"
    return modal(Callback.REVOKE_PART, f"Take back {part.reference}", blocks, submit="Take back", carries=carries)


def still_holds_modal(part: PartSnapshot, number: int, *, review_on: date) -> BlockKit:
    """Ask until when what is approved holds on; the people who approved it are asked again."""
    version = part.numbered(number)
    until = version.text.review_on if version else None
    holds = f" It holds until {day_in_words(until)} meanwhile." if until else ""
    blocks = [
        section(
            f"You say that version {number} of *{part.reference}* {part.name} is still right as it stands. The people "
            f"who approve it are asked again.{holds}"
        ),
        question(Block.PART_REVIEW, "Looked at again by", day(chosen=review_on.isoformat())),
        context("Is anything different? Then go back and edit it instead."),
        _back(part),
    ]
    carries = f"{part.kind}.{number}"
    return modal(Callback.STILL_HOLDS, part.reference, blocks, submit="Send for approval", carries=carries)


def _back(part: PartSnapshot) -> BlockKit:
    return actions("foundation.form.back", button(Action.OPEN_PART, "Back", part.kind.value))
