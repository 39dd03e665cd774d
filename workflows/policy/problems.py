"""What can be wrong with a policy: a place in the file and a sentence somebody who owns policies understands."""

from collections.abc import Sequence

Path = tuple[int | str, ...]
Problem = tuple[Path, str]

MOST_TOLD = 20


class PolicyError(Exception):
    """The policy cannot be used. `problems` says where and why, one line each; of very many the first ones."""

    def __init__(self, problems: Sequence[str]) -> None:
        told = list(problems[:MOST_TOLD])
        if len(problems) > MOST_TOLD:
            told.append(f"and {len(problems) - MOST_TOLD} more")
        super().__init__("\n".join(told))
        self.problems = told


def quoted(value: object) -> str:
    """Return what somebody wrote, between quotation marks, on one line and never long; of more than a text its kind."""
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    words = " ".join(str(value).split())
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"  # noqa: PLR2004 - about half a line
