"""Export the record and have it verified by code that shares nothing with the code that writes it."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot import verifier
from bot.cli.commands import RefusedError, open_database
from bot.verifier import Row
from workflows import ledger


def verify(export_file: str | None) -> int:
    """Check every hash; return 1 and name the first bad row when one is wrong."""
    if export_file:
        report = verifier.verify(_exported(Path(export_file)))
    else:
        with open_database().reading() as session:
            report = verifier.verify(Row(*row) for row in ledger.events(session))
    print(report.sentence())
    return 0 if report.problem is None else 1


def export(file: str) -> int:
    """Write every event as one JSON line: stream, seq, body as it was hashed, both hashes."""
    count = 0
    with open_database().reading() as session, Path(file).open("w", encoding="utf-8") as out:
        for stream, seq, body, prev_hash, link in ledger.events(session):
            line = {"stream": stream, "seq": seq, "body": body, "prev_hash": prev_hash, "hash": link}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} events written to {file}.")
    return 0


def _exported(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = _row_in(line)
            if row is None:
                raise RefusedError(f"{path}, line {number}: this is no exported event.")
            yield row


def _row_in(line: str) -> Row | None:
    try:
        row = json.loads(line)
        texts = [row[name] for name in ("stream", "body", "prev_hash", "hash")]
        seq = row["seq"]
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(seq, int) or not all(isinstance(each, str) for each in texts):
        return None
    return Row(row["stream"], seq, row["body"], row["prev_hash"], row["hash"])
