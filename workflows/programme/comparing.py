"""What differs between the evidence somebody saw and what a gate rests on now. Values in, values out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.enums import Criterion
from workflows.programme.rules import Gate, Standing


@dataclass(frozen=True, slots=True)
class Stood:
    """How a criterion stood when somebody looked, and what by."""

    standing: Standing
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differs:
    criterion: Criterion
    before: Stood
    now: Stood


def stood(evidence: str) -> Mapping[Criterion, Stood]:
    """Return what canonical evidence says, criterion by criterion, in the order gates ask for them."""
    told = json.loads(evidence)
    found = {Criterion(name): Stood(Standing(each["standing"]), tuple(each["by"])) for name, each in told.items()}
    return {each: found[each] for each in Criterion if each in found}


def differences(evidence: str, gate: Gate) -> Sequence[Differs]:
    """Return the criteria that stand otherwise now, or by something else, in the order gates ask for them."""
    before, now = stood(evidence), stood(gate.evidence)
    return [Differs(each, before[each], now[each]) for each in now if each in before and before[each] != now[each]]
