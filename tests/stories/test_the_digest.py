"""Four weeks of a small programme, each told once: in the channel, behind its numbers, as files, and to each person."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.stories.colleagues import Colleagues
from tests.stories.people import ANN, CLAIRE, GOVERNANCE, MAREK, MEDIUM, MIRA, PRIYA, TOMAS, YUKI, Company, Window, soon

pytestmark = [pytest.mark.story, pytest.mark.browser]

FILES, LETTERS = "Summarise complaint files", "Sort the letters of the ombudsman"
KPI, TEAM = "Hours per case file", "Complaints handling"
WIN = "A new colleague closed 14 files in her first week."
TITLE, WEEKS, WEDNESDAY = "AI programme, ", 4, 3


@pytest.fixture(scope="module")
def told(browser: Browser, company: Company) -> Sequence[str]:
    """Let four weeks be told, in each of which something else happens; return what the channel reads of each.

    On Wednesdays the digest of Monday and the question of Tuesday have come, whatever the hour and zone.
    """
    window, colleagues = Window(browser, company, Path("build/screenshots")), Colleagues(company)
    while not (digests(company) and company.now().isoweekday() == WEDNESDAY):
        company.pass_days(1)
    before = len(digests(company)) - 1
    reference = window.propose(PRIYA, MEDIUM)
    window.leave()
    window.propose(PRIYA, MEDIUM, name=LETTERS, problem="Nobody sees which letter is urgent.")
    window.leave()
    for who in (ANN, CLAIRE):
        colleagues.approve(who, reference)
    company.pass_days(7)
    answers(window, reference)
    company.pass_days(14)
    window.close()
    return soon(lambda: found if len(found := digests(company)[before:]) >= WEEKS else None)


def test_each_week_is_told_once_and_about_its_own_seven_days(window: Window, told: Sequence[str]) -> None:
    empty, proposed, answered, silent = told
    assert len(set(map(first_line, told))) == WEEKS
    days = [days_of(each) for each in told]
    assert all(last - first == timedelta(days=6) and first.isoweekday() == 1 for first, last in days)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(days))
    assert "No use case was proposed or decided on in these seven days" in empty
    assert "2 proposed (2 more), 1 approved (1 more)" in proposed
    assert "nobody was asked" in proposed
    assert "0 proposed (2 fewer), 0 approved (1 fewer)" in answered
    assert "1 of 1 asked" in answered
    assert "1 at risk" in answered
    assert re.search(r"0 of 1 asked, 1 (missing|away)", silent)  # of holidays is told as of leave

    window.be(MIRA, channel=GOVERNANCE)
    expect(digest(window).get_by_role("img", name="How far use cases came")).to_be_visible()
    window.picture("digest-channel")
    digest(window, first_line(empty)).scroll_into_view_if_needed()
    window.picture("digest-empty")


def test_mira_reads_below_it_what_a_number_is_counted_from_and_opens_the_request(
    window: Window, told: Sequence[str]
) -> None:
    window.be(MIRA, channel=GOVERNANCE)
    digest(window, first_line(told[2])).get_by_role("link", name="3 replies").click()
    thread = window.page.get_by_role("log", name="Thread")
    expect(thread).to_contain_text(WIN)
    window.picture("digest-thread")
    thread.get_by_role("button", name=f"Readings of {KPI}").click()
    dialog = window.dialog()
    expect(dialog).to_contain_text("5.5 hours")
    expect(dialog).to_contain_text("entered by Marek Nowak")
    expect(dialog).to_contain_text(re.compile("Approved as UC-1, .*, by .*Ann Lindqvist"))
    window.picture("digest-readings")
    window.press("Back to the digest")
    expect(dialog).to_contain_text("Everybody · week")
    window.press("Behind these numbers: corrections")
    expect(dialog).to_contain_text("UC-1")
    window.picture("digest-behind-corrections")
    window.press(f"Open UC-1, {FILES}")
    expect(dialog.last).to_contain_text("Ann Lindqvist")
    window.picture("digest-request")


@pytest.mark.usefixtures("told")
def test_yuki_asks_for_weeks_and_teams_and_is_told_why_what_is_not_hers_stays_shut(window: Window) -> None:
    dialog = window.dialog()
    asks(window, "/gatehouse digest")
    expect(dialog).to_contain_text("0 of 1 asked, 1 missing")
    window.picture("digest-asked")
    window.press(f"Readings of {KPI}")
    expect(dialog).to_contain_text("These readings are for the people involved")
    window.picture("digest-not-hers")
    window.press("Back to the digest")
    dialog.get_by_role("button", name="Show the week that begins on").first.click()
    expect(dialog).to_contain_text("1 of 1 asked")
    window.leave()
    day = (window.company.now() - timedelta(days=21)).date()
    asks(window, f"/gatehouse digest {TEAM.upper()} {day.isoformat()}")
    expect(dialog).to_contain_text(f"Team {TEAM} · week")
    expect(dialog).to_contain_text("2 proposed")
    window.picture("digest-team")
    window.leave()
    window.type("/gatehouse digest 2026-W99")
    expect(window.page.get_by_text("is no week I can read")).to_be_visible()
    window.type("/gatehouse digest Astronomy")
    expect(window.page.get_by_text("No use case is of a team “Astronomy”")).to_be_visible()
    window.picture("digest-nonsense")


def test_the_file_of_a_week_says_the_numbers_the_page_shows(window: Window, told: Sequence[str]) -> None:
    window.be(MIRA, channel=GOVERNANCE)
    for kind in ("CSV", "XLSX", "HTML"):
        digest(window, first_line(told[2])).get_by_role("button", name=f"Send me this digest as {kind}").click()
    found = soon(lambda: files if len(files := files_of(window.company, MIRA)) == 3 else None)
    window.read_dms(MIRA)
    window.picture("digest-files")
    with window.page.expect_download() as download:
        window.page.get_by_role("link", name="(CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))

    def value(item: str, measure: str, section: str = "") -> str:
        [row] = [
            each for each in rows if (each["item"], each["measure"]) == (item, measure) and section in each["section"]
        ]
        return row["value"]

    assert (value("Proposed", "in all"), value("Approved", "in all")) == ("2", "1")
    assert (value("All check-ins", "asked"), value("All check-ins", "answered")) == ("1", "1")
    assert value("Outputs looked at", "in the window") == "40"
    assert value(f"UC-1 {FILES}: {KPI}", "last reading") == "5.5"
    assert found


@pytest.mark.usefixtures("told")
def test_tomas_sees_a_digest_before_it_is_posted(window: Window) -> None:
    before = len(digests(window.company))
    window.open_home(TOMAS)
    window.button("Open Gatehouse settings").click()
    window.press("Add a digest channel")
    window.dialog().get_by_role("button", name="Send me what would be posted now").click()
    expect(window.dialog()).to_contain_text("comes in your direct messages with me.")
    window.picture("digest-preview-asked")
    window.leave()
    window.read_dms(TOMAS)
    expect(window.page.get_by_text("Only you see this.")).to_be_visible()
    window.picture("digest-preview")
    assert len(digests(window.company)) == before


@pytest.mark.usefixtures("told")
def test_marek_reads_his_things_of_the_week_and_wants_them_no_more(window: Window) -> None:
    window.read_dms(MAREK)
    week = window.page.get_by_role("article").filter(has_text=re.compile("for you this week|things this week")).last
    week.scroll_into_view_if_needed()
    expect(week).to_contain_text("UC-1")
    window.picture("digest-your-week")
    week.get_by_role("button", name="Do not tell me of my week every week").click()
    expect(window.page.get_by_text("You are not told of your week any more.")).to_be_visible()
    window.be(MAREK)
    window.type("/gatehouse week on")
    expect(window.page.get_by_text("You are told of your week again")).to_be_visible()


def answers(window: Window, reference: str) -> None:
    """Marek says what his use case does, and what went well."""
    window.read_dms(MAREK)
    window.page.get_by_role("button", name=f"Answer for {reference}").last.click()
    for label, said in (
        ("Hours per case file (hours)", "5.5"),
        ("How many people could use it", "20"),
        ("How many used it since last time", "12"),
        ("Hours saved since last time, from – to", "3 to 5"),
        ("How you know the hours", "Timed ten files with and without it."),
        ("How many outputs somebody looked at", "40"),
        ("Of these corrected: the prompt fell short", "0"),
        ("Of these corrected: the workflow did not fit", "0"),
        ("Of these corrected: context was missing", "4"),
        ("What went well", WIN),
    ):
        window.answer(label, said)
    window.dialog().get_by_role("radio", name="At risk").check()
    window.press("Send")
    expect(window.dialog()).to_contain_text("Thank you, that is stored.")
    window.leave()


def asks(window: Window, text: str) -> None:
    window.be(YUKI)
    window.type(text)
    expect(window.dialog()).to_be_visible()


def digest(window: Window, title: str = TITLE) -> Locator:
    """Return the newest digest of the channel with this title."""
    return window.page.get_by_role("article").filter(has_text=title).last


def digests(company: Company) -> list[str]:
    """Return what the channel was told of every week so far, the oldest first."""
    channels = company.state(MIRA)["channels"]
    [found] = [each for each in channels if each["id"] == GOVERNANCE]
    return [each["text"] for each in found["messages"] if each["text"].startswith(TITLE)]


def files_of(company: Company, who: str) -> list[Any]:
    return [file for each in company.state(who)["dms"] for message in each["messages"] for file in message["files"]]


def first_line(text: str) -> str:
    return text.splitlines()[0]


def days_of(text: str) -> tuple[date, date]:
    first, last = first_line(text).removeprefix(TITLE).split(" to ")
    until = read(last)
    return read(first if re.search(r"\d{4}$", first) else f"{first} {until.year}"), until


def read(day: str) -> date:
    return datetime.strptime(f"{day} +0000", "%a %d %b %Y %z").date()
