"""Answers about approvals and the scope of a campaign, as typed values."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from db.enums import Tier
from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    chosen,
    chosen_in_search,
    optional,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from workflows.intake import UseCaseSnapshot
from workflows.recertifying import Scope

LONGEST_TEAM = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """A submitted answer: who gave it, about which text of which use case, and why it is to be retired."""

    who: str
    use_case_id: UUID
    revision: int
    reason: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Answer":
        use_case_id, _, revision = taken(body, "view", "private_metadata").partition(".")
        if not revision.isdecimal():
            raise MalformedPayloadError("no text of a use case")
        reason = typed(body, Block.RETIRE_REASON, INPUT)
        return cls(user_of(body), taken_uuid(use_case_id), int(revision[:9]), reason.strip())


def carried(use_case: UseCaseSnapshot) -> str:
    """Return what the window of an answer carries: which text was seen."""
    return f"{use_case.id}.{use_case.revision}"


def scope_of_form(body: dict[str, Any]) -> Scope:
    """Return what was chosen; what was left open is None."""
    tier = chosen(body, Block.CAMPAIGN_TIER, INPUT)
    due = optional(body, "view", "state", "values", Block.CAMPAIGN_DUE, INPUT, "selected_date")
    return _scope(tier, chosen_in_search(body, Block.CAMPAIGN_TEAM), due)


def scope_carried(body: dict[str, Any]) -> Scope:
    """Return what the window shows that is about to start a campaign."""
    try:
        said = json.loads(taken(body, "view", "private_metadata"))
    except ValueError as error:
        raise MalformedPayloadError("no scope of a campaign") from error
    return _scope(optional(said, "tier"), optional(said, "team"), optional(said, "due"))


def as_carried(scope: Scope) -> str:
    return json.dumps({"tier": scope.tier, "team": scope.team, "due": scope.due_on.isoformat()})


def _scope(tier: str | None, team: str | None, due: str | None) -> Scope:
    try:
        return Scope(Tier(tier) if tier else None, team[:LONGEST_TEAM] if team else None, date.fromisoformat(due or ""))
    except ValueError as error:
        raise MalformedPayloadError("no scope of a campaign") from error
