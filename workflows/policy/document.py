"""The policy file: its shape, and errors that name line and key."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from db.enums import LaneRule, Section, Tier

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class PolicyError(Exception):
    """The policy cannot be used. `problems` says where and why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lane(_Strict):
    key: Key
    name: Name
    role: Key
    rule: LaneRule
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    remind_after_hours: Annotated[float, Field(gt=0, le=24 * 90)]


class Stage(_Strict):
    key: Key
    name: Name
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _lanes_differ(self) -> Self:
        keys = [lane.key for lane in self.lanes]
        if len(set(keys)) < len(keys):
            raise ValueError("two lanes have the same key")
        return self


class Chain(_Strict):
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]


class SubjectRule(_Strict):
    tier: Tier
    chain: Key


class Policy(_Strict):
    name: Name
    version: Annotated[int, Field(ge=1, le=1)]  # of the file's format
    chains: dict[Key, Chain]
    subjects: dict[Key, SubjectRule]

    @model_validator(mode="after")
    def _chains_exist(self) -> Self:
        for kind, rule in self.subjects.items():
            if rule.chain not in self.chains:
                raise ValueError(f"subject {kind!r} names chain {rule.chain!r}, which is not under chains")
        return self


def parse(text: str) -> Policy:
    """Return the policy in `text`. Raises PolicyError with every problem, each with its line and key."""
    root, content = _read(text)
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        wrong = [problem["loc"] for problem in error.errors()]
        problems = [
            f"line {_line(root, problem['loc'])}: {'.'.join(map(str, problem['loc'])) or 'policy'}: {problem['msg']}"
            for problem in error.errors()
            # A list counts as too short when what is in it is wrong, and that is named already.
            if not (problem["type"] == "too_short" and any(_is_within(other, problem["loc"]) for other in wrong))
        ]
        raise PolicyError(problems) from error


def _read(text: str) -> tuple[yaml.Node | None, object]:
    """Return the file as nodes, which know their lines, and as plain values."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        repeated = list(_repeated(root)) if root else []
        if repeated:
            raise PolicyError(repeated)
        return root, _Calendarless(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError([f"line {line}: not YAML: {error.problem}"]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyError([f"line {line}: not YAML: a character that cannot be shown"]) from error


class _Calendarless(yaml.SafeLoader):
    """Reads dates as the texts they are: a policy has none, and an impossible one makes YAML's own reader fail."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - YAML's own name and shape
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _repeated(node: yaml.Node, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Yield a problem for every key given twice: YAML would quietly take the last."""
    if id(node) in seen:  # a file may refer to itself
        return
    seen |= {id(node)}
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _repeated(each, seen)
    if isinstance(node, yaml.MappingNode):
        known: set[object] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in known:
                yield f"line {key.start_mark.line + 1}: {key.value}: this key is given twice"
            known.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
            yield from _repeated(value, seen)


def _is_within(path: Sequence[int | str], outer: Sequence[int | str]) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def _line(node: yaml.Node | None, path: Sequence[int | str]) -> int:
    """Return the line, from 1, of the deepest part of `path` that is in the file."""
    line = 1
    for step in path:
        if node is None:
            break
        key, node = _child(node, step)
        if key is not None:
            line = key.start_mark.line + 1
    return line


def _child(node: yaml.Node, step: int | str) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None
