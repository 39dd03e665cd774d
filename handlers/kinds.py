"""How the screens speak of each kind of subject, and what they offer whoever sent one. A new kind is one entry here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from db.enums import RequestStatus, Verb
from handlers.ids import Action
from handlers.text import REQUEST_STATUSES
from workflows import foundation, intake, policy, policy_changes, programme, rollouts

CHANGE = "Request a change"


@dataclass(frozen=True, slots=True)
class Way:
    """A button for whoever answers for a subject; it carries the subject's id."""

    action: Action
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The words for a kind of subject, and the ways on; a way that is missing is not offered.

    `called` tells its requests from those about use cases. `edit` is for what people gave back for changes,
    `correct` for what a line of the policy refused, `change` for what is approved, `anew` for what came to nothing.
    `votes` are what a vote is called on its button, `did` what somebody did who gave it, `statuses` where a request
    stands: each in place of the usual words. `once_approved` is what follows if it is `approved`; `rejecting` what
    is said before it is not, `called_off` why nobody is asked any more.
    """

    called: str = ""
    sent: str = "proposed"
    approved: str = "approved"
    once_approved: str = "that is final"
    several: str = "requests"
    given_back: str = "It is yours now; nobody else has to act."
    edit: Way | None = None
    correct: Way | None = None
    change: Way | None = None
    anew: Way | None = None
    votes: Mapping[Verb, str] = field(default_factory=dict)
    did: Mapping[Verb, str] = field(default_factory=dict)
    statuses: Mapping[RequestStatus, str] = field(default_factory=dict)
    rejecting: str = "You reject {what}. This ends the request."
    called_off: str = ""

    def status(self, status: RequestStatus) -> str:
        """Return what stands on a card of this kind of subject for where its request stands."""
        return self.statuses.get(status, REQUEST_STATUSES[status])


_PART: Final = Kind(
    called="A part of the foundation",
    sent="sent",
    once_approved="it is in force",
    several="parts of the foundation",
    given_back="It is yours now: edit it and send it again, or withdraw it.",
    edit=Way(Action.OPEN_PART, "Edit and send again"),
    anew=Way(Action.OPEN_PART, "Open it"),
)
KINDS: Final[Mapping[str, Kind]] = {
    intake.SUBJECT_KIND: Kind(
        edit=Way(Action.EDIT, "Edit and resubmit"),
        correct=Way(Action.EDIT, "Correct it"),
        change=Way(Action.EDIT, CHANGE),
        anew=Way(Action.PROPOSE_ANEW, "Propose anew"),
    ),
    policy_changes.SUBJECT_KIND: Kind(
        called="A change of the policy",
        once_approved="it is put in force",
        several="changes of the policy",
        given_back="Nobody else has to act. Send a corrected file, which takes its place, or withdraw it.",
        edit=Way(Action.PROPOSE_POLICY, "Send a corrected file"),
        anew=Way(Action.PROPOSE_POLICY, "Propose anew"),
    ),
    policy.AUDIT_KIND: Kind(
        called="An audit",
        approved="passed",
        once_approved="it stays approved",
        several="audits",
        votes={Verb.APPROVE: "Passed", Verb.REJECT: "Failed"},
        did={Verb.APPROVE: "passed", Verb.REJECT: "failed"},
        statuses={
            RequestStatus.IN_REVIEW: "Being audited",
            RequestStatus.APPROVED: "Passed",
            RequestStatus.REJECTED: "Failed",
            RequestStatus.WITHDRAWN: "Not needed any more",
            RequestStatus.EXPIRED: "Not looked at",
        },
        rejecting="You say that {what} should not have been approved by the policy alone. It is suspended until people "
        "have approved it, and failures can close that line of the policy.",
        called_off="it ended, or people have decided about it",
    ),
    programme.SUBJECT_KIND: Kind(
        called="A gate",
        sent="asked",
        once_approved="it takes effect unless what it rests on has changed by then,",
        several="requests about gates",
        anew=Way(Action.ASK_GATE_ANEW, "Ask again"),
    ),
    **dict.fromkeys(foundation.SUBJECT_KINDS, _PART),
    rollouts.SUBJECT_KIND: Kind(
        called="A rollout",
        sent="asked for",
        once_approved="it goes to that team",
        several="rollouts",
        edit=Way(Action.EDIT_ROLLOUT, "Change and send again"),
        anew=Way(Action.EDIT_ROLLOUT, "Ask anew"),
    ),
}
_UNKNOWN: Final = Kind()


def kind_of(subject_kind: str) -> Kind:
    """Return the words for a kind of subject; one no screen knows is spoken of as a request, and offers no way on."""
    return KINDS.get(subject_kind, _UNKNOWN)
