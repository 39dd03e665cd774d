"""Whatever people type is shown, and shown harmlessly, within what Slack takes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from db.enums import (
    DataClass,
    Exclusion,
    LaneRule,
    LaneStatus,
    Membership,
    Processing,
    RequestStatus,
    StageStatus,
    Tier,
    UseCaseState,
    Verb,
)
from db.tables import UseCaseRevision
from handlers.approvals import views as approval_views
from handlers.home import views as home_views
from handlers.intake import views as intake_views
from handlers.standing import progress, refusal_text
from handlers.subjects import use_case_picture
from handlers.text import listed, shown
from sandbox.blockkit.validate import check_message, check_view
from tests.support.house import House, words
from workflows.approvals import LaneSnapshot, Refusal, RequestSnapshot, VoteSnapshot
from workflows.approvals.snapshots import SeatSnapshot, StageSnapshot
from workflows.home import HomeSnapshot, Item
from workflows.intake import Proposed, UseCaseSnapshot
from workflows.intake.rules import LONGEST
from workflows.people import Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time\}\|\d\d \w{3} \d{4}, \d\d:\d\d UTC>|<@U_[A-Z]+>|&(?:amp|lt|gt);"
)
OVERRIDES = re.compile("[\u202a-\u202e\u2066\u2067]")

nasty = st.sampled_from(
    ["<!channel>", "<@U1>", "&lt;", "<https://x|y>", "*", "_", "`", "~", "\n> ", "\u202e", "😀", "א", "|"]
)


def typed(most: int) -> st.SearchStrategy[str]:
    """Return texts as people could type them after intake has cleaned them, up to `most` characters."""
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=most)
    mixed = st.lists(st.one_of(nasty, anything), min_size=1, max_size=8).map("".join)
    full = st.sampled_from(["&", "<", "😀", "\u202eא", "x "]).map(lambda each: each * most)
    return st.one_of(mixed, full).map(lambda text: text[:most])


def line(most: int) -> st.SearchStrategy[str]:
    return typed(most).map(lambda text: " ".join(text.split()) or "x")


@st.composite
def stories(draw: st.DrawFn) -> tuple[UseCaseSnapshot, RequestSnapshot]:
    """Return a use case and its request, in any standing, with any words in it."""

    def person() -> Actor:
        return Actor(uuid4(), "U_X", draw(typed(200)), "UTC", Membership.MEMBER)

    proposer, owner = person(), person()
    use_case = UseCaseSnapshot(
        id=uuid4(),
        reference="UC-999999",
        state=UseCaseState.IN_REVIEW,
        revision=1,
        proposer=proposer,
        owner=owner,
        name=draw(line(LONGEST["name"])),
        problem=draw(typed(LONGEST["problem"])),
        team=draw(line(LONGEST["team"])),
        objective=draw(line(LONGEST["objective"])),
        kpi=draw(line(LONGEST["kpi"])),
        data_class=draw(st.sampled_from(DataClass)),
        processing=draw(st.sampled_from(Processing)),
        submitted_at=NOW,
    )
    voter, verb = person(), draw(st.sampled_from(Verb))
    vote = VoteSnapshot(verb, NOW, draw(st.none() | typed(2000)))
    waiting = tuple(
        SeatSnapshot(person(), NOW, remind_at=NOW, vote=None) for _ in range(draw(st.sampled_from([0, 1, 3])))
    )
    status = draw(st.sampled_from(RequestStatus))
    seats = (SeatSnapshot(voter, NOW, remind_at=None, vote=vote), *waiting)
    lane_status = draw(st.sampled_from([LaneStatus.OPEN, LaneStatus.APPROVED, LaneStatus.BLOCKED]))
    lanes = tuple(
        LaneSnapshot(uuid4(), draw(line(80)), LaneRule.ALL, lane_status, "d" * 64, seats)
        for _ in range(draw(st.sampled_from([1, 2, 14])))
    )
    stages = (
        StageSnapshot(draw(line(80)), StageStatus.OPEN, lanes),
        StageSnapshot(draw(line(80)), StageStatus.WAITING, ()),
    )
    request = RequestSnapshot(
        id=uuid4(),
        subject_kind="use_case",
        subject_id=use_case.id,
        reference=use_case.reference,
        revision=1,
        tier=draw(st.sampled_from(Tier)),
        status=status,
        requester=proposer,
        opened_at=NOW,
        settled_at=None,
        stages=stages,
        excluded={owner.id: Exclusion.OWNER},
    )
    return use_case, request


def viewers(request: RequestSnapshot) -> list[UUID]:
    seats = [seat.person.id for seat in request.stages[0].lanes[0].seats]
    return [request.requester.id, seats[0], seats[-1], uuid4()]


def messages_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[list[dict[str, Any]]]:
    subject = use_case_picture(use_case)
    yield approval_views.governance_card(request, subject)
    yield approval_views.reminder_blocks(request, subject, NOW)
    for viewer in viewers(request):
        yield approval_views.approver_card(request, subject, viewer)


def views_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[dict[str, Any]]:
    subject = use_case_picture(use_case)
    for viewer in viewers(request):
        yield approval_views.opened_modal(request, subject, viewer)
    items = (Item(use_case, request),) * 10
    yield home_views.home(HomeSnapshot(items, items), viewers(request)[2])
    yield approval_views.reject_modal(request, subject, "value")
    yield approval_views.voted_modal(request, subject, Verb.REJECT, viewers(request)[1])
    names = tuple(seat.person.name for seat in request.stages[0].lanes[0].seats) * 10
    yield intake_views.proposed_modal(Proposed(use_case.id, use_case.reference, names), use_case.name)
    yield intake_views.proposal_modal(uuid4())


def texts_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[str]:
    subject = use_case_picture(use_case)
    yield approval_views.settled_text(request, subject)
    yield approval_views.reminder_text(request, subject, NOW)
    yield approval_views.undeliverable_text(request.reference, "U_ANN", "user_disabled")
    for asked in (None, viewers(request)[1]):
        yield approval_views.card_text(request, subject, asked)
    for viewer in viewers(request):
        yield intake_views.standing_text(use_case, request, viewer)
        for why in Refusal:
            yield refusal_text(why, request, viewer)
    yield intake_views.overview_text(HomeSnapshot((Item(use_case, request),) * 15, (Item(use_case, request),) * 10))
    yield intake_views.unknown_word_text(use_case.problem)
    yield intake_views.unknown_reference_text(use_case.problem)


def text_objects(thing: Any) -> Iterator[dict[str, Any]]:
    if isinstance(thing, dict):
        if thing.get("type") in ("mrkdwn", "plain_text"):
            yield thing
        for each in thing.values():
            yield from text_objects(each)
    if isinstance(thing, list | tuple):
        for each in thing:
            yield from text_objects(each)


def is_harmless(mrkdwn: str) -> bool:
    """Say whether nothing in it but our own dates and mentions means anything to Slack."""
    return not re.search("[<>&]", OURS.sub("", mrkdwn))


ANY_STORY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@ANY_STORY
@given(stories())
def test_nothing_anybody_typed_means_anything_to_slack(story: tuple[UseCaseSnapshot, RequestSnapshot]) -> None:
    for text in texts_of(*story):
        assert is_harmless(text), text
    for shown_thing in [*messages_of(*story), *views_of(*story)]:
        for text in text_objects(shown_thing):
            assert text["type"] == "plain_text" or is_harmless(text["text"]), text


@ANY_STORY
@given(stories())
def test_slack_takes_every_card_window_and_home(story: tuple[UseCaseSnapshot, RequestSnapshot]) -> None:
    for blocks in messages_of(*story):
        assert check_message(blocks) == []
    for view in views_of(*story):
        assert check_view(view, allowed=("modal", "home")) == []
    for shown_thing in [*messages_of(*story), *views_of(*story)]:
        for text in text_objects(shown_thing):
            assert 0 < len(text["text"]) <= 3000
    for text in texts_of(*story):
        assert 0 < len(text) <= 40_000


@ANY_STORY
@given(stories())
def test_no_text_can_turn_the_direction_of_what_stands_around_it(
    story: tuple[UseCaseSnapshot, RequestSnapshot],
) -> None:
    everything = [*texts_of(*story), *map(words, messages_of(*story)), *map(words, views_of(*story))]

    for text in everything:
        assert not OVERRIDES.search(text)
        assert text.count("\u2068") == text.count("\u2069")


@ANY_STORY
@given(stories())
def test_what_people_typed_cannot_add_a_line_that_looks_like_ours(
    story: tuple[UseCaseSnapshot, RequestSnapshot],
) -> None:
    use_case, request = story
    blocks = approval_views.governance_card(request, use_case_picture(use_case))
    grey = [text["text"] for block in blocks if block["type"] == "context" for text in text_objects([block])]
    assert len("\n".join(grey).split("\n")) == 1 + len(progress(request))
    assert all(
        "\n" not in text["text"] for block in blocks if block["type"] != "context" for text in text_objects([block])
    )


@given(st.text(), st.integers(2, 100))
@example("אבג" * 50, 20)
@example("x" * 50, 50)
def test_a_shown_text_is_never_longer_than_its_place(text: str, limit: int) -> None:
    assert len(shown(text, limit=limit)) <= limit


def test_a_right_to_left_text_is_kept_apart_from_its_surroundings() -> None:
    assert shown("שלום") == "\u2068שלום\u2069"
    assert shown("\u202eevil\u202c") == "evil"
    assert shown("plain") == "plain"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ann"], "Ann"),
        (["Ann", "Ben"], "Ann or Ben"),
        (["Ann", "Ben", "Cleo"], "Ann, Ben or Cleo"),
        (list("ABCDEF"), "A, B, C, D, E or F"),
        (list("ABCDEFGH"), "A, B, C, D, E or 3 others"),
    ],
)
def test_names_are_listed_as_people_say_them(names: list[str], said: str) -> None:
    assert listed(names) == said


@pytest.mark.parametrize(
    ("typed_text", "kept"),
    [
        pytest.param("Ping <!channel> & <@U1>", "Ping <!channel> & <@U1>", id="what pages everybody elsewhere"),
        pytest.param("a" * 3000, "a" * 3000, id="three thousand characters"),
        pytest.param("a\x00b", "ab", id="a NUL"),
        pytest.param("a\ud800b", "ab", id="half an emoji"),
        pytest.param("🙂 👩‍👩‍👧 é", "🙂 👩‍👩‍👧 é", id="emoji and families"),
        pytest.param("שלום \u202etxet", "שלום \u202etxet", id="right to left, with an override"),
        pytest.param("two\nlines", "two\nlines", id="two lines"),
    ],
)
def test_a_problem_is_stored_as_typed_and_shown_harmlessly(house: House, typed_text: str, kept: str) -> None:
    house.propose(problem=typed_text)
    house.send()
    house.command("U_PRIYA", "UC-1")

    with house.database.reading() as session:
        assert session.exec(select(UseCaseRevision.problem)).one() == kept
    for post in house.world.posts:
        assert is_harmless(post.text)
        assert check_message(post.blocks) == []
        assert not OVERRIDES.search(post.text + words(post))
    assert shown(kept, limit=400)[:50] in words(house.posts_to("U_ANN")[0])


def test_a_name_with_a_direction_override_cannot_pose_as_another(house: House) -> None:
    house.world.people["U_PRIYA"]["profile"] = {"real_name": "nnA\u202e\nby <!here>", "display_name": ""}
    house.propose()
    house.send()

    for post in house.world.posts:
        assert is_harmless(post.text)
        assert not OVERRIDES.search(post.text + words(post))
