"""The numbers on a page of evidence: baselines, readings with who stands for them, check-ins, corrections."""

from collections.abc import Iterator

from db.enums import RootCause, Verdict
from handlers.checkins.words import FIELDS
from handlers.exports.parts import Cell, Heading, Mark, Part, Section, facts, section, table
from handlers.exports.words import moment_text, said, who
from handlers.kpis import CADENCES, SOURCES
from handlers.subjects import kpi_in_words
from workflows.checkins import plain_number
from workflows.exports import CheckInRecord, KpiRecord, Pack, ReadingRecord


def kpis(pack: Pack) -> Section:
    parts = [part for each in pack.kpis for part in _kpi(each)]
    empty = "It has no KPIs yet: they begin with its approval. What was proposed of them stands in its text above."
    return section("kpis", "KPIs", parts, empty=empty)


def _kpi(record: KpiRecord) -> Iterator[Part]:
    kpi = record.kpi
    rhythm = CADENCES[kpi.rhythm.cadence].format(weeks=kpi.rhythm.weeks)
    yield Heading(kpi.name if kpi.in_use else f"{kpi.name} (no longer approved since {moment_text(kpi.retired_at)})")
    yield facts(
        [
            ("To be reached", kpi_in_words(kpi.says)),
            ("Reported", f"{who(kpi.owner)}, {rhythm}, {SOURCES[kpi.source]}"),
            ("Hit", f"since {moment_text(record.hit_at)}" if record.hit_at else "not hit"),
        ]
    )
    yield table(
        "Baselines: every one that was ever locked; the last one counts",
        ["No.", "Value", "Window", "Cases", "Method", "Locked", "Why amended"],
        [
            [
                str(each.number),
                f"{plain_number(each.value)} {each.unit}",
                f"{each.first_day} to {each.last_day}",
                str(each.n),
                each.method,
                f"{who(each.locked_by)}\n{moment_text(each.locked_at)}",
                each.reason or "",
            ]
            for each in kpi.baselines
        ],
    )
    yield table(
        "Readings: every one, superseded ones struck out",
        ["Read for", "Value", "Source", "Entered", "Second persons"],
        [_reading(each) for each in record.readings],
    )
    yield table(
        "What changed about it",
        ["What", "Before", "After", "By", "With"],
        [
            [
                FIELDS[each.field],
                each.before or "",
                each.after or "",
                f"{who(each.by)}\n{moment_text(each.at)}",
                f"version {each.revision}" if each.revision else "",
            ]
            for each in record.changes
        ],
    )


def _reading(each: ReadingRecord) -> list[Cell]:
    value = f"{plain_number(each.value)} {each.unit}"
    gone = f"\nsuperseded {moment_text(each.superseded_at)}" if each.superseded_at else ""
    opinions = [
        f"{who(one.person)} {said(one.verdict)}, {moment_text(one.at)}" + (f": “{one.reason}”" if one.reason else "")
        for one in each.opinions
    ]
    is_doubted = any(one.verdict is Verdict.DOUBTED for one in each.opinions)
    return [
        str(each.on),
        Mark(value, "struck") if gone else value,
        SOURCES[each.source] + gone,
        f"{who(each.by) or 'a system'}\n{moment_text(each.at)}",
        Mark("\n".join(opinions), "warn" if is_doubted else "good"),
    ]


def check_ins(pack: Pack) -> Section:
    """Return what was said when people were asked, and what is done about what had to be corrected."""
    return section("check-ins", "Check-ins, corrections and fixes", _check_ins(pack), empty="Nobody was asked yet.")


def _check_ins(pack: Pack) -> Iterator[Part]:
    yield table(
        "Check-ins: every date, every revision of an answer; what is empty was not said, and is not nought",
        ["Date", "State", "Asked", "Answered", "Confidence", "Corrected", "What else was said"],
        [_check_in(each) for each in pack.check_ins],
        layout="wide",
    )
    yield table(
        "Fixes of what had to be corrected",
        ["Cause", "What is done", "Who, by when", "Accepted", "What became of it"],
        [
            [
                said(each.cause),
                each.text,
                f"{who(each.owner)}\nby {each.due}",
                f"{who(each.accepted_by)}\n{moment_text(each.accepted_at)}",
                f"done by {who(each.done_by)}, {moment_text(each.done_at)}"
                if each.done_at
                else f"dropped by {who(each.dropped_by)}, {moment_text(each.dropped_at)}: {each.reason}"
                if each.dropped_at
                else Mark("open", "warn"),
            ]
            for each in pack.corrections.fixes
        ],
    )


def _check_in(each: CheckInRecord) -> list[Cell]:
    answered = f"{who(each.by)}\n{moment_text(each.at)}".strip()
    revision = f"\nrevision {each.revision}" if each.revision > 1 or not each.counts else ""
    told = "\n".join(f"{label}: {text}" for label, text in each.said.items())
    cells: list[Cell] = [
        str(each.on),
        said(each.state),
        who(each.asked),
        answered + revision,
        said(each.confidence) if each.confidence else "",
        _corrected(each),
        told,
    ]
    return cells if each.counts else [Mark(str(cell), "struck") if isinstance(cell, str) else cell for cell in cells]


def _corrected(each: CheckInRecord) -> str:
    """Return of how many outputs looked at how many were corrected, by cause; nothing where nobody looked."""
    if each.looked_at is None:
        return ""
    named = zip(RootCause, each.corrected, strict=True)
    causes = [f"{said(cause)} {number}" for cause, number in named if number is not None]
    return f"of {each.looked_at} looked at: {', '.join(causes) or 'not said'}"
