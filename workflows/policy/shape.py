"""The shape of a policy file. What belongs together across the file is checked in `checks`."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from db.enums import LaneRule, QuestionKind, Section, Tier

ADMIN, LEAD, AUDITOR = "admin", "lead", "auditor"
BUILT_IN_ROLES = frozenset({ADMIN, LEAD, AUDITOR})

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Value = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=32)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quorum(_Strict):
    """How many of those asked must approve. Written `any`, `all`, `at_least: 2` or `percent: 60`."""

    kind: LaneRule
    amount: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if value in (LaneRule.ANY.value, LaneRule.ALL.value):
            return {"kind": value}
        if isinstance(value, dict) and list(value) in (["at_least"], ["percent"]):
            [(kind, amount)] = value.items()
            return {"kind": kind, "amount": amount}
        if isinstance(value, dict) and set(value) == {"kind", "amount"}:
            return value  # as a pinned chain has it
        raise ValueError("write any, all, at_least: 2 or percent: 60")

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if (self.kind in (LaneRule.AT_LEAST, LaneRule.PERCENT)) is (self.amount is None):
            raise ValueError("write any, all, at_least: 2 or percent: 60")
        if self.kind is LaneRule.PERCENT and (self.amount or 0) > 100:  # noqa: PLR2004 - a percentage
            raise ValueError("at most 100 percent of the people can approve")
        return self


When = Annotated[dict[Key, Literal["any"] | Annotated[tuple[Value, ...], Field(min_length=1)]], Field(min_length=1)]
"""Facts that must all hold; of the values of one fact any will do, and `any` means whichever it is."""


class Lane(_Strict):
    key: Key
    name: Name
    role: Key
    rule: Quorum
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    remind_after_hours: Annotated[float, Field(gt=0, le=24 * 90)]
    when: When | None = None


class Stage(_Strict):
    key: Key
    name: Name
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)]


class Chain(_Strict):
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]


class Role(_Strict):
    name: Name
    fallback: Key | None = None


class Line(_Strict):
    """A rule with a name of its own, so that the record can say which one decided."""

    line: Key
    reason: Sentence


class TierRule(Line):
    when: When


class Tiers(_Strict):
    """What puts a subject into a tier. The strictest tier that matches counts; nothing found is `low`."""

    prohibited: tuple[TierRule, ...] = ()
    high: tuple[TierRule, ...] = ()
    medium: tuple[TierRule, ...] = ()
    otherwise: Sentence = "Nothing in the answers calls for more."


class Question(_Strict):
    """A question of the organisation's own. Answers to choices can be used under `when`."""

    key: Key
    ask: Sentence
    hint: Annotated[str, StringConstraints(max_length=150)] = ""
    kind: QuestionKind
    options: dict[Value, Name] = Field(default_factory=dict)
    section: Section
    optional: bool = False
    when: When | None = None


class SubjectRule(_Strict):
    """What happens in each tier: a chain of people, or a line of the policy that approves. `tier` fixes the tier."""

    tier: Tier | None = None
    chains: dict[Tier, Key] = Field(default_factory=dict)
    approved_by: dict[Tier, Line] = Field(default_factory=dict)


class Policy(_Strict):
    name: Name
    version: Annotated[int, Field(ge=1, le=1)]  # of the file's format
    roles: dict[Key, Role] = Field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    tiers: Tiers = Tiers()
    chains: dict[Key, Chain]
    subjects: dict[Key, SubjectRule]

    def fallbacks(self, role: str) -> tuple[str, ...]:
        """Return the roles asked, in order, when nobody may decide for `role`; the programme leads come last."""
        found: list[str] = []
        following = self.roles[role].fallback if role in self.roles else None
        while following is not None and following not in found:
            found.append(following)
            following = self.roles[following].fallback if following in self.roles else None
        return (*found, *(() if LEAD in (role, *found) else (LEAD,)))
