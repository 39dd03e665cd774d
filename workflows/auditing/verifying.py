"""Draw again what the record says was drawn, and compare."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.queries import auditing as stored
from db.session import Session
from workflows import intake, ledger
from workflows.auditing.rules import is_drawn
from workflows.ledger import LedgerKind


@dataclass(frozen=True, slots=True)
class Verified:
    """How many draws are on the record, and what does not agree with them, one sentence each."""

    draws: int
    wrong: tuple[str, ...]


def verify(session: Session) -> Verified:
    """Compare every draw on the record with its seed, with the audits there are, and with what audited lines approved.

    That nobody changed the record is for `ledger verify` to say.
    """
    draws = [body["data"] for body in _drawn(session)]
    audits = {str(row.id): row for row in stored.audits(session)}
    wrong = [problem for each in draws for problem in _problems(each)]
    begun = {each["audit"] for each in draws if each["audit"]}
    wrong += [
        f"the draw of request {each['request']} began an audit that is not there"
        for each in draws
        if each["audit"] and each["audit"] not in audits
    ]
    wrong += [
        f"audit {key} of the line {row.line} was begun by no draw" for key, row in audits.items() if key not in begun
    ]
    drawn = {each["request"] for each in draws}
    wrong += [
        f"request {request_id} was approved by an audited line and never drawn"
        for request_id in stored.approved_under_audit(session, intake.SUBJECT_KIND)
        if str(request_id) not in drawn
    ]
    return Verified(len(draws), tuple(wrong))


def _drawn(session: Session) -> Iterator[Mapping[str, Any]]:
    for _, _, body, _, _ in ledger.events(session, prefixes=[intake.STREAMS]):
        told = json.loads(body)
        if told["kind"] == LedgerKind.AUDIT_DRAWN:
            yield told


def _problems(draw: Mapping[str, Any]) -> Iterator[str]:
    again = is_drawn(draw["seed"], UUID(draw["request"]), share=draw["share"])
    if again is not draw["drawn"] or again is not (draw["audit"] is not None):
        yield f"request {draw['request']} was {'' if draw['drawn'] else 'not '}drawn, and its seed says otherwise"
