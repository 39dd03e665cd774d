"""Somebody who answers “LGTM” has decided nothing, and is told so privately with the buttons that do."""

import json
from typing import Any

import pytest

from db.enums import OutboxStatus
from handlers.approvals.cards import NO_VOTES
from handlers.approvals.payloads import sounds_like_a_vote
from handlers.ids import Action, Command
from sandbox.blockkit.validate import check_message
from tests.support.chains import hire
from tests.support.fakes import Post
from tests.support.house import GOVERNANCE, House, words

DIRECT = "D_ANN"


def say(house: House, said: str, /, *, who: str = "U_ANN", below: Post | None = None, **event: Any) -> int:
    """Write below a message, or to the bot directly; return Slack's answer to us."""
    channel = below.channel if below else "D_" + who.removeprefix("U_")
    given: dict[str, Any] = {
        "type": "message",
        "user": who,
        "text": said,
        "channel": channel,
        "channel_type": "im" if channel.startswith("D") else "group",
        "ts": "1800000000.000100",
    }
    given |= {"thread_ts": below.ts} if below else {}
    status = house.tell(given | event).status
    house.send()
    return status


def card(house: House, where: str = "U_ANN") -> Post:
    return house.posts_to(where)[0]


@pytest.fixture
def proposed(house: House) -> House:
    house.propose()
    house.send()
    return house


def test_every_card_that_waits_says_that_replies_are_no_votes(proposed: House) -> None:
    for where in ("U_ANN", GOVERNANCE):
        assert NO_VOTES in words(card(proposed, where))
    proposed.approve("U_ANN")
    proposed.send()
    for where in ("U_ANN", GOVERNANCE):
        assert NO_VOTES not in words(card(proposed, where))


@pytest.mark.parametrize("text", ["LGTM", "approved", "ok", ":+1:", "+1", "Approved, thanks!"])
def test_ann_replies_below_her_card_and_gets_the_real_buttons_where_she_wrote(proposed: House, text: str) -> None:
    assert say(proposed, text, below=card(proposed)) == 200

    [whisper] = proposed.world.whispers
    assert (whisper["user"], whisper["channel"], whisper["thread_ts"]) == ("U_ANN", DIRECT, card(proposed).ts)
    assert "A reply is not a vote, so nothing is decided yet." in whisper["text"]
    assert "*UC-1*" in whisper["text"]
    assert check_message(whisper["blocks"]) == []
    offered = {each["text"]["text"]: each["value"] for each in whisper["blocks"][1]["elements"]}
    assert set(offered) == {"Approve", "Approve with conditions", "Request changes", "Reject", "Read it all"}
    assert "approval.voted" not in proposed.facts()

    proposed.press("U_ANN", Action.APPROVE, offered["Approve"])
    proposed.send()
    assert "Approved* by Ann" in proposed.posts_to("U_PRIYA")[0].text


def test_a_press_on_the_private_buttons_is_answered_because_nobody_redraws_them(proposed: House) -> None:
    event = {
        "type": "block_actions",
        "team": {"id": "T0HOME"},
        "user": {"id": "U_ANN", "team_id": "T0HOME"},
        "trigger_id": "t.9000",
        "container": {
            "type": "message",
            "message_ts": "9.0",
            "channel_id": DIRECT,
            "is_ephemeral": True,
            "thread_ts": card(proposed).ts,
        },
        "channel": {"id": DIRECT},
        "actions": [
            {
                "type": "button",
                "action_id": Action.APPROVE,
                "block_id": "b",
                "value": proposed.ballot(),
                "action_ts": "9.1",
            }
        ],
    }

    assert proposed.intake.over_socket(event).status == 200
    proposed.send()

    [whisper] = proposed.world.whispers
    assert whisper["text"] == "You approved *UC-1*. Your decision is stored."
    assert whisper["thread_ts"] == card(proposed).ts


def test_the_same_reply_delivered_twice_is_answered_once(proposed: House) -> None:
    for _ in range(2):
        say(proposed, "LGTM", below=card(proposed))

    assert len(proposed.world.whispers) == 1


def test_ann_answers_in_her_direct_messages_without_a_thread(proposed: House) -> None:
    say(proposed, "approved")

    [whisper] = proposed.world.whispers
    assert "*UC-1*" in whisper["text"]
    assert whisper.get("thread_ts") is None
    assert "Approve" in json.dumps(whisper["blocks"])


def test_where_several_wait_the_way_to_each_is_shown(proposed: House) -> None:
    proposed.propose(name="Draft replies")
    proposed.send()

    say(proposed, "ok")

    [whisper] = proposed.world.whispers
    assert "These wait for you" in whisper["text"]
    assert check_message(whisper["blocks"]) == []
    opened = [block["accessory"] for block in whisper["blocks"] if "accessory" in block]
    assert [each["text"]["text"] for each in opened] == ["Decide", "Decide"]


def test_ann_replies_below_the_card_in_the_governance_channel(proposed: House) -> None:
    say(proposed, "LGTM", below=card(proposed, GOVERNANCE))

    [whisper] = proposed.world.whispers
    assert (whisper["channel"], whisper["user"]) == (GOVERNANCE, "U_ANN")


def test_a_reply_also_sent_to_the_channel_is_a_reply(proposed: House) -> None:
    say(proposed, "LGTM", below=card(proposed, GOVERNANCE), subtype="thread_broadcast")

    assert len(proposed.world.whispers) == 1


def test_a_colleague_who_may_not_decide_can_say_ok_in_the_channel(proposed: House) -> None:
    hire(proposed, "U_SAM", is_restricted=True)
    for who in ("U_OTTO", "U_PRIYA", "U_SAM", "U_NOBODY"):
        say(proposed, "ok", who=who, below=card(proposed, GOVERNANCE))

    assert proposed.world.whispers == []
    assert proposed.posts_to("U_OTTO") == []


def test_a_reply_below_a_card_that_is_decided_says_by_whom(proposed: House) -> None:
    proposed.approve("U_ANN")
    proposed.send()

    say(proposed, "rejected", below=card(proposed))

    [whisper] = proposed.world.whispers
    assert whisper["text"].startswith("A reply is not a vote. You approved UC-1, ")


def test_a_delegate_who_replies_gets_the_buttons_too(proposed: House) -> None:
    proposed.command("U_ANN", "away until 2026-03-06 delegate <@U_BEN>", command=Command.GATEHOUSE)
    proposed.advance(seconds=2)
    proposed.send()

    say(proposed, "fine by me", who="U_BEN", below=proposed.posts_to("U_BEN")[1])

    assert "Approve" in json.dumps(proposed.world.whispers[0]["blocks"])


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed", "message": {"user": "U_ANN", "text": "LGTM"}},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B1"},
        {"user": "U_BOT"},
        {"edited": {"user": "U_ANN", "ts": "2.0"}},
        {"text": "What does it cost?"},
        {"text": ""},
        {"text": None},
        {"thread_ts": "1.0", "channel": "C_GENERAL", "channel_type": "channel"},
        {"thread_ts": None, "channel": GOVERNANCE, "channel_type": "group"},
    ],
    ids=[
        "an edit",
        "a deletion",
        "a join",
        "an app",
        "an app without a subtype",
        "itself",
        "edited",
        "a question",
        "nothing",
        "no text",
        "another thread",
        "no thread",
    ],
)
def test_everything_else_is_ignored(proposed: House, event: dict[str, Any]) -> None:
    asked = len(proposed.world.calls)

    assert say(proposed, "LGTM", below=card(proposed), **event) == 200

    assert proposed.world.whispers == []
    assert "users.info" not in proposed.world.calls[asked:]


def test_somebody_nothing_waits_for_is_left_alone(proposed: House) -> None:
    say(proposed, "ok", who="U_OTTO")

    assert proposed.world.whispers == []


def test_of_a_confidential_request_nobody_else_learns_by_replying(house: House) -> None:
    house.propose(confidential=["confidential"])
    house.send()

    say(house, "LGTM", who="U_OTTO", below=card(house))
    say(house, "LGTM", who="U_OTTO")

    assert house.world.whispers == []


def test_a_private_answer_that_slack_refuses_is_not_tried_again(proposed: House) -> None:
    proposed.slack.fail_next("chat.postEphemeral", "user_not_in_channel")

    say(proposed, "LGTM", below=card(proposed, GOVERNANCE))

    assert proposed.world.whispers == []
    assert proposed.outbox_rows(OutboxStatus.READY, OutboxStatus.SENDING) == []


@pytest.mark.parametrize(
    "text",
    [
        "lgtm!",
        "LGTM 🎉",
        "👍",
        "👍🏽",
        ":thumbsup:",
        ":+1::skin-tone-3:",
        ":white_check_mark:",
        "OK.",
        "Yes",
        "Go ahead!",
        "I approve",
        "approved from my side",
        "-1",
        "Reject, no agreement yet",
        "+1 from me",
        "Looks good to me",
    ],
)
def test_words_that_sound_like_a_vote(text: str) -> None:
    assert sounds_like_a_vote(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ok, but who deletes the files?",
        "I looked at it",
        "+1000 files",
        "nothing",
        "no idea who owns it",
        "approved budgets are listed in the annex that legal sent us last week",
        "<@U_BEN> ok with you?",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert not sounds_like_a_vote(text)
