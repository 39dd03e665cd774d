"""Read a policy file; what is wrong with it is said with line and key."""

from collections.abc import Iterator, Sequence

import yaml
from pydantic import ValidationError

from workflows.policy import checks
from workflows.policy.shape import Policy


class PolicyError(Exception):
    """The policy cannot be used. `problems` says where and why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def parse(text: str) -> Policy:
    """Return the policy in `text`. Raises PolicyError with every problem, each with its line and key."""
    root, content = _read(text)
    try:
        policy = Policy.model_validate(content)
    except ValidationError as error:
        wrong = [problem["loc"] for problem in error.errors()]
        problems = [
            f"line {_line(root, problem['loc'])}: {'.'.join(map(str, problem['loc'])) or 'policy'}: {problem['msg']}"
            for problem in error.errors()
            # A list counts as too short when what is in it is wrong, and that is named already.
            if not (problem["type"] == "too_short" and any(_is_within(other, problem["loc"]) for other in wrong))
        ]
        raise PolicyError(problems) from error
    problems = [
        f"line {_line(root, path)}: {'.'.join(map(str, path))}: {text}" for path, text in checks.problems_of(policy)
    ]
    if problems:
        raise PolicyError(problems)
    return policy


def line_of(text: str, path: Sequence[int | str]) -> int:
    """Return the line of `text`, a policy that can be parsed, on which `path` stands."""
    return _line(yaml.compose(text, Loader=yaml.SafeLoader), path)


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
