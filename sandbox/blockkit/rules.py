"""The small language in which the Block Kit tables are written."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

ANY_SCHEMA = "failed to match all allowed schemas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing Slack would refuse, and where: a JSON pointer into what was sent."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


Problems = list[Problem]
Rule = Callable[[Any, str, Problems], None]
Check = Callable[[dict[str, Any], str, Problems], None]


def refuse(problems: Problems, pointer: str, message: str) -> None:
    problems.append(Problem(pointer=pointer, message=message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields an object must and may have; `also` sees the whole object afterwards."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Check, ...] = ()

    def __call__(self, value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            refuse(problems, pointer, "must be an object")
            return
        before = len(problems)
        for name in self.required:
            if value.get(name) is None:
                refuse(problems, pointer, f"missing required field: {name}")
        for name, part in value.items():
            self._check_field(name, part, pointer, problems)
        if len(problems) == before:
            for check in self.also:
                check(value, pointer, problems)

    def _check_field(self, name: str, part: Any, pointer: str, problems: Problems) -> None:
        rule = self.required.get(name) or self.optional.get(name)
        if rule is None and name != "type":
            refuse(problems, pointer, f"invalid additional property: {name}")
        elif rule is not None and part is not None:
            rule(part, f"{pointer}/{name}", problems)


def typed(table: Mapping[str, Rule], allowed: Collection[str] | None = None) -> Rule:
    """Accept an object whose `type` is in the table, and among the allowed ones if they are given."""

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            refuse(problems, pointer, "must be an object")
            return
        kind = value.get("type")
        shape = table.get(kind) if isinstance(kind, str) else None
        if kind is None:
            refuse(problems, pointer, "missing required field: type")
        elif shape is None or (allowed is not None and kind not in allowed):
            refuse(problems, pointer, ANY_SCHEMA)
            refuse(problems, f"{pointer}/type", f"unsupported type: {kind}")
        else:
            shape(value, pointer, problems)

    return rule


def string(*, most: int | None = None, least: int = 0, among: Collection[str] = (), pattern: str | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            refuse(problems, pointer, "must be a string")
        elif most is not None and len(value) > most:
            refuse(problems, pointer, f"must be less than {most + 1} characters")
        elif len(value) < least:
            refuse(problems, pointer, f"must be more than {least - 1} characters")
        elif among and value not in among:
            refuse(problems, pointer, "must be a valid enum value")
        elif pattern is not None and re.fullmatch(pattern, value) is None:
            refuse(problems, pointer, f"does not match regex pattern {pattern}")

    return rule


def integer(*, least: int | None = None, most: int | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            refuse(problems, pointer, "must be an integer")
        elif least is not None and value < least:
            refuse(problems, pointer, f"must be greater than or equal to {least}")
        elif most is not None and value > most:
            refuse(problems, pointer, f"must be less than or equal to {most}")

    return rule


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        refuse(problems, pointer, "must be a boolean")


def items(of: Rule, *, least: int = 0, most: int | None = None) -> Rule:
    def rule(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            refuse(problems, pointer, "must be an array")
            return
        if len(value) < least:
            refuse(problems, pointer, f"no fewer than {least} items allowed")
        if most is not None and len(value) > most:
            refuse(problems, pointer, f"no more than {most} items allowed")
            return
        for index, part in enumerate(value):
            of(part, f"{pointer}/{index}", problems)

    return rule


def text(*, most: int, least: int = 1, markdown: bool = True) -> Rule:
    """Accept a text object; without `markdown` it must be plain_text."""

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        kinds = ("plain_text", "mrkdwn") if markdown else ("plain_text",)
        if not isinstance(value, dict) or value.get("type") not in kinds:
            refuse(problems, pointer, ANY_SCHEMA)
            return
        extra = {"emoji": boolean} if value["type"] == "plain_text" else {"verbatim": boolean}
        Shape(required={"text": string(most=most, least=least)}, optional=extra)(value, pointer, problems)

    return rule


def at_least_one_of(*names: str) -> Check:
    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        if all(value.get(name) is None for name in names):
            refuse(problems, pointer, f"missing required field: {names[0]}")

    return check


def exactly_one_of(*names: str) -> Check:
    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        given = [name for name in names if value.get(name) is not None]
        if not given:
            refuse(problems, pointer, f"missing required field: {names[0]}")
        elif len(given) > 1:
            refuse(problems, pointer, f"only one of {', '.join(names)} allowed")

    return check


def unique_in(list_name: str, key: str) -> Check:
    """No two entries of a list may share the value of a key."""

    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        seen: set[str] = set()
        for index, entry in enumerate(value.get(list_name) or []):
            name = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(name, str) and name in seen:
                refuse(problems, f"{pointer}/{list_name}/{index}/{key}", f"`{key}` {name} already exists")
            elif isinstance(name, str):
                seen.add(name)

    return check
