"""A house whose policy is itself decided: two admins other than the one who proposes a change."""

import json
from typing import Any
from uuid import UUID

import yaml

from handlers.ids import Action, Block
from tests.support.chains import hire, lane, put_in_force, stage
from tests.support.house import ONE_LANE, House
from tests.support.shelf import Shelf
from workflows import people, policy, reactions
from workflows.people import Actor
from workflows.policy_changes import NotDone, PolicyProposed, PutInForce

PROPOSER, FIRST, SECOND = "U_BEN", "U_OTTO", "U_MAREK"


def with_rule(text: str = ONE_LANE, *, needed: int = 2, role: str = "admin") -> str:
    """Return a policy with a rule that changes of it are decided by so many holders of a role."""
    document = yaml.safe_load(text)
    asked = lane("admins", role, rule={"at_least": needed}, sections=["purpose"])
    document["chains"]["policy_change"] = {"stages": [stage("admins", asked)]}
    document["subjects"]["policy"] = {"tier": "high", "chains": {"high": "policy_change"}}
    return yaml.safe_dump(document, sort_keys=False)


def without_rule(text: str) -> str:
    document = yaml.safe_load(text)
    del document["chains"]["policy_change"], document["subjects"]["policy"]
    return yaml.safe_dump(document, sort_keys=False)


DECIDED = with_rule()
OTHER = DECIDED.replace("answer_within_hours: 12", "answer_within_hours: 30")
THIRD = DECIDED.replace("answer_within_hours: 12", "answer_within_hours: 40")


def appoint(house: House, *admins: str, text: str = DECIDED) -> House:
    """Put the policy in force, and make these people admins."""
    for who in admins or (PROPOSER, FIRST, SECOND):
        hire(house, who, "admin")
    put_in_force(house, text)
    return house


def actor(house: House, who: str) -> Actor:
    with house.database.reading() as session:
        found = people.find(session, who)
    assert found is not None, who
    return found


def put(
    house: House, text: str, *, by: str | None = PROPOSER, instead_of: UUID | None = None
) -> PutInForce | PolicyProposed | NotDone:
    """Put a policy forward as the command line does."""
    who = actor(house, by) if by else None
    with house.database.transaction() as session:
        return reactions.put_policy_forward(session, text, by=who, instead_of=instead_of, now=house.clock.now())


def propose(house: House, text: str = OTHER, *, by: str = PROPOSER, instead_of: UUID | None = None) -> PolicyProposed:
    outcome = put(house, text, by=by, instead_of=instead_of)
    assert isinstance(outcome, PolicyProposed), outcome
    return outcome


def in_force(house: House) -> tuple[int, str]:
    """Return number and text of the policy in force."""
    with house.database.reading() as session:
        return policy.in_force(session).number, policy.text_in_force(session)


def tried(house: House, files: Shelf, text: str, who: str = PROPOSER, *, view: Any = None) -> dict[str, Any]:
    """Try a file in the settings and return the window with what it would change."""
    if view is None:
        house.press(who, Action.SETTINGS, "home", where="home")
        view = house.turn(who, Action.SETTINGS_PAGE, "policy")
    name = f"policy{len(files.files)}.yml"
    file = {"id": "F0POLICY", "name": name, "url_private_download": files.put(text.encode(), name)}
    response = house.submit(who, view, {str(Block.POLICY_FILE): {"type": "file_input", "files": [file]}})
    assert response.status == 200, response.body
    told: dict[str, Any] = json.loads(response.body or "{}")["view"]
    return told


def pressable(view: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return what can be pressed in a window: (action, value) by what it says."""
    elements = [each for block in view["blocks"] for each in block.get("elements", [])]
    return {
        each["text"]["text"]: (each["action_id"], each["value"]) for each in elements if each.get("type") == "button"
    }
