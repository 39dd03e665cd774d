"""Read a file of a usage source, whatever it is: lines are read as they come where the format allows it."""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, Final, TextIO

from db.enums import UsageSource
from workflows.adoption.adapters import ADAPTERS, Placed, looks_like
from workflows.adoption.csv_files import HEADERS, read_microsoft, read_own
from workflows.adoption.gathering import Gathering, UsageFile
from workflows.adoption.sources import NAMES
from workflows.people.rules import Unusable

_LONGEST_DOCUMENT: Final = 200_000_000
"""So many characters of one JSON document are held at once; reports that are larger come as a line for each entry."""


class _NoJsonError(Exception):
    """What was read is no JSON; the message says where."""


def read(stream: BinaryIO, source: UsageSource, *, latest: date) -> UsageFile | Unusable:
    """Return what a file tells, or everything that is wrong with it. `latest` is the last day that has begun anywhere.

    JSON is one document, or one on each line (NDJSON), which is held line by line.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    into = Gathering(latest)
    try:
        return _read(text, source, into)
    except UnicodeDecodeError as error:
        return Unusable((f"This is no text in UTF-8 ({error.reason}). Save it as “CSV UTF-8”, or as JSON.",))
    except _NoJsonError as error:
        return Unusable((*into.problems, str(error)))
    finally:
        text.detach()


def _read(text: TextIO, source: UsageSource, into: Gathering) -> UsageFile | Unusable:
    first = text.read(1)
    while first and first.isspace():
        first = text.read(1)
    text.seek(0)
    if not first:
        return Unusable((f"The file is empty. {HEADERS if source is UsageSource.CSV else _wanted(source)}",))
    is_json = first in "{["
    if source is UsageSource.CSV and not is_json:
        return read_own(text, into)
    if source is UsageSource.MICROSOFT_365_COPILOT and not is_json:
        return read_microsoft(text, into)
    placed = documents(text)
    begun = next(placed, None)
    if begun is None:
        return Unusable((f"The file is empty. {_wanted(source)}",))
    problem = _of_another(begun[1], source)
    return Unusable((problem,)) if problem else ADAPTERS[source](_again(begun, placed), into)


def documents(text: TextIO) -> Iterator[Placed]:
    """Yield every JSON document of a file with where it stands: those of its lines, else the one that it is."""
    number, line = 0, ""
    while not line.strip():
        number, line = number + 1, text.readline()
        if not line:
            return
    try:
        begun = _parsed(line)
    except ValueError:
        text.seek(0)
        yield "entry", _whole(text)
        return
    yield ("entry" if isinstance(begun, list) else f"line {number}"), begun
    for line in text:
        number += 1
        if line.strip():
            try:
                found = _parsed(line)
            except ValueError as error:
                raise _NoJsonError(f"line {number}: this is no JSON: {error}.") from error
            yield f"line {number}", found


def _whole(text: TextIO) -> object:
    content = text.read(_LONGEST_DOCUMENT + 1)
    if len(content) > _LONGEST_DOCUMENT:
        raise _NoJsonError("This document is larger than 200 million characters. Give it as one entry on each line.")
    try:
        return _parsed(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _NoJsonError(f"{where}: this is no JSON: {error.msg}. Is it the file as it was downloaded?") from error
    except ValueError as error:
        raise _NoJsonError(f"This is no JSON: {error}.") from error


def _parsed(text: str) -> object:
    """Return what JSON says. Raises ValueError for what is none."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no number")


def _of_another(document: object, source: UsageSource) -> str:
    """Return what to say of a file that is not of this source; nothing where it may be."""
    entry = document[0] if isinstance(document, list) and document else document
    found = looks_like(entry)
    if found is source:
        return ""
    if found is not None:
        return f"This looks like a report of {NAMES[found]}. Say so: --source {found}"
    is_page = isinstance(entry, dict) and entry.get("data") == []
    is_bare = document == []
    return "" if source is not UsageSource.CSV and (is_page or is_bare) else _wanted(source)


def _wanted(source: UsageSource) -> str:
    wanted = {
        UsageSource.CSV: f"This is no CSV. {HEADERS}",
        UsageSource.GITHUB_COPILOT: "GitHub's usage metrics are wanted: NDJSON by user, or a report with day_totals.",
        UsageSource.MICROSOFT_365_COPILOT: (
            "Microsoft's report getMicrosoft365CopilotUsageUserDetail is wanted, as JSON with value or as CSV."
        ),
        UsageSource.CLAUDE_CODE: "Pages of the Claude Code usage report are wanted: {data, has_more}.",
        UsageSource.OPENAI: "Pages of OpenAI's usage of completions are wanted: {data, has_more}, with buckets.",
    }
    return wanted[source]


def _again(begun: Placed, rest: Iterator[Placed]) -> Iterator[Placed]:
    yield begun
    yield from rest
