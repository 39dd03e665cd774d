"""`gatehouse register export`, `evidence export` and `evidence verify`: files, and a look at one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bot import verifier
from bot.cli.commands import RefusedError, clock, open_database
from bot.verifier import Row
from db.ids import new_id
from handlers.exports import files
from handlers.exports.files import Drawn
from workflows import exports, intake
from workflows.exports import Format, Made

_EVENTS = re.compile(r'<script type="application/json" id="events">(.*?)</script>', re.DOTALL)
_HEAD = re.compile(r'<code id="head">([0-9a-f]{64})</code>')


def register(file: str, *, shape: str) -> int:
    """Write the register, as CSV or XLSX by the file's name; on the record, without an actor."""
    kind = files.KINDS.get(Path(file).suffix.lower())
    if kind is None:
        raise RefusedError(f"{file}: the name has to end in .csv or .xlsx; that says which file it becomes.")
    wanted, now, database = files.WORDS[shape], clock().now(), open_database()
    with database.reading() as session:
        exports.hold_still(session)
        drawn = files.register_file(session, wanted, kind, now=now)
    _write(Path(file), drawn, files.made(new_id(), drawn, kind, shape=wanted))
    print(f"{drawn.rows} entries written to {file}. SHA-256 {drawn.digest}")
    print("Confidential use cases are in it, each marked as such.")
    return 0


def evidence(reference: str, file: str) -> int:
    """Write everything about a use case as one HTML page; on the record, without an actor."""
    number, now = intake.reference_number(reference), clock().now()
    if Path(file).suffix.lower() != ".html":
        raise RefusedError(f"{file}: the name has to end in .html.")
    with open_database().reading() as session:
        exports.hold_still(session)
        use_case = intake.find(session, number) if number is not None else None
        if use_case is None:
            raise RefusedError(f"There is no use case {reference}. References look like UC-1.")
        pack = exports.pack_of(session, use_case.id, now=now)
        if pack is None:
            raise RefusedError(f"There is no use case {reference}. References look like UC-1.")
        drawn = files.evidence_file(pack)
    _write(Path(file), drawn, files.made(new_id(), drawn, Format.HTML, about=use_case.id))
    print(f"{use_case.reference} written to {file}, with {drawn.rows} events. SHA-256 {drawn.digest}")
    return 0


def verify(file: str) -> int:
    """Check every event in an evidence pack; return 1 and name the first bad one when one is wrong."""
    text = Path(file).read_text(encoding="utf-8")
    found, head = _EVENTS.search(text), _HEAD.search(text)
    if found is None or head is None:
        raise RefusedError(f"{file}: this is no evidence pack.")
    report = verifier.verify(_rows(file, found[1]))
    print(report.sentence())
    if report.problem is None and report.head != head[1]:
        print("The head printed in the file is another one: events were added to it or taken out.")
        return 1
    return 0 if report.problem is None else 1


def _rows(file: str, text: str) -> Iterator[Row]:
    try:
        events = json.loads(text)
        yield from (Row(each["stream"], each["seq"], each["body"], each["prev_hash"], each["hash"]) for each in events)
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError(f"{file}: its events cannot be read.") from error


def _write(path: Path, drawn: Drawn, made: Made) -> None:
    """Write down that the file leaves, and then the file."""
    now = clock().now()
    with open_database().transaction() as session:
        exports.record(session, made, actor=None, now=now)
    path.write_bytes(drawn.content)
