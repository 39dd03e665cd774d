"""`gatehouse policy simulate`: what a policy file would have changed about what was really submitted."""

import textwrap
from collections.abc import Iterator

from bot.cli.commands import RefusedError, open_database
from handlers.settings.trial_words import change_texts, expected_text, note_texts, total_text
from workflows import simulating
from workflows.simulating import Changed, Simulated

WIDTH, REFERENCE, NAME = 100, 8, 30
MOST = 5000
"""Submissions read at once."""


def simulate(text: str, *, last: int) -> int:
    """Print a line for each of the last submissions that would change, then the totals; nothing is stored."""
    if not 1 <= last <= MOST:
        raise RefusedError(f"--last says how many submissions to try, from 1 to {MOST:,}, not {last:,}.")
    with open_database().reading() as session:
        found = simulating.simulate(session, text, last=last)
    print("\n".join(_lines(found)))
    return 0


def _lines(found: Simulated) -> Iterator[str]:
    if found.refusals:
        yield "As things are, “policy apply” would refuse this file:"
        yield from (line for each in found.refusals for line in _wrapped(each, first="  - ", rest="    "))
        yield ""
    for each in found.changed:
        yield from _row(each, with_time=found.expected is not None)
    yield from [""] if found.changed else []
    yield from _wrapped(total_text(found.totals))
    for note in (expected_text(found), *note_texts(found)):
        yield from _wrapped(note)
    if found.changed:
        yield "Hours are working hours: the longest the policy gives. Names are who holds the roles today."


def _row(changed: Changed, *, with_time: bool) -> list[str]:
    """Return a table's row: reference, short name and what changes, on more lines where one does not hold it."""
    name = textwrap.shorten(_plain(changed.name), NAME, placeholder="…")
    lead = f"{changed.reference:<{REFERENCE}}{name:<{NAME + 2}}"
    return _wrapped(_plain("; ".join(change_texts(changed, with_time=with_time))), first=lead, rest=" " * len(lead))


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _plain(text: str) -> str:
    """Return what people wrote without what a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in text)
