"""What a channel reads of a week, what stands below it, and what people get of it as files."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from http.client import RemoteDisconnected
from uuid import UUID

import pytest

from db.enums import OutboxStatus
from handlers.digests import drawing
from handlers.digests.export import Format, content_of
from handlers.digests.tables import Row, rows
from handlers.ids import Action
from tests.handlers.test_settings import office, page
from tests.support.chains import hire
from tests.support.digesting import FILES, nothing, sample
from tests.support.fakes import Post, member
from tests.support.house import House, buttons, words
from tests.support.posted import CHANNEL, below, headline, posted
from workflows import digests
from workflows.digests import Digest, Win

__all__ = ["office"]

VALUES = ("9.5", "5.5", "2400")  # of single use cases: readings, and a value in money
SECONDS = [Action.DIGEST_FILE_CSV, Action.DIGEST_FILE_XLSX, Action.DIGEST_FILE_HTML]


def with_win(says: str) -> Digest:
    digest = sample()
    return replace(digest, numbers=replace(digest.numbers, wins=(Win(FILES, says),)))


def crowded() -> Digest:
    """Return a week of fifty teams with names as long and as awkward as they can be, and ten KPIs."""
    digest = sample()
    use, line = digest.adoption.teams[0], digest.numbers.kpis.worst[0]
    teams = tuple(replace(use, team=f"{number:02}" + "&" * 78) for number in range(50))
    kpis = tuple(
        replace(line, kpi_id=UUID(int=number), name="<" * 120, of=replace(line.of, name="W" * 150, team="&" * 80))
        for number in range(10)
    )
    missing = tuple(replace(digest.numbers.answers.missing[0], of=kpis[0].of) for _ in range(80))
    numbers = replace(
        digest.numbers,
        kpis=replace(digest.numbers.kpis, worst=kpis),
        answers=replace(digest.numbers.answers, missing=missing),
        wins=tuple(Win(kpis[0].of, "&" * 400) for _ in range(5)),
    )
    return replace(
        digest, adoption=replace(digest.adoption, teams=teams, movers=tuple(t.team for t in teams)), numbers=numbers
    )


def in_bounds(post: Post) -> bool:
    texts = [block["text"]["text"] for block in post.blocks if block["type"] == "section"]
    return len(post.blocks) <= 50 and all(0 < len(text) <= 3000 for text in texts) and len(post.text) < 40_000


def test_a_channel_reads_the_week_in_one_message_and_the_rest_below_it(house: House) -> None:
    posted(house, sample())

    first, rest = headline(house), below(house)
    assert first.text.startswith("AI programme, Mon 27 Jul to Sun 2 Aug 2026")
    assert "3 proposed (2 fewer), 2 approved (1 more)" in words(first)
    assert "median took 2.5 working days (3 the week before)" in words(first)
    assert "61 active of 112 eligible users (54 %), 2 more" in words(first)
    assert list(buttons(first)) == ["As CSV", "As XLSX", "As HTML"]
    assert [post.thread for post in rest] == [first.ts] * 3
    assert [words(post).partition("*")[2].partition("*")[0] for post in rest] == [
        "Use cases",
        "KPIs",
        "Due within two weeks, or late",
    ]
    images = [block for post in (first, *rest) for block in post.blocks if block["type"] == "image"]
    assert [each["block_id"] for each in images] == ["digest.funnel", "digest.adoption"]
    assert all(in_bounds(post) for post in (first, *rest))
    assert "30 proposed, 3 new" in first.text


def test_each_part_leads_to_what_is_behind_it_and_each_kpi_to_its_readings(house: House) -> None:
    digest_id = posted(house, sample())

    pressed = [block["accessory"] for post in below(house) for block in post.blocks if "accessory" in block]
    parts = [each["value"] for each in pressed if each["action_id"] == Action.DIGEST_BEHIND]
    assert parts == [
        f"{digest_id}.{part}"
        for part in ("funnel", "programme", "approvals", "adoption", "kpis", "corrections", "hours", "answers", "due")
    ]
    kpis = [each["value"] for each in pressed if each["action_id"] == Action.DIGEST_KPI]
    assert kpis == [f"{digest_id}.{UUID(int=number)}" for number in (11, 12)]


def test_a_channel_reads_no_value_of_a_single_use_case_and_no_number_of_few_people(house: House) -> None:
    posted(house, sample())

    told = "\n".join(words(post) + post.text for post in house.posts_to(CHANNEL))
    assert not any(re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", told) for value in VALUES)
    assert "Legal: active: hidden, eligible: 12; given access: no answer" in told
    assert "hidden of 60" in drawing.adoption_alt(sample())
    assert "None" not in told


def test_what_somebody_wrote_pings_nobody_and_passes_for_nothing_of_ours(house: House) -> None:
    posted(house, with_win("<!channel> *Approved* <https://evil.example|here> @here :tada:\nsecond line"))

    told = "\n".join(words(post) for post in below(house))
    assert "&lt;!channel&gt; ∗Approved∗ &lt;https://evil.example|here&gt;" in told
    assert "<!channel>" not in told
    assert "<https" not in told


def test_fifty_teams_with_long_names_stay_within_what_slack_takes(house: House) -> None:
    posted(house, crowded())

    assert len(below(house)) == 3
    assert all(in_bounds(post) for post in house.posts_to(CHANNEL))
    assert "there is more, which the files say" in words(below(house)[0])
    assert "38 smaller teams are not drawn" in drawing.adoption_alt(crowded())
    assert len(drawing.adoption_alt(crowded())) <= 2000
    assert drawing.adoption_svg(crowded()).startswith("<svg")


def test_an_empty_week_says_what_is_missing_and_what_would_change_it(house: House) -> None:
    posted(house, nothing())

    [only] = house.posts_to(CHANNEL)
    assert "No use case was proposed or decided on in these seven days" in only.text
    assert "/usecase new" in only.text
    assert not any(block["type"] == "image" for block in only.blocks)
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.DEAD) == []


# ------------------------------------------------------------------------------------------------------ files


def numbers_in(told: list[Row]) -> list[float]:
    return [float(each.value) for each in told if isinstance(each.value, int | float)]


def test_every_file_holds_the_numbers_that_were_told() -> None:
    digest = sample()
    told = list(rows(digest, with_values=True))
    in_all = round(sum(numbers_in(told)), 6)

    table = list(csv.DictReader(io.StringIO(content_of(digest, Format.CSV, with_values=True).decode("utf-8-sig"))))
    read = [each["value"] for each in table]
    assert round(sum(float(each) for each in read if re.fullmatch(r"-?\d+(\.\d+)?", each)), 6) == in_all
    assert {(each["first day"], each["last day"]) for each in table} == {("2026-07-27", "2026-08-02")}
    hidden = [each for each in table if each["team"] == "Legal" and each["measure"] == "active"]
    assert [(each["value"], each["telling"]) for each in hidden] == [("", "suppressed")]
    with zipfile.ZipFile(io.BytesIO(content_of(digest, Format.XLSX, with_values=True))) as book:
        sheets = [book.read(each).decode() for each in book.namelist() if each.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len({each.section for each in told})
    cells = [float(each) for sheet in sheets for each in re.findall(r'<c r="D\d+"><v>([^<]+)</v>', sheet)]
    assert round(sum(cells), 6) == in_all
    page = content_of(digest, Format.HTML, with_values=True).decode()
    assert page.count("<svg") == 2
    assert all(f">{each.says}" in page or each.says in page for each in told if isinstance(each.value, float))


def test_values_of_single_use_cases_stand_in_files_for_who_may_read_all_and_in_no_other() -> None:
    for with_values in (True, False):
        text = content_of(sample(), Format.CSV, with_values=with_values).decode("utf-8-sig")
        assert ("last reading" in text, "return on cost" in text) == (with_values, with_values)
        assert "Wrongly routed" in text
        assert "off track" in text


@pytest.mark.parametrize(("who", "reads_all"), [("U_LENA", True), ("U_PRIYA", False)])
def test_who_asks_gets_the_file_in_their_direct_messages_once(house: House, who: str, *, reads_all: bool) -> None:
    hire(house, "U_LENA", "lead")
    digest_id = posted(house, sample())

    for _ in range(2):
        house.press(who, Action.DIGEST_FILE_CSV, str(digest_id), where=CHANNEL, stamp="7.0")
    house.send()

    [file] = house.posts_to(who)
    text = house.world.files[file.blocks[0]["file_id"]].decode("utf-8-sig")
    assert ("last reading" in text) == reads_all
    assert ("for leads, auditors and admins" in file.text) != reads_all
    assert house.whispers_to(who) == ["📎 The digest of 2026-W31 comes as CSV in your direct messages with me."]


def test_a_guest_gets_no_file_and_a_forgotten_digest_says_so(house: House) -> None:
    house.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    digest_id = posted(house, sample())

    house.press("U_GUEST", Action.DIGEST_FILE_HTML, str(digest_id), where=CHANNEL)
    house.press("U_PRIYA", Action.DIGEST_FILE_XLSX, str(UUID(int=5)), where=CHANNEL)
    house.send()

    assert house.posts_to("U_GUEST") == house.posts_to("U_PRIYA") == []
    assert "Guests can read along" in house.whispers_to("U_GUEST")[0]
    assert "not kept any more" in house.whispers_to("U_PRIYA")[0]


# ---------------------------------------------------------------------------------------- previews, and trouble


def test_an_admin_sees_what_would_be_posted_before_it_is(office: House) -> None:
    view = page(office, "digest")
    admin = "U_BEN"

    shown = office.turn(admin, Action.PREVIEW_DIGEST, "digest", view=view)
    office.send()

    assert "A preview of Mon 23 Feb to Sun 1 Mar 2026 (Europe/Berlin) comes" in words(shown)
    [first] = [post for post in office.posts_to(admin) if "Preview" in post.text]
    assert "nothing was posted" in words(first)
    with office.database.reading() as session:
        assert digests.posted_of(session, CHANNEL) is None


def test_nobody_but_an_admin_gets_a_preview(office: House) -> None:
    view = page(office, "digest")

    told = office.turn("U_PRIYA", Action.PREVIEW_DIGEST, "digest", view=view)
    office.send()

    assert "Only admins change the settings" in words(told)
    assert not any("Preview" in post.text for post in office.posts_to("U_PRIYA"))


@pytest.mark.parametrize(
    ("error", "what"),
    [("is_archived", "unarchive it"), ("not_in_channel", "invite it there"), ("", "another organisation")],
)
def test_leads_hear_that_a_digest_could_not_be_posted_and_nothing_of_it_is(house: House, error: str, what: str) -> None:
    hire(house, "U_LENA", "lead")
    if error:
        house.slack.fail_next("chat.postMessage", error)
    else:  # shared after it was set
        house.world.channels[CHANNEL] = {"id": CHANNEL, "is_ext_shared": True}
    posted(house, sample())

    assert house.posts_to(CHANNEL) == []
    [told] = house.posts_to("U_LENA")
    assert f"could not be posted in <#{CHANNEL}>" in told.text
    assert what in told.text


def test_a_message_below_a_digest_whose_end_nobody_knows_is_found_there_and_not_posted_again(house: House) -> None:
    for _ in range(2):  # the digest's own, and then the first one below it
        house.slack.break_next("chat.postMessage", RemoteDisconnected("cut off"), after=True)
    posted(house, sample())
    for _ in range(2):
        house.clock.advance(seconds=31)
        house.send()

    assert [post.thread for post in house.posts_to(CHANNEL)] == [None, *[headline(house).ts] * 3]
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.SENDING, OutboxStatus.DEAD) == []


def test_of_a_week_long_past_it_is_said_that_what_waited_then_is_not_known_any_more(house: House) -> None:
    digest = sample()
    then = replace(digest.standing.approvals, waiting=4, past_due=2, blocked=None, places=None)
    digest = replace(digest, standing=replace(digest.standing, approvals=then))
    posted(house, digest)

    assert "4 undecided at the end of the week, 2 past due, where they waited is not known" in words(headline(house))
    assert "blocked" not in words(headline(house))
    told = words(below(house)[0])
    assert "At the end of Sun 2 Aug 2026: 4 undecided, 2 of them past due. Where they waited, and what was" in told
    assert "As this was made" not in told
    told_in_files = {each.measure: each.says for each in rows(digest, with_values=False) if each.item == "All requests"}
    assert told_in_files == {
        "waiting at the end of the window": "4",
        "past due at the end of the window": "2",
        "blocked at the end of the window": "not known any more",
        "waiting by role at the end of the window": "not known any more",
    }
