"""Whatever people type is shown, and shown harmlessly, within what Slack takes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from db.enums import (
    Affected,
    Area,
    Build,
    DataClass,
    Decision,
    Direction,
    Exclusion,
    LaneRule,
    LaneStatus,
    Membership,
    OutputUse,
    Practice,
    Processing,
    QuestionKind,
    RequestStatus,
    Section,
    StageStatus,
    Tier,
    UseCaseState,
    Verb,
)
from db.tables import UseCaseRevision
from handlers.approvals import cards, news, opened
from handlers.home import views as home_views
from handlers.intake import steps as intake_steps
from handlers.intake import views as intake_views
from handlers.refusals import refusal_text
from handlers.standing import progress
from handlers.subjects import use_case_picture
from handlers.text import listed, shown
from handlers.waits import where_text
from sandbox.blockkit.validate import check_message, check_view
from tests.support.house import House, words
from workflows.approvals import (
    LaneSnapshot,
    Outlook,
    Place,
    PlannedLane,
    PlannedStage,
    Refusal,
    RequestSnapshot,
    VoteSnapshot,
    WhereRequestsWait,
)
from workflows.approvals.snapshots import SeatSnapshot, StageSnapshot
from workflows.approvals.waiting import Hits, Places, Range
from workflows.home import HomeSnapshot, Item
from workflows.intake import (
    DraftSnapshot,
    Joined,
    Kpi,
    OwnAnswer,
    Page,
    Preview,
    Problem,
    Proposal,
    Proposed,
    SimilarCase,
    Step,
    UseCaseSnapshot,
)
from workflows.intake.answers import FIELDS
from workflows.intake.refilling import as_typed
from workflows.intake.rules import LONGEST
from workflows.people import Actor
from workflows.policy import Line, Matched, Pinned, Question, TierReason

LINES = frozenset({"name", "team", "objective", "vendor", "model"})
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEAT = SeatSnapshot(Actor(uuid4(), "U_X", "Ann", "UTC", Membership.MEMBER), NOW, remind_at=NOW, vote=None, due_at=NOW)
OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time\}\|\d\d \w{3} \d{4}, \d\d:\d\d UTC>"
    r"|<[@#][UC]_[A-Z]+>|&(?:amp|lt|gt);"
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
    says = draw(proposals())
    use_case = UseCaseSnapshot(
        id=uuid4(),
        reference="UC-999999",
        state=draw(st.sampled_from(UseCaseState)),
        revision=1,
        confidential=says.confidential,
        proposer=proposer,
        owner=owner,
        sponsor=person(),
        says=says,
        submitted_at=NOW,
        source_link=draw(st.none() | st.just("https://alder-bank.slack.com/archives/C1/p1000100")),
        copied_from=draw(st.none() | st.just("UC-3")),
        similar=("UC-7", "UC-8"),
    )
    voter, verb = person(), draw(st.sampled_from(Verb))
    voted_at = draw(st.sampled_from([NOW, NOW - timedelta(days=1)]))  # the earlier one in the round before
    vote = VoteSnapshot(verb, voted_at, draw(st.none() | typed(2000)))
    due = st.sampled_from([None, NOW])
    waiting = tuple(
        SeatSnapshot(person(), NOW, remind_at=NOW, vote=None, due_at=draw(due), is_overdue=draw(st.booleans()))
        for _ in range(draw(st.sampled_from([0, 1, 3])))
    )
    status = draw(st.sampled_from(RequestStatus))
    seats = (SeatSnapshot(voter, NOW, remind_at=None, vote=vote), *waiting)
    lane_status = draw(st.sampled_from([LaneStatus.OPEN, LaneStatus.APPROVED, LaneStatus.BLOCKED]))
    lanes = tuple(
        LaneSnapshot(
            id=uuid4(),
            name=draw(line(80)),
            role="governance",
            rule=LaneRule.ALL,
            amount=None,
            needed=len(seats),
            is_kept=draw(st.booleans()),
            is_escalated=draw(st.booleans()),
            expires_at=draw(due),
            status=lane_status,
            content_digest="d" * 64,
            seats=seats,
        )
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
        round=1,
        tier=draw(st.sampled_from(Tier)),
        pinned=Pinned(1, draw(reasons()), draw(st.none() | line(150)), "c" * 64),
        status=status,
        confidential=says.confidential,
        proposer=proposer,
        requester=draw(st.sampled_from([proposer, owner])),
        is_orphaned=draw(st.booleans()),
        opened_at=NOW,
        settled_at=None,
        stages=stages,
        excluded={owner.id: Exclusion.OWNER, proposer.id: Exclusion.PROPOSER},
    )
    return use_case, request


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    """Return a whole proposal with any words in it."""
    number = st.floats(-1e12, 1e12)
    kpi = st.builds(
        Kpi,
        name=st.just(draw(line(120))),
        unit=st.just(draw(line(40))),
        direction=st.sampled_from(Direction),
        baseline=st.none() | number,
        target=number,
        target_high=st.none() | number,
        due=st.dates(date(2026, 3, 2)),
    )
    long, short = draw(typed(3000)), draw(line(250))
    own = OwnAnswer("vendor_keeps", Section.MODEL, short, (long[:1000],), ())
    chosen = OwnAnswer("kept_for", Section.DATA, short, ("a", "b"), (short[:75], short[:75]))
    return Proposal(
        **{field: (short if field in LINES else long)[:most] for field, most in LONGEST.items()},
        owner_id=uuid4(),
        sponsor_id=uuid4(),
        output_use=draw(st.sampled_from(OutputUse)),
        data_class=draw(st.sampled_from(DataClass)),
        processing=draw(st.sampled_from(Processing)),
        build=draw(st.sampled_from(Build)),
        decision=draw(st.sampled_from(Decision)),
        affected=tuple(Affected),
        areas=tuple(draw(st.lists(st.sampled_from(Area), unique=True))),
        practices=tuple(draw(st.lists(st.sampled_from(Practice), unique=True))),
        kpis=tuple(draw(st.lists(kpi, min_size=1, max_size=3))),
        own=(own, chosen),
        confidential=draw(st.booleans()),
    )


def reasons() -> st.SearchStrategy[tuple[TierReason, ...]]:
    matched = (Matched("data_class", "personal"), Matched("vendor_keeps", "trains", "It trains & keeps <all>"))
    return st.lists(st.builds(TierReason, st.just("a_line"), line(150), st.just(matched)), max_size=6).map(tuple)


def pages_of(use_case: UseCaseSnapshot) -> Iterator[Page]:
    """Yield every step of a draft that says what this use case says, right and wrong."""
    lane_of_many = PlannedLane("Legal", LaneRule.AT_LEAST, 2, (use_case.owner,) * 9, "C_LEGAL")
    lane_of_none = PlannedLane(use_case.team, LaneRule.ANY, None, (), None)
    stages = (PlannedStage(use_case.team, (lane_of_many, lane_of_none)), PlannedStage("Council", (lane_of_many,)))
    reason = (TierReason("a_line", use_case.team, (Matched("areas", "unknown"),)),)
    refused = Line(line="a_line", reason="No & never <!here>.")
    similar = SimilarCase(
        use_case.id, "UC-7", use_case.name, use_case.team, use_case.state, use_case.owner, can_be_joined=True
    )
    previews = [
        Preview(use_case, Tier.HIGH, reason, stages, None),
        Preview(use_case, Tier.PROHIBITED, reason, (), refused),
        Preview(use_case, Tier.LOW, reason, (), refused),
    ]
    options = {f"v{number}": f"Option {number} & <co>" for number in range(150)}
    questions = (
        Question(
            key="kept_for", ask="How & why <now>?", kind=QuestionKind.CHOICES, options=options, section=Section.DATA
        ),
        Question(key="vendor_keeps", ask="What else?", kind=QuestionKind.TEXT, section=Section.MODEL),
        Question(key="few", ask="Few?", kind=QuestionKind.CHOICE, options={"a": "A", "b": "B"}, section=Section.MODEL),
    )
    answers = {**as_typed(use_case), "own.few": "b", "own.kept_for": ("v1", "v149"), "kpis": "3"}
    asked = ("vendor", "model", "oversight", "own.kept_for", "own.vendor_keeps", "own.few")
    for step, preview in [*((step, previews[0]) for step in Step), *((Step.PREVIEW, each) for each in previews)]:
        for wrong in (False, True):
            yield Page(
                draft_id=uuid4(),
                step=step,
                steps=tuple(Step),
                answers=answers if wrong else {},
                edits="UC-999999" if wrong else None,
                source_link=use_case.source_link,
                questions=questions,
                asked=asked,
                similar=(similar,) * 3,
                preview=preview,
                problems=tuple(Problem(field, "Wrong & <wrong>") for field in FIELDS[step]) if wrong else (),
                changed=wrong,
            )


def viewers(request: RequestSnapshot) -> list[UUID]:
    seats = [seat.person.id for seat in request.stages[0].lanes[0].seats]
    return [request.requester.id, seats[0], seats[-1], uuid4()]


def outlook_of(request: RequestSnapshot) -> Outlook:
    """Return the longest there can be."""
    return Outlook(request.tier, Range(1.5, 100), Hits(49, 50), request.stages[0].lanes[0].name, 1000)


def waits_of(request: RequestSnapshot) -> WhereRequestsWait:
    """Return more roles than are shown, each called what a lane can be."""
    names = {f"role_{number}": request.stages[0].lanes[0].name for number in range(30)}
    place = Place(1000, 100.5, 1000)
    return WhereRequestsWait(
        NOW, Places(dict.fromkeys(names, place), place, 1000), names, requests=1000, past_due=1000, blocked=1000
    )


def messages_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[list[dict[str, Any]]]:
    subject = use_case_picture(use_case)
    yield cards.channel_card(request, subject)
    yield news.reminder_blocks(request, subject, SEAT)
    yield news.settled_blocks(request, subject)
    yield news.changes_blocks(request, subject)
    yield news.handed_over_blocks(request, subject, request.proposer.name)
    yield news.news_blocks(news.orphaned_text(request, subject), request, subject)
    yield news.news_blocks(news.blocked_text(request, subject, request.stages[0].lanes[0]), request, subject)
    for viewer in viewers(request):
        yield cards.approver_card(request, subject, viewer)


def views_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[dict[str, Any]]:
    subject = use_case_picture(use_case)
    for viewer in viewers(request):
        for may_read in (False, True):
            yield opened.opened_modal(request, subject, opened.Onlooker(viewer, may_read), outlook=outlook_of(request))
        onlooker = opened.Onlooker(viewer, may_read=True)
        yield opened.opened_modal(request, subject, onlooker, changing=request.stages[0].lanes[-1].id)
    items = tuple(Item(replace(use_case, id=uuid4()), request) for _ in range(10))
    drafts = tuple(DraftSnapshot(uuid4(), use_case.name, Step.FACTS, edits, NOW) for edits in ("UC-9", None))
    outlooks = {request.id: outlook_of(request)}
    snapshot = HomeSnapshot(items, items, drafts=drafts)
    yield home_views.home(snapshot, viewers(request)[2], outlooks=outlooks, waits=waits_of(request))
    for verb in (Verb.REJECT, Verb.REQUEST_CHANGES):
        yield opened.reason_modal(request, subject, "value", verb)
    yield opened.voted_modal(request, subject, Verb.REJECT, viewers(request)[1])
    names = tuple(seat.person.name for seat in request.stages[0].lanes[0].seats) * 10
    for status in RequestStatus:
        for reason in (None, use_case.team):
            proposed = Proposed(use_case.id, use_case.reference, use_case.name, names, status, reason)
            yield intake_views.proposed_modal(proposed, outlook_of(request))
    for page in pages_of(use_case):
        yield intake_steps.step_modal(page)
        for case in page.similar[:1]:
            yield intake_views.joined_modal(Joined(case))


def texts_of(use_case: UseCaseSnapshot, request: RequestSnapshot) -> Iterator[str]:
    subject = use_case_picture(use_case)
    yield news.settled_text(request, subject)
    yield news.changes_text(request, subject)
    yield news.handed_over_text(request, subject, request.proposer.name)
    yield news.orphaned_text(request, subject)
    yield news.blocked_text(request, subject, request.stages[0].lanes[0])
    yield news.reminder_text(request, subject, SEAT)
    yield news.undeliverable_text(request.reference, "U_ANN", "user_disabled")
    for asked in (None, viewers(request)[1]):
        yield cards.card_text(request, subject, asked)
    for viewer in viewers(request):
        for may_read in (False, True):
            for approval in (None, request):
                yield intake_views.standing_text(
                    use_case, request, viewer, may_read=may_read, approval=approval, outlook=outlook_of(request)
                )
        for why in Refusal:
            yield refusal_text(why, request, viewer)
    yield where_text(waits_of(request))
    item, draft = Item(use_case, request), DraftSnapshot(uuid4(), use_case.name, Step.FACTS, "UC-9", NOW)
    yield intake_views.overview_text(HomeSnapshot((item,) * 15, (item,) * 10, drafts=(draft,)))
    yield intake_views.join_text(use_case.owner.name, use_case.name, use_case.says.problem, use_case)
    yield intake_views.unknown_word_text(use_case.says.problem)
    yield intake_views.unknown_reference_text(use_case.says.problem)


def text_objects(thing: Any) -> Iterator[dict[str, Any]]:
    if isinstance(thing, dict):
        if thing.get("type") in ("mrkdwn", "plain_text"):
            yield thing
        for each in thing.values():
            yield from text_objects(each)
    if isinstance(thing, list | tuple):
        for each in thing:
            yield from text_objects(each)


def without_inputs(view: dict[str, Any]) -> dict[str, Any]:
    """Return a window without what its author typed into it: there it stays as it is, and nobody else sees it."""
    return view | {"blocks": [block for block in view["blocks"] if block["type"] != "input"]}


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
    everything = [
        *texts_of(*story),
        *map(words, messages_of(*story)),
        *(words(without_inputs(view)) for view in views_of(*story)),
    ]

    for text in everything:
        assert not OVERRIDES.search(text)
        assert text.count("\u2068") == text.count("\u2069")


@ANY_STORY
@given(stories())
def test_what_people_typed_cannot_add_a_line_that_looks_like_ours(
    story: tuple[UseCaseSnapshot, RequestSnapshot],
) -> None:
    use_case, request = story
    blocks = cards.channel_card(request, use_case_picture(use_case))
    grey = [text["text"] for block in blocks if block["type"] == "context" for text in text_objects([block])]
    grey = [text for text in grey if text != cards.NO_VOTES]
    shown = 0 if request.confidential else 1 + len(progress(request))
    assert len("\n".join(grey).splitlines()) == shown
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
    house.propose_with(problem=typed_text)
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
