"""Closed vocabularies shared by tables, rules and screens. Values are stored; never rename one."""

from enum import StrEnum


class Membership(StrEnum):
    """What a person is to the organisation, as Slack tells it."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"


class Tier(StrEnum):
    PROHIBITED = "prohibited"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class UseCaseState(StrEnum):
    RECORDED = "recorded"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    IN_DEPLOYMENT = "in_deployment"
    DEPLOYED = "deployed"
    OPTIMISING = "optimising"
    SCALING = "scaling"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Section(StrEnum):
    """The parts of a use case a vote can be bound to."""

    PURPOSE = "purpose"
    DATA = "data"
    MODEL = "model"
    PEOPLE = "people"
    OVERSIGHT = "oversight"
    VALUE = "value"
    COSMETIC = "cosmetic"


class DataClass(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"
    SENSITIVE_PERSONAL = "sensitive_personal"
    UNKNOWN = "unknown"


class Processing(StrEnum):
    """Where the data is processed."""

    PRIVATE_WORKSPACE = "private_workspace"
    OWN_CLOUD = "own_cloud"
    THIRD_PARTY = "third_party"
    UNKNOWN = "unknown"


class RequestStatus(StrEnum):
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"


class StageStatus(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    NO_LONGER_REQUIRED = "no_longer_required"


class LaneStatus(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    BLOCKED = "blocked"
    APPROVED = "approved"
    REJECTED = "rejected"
    NO_LONGER_REQUIRED = "no_longer_required"


class LaneRule(StrEnum):
    ANY = "any"
    ALL = "all"


class Verb(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Exclusion(StrEnum):
    """Why a person may never vote on a request."""

    PROPOSER = "proposer"
    OWNER = "owner"
    EDITOR = "editor"


class Audience(StrEnum):
    """Whom a copy of a card is for."""

    GOVERNANCE = "governance"
    APPROVER = "approver"


class OutboxStatus(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"


class OutboxKind(StrEnum):
    CARD_SYNC = "card_sync"
    HOME_SYNC = "home_sync"
    REQUEST_SETTLED = "approvals.request_settled"
    VOTE_REMINDER = "approvals.vote_reminder"
    UNDELIVERABLE = "approvals.undeliverable"
    WHISPER = "whisper"
