"""Holds what the workspace sends against what Slack was recorded sending, key by key."""

import fnmatch
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.sandbox.producing import produce
from tests.sandbox.recordings import FIXTURES, Recording, recordings

Json = dict[str, Any]
Shape = dict[str, set[str]]
PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
BEGIN, END = "<!-- payloads: begin -->", "<!-- payloads: end -->"
# Below these a payload is what an app or a person wrote, not Slack's frame around it.
CONTENT = {
    *("attachments", "blocks", "close", "confirm", "event_payload", "icons", "inputs", "options", "placeholder"),
    *("payload", "previous", "submit", "text", "title", "values"),
}
WRITTEN = ("initial_", "selected_")
NUMBERS = {int: "number", float: "number", str: "text", bool: "yes or no", list: "list", dict: "object"}


def shape(value: Any, at: str = "") -> Shape:
    """Return the dotted paths of all keys with the types seen there; entries of lists stand for one another."""
    found: Shape = defaultdict(set)
    if isinstance(value, list):
        for part in value:
            _merge(found, shape(part, at))
    if isinstance(value, dict):
        for key, part in value.items():
            here = f"{at}.{key}" if at else key
            found[here] |= {NUMBERS[type(part)]} if part is not None else set()
            if key not in CONTENT and not key.startswith(WRITTEN):
                _merge(found, shape(part, here))
    return found


def _merge(into: Shape, more: Shape) -> None:
    for path, types in more.items():
        into[path] |= types


def shape_of_all(payloads: list[Any]) -> Shape:
    found: Shape = defaultdict(set)
    for payload in payloads:
        _merge(found, shape(payload))
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """`side` is `recorded` for a key only recordings have, `here` for one only the workspace has, or `type`."""

    kind: str
    side: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    kind: str
    compared: int
    same: int
    differences: tuple[Difference, ...]


def compare() -> list[Row]:
    produced, recorded = produce(), recordings()
    return [_row(kind, recorded[kind], produced[kind]) for kind in sorted(set(produced) & set(recorded))]


def _row(kind: str, recorded: list[Recording], produced: list[Json]) -> Row:
    theirs, ours = shape_of_all([one.payload for one in recorded]), shape_of_all(produced)
    if all(one.bare for one in recorded):
        theirs, ours = (
            {path: types for path, types in side.items() if path.startswith("event.")} for side in (theirs, ours)
        )
    both = set(theirs) & set(ours)
    found = [Difference(kind, "recorded", path) for path in _tops(set(theirs) - both)]
    found += [Difference(kind, "here", path) for path in _tops(set(ours) - both)]
    found += [
        Difference(kind, "type", path)
        for path in sorted(both)
        if theirs[path] and ours[path] and not theirs[path] & ours[path]
    ]
    return Row(kind, len(recorded), len(both), tuple(found))


def _tops(paths: set[str]) -> list[str]:
    """Leave out what lies below a key that is itself in the set."""
    return sorted(path for path in paths if not any(path.startswith(f"{other}.") for other in paths))


@dataclass(frozen=True, slots=True)
class Reason:
    number: str
    why: str
    side: str
    kinds: tuple[str, ...]
    paths: tuple[str, ...]

    def explains(self, difference: Difference) -> bool:
        return (
            difference.side == self.side
            and any(fnmatch.fnmatchcase(difference.kind, kind) for kind in self.kinds)
            and any(fnmatch.fnmatchcase(difference.path, path) for path in self.paths)
        )


def reasons() -> list[Reason]:
    given = yaml.safe_load((FIXTURES / "differences.yml").read_text(encoding="utf-8"))
    return [
        Reason(
            str(number),
            entry["why"].strip(),
            entry["side"],
            tuple(entry.get("kinds") or ["*"]),
            tuple(entry["paths"]),
        )
        for number, entry in enumerate(given, start=1)
    ]


def reason_for(difference: Difference, known: list[Reason]) -> Reason | None:
    return next((reason for reason in known if reason.explains(difference)), None)


def table(rows: list[Row]) -> str:
    """Return the part of the page between the markers."""
    known = reasons()
    compared, differences = sum(row.compared for row in rows), sum(len(row.differences) for row in rows)
    lines = [f"{compared} recordings of {len(rows)} kinds; {differences} differences, each with its reason.", ""]
    lines += ["| kind | recordings | keys in both | only recorded | only here |", "|---|---|---|---|---|"]
    for row in rows:
        cells = [_cell(row, side, known) for side in ("recorded", "here")]
        lines.append(f"| {row.kind} | {row.compared} | {row.same} | {cells[0]} | {cells[1]} |")
    lines += ["", "The reasons:", ""]
    lines += [f"{reason.number}. {' '.join(reason.why.split())}" for reason in known]
    return "\n".join(lines)


def _cell(row: Row, side: str, known: list[Reason]) -> str:
    """Return the keys of one side, those with the same reason together."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for difference in row.differences:
        if difference.side == side or (side == "here" and difference.side == "type"):
            reason = reason_for(difference, known)
            other = " of another type" if difference.side == "type" else ""
            grouped["?" if reason is None else reason.number].append(f"`{difference.path}`{other}")
    return "; ".join(f"{', '.join(paths)} ({number})" for number, paths in grouped.items()) or "–"


def with_table(page: str, rows: list[Row]) -> str:
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{table(rows)}\n\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), compare()), encoding="utf-8")
