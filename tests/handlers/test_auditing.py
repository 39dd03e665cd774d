"""What a line of the policy approves at once is drawn by chance, and people look at it afterwards."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from sqlmodel import col, select

from db.enums import AuditResult, RequestStatus, Tier, UseCaseState
from db.tables import ApprovalRequest, Audit, LedgerEvent, UseCase
from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire, lane, put_in_force, stage
from tests.support.house import House, buttons, errors_in, reference_in, view_in, words
from workflows import auditing, policy
from workflows.auditing import LineSnapshot


def fast(
    share: int = 100, *, hours: float = 10, affected: Sequence[str] = ("own_team", "employees"), **audit: Any
) -> str:
    """Return a policy in which a line approves everything that is about no customers, and audits it."""
    line = {"line": "harmless", "reason": "Only colleagues see it.", "when": {"affected": list(affected)}}
    rule = {"share": share, "role": "checker", "answer_within_hours": hours, **audit}
    return yaml.safe_dump(
        {
            "name": "Fast",
            "version": 1,
            "roles": {"governance": {"name": "AI governance"}, "checker": {"name": "Checkers"}},
            "chains": {"light": {"stages": [stage("review", lane("governance", "governance"))]}},
            "subjects": {
                "use_case": {
                    "tier": "low",
                    "chains": {"low": "light"},
                    "approved_by": {"low": [line | {"audit": rule}]},
                }
            },
        }
    )


@pytest.fixture
def desk(house: House) -> House:
    """Return a house in which a line approves and everything is audited by Ben; Otto is lead, Chief admin."""
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    house.grant("lead", "U_OTTO")
    hire(house, "U_CHIEF", "admin")
    return house


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


def case(house: House, number: int = 1) -> Any:
    return next(each for each in rows(house, UseCase) if each.number == number)


def audits(house: House) -> list[AuditResult | None]:
    with house.database.reading() as session:
        return [each.result for each in session.exec(select(Audit).order_by(col(Audit.drawn_at), col(Audit.id)))]


def line(house: House) -> LineSnapshot:
    with house.database.reading() as session:
        [found] = auditing.lines_of(session)
    return found


def facts(house: House, kind: str) -> list[dict[str, Any]]:
    told = [json.loads(row.body) for row in rows(house, LedgerEvent)]
    return [each["data"] for each in told if each["kind"] == kind]


def fail(house: House, reference: str, who: str = "U_BEN", reason: str = "It reads customers' mail.") -> None:
    """Say that something should not have been approved by the policy alone."""
    house.send()
    house.reject(who, reason, reference)
    house.send()


def propose(house: House, count: int = 1) -> None:
    for number in range(count):
        house.propose(name=f"Draft press texts {number}", differs="Others.")
        house.advance(minutes=1)


# ------------------------------------------------------------------------------------- what is drawn


def test_what_a_line_approves_is_approved_at_once_and_put_before_the_auditors(desk: House) -> None:
    response = desk.propose_with()
    desk.send()

    assert "is approved." in words(view_in(response))
    assert case(desk).state is UseCaseState.APPROVED
    [card] = desk.posts_to("U_BEN")
    told = words(card)
    assert "AUD-1 · Summarise complaint files" in told
    assert "This audits *UC-1*: the policy's line `harmless` approved it" in told
    assert "Does it belong there?" in told
    assert "Why: Only colleagues see it." in told
    assert "If passed, it stays approved and Priya is told." in told
    assert [*buttons(card)] == ["Passed", "Failed", "Read it all"]
    assert audits(desk) == [None]


def test_passed_is_recorded_and_changes_nothing_else(desk: House) -> None:
    desk.propose()
    desk.send()
    desk.approve("U_BEN", "AUD-1")
    desk.send()

    assert (audits(desk), case(desk).state) == ([AuditResult.PASSED], UseCaseState.APPROVED)
    assert "AUD-1* “Summarise complaint files”: ✅ *Passed* by Ben" in desk.posts_to("U_PRIYA")[-1].text
    assert desk.posts_to("U_PRIYA")[-1].text.endswith("*UC-1* stays approved.")
    assert [each["result"] for each in facts(desk, "audit.settled")] == ["passed"]


def test_what_is_not_drawn_is_on_the_record_too(house: House, by_chance: None) -> None:
    assert by_chance is None
    put_in_force(house, fast(1))
    house.grant("checker", "U_BEN")
    propose(house, 3)

    draws = facts(house, "audit.drawn")
    assert [each["share"] for each in draws] == [1, 1, 1]
    assert len({each["seed"] for each in draws}) == 3
    assert [each["drawn"] for each in draws] == [each["audit"] is not None for each in draws]


def test_what_people_approve_or_no_line_fits_is_not_drawn(desk: House) -> None:
    desk.propose(affected=["customers"])
    desk.approve("U_ANN")

    assert case(desk).state is UseCaseState.APPROVED
    assert (facts(desk, "audit.drawn"), audits(desk)) == ([], [])


def test_what_nobody_knows_goes_to_people(desk: House) -> None:
    desk.propose(affected=["own_team", "unknown"])

    assert case(desk).state is UseCaseState.IN_REVIEW


def test_a_cosmetic_edit_is_no_approval_and_is_not_drawn_again(desk: House) -> None:
    desk.propose()
    desk.submit("U_PRIYA", desk.edit("U_PRIYA", str(case(desk).id), oversight="", name="Sum up complaint files"), {})

    assert len(facts(desk, "audit.drawn")) == 1


# ------------------------------------------------------------------------------------ who looks at it


def test_nobody_audits_what_they_proposed_or_own(desk: House) -> None:
    for who in ("U_PRIYA", "U_MAREK"):
        desk.grant("checker", who)
    desk.propose()
    desk.send()

    assert not [each for each in (*desk.posts_to("U_PRIYA"), *desk.posts_to("U_MAREK")) if "Passed" in buttons(each)]
    desk.approve("U_MAREK", "AUD-1")
    desk.send()
    assert "You own AUD-1, so somebody else decides on it." in desk.whispers_to("U_MAREK")[-1]
    desk.approve("U_PRIYA", "AUD-1")
    desk.send()
    assert "You proposed AUD-1, so somebody else decides on it." in desk.whispers_to("U_PRIYA")[-1]
    assert audits(desk) == [None]


def test_an_audit_can_be_asked_about_but_not_taken_back(desk: House) -> None:
    desk.propose()
    request = str(desk.request_id("AUD-1"))
    desk.press("U_PRIYA", Action.OPEN, request)
    view = desk.world.opened[-1]
    assert check_view(view, allowed=("modal",)) == []
    assert "Withdraw" not in words(view)
    desk.press("U_PRIYA", Action.WITHDRAW, request)
    desk.send()

    assert "AUD-1 is an audit of what the policy approved" in desk.whispers_to("U_PRIYA")[-1]
    assert audits(desk) == [None]
    desk.press("U_BEN", Action.OPEN, request)
    view = desk.world.opened[-1]
    assert "Ask a question" in words(view)
    assert "Request changes" not in words(view)
    response = desk.submit(
        "U_BEN", view, {Block.DECISION: {"type": "radio_buttons", "selected_option": {"value": "reject"}}}
    )
    assert errors_in(response)


def test_changes_cannot_be_asked_for_in_an_audit(desk: House) -> None:
    desk.propose()
    desk.press("U_BEN", Action.REQUEST_CHANGES, desk.ballot("AUD-1"))
    desk.send()

    assert "AUD-1 cannot be answered like that." in desk.whispers_to("U_BEN")[-1]
    with desk.database.reading() as session:
        request = session.exec(select(ApprovalRequest).where(ApprovalRequest.reference == "AUD-1")).one()
    assert request.status is RequestStatus.IN_REVIEW


def test_an_audit_of_something_confidential_is_known_to_those_involved_only(desk: House) -> None:
    desk.command("U_ANN")
    desk.propose(confidential=["yes"])

    assert "There is no AUD-1" in desk.command("U_ANN", "AUD-1")
    assert "waits for Ben" in desk.command("U_MAREK", "AUD-1")


def test_what_becomes_confidential_takes_its_audit_along(desk: House) -> None:
    desk.command("U_ANN")
    desk.propose()
    assert "Being audited" in desk.command("U_ANN", "AUD-1")
    desk.submit("U_PRIYA", desk.edit("U_PRIYA", str(case(desk).id), oversight="", confidential=["yes"]), {})

    assert "There is no AUD-1" in desk.command("U_ANN", "AUD-1")


def test_nobody_looks_and_that_is_said_and_counts_as_neither(desk: House) -> None:
    desk.propose()
    for _ in range(12):
        desk.advance(days=1)
    desk.send()

    assert (audits(desk), case(desk).state) == ([AuditResult.UNSEEN], UseCaseState.APPROVED)
    assert any(
        "*AUD-1*, the audit of *UC-1*, ended: nobody looked at it in time." in post.text
        for post in desk.posts_to("U_OTTO")
    )
    assert "nobody decided in time" in desk.posts_to("U_PRIYA")[-1].text
    assert (line(desk).stands and line(desk).stands.counted, line(desk).audits) == (0, {AuditResult.UNSEEN: 1})


# ------------------------------------------------------------------------------------------ it failed


def test_failed_suspends_it_and_it_comes_back_by_people(desk: House) -> None:
    desk.propose()
    fail(desk, "AUD-1")

    assert (audits(desk), case(desk).state) == ([AuditResult.FAILED], UseCaseState.SUSPENDED)
    [told] = [post.text for post in desk.posts_to("U_MAREK") if "suspended" in post.text]
    assert "people looked at what the policy had approved by itself, and do not agree" in told
    news = next(post.text for post in desk.posts_to("U_PRIYA") if "AUD-1" in post.text)
    assert "⛔ *Failed* by Ben" in news
    assert "It reads customers' mail." in news
    assert "send it again by “Request a change”" in news

    view = desk.edit("U_MAREK", str(case(desk).id), oversight="")
    assert "Governance" in words(view)
    response = desk.submit("U_MAREK", view, {})
    assert reference_in(response) == "UC-1"
    assert case(desk).state is UseCaseState.SUSPENDED
    desk.send()
    card = desk.posts_to("U_ANN")[-1]
    desk.press("U_ANN", Action.APPROVE, buttons(card)["Approve"])
    desk.send()

    assert case(desk).state is UseCaseState.APPROVED
    assert "may be used again" in desk.posts_to("U_MAREK")[-1].text


def test_what_failed_once_is_never_approved_by_a_line_again(desk: House) -> None:
    desk.propose()
    fail(desk, "AUD-1")
    desk.submit("U_MAREK", desk.edit("U_MAREK", str(case(desk).id), oversight=""), {})
    desk.send()
    desk.press("U_ANN", Action.APPROVE, buttons(desk.posts_to("U_ANN")[-1])["Approve"])

    view = desk.edit("U_PRIYA", str(case(desk).id), outputs="Another page for each file")
    assert "The policy approves this by itself" not in words(view)
    desk.submit("U_PRIYA", view, {})
    assert len(facts(desk, "audit.drawn")) == 1


def test_nobody_gets_out_of_an_audit_by_sending_a_change(desk: House) -> None:
    desk.propose()
    desk.submit("U_PRIYA", desk.edit("U_PRIYA", str(case(desk).id), outputs="Another page for each file"), {})

    assert case(desk).pending_revision == 2
    assert audits(desk) == [None]
    fail(desk, "AUD-1")
    assert case(desk).state is UseCaseState.SUSPENDED


def test_an_audit_ends_when_people_have_decided_about_it_meanwhile(desk: House) -> None:
    desk.propose()
    desk.submit("U_PRIYA", desk.edit("U_PRIYA", str(case(desk).id), outputs="Another page for each file"), {})
    desk.send()
    desk.press("U_ANN", Action.APPROVE, buttons(desk.posts_to("U_ANN")[-1])["Approve"])
    desk.advance(seconds=2)
    desk.send()

    assert (audits(desk), case(desk).state) == ([AuditResult.OVERTAKEN], UseCaseState.APPROVED)
    [card] = [post for post in desk.posts_to("U_BEN") if "AUD-1" in post.text]
    assert "Not needed any more*: it ended, or people have decided about it" in words(card)
    desk.approve("U_BEN", "AUD-1")
    assert audits(desk) == [AuditResult.OVERTAKEN]


# -------------------------------------------------------------------------------------------- the line


def test_one_failure_widens_the_sample_and_those_who_steer_are_told_once(house: House, by_chance: None) -> None:
    assert by_chance is None
    put_in_force(house, fast(60, widen={"after_failures": 1, "to": 90}))
    for role, who in (("checker", "U_BEN"), ("lead", "U_OTTO")):
        house.grant(role, who)
    while not audits(house):
        propose(house)
    before = len(facts(house, "audit.drawn"))
    fail(house, f"AUD-{before}")
    propose(house)

    assert [each["share"] for each in facts(house, "audit.drawn")] == [60] * before + [90]
    [told] = [post.text for post in house.posts_to("U_OTTO") if "from now on" in post.text]
    assert "90 % of what the policy's line `harmless` approves is audited from now on: 1 of the last 1 audits" in told
    assert facts(house, "fast_lane.changed") == [
        {"line": "harmless", "share": 90, "closed": False, "failed": 1, "of": 1}
    ]


def closed(desk: House) -> House:
    """Let three audits fail, one after the other."""
    propose(desk, 3)
    for number in (1, 2, 3):
        fail(desk, f"AUD-{number}")
    return desk


def test_three_failures_close_the_line_and_what_comes_next_goes_to_people(desk: House) -> None:
    closed(desk)
    response = desk.propose_with(name="One more", differs="Others.")

    assert "is in review." in words(view_in(response))
    assert (case(desk, 4).state, len(facts(desk, "audit.drawn"))) == (UseCaseState.IN_REVIEW, 3)
    told = [post.text for post in desk.posts_to("U_CHIEF") if "approves nothing any more" in post.text]
    assert len(told) == 1
    assert "3 of the last 3 audits failed, the last one *AUD-3*, the audit of *UC-3*" in told[0]
    assert [each["closed"] for each in facts(desk, "fast_lane.changed")] == [True]
    with desk.database.reading() as session:
        snapshot = policy.route(session, "use_case", {"affected": frozenset({"own_team"})})
    assert '"passed":["harmless"]' in snapshot.content  # the record says why no line approved it


def test_an_admin_opens_it_again_with_a_reason_and_it_counts_anew(desk: House) -> None:
    closed(desk)
    desk.advance(hours=1)
    desk.press("U_CHIEF", Action.FAST_LANE, "home")
    page = desk.world.opened[-1]
    assert check_view(page, allowed=("modal",)) == []
    assert "3 of the last 3 audits failed" in words(page)
    form = desk.turn("U_CHIEF", Action.REOPEN_LINE, "harmless", view=page)
    assert check_view(form, allowed=("modal",)) == []
    assert (
        "Please say why"
        in errors_in(desk.submit("U_CHIEF", form, {Block.REOPEN_REASON: {"value": " "}}))[Block.REOPEN_REASON]
    )
    response = desk.submit("U_CHIEF", form, {Block.REOPEN_REASON: {"value": "The pattern was narrowed."}})

    assert "It approves again." in words(view_in(response))
    assert "Opened again by Chief" in words(view_in(response))
    assert [each["line"] for each in facts(desk, "fast_lane.reopened")] == ["harmless"]
    desk.propose(name="One more", differs="Others.")
    assert case(desk, 4).state is UseCaseState.APPROVED
    desk.advance(minutes=1)
    fail(desk, "AUD-4")
    assert (line(desk).is_closed, line(desk).stands and line(desk).stands.failed) == (False, 1)
    again = desk.submit("U_CHIEF", form, {Block.REOPEN_REASON: {"value": "Once more."}})
    assert "It is open already." in words(view_in(again))


def test_only_admins_open_it_again_and_only_those_who_steer_look(desk: House) -> None:
    closed(desk)
    desk.press("U_OTTO", Action.FAST_LANE, "home")
    page = desk.world.opened[-1]
    assert "Open it again" not in words(page)
    desk.press("U_OTTO", Action.REOPEN_LINE, "harmless")
    desk.press("U_PRIYA", Action.FAST_LANE, "home")
    desk.send()

    assert "Only admins open a closed line again. Ask Chief." in desk.whispers_to("U_OTTO")[-1]
    assert "Only programme leads and admins" in desk.whispers_to("U_PRIYA")[-1]
    assert line(desk).is_closed


def test_leads_see_on_home_how_the_fast_lane_does_this_month(desk: House) -> None:
    propose(desk, 2)
    fail(desk, "AUD-2")
    desk.open_home("U_OTTO")
    desk.open_home("U_PRIYA")
    desk.send()

    told = words(desk.world.homes["U_OTTO"])
    assert (
        "`harmless`: 2 approved this month, 2 drawn for an audit: 1 failed, 1 still open; open, 100 % audited" in told
    )
    assert check_view(desk.world.homes["U_OTTO"], allowed=("home",)) == []
    assert "Fast lane" not in words(desk.world.homes["U_PRIYA"])
    desk.advance(days=40)
    desk.open_home("U_OTTO")
    desk.send()
    assert "`harmless`: 0 approved this month" in words(desk.world.homes["U_OTTO"])


def test_a_failure_found_after_people_decided_counts_but_suspends_nothing(desk: House) -> None:
    desk.propose()
    desk.submit("U_PRIYA", desk.edit("U_PRIYA", str(case(desk).id), outputs="Another page for each file"), {})
    desk.send()
    desk.press("U_ANN", Action.APPROVE, buttons(desk.posts_to("U_ANN")[-1])["Approve"])
    fail(desk, "AUD-1")  # before the clock has called it off

    assert (audits(desk), case(desk).state) == ([AuditResult.FAILED], UseCaseState.APPROVED)


def test_every_window_names_the_tier_it_was_approved_under(desk: House) -> None:
    desk.propose()
    with desk.database.reading() as session:
        request = session.exec(select(ApprovalRequest).where(ApprovalRequest.reference == "AUD-1")).one()

    assert request.tier is Tier.LOW
    assert re.search(r"AUD-\d", request.reference)
