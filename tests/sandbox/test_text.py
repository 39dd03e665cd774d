"""What apps write, as people read it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.blockkit.dates import day_label, format_tokens
from sandbox.blockkit.reader import Choice, Reader
from sandbox.blockkit.text import mrkdwn, mrkdwn_inline, plain, text_object


class Names:
    def person(self, user_id: str) -> str | None:
        return {"U1": "Ann", "U2": "<b>Bad</b>"}.get(user_id)

    def channel(self, channel_id: str) -> str | None:
        return {"C1": "general"}.get(channel_id)

    def group(self, group_id: str) -> str | None:
        return {"S1": "leads"}.get(group_id)

    def people(self) -> Sequence[Choice]:
        return [Choice("U1", "Ann"), Choice("U2", "<b>Bad</b>")]

    def conversations(
        self,
        kinds: frozenset[str],
        *,
        with_apps: bool = True,  # noqa: ARG002 - nobody here is an app
        with_shared: bool = True,  # noqa: ARG002 - nothing here is shared
    ) -> Sequence[Choice]:
        known = [("public", "C1", "#general"), ("im", "D1", "Ann")]
        return [Choice(value, label) for kind, value, label in known if not kinds or kind in kinds]


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
READER = Reader(user_id="U1", zone=ZoneInfo("Europe/Berlin"), now=NOW, directory=Names())


def shown(text: str) -> str:
    return str(mrkdwn_inline(text, READER))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("*bold*", "<strong>bold</strong>", id="bold"),
        pytest.param("_slanted_", "<em>slanted</em>", id="italic"),
        pytest.param("~gone~", "<s>gone</s>", id="struck"),
        pytest.param("`a *b* c`", "<code>a *b* c</code>", id="code keeps its markers"),
        pytest.param("*_both_*", "<strong><em>both</em></strong>", id="nested"),
        pytest.param("2*3*4", "2*3*4", id="a product is not bold"),
        pytest.param("snake_case_name", "snake_case_name", id="a name is not italic"),
        pytest.param("* not bold *", "* not bold *", id="markers hug their text"),
        pytest.param("*bold\nnot*", "*bold<br>not*", id="no style across lines"),
        pytest.param("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c", id="Slack's three escapes"),
        pytest.param("&amp;lt;", "&amp;lt;", id="an escape is undone once"),
        pytest.param(":nonsense_code:", ":nonsense_code:", id="an unknown shortcode stays readable"),
        pytest.param("at 10:30:45", "at 10:30:45", id="a time is no emoji"),
    ],
)
def test_people_read_styles_the_way_slack_shows_them(written: str, read: str) -> None:
    assert shown(written) == read


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<javascript:alert(1)|click>",
        "<data:text/html,x|click>",
        "*<script>*",
        "```<script>```",
        "&lt;script&gt;",
        "> <script>",
    ],
)
def test_nobody_can_smuggle_markup_into_a_message(hostile: str) -> None:
    html = str(mrkdwn(hostile, READER))

    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_a_quote_in_an_address_cannot_end_its_attribute() -> None:
    html = shown("<https://example.com/'onmouseover='x|link>")

    assert "'onmouseover" not in html
    assert "&#39;onmouseover" in html


def test_an_unescaped_ping_is_shown_as_the_ping_it_would_be() -> None:
    assert "mention-broadcast" in shown("hello <!channel>")
    assert "@channel" in shown("hello <!channel>")


def test_plain_text_shows_a_ping_as_the_characters_it_is() -> None:
    assert str(plain("<!channel> & <b>")) == "&lt;!channel&gt; &amp; &lt;b&gt;"


def test_plain_text_shows_shortcodes_only_as_emoji_where_the_app_wants_it() -> None:
    assert "🎉" in text_object({"type": "plain_text", "text": ":tada:"}, READER)
    assert "🎉" not in text_object({"type": "plain_text", "text": ":tada:", "emoji": False}, READER)


def test_mentions_carry_names_and_the_readers_own_stands_out() -> None:
    assert "@Ann" in shown("<@U1>")
    assert "mention-me" in shown("<@U1>")
    assert "mention-me" not in shown("<@U2>")
    assert "&lt;b&gt;Bad&lt;/b&gt;" in shown("<@U2>")
    assert "#general" in shown("<#C1>")
    assert "@leads" in shown("<!subteam^S1>")


def test_a_channel_the_reader_may_not_see_keeps_its_name() -> None:
    assert "private channel" in shown("<#C9>")


def test_an_address_becomes_a_link_without_the_full_stop_after_it() -> None:
    html = shown("See https://example.com/a?b=1&amp;c=2.")

    assert "href='https://example.com/a?b=1&amp;c=2'" in html
    assert html.endswith("</a>.")


def test_verbatim_text_gets_no_links() -> None:
    assert "href" not in text_object({"type": "mrkdwn", "text": "https://example.com", "verbatim": True}, READER)


def test_quotes_lists_and_code_stand_on_their_own() -> None:
    html = str(mrkdwn("Intro\n&gt; said\n&gt; twice\n• one\n• two\n```x &lt; *y*\nz```\nEnd", READER))

    assert "<blockquote dir='auto'>said<br>twice</blockquote>" in html
    assert html.count("class='item'") == 2
    assert "<pre dir='auto'>x &lt; *y*\nz</pre>" in html
    assert html.endswith("<p dir='auto'>End</p>")


def test_a_triple_quote_runs_to_the_end() -> None:
    html = str(mrkdwn("before\n>>> one\ntwo", READER))

    assert "<blockquote dir='auto'>one<br>two</blockquote>" in html


def test_a_date_stands_in_the_readers_own_zone_and_words() -> None:
    epoch = int(datetime(2026, 11, 24, 23, 30, tzinfo=UTC).timestamp())

    assert format_tokens("{date_short_pretty} at {time}", epoch=epoch, zone=READER.zone, now=NOW) == (
        "Nov 25, 2026 at 00:30"
    )
    assert format_tokens("{date_pretty}", epoch=epoch, zone=ZoneInfo("UTC"), now=NOW) == "tomorrow"
    assert format_tokens("{date}", epoch=epoch, zone=READER.zone, now=NOW) == "November 25th, 2026"
    assert format_tokens("{ago}", epoch=epoch, zone=READER.zone, now=NOW) == "in 1 day"


def test_a_date_with_an_unknown_token_falls_back_to_its_words() -> None:
    assert "someday" in shown("<!date^1700000000^{nope}|someday>")


def test_a_divider_between_messages_names_the_day() -> None:
    assert day_label(NOW, NOW) == "Today"
    assert day_label(NOW.replace(day=20), NOW) == "Friday, 20 November"
    assert day_label(NOW.replace(year=2025), NOW) == "Sunday, 23 November 2025"


def test_long_hostile_runs_of_markers_are_read_in_good_time() -> None:
    for piece in ("*a", "_ ", "<", "`", "~a ", "*_", "a_"):
        assert mrkdwn(piece * 3000, READER)
