"""How the screens speak of each kind of subject, and what they offer whoever sent one. A new kind is one entry here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from handlers.ids import Action
from workflows import intake

CHANGE = "Request a change"


@dataclass(frozen=True, slots=True)
class Way:
    """A button for whoever answers for a subject; it carries the subject's id."""

    action: Action
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The words for a kind of subject, and the ways on; a way that is missing is not offered.

    `edit` is for what people gave back for changes, `correct` for what a line of the policy refused, `change` for what
    is approved, `anew` for what came to nothing.
    """

    sent: str = "proposed"
    once_approved: str = "that is final"
    several: str = "requests"
    given_back: str = "It is yours now; nobody else has to act."
    edit: Way | None = None
    correct: Way | None = None
    change: Way | None = None
    anew: Way | None = None


KINDS: Final[Mapping[str, Kind]] = {
    intake.SUBJECT_KIND: Kind(
        edit=Way(Action.EDIT, "Edit and resubmit"),
        correct=Way(Action.EDIT, "Correct it"),
        change=Way(Action.EDIT, CHANGE),
        anew=Way(Action.PROPOSE_ANEW, "Propose anew"),
    ),
}
_UNKNOWN: Final = Kind()


def kind_of(subject_kind: str) -> Kind:
    """Return the words for a kind of subject; one no screen knows is spoken of as a request, and offers no way on."""
    return KINDS.get(subject_kind, _UNKNOWN)
