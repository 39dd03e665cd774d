"""Leads, admins and auditors get the register as a file, and whoever answers for a use case the evidence of it."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from db.enums import OutboxStatus
from db.tables import LedgerEvent
from handlers.exports.columns import COLUMNS
from handlers.exports.page import page
from handlers.ids import Action, Command
from tests.support.asking import Asking
from tests.support.chains import hire
from tests.support.exporting import (
    ANN,
    ANSWER,
    BEN,
    BENEFIT,
    INES,
    MAREK,
    METHOD,
    NASTY,
    PRIYA,
    QUESTION,
    WHY_AMENDED,
    Exporting,
    events_in,
    real_entry,
    verified,
)
from tests.support.house import House, words
from workflows import exports, people, reactions, recorded
from workflows.recorded import Said


def exported(house: House) -> list[dict[str, Any]]:
    """Return what is on the record of files that left."""
    with house.database.reading() as session:
        bodies = [json.loads(body) for body in session.exec(select(LedgerEvent.body))]
    return [body for body in bodies if body["kind"] == "export.made"]


def lines_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def record_one(house: House, name: str) -> None:
    """Let Ines record something that is in use already."""
    now = house.clock.now()
    house.act(INES, lambda session, ines: recorded.record(session, Said(name), actor=ines, now=now))


def opened(house: House, who: str) -> dict[str, Any]:
    house.press(who, Action.OPEN, str(house.request_id()))
    return house.world.opened[-1]


# ------------------------------------------------------------------------------------------- the register


def test_a_lead_gets_the_register_with_everything_an_auditor_asks_for_and_blanks_left_blank(house: House) -> None:
    exporting = Exporting(house, build="vendor")
    exporting.go_on()
    exporting.hide()
    record_one(house, "=1+1 Letter reader")

    assert "The register comes as a file" in exporting.order(INES, kind="csv")
    [content] = exporting.files()
    [line, waiting] = lines_of(content)

    assert list(line) == [each.heading for each in COLUMNS]
    assert (line["Reference"], line["Record"], line["Confidential"]) == ("UC-1", "Use case", "yes")
    assert line["Name"] == real_entry()["name"]
    assert line["State"] == "Suspended, was deployed"
    assert line["Vendor"] == "'" + NASTY  # a spreadsheet reads text
    assert line["Votes"].startswith("AI governance: Ann approved, 2026-03-03")
    assert line["Decision"] == "Approved"
    assert line["Conditions to meet"] == "1"
    assert "Log <every> answer: Marek by 2026-06-30" in line["Open conditions"]
    assert line["First deployed on"].startswith("2026-03-03")
    assert "locked baseline 6 hours; last 5.25 hours for 2026-03-03 (self-reported, not verified)" in line["KPIs"]
    assert len(line["Ledger head"]) == 64
    assert (waiting["Record"], waiting["Name"]) == ("Recorded, not proposed", "'=1+1 Letter reader")
    said = {"Reference", "Record", "Name", "Confidential", "Recorded on", "To be proposed by"}
    assert {key for key, value in waiting.items() if value} == said | {"Ledger stream", "Ledger events", "Ledger head"}


def test_what_is_sent_is_what_was_recorded_and_the_same_form_twice_sends_once(house: House) -> None:
    exporting = Exporting(house)

    told = [exporting.order(INES, view_id="V7") for _ in range(2)]
    [content] = exporting.files()

    assert told[0] == told[1]
    [fact] = exported(house)
    assert fact["data"]["file"] == hashlib.sha256(content).hexdigest()
    assert (fact["data"]["what"], fact["data"]["shape"], fact["data"]["rows"]) == ("register", "gatehouse", 1)
    assert fact["actor"] == str(house.act(INES, lambda _, actor: actor.id))
    assert "Confidential use cases are in it" in house.posts_to(INES)[-1].text
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert 'name="KPIs"' in book.read("xl/workbook.xml").decode()
        assert "Hours per file" in book.read("xl/worksheets/sheet2.xml").decode()


def test_only_who_may_read_every_use_case_gets_the_register_also_when_it_is_drawn(house: House) -> None:
    exporting = Exporting(house)
    house.grant("auditor", BEN)

    for who in (MAREK, PRIYA):
        house.command(who, "programme", command=Command.GATEHOUSE)
        assert "Export the register" not in words(house.world.opened[-1])
        house.press(who, Action.EXPORT_REGISTER, "window")
        house.send()
        assert "goes to programme leads, admins and auditors" in house.whispers_to(who)[-1]
    assert "comes as a file" in exporting.order(BEN)
    with house.database.transaction() as session:
        ben = people.find(session, BEN)
        assert ben is not None
        people.withdraw_role(session, "auditor", ben.id, actor=None, now=house.clock.now())

    assert exporting.files() == []  # he was an auditor when he asked, and is none when it is drawn
    assert exported(house) == []


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled"])
def test_where_slack_takes_no_file_who_asked_reads_the_command(house: House, error: str) -> None:
    exporting = Exporting(house)
    exporting.order(INES, "federal", "csv")
    house.slack.fail_next("files.getUploadURLExternal", error)
    house.send()

    command = "`gatehouse register export register-m-25-21-2026-03-02.csv --shape m-25-21`"
    assert command in house.posts_to(INES)[-1].text
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.DEAD) == []


def test_every_column_of_the_register_stands_in_its_documentation() -> None:
    told = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")

    assert [each.heading for each in COLUMNS if each.heading not in told] == []
    assert len({each.heading for each in COLUMNS}) == len(COLUMNS)


# -------------------------------------------------------------------------------------- the evidence pack


def test_the_pack_of_a_real_use_case_holds_everything_that_was_said_and_done_about_it(house: House) -> None:
    exporting = Exporting(house, build="vendor")
    exporting.go_on()

    answer = house.turn(MAREK, Action.EVIDENCE, str(exporting.use_case_id), view=opened(house, MAREK))
    assert "The evidence pack of *UC-1* comes as a file" in words(answer)
    assert "Back" in words(answer)
    [content] = exporting.files()
    told = content.decode()

    for said in (
        "AI Resume &amp; ATS App",
        "Speed and scale: During disasters",
        "=HYPERLINK(&#34;https://evil.example&#34;,&#34;read&#34;)",
        "Version 2, sent by Priya",
        BENEFIT.replace("<", "&lt;").replace(">", "&gt;"),
        QUESTION,
        ANSWER.replace("&", "&amp;"),
        "approved with conditions\n2026-03-02",
        "Sign the DPIA",
        "Signed on Monday.",
        "accepted by Ann",
        "Log &lt;every&gt; answer",
        "It reads &lt;b&gt;CVs&lt;/b&gt; twice.",
        "3 of 3 people trained",
        METHOD.replace("<", "&lt;").replace(">", "&gt;"),
        WHY_AMENDED,
        '<span class="struck">5.5 hours</span>',
        "Ben confirmed",
        "LES-1, published",
    ):
        assert said in told, said
    assert "<b>" not in told
    assert not [each for each in ("src=", "@import", "url(", "<link") if each in told]
    [fact] = exported(house)
    assert fact["data"]["file"] == hashlib.sha256(content).hexdigest()
    assert fact["data"]["use_case"] == str(exporting.use_case_id)


def test_the_events_in_a_pack_verify_and_one_that_was_altered_is_found(house: House) -> None:
    exporting = Exporting(house)
    pack = exporting.pack()
    house.press(MAREK, Action.EVIDENCE, str(exporting.use_case_id))
    [content] = exporting.files()
    events = events_in(content.decode())

    report = verified(events)
    assert (report.problem, report.events, report.head) == (None, len(events), pack.head)
    assert f'<code id="head">{pack.head}</code>' in content.decode()
    kinds = {each["stream"].partition(":")[0] for each in events}
    assert kinds == {"use_case", "request", "condition", "kpi", "check_ins"}
    for each in events:
        assert each["hash"] in content.decode()  # what is printed is what is embedded
    altered = [each | {"body": each["body"].replace("approve", "reject")} for each in events]
    assert "its content does not match its hash" in (verified(altered).problem or "")
    assert "is missing before it" in (verified([each for each in events if each["seq"] != 2]).problem or "")


def test_a_pack_is_for_who_answers_for_it_and_for_who_may_read_everything(house: House) -> None:
    exporting = Exporting(house)
    house.grant("auditor", BEN)

    may = {who: "Evidence pack" in words(opened(house, who)) for who in (MAREK, INES, BEN, ANN, PRIYA)}
    assert may == {MAREK: True, INES: True, BEN: True, ANN: False, PRIYA: False}
    house.press(ANN, Action.EVIDENCE, str(exporting.use_case_id))
    assert "also to its owner and its sponsor" in words(house.world.opened[-1])
    exporting.hide()
    hire(house, "U_EVE")
    house.press("U_EVE", Action.EVIDENCE, str(exporting.use_case_id))
    assert "There is no such use case" in words(house.world.opened[-1])
    assert exporting.files() == []


def test_the_same_press_twice_sends_one_pack_and_a_confidential_one_says_so(house: House) -> None:
    exporting = Exporting(house, confidential=["confidential"])

    for _ in range(2):
        house.press(INES, Action.EVIDENCE, str(exporting.use_case_id), stamp="7.0")
    [content] = exporting.files()

    assert "Confidential: only those involved may know of this use case" in content.decode()
    assert len(exported(house)) == 1


def test_a_use_case_nobody_did_anything_about_yet_says_so_part_by_part(house: House) -> None:
    house.propose()
    with house.database.reading() as session:
        [entry] = list(exports.entries(session))
        assert isinstance(entry, exports.CaseEntry)
        pack = exports.pack_of(session, entry.case.id, now=house.clock.now())
    assert pack is not None
    told = page(pack)

    assert "No condition was ever set." in told
    assert "It has no KPIs yet: they begin with its approval." in told
    assert "no vote" in told


def test_why_somebody_retired_a_use_case_by_hand_stands_in_its_pack(house: House) -> None:
    asking, now = Asking(house), house.clock.now()
    asking.house.act(
        MAREK,
        lambda session, marek: reactions.retire_by_hand(
            session, asking.use_case_id, "Nobody opened it <twice>.", actor=marek, now=now
        ),
    )

    with house.database.reading() as session:
        pack = exports.pack_of(session, asking.use_case_id, now=now)
    assert pack is not None
    assert [each.reason for each in pack.moves] == ["Nobody opened it <twice>."]
    assert "Nobody opened it &lt;twice&gt;." in page(pack)
