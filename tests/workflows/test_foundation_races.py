"""Two people, or two replicas, at the same part in the same moment: one counts, and the other is told."""

import pytest
from sqlmodel import select

from db.enums import ItemKind
from db.queries import foundation as stored
from db.session import Session
from db.tables import ApprovalRequest
from handlers import ticks
from tests.support.founding import LEAD, OWNER, PACK, Founding
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import foundation, people
from workflows.foundation import No, Refused, Saved, Sent, Text
from workflows.people import Actor


def known(session: Session, who: str) -> Actor:
    found = people.find(session, who)
    assert found is not None
    return found


def test_of_two_who_send_a_version_at_once_one_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    founding = Founding(house)
    founding.written()
    Meeting().before(monkeypatch, stored, "lock_part")

    def send(who: str) -> Sent | Refused:
        with house.database.transaction() as session:
            return foundation.submit(session, PACK, 1, actor=known(session, who), now=house.clock.now())

    outcomes = together(lambda: send(OWNER), lambda: send(LEAD))

    [lost] = [each for each in outcomes if isinstance(each, Refused)]
    assert lost.why is No.IN_REVIEW
    with house.database.reading() as session:
        assert len(session.exec(select(ApprovalRequest)).all()) == 1


def test_of_two_who_begin_to_write_at_once_both_are_heard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    founding = Founding(house)
    Meeting().before(monkeypatch, stored, "lock_part")

    def write(who: str) -> Saved | Refused:
        with house.database.transaction() as session:
            text = Text(f"As {who} says.", "", house.clock.now().date())
            return foundation.save_text(session, PACK, text, seen="", actor=known(session, who), now=house.clock.now())

    with house.database.transaction() as session:
        house_lead = known(session, LEAD)
        foundation.set_owner(session, PACK, known(session, OWNER), actor=house_lead, now=house.clock.now())
    outcomes = together(lambda: write(OWNER), lambda: write(LEAD))

    assert [each.why for each in outcomes if isinstance(each, Refused)] == [No.CHANGED_MEANWHILE]
    assert len(founding.part().versions) == 1
    assert house.facts().count("foundation.begun") == 1


def test_two_replicas_remind_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    founding = Founding(house)
    founding.approved(PART_REVIEW="2026-06-30")
    founding.add(PACK, ItemKind.TERMINOLOGY, ITEM_NAME="Claim")
    house.clock.advance(days=91)
    Meeting().before(monkeypatch, stored, "lock_part")

    together(*[lambda: ticks.tick(house.database, house.clock.now())] * 2)

    house.send()
    assert len(founding.messages()) == 1
    assert "Version 2 is under way already." in founding.messages()[0]
