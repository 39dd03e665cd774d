"""Every kind of subject people decide on, and the feature that answers for it. A new kind is one entry here.

Approvals know subjects, not features; `reactions` asks here who takes over when a request moves.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from db.enums import RequestStatus, Tier, Verb
from db.session import Session
from workflows import auditing, foundation, intake, policy, policy_changes, programme, rollouts
from workflows.approvals import Subject, Titled
from workflows.intake import Became
from workflows.people import Actor
from workflows.policy import Facts, PolicySnapshot

_REFERENCE = re.compile(r"\s*([A-Z]{2,6})[-\s]?(\d{1,9})\s*", re.IGNORECASE | re.ASCII)


class Settle(Protocol):
    """Takes over what became of the request about a subject, in the same transaction. No actor: policy or clock."""

    def __call__(
        self, session: Session, subject_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime
    ) -> Became | None: ...


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
    hold. `needs_rule`: a policy without a rule for this kind cannot be used. `verbs` are the votes it takes. `is_sent`:
    somebody sends it, finds it among what is theirs, and may take it back. `together`: several may be decided at once.
    `route` is who decides where that does not follow from its facts alone.
    """

    prefix: str
    subject_of: Callable[[Session, UUID], tuple[Subject, Facts] | None]
    titled: Callable[[Session, UUID], Titled | None]
    owner_of: Callable[[Session, UUID], UUID | None]
    insiders: Callable[[Session, UUID], Collection[UUID]]
    settle: Settle
    hold_against_tier: HoldAgainstTier | None = None
    needs_rule: bool = False
    verbs: Collection[Verb] = frozenset(Verb)
    is_sent: bool = True
    together: bool = False
    route: Callable[[Session, UUID, Facts], PolicySnapshot] | None = None


def _settle_policy(
    session: Session, subject_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime
) -> None:
    policy_changes.settle(session, subject_id, status, kinds=kinds_needed(), actor=actor, now=now)


def _of_foundation(prefix: str) -> Feature:
    return Feature(
        prefix=prefix,
        subject_of=foundation.subject_of,
        titled=foundation.titled,
        owner_of=foundation.owner_of,
        insiders=foundation.insiders,
        settle=foundation.settle,
        verbs=frozenset({Verb.APPROVE, Verb.REQUEST_CHANGES, Verb.REJECT}),
    )


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
        together=True,
    ),
    policy_changes.SUBJECT_KIND: Feature(
        prefix="POL",
        subject_of=policy_changes.subject_of,
        titled=policy_changes.titled,
        owner_of=policy_changes.owner_of,
        insiders=policy_changes.insiders,
        settle=_settle_policy,
        verbs=frozenset({Verb.APPROVE, Verb.REQUEST_CHANGES, Verb.REJECT}),
    ),
    policy.AUDIT_KIND: Feature(
        prefix=auditing.PREFIX,
        subject_of=auditing.subject_of,
        titled=auditing.titled,
        owner_of=auditing.owner_of,
        insiders=auditing.insiders,
        settle=auditing.settle,
        verbs=frozenset({Verb.APPROVE, Verb.REJECT}),
        is_sent=False,
    ),
    programme.SUBJECT_KIND: Feature(
        prefix=programme.PREFIX,
        subject_of=programme.subject_of,
        titled=programme.titled,
        owner_of=programme.owner_of,
        insiders=programme.insiders,
        settle=programme.settle,
        verbs=frozenset({Verb.APPROVE, Verb.REJECT}),
    ),
    foundation.DELIVERABLE: _of_foundation("DLV"),
    foundation.AREA: _of_foundation("GOV"),
    rollouts.SUBJECT_KIND: Feature(
        prefix=rollouts.PREFIX,
        subject_of=rollouts.subject_of,
        titled=rollouts.titled,
        owner_of=rollouts.owner_of,
        insiders=rollouts.insiders,
        settle=rollouts.settle,
        verbs=frozenset({Verb.APPROVE, Verb.REQUEST_CHANGES, Verb.REJECT}),
        route=rollouts.route,
    ),
}


def kinds_needed() -> list[str]:
    """Return the kinds of subject without a rule for which a policy cannot be used."""
    return [kind for kind, feature in FEATURES.items() if feature.needs_rule]


def feature_of(kind: str) -> Feature:
    """Return the feature that answers for subjects of this kind. Raises LookupError when none does."""
    feature = FEATURES.get(kind)
    if feature is None:
        raise LookupError(f"no feature answers for subjects of kind {kind!r}")
    return feature


def route(session: Session, kind: str, subject_id: UUID, facts: Facts) -> PolicySnapshot:
    """Return what a subject with these facts is judged under if it is sent again now."""
    own = feature_of(kind).route
    return own(session, subject_id, facts) if own else policy.route(session, kind, facts, subject_id=subject_id)


def takes(kind: str, verb: Verb) -> bool:
    """Say whether a vote like this can be given on subjects of this kind."""
    return kind not in FEATURES or verb in FEATURES[kind].verbs


def is_sent(kind: str) -> bool:
    """Say whether somebody sends subjects of this kind, and may take them back."""
    return kind not in FEATURES or FEATURES[kind].is_sent


def decided_together() -> list[str]:
    """Return the kinds of subject of which several may be decided from one window."""
    return [kind for kind, feature in FEATURES.items() if feature.together]


def read_reference(text: str) -> tuple[str, str] | None:
    """Return (kind, “UC-42”) for a reference however people type it, or None when it is none."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    prefix = match.group(1).upper()
    reference = f"{prefix}-{int(match.group(2))}"
    return next(((kind, reference) for kind, feature in FEATURES.items() if feature.prefix == prefix), None)
