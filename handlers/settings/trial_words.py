"""Say what another policy would change: the same words, in plain text, for Slack and for the command line."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from db.enums import LaneRule
from handlers.text import NAME_SHOWN, counted, listed, shown
from handlers.waits import rounded_days
from workflows.approvals import ENOUGH
from workflows.people import Actor
from workflows.policy import Quorum
from workflows.simulating import (
    Altered,
    Asked,
    Changed,
    Course,
    Difference,
    Expected,
    Simulated,
    Term,
    Totals,
    longest_hours,
    new_reasons,
)

ABOUT: Final = "about "
NO_ANSWER: Final = "not answered then; counts as unknown, the stricter answer"
_OTHER: Final = {
    Term.SECTIONS: "other sections",
    Term.STAND_INS: "others stand in",
    Term.ESCALATION: "another escalation",
}


def total_text(totals: Totals) -> str:
    """Return how many would change and how, in one sentence: each is of one kind, and can be of those that follow."""
    if not totals.total:
        return "Nothing was submitted yet, so there is nothing to try it on."
    of = f"{totals.changed} of {counted(totals.total, 'submission')}"
    if not totals.changed:
        return f"{of} would change: the same people would decide on the same terms."
    kinds = (
        (totals.stricter, "to a stricter tier"),
        (totals.looser, "to a looser one" if totals.stricter else "to a looser tier"),
        (totals.people, "asks other people" if totals.people == 1 else "ask other people"),
        (totals.terms, "by lanes, rules or time alone"),
    )
    besides = (
        (totals.to_people, "would no longer be approved by the policy itself"),
        (totals.by_line, "would be approved by the policy itself"),
        (totals.refused, "would be refused by the policy itself"),
        (totals.admitted, "would no longer be refused by the policy itself"),
        (totals.slower, "could take longer"),
        (totals.faster, "would be given less time"),
        (totals.blocked, "would wait for somebody who may decide"),
    )
    return f"{of} would change: {'; '.join([', '.join(_numbered(kinds)), *_numbered(besides)])}."


def expected_text(found: Simulated) -> str:
    """Return how long what would change is expected to take, on average; nothing where nothing would."""
    total, changed = found.expected, found.totals.changed
    if not changed:
        return ""
    if total is None or not total.known:
        return f"Expected time: not known. Fewer than {ENOUGH} decisions of a role do not say how long it takes."
    of = "" if total.known == changed else f", for the {total.known} of {changed} where it is known"
    return f"Expected time, on average{of}: {expected_change(Expected(total.before, total.after))}."


def note_texts(found: Simulated) -> list[str]:
    """Return what must be known to read the result: what was assumed, and what is not named."""
    notes = [f"{key}: {NO_ANSWER}, in {counted(times, 'submission')}." for key, times in found.unanswered]
    if found.hidden:
        notes.append(f"{found.hidden} more would change that you may not know of; the totals count them.")
    return notes


def change_texts(changed: Changed, *, with_time: bool = False) -> list[str]:
    """Return what would change about one submission, the weightiest first, each in a few words.

    `with_time`: also how long it is expected to take, which is worth saying once some role has decided enough.
    """
    found = changed.difference
    texts = [
        *_tier(found),
        *_line(found),
        *_lanes("+", found.added),
        *_lanes("−", found.removed),
        *(text for each in found.altered for text in _altered(each)),
        *_people("asks", found.joining()),
        *_people("no longer asks", found.leaving()),
        *_blocked(found.newly_blocked()),
        *_distinct(found),
        *_hours(found.before, found.after),
        *([expected_change(changed.expected)] if with_time else []),
    ]
    return [*texts, *(f"{key}: {NO_ANSWER}" for key in changed.unanswered)]


def _tier(found: Difference) -> list[str]:
    before, after = found.before, found.after
    if before.tier is after.tier:
        return []
    lines, gone = _lines(before, after), _lines(after, before)
    why = f" ({', '.join(lines)})" if lines else f" (without {', '.join(gone)})" if gone else ""
    return [f"{before.tier} → {after.tier}{why}"]


def _lines(before: Course, after: Course) -> list[str]:
    """Return the policy's lines that give the tier `after` and count for nothing before; no line gives a low tier."""
    return [reason.line for reason in new_reasons(before, after) if reason.line not in ("otherwise", "fixed")]


def _line(found: Difference) -> list[str]:
    before, after, texts = found.before, found.after, list[str]()
    if before.approving_line() and not after.approving_line():
        texts.append(f"no longer approved by the line {before.approving_line()}")
    if after.approving_line() and not before.approving_line():
        texts.append(f"approved by the line {after.approving_line()}")
    if after.refusing_line() and not before.refusing_line():
        texts.append(f"refused by the line {after.refusing_line()}")
    if before.refusing_line() and not after.refusing_line():
        texts.append(f"no longer refused by the line {before.refusing_line()}")
    return texts


def _lanes(sign: str, lanes: Sequence[Asked]) -> list[str]:
    by_stage = groupby(lanes, key=lambda lane: (lane.place, lane.stage))
    return [f"{sign} {_named(stage)}: {_names(each.lane.name for each in group)}" for (_, stage), group in by_stage]


def _altered(each: Altered) -> list[str]:
    before, after = each.before, each.after
    told = {
        Term.STAGE: f"in stage {after.place + 1}, not {before.place + 1}",
        Term.RULE: f"{_rule(after.lane.rule)} instead of {_rule(before.lane.rule)}",
        Term.REJECT: f"{after.lane.rejections} to reject instead of {before.lane.rejections}",
        Term.HOURS: f"{after.lane.answer_within_hours:g} h instead of {before.lane.answer_within_hours:g} h",
    } | _OTHER
    return [f"{_named(after.lane.name)}: {', '.join(told[term] for term in each.terms)}"]


def _rule(rule: Quorum) -> str:
    words = {LaneRule.ANY: "any", LaneRule.ALL: "all", LaneRule.AT_LEAST: "at least {}", LaneRule.PERCENT: "{} %"}
    return words[rule.kind].format(rule.amount)


def _people(verb: str, people: Sequence[Actor]) -> list[str]:
    names = [_named(each.name) for each in people]
    return [f"{verb} {listed(names, last='and')}"] if names else []


def _blocked(lanes: Sequence[Asked]) -> list[str]:
    return [f"nobody may decide: {_names(each.lane.name for each in lanes)}"] if lanes else []


def _distinct(found: Difference) -> list[str]:
    if found.before.tier is not found.after.tier or found.before.is_distinct == found.after.is_distinct:
        return []
    return [f"one person {'cannot' if found.after.is_distinct else 'can'} decide in two stages"]


def _hours(before: Course, after: Course) -> list[str]:
    """Return the longest time the policy allows, in working hours."""
    was, becomes = longest_hours(before), longest_hours(after)
    return [] if was == becomes else [f"{_within(was)} → {_within(becomes)}"]


def _within(hours: float | None) -> str:
    return "at once" if hours is None else f"at most {hours:g} h"


def expected_change(days: Expected) -> str:
    """Return “about 2 → 4 working days”, “at once → about 1 working day”, “expected time not known”."""
    if days.before is None and days.after is None:
        return "expected time not known"
    was, becomes = _taken(days.before), _taken(days.after)
    if was == becomes:
        return f"{was}, as now"
    if was.removeprefix(ABOUT)[0].isdigit() and becomes.startswith(ABOUT):
        return f"{was.removesuffix('s').removesuffix(' working day')} → {becomes.removeprefix(ABOUT)}"
    return f"{was} → {becomes}"


def _taken(days: float | None) -> str:
    if days is None:
        return "not known"
    return f"{ABOUT}{rounded_days(days)}" if days else "at once"


def _named(name: str) -> str:
    return shown(" ".join(name.split()), limit=NAME_SHOWN)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_named, names))


def _numbered(counts: Sequence[tuple[int, str]]) -> list[str]:
    return [f"{number} {what}" for number, what in counts if number]
