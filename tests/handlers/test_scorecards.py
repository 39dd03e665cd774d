"""Several people say how ready the organisation is: asked once, reminded once, and shown without who said what."""

import json
from datetime import date

import pytest
from sqlalchemy import insert

from db.enums import FoundationKind, OutboxKind, OutboxStatus, VersionStatus
from db.ids import new_id
from db.tables import FoundationPart, FoundationVersion
from handlers.ids import Action, Block, Command
from tests.support.chains import hire
from tests.support.fakes import member
from tests.support.house import House, buttons, errors_in, words
from tests.support.scoring import ANN, BEN, MAREK, OTTO, PRIYA, Scoring
from tests.support.shown import home_buttons
from workflows import people


@pytest.fixture
def scoring(house: House) -> Scoring:
    return Scoring(house)


def approve_part(
    house: House, kind: FoundationKind = FoundationKind.CONTEXT_PACK, review_on: date | None = None
) -> None:
    """Let a part of the foundation that Marek owns be approved and in force."""
    at = house.clock.now()
    owner_id = house.act(MAREK, lambda _, actor: actor.id)
    with house.database.transaction() as session:
        part = {"id": new_id(), "kind": kind, "owner_id": owner_id, "newest": 1, "reminders": 0, "version": 1}
        session.connection().execute(insert(FoundationPart), part)
        says = {"link": "https://example.org/pack", "summary": "How we write.", "salt": "s", "begun_by": owner_id}
        version = {"number": 1, "status": VersionStatus.APPROVED, "begun_at": at, "approved_at": at}
        values = {"part_id": part["id"], "review_on": review_on, **version, **says}
        session.connection().execute(insert(FoundationVersion), values)


# ------------------------------------------------------------------------------------------------ starting


def test_a_lead_starts_a_round_and_each_person_named_is_asked_once_in_their_hours(scoring: Scoring) -> None:
    hire(scoring.house, "U_NINA", tz="America/New_York")
    scoring.begun(ANN, MAREK, "U_NINA")

    [asked] = scoring.asked(ANN)
    assert "Ben asks how ready we are for AI: SC-1" in asked.text
    assert "answer by Fri 13 Mar 2026" in asked.text
    assert scoring.asked("U_NINA") == []  # it is four in the morning where she is
    scoring.go_to("2026-03-02T14:00")
    assert len(scoring.asked("U_NINA")) == 1
    scoring.go_to("2026-03-03T14:00")
    assert [len(scoring.asked(who)) for who in (ANN, MAREK, "U_NINA", OTTO)] == [1, 1, 1, 0]


def test_only_who_steers_starts_one_and_the_window_says_why_to_others(scoring: Scoring) -> None:
    shown = scoring.window(PRIYA)
    assert "Programme leads start one" in words(shown)
    assert "Start a scorecard" not in words(shown)

    refused = scoring.house.turn(PRIYA, Action.START_SCORECARD, "window", view=shown)

    assert "Only programme leads and admins" in words(refused)
    assert scoring.rounds() == []


@pytest.mark.parametrize(
    ("whom", "due", "field", "says"),
    [
        ((ANN,), "2026-03-13", Block.SCORECARD_PEOPLE, "at least 2 full members"),
        ((ANN, "U_GUEST"), "2026-03-13", Block.SCORECARD_PEOPLE, "Only full members"),
        ((ANN, MAREK), "2026-03-02", Block.SCORECARD_DUE, "until tomorrow at least"),
        ((ANN, MAREK), "2026-05-02", Block.SCORECARD_DUE, "more than 60 days ahead"),
    ],
)
def test_what_is_wrong_with_the_form_stands_at_its_field(
    scoring: Scoring, whom: tuple[str, ...], due: str, field: Block, says: str
) -> None:
    scoring.house.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)

    errors = errors_in(scoring.start(*whom, due=due))

    assert list(errors) == [field]
    assert says in errors[field]
    assert scoring.rounds() == []


def test_one_round_goes_on_at_a_time_and_who_comes_second_is_told_of_the_first(scoring: Scoring) -> None:
    scoring.house.grant("lead", PRIYA)
    form = scoring.start_form(PRIYA)
    scoring.begun()

    told = words(json.loads(scoring.send(form, BEN, OTTO, who=PRIYA).body or "{}"))

    assert "SC-1 goes on already: Ben started it, until Fri 13 Mar 2026" in told
    assert "SC-1 goes on already" in words(scoring.start_form(PRIYA))
    assert len(scoring.rounds()) == 1


def test_a_form_slack_sends_twice_starts_one_round(scoring: Scoring) -> None:
    form = scoring.start_form()

    first, again = [scoring.send(form, ANN, OTTO, view_id="V7").body for _ in range(2)]

    assert "SC-1: 2 people are asked" in words(json.loads(first or "{}"))
    assert first == again
    assert scoring.house.facts().count("scorecard.opened") == 1


# ----------------------------------------------------------------------------------------------- answering


def test_people_are_asked_what_is_not_proven_with_what_1_3_and_5_look_like(scoring: Scoring) -> None:
    scoring.begun()
    view = scoring.form(ANN)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]

    assert len(inputs) == 12
    assert "8 of 20 dimensions are shown by the record itself" in words(view)
    assert all("1: " in each["hint"]["text"] and "5: " in each["hint"]["text"] for each in inputs)
    assert [len(each["element"]["options"]) for each in inputs] == [6] * 12


def test_answers_are_kept_prefilled_and_changed_until_the_round_is_closed(scoring: Scoring) -> None:
    scoring.begun()
    assert "You can change it until the end of Fri 13 Mar 2026" in scoring.answer(ANN, 3, lessons=None)

    view = scoring.form(ANN)
    chosen = {
        block["block_id"]: block["element"]["initial_option"]["value"]
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert chosen[f"{Block.SCORE}.lessons"] == "none"
    assert chosen[f"{Block.SCORE}.rollouts"] == "3"

    scoring.answer(ANN, 4)
    assert {each.score for each in scoring.scores()} == {4}
    assert len(scoring.scores()) == 12
    scoring.close()
    scoring.house.press(ANN, Action.SCORE, str(scoring.rounds()[0].id), message=scoring.asked(ANN)[0].ts)
    scoring.house.send()
    assert scoring.asked(ANN) == []  # the message lost its button
    assert "SC-1 was closed by Ben" in scoring.house.posts_to(ANN)[0].text


def test_who_was_not_named_cannot_answer_and_a_score_beyond_five_is_no_payload_of_ours(scoring: Scoring) -> None:
    scoring.begun()
    scoring.house.press(PRIYA, Action.SCORE, str(scoring.rounds()[0].id))
    scoring.house.send()
    assert "not among the people" in scoring.house.whispers_to(PRIYA)[0]

    view = scoring.form(ANN)
    block = view["blocks"][3]["block_id"]
    wrong = {block: {"type": "static_select", "selected_option": {"value": "6"}}}
    assert scoring.house.submit(ANN, view, wrong).status == 400
    assert scoring.scores() == []


def test_one_reminder_comes_two_working_days_before_and_then_silence(scoring: Scoring) -> None:
    scoring.begun()
    scoring.answer(ANN)
    when = []
    for day in range(3, 14):
        before = len(scoring.asked(MAREK))
        scoring.go_to(f"2026-03-{day:02}T10:00")
        when += [day] * (len(scoring.asked(MAREK)) - before)

    assert when == [11]
    assert "only reminder" in scoring.asked(MAREK)[-1].text
    assert [len(scoring.asked(who)) for who in (ANN, MAREK, OTTO)] == [1, 2, 2]


def test_who_left_is_shown_as_not_asked_any_more_and_who_is_away_is_asked_when_back(scoring: Scoring) -> None:
    house = scoring.house
    otto = house.act(OTTO, lambda _, actor: actor)
    with house.database.transaction() as session:
        first, last = date(2026, 3, 2), date(2026, 3, 4)
        people.set_leave(session, otto, first, last, to=None, now=house.clock.now())
    scoring.begun()
    assert scoring.asked(OTTO) == []
    house.tell({"type": "user_change", "user": member(MAREK, deleted=True)})

    scoring.go_to("2026-03-05T09:00")
    shown = scoring.text()

    assert len(scoring.asked(OTTO)) == 1
    assert "Not asked any more, as they left: Marek" in shown
    assert "0 of 2 have answered" in shown
    assert "• Otto" in shown
    assert "• Otto" not in scoring.text(PRIYA)


# ------------------------------------------------------------------------------------------------- results


def test_what_people_think_stands_beside_the_gates_and_nobody_sees_who_said_what(scoring: Scoring) -> None:
    approve_part(scoring.house)
    scoring.begun()
    for who, score in ((ANN, 2), (MAREK, 4)):
        scoring.answer(who, score, first_value=None, rollouts=1 if who == ANN else 5, lessons=None if who == ANN else 5)
    assert "2.0" not in scoring.text()  # nothing of it is shown while it goes on

    shown = scoring.close()

    assert "People and gates agree: phase 1, Foundation and Readiness." in shown
    assert "2 of 3 people answered. A scorecard is an opinion: it opens no gate." in shown
    assert "*1 · Foundation and Readiness*: 1.5 of 5 (8 of 8 dimensions scored, 8 proven)" in shown
    assert "*2 · Focused Deployment*: 3.0 of 5 (3 of 4 dimensions scored, 0 proven)" in shown
    assert "• Context pack: 5.0 (proven by DLV-1 v1)" in shown
    assert "• Data readiness assessment: 1.0 (proven: not approved)" in shown
    assert "• First value: – (nobody could say (2 asked))" in shown
    assert "• Lessons: – (one answer only, so no score, 1 cannot say)" in shown
    differ = shown.index("Where people differ")
    assert shown.index("*Rollouts to more teams*: 1 to 5, 2 answers") > differ
    assert not {"Ann", "Marek"} & set(scoring.text(PRIYA).replace("*", " ").split())


def test_gaps_name_who_owns_them_with_a_way_there_and_leave_out_what_was_met_since(scoring: Scoring) -> None:
    scoring.begun()
    scoring.answer(ANN, 1)
    scoring.close()
    opens = [block for block in scoring.window()["blocks"] if block.get("accessory")]
    assert [block["accessory"]["value"] for block in opens] == [each.value for each in list(FoundationKind)[:5]]
    assert "programme leads: Ben" in words(opens[0])

    approve_part(scoring.house)

    opens = [block for block in scoring.window()["blocks"] if block.get("accessory")]
    assert opens[0]["accessory"]["value"] == FoundationKind.DATA_READINESS
    assert opens[0]["accessory"]["action_id"] == Action.OPEN_PART


def test_a_gap_no_part_of_the_foundation_closes_leads_to_the_programme(scoring: Scoring) -> None:
    for kind in FoundationKind:
        approve_part(scoring.house, kind)
    scoring.begun()
    for who in (ANN, MAREK):
        scoring.answer(who, 1)
    scoring.close()
    gap = next(each["accessory"] for each in scoring.window()["blocks"] if each.get("accessory"))

    page = scoring.house.turn(BEN, gap["action_id"], gap["value"], view=scoring.window())

    assert gap["text"]["text"] == "See the programme"
    assert "Phase 1 of 4: Foundation and Readiness" in words(page)


def test_where_people_see_further_than_the_gates_the_result_says_what_is_not_shown(scoring: Scoring) -> None:
    for kind in FoundationKind:
        approve_part(scoring.house, kind)
    scoring.begun()
    for who in (ANN, MAREK):
        scoring.answer(who, 4)

    shown = scoring.close()

    assert "People see phase 4, Scaling; the gates show phase 1, Foundation and Readiness:" in shown
    assert "nobody has opened the next gate." in shown


def test_a_round_is_compared_with_the_one_before(scoring: Scoring) -> None:
    for scores in ((2, 2), (3, 4)):
        scoring.begun()
        for who, score in zip((ANN, MAREK), scores, strict=True):
            scoring.answer(who, score)
        scoring.close()

    shown = scoring.text(PRIYA)

    assert "*4 · Scaling*: 3.5 of 5, ▲ 1.5 since SC-1" in shown
    assert "*1 · Foundation and Readiness*: 1.0 of 5, unchanged since SC-1" in shown
    assert "• Lessons: 3.5 (3 to 4, 2 answers, ▲ 1.5)" in shown


def test_when_its_last_day_is_over_a_round_closes_and_who_started_it_is_told_in_their_hours(scoring: Scoring) -> None:
    scoring.begun()
    scoring.answer(ANN)
    scoring.go_to("2026-03-13T22:30")
    assert scoring.rounds()[0].closed_at is None  # it is half past eleven in the evening where Ben is
    scoring.go_to("2026-03-13T23:30")
    assert scoring.rounds()[0].closed_at is not None
    assert scoring.rounds()[0].closed_by is None
    assert [post for post in scoring.house.posts_to(BEN) if "SC-1" in post.text] == []

    scoring.go_to("2026-03-16T08:00")

    [told] = [post for post in scoring.house.posts_to(BEN) if "🏁 SC-1" in post.text]
    assert "1 of 3 people answered" in told.text
    scoring.house.press(BEN, Action.SCORECARD, buttons(told)["See it"])
    assert "SC-1" in words(scoring.house.world.opened[-1])
    scoring.go_to("2026-03-17T08:00")
    assert len([post for post in scoring.house.posts_to(BEN) if "🏁 SC-1" in post.text]) == 1


def test_once_who_started_it_left_the_leads_are_told(scoring: Scoring) -> None:
    scoring.house.grant("lead", PRIYA)
    scoring.begun()
    scoring.house.tell({"type": "user_change", "user": member(BEN, deleted=True)})
    scoring.go_to("2026-03-15T08:00")
    scoring.go_to("2026-03-16T08:00")

    assert any("🏁 SC-1" in post.text for post in scoring.house.posts_to(PRIYA))


def test_closing_twice_closes_once_and_says_who_was_faster(scoring: Scoring) -> None:
    scoring.house.grant("lead", PRIYA)
    scoring.begun()
    scoring.close()

    told = scoring.close(PRIYA)

    assert "SC-1 was closed by Ben" in told
    assert scoring.house.facts().count("scorecard.closed") == 1


# ---------------------------------------------------------------------------------------------- Home, files


def test_home_shows_the_duty_to_who_is_asked_and_how_it_stands_to_leads(scoring: Scoring) -> None:
    house = scoring.house
    for who in (ANN, BEN):
        house.open_home(who)
    scoring.begun()
    assert "Your opinion" in words(house.world.homes[ANN])
    assert "SC-1 goes on. 0 of 3 have answered" in words(house.world.homes[BEN])

    house.press(ANN, Action.SCORE, home_buttons(house, ANN)["Answer"], where="home")
    scoring.answer(ANN)
    house.send()

    assert "Your opinion" not in words(house.world.homes[ANN])
    assert "SC-1 goes on. 1 of 3 have answered" in words(house.world.homes[BEN])


def test_a_lead_gets_the_result_as_one_file_that_needs_nothing_else(scoring: Scoring) -> None:
    house = scoring.house
    house.world.people[MAREK] = member(MAREK, real_name="<b>Marek</b>", profile={"display_name": "<b>Marek</b>"})
    approve_part(house, FoundationKind.DATA_READINESS, review_on=date(2026, 3, 5))
    scoring.begun()
    scoring.answer(ANN, 2)
    scoring.answer(OTTO, 4)
    scoring.go_to("2026-03-06T09:00")
    scoring.close()
    view = scoring.window()
    told = house.turn(BEN, Action.EXPORT_SCORECARD, str(scoring.rounds()[0].id), view=view)
    assert "SC-1 comes as a file" in words(told)
    house.send()

    [content] = house.world.files.values()
    page = content.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "proven: has lapsed" in page
    assert "&lt;b&gt;Marek&lt;/b&gt; owns it" in page
    assert not [each for each in ("http", "src=", "<script", "@import", "url(") if each in page]
    assert "SC-1 as a file" in house.posts_to(BEN)[-1].text


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled"])
def test_where_slack_takes_no_file_a_lead_reads_how_to_write_it(scoring: Scoring, error: str) -> None:
    house = scoring.house
    scoring.begun()
    scoring.close()
    house.slack.fail_next("files.getUploadURLExternal", error)
    house.turn(BEN, Action.EXPORT_SCORECARD, str(scoring.rounds()[0].id), view=scoring.window())
    house.send()

    assert "`gatehouse scorecard export 1 scorecard-1.html`" in house.posts_to(BEN)[-1].text
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.DEAD) == []
    assert not house.outbox.is_halted


def test_only_who_steers_gets_the_file(scoring: Scoring) -> None:
    scoring.begun()
    scoring.close()
    view = scoring.window(PRIYA)
    assert "Send as a file" not in words(view)

    told = scoring.house.turn(PRIYA, Action.EXPORT_SCORECARD, str(scoring.rounds()[0].id), view=view)

    assert "Only programme leads and admins" in words(told)
    assert OutboxKind.SCORECARD_FILE not in {row.kind for row in scoring.house.outbox_rows()}


def test_the_command_is_among_what_can_be_typed(scoring: Scoring) -> None:
    assert "/gatehouse scorecard" in scoring.house.command(PRIYA, "help", command=Command.GATEHOUSE)
