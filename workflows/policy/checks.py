"""What a policy must agree on across its parts. Each problem is a path into the file and a sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence

from db.enums import QuestionKind, Tier
from workflows.policy.facts import BUILT_IN, UNKNOWN
from workflows.policy.shape import BUILT_IN_ROLES, Chain, Policy, Question, SubjectRule, When

Path = tuple[int | str, ...]
Problem = tuple[Path, str]


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


def _roles(policy: Policy) -> Iterator[Problem]:
    for key, role in policy.roles.items():
        if key in BUILT_IN_ROLES:
            yield ("roles", key), "this role is always there; leave it out"
        if role.fallback is None:
            continue
        path = ("roles", key, "fallback")
        if not _is_role(policy, role.fallback):
            yield path, f"role {role.fallback!r} is not under roles"
        elif _comes_round(policy, key):
            yield path, f"a cycle: {key} falls back on {' > '.join([*policy.fallbacks(key)[:-1], key])}"


def _comes_round(policy: Policy, start: str) -> bool:
    seen: set[str] = set()
    key = policy.roles[start].fallback
    while key is not None and key not in seen:
        if key == start:
            return True
        seen.add(key)
        key = policy.roles[key].fallback if key in policy.roles else None
    return False


def _questions(policy: Policy) -> Iterator[Problem]:
    yield from _repeated(("questions",), [each.key for each in policy.questions])
    for number, question in enumerate(policy.questions):
        path: Path = ("questions", number)
        if question.key in BUILT_IN:
            yield (*path, "key"), f"{question.key!r} is asked of everybody already; choose another key"
        yield from _options(path, question)
        if question.when is not None:
            yield from _when(policy, (*path, "when"), question.when, own=False)


def _options(path: Path, question: Question) -> Iterator[Problem]:
    if question.kind is QuestionKind.TEXT:
        if question.options:
            yield (*path, "options"), "a text is typed and has no options"
    elif not question.options:
        yield path, "a choice needs options"
    elif UNKNOWN in question.options:
        yield (*path, "options", UNKNOWN), "“I do not know” can always be chosen; leave it out"


def _tiers(policy: Policy) -> Iterator[Problem]:
    for tier in ("prohibited", "high", "medium"):
        for number, rule in enumerate(getattr(policy.tiers, tier)):
            yield from _when(policy, ("tiers", tier, number, "when"), rule.when)


def _chain(policy: Policy, path: Path, chain: Chain) -> Iterator[Problem]:
    yield from _repeated((*path, "stages"), [stage.key for stage in chain.stages])
    lanes = [lane for stage in chain.stages for lane in stage.lanes]
    if all(lane.when is not None for lane in lanes):
        yield path, "every lane has a condition, so nobody might decide; leave one lane without `when`"
    for position, stage in enumerate(chain.stages):
        at: Path = (*path, "stages", position, "lanes")
        yield from _repeated(at, [lane.key for lane in stage.lanes])
        for number, lane in enumerate(stage.lanes):
            if not _is_role(policy, lane.role):
                yield (*at, number, "role"), f"role {lane.role!r} is not under roles"
            if lane.when is not None:
                yield from _when(policy, (*at, number, "when"), lane.when)


def _subject(policy: Policy, path: Path, rule: SubjectRule) -> Iterator[Problem]:
    for tier, chain in rule.chains.items():
        if chain not in policy.chains:
            yield (*path, "chains", tier), f"chain {chain!r} is not under chains"
        if tier in rule.approved_by:
            yield (*path, "approved_by", tier), "this tier has a chain already; either people or a line decides"
    for group in ("chains", "approved_by"):
        if Tier.PROHIBITED in getattr(rule, group):
            yield (*path, group, Tier.PROHIBITED), "what is prohibited cannot be approved by anybody"
    needed = {rule.tier} if rule.tier else {Tier.HIGH, Tier.MEDIUM, Tier.LOW}
    missing = needed - {*rule.chains, *rule.approved_by} - {Tier.PROHIBITED}
    if missing:
        yield path, f"nobody decides {', '.join(sorted(missing))}: name a chain, or a line under approved_by"


def _lines(policy: Policy) -> Iterator[Problem]:
    """Yield lines whose name is used twice: the record names them."""
    tiers = ((("tiers", tier), getattr(policy.tiers, tier)) for tier in ("prohibited", "high", "medium"))
    places: list[tuple[Path, str]] = [
        ((*path, n, "line"), rule.line) for path, rules in tiers for n, rule in enumerate(rules)
    ]
    for kind, rule in policy.subjects.items():
        places += [
            (("subjects", kind, "approved_by", tier, "line"), line.line) for tier, line in rule.approved_by.items()
        ]
    times = Counter(line for _, line in places)
    yield from ((path, f"line {line!r} is named twice") for path, line in places if times[line] > 1)


def _when(policy: Policy, path: Path, when: When, *, own: bool = True) -> Iterator[Problem]:
    questions = {each.key: each for each in policy.questions} if own else {}
    for fact, values in when.items():
        known = _values(fact, questions.get(fact))
        if known is None:
            facts = sorted({*BUILT_IN, *(key for key, each in questions.items() if each.options)})
            yield (*path, fact), f"no fact of this name can be used here; there are {', '.join(facts)}"
            continue
        for number, value in enumerate(() if values == "any" else values):
            if value not in known:
                yield (*path, fact, number), f"{value!r} is none of {', '.join(known)}"


def _values(fact: str, question: Question | None) -> Sequence[str] | None:
    if fact in BUILT_IN:
        return [member.value for member in BUILT_IN[fact]]
    return [*question.options, UNKNOWN] if question is not None and question.options else None


def _repeated(path: Path, keys: Sequence[str]) -> Iterator[Problem]:
    times = Counter(keys)
    for number, key in enumerate(keys):
        if times[key] > 1:
            yield (*path, number, "key"), f"the key {key!r} is used twice"


def _is_role(policy: Policy, role: str) -> bool:
    return role in BUILT_IN_ROLES or role in policy.roles
