"""Read a policy file; what is wrong with it is said with line and key."""

from collections.abc import Sequence
from functools import lru_cache

from pydantic import ValidationError

from workflows.policy import checks, source
from workflows.policy.problems import Path, PolicyError, Problem
from workflows.policy.sentences import sentence_for
from workflows.policy.shape import Policy


@lru_cache(maxsize=8)
def parse(text: str) -> Policy:
    """Return the policy in `text`. Raises PolicyError, and nothing else, with what is wrong, by line and key.

    The last few are remembered: the one in force is asked for with every click, and reading YAML takes longer than all
    the rest.
    """
    written = source.read(text)
    try:
        policy = Policy.model_validate(written.content)
    except ValidationError as error:
        raise PolicyError([written.told(*problem) for problem in _problems(error)]) from error
    refuse(written, list(checks.problems_of(policy)))
    return policy


def refuse(written: source.Source, problems: Sequence[Problem]) -> None:
    """Raise PolicyError for `problems`, if there are any, each with its line."""
    if problems:
        raise PolicyError([written.told(*problem) for problem in problems])


def _problems(error: ValidationError) -> list[Problem]:
    found = error.errors(include_url=False)
    places = [_place(each["loc"]) for each in found]
    return [
        (place, sentence_for(each))
        for place, each in zip(places, found, strict=True)
        # A list counts as too short when what is in it is wrong, and that is named already.
        if not (each["type"] == "too_short" and any(_is_within(other, place) for other in places))
    ]


def _place(path: Path) -> Path:
    return path[:-1] if path[-1:] == ("[key]",) else path


def _is_within(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer
