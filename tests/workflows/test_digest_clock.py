"""A digest is posted once a week in each channel, by the channel's own clock, whatever restarts and how many run."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from db.enums import OutboxKind
from db.session import Database
from db.tables import DigestRow, OutboxRow
from handlers import ticks
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import digests, settings
from workflows.digests import posting
from workflows.digests.turns import LATE, Schedule, Turn, turn_of
from workflows.settings import Digest

BERLIN, CHANNEL = "Europe/Berlin", "C_DIGEST"
NINE = 9 * 60
MONDAY = date(2026, 3, 2)


def utc(local: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def schedule(weekday: int = 1, minute: int = NINE, *, since: str = "", told: date | None = None) -> Schedule:
    return Schedule(CHANNEL, weekday, minute, BERLIN, utc(since) if since else None, told)


@pytest.mark.parametrize(
    ("when", "now", "week"),
    [
        pytest.param(schedule(), "2026-03-02T09:00", MONDAY, id="on the minute"),
        pytest.param(schedule(), "2026-03-02T08:59", date(2026, 2, 23), id="a minute before it is last week's"),
        pytest.param(schedule(told=MONDAY), "2026-03-04T12:00", None, id="told already"),
        pytest.param(schedule(7, 1439, told=date(2026, 2, 16)), "2026-03-02T01:00", date(2026, 2, 23), id="Sunday's"),
        pytest.param(schedule(since="2026-03-02T09:01"), "2026-03-02T10:00", None, id="set after its moment"),
        pytest.param(schedule(since="2026-03-02T09:01"), "2026-03-09T09:00", date(2026, 3, 9), id="and then next week"),
        pytest.param(schedule(4, told=MONDAY, since="2026-03-03T09:00"), "2026-03-05T09:00", None, id="moved later"),
        pytest.param(schedule(7, 150), "2026-03-29T03:30", date(2026, 3, 23), id="a time the clocks skip, after it"),
        pytest.param(schedule(7, 150), "2026-03-29T01:59", date(2026, 3, 16), id="a time the clocks skip, before it"),
        pytest.param(schedule(7, 150), "2026-10-25T02:30", date(2026, 10, 19), id="the first of two such times"),
    ],
)
def test_a_channels_moment_comes_once_a_week_on_its_own_clock(when: Schedule, now: str, week: date | None) -> None:
    found = turn_of(when, utc(now))

    assert (found and found.week) == week


def test_a_digest_is_about_the_seven_days_before_it_where_the_channel_is() -> None:
    turn = Turn(CHANNEL, MONDAY, utc("2026-03-02T00:30", "Asia/Tokyo"), "Asia/Tokyo")

    assert (turn.window.first, turn.window.last) == (date(2026, 2, 23), date(2026, 3, 1))


@pytest.fixture
def posted(house: House) -> House:
    """Return a house whose digest comes on Mondays at eleven in Berlin; it is ten there."""
    post_in(house, CHANNEL)
    return house


def post_in(house: House, channel: str, weekday: int = 1, minute: int = 11 * 60, zone: str = BERLIN) -> None:
    with house.database.transaction() as session:
        settings.set_digest(session, Digest(channel, weekday, minute, zone), actor=None, now=house.clock.now())


def kept(house: House) -> list[DigestRow]:
    with house.database.reading() as session:
        return list(session.exec(select(DigestRow).order_by(col(DigestRow.made_at), col(DigestRow.channel))))


def promised(house: House) -> list[tuple[str, OutboxKind]]:
    rows = house.outbox_rows()
    return [(row.conversation, row.kind) for row in rows if row.kind.value.startswith("digests.")]


def test_a_digest_is_posted_once_through_ticks_and_restarts(posted: House) -> None:
    posted.advance(minutes=59)
    assert kept(posted) == []
    for _ in range(3):
        posted.advance(minutes=1)
        ticks.tick(Database(posted.database.engine), posted.clock.now())  # another process, or the same one again

    [row] = kept(posted)
    assert (row.week, row.first_day, row.last_day) == (MONDAY, date(2026, 2, 23), date(2026, 3, 1))
    assert promised(posted) == [
        (CHANNEL, OutboxKind.DIGEST),
        *[(CHANNEL, OutboxKind.DIGEST_DETAILS)] * len(digests.DETAILS),
    ]
    assert posted.facts().count("digest.posted") == 1


def test_of_two_replicas_one_posts(posted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, engine = Meeting(), posted.database.engine
    meeting.after(monkeypatch, posting, "digest_of")
    posted.clock.advance(hours=1)
    moment = posted.clock.now()

    together(*(lambda: ticks.tick(Database(engine), moment) for _ in range(2)))

    assert meeting.both_came
    assert len(kept(posted)) == 1
    assert posted.facts().count("digest.posted") == 1


def test_two_channels_get_theirs_each_on_its_own_clock(posted: House) -> None:
    post_in(posted, "C_TOKYO", 1, 19 * 60 + 30, "Asia/Tokyo")  # half past eleven in Berlin
    posted.advance(hours=1)
    posted.advance(minutes=29)
    assert [row.channel for row in kept(posted)] == [CHANNEL]
    posted.advance(minutes=1)

    assert [row.channel for row in kept(posted)] == [CHANNEL, "C_TOKYO"]


@pytest.mark.parametrize(("hours", "comes"), [(12, True), (13, False)])
def test_after_twelve_hours_a_week_is_left_out_once_and_on_the_record(
    posted: House, hours: int, *, comes: bool
) -> None:
    assert timedelta(hours=12) == LATE
    posted.clock.advance(hours=1 + hours)
    for _ in range(2):
        posted.advance(seconds=0)

    [row] = kept(posted)
    assert (row.content is not None) == comes
    assert bool(promised(posted)) == comes
    assert posted.facts().count("digest.posted" if comes else "digest.skipped") == 1
    with posted.database.reading() as session:
        assert (digests.find(session, row.id) is not None) == comes


def test_a_channel_that_is_moved_gets_no_second_one_and_none_for_a_moment_before(posted: House) -> None:
    posted.advance(hours=2)
    post_in(posted, CHANNEL, weekday=3)
    posted.advance(days=3)
    assert len(kept(posted)) == 1
    post_in(posted, "C_NEW", weekday=1)  # on Thursday
    posted.advance(days=3)
    assert len(kept(posted)) == 1
    for _ in range(3):  # ten hours at a time, so that none comes too late
        posted.advance(hours=10)

    assert [(row.channel, row.week) for row in kept(posted)] == [(CHANNEL, MONDAY), ("C_NEW", date(2026, 3, 9))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the year is the same on both
def test_a_year_has_fifty_two_of_them_one_for_each_week(posted: House) -> None:
    posted.clock.advance(hours=1)
    for _ in range(52):
        ticks.tick(posted.database, posted.clock.now())
        posted.clock.advance(days=7)

    rows = kept(posted)
    assert [row.week for row in rows] == [MONDAY + timedelta(weeks=each) for each in range(52)]
    assert all(before.last_day < after.first_day for before, after in pairwise(rows))
    assert posted.facts().count("digest.posted") == 52


def test_what_was_only_asked_for_is_forgotten_after_thirty_days_and_what_was_posted_stays(posted: House) -> None:
    posted.advance(hours=1)
    with posted.database.transaction() as session:
        window = digests.last_complete_week(posted.clock.now(), BERLIN)
        digests.keep(session, digests.digest_of(session, window, now=posted.clock.now()), now=posted.clock.now())
    for days, left in ((30, 2), (1, 1)):
        posted.clock.advance(days=days)
        ticks.tidy(posted.database, posted.clock.now())
        assert len(kept(posted)) == left
    assert kept(posted)[0].channel == CHANNEL


def test_a_house_without_a_digest_channel_asks_one_question_and_promises_nothing(house: House) -> None:
    house.advance(days=30)

    with house.database.reading() as session:
        assert session.exec(select(OutboxRow.seq).where(OutboxRow.kind == OutboxKind.DIGEST)).all() == []
        assert not digests.anything_due(session, now=house.clock.now())
