"""A house whose policy says who decides about the foundation, and people who write it."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import yaml
from slack_bolt import BoltResponse
from sqlmodel import select

from db.enums import Criterion, FoundationKind, ItemKind, Phase, Rating
from db.session import Session
from db.tables import FoundationItem, FoundationPart, FoundationVersion
from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire, lane, put_in_force, stage
from tests.support.house import ONE_LANE, House, buttons, filled, view_in, words
from tests.support.renewals import beat
from workflows import foundation, people, programme
from workflows.foundation import ITEMS, Item, PartSnapshot, Saved
from workflows.people import Actor
from workflows.programme import Standing

LEAD, OWNER, DECIDES, OTHER = "U_OTTO", "U_MAREK", "U_ANN", "U_BEN"
LINK = "https://wiki.alder-bank.example/handbook"
PACK, MAP, AREA = FoundationKind.CONTEXT_PACK, FoundationKind.STAKEHOLDER_MAP, FoundationKind.DATA_HANDLING


def with_foundation(text: str = ONE_LANE, *, role: str = "governance", use_case_role: str = "governance") -> str:
    """Return a policy with rules for the parts of the foundation; `role` decides about them."""
    document = yaml.safe_load(text)
    document["chains"]["foundation"] = {"stages": [stage("review", lane("governance", role, sections=["purpose"]))]}
    document["chains"]["standard"]["stages"][0]["lanes"][0]["role"] = use_case_role
    for kind in ("deliverable", "governance_area"):
        document["subjects"][kind] = {"tier": "medium", "chains": {"medium": "foundation"}}
    return yaml.safe_dump(document, sort_keys=False)


class Founding:
    """Otto is programme lead, Marek owns the parts, Ann decides about them."""

    def __init__(self, house: House, text: str | None = None) -> None:
        self.house = house
        put_in_force(house, text or with_foundation())
        hire(house, LEAD, "lead")
        for who in (OWNER, DECIDES, OTHER, "U_PRIYA"):
            house.act(who, lambda _, __: None)  # Slack is asked who they are

    # ------------------------------------------------------------------------------------- windows

    def open(self, kind: FoundationKind = PACK, who: str = OWNER) -> dict[str, Any]:
        """Open a part and return its window."""
        return self.press(Action.OPEN_PART, kind.value, who)

    def press(self, action: Action, value: str, who: str = OWNER) -> dict[str, Any]:
        """Press a button in a window about the foundation and return the window as it is then, which Slack takes."""
        view = self.house.turn(who, action, value, view={"type": "modal", "private_metadata": "", "blocks": []})
        assert check_view(view, allowed=("modal",)) == [], check_view(view, allowed=("modal",))
        return view

    def send_form(self, view: dict[str, Any], who: str = OWNER, *, view_id: str = "", **typed: Any) -> BoltResponse:
        """Fill in fields by the names of their blocks and send the form; what is not named stays as it stands."""
        values = filled(view, answered={})
        for name, answer in typed.items():
            block = str(Block[name])
            element = next(each["element"] for each in view["blocks"] if each.get("block_id") == block)
            values[block] = _typed(element, answer)
        response = self.house.submit(who, view, values, view_id=view_id)
        assert response.status == 200, response.body
        return response

    def told(self, response: BoltResponse) -> str:
        """Return what a window shows after its form was taken."""
        view = view_in(response)
        assert check_view(view, allowed=("modal",)) == [], check_view(view, allowed=("modal",))
        return words(view)

    # -------------------------------------------------------------------------------------- writing

    def give(self, kind: FoundationKind = PACK, owner: str = OWNER, who: str = LEAD) -> BoltResponse:
        return self.send_form(self.press(Action.SET_PART_OWNER, kind.value, who), who, PART_OWNER=owner)

    def write(self, kind: FoundationKind = PACK, who: str = OWNER, **typed: Any) -> BoltResponse:
        """Fill in the form of a part's text."""
        said = {"PART_SUMMARY": "What every prompt needs to know.", "PART_LINK": LINK} | typed
        return self.send_form(self.press(Action.EDIT_PART, kind.value, who), who, **said)

    def add(self, kind: FoundationKind, of: ItemKind, who: str = OWNER, **typed: Any) -> BoltResponse:
        """Add something a part holds."""
        said: dict[str, Any] = {"ITEM_SAYS": f"It says what a {of.value} is."}
        said |= {"ITEM_PERSON": OTHER} if of is ItemKind.APPROVER else {"ITEM_NAME": f"A {of.value}"}
        rated = dict.fromkeys(("ITEM_QUALITY", "ITEM_ACCESSIBILITY", "ITEM_COMPLIANCE"), "good")
        said |= rated if of is ItemKind.SYSTEM else {}
        return self.send_form(self.press(Action.ADD_ITEM, f"{kind}.{of}", who), who, **said | typed)

    def edit_item(self, kind: FoundationKind, position: int = 1, who: str = OWNER) -> dict[str, Any]:
        """Open the form of an item."""
        item = self.part(kind).newest.items[position]  # type: ignore[union-attr]
        return self.press(Action.EDIT_ITEM, f"{kind}.{position}.{foundation.mark_of_item(item)}", who)

    def written(self, kind: FoundationKind = PACK, **typed: Any) -> None:
        """Let a part be Marek's and be written whole."""
        if self.part(kind).owner is None:
            self.give(kind)
        self.write(kind, **typed)
        there = {each.kind for each in self.part(kind).newest.items.values()}  # type: ignore[union-attr]
        missing = [of for of in ITEMS[kind] if of not in there]
        self.hold(kind, [_usual(of) for of in missing], approver=OTHER)

    def hold(self, kind: FoundationKind, items: list[Item], *, approver: str = "") -> None:
        """Let a part hold these, without windows; an approver without a person is `approver`."""

        def deed(session: Session, actor: Actor) -> None:
            known = people.find(session, approver) if approver else None
            for each in items:
                item = replace(each, person=known) if each.kind is ItemKind.APPROVER and each.person is None else each
                done = foundation.add_item(session, kind, item, actor=actor, now=self.house.clock.now())
                assert isinstance(done, Saved), done

        self.house.act(OWNER, deed)

    # ------------------------------------------------------------------------------------- deciding

    def submit(self, kind: FoundationKind = PACK, who: str = OWNER) -> str:
        """Send the version that is being written, and return what the window says then."""
        return words(self.press(Action.SUBMIT_PART, f"{kind}.{self.newest(kind).number}", who))

    def decide(self, action: Action = Action.APPROVE, who: str = DECIDES, *, reason: str = "Say more.") -> None:
        """Press a button of the newest card somebody has that shows it."""
        self.house.send()
        text = {Action.APPROVE: "Approve", Action.REJECT: "Reject", Action.REQUEST_CHANGES: "Request changes"}[action]
        card = next(post for post in reversed(self.house.posts_to(who)) if text in buttons(post))
        self.house.press(who, action, buttons(card)[text])
        if action is not Action.APPROVE:
            assert self.house.submit(who, self.house.world.opened[-1], {Block.REASON: {"value": reason}}).status == 200
        self.house.send()

    def approved(self, kind: FoundationKind = PACK, **typed: Any) -> None:
        """Let a part be written, sent and approved."""
        self.written(kind, **typed)
        self.submit(kind)
        self.decide()

    def revoke(self, kind: FoundationKind = PACK, who: str = OWNER, reason: str = "The vendor left.") -> str:
        number = self.part(kind).last_approved.number  # type: ignore[union-attr]
        view = self.press(Action.REVOKE_PART, f"{kind}.{number}", who)
        return self.told(self.send_form(view, who, PART_REASON=reason))

    # -------------------------------------------------------------------------------------- looking

    def part(self, kind: FoundationKind = PACK) -> PartSnapshot:
        with self.house.database.reading() as session:
            return foundation.part_of(session, kind)

    def newest(self, kind: FoundationKind = PACK) -> FoundationVersion:
        with self.house.database.reading() as session:
            part = session.exec(select(FoundationPart).where(FoundationPart.kind == kind)).one()
            found = session.exec(select(FoundationVersion).where(FoundationVersion.part_id == part.id)).all()
            return max(found, key=lambda each: each.number)

    def items(self) -> list[FoundationItem]:
        with self.house.database.reading() as session:
            return list(session.exec(select(FoundationItem)))

    def criterion(self, kind: FoundationKind = PACK) -> Standing:
        """Return how the criterion that asks for a part stands now."""
        with self.house.database.reading() as session:
            gate = programme.programme_at(session, self.house.clock.now()).gate(Phase.FOCUSED_DEPLOYMENT)
        return next(each.standing for each in gate.criteria if each.criterion is Criterion(kind.value))

    def messages(self, who: str = OWNER) -> list[str]:
        """Return what somebody was told of parts to look at again."""
        return [post.text for post in self.house.posts_to(who) if "looked at again by" in post.text]

    def jump(self, day: str, hour: int = 12) -> None:
        """Let time pass in one leap until this hour in Berlin, and the clock beat twice."""
        to = people.resolved("Europe/Berlin", date.fromisoformat(day), hour * 60)
        self.house.clock.advance(seconds=(to - self.house.clock.now()).total_seconds())
        beat(self.house, times=2)


def _usual(of: ItemKind) -> Item:
    if of is ItemKind.APPROVER:
        return Item(of, "", "Everything.")
    rated = dict.fromkeys(("quality", "accessibility", "compliance"), Rating.GOOD) if of is ItemKind.SYSTEM else {}
    return Item(of, f"A {of.value}", f"It says what a {of.value} is.", **rated)


def _typed(element: dict[str, Any], answer: Any) -> dict[str, Any]:
    kind = element["type"]
    typed: dict[str, Any] = {"type": kind, "action_id": element["action_id"]}
    if kind == "static_select":
        return typed | {"selected_option": {"value": answer} if answer else None}
    return typed | {{"users_select": "selected_user", "datepicker": "selected_date"}.get(kind, "value"): answer}


def pressable(view: dict[str, Any]) -> dict[str, str]:
    """Return what can be pressed in a window: value by what it says; of several that say the same the first one."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        for each in [*block.get("elements", []), block.get("accessory") or {}]:
            if each.get("type") == "button":
                found.setdefault(each["text"]["text"], each["value"])
    return found


def errors_of(response: BoltResponse) -> dict[str, str]:
    """Return what stands at which field, by the names of blocks."""
    told = json.loads(response.body or "{}")
    assert told["response_action"] == "errors", told
    return {Block(block).name: text for block, text in told["errors"].items()}
