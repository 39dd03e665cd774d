"""Trouble on demand: rules that say which calls and deliveries go wrong, and how."""

import random
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from sandbox.store import record

Json = dict[str, Any]
_LONGEST_LOG = 200
_LONGEST_WAIT = 3600.0


class Trouble(StrEnum):
    # deliveries
    DROP = "drop"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    LOSE_ACK = "lose_ack"
    # calls of the Web API
    HANG_UP = "hang_up"
    LOSE_REPLY = "lose_reply"
    RATE_LIMIT = "rate_limit"
    STATUS = "status"
    ERROR = "error"
    SLOW = "slow"
    GARBAGE = "garbage"
    # what happens to the app or a channel, at such a call or delivery or at once
    REVOKE_TOKEN = "revoke_token"  # noqa: S105 - the name of a mishap
    ARCHIVE_CHANNEL = "archive_channel"
    CLOSE_SOCKETS = "close_sockets"


DELIVERIES = frozenset({Trouble.DROP, Trouble.DELAY, Trouble.DUPLICATE, Trouble.REORDER, Trouble.LOSE_ACK})
MISHAPS = frozenset({Trouble.REVOKE_TOKEN, Trouble.ARCHIVE_CHANNEL, Trouble.CLOSE_SOCKETS})
CALLS = frozenset(Trouble) - DELIVERIES - MISHAPS


@dataclass(slots=True, kw_only=True)
class Rule:
    """One kind of trouble for what `on` matches: a method, an envelope's type, an event, a command.

    Of what matches, the first `skip` pass; then each goes wrong with `probability`, `count` times at most.
    """

    id: str
    do: Trouble
    on: str = "*"
    app: str = ""
    channel: str = ""
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seconds: float = 1.0
    times: int = 1
    status: int = 503
    error: str = "internal_error"
    when: str = "before"
    seen: int = 0
    hits: int = 0


class Faults:
    """The rules in force. Whether a rule strikes at its n-th match follows from seed, rule and n alone.

    So a run repeats itself with the same seed as long as the calls that match a rule come in the same
    order, whatever happens between them.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self.log: deque[Json] = deque(maxlen=_LONGEST_LOG)
        self._rules: dict[str, Rule] = {}
        self._made = 0

    def rules(self) -> list[Rule]:
        return list(self._rules.values())

    def add(self, given: Mapping[str, Any]) -> Rule:
        """Put a rule into force, or raise ValueError that says what is wrong with it."""
        rule = read_rule(given, f"F{self._made + 1}")
        self._made += 1
        self._rules[rule.id] = rule
        return rule

    def remove(self, rule_id: str) -> bool:
        return self._rules.pop(rule_id, None) is not None

    def clear(self, *, seed: int | None = None) -> None:
        """Forget every rule, and start over: the same rules added again strike as they did."""
        self._rules.clear()
        self.log.clear()
        self._made = 0
        self.seed = self.seed if seed is None else seed

    def strike(self, kinds: Collection[Trouble], names: Collection[str], *, app_id: str = "") -> list[Rule]:
        """Return the rules that strike now, in the order they were added."""
        return [
            rule
            for rule in self.rules()
            if rule.do in kinds and _meant(rule, names, app_id) and self._strikes(rule, names)
        ]

    def shown(self) -> Json:
        return {"seed": self.seed, "rules": [record(rule) for rule in self.rules()], "log": list(self.log)}

    def _strikes(self, rule: Rule, names: Collection[str]) -> bool:
        rule.seen += 1
        spent = rule.count is not None and rule.hits >= rule.count
        if spent or rule.seen <= rule.skip:
            return False
        if random.Random(f"{self.seed}/{rule.id}/{rule.seen}").random() >= rule.probability:  # noqa: S311 - no secret
            return False
        rule.hits += 1
        self.log.append({"rule": rule.id, "do": rule.do, "at": list(names), "match": rule.seen})
        return True


def _meant(rule: Rule, names: Collection[str], app_id: str) -> bool:
    return rule.app in ("", app_id) and any(name and fnmatchcase(name, rule.on) for name in names)


def read_rule(given: Mapping[str, Any], rule_id: str) -> Rule:
    """Return a rule as described, or raise ValueError."""
    if given.get("do") not in list(Trouble):
        raise ValueError(f"`do` must be one of {', '.join(Trouble)}")
    rule = Rule(id=rule_id, do=Trouble(given["do"]))
    for name, value in given.items():
        if name != "do" and value is not None:
            setattr(rule, name, _field(name, value))
    return rule


def _field(name: str, value: Any) -> Any:
    if name in ("on", "app", "channel", "error"):
        return _checked(name, value, isinstance(value, str) and value != "", "a text")
    if name == "when":
        return _checked(name, value, value in ("before", "after"), "before or after")
    if name in ("count", "skip", "times", "status"):
        least, most = (400, 599) if name == "status" else (0, 1_000_000)
        whole = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return _checked(name, value, whole, f"a whole number from {least} to {most}")
    if name in ("seconds", "probability"):
        limit = _LONGEST_WAIT if name == "seconds" else 1.0
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= limit
        return _checked(name, value, number, f"a number from 0 to {limit:g}")
    raise ValueError(f"a rule has no `{name}`")


def _checked(name: str, value: Any, fits: bool, what: str) -> Any:  # noqa: FBT001 - the verdict itself
    if not fits:
        raise ValueError(f"`{name}` must be {what}")
    return value
