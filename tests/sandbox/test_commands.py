"""People type slash commands."""

from tests.sandbox.support import ANNA, BEN, GENERAL, Bolt, Workspace


def test_a_commands_answer_in_the_acknowledgement_is_seen_by_the_asker_alone(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack, command: ack(f"Helping with {command['text']}"))

    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="printers")

    assert answer["ok"], answer
    assert [m["text"] for m in workspace.messages(ANNA, GENERAL)] == ["Helping with printers"]
    assert workspace.messages(BEN, GENERAL) == []
