"""Pictures apps send are seen by people, in blocks and as files; forms take people's files."""

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.support import ANNA, BOT_TOKEN, GENERAL, Json, Workspace
from tests.sandbox.test_reference import DESCRIBED

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def workspace(open_workspace: Any) -> Workspace:
    started: Workspace = open_workspace(DESCRIBED)
    return started


def sent(workspace: Workspace, **where: str) -> Json:
    file: Json = workspace.client.files_upload_v2(content=PNG, filename="chart.png", title="Chart", **where)["file"]
    return file


def page(workspace: Workspace) -> str:
    return workspace.send("GET", f"/?as={ANNA}&channel={GENERAL}", b"", {})[1]


def test_an_image_block_shows_a_file_of_the_workspace(workspace: Workspace) -> None:
    file = sent(workspace)
    block = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "A chart"}
    workspace.client.chat_postMessage(channel=GENERAL, text="Chart", blocks=[block])

    assert f'src="/files-pri/by-id/{file["id"]}"' in page(workspace)
    status, _ = workspace.send("GET", f"/files-pri/by-id/{file['id']}", b"", {})
    assert status == 302


def test_a_shared_picture_is_shown_below_its_message(workspace: Workspace) -> None:
    sent(workspace, channel=GENERAL)

    assert "chart.png' alt='Chart'" in page(workspace)


@pytest.mark.parametrize("shown", [{"id": "F0NOBODY"}, {"url": "https://example.com/x.png"}])
def test_a_block_cannot_show_a_file_there_is_not(workspace: Workspace, shown: Json) -> None:
    block = {"type": "image", "slack_file": shown, "alt_text": "A chart"}

    with pytest.raises(SlackApiError) as caught:
        workspace.client.chat_postMessage(channel=GENERAL, text="Chart", blocks=[block])

    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]


def test_a_home_cannot_show_one_either(workspace: Workspace) -> None:
    block = {"type": "image", "slack_file": {"id": "F0NOBODY"}, "alt_text": "A chart"}

    with pytest.raises(SlackApiError) as caught:
        workspace.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [block]})

    assert "/view/blocks/0/slack_file" in caught.value.response["response_metadata"]["messages"][0]


def test_a_file_a_person_chose_in_a_form_can_be_fetched_by_the_app(workspace: Workspace) -> None:
    status, _ = workspace.send("POST", f"/control/files?as={ANNA}&name=a.png", PNG, {})
    made = workspace.call("POST", f"/control/files?as={ANNA}&name=b.txt")

    assert (status, made["file"]["user"]) == (200, ANNA)
    path = urlsplit(made["file"]["url_private"]).path
    assert workspace.send("GET", path, b"", {"Authorization": f"Bearer {BOT_TOKEN}"})[0] == 200


def test_ten_files_at_once_are_the_most(workspace: Workspace) -> None:
    file = sent(workspace)

    with pytest.raises(SlackApiError) as caught:
        workspace.client.files_completeUploadExternal(files=[{"id": file["id"]}] * 11)

    assert caught.value.response["error"] == "invalid_arguments"
