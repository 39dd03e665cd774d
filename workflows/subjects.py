"""Every kind of subject people decide on, and the feature that answers for it. A new kind is one entry here.

Approvals know subjects, not features; `reactions` asks here who takes over when a request moves.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from db.enums import RequestStatus, Tier
from db.session import Session
from workflows import intake
from workflows.approvals import Subject, Titled
from workflows.people import Actor
from workflows.policy import Facts

_REFERENCE = re.compile(r"\s*([A-Z]{2,6})[-\s]?(\d{1,9})\s*", re.IGNORECASE | re.ASCII)


class Settle(Protocol):
    """Takes over what became of the request about a subject, in the same transaction. No actor: policy or clock."""

    def __call__(
        self, session: Session, subject_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime
    ) -> None: ...


class HoldAgainstTier(Protocol):
    """Does what a subject's tier calls for when a request about it was laid out anew under another."""

    def __call__(
        self, session: Session, subject_id: UUID, tier: Tier, /, *, actor: Actor | None, now: datetime
    ) -> object: ...


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature answers for its kind of subject. `prefix` begins its references: UC of UC-42.

    `subject_of` is what is decided on as it is stored, and its facts; `titled` what everybody may know of it;
    `owner_of` who takes its request over when whoever sent it leaves; `insiders` who may read it whatever roles they
    hold. `needs_rule`: a policy without a rule for this kind cannot be used.
    """

    prefix: str
    subject_of: Callable[[Session, UUID], tuple[Subject, Facts] | None]
    titled: Callable[[Session, UUID], Titled | None]
    owner_of: Callable[[Session, UUID], UUID | None]
    insiders: Callable[[Session, UUID], Collection[UUID]]
    settle: Settle
    hold_against_tier: HoldAgainstTier | None = None
    needs_rule: bool = False


FEATURES: Final[Mapping[str, Feature]] = {
    intake.SUBJECT_KIND: Feature(
        prefix="UC",
        subject_of=intake.subject_of,
        titled=intake.titled,
        owner_of=intake.owner_of,
        insiders=intake.insiders,
        settle=intake.settle,
        hold_against_tier=intake.hold_against_tier,
        needs_rule=True,
    ),
}


def feature_of(kind: str) -> Feature:
    """Return the feature that answers for subjects of this kind. Raises LookupError when none does."""
    feature = FEATURES.get(kind)
    if feature is None:
        raise LookupError(f"no feature answers for subjects of kind {kind!r}")
    return feature


def read_reference(text: str) -> tuple[str, str] | None:
    """Return (kind, “UC-42”) for a reference however people type it, or None when it is none."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    prefix = match.group(1).upper()
    reference = f"{prefix}-{int(match.group(2))}"
    return next(((kind, reference) for kind, feature in FEATURES.items() if feature.prefix == prefix), None)
