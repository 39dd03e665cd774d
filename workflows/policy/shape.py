"""The shape of a policy file. What belongs together across the file is checked in `checks`.

The limits keep what is shown within what Slack shows: an option has 75 characters, a text 3,000, a modal 100 blocks.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from db.enums import EscalationMode, LaneRule, QuestionKind, Relation, Section, Tier
from workflows.policy.problems import quoted

ADMIN, LEAD, AUDITOR, BREAK_GLASS, STAKEHOLDER = "admin", "lead", "auditor", "break_glass", "stakeholder"
BUILT_IN_ROLES = frozenset({ADMIN, LEAD, AUDITOR, BREAK_GLASS, STAKEHOLDER})
NEVER_ASKED = frozenset({BREAK_GLASS})
"""Built-in roles no lane can ask: who lets something go ahead by break-glass may not decide on it."""

STEERING = frozenset({ADMIN, LEAD})
"""Whose holders see what is stuck, and may pass it on."""

READING_ALL = STEERING | {AUDITOR}
"""Whose holders may read everything about every use case, confidential ones too."""

RELATIONS = frozenset(each.value for each in Relation)
"""Named like roles, and held by nobody: who somebody is follows from what is decided on."""

POLICY: Final = "policy"
"""The kind of subject a policy itself is: with a rule for it, changes of the policy are decided by people."""

FORMAT = 1
ANY: Final = "any"
MOST_ROLES, MOST_QUESTIONS, MOST_OPTIONS, MOST_RULES = 50, 12, 1000, 20
MOST_CHAINS, MOST_STAGES, MOST_LANES, MOST_CONDITIONS = 20, 6, 8, 10
MOST_AUDITS = 200
LEAST_MONTHS, MOST_MONTHS = 2, 120  # owners are asked a month before; they must not be asked all the time
_KEY, _VALUE, _WORDS = r"^[a-z][a-z0-9_]*$", r"^[a-z0-9][a-z0-9_]*$", r"\w"
PATTERNS: Final = {
    _KEY: "write small letters, digits and _, a letter first",
    _VALUE: "write small letters, digits and _",
    _WORDS: "write at least one letter or digit",
}


def _format(version: int) -> int:
    if version != FORMAT:
        raise ValueError(f"this is the version of the file's format, and it is {FORMAT}")
    return version


def _listed(values: object) -> object:
    """Return a word that stands alone as a list of one: `decision: machine` is `decision: [machine]`."""
    return (values,) if isinstance(values, str) else values


Key = Annotated[str, StringConstraints(pattern=_KEY, max_length=32)]
Value = Annotated[str, StringConstraints(pattern=_VALUE, max_length=32)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75, pattern=_WORDS)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150, pattern=_WORDS)]
Ask = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_WORDS)]
Hours = Annotated[float, Field(ge=0.25, le=24 * 90, allow_inf_nan=False)]
Reference = Annotated[str, StringConstraints(max_length=100)]  # to what is defined elsewhere; checks say what there is

When = Annotated[
    dict[Reference, Annotated[tuple[Reference, ...], BeforeValidator(_listed), Field(min_length=1)]],
    Field(min_length=1, max_length=MOST_CONDITIONS),
]
"""Facts that must all hold; of the values of one fact any will do, and the word `any` means whichever it is."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quorum(_Strict):
    """How many of those asked must approve: `amount` people for `at_least`, per cent of them for `percent`."""

    kind: LaneRule
    amount: int | None = None


def _quorum(written: object) -> object:
    """Read `any`, `all`, `at_least: 2` or `percent: 60`. Raises ValueError for what no group of people can reach."""
    if written in (LaneRule.ANY.value, LaneRule.ALL.value):
        return {"kind": written}
    if isinstance(written, dict) and list(written) in (["at_least"], ["percent"]):
        [(kind, amount)] = written.items()
        if not re.fullmatch(r"[1-9][0-9]?|100", str(amount)):
            what = "people" if kind == LaneRule.AT_LEAST else "per cent"
            raise ValueError(f"{kind} takes a whole number from 1 to 100, of {what}, not {quoted(amount)}")
        return {"kind": kind, "amount": amount}
    if isinstance(written, Quorum):
        return written
    raise ValueError("a rule is written any, all, at_least: 2 or percent: 60")


class Escalation(_Strict):
    """Who is asked when the time of everybody asked is up: beside them, or in their place."""

    to: Reference
    how: EscalationMode = EscalationMode.ADD


def _rejection(written: object) -> object:
    """Read `any` or `at_least: 2`: how many rejections end a lane. A vote of all would let one person hold it open."""
    found = _quorum(written)
    kind = found["kind"] if isinstance(found, dict) else getattr(found, "kind", None)
    if kind not in (LaneRule.ANY.value, LaneRule.AT_LEAST.value):
        raise ValueError("what ends a lane is written any or at_least: 2")
    return found


class Lane(_Strict):
    key: Key
    name: Name
    role: Reference
    rule: Annotated[Quorum, BeforeValidator(_quorum)]
    reject: Annotated[Quorum, BeforeValidator(_rejection)] = Quorum(kind=LaneRule.ANY)
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=len(Section))]
    answer_within_hours: Hours
    fallback: Reference | None = None
    escalate: Escalation | None = None
    when: When | None = None

    @property
    def rejections(self) -> int:
        """Return how many rejections end the lane."""
        return self.reject.amount or 1


class Stage(_Strict):
    key: Key
    name: Name
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1, max_length=MOST_LANES)]


class Chain(_Strict):
    """Stages in order. `distinct_approvers`: nobody decides in two of them; where it is not said, so for `high`."""

    distinct_approvers: bool | None = None
    fallback: Reference | None = None
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=MOST_STAGES)]

    def has_distinct_approvers(self, tier: Tier) -> bool:
        return tier is Tier.HIGH if self.distinct_approvers is None else self.distinct_approvers


class Role(_Strict):
    name: Name
    fallback: Reference | None = None


class Line(_Strict):
    """A rule with a name of its own, so that the record can say which one decided."""

    line: Key
    reason: Sentence


class TierRule(Line):
    when: When


Percent = Annotated[int, Field(ge=1, le=100)]
Failures = Annotated[int, Field(ge=1, le=100)]


class Widening(_Strict):
    """After how many failed audits more of what a line approves is audited, and how much of it."""

    after_failures: Failures = 1
    to: Percent = 50


class Closing(_Strict):
    """After how many failed audits a line approves nothing any more."""

    after_failures: Failures = 3


class AuditRule(_Strict):
    """A random share, in per cent, of what a line approves is looked at by people afterwards.

    Failures are counted among the last `of_last` audits that passed or failed.
    """

    share: Percent
    role: Reference
    answer_within_hours: Hours = 40
    widen: Widening = Widening()
    close: Closing = Closing()
    of_last: Annotated[int, Field(ge=1, le=MOST_AUDITS)] = 20

    @property
    def widened(self) -> int:
        """Return the share once audits failed; it is never the smaller one."""
        return max(self.share, self.widen.to)


class ApprovingLine(Line):
    """A line that approves, all that comes to it or what is as `when` says; what nobody knows never is."""

    when: When | None = None
    audit: AuditRule | None = None

    @property
    def takes_all(self) -> bool:
        """Say whether nothing ever gets past it to a line below or to the chain."""
        return self.when is None and self.audit is None


_Rules = Annotated[tuple[TierRule, ...], Field(max_length=MOST_RULES)]


class Tiers(_Strict):
    """What puts a subject into a tier. The strictest tier that matches counts; nothing found is `low`."""

    prohibited: _Rules = ()
    high: _Rules = ()
    medium: _Rules = ()
    otherwise: Sentence = "Nothing in the answers calls for more."


class Question(_Strict):
    """A question of the organisation's own. Answers to choices can be used under `when`."""

    key: Key
    ask: Ask
    hint: Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)] = ""
    kind: QuestionKind
    options: Annotated[dict[Value, Name], Field(max_length=MOST_OPTIONS)] = Field(default_factory=dict)
    section: Section
    optional: bool = False
    when: When | None = None


def _lines(written: object) -> object:
    """Return a line that stands alone as a list of one."""
    if not isinstance(written, dict):
        return written
    return {tier: [lines] if isinstance(lines, dict | ApprovingLine) else lines for tier, lines in written.items()}


_Lines = Annotated[tuple[ApprovingLine, ...], Field(min_length=1, max_length=MOST_RULES)]


class SubjectRule(_Strict):
    """What happens in each tier: a chain of people, or lines of the policy that approve. `tier` fixes the tier.

    Of several lines the first that takes a subject approves it; what none takes goes to the chain.
    """

    tier: Tier | None = None
    chains: dict[Tier, Reference] = Field(default_factory=dict)
    approved_by: Annotated[dict[Tier, _Lines], BeforeValidator(_lines)] = Field(default_factory=dict)


class RenewedBy(StrEnum):
    """Who says that an approval still holds: the owner alone, or everybody who decides about its tier."""

    OWNER = "owner"
    CHAIN = "chain"


class Validity(_Strict):
    """How long approvals of a tier hold, in calendar months, and who renews them."""

    months: Annotated[int, Field(ge=LEAST_MONTHS, le=MOST_MONTHS)]
    renewed_by: RenewedBy = RenewedBy.OWNER


VALIDITY: Final[Mapping[Tier, Validity]] = {
    Tier.HIGH: Validity(months=6, renewed_by=RenewedBy.CHAIN),
    Tier.MEDIUM: Validity(months=12),
    Tier.LOW: Validity(months=24),
}
"""Where a policy says nothing else."""


def _with_usual_renewal(written: object) -> object:
    """Read tiers that do not say who renews them as the tier usually is."""
    if not isinstance(written, dict):
        return written
    usual = {tier.value: validity.renewed_by.value for tier, validity in VALIDITY.items()}
    return {
        tier: {"renewed_by": usual[tier]} | said if isinstance(said, dict) and tier in usual else said
        for tier, said in written.items()
    }


class Weeks(_Strict):
    """From how many weeks to how many something usually takes."""

    least: Annotated[int, Field(ge=1, le=520)]
    most: Annotated[int, Field(ge=1, le=520)]


class UsualWeeks(_Strict):
    """How long the first phase usually takes, and all four together: 6 to 10 weeks, and 9 to 18 months."""

    foundation: Weeks = Weeks(least=6, most=10)
    all_phases: Weeks = Weeks(least=39, most=78)


class Programme(_Strict):
    """What the gates and the life of a use case are measured by. All of it has a usual value.

    `deployments_at_once`: how many use cases may be in deployment or deployed in the second phase before their metrics
    are hit. `measurement_weeks` are how long a KPI is measured against its locked baseline, `readings_share` how many
    per cent of its readings have to be there. `grace_days`: how long a gate that lacks a criterion stays open.
    `first_value_days`: after how many days in deployment the people of a use case are asked about its first value.
    `review_months`: when a part of the foundation is to be looked at again, unless another day is chosen.
    `propose_within_days`: until when what was found in use has to be proposed.
    """

    deployments_at_once: Annotated[int, Field(ge=1, le=50)] = 3
    measurement_weeks: Annotated[int, Field(ge=1, le=104)] = 8
    readings_share: Annotated[int, Field(ge=1, le=100)] = 75
    grace_days: Annotated[int, Field(ge=0, le=365)] = 14
    first_value_days: Annotated[int, Field(ge=1, le=730)] = 90
    review_months: Annotated[int, Field(ge=1, le=60)] = 12
    propose_within_days: Annotated[int, Field(ge=1, le=730)] = 90
    usual_weeks: UsualWeeks = UsualWeeks()


class Policy(_Strict):
    name: Name
    version: Annotated[int, AfterValidator(_format)]
    roles: Annotated[dict[Key, Role], Field(max_length=MOST_ROLES)] = Field(default_factory=dict)
    questions: Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)] = ()
    tiers: Tiers = Tiers()
    chains: Annotated[dict[Key, Chain], Field(max_length=MOST_CHAINS)]
    subjects: Annotated[dict[Key, SubjectRule], Field(min_length=1, max_length=MOST_CHAINS)]
    validity: Annotated[dict[Tier, Validity], BeforeValidator(_with_usual_renewal)] = Field(default_factory=dict)
    programme: Programme = Programme()

    def validity_of(self, tier: Tier) -> Validity:
        """Return how long approvals of a tier hold. Raises LookupError for what can never be approved."""
        return self.validity.get(tier) or VALIDITY[tier]

    def fallbacks(self, role: str) -> tuple[str, ...]:
        """Return the roles asked, in order, when nobody may decide for `role`; the programme leads come last."""
        return _ending_in_leads(role, self.line_of(self._after(role)))

    def stand_ins(self, lane: Lane, chain: Chain) -> tuple[str, ...]:
        """Return the roles asked, in order, when nobody may decide a lane of `chain` for its own role.

        The lane's own fallback, or else its role's, then the chain's, the programme leads last. A role brings its
        own fallback along wherever it is named; none is asked twice.
        """
        line = self.line_of(lane.fallback or self._after(lane.role))
        return _ending_in_leads(lane.role, (*line, *self.line_of(chain.fallback)))

    def line_of(self, role: str | None) -> tuple[str, ...]:
        """Return a role, its fallback, the fallback of that one and so on, each once."""
        found: list[str] = []
        while role is not None and role not in found:
            found.append(role)
            role = self._after(role)
        return tuple(found)

    def _after(self, role: str) -> str | None:
        return self.roles[role].fallback if role in self.roles else None


def _ending_in_leads(role: str, line: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys((*line, LEAD)) if each != role)
