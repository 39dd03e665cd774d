"""A subject as every card shows it, whatever kind it is of."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.conditions import ConditionSnapshot

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SubjectPicture:
    """A subject in words. `reference`, `title` and `team` are for every member, the rest for insiders.

    `facts` are short enough for a card; `whole` says everything. `source` is a link to the message it was made from,
    `document` to what is decided on where that is written elsewhere.
    `changes` say what is new since the last time it was submitted, or what would be other than it was approved, under
    the heading `changes_are`; nothing may be, though it `is_asked_again`. `precedents` say what became of similar ones,
    `holds` what it is itself whatever its request says. `may_change`: it is approved, so those who answer for it may
    ask for a change; `is_over`: nothing can be made of it any more. `conditions` are those it is approved with, or
    would be; `kpis` how it is measured. `alarm`: it is in use before it is approved, which everybody may know;
    `alarm_reason` is why, for insiders.
    """

    reference: str
    title: str
    team: str
    story: str
    facts: Pairs
    whole: Pairs = ()
    source: str | None = None
    document: str | None = None
    changes: Pairs = ()
    changes_are: str = ""
    is_asked_again: bool = False
    precedents: Sequence[str] = ()
    holds: str = ""
    may_change: bool = False
    is_over: bool = False
    conditions: tuple[ConditionSnapshot, ...] = ()
    alarm: str = ""
    alarm_reason: str = ""
    kpis: Sequence[str] = ()
