"""Everything about one use case as one HTML page: it needs nothing else, works without scripts, and prints on A4."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from handlers.exports import asked, followed, numbers
from handlers.exports.parts import Mark, Part, Section, Text, section, table
from handlers.exports.words import moment_text
from handlers.templating import filled
from workflows.exports import EventRow, Pack

TEMPLATE: Final = "evidence.html.j2"
VERIFIER: Final = """\
import hashlib, json, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
block = re.search(r'<script type="application/json" id="events">(.*?)</script>', page, re.S)[1]
last = {}
for e in json.loads(block):
    seq, previous = last.get(e["stream"], (0, "0" * 64))
    told = json.loads(e["body"])
    link = hashlib.sha256((e["prev_hash"] + "\\n" + e["body"]).encode()).hexdigest()
    assert (e["seq"], e["prev_hash"], e["hash"]) == (seq + 1, previous, link), e
    assert (told["stream"], told["seq"]) == (e["stream"], e["seq"]), e
    last[e["stream"]] = e["seq"], link
lines = "".join(f"{s} {n} {h}\\n" for s, (n, h) in sorted(last.items()))
print(hashlib.sha256(lines.encode()).hexdigest())"""


def page(pack: Pack) -> str:
    """Return the whole file. Moments in it are in UTC."""
    case = pack.use_case
    return filled(
        TEMPLATE,
        reference=case.reference,
        title=case.name,
        made=moment_text(pack.made_at),
        confidential=case.confidential,
        summary=asked.summary(pack),
        sections=list(_sections(pack)),
        events=_embedded(pack.events),
        head=pack.head,
    )


def _sections(pack: Pack) -> Iterator[Section]:
    yield asked.proposal(pack)
    yield asked.requests(pack)
    yield followed.conditions(pack)
    yield followed.oversight(pack)
    yield followed.life(pack)
    yield numbers.kpis(pack)
    yield numbers.check_ins(pack)
    yield followed.lessons(pack)
    yield section("record", "The record", _record(pack), empty="Nothing of it is on the record.")
    yield Section("verify", "How to verify this file", list(_how(pack)))


def _record(pack: Pack) -> Iterator[Part]:
    last = [list(some)[-1] for _, some in groupby(pack.events, attrgetter("stream"))]
    yield Text(
        "Every fact about this use case, as it was written in the transaction of the deed it tells. Each event's hash "
        "is over the one before it and its own content, so none can be changed, added or taken out unseen. Events hold "
        "ids, digests and numbers; what people wrote stands above."
    )
    yield table(
        "Streams, each a chain of its own, with the hash of its last event",
        ["Stream", "Events", "Last hash"],
        [[Mark(each.stream, "mono"), str(each.seq), Mark(each.hash, "mono")] for each in last],
        layout="wide",
    )
    for stream, events in groupby(pack.events, attrgetter("stream")):
        yield table(
            stream,
            ["No.", "What, when, by whom", "Content as hashed", "Hash, and the one before"],
            [
                [
                    str(each.seq),
                    f"{each.kind}\n{each.at[:19].replace('T', ' ')}\n{each.actor or 'by itself'}",
                    Mark(each.body, "mono"),
                    Mark(f"{each.hash}\n{each.prev_hash}", "mono"),
                ]
                for each in events
            ],
            layout="record",
        )


def _how(pack: Pack) -> Iterator[Part]:
    yield Text(
        "1. With Gatehouse: gatehouse evidence verify FILE.html. It reads the events embedded in this file, checks "
        "every hash with code that shares nothing with the code that wrote them, names the first bad one, and prints "
        "the head."
    )
    yield Text("2. Without it: any Python does. The head it prints has to be the one below.")
    yield Text(VERIFIER, "code")
    yield Text(
        "3. Against the record itself: gatehouse ledger verify checks all of it, and gatehouse ledger export writes it "
        "down; each stream in it begins with the events of this file. A chain shows every change of what it holds, but "
        "not that its end was cut off: compare the last hashes with the record, or with a head noted elsewhere."
    )
    yield Text(
        f"That this file left, for whom and with which SHA-256 of its bytes, is on the record itself, as an event "
        f"“export.made”. It was made {moment_text(pack.made_at)}."
    )


def _embedded(events: Sequence[EventRow]) -> str:
    """Return the events as JSON, one a line, in which nothing can end the element it stands in."""
    lines = ",\n".join(json.dumps(_plain(each)) for each in events)
    return f"[\n{lines}\n]".replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain(each: EventRow) -> dict[str, str | int]:
    return {
        "stream": each.stream,
        "seq": each.seq,
        "body": each.body,
        "prev_hash": each.prev_hash,
        "hash": each.hash,
    }
