"""Pictures in messages meet a Slack that is slow, full, forgetful or strict. The words of a message come first."""

from typing import Any
from urllib.error import HTTPError

import pytest

from bot import pictures
from bot.pictures import PATIENCE
from db.enums import OutboxStatus
from tests.support.asking import Asking
from tests.support.fakes import Post
from tests.support.house import House, buttons, words

UPLOAD = ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]


@pytest.fixture
def asking(house: House) -> Asking:
    """Marek has answered; what follows from that is not sent yet."""
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    house.world.calls.clear()
    asking.answer("5.5")
    return asking


def image_in(post: Post) -> dict[str, Any] | None:
    return next((block for block in post.blocks if block["type"] == "image"), None)


def answered(asking: Asking) -> Post:
    """Send what is due and return the message as Marek sees it then."""
    asking.house.send()
    [prompt] = asking.prompts_to()
    return prompt


def calls(asking: Asking) -> list[str]:
    return [each for each in asking.house.world.calls if each in (*UPLOAD, "chat.update", "chat.postMessage")]


def test_marek_sees_how_it_goes_below_what_he_answered(asking: Asking) -> None:
    prompt = answered(asking)

    image = image_in(prompt)
    assert image is not None
    assert image["alt_text"].startswith("Hours per file, hours: no baseline yet, target 3 by 1 Dec 2026; 5.5 on 3 Mar")
    assert asking.house.world.files[image["slack_file"]["id"]].startswith(b"\x89PNG")
    assert calls(asking) == [*UPLOAD, "chat.update"]
    assert list(buttons(prompt)) == ["As a table"]


def test_the_same_numbers_are_sent_once_and_other_numbers_anew(asking: Asking) -> None:
    first = image_in(answered(asking))
    asking.answer("5.5", BLOCKERS="The scans are upside down.")
    assert image_in(answered(asking)) == first
    assert asking.house.world.calls.count("upload") == 1

    asking.answer("5")

    assert image_in(answered(asking)) != first
    assert asking.house.world.calls.count("upload") == 2


@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached", "file_uploads_disabled"])
def test_where_slack_takes_no_pictures_the_message_comes_at_once_in_words(asking: Asking, error: str) -> None:
    asking.house.slack.fail_next("files.getUploadURLExternal", error)

    prompt = answered(asking)

    assert image_in(prompt) is None
    assert "📈 Hours per file: 5.5 on 3 Mar 2026; no baseline yet, target 3 by 1 Dec 2026" in words(prompt)
    assert asking.house.outbox_rows(OutboxStatus.READY) == []
    assert not asking.house.outbox.is_halted
    assert prompt.edits == 1


@pytest.mark.parametrize(
    ("method", "status"), [("files.getUploadURLExternal", 429), ("files.completeUploadExternal", 503)]
)
def test_trouble_that_passes_leaves_the_words_there_at_once_and_the_picture_follows(
    asking: Asking, method: str, status: int
) -> None:
    asking.house.slack.fail_next(method, "ratelimited" if status == 429 else "down", status=status, Retry_After="1")

    prompt = answered(asking)
    assert "*Hours per file*: 5.5 hours" in words(prompt)
    assert image_in(prompt) is None

    asking.house.clock.advance(seconds=2)
    assert image_in(answered(asking)) is not None
    assert len(asking.prompts_to()) == 1
    assert asking.house.outbox_rows(OutboxStatus.READY, OutboxStatus.DEAD) == []


def test_a_picture_that_never_comes_is_given_up_within_half_a_minute(asking: Asking) -> None:
    for _ in range(20):
        asking.house.slack.break_next("upload", HTTPError("https://files.slack.invalid", 502, "", None, None))  # type: ignore[arg-type]

    for _ in range(35):
        prompt = answered(asking)
        asking.house.clock.advance(seconds=1)

    assert image_in(prompt) is None
    assert asking.house.outbox_rows(OutboxStatus.READY, OutboxStatus.DEAD) == []
    assert asking.house.world.calls.count("upload") <= 6


def test_slack_asking_for_more_patience_than_a_picture_is_worth_gets_the_message_without_it(asking: Asking) -> None:
    asking.house.slack.fail_next("files.getUploadURLExternal", "ratelimited", status=429, Retry_After="60")

    assert image_in(answered(asking)) is None
    assert asking.house.outbox_rows(OutboxStatus.READY) == []


def test_a_file_slack_has_not_looked_through_yet_is_shown_when_it_has(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = asking.house.world
    upload = asking.house.slack._files_completeuploadexternal  # noqa: SLF001 - our own fake

    def and_not_looked_through(given: dict[str, Any]) -> dict[str, Any]:
        answer = upload(given)
        world.unprocessed.update(each["id"] for each in answer["files"])
        return answer

    monkeypatch.setattr(asking.house.slack, "_files_completeuploadexternal", and_not_looked_through)

    prompt = answered(asking)
    assert image_in(prompt) is None
    assert "*Hours per file*: 5.5 hours" in words(prompt)

    world.unprocessed.clear()
    asking.house.clock.advance(seconds=2)
    assert image_in(answered(asking)) is not None
    assert world.calls.count("upload") == 1


def test_a_file_deleted_at_slack_is_sent_anew_once(asking: Asking) -> None:
    first = image_in(answered(asking))
    asking.house.world.files.clear()
    asking.house.clock.advance(seconds=2 * PATIENCE.total_seconds())
    asking.answer("5.5", BLOCKERS="The scans are upside down.")

    assert image_in(answered(asking)) is None
    asking.house.clock.advance(seconds=2)
    image = image_in(answered(asking))

    assert image is not None
    assert image != first
    assert asking.house.world.calls.count("upload") == 2
    assert len(asking.prompts_to()) == 1


def test_a_message_that_may_have_been_sent_is_not_kept_waiting_for_a_picture(asking: Asking) -> None:
    asking.house.slack.fail_next("files.getUploadURLExternal", "storage_limit_reached")
    asking.house.slack.fail_next("chat.update", "internal_error", after=True)
    answered(asking)
    asking.house.clock.advance(seconds=31)

    answered(asking)

    assert asking.house.world.calls.count("files.getUploadURLExternal") == 1
    assert asking.house.outbox_rows(OutboxStatus.READY) == []


def test_a_revoked_token_stops_the_picture_as_it_stops_everything(asking: Asking) -> None:
    asking.house.slack.fail_next("files.getUploadURLExternal", "token_revoked")

    answered(asking)

    assert asking.house.outbox.is_halted
    assert len(asking.house.outbox_rows(OutboxStatus.READY)) == 1


def test_what_cannot_be_drawn_is_said_in_words(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SCALE", -1)  # vl_convert refuses it

    prompt = answered(asking)

    assert image_in(prompt) is None
    assert "📈 Hours per file" in words(prompt)
    assert asking.house.world.calls.count("upload") == 0
