"""The small language in which the Block Kit tables are written."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

ANY_SCHEMA = "failed to match all allowed schemas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing Slack would refuse, and where: a JSON pointer into what was sent.

    `constraint` and `field` are what `blocks.validate` tells besides: the limit that was missed, or the field.
    `inner` is the closer look it takes where other methods only say that nothing matched.
    """

    pointer: str
    message: str
    constraint: Mapping[str, Any] | None = None
    field: str | None = None
    inner: "Problem | None" = None

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


Problems = list[Problem]
Rule = Callable[[Any, str, Problems], None]
Check = Callable[[dict[str, Any], str, Problems], None]


def refuse(problems: Problems, pointer: str, message: str, *, field: str | None = None, **constraint: Any) -> None:
    """Note a problem; `limit="max_length", expected=75` and the like say which constraint failed."""
    limit = {"type": constraint.pop("limit"), **constraint} if constraint else None
    problems.append(Problem(pointer=pointer, message=message, constraint=limit, field=field))


def missing_field(problems: Problems, pointer: str, name: str) -> None:
    refuse(problems, pointer, f"missing required field: {name}", field=name)


def wrong_type(problems: Problems, pointer: str, expected: str) -> None:
    article = "an" if expected[0] in "aio" else "a"
    refuse(problems, pointer, f"must be {article} {expected}", limit="type", expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields an object must and may have; `also` sees the whole object afterwards."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Check, ...] = ()

    def __call__(self, value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            wrong_type(problems, pointer, "object")
            return
        before = len(problems)
        for name in self.required:
            if value.get(name) is None:
                missing_field(problems, pointer, name)
        for name, part in value.items():
            self._check_field(name, part, pointer, problems)
        if len(problems) == before:
            for check in self.also:
                check(value, pointer, problems)

    def _check_field(self, name: str, part: Any, pointer: str, problems: Problems) -> None:
        rule = self.required.get(name) or self.optional.get(name)
        if rule is None and name != "type":
            refuse(problems, pointer, f"invalid additional property: {name}", field=name)
        elif rule is not None and part is not None:
            rule(part, f"{pointer}/{name}", problems)


def typed(table: Mapping[str, Rule], allowed: Collection[str] | None = None) -> Rule:
    """Accept an object whose `type` is in the table, and among the allowed ones if they are given."""

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            wrong_type(problems, pointer, "object")
            return
        kind = value.get("type")
        shape = table.get(kind) if isinstance(kind, str) else None
        if kind is None:
            missing_field(problems, pointer, "type")
        elif shape is None or (allowed is not None and kind not in allowed):
            refuse(problems, pointer, ANY_SCHEMA)
            unsupported(problems, pointer, kind, expected=allowed or table)
        else:
            shape(value, pointer, problems)

    return rule


def unsupported(problems: Problems, pointer: str, kind: Any, *, expected: Collection[str]) -> None:
    allowed = sorted(expected) if isinstance(expected, frozenset) else list(expected)
    refuse(problems, f"{pointer}/type", f"unsupported type: {kind}", limit="enum", expected=allowed)


def string(*, most: int | None = None, least: int = 0, among: Collection[str] = (), pattern: str | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            wrong_type(problems, pointer, "string")
        elif most is not None and len(value) > most:
            refuse(problems, pointer, f"must be less than {most + 1} characters", limit="max_length", expected=most)
        elif len(value) < least:
            refuse(problems, pointer, f"must be more than {least - 1} characters", limit="min_length", expected=least)
        elif among and value not in among:
            refuse(problems, pointer, "must be a valid enum value", limit="enum", expected=sorted(among))
        elif pattern is not None and re.fullmatch(pattern, value) is None:
            refuse(problems, pointer, f"does not match regex pattern {pattern}", limit="pattern", expected=pattern)

    return rule


def integer(*, least: int | None = None, most: int | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            wrong_type(problems, pointer, "integer")
        elif least is not None and value < least:
            refuse(problems, pointer, f"must be greater than or equal to {least}", limit="minimum", expected=least)
        elif most is not None and value > most:
            refuse(problems, pointer, f"must be less than or equal to {most}", limit="maximum", expected=most)

    return rule


def number(*, above: float | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            wrong_type(problems, pointer, "number")
        elif above is not None and value <= above:
            refuse(problems, pointer, f"must be greater than {above:g}", limit="exclusive_minimum", expected=above)

    return rule


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        wrong_type(problems, pointer, "boolean")


def items(of: Rule, *, least: int = 0, most: int | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            wrong_type(problems, pointer, "array")
            return
        if len(value) < least:
            refuse(problems, pointer, f"no fewer than {least} items allowed", limit="min_items", expected=least)
        if most is not None and len(value) > most:
            refuse(problems, pointer, f"no more than {most} items allowed", limit="max_items", expected=most)
            return
        for index, part in enumerate(value):
            of(part, f"{pointer}/{index}", problems)

    return rule


def text(*, most: int, least: int = 1, markdown: bool = True) -> Rule:
    """Accept a text object; without `markdown` it must be plain_text."""
    kinds = ("plain_text", "mrkdwn") if markdown else ("plain_text",)

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict) or value.get("type") not in kinds:
            closer: Problems = []
            unsupported(closer, pointer, value.get("type") if isinstance(value, dict) else None, expected=kinds)
            problems.append(Problem(pointer=pointer, message=ANY_SCHEMA, inner=closer[0]))
            return
        extra = {"emoji": boolean} if value["type"] == "plain_text" else {"verbatim": boolean}
        Shape(required={"text": string(most=most, least=least)}, optional=extra)(value, pointer, problems)

    return rule


def at_least_one_of(*names: str) -> Check:
    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        if all(value.get(name) is None for name in names):
            missing_field(problems, pointer, names[0])

    return check


def at_most_one_of(*names: str) -> Check:
    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        if sum(value.get(name) is not None for name in names) > 1:
            refuse(problems, pointer, f"only one of {', '.join(names)} allowed", field=names[-1])

    return check


def exactly_one_of(*names: str) -> Check:
    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        at_least_one_of(*names)(value, pointer, problems)
        at_most_one_of(*names)(value, pointer, problems)

    return check


def unique_in(list_name: str, key: str) -> Check:
    """No two entries of a list may share the value of a key."""

    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        seen: set[str] = set()
        for index, entry in enumerate(value.get(list_name) or []):
            name = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(name, str) and name in seen:
                refuse(problems, f"{pointer}/{list_name}/{index}/{key}", f"`{key}` {name} already exists", field=key)
            elif isinstance(name, str):
                seen.add(name)

    return check
