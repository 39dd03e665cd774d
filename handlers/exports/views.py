"""Draw what asks for a file, and where it comes. Values in, Block Kit out."""

from typing import Final
from uuid import UUID

from handlers.blocks import BlockKit, actions, button, context, modal, question, section, select
from handlers.ids import Action, Block, Callback
from handlers.programme.words import programme_button
from handlers.text import counted
from workflows.exports import Format, NoExport, Shape

MANY: Final = 1000
SHAPES: Final = {
    Shape.GATEHOUSE: "Gatehouse: everything the register says",
    Shape.FEDERAL: "US federal inventory 2025 (M-25-21)",
}
FORMATS: Final = {
    Format.XLSX: "Excel workbook (XLSX), KPIs on their own sheet",
    Format.CSV: "CSV",
}

WHY_NOT: Final = {
    NoExport.NOT_YOURS: (
        "The register goes to programme leads, admins and auditors; the evidence of a use case also to its owner and "
        "its sponsor. Please ask one of them. No file was made."
    ),
    NoExport.UNKNOWN: "There is no such use case. References look like UC-1; Home lists yours. No file was made.",
}


def export_button() -> BlockKit:
    """Return the way to the register as a file, for those who may have it."""
    return button(Action.EXPORT_REGISTER, "Export the register", "window", label="Export the register as a file")


def evidence_button(use_case_id: UUID, reference: str) -> BlockKit:
    label = f"Evidence pack: everything about {reference} as one file"
    return button(Action.EVIDENCE, "Evidence pack", str(use_case_id), label=label)


def register_form(entries: int) -> BlockKit:
    """Ask in which columns and as what file."""
    chosen = str(Shape.GATEHOUSE), str(Format.XLSX)
    blocks = [
        section(
            f"{counted(entries, 'entry') if entries == 1 else f'{entries} entries'}: every use case, and what is in "
            "use and not proposed yet. Confidential ones are in it, each marked: pass it on with care."
        ),
        question(Block.EXPORT_SHAPE, "Columns", select(SHAPES, placeholder="Choose the columns", chosen=chosen[0])),
        question(Block.EXPORT_FORMAT, "File", select(FORMATS, placeholder="Choose the file", chosen=chosen[1])),
        context("It is on the record who exported what, with the digest of the file."),
    ]
    return modal(Callback.EXPORT_REGISTER, "Export the register", blocks, submit="Send me the file")


def promised_modal(text: str, *, back_to: UUID | None = None) -> BlockKit:
    """Say where the file comes, or why none does, with the way back."""
    back = button(Action.OPEN, "Back", str(back_to)) if back_to else programme_button("window")
    return modal(Callback.EXPORTED, "Export", [section(text), actions("exports.ways", back)])


def register_comes(entries: int) -> str:
    slow = " With so many entries it can take a minute or two." if entries >= MANY else ""
    return f"📎 The register comes as a file in your direct messages with me.{slow}"


def evidence_comes(reference: str) -> str:
    return f"📎 The evidence pack of *{reference}* comes as a file in your direct messages with me."
