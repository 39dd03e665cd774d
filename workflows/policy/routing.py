"""Which tier facts lead to, why, and who then decides. Values in, values out."""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass

from db.enums import Section, Tier
from workflows.policy.facts import BUILT_IN, UNKNOWN, Facts
from workflows.policy.shape import ANY, ApprovingLine, Chain, Line, Policy, Question, Stage, TierRule, When

STRICTEST_FIRST = (Tier.PROHIBITED, Tier.HIGH, Tier.MEDIUM)


@dataclass(frozen=True, slots=True)
class Matched:
    """An answer that counted. `says` is the option's text for a question of the organisation's own, else empty."""

    fact: str
    value: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class TierReason:
    """The policy's line that gave the tier, its sentence, and the answers that matched it."""

    line: str
    text: str
    matched: tuple[Matched, ...] = ()


FIXED: tuple[TierReason, ...] = (TierReason("fixed", "The policy gives this tier to everything of its kind."),)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a subject goes. Without a chain a line of the policy decides: it rejects what is prohibited.

    `passed` are the lines that would have approved it and may not now, in their order.
    """

    tier: Tier
    reasons: tuple[TierReason, ...]
    chain: Chain | None
    decided: Line | None
    passed: tuple[str, ...] = ()

    @property
    def is_approved_by_line(self) -> bool:
        return self.decided is not None and self.tier is not Tier.PROHIBITED


def route(policy: Policy, kind: str, facts: Facts, *, closed: Container[str] = ()) -> Route:
    """Return tier and chain for a subject of `kind`; the strictest tier that matches counts.

    Lanes whose condition does not hold are left out, and stages nobody is left in. A line in `closed` approves
    nothing, unless its tier has no people to decide instead. Raises LookupError for a kind the policy does not know.
    """
    rule = policy.subjects.get(kind)
    if rule is None:
        raise LookupError(f"the policy has no rule for subjects of kind {kind!r}")
    tier, reasons = (rule.tier, FIXED) if rule.tier else tier_of(policy, facts)
    if tier is Tier.PROHIBITED:
        return Route(tier, reasons, None, Line(line=reasons[0].line, reason=reasons[0].text))
    fitting = [line for line in rule.approved_by.get(tier, ()) if fits(line, facts)]
    taken = next((line for line in fitting if line.line not in closed or tier not in rule.chains), None)
    passed = tuple(line.line for line in fitting[: fitting.index(taken) if taken else None])
    if taken is not None:
        return Route(tier, reasons, None, taken, passed)
    return Route(tier, reasons, chain_for(policy.chains[rule.chains[tier]], facts), None, passed)


def fits(line: ApprovingLine, facts: Facts) -> bool:
    """Say whether a line may approve what these facts are said of.

    Every fact it names must be known, and every answer to it be one of the values: where a condition lets something
    through, the stricter reading is the narrower one. “unknown” meets nothing, nor does what was not asked.
    """
    return line.when is None or all(_is_within(facts.get(fact), values) for fact, values in line.when.items())


def tier_of(policy: Policy, facts: Facts) -> tuple[Tier, tuple[TierReason, ...]]:
    """Return the strictest tier that matches and every reason for it; nothing found is `low`."""
    for tier in STRICTEST_FIRST:
        rules: tuple[TierRule, ...] = getattr(policy.tiers, tier)
        found = [(rule, matches(policy, rule.when, facts)) for rule in rules]
        reasons = tuple(TierReason(rule.line, rule.reason, matched) for rule, matched in found if matched)
        if reasons:
            return tier, reasons
    return Tier.LOW, (TierReason("otherwise", policy.tiers.otherwise),)


def chain_for(chain: Chain, facts: Facts) -> Chain:
    """Return the chain with the lanes these facts call for."""
    stages = []
    for stage in chain.stages:
        lanes = tuple(lane for lane in stage.lanes if _holds(lane.when, facts))
        if lanes:
            stages.append(Stage(key=stage.key, name=stage.name, lanes=lanes))
    return chain.model_copy(update={"stages": tuple(stages)})


def looking_at(chain: Chain, sections: Collection[Section]) -> Chain:
    """Return the chain with the lanes that look at one of these sections; with its first lane where none does."""
    stages = []
    for stage in chain.stages:
        lanes = tuple(lane for lane in stage.lanes if not set(sections).isdisjoint(lane.sections))
        if lanes:
            stages.append(stage.model_copy(update={"lanes": lanes}))
    first = chain.stages[0]
    alone = first.model_copy(update={"lanes": first.lanes[:1]})
    return chain.model_copy(update={"stages": tuple(stages) or (alone,)})


def is_asked(question: Question, facts: Facts) -> bool:
    """Say whether the facts call for this question."""
    return _holds(question.when, facts)


def as_answered(policy: Policy, facts: Facts) -> tuple[Facts, tuple[Question, ...]]:
    """Return these facts as this policy would have them, and which of its own questions they leave unanswered.

    What was answered under another policy may lack an answer to a question of this one, or hold one it does not
    offer: both count as “unknown”. An answer to what this policy does not ask is left out, as its form would.
    """
    built_in = {fact: values for fact, values in facts.items() if fact in BUILT_IN}
    asked = [each for each in policy.questions if each.options and is_asked(each, built_in)]
    given = {each.key: facts.get(each.key, frozenset()) & {*each.options, UNKNOWN} for each in asked}
    own = {key: values or frozenset({UNKNOWN}) for key, values in given.items()}
    return {**built_in, **own}, tuple(each for each in asked if not given[each.key] and not each.optional)


def matches(policy: Policy, when: When, facts: Facts) -> tuple[Matched, ...]:
    """Return the answers that meet a condition, or nothing unless all of it holds.

    “unknown” meets every condition on its fact: what nobody knows counts as the stricter answer.
    """
    met = {fact: _met(values, facts.get(fact)) for fact, values in when.items()}
    if not all(met.values()):
        return ()
    own = {question.key: question.options for question in policy.questions}
    return tuple(
        Matched(fact, value, own.get(fact, {}).get(value, ""))
        for fact, values in met.items()
        for value in sorted(values)
    )


def _holds(when: When | None, facts: Facts) -> bool:
    return when is None or all(_met(values, facts.get(fact)) for fact, values in when.items())


def _is_within(answers: frozenset[str] | None, values: Sequence[str]) -> bool:
    return answers is not None and UNKNOWN not in answers and (ANY in values or answers <= {*values})


def _met(values: Sequence[str], answers: frozenset[str] | None) -> frozenset[str]:
    given = answers or frozenset()
    return given if ANY in values else given & {*values, UNKNOWN}
