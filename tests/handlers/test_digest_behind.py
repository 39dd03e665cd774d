"""Each number of a digest leads to what stands behind it, as it counted when it was made, for who may read it."""

from typing import Any
from uuid import UUID

import pytest

from handlers.digests.parts import Part, behind_value, kpi_value
from handlers.ids import Action, Command
from sandbox.blockkit.validate import check_view
from tests.support.asking import ANN, BEN, MAREK, OTTO, PRIYA, Asking
from tests.support.digesting import sample
from tests.support.fakes import member
from tests.support.house import House, words
from workflows import digests
from workflows.digests import Digest

WEEK = "2026-W10"
NINA = "U_NINA"  # has no part in anything


class Behind:
    """Marek answered for the week of Monday, 2 March 2026; it is the Monday after."""

    def __init__(self, house: House, **answers: Any) -> None:
        self.house = house
        house.world.people[NINA] = member(NINA)
        self.asking = Asking(house, **answers)
        self.asking.go_to("2026-03-03T09:00")
        self.asking.answer(
            "5.5", LOOKED_AT="40", BY_PROMPT="3", BY_CONTEXT="1", BY_WORKFLOW="0", HOURS="4", HOURS_METHOD="Timed"
        )
        self.asking.jump_to("2026-03-09T09:00")
        house.command(MAREK, f"digest {WEEK}", command=Command.GATEHOUSE)
        self.digest_id = UUID(house.world.opened[-1]["private_metadata"])

    def see(self, who: str, value: str, action: Action = Action.DIGEST_BEHIND) -> dict[str, Any]:
        """Press the button in a message, and return the window."""
        before = len(self.house.world.opened)
        self.house.press(who, action, value, where="C_DIGEST")
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        view = self.house.world.opened[-1]
        assert check_view(view, allowed=("modal",)) == []
        return view

    def part(self, who: str, part: Part) -> str:
        return words(self.see(who, behind_value(self.digest_id, part)))

    def readings(self, who: str) -> str:
        [kpi] = self.asking.kpis()
        return words(self.see(who, kpi_value(self.digest_id, kpi.id), Action.DIGEST_KPI))


@pytest.fixture
def behind(house: House) -> Behind:
    return Behind(house)


def test_insiders_see_readings_with_who_entered_them_the_baseline_and_the_approval(behind: Behind) -> None:
    for who in (MAREK, OTTO, PRIYA, ANN):
        told = behind.readings(who)
        assert "*5.5 hours* for Tue 3 Mar 2026" in told
        assert "self-reported, entered by Marek" in told
        assert "not confirmed yet" in told
        assert "Baseline not locked yet" in told
        assert "Approved as UC-1" in told
        assert ", by Ann." in told


def test_who_has_no_part_in_it_sees_how_many_rows_are_left_out_and_leads_auditors_and_admins_see_all(
    behind: Behind,
) -> None:
    assert "These readings are for the people involved" in behind.readings(NINA)
    told = behind.part(NINA, Part.CORRECTIONS)
    assert "1 row is not for you to read." in told
    assert "outputs corrected" not in told
    decided = behind.part(NINA, Part.APPROVALS)
    assert "UC-1 Summarise complaint files (Complaints)\nApproved, " in decided
    assert "Ann" not in decided
    assert "Approved by Ann" in behind.part(PRIYA, Part.APPROVALS)
    for role, who in (("lead", BEN), ("auditor", "U_AUDE"), ("admin", "U_ADA")):
        behind.house.world.people[who] = member(who)
        behind.house.grant(role, who)
        assert "5.5 hours" in behind.readings(who)
        assert "4 of 40 outputs corrected (10 %)" in behind.part(who, Part.CORRECTIONS)
        assert "unverifiable: no baseline is locked" in behind.part(who, Part.HOURS)


def test_of_a_confidential_use_case_who_may_not_know_of_it_reads_no_name_and_no_difference(house: House) -> None:
    behind = Behind(house, name="Zebra files", confidential=["yes"])

    for part in Part:
        told = behind.part(NINA, part)
        assert "Zebra" not in told, part
        assert "UC-1" not in told, part
    [kpi] = behind.asking.kpis()
    there = behind.see(NINA, kpi_value(behind.digest_id, kpi.id), Action.DIGEST_KPI)
    nowhere = behind.see(NINA, kpi_value(behind.digest_id, UUID(int=7)), Action.DIGEST_KPI)
    assert words(there) == words(nowhere)
    assert "Zebra files" in behind.part(MAREK, Part.CORRECTIONS)


def test_what_was_corrected_since_is_said_beside_what_was_told(behind: Behind) -> None:
    behind.asking.house.clock.advance(minutes=5)
    view = behind.asking.open_form(on=behind.asking.check_ins()[0].on_date)
    behind.asking.answer("4", view=view, LOOKED_AT="40", BY_PROMPT="9", BY_CONTEXT="1", BY_WORKFLOW="0")

    told = behind.readings(MAREK)
    assert "*5.5 hours* for Tue 3 Mar 2026" in told
    assert "✏️ Corrected since: 4 hours counts now." in told
    corrected = behind.part(MAREK, Part.CORRECTIONS)
    assert "4 of 40 outputs corrected (10 %)" in corrected
    assert "✏️ Corrected since: 10 of 40 outputs corrected (25 %)" in corrected


def test_every_part_of_a_full_week_is_drawn_and_leads_back_to_the_digest(behind: Behind) -> None:
    kept = keep(behind, sample())
    behind.house.grant("lead", BEN)
    for part in Part:
        view = behind.see(BEN, behind_value(kept, part))
        assert "Back to the digest" in words(view)
    assert "UC-4 Triage &lt;urgent&gt; &amp; other mail (Service), Wrongly routed: *off track*" in words(
        behind.see(BEN, behind_value(kept, Part.KPIS))
    )
    back = behind.house.turn(BEN, Action.DIGEST_BACK, str(kept))
    assert "Everybody · week 2026-W31" in words(back)


def keep(behind: Behind, digest: Digest) -> UUID:
    with behind.house.database.transaction() as session:
        return digests.keep(session, digest, now=digest.made_at).id


def test_more_than_twenty_rows_are_turned_page_by_page_and_a_guest_sees_none(house: House) -> None:
    for number in range(22):
        house.propose(name=f"Case {number:02}")
    house.world.people[NINA] = member(NINA)
    house.clock.advance(days=7)
    house.command(NINA, f"digest {WEEK}", command=Command.GATEHOUSE)
    digest_id = UUID(house.world.opened[-1]["private_metadata"])
    house.press(NINA, Action.DIGEST_BEHIND, behind_value(digest_id, Part.FUNNEL), where="C_DIGEST")
    first = house.world.opened[-1]
    assert check_view(first, allowed=("modal",)) == []
    assert words(first).count("Proposed, ") == 20
    second = house.turn(NINA, Action.DIGEST_PAGE, f"{behind_value(digest_id, Part.FUNNEL)}.1")
    assert words(second).count("Proposed, ") == 2
    assert house.press(NINA, Action.DIGEST_PAGE, "nonsense.1").status == 400
    assert house.press(NINA, Action.DIGEST_BEHIND, f"{digest_id}.nonsense").status == 400
    gone = house.turn(NINA, Action.DIGEST_BEHIND, behind_value(UUID(int=1), Part.KPIS))
    assert "not kept any more" in words(gone)

    house.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    before = len(house.world.opened)
    house.press("U_GUEST", Action.DIGEST_BEHIND, behind_value(digest_id, Part.FUNNEL))
    house.send()
    assert len(house.world.opened) == before
    assert "Guests can read along" in house.whispers_to("U_GUEST")[-1]
