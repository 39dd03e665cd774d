"""What a policy must agree on across its parts. Each problem is a path into the file and a sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from db.enums import LaneRule, QuestionKind, Relation, Section, Tier
from workflows.policy.facts import BUILT_IN, UNKNOWN
from workflows.policy.problems import Path, Problem, quoted
from workflows.policy.shape import (
    ANY,
    BUILT_IN_ROLES,
    NEVER_ASKED,
    POLICY,
    RELATIONS,
    ApprovingLine,
    AuditRule,
    Chain,
    Lane,
    Policy,
    Question,
    RenewedBy,
    SubjectRule,
    When,
)

MOST_FALLBACKS = 8
"""Roles in a row. A lane keeps them in one column."""
MOST_LANES_IN_CHAIN = 20
"""Each has its line on the card."""
AUDITED = "use_case"
"""The kind of what may be audited."""
_TAKEN = frozenset({"otherwise", "fixed"})  # what the record calls a tier no line gave


def problems_of(policy: Policy) -> Iterator[Problem]:
    """Yield what does not fit together, wherever it stands in the file."""
    yield from _roles(policy)
    yield from _questions(policy)
    yield from _tiers(policy)
    for key, chain in policy.chains.items():
        yield from _chain(policy, ("chains", key), chain)
    for kind, rule in policy.subjects.items():
        yield from _subject(policy, ("subjects", kind), rule)
    yield from _lines(policy)
    yield from _validity(policy)
    yield from _usual_weeks(policy)


def vocabulary(policy: Policy) -> Mapping[str, Sequence[str]]:
    """Return every fact a condition can be about, with its values: the built-in ones, then the policy's own."""
    built_in = {fact: [member.value for member in values] for fact, values in BUILT_IN.items()}
    own = {each.key: [*each.options, UNKNOWN] for each in policy.questions if each.options}
    return built_in | own


def _roles(policy: Policy) -> Iterator[Problem]:
    for key, role in policy.roles.items():
        if key in BUILT_IN_ROLES:
            yield ("roles", key), "this role is always there; leave it out"
        if key in RELATIONS:
            yield ("roles", key), "who this is follows from each use case, and is always there; leave it out"
        if role.fallback is None:
            continue
        path: Path = ("roles", key, "fallback")
        if len(policy.fallbacks(key)) > MOST_FALLBACKS:
            yield path, f"more than {MOST_FALLBACKS} roles in a row"
        else:
            yield from _fallback(policy, path, role.fallback, of=key)


def _fallback(policy: Policy, path: Path, fallback: str, *, of: str | None) -> Iterator[Problem]:
    """Yield why `fallback` cannot be asked in the place of the role `of`, or of any role."""
    line = policy.line_of(fallback)
    if not _is_role(policy, fallback):
        yield path, _no_role(policy, fallback)
    elif of in line:
        yield path, f"a circle: {' > '.join([of, *line[: line.index(of)], of])}"


def _questions(policy: Policy) -> Iterator[Problem]:
    yield from _repeated(("questions",), [each.key for each in policy.questions])
    for number, question in enumerate(policy.questions):
        path: Path = ("questions", number)
        if question.key in BUILT_IN:
            yield (*path, "key"), f"{quoted(question.key)} is asked of everybody already; choose another key"
        yield from _options(path, question)
        if question.when is not None:
            yield from _when(policy, (*path, "when"), question.when, own=False)


def _options(path: Path, question: Question) -> Iterator[Problem]:
    if question.kind is QuestionKind.TEXT:
        if question.options:
            yield (*path, "options"), "a text is typed and has no options"
        return
    if not question.options:
        yield path, "a choice needs options"
    if UNKNOWN in question.options:
        yield (*path, "options", UNKNOWN), "“I do not know” can always be chosen; leave it out"
    if ANY in question.options:
        yield (*path, "options", ANY), "this word means every option; choose another key"
    times = Counter(question.options.values())
    yield from (
        ((*path, "options", key), f"{quoted(says)} is what two options say; nobody could tell them apart")
        for key, says in question.options.items()
        if times[says] > 1
    )


def _tiers(policy: Policy) -> Iterator[Problem]:
    for tier in ("prohibited", "high", "medium"):
        for number, rule in enumerate(getattr(policy.tiers, tier)):
            yield from _when(policy, ("tiers", tier, number, "when"), rule.when)


def _chain(policy: Policy, path: Path, chain: Chain) -> Iterator[Problem]:
    yield from _repeated((*path, "stages"), [stage.key for stage in chain.stages])
    if chain.fallback is not None:
        yield from _fallback(policy, (*path, "fallback"), chain.fallback, of=None)
    lanes = [lane for stage in chain.stages for lane in stage.lanes]
    if all(lane.when is not None for lane in lanes):
        yield path, "every lane has a condition, so nobody might decide; leave one lane without `when`"
    if len(lanes) > MOST_LANES_IN_CHAIN:
        yield path, f"{len(lanes)} lanes; a chain may have {MOST_LANES_IN_CHAIN}"
    for position, stage in enumerate(chain.stages):
        at: Path = (*path, "stages", position, "lanes")
        yield from _repeated(at, [lane.key for lane in stage.lanes])
        for number, lane in enumerate(stage.lanes):
            yield from _who(policy, (*at, number), lane, chain)
            yield from _lane(policy, (*at, number), lane)


def _who(policy: Policy, path: Path, lane: Lane, chain: Chain) -> Iterator[Problem]:
    """Yield what is wrong with whom a lane asks."""
    if not _is_role(policy, lane.role):
        yield (*path, "role"), _no_role(policy, lane.role)
    if lane.role in RELATIONS:
        for key, rule in (("rule", lane.rule), ("reject", lane.reject)):
            if rule.kind is LaneRule.AT_LEAST and (rule.amount or 0) > 1:
                yield (*path, key), f"{quoted(lane.role)} is one person, and can never be {rule.amount}"
    if (lane.fallback or chain.fallback) and len(policy.stand_ins(lane, chain)) > MOST_FALLBACKS:
        yield (*path, "fallback" if lane.fallback else "role"), f"more than {MOST_FALLBACKS} roles in a row"
    elif lane.fallback is not None:
        yield from _fallback(policy, (*path, "fallback"), lane.fallback, of=lane.role)


def _lane(policy: Policy, path: Path, lane: Lane) -> Iterator[Problem]:
    if lane.escalate is not None and not _is_role(policy, lane.escalate.to):
        yield (*path, "escalate", "to"), _no_role(policy, lane.escalate.to)
    times = Counter(lane.sections)
    for section in times:
        if times[section] > 1:
            yield (*path, "sections"), f"{quoted(section)} stands here twice"
    if Section.COSMETIC in times:
        yield (*path, "sections"), "nobody is asked again about cosmetic changes; leave “cosmetic” out"
    if lane.when is not None:
        yield from _when(policy, (*path, "when"), lane.when)


def _subject(policy: Policy, path: Path, rule: SubjectRule) -> Iterator[Problem]:
    for tier, chain in rule.chains.items():
        if chain not in policy.chains:
            known = ", ".join(policy.chains) or "none"
            yield (*path, "chains", tier), f"chain {quoted(chain)} is not under chains; there are {known}"
    for tier, lines in rule.approved_by.items():
        yield from _approving(policy, path, tier, lines, has_chain=tier in rule.chains)
    if path[-1] == POLICY:
        yield from _about_itself(policy, path, rule)
    for group in ("chains", "approved_by"):
        if Tier.PROHIBITED in getattr(rule, group):
            yield (*path, group, Tier.PROHIBITED), "what is prohibited cannot be approved by anybody"
    needed = [rule.tier] if rule.tier else [Tier.HIGH, Tier.MEDIUM, Tier.LOW]
    missing = [tier for tier in needed if tier not in {*rule.chains, *rule.approved_by, Tier.PROHIBITED}]
    if missing:
        low = ", or a line under approved_by" if Tier.LOW in missing else ""
        yield path, f"nobody decides about {', '.join(missing)}: name a chain under chains{low}"


def _about_itself(policy: Policy, path: Path, rule: SubjectRule) -> Iterator[Problem]:
    """Yield why changes of the policy could be decided by nobody, or without anybody."""
    if rule.tier is None:
        yield path, "no answers are given about a policy that a tier could follow from; write tier: high"
    elif rule.tier not in rule.chains:
        yield path, "people decide about changes of the policy: name a chain for its tier"
    elif rule.chains[rule.tier] in policy.chains:
        lanes = [lane for stage in policy.chains[rule.chains[rule.tier]].stages for lane in stage.lanes]
        asked = next((lane.role for lane in lanes if lane.role in RELATIONS), None)
        if asked is not None:
            yield (*path, "chains", rule.tier), f"this chain asks {quoted(asked)}, which nobody is to a policy"


def _approving(
    policy: Policy, path: Path, tier: Tier, lines: Sequence[ApprovingLine], *, has_chain: bool
) -> Iterator[Problem]:
    """Yield what is wrong with the lines that approve in a tier."""
    at: Path = (*path, "approved_by", tier)
    if tier in (Tier.HIGH, Tier.MEDIUM):
        yield at, "a line can only approve what is low; people decide about the rest"
    takes_all = next((number for number, line in enumerate(lines) if line.takes_all), None)
    needs_chain = takes_all is None or any(line.audit for line in lines)
    if has_chain and not needs_chain:
        yield at, "this tier has a chain already; either people or a line decides"
    if needs_chain and not has_chain and tier is Tier.LOW:
        yield at, f"what no open line approves goes to people; name a chain for {tier} under chains too"
    for number, line in enumerate(lines):
        if takes_all is not None and number > takes_all:
            yield (*at, number), f"nothing gets here: {quoted(lines[takes_all].line)} above approves all"
        if line.when is not None:
            yield from _when(policy, (*at, number, "when"), line.when)
        if line.audit is not None:
            yield from _audit(policy, (*at, number, "audit"), line.audit, kind=path[-1])


def _audit(policy: Policy, path: Path, audit: AuditRule, *, kind: int | str) -> Iterator[Problem]:
    if kind != AUDITED:
        yield path, f"only lines that approve a {AUDITED} are audited"
    if audit.role in RELATIONS:
        yield (*path, "role"), f"{quoted(audit.role)} stands too near to audit it; name a role people hold"
    elif not _is_role(policy, audit.role):
        yield (*path, "role"), _no_role(policy, audit.role)
    if "to" in audit.widen.model_fields_set and audit.widen.to < audit.share:
        yield (*path, "widen"), f"{audit.widen.to} % is less than the share of {audit.share} %; it could only narrow"
    if audit.close.after_failures < audit.widen.after_failures:
        yield (
            (*path, "close"),
            "the line would be closed before more of it is audited; close it later, or widen earlier",
        )
    if audit.of_last < audit.close.after_failures:
        yield (*path, "close"), f"{audit.close.after_failures} can never fail of the last {audit.of_last}"


def _validity(policy: Policy) -> Iterator[Problem]:
    for tier, validity in policy.validity.items():
        path: Path = ("validity", tier)
        if tier is Tier.PROHIBITED:
            yield path, "what is prohibited is never approved, so there is nothing to hold"
        no_chain = [
            rule.approved_by[tier][0].line
            for rule in policy.subjects.values()
            if tier in rule.approved_by and tier not in rule.chains
        ]
        if validity.renewed_by is RenewedBy.CHAIN and no_chain:
            yield (
                (*path, "renewed_by"),
                f"the line {quoted(no_chain[0])} approves this tier, and no chain: write owner",
            )


def _usual_weeks(policy: Policy) -> Iterator[Problem]:
    usual = policy.programme.usual_weeks
    for key, weeks in (("foundation", usual.foundation), ("all_phases", usual.all_phases)):
        if weeks.most < weeks.least:
            yield ("programme", "usual_weeks", key), f"from {weeks.least} to {weeks.most} weeks is no time; swap them"


def _lines(policy: Policy) -> Iterator[Problem]:
    """Yield lines whose name cannot be told from another: the record names them."""
    tiers = ((("tiers", tier), getattr(policy.tiers, tier)) for tier in ("prohibited", "high", "medium"))
    places: list[tuple[Path, str]] = [
        ((*path, n, "line"), rule.line) for path, rules in tiers for n, rule in enumerate(rules)
    ]
    for kind, rule in policy.subjects.items():
        places += [
            (("subjects", kind, "approved_by", tier, number, "line"), line.line)
            for tier, lines in rule.approved_by.items()
            for number, line in enumerate(lines)
        ]
    times = Counter(line for _, line in places)
    for path, line in places:
        if times[line] > 1:
            yield path, f"two lines are called {quoted(line)}; the record must tell them apart"
        elif line in _TAKEN:
            yield path, f"{quoted(line)} has a meaning of its own; choose another name"


def _when(policy: Policy, path: Path, when: When, *, own: bool = True) -> Iterator[Problem]:
    known = {fact: values for fact, values in vocabulary(policy).items() if own or fact in BUILT_IN}
    optional = {each.key for each in policy.questions if each.optional}
    for fact, values in when.items():
        if fact not in known:
            yield (*path, fact), f"no fact of this name can be used here; there are {', '.join(known)}"
            continue
        if fact in optional:
            yield (*path, fact), "this question may be left out, so nothing can depend on it; make it not optional"
        for number, value in enumerate(values):
            if value not in (*known[fact], ANY):
                yield (*path, fact, number), f"{quoted(value)} is none of {_some(known[fact])}"


def _some(values: Sequence[str]) -> str:
    most = 30
    return ", ".join(values[:most]) + (f" and {len(values) - most} more" if len(values) > most else "")


def _repeated(path: Path, keys: Sequence[str]) -> Iterator[Problem]:
    times = Counter(keys)
    for number, key in enumerate(keys):
        if times[key] > 1:
            yield (*path, number, "key"), f"the key {quoted(key)} is used twice"


def _no_role(policy: Policy, role: str) -> str:
    if role in NEVER_ASKED:
        return f"role {quoted(role)} lets things go ahead before they are decided, so it decides nothing; name another"
    known = [*policy.roles, *sorted(BUILT_IN_ROLES - NEVER_ASKED), *Relation]
    return f"role {quoted(role)} is not under roles; there are {', '.join(known)}"


def _is_role(policy: Policy, role: str) -> bool:
    return role in BUILT_IN_ROLES - NEVER_ASKED or role in RELATIONS or role in policy.roles
