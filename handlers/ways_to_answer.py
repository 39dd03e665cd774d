"""The buttons that answer whether an approval still holds, the same on every screen."""

from handlers.blocks import BlockKit, button
from handlers.ids import Action
from workflows.intake import UseCaseSnapshot

SOMETHING_CHANGED = "Something changed"


def answer_buttons(use_case: UseCaseSnapshot) -> list[BlockKit]:
    what, value = f"{use_case.reference}, {use_case.name}", str(use_case.id)
    return [
        button(Action.STILL_VALID, "Still valid", value, style="primary", label=f"Still valid: {what}"),
        button(Action.EDIT, SOMETHING_CHANGED, value, label=f"{SOMETHING_CHANGED}: {what}"),
        button(Action.RETIRE, "Retire", value, label=f"Retire {what}"),
    ]
