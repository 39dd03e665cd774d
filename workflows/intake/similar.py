"""Find use cases that may be the same: by the words of their names and problems, whatever their order.

The limit was chosen by trying 300 of the 3,610 use cases of a public register against the others: about a third find
something, and what they find is about the same matter. Ten thousand use cases take less than a tenth of a second.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process, utils

LIKE: Final = 62.0
SHOWN: Final = 3
COMPARED: Final = 300
"""How many letters of a problem are compared: what it is about stands at its beginning."""
ENOUGH_WORDS: Final = 5
"""So many words a problem needs for another in the same words to be the same."""

# Words that nearly every use case has, and so tell nothing.
_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a an the of to and or for in on with by from as at is are be been this that it its their our we i they will
        would can could may need needs new use uses used using ai artificial intelligence machine learning ml model
        models system systems tool tools data help helps improve
        """,
    )
)


def most_similar(name: str, problem: str, others: Sequence[tuple[int, str, str]]) -> list[int]:
    """Return the numbers of the use cases most like this one, the most similar first, few or none.

    `others` are (number, name, problem). Half of the likeness is the names', half the problems'; each counts words
    in common both as a share of the shorter and of the whole. Two problems in the same words suffice, if they are many.
    """
    ours, theirs = _words(name), [_words(each[1]) for each in others]
    likeness = _mean(_compare(ours, theirs, fuzz.token_set_ratio), _compare(ours, theirs, fuzz.token_sort_ratio))
    ours, theirs = _words(problem), [_words(each[2]) for each in others]
    whole = _compare(ours, theirs, fuzz.token_sort_ratio)
    # The rest is the dearest comparison, so it is made only where the likeness could still be enough by it.
    promising = [place for place, score in enumerate(likeness) if (score + (whole[place] + 100) / 2) / 2 >= LIKE]
    part = _compare(ours, [theirs[place] for place in promising], fuzz.token_set_ratio)
    scores = dict(enumerate(whole if len(ours.split()) >= ENOUGH_WORDS else [0.0] * len(whole)))
    for place, score in zip(promising, part, strict=True):
        scores[place] = max(scores[place], (likeness[place] + (whole[place] + score) / 2) / 2)
    best = sorted((place for place, score in scores.items() if score >= LIKE), key=lambda place: -scores[place])
    return [others[place][0] for place in best[:SHOWN]]


def _compare(ours: str, theirs: Sequence[str], by: Callable[..., float]) -> list[float]:
    """Return how like each of `theirs` is, from 0 to 100; nothing is like nothing."""
    if not ours:
        return [0.0] * len(theirs)
    scores = [0.0] * len(theirs)
    for _, score, place in process.extract_iter(ours, theirs, scorer=by):
        scores[place] = score if theirs[place] else 0.0
    return scores


def _mean(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return [(one + other) / 2 for one, other in zip(first, second, strict=True)]


@lru_cache(maxsize=30_000)
def _words(text: str) -> str:
    """Return the words of a text that tell something, each once."""
    words = utils.default_process(text[:COMPARED]).split()
    return " ".join(dict.fromkeys(word for word in words if word not in _COMMON))
