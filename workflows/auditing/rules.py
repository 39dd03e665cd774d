"""Which approvals are drawn, and what an audit changes about its line. Values in, values out."""

import hashlib
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import AuditResult, RequestStatus
from workflows.policy.sampling import FastLane

_PLACES: Final = 10_000
_RESULTS: Final = {
    RequestStatus.APPROVED: AuditResult.PASSED,
    RequestStatus.REJECTED: AuditResult.FAILED,
    RequestStatus.EXPIRED: AuditResult.UNSEEN,
    RequestStatus.WITHDRAWN: AuditResult.OVERTAKEN,
}


class LineChange(StrEnum):
    """What people are told of a line, and why it goes on otherwise."""

    WIDENED = "widened"
    CLOSED = "closed"
    UNSEEN = "unseen"  # it goes on as before; nobody looked at an audit in time


def is_drawn(seed: str, request_id: UUID, *, share: int) -> bool:
    """Say whether an approval is drawn when `share` per cent are. The same seed and request give the same answer."""
    digest = hashlib.sha256(f"{seed}:{request_id}".encode()).hexdigest()
    return int(digest, 16) % _PLACES < share * _PLACES // 100


def result_of(status: RequestStatus) -> AuditResult | None:
    """Return what an audit came to when its request stands so; None while people still look."""
    return _RESULTS.get(status)


def change_of(before: FastLane, after: FastLane) -> LineChange | None:
    """Return what became of a line that people should hear of."""
    if after.is_closed and not before.is_closed:
        return LineChange.CLOSED
    if after.share > before.share:
        return LineChange.WIDENED
    return None
