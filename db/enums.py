"""Closed vocabularies shared by tables, rules and screens. Values are stored; never rename one."""

from enum import StrEnum
from typing import Final


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


class OutputUse(StrEnum):
    """What people do with what the AI produces."""

    FINDING = "finding"
    SUMMARISING = "summarising"
    DRAFTING = "drafting"
    CLASSIFYING = "classifying"
    ANSWERING = "answering"
    RECOMMENDING = "recommending"
    FORECASTING = "forecasting"
    MONITORING = "monitoring"
    ACTING = "acting"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    """Who decides, where the output leads to a decision."""

    NONE = "none"
    PERSON = "person"
    MACHINE_REVIEWED = "machine_reviewed"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Affected(StrEnum):
    """Whom the output touches."""

    OWN_TEAM = "own_team"
    EMPLOYEES = "employees"
    APPLICANTS = "applicants"
    CUSTOMERS = "customers"
    SUPPLIERS = "suppliers"
    PUBLIC = "public"
    VULNERABLE = "vulnerable"
    UNKNOWN = "unknown"


class Build(StrEnum):
    """Who makes the model or the tool around it."""

    IN_HOUSE = "in_house"
    VENDOR = "vendor"
    BOTH = "both"
    UNKNOWN = "unknown"


class Area(StrEnum):
    """Where a mistake harms people: EU AI Act Annex III and the high-impact list of US M-25-21, in our words."""

    BIOMETRICS = "biometrics"
    INFRASTRUCTURE = "infrastructure"
    PHYSICAL_SAFETY = "physical_safety"
    HEALTH = "health"
    EDUCATION = "education"
    EMPLOYMENT = "employment"
    CREDIT_INSURANCE = "credit_insurance"
    PUBLIC_BENEFITS = "public_benefits"
    EMERGENCY = "emergency"
    LAW_ENFORCEMENT = "law_enforcement"
    MIGRATION = "migration"
    JUSTICE_ELECTIONS = "justice_elections"
    SPEECH = "speech"
    FACILITY_ACCESS = "facility_access"
    UNKNOWN = "unknown"


class Practice(StrEnum):
    """What nobody may do: EU AI Act article 5, in our words, asked as facts."""

    MANIPULATION = "manipulation"
    EXPLOITING_WEAKNESS = "exploiting_weakness"
    SOCIAL_SCORING = "social_scoring"
    CRIME_FROM_PROFILE = "crime_from_profile"
    FACE_SCRAPING = "face_scraping"
    EMOTIONS_AT_WORK = "emotions_at_work"
    SENSITIVE_FROM_BODY = "sensitive_from_body"
    LIVE_FACE_SEARCH = "live_face_search"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Which way a KPI should move; a band is to be stayed inside of."""

    UP = "up"
    DOWN = "down"
    BAND = "band"


class Cadence(StrEnum):
    """How often a KPI is asked for; every so many weeks says how many beside it."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    EVERY_WEEKS = "every_weeks"


class KpiSource(StrEnum):
    """Where the readings of a KPI come from."""

    SELF = "self"
    SYSTEM = "system"
    SURVEY = "survey"


class KpiField(StrEnum):
    """What can change about a KPI. Up to `PROPOSED` it is part of what was approved."""

    NAME = "name"
    UNIT = "unit"
    DIRECTION = "direction"
    TARGET = "target"
    DUE = "due"
    PROPOSED = "proposed"
    IN_USE = "in_use"
    CADENCE = "cadence"
    SOURCE = "source"
    OWNER = "owner"


class CheckInState(StrEnum):
    """How a check-in stands. Missing is never a number: what was not answered says so."""

    PENDING = "pending"  # its day has come, and the prompt waits for working hours
    DUE = "due"
    OVERDUE = "overdue"
    MISSED = "missed"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    AWAY = "away"


class Confidence(StrEnum):
    """Whether a use case will get where it should, as who reports its numbers sees it."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class RootCause(StrEnum):
    """Why an output of an AI had to be corrected. Each has its own fix."""

    PROMPT = "prompt"  # how it was asked
    CONTEXT = "context"  # something it had to know was missing
    WORKFLOW = "workflow"  # the work around it does not fit


class Verdict(StrEnum):
    """What a second person says of a reading somebody typed."""

    CONFIRMED = "confirmed"
    DOUBTED = "doubted"


class QuestionKind(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


class DraftStatus(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    JOINED = "joined"
    DISCARDED = "discarded"


class WorkspaceRank(StrEnum):
    """What a person is in the Slack workspace itself."""

    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"
    PRIMARY_OWNER = "primary_owner"


class Processing(StrEnum):
    """Where the data is processed."""

    PRIVATE_WORKSPACE = "private_workspace"
    OWN_CLOUD = "own_cloud"
    THIRD_PARTY = "third_party"
    UNKNOWN = "unknown"


class RequestStatus(StrEnum):
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


PENDING: Final = (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED)
"""Not ended: with the people asked, or with its proposer."""


class RoundCause(StrEnum):
    """Why a request's stages were laid out (anew)."""

    SUBMITTED = "submitted"
    RESUBMITTED = "resubmitted"
    REROUTED = "rerouted"


class StageStatus(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NO_LONGER_REQUIRED = "no_longer_required"


class LaneStatus(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    BLOCKED = "blocked"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NO_LONGER_REQUIRED = "no_longer_required"


class LaneRule(StrEnum):
    ANY = "any"
    ALL = "all"
    AT_LEAST = "at_least"
    PERCENT = "percent"


class EscalationMode(StrEnum):
    """Whether those a lane escalates to are asked beside those who did not answer, or in their place."""

    ADD = "add"
    REPLACE = "replace"


class Verb(StrEnum):
    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"


APPROVING: Final = frozenset({Verb.APPROVE, Verb.APPROVE_WITH_CONDITIONS})
"""The verbs that count as an approval."""


class Exclusion(StrEnum):
    """Why a person may never vote on a request."""

    PROPOSER = "proposer"
    OWNER = "owner"
    EDITOR = "editor"
    BROKE_GLASS = "broke_glass"


class Relation(StrEnum):
    """Who somebody is to what is decided on; a lane can ask them as it asks a role."""

    SPONSOR = "sponsor"
    OWNERS_MANAGER = "owners_manager"
    OBJECTIVE_OWNER = "objective_owner"


class Audience(StrEnum):
    """Whom a copy of a card is for."""

    GOVERNANCE = "governance"
    APPROVER = "approver"
    ROLE = "role"


class SuspensionCause(StrEnum):
    """Why a use case may not go on. It goes on again when every cause is gone."""

    TIER_ROSE = "tier_rose"
    CONDITION_OVERDUE = "condition_overdue"
    APPROVAL_LAPSED = "approval_lapsed"
    BREAK_GLASS_ENDED = "break_glass_ended"
    AUDIT_FAILED = "audit_failed"
    BY_HAND = "by_hand"


class EvidenceKind(StrEnum):
    """What shows that a condition is met."""

    DOCUMENT = "document"
    TEST_RESULT = "test_result"
    AGREEMENT = "agreement"
    STATEMENT = "statement"


class Blocks(StrEnum):
    """What a condition stands in the way of until it is met."""

    DEPLOYMENT = "deployment"
    CONTINUATION = "continuation"


class ConditionStatus(StrEnum):
    """How a condition stands. It counts from when its request is approved."""

    PROPOSED = "proposed"
    OPEN = "open"
    OFFERED = "offered"
    MET = "met"
    WAIVED = "waived"
    DROPPED = "dropped"


class DemandStatus(StrEnum):
    """How a condition stands with one of those who set it."""

    STANDING = "standing"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    DROPPED = "dropped"


class RecertificationAnswer(StrEnum):
    """What became of the question whether an approval still holds. Silence is no answer: it lapses."""

    STILL_VALID = "still_valid"
    CHANGED = "changed"
    RETIRED = "retired"
    LAPSED = "lapsed"
    OVERTAKEN = "overtaken"


class BreakGlassStatus(StrEnum):
    CALLED = "called"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    RATIFIED = "ratified"
    REFUSED = "refused"
    ENDED = "ended"
    OVERTAKEN = "overtaken"


class AuditResult(StrEnum):
    """What came of looking at something a policy line approved."""

    PASSED = "passed"
    FAILED = "failed"
    UNSEEN = "unseen"  # nobody looked in time, which says nothing about it
    OVERTAKEN = "overtaken"


class Phase(StrEnum):
    """How far the organisation's programme is. A gate is called by the phase it leads into."""

    FOUNDATION = "foundation"
    FOCUSED_DEPLOYMENT = "focused_deployment"
    OPTIMISATION = "optimisation"
    SCALING = "scaling"


class FoundationKind(StrEnum):
    """What has to stand before anything is deployed: four deliverables, then four areas of governance."""

    CONTEXT_PACK = "context_pack"
    DATA_READINESS = "data_readiness"
    GOVERNANCE_FRAMEWORK = "governance_framework"
    STAKEHOLDER_MAP = "stakeholder_map"
    DATA_HANDLING = "data_handling"
    ACCEPTABLE_USE = "acceptable_use"
    HUMAN_OVERSIGHT = "human_oversight"
    INCIDENT_RESPONSE = "incident_response"


class ItemKind(StrEnum):
    """What a deliverable holds, each thing by itself."""

    VOICE_GUIDE = "voice_guide"
    CLIENT_ARCHETYPE = "client_archetype"
    TERMINOLOGY = "terminology"
    SYSTEM = "system"
    OWNERSHIP = "ownership"
    APPROVAL_WORKFLOW = "approval_workflow"
    ACCEPTABLE_USE = "acceptable_use"
    APPROVER = "approver"
    AFFECTED_GROUP = "affected_group"


class Rating(StrEnum):
    """How a system's data is, for one purpose."""

    GOOD = "good"
    PARTLY = "partly"
    POOR = "poor"
    UNKNOWN = "unknown"


class VersionStatus(StrEnum):
    """Where a version of a deliverable or an area stands: being written, or as its request."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Criterion(StrEnum):
    """What a gate asks for. The first eight are called like the parts of the foundation they ask for."""

    CONTEXT_PACK = "context_pack"
    DATA_READINESS = "data_readiness"
    GOVERNANCE_FRAMEWORK = "governance_framework"
    STAKEHOLDER_MAP = "stakeholder_map"
    DATA_HANDLING = "data_handling"
    ACCEPTABLE_USE = "acceptable_use"
    HUMAN_OVERSIGHT = "human_oversight"
    INCIDENT_RESPONSE = "incident_response"
    FIRST_VALUE = "first_value"
    MEASURED = "measured"
    IMPROVED = "improved"
    LESSON = "lesson"


class GateAct(StrEnum):
    """What is asked about a gate."""

    OPEN = "open"
    WAIVE = "waive"


class WorkstreamKind(StrEnum):
    """The two halves of bringing a use case into use, side by side."""

    TECHNICAL_INTEGRATION = "technical_integration"
    ONBOARDING = "onboarding"  # of the team, with the design of its workflow


class LessonStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class RolloutStatus(StrEnum):
    """Where a rollout stands: as its request, and then on its way."""

    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DONE = "done"


class Dimension(StrEnum):
    """What a scorecard asks about. The first eight are called like the parts of the foundation that prove them."""

    CONTEXT_PACK = "context_pack"
    DATA_READINESS = "data_readiness"
    GOVERNANCE_FRAMEWORK = "governance_framework"
    STAKEHOLDER_MAP = "stakeholder_map"
    DATA_HANDLING = "data_handling"
    ACCEPTABLE_USE = "acceptable_use"
    HUMAN_OVERSIGHT = "human_oversight"
    INCIDENT_RESPONSE = "incident_response"
    FIRST_USE_CASES = "first_use_cases"
    TECHNICAL_INTEGRATION = "technical_integration"
    TEAM_ONBOARDING = "team_onboarding"
    FIRST_VALUE = "first_value"
    MEASUREMENT = "measurement"
    REFINEMENT = "refinement"
    LESSONS = "lessons"
    CHECK_IN_DISCIPLINE = "check_in_discipline"
    REPEATABLE_ONBOARDING = "repeatable_onboarding"
    KNOWLEDGE_BASE = "knowledge_base"
    GOVERNANCE_AT_SCALE = "governance_at_scale"
    ROLLOUTS = "rollouts"


class UsageSource(StrEnum):
    """Who counted how an AI is used."""

    CSV = "csv"
    GITHUB_COPILOT = "github_copilot"
    MICROSOFT_365_COPILOT = "microsoft_365_copilot"
    CLAUDE_CODE = "claude_code"
    OPENAI = "openai"


class UsageMeasure(StrEnum):
    """What a count counts. People are eligible, assigned or active, and one is never taken for another."""

    ELIGIBLE = "eligible"  # could use it
    ASSIGNED = "assigned"  # were given access or a licence
    ACTIVE = "active"  # used it
    INTERACTIONS = "interactions"  # requests, prompts or sessions, as its source defines them


class UsageTells(StrEnum):
    """What a file of a usage source tells of people. What it cannot tell is not measurable, and never guessed."""

    COUNTS = "counts"  # how many, over some days
    PEOPLE_BY_DAY = "people_by_day"  # who, as a keyed hash, used it on which day
    LAST_ACTIVITY = "last_activity"  # who has access, and when they used it last


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
    CHANGES_REQUESTED = "approvals.changes_requested"
    VOTE_REMINDER = "approvals.vote_reminder"
    LANE_OVERDUE = "approvals.lane_overdue"
    LANE_BLOCKED = "approvals.lane_blocked"
    QUESTION_ASKED = "approvals.question_asked"
    QUESTION_ANSWERED = "approvals.question_answered"
    NUDGE = "approvals.nudge"
    UNDELIVERABLE = "approvals.undeliverable"
    NOT_A_VOTE = "approvals.not_a_vote"
    HANDED_OVER = "approvals.handed_over"
    ORPHANED = "approvals.orphaned"
    DELEGATED = "people.delegated"
    AWAY_SUMMARY = "people.away_summary"
    JOIN_ASKED = "intake.join_asked"
    SUSPENDED = "intake.suspended"
    CONDITIONS_SET = "conditions.set"
    CONDITION_OFFERED = "conditions.offered"
    CONDITION_ANSWERED = "conditions.answered"
    CONDITION_REMINDER = "conditions.reminder"
    CONDITION_OVERDUE = "conditions.overdue"
    RECERTIFY = "recertifying.asked"
    CAMPAIGN_ENDED = "recertifying.campaign_ended"
    BREAK_GLASS_ASKED = "breaking_glass.asked"
    BREAK_GLASS_TOLD = "breaking_glass.told"
    FAST_LANE_CHANGED = "auditing.fast_lane_changed"
    POLICY_DECIDED = "policy_changes.decided"
    CHECK_IN = "checkins.prompt"
    CHECK_IN_REMINDER = "checkins.reminder"
    CHECK_IN_SILENT = "checkins.silent"
    VERIFICATION_ASKED = "checkins.verification_asked"
    READING_DOUBTED = "checkins.reading_doubted"
    FIX_ACCEPTED = "checkins.fix_accepted"
    FIX_DUE = "checkins.fix_due"
    KPI_GIVEN = "checkins.kpi_given"
    FOUNDATION_REVIEW = "foundation.review"
    GATE_CHANGED = "programme.gate_changed"
    MOVED = "lifecycle.moved"
    TASK_GIVEN = "lifecycle.task_given"
    TASK_DUE = "lifecycle.task_due"
    FIRST_VALUE_DUE = "lifecycle.first_value_due"
    ROLLOUT_TOLD = "rollouts.told"
    PROPOSE_RECORDED = "recorded.propose"
    SCORECARD_ASKED = "scorecards.asked"
    SCORECARD_CLOSED = "scorecards.closed"
    SCORECARD_FILE = "scorecards.file"
    WHERE_REQUESTS_WAIT = "approvals.where_requests_wait"
    SET_UP = "setup.checklist"
    DIGEST = "digests.weekly"
    DIGEST_DETAILS = "digests.details"
    DIGEST_FILE = "digests.file"
    YOUR_WEEK = "digests.your_week"
    EXPORT_FILE = "exports.file"
    WHISPER = "whisper"
