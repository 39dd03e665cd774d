"""Say what a proposed policy would change and what became of it: the same words in Slack and on the command line."""

import re
from collections.abc import Sequence
from difflib import unified_diff
from typing import Final

from db.enums import PENDING, RequestStatus
from handlers.text import counted, listed, named, shown
from workflows.policy_changes import (
    NotDone,
    NotPut,
    Part,
    PartChanged,
    PolicyChange,
    PolicyProposed,
    PutInForce,
    TooFew,
)

KEYS_SHOWN = 6
_PLACE = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)")
_PARTS: Final = {
    Part.NAME: "Name",
    Part.ROLES: "Roles",
    Part.QUESTIONS: "Questions",
    Part.TIERS: "Lines of the tiers",
    Part.CHAINS: "Chains",
    Part.LANES: "Lanes",
    Part.SUBJECTS: "What happens in each tier",
}
_NOT_DONE: Final = {
    NotPut.IN_FORCE: "Policy version {number} is this file already. Nothing was changed.",
    NotPut.PENDING: "{reference} asks for the same file and is not decided yet. Nothing was changed.",
    NotPut.NOT_AN_ADMIN: "Only admins put a policy in force or propose one. Nothing was changed.",
    NotPut.SWITCHED: (
        "Another policy came in force meanwhile, and with it who decides about changes of the policy. Nothing was "
        "changed; try the file again."
    ),
    NotPut.NEEDS_PROPOSER: (
        "The policy in force, version {number}, wants its changes decided by people. Say which admin proposes it, who "
        "then has no vote: gatehouse policy apply FILE --by U…"
    ),
}


def put_text(outcome: PutInForce | PolicyProposed | NotDone, *, too_few: Sequence[TooFew] = ()) -> str:
    """Return what became of a policy file that was put forward, line by line; `too_few` are warnings once it is."""
    match outcome:
        case PutInForce():
            done = f"Policy version {outcome.number} is in force for new requests. Requests in review keep theirs."
            return "\n".join([done, *map(too_few_text, too_few)])
        case PolicyProposed():
            return f"{outcome.reference} asks to put this file in force. {_who_decides(outcome)}"
        case NotDone():
            return not_done_text(outcome)


def _who_decides(proposed: PolicyProposed) -> str:
    asked = f"Asked: {listed([named(each.name) for each in proposed.asked], last='and')}." if proposed.asked else ""
    if not proposed.blocked:
        return f"{asked} You are told what they decide."
    lanes = listed([named(each) for each in proposed.blocked], last="and")
    nobody = f"⚠️ Nobody may decide {lanes} yet: whoever proposes has no vote, and too few others hold the role."
    return " ".join(filter(None, (asked, nobody, "An admin has to give it to somebody; it waits until then.")))


def not_done_text(found: NotDone) -> str:
    return _NOT_DONE[found.why].format(number=found.number, reference=found.reference)


def difference_pairs(changed: Sequence[PartChanged]) -> list[tuple[str, str]]:
    """Return what differs, part by part: “Roles: added board; changed legal”."""
    return [(_PARTS[each.part], _difference(each)) for each in changed]


def difference_count(changed: Sequence[PartChanged]) -> str:
    """Return “3 parts added, 1 removed, 2 changed”."""
    sums = [
        sum(len(keys) for keys in of) for of in zip(*((e.added, e.removed, e.changed) for e in changed), strict=True)
    ]
    if not sums:
        return "Nothing but how it is written."
    told = [(number, verb) for number, verb in zip(sums, ("added", "removed", "changed"), strict=True) if number]
    [(first, verb), *others] = told
    return ", ".join([f"{counted(first, 'part')} {verb}", *(f"{number} {verb}" for number, verb in others)])


def lines_that_differ(before: str, after: str, *, longest: int) -> list[str]:
    """Return the lines that differ, with one around them, in texts of at most so many characters."""
    texts = [""]
    for line in list(unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]:
        place = _PLACE.match(line)
        short = f"line {place[1]}:" if place else shown(line, limit=longest // 2)
        if texts[-1] and len(texts[-1]) + len(short) >= longest:
            texts.append("")
        texts[-1] += f"{short}\n"
    return [text.rstrip("\n") for text in texts if text]


def what_holds(change: PolicyChange, status: RequestStatus, *, was_overtaken: bool) -> str:
    """Return whether a proposed policy is in force, and why not where it was approved, or would not be."""
    if change.applied_number is not None:
        return f"✅ In force as version {change.applied_number}."
    between = f"version {change.overtaken_by} came in between"
    if status is RequestStatus.APPROVED:
        why = between if was_overtaken else "this version of Gatehouse cannot use the file"
        return f"⚠️ Not put in force: {why}. It can be proposed anew."
    if status in PENDING and change.overtaken_by is not None:
        return f"⚠️ It would not be put in force any more: {between}. It has to be proposed anew on top of that."
    return ""


def too_few_text(few: TooFew) -> str:
    """Return why a change of the policy would wait, as plain text."""
    left = "nobody else holds" if not few.left else f"only {counted(few.left, 'other')} {_hold(few.left)}"
    must = f"{few.needed} others must" if few.needed > 1 else "somebody else must"
    return (
        f"Whoever proposes a change of the policy has no vote: {must} approve it, but {left} the role {few.role}. "
        "Until more do, whoever stands in for them is asked, or it waits."
    )


def _hold(number: int) -> str:
    return "holds" if number == 1 else "hold"


def _difference(each: PartChanged) -> str:
    if each.part is Part.NAME:
        return "changed"
    told = (("added", each.added), ("removed", each.removed), ("changed", each.changed))
    return "; ".join(f"{verb} {_some(keys)}" for verb, keys in told if keys)


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - KEYS_SHOWN} more" if len(keys) > KEYS_SHOWN else ""
    return ", ".join(keys[:KEYS_SHOWN]) + more
