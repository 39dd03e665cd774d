"""What an organisation has set, each change on the record."""

import hashlib
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.queries import configuration as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind

STREAM = "configuration:settings"


class SettingName(StrEnum):
    GOVERNANCE_CHANNEL = "governance-channel"


def value_of(session: Session, name: SettingName) -> str | None:
    return stored.setting(session, name.value)


def change(session: Session, name: SettingName, value: str, *, actor: UUID | None, now: datetime) -> bool:
    """Set `name` to `value`; return whether that changed anything. `actor` is None for the host's command line."""
    stored.hold_counters(session)  # one change at a time
    if stored.setting(session, name.value) == value:
        return False
    stored.put_setting(session, name=name.value, value=value, changed_at=now)
    digest = hashlib.sha256(value.encode()).hexdigest()  # a value may be a Slack id, which events never hold
    fact = Fact(LedgerKind.SETTING_CHANGED, {"name": name.value, "value": digest})
    ledger.record(session, STREAM, [fact], actor=actor, now=now)
    return True
