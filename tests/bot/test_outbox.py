"""Promised messages meet a Slack that is slow, strict, silent or gone."""

import json
from datetime import timedelta
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest

from bot.outbox import OutboxWorker
from bot.sender import MOST_ATTEMPTS
from db.enums import OutboxKind, OutboxStatus
from db.tables import OutboxRow
from handlers import notices
from handlers.ids import Action
from tests.support.chains import hire
from tests.support.house import GOVERNANCE, House, buttons, words
from workflows import outbox
from workflows.outbox import Promise


def promise(house: House, *texts: str, to: str = "U_PRIYA") -> None:
    """Promise private answers, the plainest messages there are, in a person's direct messages."""
    with house.database.transaction() as session:
        payloads = [{"user": to, "channel": None, "text": text} for text in texts]
        promises = [Promise(OutboxKind.WHISPER, f"whisper:{to}", payload=payload) for payload in payloads]
        outbox.promise(session, promises, now=house.clock.now())


def promise_bulk(house: House, *people: str) -> None:
    """Promise each of them one of the many messages the clock sends at once."""
    with house.database.transaction() as session:
        said = {to: {"user": to, "channel": None, "text": f"bulk for {to}"} for to in people}
        promises = [Promise(OutboxKind.WHISPER, to, payload=payload, is_bulk=True) for to, payload in said.items()]
        outbox.promise(session, promises, now=house.clock.now())


def second_worker(house: House) -> OutboxWorker:
    return OutboxWorker(house.database, house.slack, house.clock, lease=timedelta(seconds=60), senders=0)


def settle(house: House) -> None:
    """Send, and go on sending as time passes, until nothing is left open."""
    for _ in range(60):
        house.send()
        if not house.outbox_rows(OutboxStatus.READY, OutboxStatus.SENDING):
            return
        house.clock.advance(minutes=16)


def test_messages_of_one_conversation_arrive_in_the_order_they_were_promised(house: House) -> None:
    promise(house, "first", "second", "third")

    house.send()

    assert [post.text for post in house.posts_to("U_PRIYA")] == ["first", "second", "third"]


def test_a_message_that_waits_holds_back_its_own_conversation_and_no_other(house: House) -> None:
    promise(house, "first", "second")
    promise(house, "elsewhere", to="U_MAREK")
    house.slack.fail_next("chat.postMessage", "ratelimited", status=429, Retry_After="30")

    house.send()

    assert house.posts_to("U_PRIYA") == []
    assert [post.text for post in house.posts_to("U_MAREK")] == ["elsewhere"]
    house.clock.advance(seconds=31)
    house.send()
    assert [post.text for post in house.posts_to("U_PRIYA")] == ["first", "second"]


def test_what_somebody_waits_for_goes_before_what_the_clock_sends_to_many(house: House) -> None:
    promise_bulk(house, "U_ANN", "U_BEN", "U_PRIYA")
    promise(house, "first", "second")

    house.send()

    told = [post.text for post in house.world.posts]
    assert told == ["first", "second", "bulk for U_ANN", "bulk for U_BEN", "bulk for U_PRIYA"]


def test_when_slack_asks_to_wait_the_rest_of_many_waits_as_well_and_nothing_else(house: House) -> None:
    promise_bulk(house, "U_ANN", "U_BEN", "U_PRIYA")
    house.slack.fail_next("chat.postMessage", "ratelimited", status=429, Retry_After="30")
    house.send()
    calls = len(house.world.calls)
    house.clock.advance(seconds=29)

    promise(house, "at once")
    house.send()

    assert [post.text for post in house.world.posts] == ["at once"]
    assert len(house.world.calls) == calls + 1
    house.clock.advance(seconds=2)
    house.send()
    assert len(house.world.posts) == 4


def test_slack_is_left_alone_as_long_as_it_asks(house: House) -> None:
    house.propose()
    house.slack.fail_next("chat.postMessage", "ratelimited", status=429, Retry_After="30")
    house.send()
    calls = len(house.world.calls)

    house.clock.advance(seconds=29)
    house.send()

    assert len(house.world.calls) == calls
    house.clock.advance(seconds=2)
    house.send()
    assert len(house.posts_to(GOVERNANCE)) == 1
    assert house.outbox_rows(OutboxStatus.DEAD) == []


def test_being_asked_to_wait_is_not_a_failure_however_often(house: House) -> None:
    house.propose()
    for _ in range(2 * MOST_ATTEMPTS):
        house.slack.fail_next("chat.postMessage", "ratelimited", status=429, Retry_After="5")
    for _ in range(2 * MOST_ATTEMPTS):
        house.send()
        house.clock.advance(seconds=6)
    house.slack.fail_next("chat.postMessage", "internal_error")

    settle(house)

    assert house.outbox_rows(OutboxStatus.DEAD) == []
    assert len(house.posts_to("U_ANN")) == 1


def test_a_worker_that_died_is_replaced_when_its_lease_ends(house: House) -> None:
    house.propose()
    with house.database.transaction() as session:
        lease = timedelta(seconds=60)
        dead = outbox.claim(session, owner="dead", real_now=house.clock.real(), lease=lease)
    assert dead is not None

    house.send()
    held = [post for post in house.world.posts if post.channel == GOVERNANCE]
    assert held == []
    house.clock.advance(seconds=61)
    second_worker(house).drain()

    assert len(house.posts_to(GOVERNANCE)) == 1


def test_what_the_worker_before_us_sent_is_found_and_not_sent_again(house: House) -> None:
    house.propose()
    house.slack.break_next("chat.postMessage", RemoteDisconnected("cut off"), after=True)
    house.send()
    house.clock.advance(seconds=31)

    house.send()

    assert len(house.posts_to(GOVERNANCE)) == 1
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.SENDING, OutboxStatus.DEAD) == []


def test_a_card_found_after_a_broken_connection_shows_what_happened_since(house: House) -> None:
    house.propose()
    house.slack.fail_next("chat.postMessage", "internal_error", after=True)
    house.slack.fail_next("chat.postMessage", "internal_error", after=True)
    house.send()
    house.approve("U_ANN")
    house.clock.advance(seconds=31)

    house.send()

    for place in (GOVERNANCE, "U_ANN"):
        [card] = house.posts_to(place)
        assert "Approved" in words(card)
        assert buttons(card) == {}


def test_without_the_history_scope_a_card_is_sent_again_rather_than_lost(house: House) -> None:
    house.world.history_is_readable = False
    house.propose()
    house.slack.break_next("chat.postMessage", TimeoutError("timed out"), after=True)
    house.send()
    house.clock.advance(seconds=31)

    house.send()

    assert len(house.posts_to(GOVERNANCE)) == 2
    house.approve("U_ANN")
    house.send()
    assert "Approved" in words(house.posts_to(GOVERNANCE)[1])


def test_a_private_answer_is_never_said_twice(house: House) -> None:
    house.propose()
    house.press("U_OTTO", Action.APPROVE, house.ballot(), where=GOVERNANCE)
    house.slack.break_next("chat.postEphemeral", TimeoutError("timed out"), after=True)

    settle(house)

    assert len(house.whispers_to("U_OTTO")) == 1


def test_a_message_is_sent_again_when_slack_refused_the_connection(house: House) -> None:
    house.propose()
    house.slack.break_next("chat.postMessage", URLError(ConnectionRefusedError("refused")))
    house.send()
    assert house.posts_to(GOVERNANCE) == []
    house.clock.advance(seconds=5)

    house.send()

    assert len(house.posts_to(GOVERNANCE)) == 1
    assert "conversations.history" not in house.world.calls  # nothing can be there, so nothing is looked for


def test_a_card_somebody_deleted_is_posted_anew(house: House) -> None:
    house.propose()
    house.send()
    house.world.posts.clear()
    house.approve("U_ANN")

    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert "Approved" in words(card)


def test_a_revoked_token_stops_everything_and_nothing_is_lost_when_it_works_again(house: House) -> None:
    house.propose()
    for _ in range(2 * MOST_ATTEMPTS):
        house.slack.fail_next("chat.postMessage", "token_revoked")

    for _ in range(2 * MOST_ATTEMPTS):
        house.send()
        assert house.outbox.is_halted
        house.clock.advance(seconds=31)
    house.slack.fail_next("chat.postMessage", "internal_error")
    settle(house)

    assert not house.outbox.is_halted
    assert len(house.posts_to("U_ANN")) == 1
    assert len(house.posts_to(GOVERNANCE)) == 1


def test_while_the_token_is_refused_slack_is_asked_once_in_half_a_minute(house: House) -> None:
    house.propose()
    house.slack.fail_next("chat.postMessage", "token_revoked")

    house.send()
    house.clock.advance(seconds=20)
    house.send()

    assert house.world.calls.count("chat.postMessage") == 1


def test_blocks_that_slack_refuses_leave_the_words(house: House) -> None:
    house.propose()
    house.slack.fail_next("chat.postMessage", "invalid_blocks")

    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert card.blocks == []
    assert "UC-1" in card.text
    house.approve("U_ANN")
    house.send()
    assert "Approved" in words(card)


def test_an_update_that_slack_refuses_still_takes_the_buttons_away(house: House) -> None:
    house.propose()
    house.send()
    [card] = house.posts_to("U_ANN")
    house.slack.fail_next("chat.update", "invalid_blocks")
    house.slack.fail_next("chat.update", "invalid_blocks")
    house.approve("U_ANN")

    house.send()

    assert buttons(card) == {}
    assert "Approved" in card.text


def test_plain_words_that_slack_has_no_time_for_are_sent_later(house: House) -> None:
    house.propose()
    house.slack.fail_next("chat.postMessage", "invalid_blocks")
    house.slack.fail_next("chat.postMessage", "ratelimited", status=429, Retry_After="3")

    settle(house)

    assert len(house.posts_to(GOVERNANCE)) == 1
    assert house.outbox_rows(OutboxStatus.DEAD) == []


def test_an_approver_slack_cannot_reach_is_reported_in_the_governance_channel(house: House) -> None:
    house.propose()
    house.outbox.send_next()  # the channel's copy
    house.slack.fail_next("chat.postMessage", "user_disabled")

    house.send()

    assert house.posts_to("U_ANN") == []
    notice = house.posts_to(GOVERNANCE)[-1].text
    assert "UC-1" in notice
    assert "<@U_ANN>" in notice
    assert "user_disabled" in notice


@pytest.mark.parametrize("roles", [{"lead": "U_OTTO", "admin": "U_BEN"}, {"admin": "U_OTTO"}])
def test_an_approver_of_a_confidential_request_slack_cannot_reach_is_reported_to_leads_alone(
    house: House, roles: dict[str, str]
) -> None:
    for role, who in roles.items():
        house.grant(role, who)
    house.propose(confidential=["confidential"])
    house.slack.fail_next("chat.postMessage", "user_disabled")

    house.send()

    assert house.posts_to("U_ANN") == house.posts_to(GOVERNANCE) == house.posts_to("U_BEN") == []
    notice = house.posts_to("U_OTTO")[-1].text
    assert "UC-1" in notice
    assert "<@U_ANN>" in notice


def test_a_message_that_never_gets_through_is_given_up_after_the_last_attempt(house: House) -> None:
    house.propose()
    for _ in range(3 * MOST_ATTEMPTS):
        house.slack.fail_next("chat.postMessage", "internal_error")

    settle(house)

    given_up = house.outbox_rows(OutboxStatus.DEAD)
    assert {row.attempt for row in given_up} == {MOST_ATTEMPTS}
    assert {row.last_error for row in given_up} == {"internal_error"}


def test_a_message_nobody_can_draw_is_given_up_and_lets_the_others_pass(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(*_: object) -> None:
        raise LookupError("no screen shows it")

    promise(house, "before", to="U_ANN")
    house.propose()
    monkeypatch.setattr(notices, "RENDERERS", {**notices.RENDERERS, OutboxKind.CARD_SYNC: spoiled})
    for _ in range(4 * MOST_ATTEMPTS):
        try:
            house.send()
        except LookupError:
            continue
        house.clock.advance(seconds=61)

    assert {row.kind for row in house.outbox_rows(OutboxStatus.DEAD)} == {OutboxKind.CARD_SYNC}
    assert house.outbox_rows(OutboxStatus.READY, OutboxStatus.SENDING) == []


def test_many_changes_of_one_card_are_one_message(house: House) -> None:
    house.propose()
    for _ in range(5):
        house.press("U_OTTO", Action.APPROVE, house.ballot(), where=GOVERNANCE)

    house.send()

    assert [post.edits for post in house.posts_to(GOVERNANCE)] == [0]
    assert {row.last_error for row in house.outbox_rows(OutboxStatus.CANCELLED)} == {"superseded"}


def test_a_reminder_overtaken_by_the_decision_is_not_sent(house: House) -> None:
    house.propose()
    house.send()
    house.advance(hours=25)
    house.approve("U_ANN")

    house.send()

    assert [post.text for post in house.posts_to("U_ANN") if "reminder" in post.text.lower()] == []
    assert [row.status for row in reminders(house)] == [OutboxStatus.CANCELLED]


def test_reminders_end_when_a_persons_time_is_up(house: House) -> None:
    """One at half of Ann's time; of the other two, missed while nothing ran, one; then silence."""
    house.propose()
    house.send()
    for _ in range(3):
        house.advance(hours=25)
        house.send()

    assert len(reminders(house)) == 2
    assert len([post for post in house.posts_to("U_ANN") if post.text.startswith("A reminder")]) == 2


def reminders(house: House) -> list[OutboxRow]:
    return [row for row in house.outbox_rows() if row.kind is OutboxKind.VOTE_REMINDER]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [pytest.param(4.9, 1, id="it is still of use"), pytest.param(5.1, 0, id="nobody remembers the question")],
)
def test_a_private_answer_comes_soon_or_not_at_all(house: House, minutes: float, said: int) -> None:
    house.propose()
    house.send()
    house.press("U_OTTO", Action.APPROVE, house.ballot(), where=GOVERNANCE)
    house.clock.advance(minutes=minutes)

    house.send()

    assert len(house.whispers_to("U_OTTO")) == said


def test_who_lost_the_lease_cannot_mark_the_message(house: House) -> None:
    promise(house, "hello")
    lease = timedelta(seconds=60)
    with house.database.transaction() as session:
        slow = outbox.claim(session, owner="slow", real_now=house.clock.real(), lease=lease)
    house.clock.advance(seconds=61)
    with house.database.transaction() as session:
        quick = outbox.claim(session, owner="quick", real_now=house.clock.real(), lease=lease)
    assert slow is not None
    assert quick is not None
    assert quick.ambiguous

    with house.database.transaction() as session:
        now = house.clock.real()
        assert not outbox.mark_sent(session, slow, channel="D", ts="1", real_now=now)
        assert not outbox.mark_over(session, slow, OutboxStatus.DEAD, error="late")
        assert outbox.mark_sent(session, quick, channel="D", ts="2", real_now=now)
    assert [(row.status, row.ts) for row in house.outbox_rows()[-1:]] == [(OutboxStatus.SENT, "2")]


def test_two_workers_never_take_the_same_message(house: House) -> None:
    promise(house, "one", to="U_ANN")
    promise(house, "two", to="U_BEN")
    lease = timedelta(seconds=60)

    def claimed() -> str | None:
        with house.database.transaction() as session:
            taken = outbox.claim(session, owner="any", real_now=house.clock.real(), lease=lease)
            return json.loads(json.dumps(dict(taken.payload)))["text"] if taken else None

    assert [claimed(), claimed(), claimed()] == ["one", "two", None]


def test_a_home_that_cannot_be_published_never_delays_a_message(house: House) -> None:
    hire(house, "U_NINA")
    house.open_home("U_NINA")
    house.slack.fail_next("views.publish", "internal_error")
    promise(house, "hello", to="U_NINA")

    house.send()

    assert [post.text for post in house.posts_to("U_NINA")] == ["hello"]
