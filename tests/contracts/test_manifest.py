import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from sandbox.reference import event_scopes

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "manifest.yml"
SCHEMA = Path(__file__).parent / "slack_manifest_schema" / "manifest.schema.2.0.0.json"

# What an administrator is asked to allow. A new entry means that every installation must be approved again.
REQUIRED_SCOPES = {
    "chat:write",
    "commands",
    "im:write",
    "users:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "files:write",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return loaded


def test_slack_accepts_the_manifest(manifest: dict[str, Any]) -> None:
    errors = Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(manifest)

    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_a_manifest_with_a_mistake_is_caught(manifest: dict[str, Any]) -> None:
    manifest = manifest | {"settings": manifest["settings"] | {"socket_mode_enabled": "yes, please"}}

    assert not Draft7Validator(json.loads(SCHEMA.read_text())).is_valid(manifest)


def test_an_administrator_is_asked_for_these_scopes_and_no_other(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]

    assert sorted(scopes["bot"]) == sorted(REQUIRED_SCOPES)
    assert not REQUIRED_SCOPES & set(scopes["bot_optional"])
    assert "user" not in scopes


def test_what_people_write_is_only_read_where_an_optional_scope_allows_it(manifest: dict[str, Any]) -> None:
    events = [name for name in manifest["settings"]["event_subscriptions"]["bot_events"] if "message" in name]
    needed = {scope for name in events for scope in event_scopes()[name]}

    assert len(events) == 3
    assert needed <= set(manifest["oauth_config"]["scopes"]["bot_optional"])


def test_the_scope_of_every_event_is_asked_for(manifest: dict[str, Any]) -> None:
    scopes = {*manifest["oauth_config"]["scopes"]["bot"], *manifest["oauth_config"]["scopes"]["bot_optional"]}
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert [name for name in events if event_scopes()[name] and not scopes & set(event_scopes()[name])] == []


def test_every_scope_says_why_it_is_asked_for(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    explained = set(re.findall(r"^\s+- (\S+)\s+# \S.{8,}$", MANIFEST.read_text(), flags=re.MULTILINE))

    assert {*scopes["bot"], *scopes["bot_optional"]} - explained == set()
