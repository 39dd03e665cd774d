"""Who may be asked to confirm numbers, and whose word on them counts. Values in, values out."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import KpiSource, Membership, UseCaseState
from workflows.checkins.hits import Witnessed
from workflows.checkins.turns import ENDED
from workflows.people.snapshots import Actor

LONGEST_DOUBT: Final = 1000


class NoVerifier(StrEnum):
    """Why somebody cannot be asked to confirm numbers."""

    NOT_A_MEMBER = "not_a_member"
    YOURSELF = "yourself"  # they give the numbers themselves this time
    REPORTS = "reports"  # they are who reports these KPIs
    NOT_A_READER = "not_a_reader"  # it is confidential, and they have no part in it


class NoVerdict(StrEnum):
    """Why what somebody said of a reading counts for nothing."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    OWN_NUMBERS = "own_numbers"
    FROM_SYSTEM = "from_system"
    CHANGED = "changed"  # there are other numbers meanwhile
    SAID_ALREADY = "said_already"
    ENDED = "ended"
    REASON_MISSING = "reason_missing"
    REASON_TOO_LONG = "reason_too_long"


def why_no_verifier(verifier: Actor, *, answers: UUID, reports: UUID, may_read: bool) -> NoVerifier | None:
    """Return why somebody cannot confirm what `answers` enters for who `reports` it, or None when they can."""
    if verifier.membership is not Membership.MEMBER:
        return NoVerifier.NOT_A_MEMBER
    if verifier.id == answers:
        return NoVerifier.YOURSELF
    if verifier.id == reports:
        return NoVerifier.REPORTS
    return None if may_read else NoVerifier.NOT_A_READER


def judged_by(person_id: UUID, readings: Collection[Witnessed]) -> tuple[Witnessed, ...]:
    """Return the readings somebody can say something of: people's word, and not their own."""
    return tuple(
        each
        for each in readings
        if each.source is not KpiSource.SYSTEM and (each.entered_by is None or each.entered_by.id != person_id)
    )


def why_no_verdict(
    person_id: UUID, readings: Collection[Witnessed], *, may: bool, use_case: UseCaseState
) -> NoVerdict | None:
    """Return why this person may say nothing of any of these readings, or None when they may."""
    if not may:
        return NoVerdict.NOT_YOURS
    if use_case in ENDED:
        return NoVerdict.ENDED
    if not readings:
        return NoVerdict.CHANGED
    if judged_by(person_id, readings):
        return None
    is_system = all(each.source is KpiSource.SYSTEM for each in readings)
    return NoVerdict.FROM_SYSTEM if is_system else NoVerdict.OWN_NUMBERS


def why_no_reason(reason: str) -> NoVerdict | None:
    """Return what is wrong with why somebody doubts a reading, or None when nothing is."""
    if not reason.strip():
        return NoVerdict.REASON_MISSING
    return NoVerdict.REASON_TOO_LONG if len(reason) > LONGEST_DOUBT else None
