"""What Slack was recorded sending, by kind: the files in `fixtures`."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FIXTURES = Path(__file__).parent / "fixtures"
# The SDKs' tests also hold pieces of payloads; these folders hold bare events, without the callback around them.
BARE = "raw_event__"
ANSWERS = {
    "bolt-python/web_api_response/004": "answer to auth.test",
    "java-slack-sdk/web_api_response/007": "answer to auth.test",
    "bolt-python/web_api_response/005": "answer to apps.connections.open",
    "java-slack-sdk/web_api_response/008": "answer to conversations.history",
}


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    kind: str
    payload: Json
    bare: bool


def kind_of(payload: Json) -> str:
    """Name what Slack sends: two payloads of one kind should have the same keys."""
    if "command" in payload:
        return "slash command"
    if "envelope_id" in payload:
        return f"envelope {payload['type']}"
    known = str(payload.get("type"))
    if known == "event_callback":
        return _event_kind(payload["event"])
    if known == "block_actions":
        return f"block_actions in a {'view' if 'view' in payload else 'message'}"
    return known


def _event_kind(event: Json) -> str:
    subtype = event.get("subtype")
    return f"event {event['type']}" + (f" ({subtype})" if subtype else "")


def recordings() -> dict[str, list[Recording]]:
    found: dict[str, list[Recording]] = defaultdict(list)
    for file in sorted(FIXTURES.glob("*/*/*.json")):
        name = file.relative_to(FIXTURES).with_suffix("").as_posix()
        payload = json.loads(file.read_text(encoding="utf-8"))["payload"]
        bare = name.split("/")[1].startswith(BARE)
        if name in ANSWERS:
            kind = ANSWERS[name]
        else:
            payload = {"type": "event_callback", "event": payload} if bare else payload
            kind = kind_of(payload)
        found[kind].append(Recording(name, kind, payload, bare))
    return dict(found)
