"""An organisation's own texts take the place of ours; one that cannot be used never costs anybody a digest."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from handlers import templating
from handlers.digests.checking import problems_in
from handlers.digests.texts import TEXTS, file_of, text_of
from tests.bot.test_command_line import desk
from tests.support.digesting import nothing, sample
from tests.support.house import House, words
from tests.support.posted import CHANNEL, headline, posted

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """Return a folder of texts that is in use."""
    folder = tmp_path / "texts"
    (folder / "digest").mkdir(parents=True)
    templating.use_own(str(folder))
    yield folder
    templating.use_own("")


def write(folder: Path, text: str, says: str) -> None:
    (folder / file_of(text)).write_text(says)


def test_a_text_of_their_own_is_posted_with_what_people_wrote_made_harmless(house: House, own: Path) -> None:
    write(
        own,
        "headline",
        "*Our week*: {{ funnel.reached[0].new }} new, {{ at_risk[0].of | case }}, {{ at_risk[0].of.name }}",
    )

    posted(house, sample())

    assert (
        "*Our week*: 3 new, UC-4 Triage &lt;urgent&gt; &amp; other mail (Service), Triage &lt;urgent&gt; &amp; other"
        in words(headline(house))
    )


BROKEN = [
    pytest.param("fine\n{{ nobody_gave_this }}", "line 2: 'nobody_gave_this' is undefined", id="an unknown name"),
    pytest.param("{{ funnel.reachd }}", "line 1: ", id="an unknown field"),
    pytest.param("fine\nfine\n{% for x in %}", "line 3: ", id="a mistake in the syntax"),
    pytest.param("{{ days | shouted }}", "line 1: No filter named 'shouted'", id="an unknown filter"),
    pytest.param("{{ funnel.__class__ }}", "line 1: ", id="what no text may ask"),
    pytest.param(
        "{{ approvals.median_days }} {{ digest.team }}", "there is no value here", id="a value that is missing"
    ),
    pytest.param("{% for x in range(2000) %}{{ days }}\n{% endfor %}", "characters long", id="too long"),
    pytest.param("  ", "it says nothing", id="nothing"),
]


@pytest.mark.parametrize(("says", "why"), BROKEN)
def test_a_text_that_cannot_be_used_is_said_in_our_words_and_logged_and_the_doctor_says_where(
    own: Path, caplog: pytest.LogCaptureFixture, says: str, why: str
) -> None:
    write(own, "headline", says)
    with caplog.at_level(logging.ERROR):
        told = text_of("headline", sample())

    assert told.startswith("*Use cases*: 3 proposed")
    assert why in str([record.__dict__["why"] for record in caplog.records])
    [problem] = problems_in(str(own))
    assert problem.startswith("digest/headline.mrkdwn.j2")
    assert why in problem


def test_every_text_of_ours_can_be_taken_as_ones_own_and_the_doctor_finds_nothing_wrong(own: Path) -> None:
    for text in TEXTS:
        write(own, text, (templating.FOLDER / file_of(text)).read_text())

    assert list(problems_in(str(own))) == []
    (own / "digest" / "headlines.mrkdwn.j2").write_text("x")
    assert [each.partition(":")[0] for each in problems_in(str(own))] == [
        "digest/headlines.mrkdwn.j2 takes the place of nothing"
    ]
    assert list(problems_in(str(own / "nowhere"))) == [f"GATEHOUSE_TEMPLATES is {own}/nowhere, which is no folder."]


def test_the_doctor_names_a_text_that_cannot_be_used(
    desk: House, own: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(own, "empty", "{{ oops }}")
    monkeypatch.setenv("GATEHOUSE_TEMPLATES", str(own))

    main(["doctor"])

    assert (
        "A text of yours cannot be used. digest/empty.mrkdwn.j2, line 1: 'oops' is undefined" in capsys.readouterr().out
    )
    assert desk


# ---------------------------------------------------------------------------------------------- the command line


def test_a_digest_is_printed_and_written_as_it_was_posted(desk: House, capsys: Said) -> None:
    posted(desk, sample())

    assert main(["digest", "preview", "--channel", CHANNEL]) == 0
    told = capsys.readouterr().out
    assert "UC-4 Triage <urgent> & other mail, Wrongly routed: off track" in told
    assert "9.5" not in told
    for ending in ("csv", "xlsx", "html"):
        assert main(["digest", "export", f"week.{ending}", "--channel", CHANNEL, "--week", "2026-W31"]) == 0
    assert main(["digest", "export", "few.csv", "--channel", CHANNEL, "--as-posted"]) == 0
    assert "last reading" in Path("week.csv").read_text()
    assert "last reading" not in Path("few.csv").read_text()
    assert "Mon 27 Jul 2026 to Sun 2 Aug 2026, Europe/Berlin) written to week.html." in capsys.readouterr().out


def test_without_a_channel_it_is_made_of_what_is_known_now(desk: House, capsys: Said) -> None:
    assert main(["digest", "preview", "--week", "2026-W09", "--team", "Complaints"]) == 0
    assert "AI in Complaints, Mon 23 Feb to Sun 1 Mar 2026" in capsys.readouterr().out
    assert desk


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["export", "week.pdf"], "must end in .csv, .xlsx or .html"),
        (["export", "week.csv", "--week", "2026-31"], "write an ISO week such as 2026-W31"),
        (["export", "week.csv", "--week", "2026-W54"], "write an ISO week such as 2026-W31"),
        (["preview", "--week", "2999-W01"], "2999-W01 has not begun in UTC"),
        (["preview", "--channel", "C_NONE"], "No digest was posted in C_NONE"),
        (["preview", "--channel", CHANNEL, "--team", "Legal"], "of all teams"),
    ],
)
def test_what_cannot_be_printed_or_written_is_refused_with_what_to_write(
    desk: House, capsys: Said, options: list[str], says: str
) -> None:
    posted(desk, nothing())

    assert main(["digest", *options]) == 1
    assert says in capsys.readouterr().err
    assert not list(Path().glob("week.*"))
