"""Draw a digest: the message a channel reads, and those below it. Snapshots in, Block Kit out."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from handlers.blocks import BlockKit, actions, button, context, header, section, sections
from handlers.digests import drawing
from handlers.digests.parts import Part, behind_button, kpi_button
from handlers.digests.texts import EMPTY, HEADLINE, KPI, REST, at_risk, text_of
from handlers.digests.words import title_of
from handlers.ids import Action
from handlers.messages import Picture
from handlers.text import escape
from workflows.digests import DETAILS, Digest, StoredDigest

PAGES: Final[dict[str, tuple[Part, ...]]] = dict(
    zip(
        DETAILS,
        (
            (Part.FUNNEL, Part.PROGRAMME, Part.APPROVALS, Part.ADOPTION),
            (Part.KPIS, Part.CORRECTIONS, Part.HOURS, Part.ANSWERS),
            (Part.DUE,),
        ),
        strict=True,
    )
)
"""Which parts stand in which message below a digest. The last one ends with what belongs to no part."""
FILES: Final = {
    Action.DIGEST_FILE_CSV: ("As CSV", "csv"),
    Action.DIGEST_FILE_XLSX: ("As XLSX", "xlsx"),
    Action.DIGEST_FILE_HTML: ("As HTML", "html"),
}
PREVIEW: Final = "Only you see this. It is what would be posted if it were time for it now; nothing was posted."
_BELOW: Final = (
    "In brackets: against the seven days before. The numbers behind this, and more, stand in the thread below."
)
_FILES_BLOCK: Final = "digests.files"


def headline(found: StoredDigest, *, is_preview: bool = False) -> tuple[str, list[BlockKit], Picture | None]:
    """Return a digest's message: all it says, its blocks, and the picture in it."""
    digest = found.digest
    title = title_of(digest, is_preview=is_preview)
    lead = [context(PREVIEW)] if is_preview else []
    if digest.is_empty:
        text, head = text_of(EMPTY, digest), _head(digest)
        return _whole(title, text, head), [header(title), *lead, *sections(*text.splitlines()), context(head)], None
    text, picture = text_of(HEADLINE, digest), drawing.funnel_picture(digest)
    shown = [{**context(escape(picture.alt_text)), "block_id": picture.place}] if picture else []
    blocks = [
        *(header(title), *lead, *sections(*text.splitlines()), *shown),
        file_buttons(found.id),
        context(_BELOW),
    ]
    return _whole(title, text, escape(picture.alt_text) if picture else ""), blocks, picture


def details(found: StoredDigest, page: str) -> tuple[str, list[BlockKit], Picture | None] | None:
    """Return one of the messages below a digest; None where there is nothing to say in it."""
    digest = found.digest
    if digest.is_empty or page not in PAGES:
        return None
    texts: list[str] = []
    blocks: list[BlockKit] = []
    picture: Picture | None = None
    for part in PAGES[page]:
        text = text_of(part.value, digest)
        told = [*_with_button(sections(*text.splitlines()), behind_button(found.id, part))]
        if part is Part.ADOPTION:
            picture = drawing.adoption_picture(digest)
            told += [{**context(_as_listed()), "block_id": picture.place}] if picture else []
        texts.append(text)
        if part is Part.KPIS:
            listed = list(_kpis(found))
            told += listed
            texts += [each["text"]["text"] for each in listed]
        blocks += [*([{"type": "divider"}] if blocks else []), *told]
    if page == DETAILS[-1]:
        rest = text_of(REST, digest)
        texts.append(rest)
        blocks += [{"type": "divider"}, *sections(*rest.splitlines())]
    return "\n\n".join(texts), blocks, picture


def file_buttons(digest_id: UUID) -> BlockKit:
    """Return the ways to a digest as a file."""
    shown = [
        button(action, text, str(digest_id), label=f"Send me this digest as {name.upper()}")
        for action, (text, name) in FILES.items()
    ]
    return actions(_FILES_BLOCK, *shown)


def _kpis(found: StoredDigest) -> Iterator[BlockKit]:
    for each in at_risk(found.digest):
        text = text_of(KPI, found.digest, each=each)
        yield section(text) | {"accessory": kpi_button(found.id, each.kpi_id, each.name)}


def _with_button(told: Sequence[BlockKit], beside: BlockKit) -> Iterator[BlockKit]:
    """Yield these sections, the first one with a button."""
    for number, each in enumerate(told):
        yield each if number else each | {"accessory": beside}


def _as_listed() -> str:
    return "The picture of this shows what is listed above."


def _head(digest: Digest) -> str:
    head = digest.standing.head
    return f"The record: {head.streams} streams, head `{escape(head.hash) or '–'}`."


def _whole(*texts: str) -> str:
    return "\n".join(filter(None, texts))
