"""The policy from the command line: check it, try it, put it in force, and hold open requests against it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from bot.cli.commands import RefusedError, clock, open_database
from bot.cli.slack import full_member
from bot.settings import SettingsError
from db.availability import UNAVAILABLE
from db.enums import LaneRule, QuestionKind, Tier
from db.migrate import WrongSchemaError
from db.session import Database, Session
from handlers.policy_changes.words import not_done_text, too_few_text
from workflows import approvals, people, policy, policy_changes, reactions, subjects
from workflows.policy import RELATION_NAMES, ApprovingLine, Chain, Lane, Matched, Policy, PolicySnapshot, Route
from workflows.policy_changes import NotDone, NotPut, PolicyProposed, PutInForce
from workflows.reactions import Rerouted, Rerouting

_RULES = {LaneRule.ANY: "any", LaneRule.ALL: "all", LaneRule.AT_LEAST: "at least {}", LaneRule.PERCENT: "{} % of all"}

_NO_DATABASE: tuple[type[Exception], ...] = (RefusedError, SettingsError, WrongSchemaError, *UNAVAILABLE)


def apply(file: str, *, by: str | None = None, instead_of: str | None = None) -> int:
    """Put a file in force for new requests, if those who hold its roles today can decide under it.

    Where the policy in force wants its changes decided by people, `by`, an admin's Slack id, proposes it.
    """
    if instead_of and not by:
        raise RefusedError("Say who proposes it in place of that: --by U…")
    text, database = _usable(file), open_database()
    proposer = full_member(database, by, what="propose a policy") if by else None
    with database.transaction() as session:
        people.hold(session)
        replaced = _proposal(session, instead_of) if instead_of else None
        outcome = reactions.put_policy_forward(session, text, by=proposer, instead_of=replaced, now=clock().now())
    match outcome:
        case PutInForce():
            print(f"Policy version {outcome.number} is in force for new requests. Requests in review keep theirs.")
            _warn(database, text)
        case PolicyProposed():
            print(f"{outcome.reference} asks to put this file in force. {_who_decides(outcome)}")
        case NotDone(why=NotPut.IN_FORCE):
            print(not_done_text(outcome))
        case NotDone():
            raise RefusedError(not_done_text(outcome))
    return 0


def check(file: str) -> int:
    """Say whether a file can be used; with a database at hand, by those who hold its roles too."""
    text = _usable(file)
    parsed = policy.parse(text)
    chains, questions = _counted(len(parsed.chains), "chain"), _counted(len(parsed.questions), "question")
    try:
        database = open_database()
        with database.reading() as session:
            policy.require_holders(session, text)
    except _NO_DATABASE as error:
        print(f"“{parsed.name}” is well written: {chains}, {questions}.")
        print(f"Who holds its roles was not looked at, for want of a database. {_why(error)}")
        return 0
    print(f"“{parsed.name}” can be used: {chains}, {questions}, and somebody holds each role it asks.")
    _warn(database, text)
    return 0


def show_proposed(reference: str) -> int:
    """Print a file as somebody proposed to put it in force."""
    with open_database().reading() as session:
        change = policy_changes.change_of(session, _proposal(session, reference))
    print(change.content if change else "", end="")
    return 0


def show(number: int | None) -> int:
    """Print a version's file as it was applied; by default the one in force."""
    with open_database().reading() as session:
        text = policy.text_in_force(session) if number is None else policy.text_of_version(session, number)
    if text is None:
        raise RefusedError(f"There is no policy version {number}. Those there are: gatehouse policy versions")
    if not text:
        print("No policy is in force yet. This is the one the first start applies:", file=sys.stderr)
    print(text or policy.default_text(), end="")
    return 0


def versions() -> int:
    """Print what was put in force, when, by whom, and its SHA-256; the last one is in force."""
    with open_database().reading() as session:
        found, origins = policy.versions(session), policy_changes.origins(session)
    for each in found:
        who = each.applied_by.name if each.applied_by else "command line or first start"
        decided = f", decided as {origins[each.number]}" if each.number in origins else ""
        print(f"{each.number}  {each.applied_at:%Y-%m-%d %H:%M:%S} UTC  {each.content_hash}  {who}{decided}")
    if not found:
        print("No policy is in force yet. The first start applies the shipped one.")
    return 0


def route(file: str | None, kind: str, given: Sequence[str]) -> int:
    """Print where a subject with these answers would go, and why. Without a file the policy in force says."""
    rules, closed = (policy.parse(_usable(file)), frozenset[str]()) if file else _in_force(open_database(), kind)
    if kind not in rules.subjects:
        raise RefusedError(f"The policy has no rule for {kind!r}. It has: {', '.join(rules.subjects)}.")
    facts = _facts(rules, given)
    found = policy.route_under(rules, kind, facts, closed=closed)
    print(f"Tier: {found.tier.value}")
    for reason in found.reasons:
        print(f"  {reason.line}: {reason.text}{_because(reason.matched)}")
    _print_course(rules, found)
    silent = [fact for fact in _askable(rules, facts) if fact not in facts]
    if silent:
        print(f"Not given, and so met by no condition: {', '.join(silent)}")
    return 0


def simulate(file: str, *, last: int) -> int:
    """Print what a file would change about the last submissions; nothing is stored."""
    from bot.cli import simulating

    return simulating.simulate(_usable(file), last=last)


def reroute(references: Sequence[str], *, is_dry: bool) -> int:
    """Hold requests in review, all or these, against the policy in force; lay out anew what it leads elsewhere."""
    database = open_database()
    with database.reading() as session:
        wanted = _requests(session, references)
    moved = 0
    for request_id in wanted:
        if is_dry:
            with database.reading() as session:
                found = reactions.plan_reroute(session, request_id)
        else:
            with database.transaction() as session:
                found = reactions.reroute(session, request_id, actor=None, now=clock().now())
        moved += found.outcome is Rerouting.MOVES
        print(_told(found))
    changed = "would be laid out anew; nothing was changed" if is_dry else "laid out anew"
    print(f"{moved} of {_counted(len(wanted), 'request')} {changed}.")
    return 0


def _proposal(session: Session, reference: str) -> UUID:
    """Return the proposal of this reference. Raises RefusedError when there is none."""
    called = subjects.read_reference(reference)
    request = approvals.request_called(session, *called) if called else None
    if request is None or request.subject_kind != policy_changes.SUBJECT_KIND:
        raise RefusedError(f"Nobody proposed {reference!r}. Proposed policies are called like POL-3.")
    return request.subject_id


def _warn(database: Database, text: str) -> None:
    """Print for which changes of this policy too few people could vote."""
    with database.reading() as session:
        few = policy_changes.too_few(session, policy.parse(text))
    for each in few:
        print(f"Warning: {too_few_text(each)}\n  gatehouse roles grant {each.role} U…")


def _who_decides(proposed: PolicyProposed) -> str:
    asked = f"Asked: {', '.join(each.name for each in proposed.asked)}." if proposed.asked else ""
    nobody = f"Nobody may decide {', '.join(proposed.blocked)} yet: give its role to somebody who did not propose it."
    return " ".join(filter(None, (asked, nobody if proposed.blocked else "")))


def _usable(file: str) -> str:
    """Return the text of a policy file. Raises PolicyError when no submission could be decided under it."""
    text = policy.text_of(Path(file).read_bytes())
    reactions.require_every_kind(text)
    return text


def _why(error: Exception) -> str:
    if isinstance(error, SettingsError):
        return " ".join(error.problems)
    if isinstance(error, RefusedError | WrongSchemaError):
        return str(error)
    return f"The database at DATABASE_URL is busy or away ({type(error).__name__})."


def _in_force(database: Database, kind: str) -> tuple[Policy, frozenset[str]]:
    """Return the policy in force, and the lines of it that audits have closed for this kind of subject."""
    with database.reading() as session:
        rules = policy.parse(policy.text_in_force(session) or policy.default_text())
        lanes = policy.fast_lanes(session, rules, kind)
    return rules, lanes.closed_to(rules, kind, None)


def _facts(rules: Policy, given: Sequence[str]) -> dict[str, frozenset[str]]:
    """Read `fact=value` and `fact=value,value`. Raises RefusedError for what nobody can answer under these rules."""
    known = policy.vocabulary(rules)
    facts: dict[str, frozenset[str]] = {}
    for each in given:
        fact, sign, said = each.partition("=")
        if not sign:
            raise RefusedError(f"{each!r} is no answer; write fact=value, for example data_class=personal.")
        if fact not in known:
            raise RefusedError(f"There is no fact {fact!r}. There are: {', '.join(known)}.")
        values = frozenset(value for value in said.split(",") if value)
        wrong = sorted(values - set(known[fact]))
        if wrong:
            raise RefusedError(f"{wrong[0]!r} is no answer to {fact}. There are: {', '.join(known[fact])}.")
        facts[fact] = facts.get(fact, frozenset()) | values
        if len(facts[fact]) != 1 and _takes_one(rules, fact):
            raise RefusedError(f"{fact} has one answer, not {len(facts[fact])}.")
    return facts


def _takes_one(rules: Policy, fact: str) -> bool:
    own = {question.key: question.kind for question in rules.questions}
    return fact in policy.OF_ONE or own.get(fact) is QuestionKind.CHOICE


def _askable(rules: Policy, facts: policy.Facts) -> list[str]:
    """Return what people would be asked with these answers, where conditions can be about it."""
    own = [each.key for each in rules.questions if each.options and policy.is_asked(each, facts)]
    return [*policy.BUILT_IN, *own]


def _because(matched: Sequence[Matched]) -> str:
    answers = ", ".join(f"{each.fact} = {each.value}" for each in matched)
    return f" ({answers})" if answers else ""


def _print_course(rules: Policy, found: Route) -> None:
    if found.decided is not None:
        verb = "rejects" if found.tier is Tier.PROHIBITED else "approves"
        print(f"Nobody is asked: the line {found.decided.line} {verb} it. {found.decided.reason}")
    audit = found.decided.audit if isinstance(found.decided, ApprovingLine) else None
    if audit is not None:
        print(f"At least {audit.share} % of what it approves is audited, by {audit.role}.")
    for line in found.passed:
        print(f"The line {line} would have approved it, and is closed.")
    if found.chain is None:
        return
    for number, stage in enumerate(found.chain.stages, 1):
        print(f"Stage {number}, {stage.name}:")
        for lane in stage.lanes:
            print(f"  {lane.name}: {_asked(rules, lane, found.chain)}")


def _asked(rules: Policy, lane: Lane, chain: Chain) -> str:
    rule = _RULES[lane.rule.kind].format(lane.rule.amount)
    who = RELATION_NAMES.get(lane.role, f"{rule} of {lane.role}")
    following = rules.stand_ins(lane, chain)
    rule = f"{rule} " if lane.role in RELATION_NAMES else ""
    return who + (f", or else {rule}of {', '.join(following)}" if following else "")


def _requests(session: Session, references: Sequence[str]) -> list[UUID]:
    if not references:
        return [request.id for request in approvals.in_review(session)]
    return list(dict.fromkeys(_request(session, each) for each in references))


def _request(session: Session, reference: str) -> UUID:
    called = subjects.read_reference(reference)
    request = approvals.request_called(session, *called) if called else None
    if request is None:
        raise RefusedError(f"There is no request {reference!r}. References are written like UC-42.")
    return request.id


def _told(found: Rerouted) -> str:
    match found.outcome:
        case Rerouting.STAYS:
            return f"{found.reference}: stays {found.tier.value}, and is asked of the same people"
        case Rerouting.WITH_PROPOSER:
            return f"{found.reference}: is with its proposer; it is routed anew when it comes back"
        case Rerouting.SETTLED:
            return f"{found.reference}: is decided already"
        case Rerouting.MOVES if found.route is not None:
            before, after = found.tier.value, found.route.tier.value
            tier = f"stays {before}" if before == after else f"{before} to {after}"
            return f"{found.reference}: {tier}; {_in_order(found.stages)} to {_now(found.route)}"
        case _:
            return f"{found.reference}: stays as it is; the policy in force has no rule for what it is about"


def _now(route: PolicySnapshot) -> str:
    if route.decided is not None:
        verb = "rejected" if route.tier is Tier.PROHIBITED else "approved"
        return f"{verb} by the line {route.decided.line}"
    stages = route.chain.stages if route.chain else ()
    return _in_order([[lane.name for lane in stage.lanes] for stage in stages])


def _in_order(stages: Sequence[Sequence[str]]) -> str:
    return "[" + " > ".join(", ".join(lanes) for lanes in stages) + "]"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
