"""The record: what its events hold, that nothing can change them, and that whoever tries is found."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from bot import verifier
from bot.verifier import Row
from db.enums import (
    Cadence,
    Criterion,
    Dimension,
    FoundationKind,
    KpiSource,
    RootCause,
    Section,
    SuspensionCause,
    UsageSource,
    UseCaseState,
    Verb,
    WorkstreamKind,
)
from db.ids import new_id
from db.session import Database, Session
from db.tables import ApprovalRequest, FreeText, Kpi, LedgerEvent, UseCase, UseCaseStage
from handlers.ids import Action
from tests.handlers.test_auditing import fast
from tests.support.asking import Asking
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.conditions import (
    IN_A_MONTH,
    TODAY,
    accept,
    approve_if,
    give_evidence,
    not_enough,
    until,
    waive,
    want,
)
from tests.support.decided_policy import FIRST, OTHER, SECOND, THIRD, appoint, propose
from tests.support.fakes import member
from tests.support.founding import AREA, Founding
from tests.support.gates import Gates
from tests.support.glass import answer, break_glass, call, with_holders
from tests.support.house import GOVERNANCE, ONE_LANE, House, buttons
from tests.support.kitchen import Kitchen
from tests.support.living import Living, open_every_gate
from tests.support.renewals import retire, short_lived, start_campaign, still_valid
from tests.support.scaling import rollout_policy
from workflows import (
    adoption,
    approvals,
    auditing,
    checkins,
    exports,
    intake,
    ledger,
    lessons,
    lifecycle,
    objectives,
    people,
    reactions,
    recorded,
    rollouts,
    scorecards,
)
from workflows import settings as organisation
from workflows.approvals import bursts
from workflows.checkins import Edited, Fixed, Locked, Measured, Rhythm, Wanted
from workflows.exports import Format, Shape, What
from workflows.intake import Step
from workflows.ledger import LedgerKind
from workflows.people import Actor, Detail
from workflows.settings import SettingName

SECRETS = {
    "name": "Zebra striped name",
    "problem": "Quagga problem <!channel> with many words",
    "team": "Okapi team",
    "objective": "Tapir objective",
    "kpi": "Ibex per hour",
}
REASON = "Because of the wombat."
IN_A_WEEK = TODAY + timedelta(days=9)


def rows(database: Database) -> list[Row]:
    with database.reading() as session:
        return [Row(*each) for each in ledger.events(session)]


def bodies(house: House) -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in rows(house.database)]


def full_story(house: House) -> None:
    """Let people do everything the product records."""
    put_in_force(
        house,
        policy_text(
            stage("one", lane("first", "governance"), lane("sister", "privacy")), stage("two", lane("second", "board"))
        ),
    )
    hire(house, "U_NINA")
    house.propose(**SECRETS)  # nobody holds privacy: blocked
    house.grant("privacy", "U_BEN")
    house.advance(hours=25)
    house.send()
    for who in ("U_ANN", "U_BEN"):
        house.press(who, Action.APPROVE, decide_value(house, who))
    house.grant("board", "U_OTTO")
    house.send()
    house.press("U_OTTO", Action.REJECT, decide_value(house, "U_OTTO"))
    house.submit("U_OTTO", house.world.opened[-1], {"approvals.lane.reason": {"value": REASON}})
    with house.database.transaction() as session:
        otto = people.identify(session, "U_OTTO", now=house.clock.now())
        assert isinstance(otto, people.Actor)
        people.withdraw_role(session, "board", otto.id, actor=None, now=house.clock.now())
        organisation.change(session, SettingName.GOVERNANCE_CHANNEL, "C_ELSEWHERE", actor=None, now=house.clock.now())
    house.send()


def story_of_a_fast_approver(house: House) -> None:
    """Let somebody approve so fast that they are asked for a second look, and confirm."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), tier="low"))
    references = [house.propose(name=f"Case {number}", differs="It is another.") for number in range(bursts.MANY)]
    for reference in references:
        house.approve("U_ANN", reference)
    house.submit("U_ANN", house.world.opened[-1], {})


def decide_value(house: House, who: str) -> str:
    return buttons(house.posts_to(who)[0])["Approve"]


PIE_ROLES = (
    ("U_ALMA", "taster"),
    ("U_NOAH", "cooker"),
    ("U_INES", "lead"),
    ("U_MONA", "server"),
    ("U_PAUL", "server"),
)
PIE_POLICY = policy_text(
    stage(
        "taste",
        lane("bakers", "taster", hours=2),
        lane("cooks", "cooker", hours=200),
        lane("servers", "server", rule="all", sections=["data"], hours=200),
    ),
    kind="pie",
    tier="low",
)


def story_of_a_request(house: House) -> None:
    """Let people do everything the engine knows, with a subject of its own kind."""
    kitchen = Kitchen(house, PIE_POLICY, PIE_ROLES)
    hire(house, "U_TARA", "cooker")
    kitchen.people |= {"U_TARA": kitchen.actor("U_TARA")}
    cook, ann, ben = (kitchen.people[who] for who in ("U_NOAH", "U_ANN", "U_BEN"))
    now = house.clock.now()
    with house.database.transaction() as session:
        approvals.ask_question(session, kitchen.request_id, REASON, asker=cook, now=now)
        [asked] = approvals.questions_of(session, kitchen.request_id)
        approvals.answer_question(session, asked.id, REASON, actor=ann, now=now)
        approvals.nudge(session, kitchen.request_id, actor=ann, now=now)
        approvals.add_approver(session, kitchen.request_id, person=ben, reason=REASON, actor=cook, now=now)
        lane_id = kitchen.lane("cooks").id
        to = kitchen.people["U_TARA"]
        approvals.reassign(session, lane_id, seat=cook, to=to, reason=REASON, actor=cook, now=now)
    kitchen.away("U_TARA", "U_OTTO")
    with house.database.transaction() as session:
        people.end_delegations(session, kitchen.people["U_TARA"], now=house.clock.now())
    kitchen.beat(hours=9)  # the baker's time is up, and the lead is asked
    kitchen.beat(hours=24)  # theirs is up too
    kitchen.beat(seconds=1)
    house.tell({"type": "user_change", "user": member("U_TARA", deleted=True)})
    house.advance(seconds=2)
    kitchen.vote("U_MONA", "servers")
    kitchen.vote("U_INES", "bakers", Verb.REQUEST_CHANGES)
    kitchen.resubmit(purpose="c")
    kitchen.reroute(policy_text(stage("taste", lane("leads", "lead")), kind="pie", tier="low"))
    with house.database.transaction() as session:
        approvals.withdraw(session, kitchen.request_id, actor=ann, now=house.clock.now())
        told = people.Description(told=frozenset({Detail.TEAM}), team="Bakery")
        people.describe(session, ann, told, now=house.clock.now())
        today = people.local_day(ann, house.clock.now())
        people.set_leave(session, ann, today, today, to=None, now=house.clock.now())
        people.end_leave(session, ann, today, now=house.clock.now())


def story_of_a_proposal(house: House) -> None:
    """Let somebody correct what they proposed, somebody else join them, and own the objectives."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"))))
    reference = house.propose(name="Sort incoming letters", problem="Letters lie for a week before anybody reads them.")
    house.press("U_ANN", Action.REQUEST_CHANGES, house.ballot(reference))
    house.submit("U_ANN", house.world.opened[-1], {"approvals.lane.reason": {"value": REASON}})
    with house.database.reading() as session:
        use_case = session.exec(select(UseCase.id).where(UseCase.number == int(reference[3:]))).one()
    house.press("U_PRIYA", Action.EDIT, str(use_case))
    house.go_on("U_PRIYA", house.world.opened[-1], problem="Letters lie for a month.")
    again = {"name": "Sort incoming letters", "problem": "Letters lie for a month."}
    view = house.drafted("U_OTTO", until=Step.SIMILAR, **again)
    [join] = [each for each in pressable(view) if each["action_id"] == Action.JOIN]
    house.turn("U_OTTO", Action.JOIN, join["value"], view=view)
    with house.database.transaction() as session:
        otto = people.find(session, "U_OTTO")
        for objective in intake.objectives(session):
            intake.set_objective_owner(session, objective.name, otto, actor=None, now=house.clock.now())


def story_of_changes(house: House) -> None:
    """Let something approved be changed, once in vain."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"))))
    reference = house.propose(name="Forecast the post", problem="Nobody knows how many letters come tomorrow.")
    with house.database.reading() as session:
        use_case = session.exec(select(UseCase.id).where(UseCase.number == int(reference[3:]))).one()
    decide(house, "Approve")
    for target, what in (("2", "Reject"), ("1", "Approve")):
        house.submit("U_PRIYA", house.edit("U_PRIYA", str(use_case), kpi_target=target), {})
        decide(house, what)
    with house.database.transaction() as session:
        cause, now = SuspensionCause.CONDITION_OVERDUE, house.clock.now()
        intake.suspend(session, use_case, cause, actor=None, now=now)
        intake.lift(session, use_case, [cause], actor=None, now=now)


def story_of_conditions(house: House) -> None:
    """Let something be approved on conditions that are met, waived, passed on, late, and asked in vain."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"), lane("sister", "privacy"))))
    house.propose(name="Rank spare parts", problem="Nobody knows which part is needed first.")
    wanted = ("Wombat proof it", "Quagga test it", "Zebra sign it")
    approve_if(house, "U_ANN", *(want(text, owner="U_NINA") for text in wanted[:2]))
    approve_if(house, "U_BEN", want(wanted[2], day=IN_A_WEEK, blocks="continuation"), also=[])
    give_evidence(house, "U_NINA", text=REASON)
    not_enough(house, "U_ANN", REASON)
    give_evidence(house, "U_NINA", text=REASON)
    accept(house, "U_ANN")
    house.tell({"type": "user_change", "user": member("U_NINA", deleted=True)})
    house.advance(seconds=2)
    waive(house, "U_ANN", REASON, number=2)
    until(house, IN_A_WEEK + timedelta(days=1))
    reference = house.propose(name="Weigh spare parts", problem="Nobody knows what they weigh.")
    approve_if(house, "U_ANN", want("Ibex weigh it", day=IN_A_MONTH))
    house.press("U_PRIYA", Action.WITHDRAW, str(house.request_id(reference)))


def decide(house: House, what: str) -> None:
    """Press a button of the newest card that has it."""
    house.send()
    value = next(buttons(post)[what] for post in reversed(house.posts_to("U_ANN")) if what in buttons(post))
    house.press("U_ANN", {"Approve": Action.APPROVE, "Reject": Action.REJECT}[what], value)
    if what == "Reject":
        house.submit("U_ANN", house.world.opened[-1], {"approvals.lane.reason": {"value": REASON}})


def story_of_break_glass(house: House) -> None:
    """Let two people let things go ahead, and not: each way there is to call it, answer it and see it end."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"))))
    with_holders(house)
    for number, name in enumerate(["Read the meters", "Check the bills", "Plan the shifts"]):
        reference = house.propose(name=name, problem=f"Nobody has done it for {number + 2} years.")
        if number == 0:
            call(house, reference=reference)
            answer(house, "U_OLGA", Action.TAKE_BACK)
            call(house, reference=reference)
            answer(house, action=Action.DO_NOT_AGREE)
            call(house, reference=reference)
            house.advance(hours=24)  # nobody answers
        break_glass(house, reference=reference, hours="1")
        if number == 1:
            house.approve("U_ANN", reference)
        if number == 2:
            house.reject("U_ANN", REASON, reference)
        house.advance(hours=1)


def story_of_the_policy(house: House) -> None:
    """Let admins decide about two changes of the policy, of which the second comes too late."""
    appoint(house)
    for file in (OTHER, THIRD):
        propose(house, file)
    for reference in ("POL-1", "POL-2"):
        for who in (FIRST, SECOND):
            house.approve(who, reference)


def story_of_kpis(house: House) -> None:
    """Let a baseline be locked and amended, and somebody else answer for the KPI."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"))))
    house.propose(name="Sort invoices", problem="Nobody sorts invoices.", kpi=SECRETS["kpi"], kpi_unit="quokkas")
    decide(house, "Approve")
    house.advance(seconds=2)
    with house.database.transaction() as session:
        kpi = session.exec(select(Kpi).where(Kpi.unit == "quokkas")).one()
        marek, otto = people.find(session, "U_MAREK"), people.find(session, "U_OTTO")
        assert marek is not None
        assert otto is not None
        now, amends = house.clock.now(), None
        for value in ("6.25", "5"):
            said = Measured(value, date(2026, 2, 1), date(2026, 2, 2), "40", REASON, REASON)
            locked = intake.lock_baseline(session, kpi.id, said, amends=amends, actor=marek, now=now)
            assert isinstance(locked, Locked)
            amends = locked.baseline.id
        rhythm, source = Rhythm(Cadence.EVERY_WEEKS, 5), KpiSource.SURVEY
        edited = intake.edit_kpi(
            session, kpi.id, seen=1, rhythm=rhythm, source=source, owner=otto, actor=marek, now=now
        )
        assert isinstance(edited, Edited)


def story_of_those_who_leave(house: House) -> None:
    """Let whoever proposed something leave, and then who owns it."""
    for who in ("U_PRIYA", "U_MAREK"):
        house.tell({"type": "user_change", "user": member(who, deleted=True)})
        house.advance(seconds=2)


def story_of_an_audit(house: House) -> None:
    """Let the policy approve something that people find wrong, so that its line is closed and opened again."""
    hire(house, "U_IRIS")
    hire(house, "U_VERA", "checker")
    put_in_force(house, fast(close={"after_failures": 1}))
    house.propose("U_IRIS", name="Draft press texts", owner="U_IRIS", sponsor="U_IRIS", differs="Others.")
    with house.database.reading() as session:
        references = session.exec(select(ApprovalRequest.reference)).all()
    house.reject("U_VERA", REASON, next(each for each in references if each.startswith("AUD")))
    with house.database.transaction() as session:
        auditing.reopen(session, "harmless", REASON, actor=None, now=house.clock.now())


def story_of_what_ends(house: House) -> None:
    """Let owners be asked whether approvals still hold: one is confirmed in vain and retired, others lapse."""
    put_in_force(house, short_lived(renewed_by="chain"))
    house.grant("lead", "U_OTTO")
    number = int(house.propose(name="Weigh the post", problem="Nobody knows how heavy letters are.")[3:])
    decide(house, "Approve")
    house.advance(seconds=2)
    due = (house.clock.now() + timedelta(days=10)).date()
    start_campaign(house, "U_OTTO", due, tier="medium")
    still_valid(house, "U_MAREK", number)
    decide(house, "Reject")
    retire(house, "U_MAREK", number, reason=REASON)
    for _ in range(14):
        house.advance(days=1)
    house.propose(name="Burn the post", problem="Old letters fill the cellar.")


def story_of_what_is_in_use_already(house: House) -> None:
    """Let a lead record what is in use, one drop it and one propose it, and objectives be tied to one another."""
    put_in_force(house, policy_text(stage("one", lane("first", "governance"))))
    with house.database.transaction() as session:
        now, lead = house.clock.now(), people.find(session, "U_OTTO")
        assert lead is not None
        people.grant_role(session, "lead", lead.id, actor=None, now=now)
        found = [
            recorded.record(session, recorded.Said(name, problem=REASON), actor=lead, now=now)
            for name in ("Ibex scanner", "Okapi reader")
        ]
        macro, reader = (each for each in found if isinstance(each, recorded.RecordingSnapshot))
        recorded.drop(session, macro.id, recorded.DropReason.IS_NOT_AI, REASON, actor=lead, now=now)
        objectives.add(session, "Wombat goal", actor=lead, now=now)
        [name, *_] = [each.name for each in objectives.objectives(session) if each.name != "Wombat goal"]
        objectives.set_parent(session, name, "Wombat goal", actor=lead.id, now=now)
        objectives.set_sponsor(session, name, lead, actor=lead.id, now=now)
    house.press("U_OTTO", Action.PROPOSE_RECORDED, str(reader.id))
    said = {"name": "Okapi reader", "differs": "It reads.", "owner": "U_OTTO", "sponsor": "U_OTTO"}
    house.go_on("U_OTTO", house.world.opened[-1], **said)


def pressable(view: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = view["blocks"]
    found = [*(each.get("accessory") or {} for each in blocks), *(e for b in blocks for e in b.get("elements", []))]
    return [each for each in found if each.get("type") == "button"]


def nothing_is_left(house: House) -> None:
    """Let the use cases of other stories be over: else people are asked about each of them, for weeks."""
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=UseCaseState.RETIRED, valid_until=None))


def story_of_check_ins(house: House) -> None:
    """Let somebody answer, be reminded, stay silent, and leave while they are asked."""
    put_in_force(house, ONE_LANE)
    nothing_is_left(house)
    for who in ("U_LEA", "U_TIM"):
        house.world.people[who] = member(who)
    asking = Asking(house, proposer="U_TIM", name="Sort receipts", problem="Receipts pile up.", owner="U_LEA")
    asking.jump(days=8)
    asking.answer("5", "U_LEA", BLOCKERS=REASON, HOURS="3 to 4", HOURS_METHOD=REASON, COST="120 EUR", ACTIVE="4")
    while "check_in.sponsor_told" not in house.facts():
        asking.jump(days=1)
    while asking.newest().reminders:  # until the next period
        asking.jump(days=1)
    asking.choose(Action.SNOOZE, "hour", "U_LEA")
    asking.leave("U_LEA")
    asking.jump(days=1)
    house.press("U_OTTO", Action.SKIP, str(asking.newest().id))
    asking.fill("U_OTTO", SKIP_REASON=REASON)
    asking.put_in(UseCaseState.RETIRED)
    asking.jump(days=8)


def story_of_second_persons(house: House) -> None:
    """Let somebody doubt and confirm what another answered, and a system's readings be imported."""
    put_in_force(house, ONE_LANE)
    for who in ("U_EMMA", "U_JON", "U_ZOE"):
        house.world.people[who] = member(who)
    asking = Asking(house, proposer="U_JON", name="Sort parcels", problem="Parcels pile up.", owner="U_EMMA")
    asking.jump(days=8)
    asking.answer("5", "U_EMMA", VERIFIER="U_ZOE")
    house.send()
    [post] = house.posts_to("U_ZOE")
    house.press("U_ZOE", Action.DOUBT_NUMBERS, buttons(post)["Not right …"])
    asking.fill("U_ZOE", DOUBT_REASON=REASON)
    house.press("U_ZOE", Action.CONFIRM_NUMBERS, buttons(post)["Confirm"])
    asking.add_kpi("Lost parcels", "weekly", source=KpiSource.SYSTEM)
    file = checkins.read_readings(f"use_case,kpi,date,value\n{asking.reference},Lost parcels,2026-03-02,7\n")
    assert isinstance(file, checkins.ReadingFile)
    with house.database.transaction() as session:
        planned = checkins.plan_import(session, file, now=house.clock.now())
        assert isinstance(planned, checkins.PlannedReadings)
        checkins.carry_out_import(session, planned, now=house.clock.now())


def story_of_fixes(house: House) -> None:
    """Let fixes be accepted, changed, dropped, reminded of, given on when somebody leaves, and done."""
    put_in_force(house, ONE_LANE)
    for who in ("U_EVA", "U_KAI"):
        house.world.people[who] = member(who)
    asking = Asking(house, proposer="U_KAI", name="Sort tenders", problem="Tenders pile up.", owner="U_EVA")
    asking.jump(days=8)
    asking.answer("5", "U_EVA", LOOKED_AT="40", BY_PROMPT="4", BY_CONTEXT="8")
    due, ids = (house.clock.now() + timedelta(days=3)).date(), []
    with house.database.transaction() as session:
        eva, now = people.find(session, "U_EVA"), house.clock.now()
        assert eva is not None
        for cause in (RootCause.CONTEXT, RootCause.PROMPT):
            wanted = Wanted(cause, REASON, eva, due)
            accepted = checkins.accept_fix(session, asking.newest().id, wanted, actor=eva, now=now)
            assert isinstance(accepted, Fixed)
            ids.append(accepted.fix.id)
        checkins.drop_fix(session, ids.pop(), REASON, actor=eva, now=now)
        wanted = Wanted(RootCause.CONTEXT, f"{REASON} And the quagga.", eva, due)
        checkins.change_fix(session, ids[0], wanted, seen=accepted.fix.version, actor=eva, now=now)
    while "fix.reminded" not in house.facts():
        asking.jump(days=1)
    asking.leave("U_EVA")
    asking.jump(days=1)
    house.press("U_OTTO", Action.FINISH_FIX, str(ids[0]))


def story_of_gates(house: House) -> None:
    """Let people open a gate, fail to, do without a criterion, and let what it rests on lapse and be mended."""
    gates = Gates(house)
    gates.found(FoundationKind.STAKEHOLDER_MAP)
    gates.waive(Criterion.STAKEHOLDER_MAP, gates.in_days(90), REASON)
    gates.decide("GATE-1")
    gates.ask()
    gates.approve_part(FoundationKind.CONTEXT_PACK)
    gates.decide("GATE-2")
    gates.open(reference="GATE-3")
    gates.revoke(FoundationKind.CONTEXT_PACK)
    gates.beat(minutes=2)
    gates.beat(days=15)
    gates.approve_part(FoundationKind.CONTEXT_PACK)
    gates.beat(minutes=2)
    gates.revoke(FoundationKind.DATA_READINESS)
    gates.waive(Criterion.DATA_READINESS, gates.in_days(1), REASON)
    house.clock.advance(days=3)
    gates.decide("GATE-4")


def story_of_the_foundation(house: House) -> None:
    """Let a part be given, written, discarded, approved, reminded of and taken back."""
    founding = Founding(house)
    hire(house, "U_ANN", "governance")
    owner = "U_FINN"
    hire(house, owner)
    founding.give(AREA, owner)
    for _ in range(2):
        founding.write(AREA, owner, PART_SUMMARY=SECRETS["problem"], PART_REVIEW=str(house.clock.now().date()))
        number = founding.newest(AREA).number
        founding.press(Action.DISCARD_PART if number == 1 else Action.SUBMIT_PART, f"{AREA}.{number}", owner)
    house.approve("U_ANN", "GOV-1")
    while "foundation.reminded" not in house.facts():
        house.advance(hours=12)
    founding.revoke(AREA, owner, REASON)


def story_of_scaling(house: House) -> None:
    """Let a team of new people write down what it learnt, and take its use case to another team."""
    put_in_force(house, rollout_policy())
    hire(house, "U_RAJ", "governance")
    hire(house, "U_SOL")
    reference = house.propose("U_SOL", name="Route the calls", owner="U_SOL", sponsor="U_SOL", differs="It is another.")
    with house.database.reading() as session:
        first = session.exec(select(UseCase).where(UseCase.number == int(reference[3:]))).one()
    with house.database.transaction() as session:
        actor, now = people.find(session, "U_SOL"), house.clock.now()
        assert actor is not None
        entered = {"use_case_id": first.id, "state": UseCaseState.IN_DEPLOYMENT, "entered_at": now}
        session.connection().execute(insert(UseCaseStage), {"id": new_id(), **entered})
        scales = update(UseCase).where(col(UseCase.id) == first.id)
        session.connection().execute(scales.values(state=UseCaseState.SCALING, suspended_from=None, valid_until=None))
        says = lessons.Says(REASON, REASON, REASON)
        kept = lessons.write(session, first.id, says, actor=actor, now=now)
        assert isinstance(kept, lessons.Kept)
        lesson, says = kept.lesson.id, replace(says, worked=f"{REASON} Twice.")
        lessons.edit(session, lesson, says, seen=kept.lesson.says.digest, actor=actor, now=now)
        lessons.publish(session, lesson, seen=says.digest, actor=actor, now=now)
        lessons.confirm(session, lesson, actor=actor, now=now)
        lessons.withdraw(session, lesson, REASON, actor=actor, now=now)
        lessons.publish_checklist(session, first.id, f"{REASON}\n" * 3, seen=0, actor=actor, now=now)
    open_every_gate(house.database, now, by=actor.id)
    story_of_a_rollout(house, first.id)


def story_of_a_rollout(house: House, use_case_id: UUID) -> None:
    with house.database.transaction() as session:
        sol, now = people.find(session, "U_SOL"), house.clock.now()
        assert sol is not None
        starts = people.local_day(sol, now)
        wanted = rollouts.Wanted("Quokka team", sol, 40, starts, {Section.DATA: REASON})
        asked = rollouts.ask(session, use_case_id, wanted, actor=sol, now=now)
    assert isinstance(asked, rollouts.RolledOut)
    house.send()
    house.press("U_RAJ", Action.REQUEST_CHANGES, buttons(house.posts_to("U_RAJ")[-1])["Request changes"])
    house.submit("U_RAJ", house.world.opened[-1], {"approvals.lane.reason": {"value": REASON}})
    with house.database.transaction() as session:
        wanted = replace(wanted, people=30)
        rollouts.revise(session, asked.rollout.id, wanted, seen=1, actor=sol, now=house.clock.now())
    house.send()
    house.press("U_RAJ", Action.APPROVE, buttons(house.posts_to("U_RAJ")[-1])["Approve"])
    with house.database.transaction() as session:
        for position in (1, 2, 3):
            rollouts.finish_step(session, asked.rollout.id, position, actor=sol, now=house.clock.now())
            if position == 1:
                rollouts.reopen_step(session, asked.rollout.id, 1, actor=sol, now=house.clock.now())
                rollouts.finish_step(session, asked.rollout.id, 1, actor=sol, now=house.clock.now())


def story_of_a_life(house: House) -> None:
    """Let a use case be deployed, people work in its workstreams and leave, and its first value stay away."""
    put_in_force(house, f"{ONE_LANE}programme: {{first_value_days: 2}}\n")
    for who in ("U_LEO", "U_MIA"):
        house.world.people[who] = member(who)
    living = Living(house, name="Sort letters", problem="Letters pile up.", owner="U_LEO")
    monday = house.clock.now() + timedelta(days=7 - house.clock.now().weekday())
    living.jump_to(f"{monday:%Y-%m-%d}T10:00")
    living.deploy("U_LEO")
    now, due = house.clock.now(), (house.clock.now() + timedelta(days=3)).date()
    kept, dropped = (living.give_task("U_LEO", "U_MIA", due=due, name=name) for name in (REASON, "The quagga."))
    assert isinstance(kept, lifecycle.Set)
    assert isinstance(dropped, lifecycle.Set)
    assert kept.task is not None
    assert dropped.task is not None
    wanted, task_id = lifecycle.Wanted(REASON, kept.task.owner, due + timedelta(days=1)), kept.task.id

    def change(session: Session, leo: Actor) -> None:
        seen = dropped.workstream.version
        lifecycle.change_task(session, task_id, wanted, seen=seen, may_know=lambda *_: True, actor=leo, now=now)
        lifecycle.drop_task(session, dropped.task.id if dropped.task else task_id, REASON, actor=leo, now=now)

    house.act("U_LEO", change)
    house.advance(days=7)  # a Monday again, at work
    living.leave("U_MIA")
    house.advance(minutes=1)
    for kind in WorkstreamKind:
        living.finish_workstream(kind, "U_LEO", besides=task_id)
    house.act("U_LEO", lambda session, leo: lifecycle.reopen(session, living.workstream().id, actor=leo, now=now))
    living.leave("U_LEO")
    house.advance(minutes=1)


def story_of_use(house: House) -> None:
    """Bring in who used something, as a source counts it."""
    text, now = "day,person,interactions\n2026-02-02,U_OTTO,3\n2026-02-02,U_ANN,1\n", house.clock.now()
    with house.database.transaction() as session:
        file = adoption.read(io.BytesIO(text.encode()), UsageSource.CSV, latest=now.date())
        assert isinstance(file, adoption.UsageFile)
        scope = adoption.scope_of(session, source=UsageSource.CSV, use_case="UC-1", is_dry=False, now=now)
        assert isinstance(scope, adoption.Scope)
        planned = adoption.plan(session, scope, adoption.hidden(scope, file), file_digest="0" * 64)
        adoption.carry_out(session, planned, now=now)


def story_of_a_scorecard(house: House) -> None:
    """Let several people say how ready they think the organisation is."""
    now = house.clock.now()
    house.grant("lead", "U_BEN")
    ann, ben = (house.act(who, lambda _, actor: actor) for who in ("U_ANN", "U_BEN"))
    with house.database.transaction() as session:
        due = people.local_day(ben, now) + timedelta(days=7)
        found = scorecards.start(session, [ann, ben], due, actor=ben, now=now)
        assert isinstance(found, scorecards.Round)
        said = dict.fromkeys(Dimension, 3)
        for who in (ann, ben):
            assert isinstance(scorecards.answer(session, found.id, said, actor=who, now=now), scorecards.Round)
        assert isinstance(scorecards.close(session, found.id, actor=ben, now=now), scorecards.Closed)


def story_of_a_digest(house: House) -> None:
    """Let a week be told in a channel, and the next one come too late."""
    now = house.clock.now()
    with house.database.transaction() as session:
        setting = organisation.Digest("C_DIGEST", now.isoweekday(), now.hour * 60 + now.minute, "UTC")
        organisation.set_digest(session, setting, actor=None, now=now - timedelta(minutes=1))
    house.advance(minutes=1)
    house.advance(days=7, hours=13)


def story_of_exports(house: House) -> None:
    """Let an auditor have the register and somebody at the command line the evidence of a use case."""
    nina = house.act("U_NINA", lambda _, actor: actor)
    register = exports.Made(uuid4(), What.REGISTER, Format.XLSX, 3, "0" * 64, Shape.FEDERAL)
    evidence = exports.Made(uuid4(), What.EVIDENCE, Format.HTML, 50, "1" * 64, use_case_id=uuid4())
    with house.database.transaction() as session:
        exports.record(session, register, actor=nina.id, now=house.clock.now())
        exports.record(session, evidence, actor=None, now=house.clock.now())


STORIES = (
    full_story,
    story_of_conditions,
    story_of_a_fast_approver,
    story_of_a_proposal,
    story_of_changes,
    story_of_what_ends,
    story_of_kpis,
    story_of_a_request,
    story_of_break_glass,
    story_of_the_policy,
    story_of_what_is_in_use_already,
    story_of_those_who_leave,
    story_of_an_audit,
    story_of_check_ins,
    story_of_second_persons,
    story_of_fixes,
    story_of_the_foundation,
    story_of_gates,
    story_of_scaling,
    story_of_a_life,
    story_of_a_scorecard,
    story_of_a_digest,
    story_of_use,
    story_of_exports,
)


@dataclass(frozen=True, slots=True)
class Told:
    """The record after all stories, and the people in them as Slack knows them."""

    rows: list[Row]
    people: dict[str, dict[str, Any]]

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(row.body) for row in self.rows]


def test_the_full_story_records_every_kind_of_fact_and_nothing_that_names_anybody_or_quotes_them(house: House) -> None:
    """In one test, for the stories take seconds: whoever runs tests side by side would hear them once each."""
    for story in STORIES:
        story(house)
    told = Told(rows(house.database), house.world.people)

    assert {body["kind"] for body in told.bodies()} == {kind.value for kind in LedgerKind}
    holds_no_name_no_slack_id_and_nothing_anybody_wrote(told)
    every_value_is_an_id_an_enum_a_digest_a_key_or_a_number(told)


def holds_no_name_no_slack_id_and_nothing_anybody_wrote(told: Told) -> None:
    names = [person["real_name"] for person in told.people.values()]
    forbidden = [*told.people, *names, *SECRETS.values(), REASON, GOVERNANCE, "C_ELSEWHERE"]

    found = [
        (secret, row.body)
        for row in told.rows
        for secret in forbidden
        if re.search(rf"\b{re.escape(secret)}\b", f"{row.stream} {row.body}", re.IGNORECASE)
    ]

    assert found == []
    words = ("zebra", "quagga", "okapi", "tapir", "ibex", "wombat", "quokka")
    assert not any(word in row.body.lower() for row in told.rows for word in words)


def every_value_is_an_id_an_enum_a_digest_a_key_or_a_number(told: Told) -> None:
    digest_or_id = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    number = re.compile(r"-?\d+(\.\d+)?")
    moment = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z)?")
    zones = available_timezones()  # looks through the file system

    for body in told.bodies():
        for value in body["data"].values():
            for each in value if isinstance(value, list) else [value]:
                plain = each is None or isinstance(each, int)
                is_key = not plain and re.fullmatch(r"[a-z_-]{1,40}", each)
                is_key = is_key or (not plain and number.fullmatch(each)) or each in zones
                assert plain or digest_or_id.fullmatch(each) or moment.fullmatch(each) or is_key, body


def test_a_vote_is_on_the_record_with_the_content_and_the_reason_it_was_given_for(house: House) -> None:
    house.propose()
    ballot = house.ballot()
    house.reject("U_ANN", REASON)

    [vote] = [body for body in bodies(house) if body["kind"] == "approval.voted"]
    with house.database.reading() as session:
        [reason] = session.exec(select(FreeText).where(FreeText.body == REASON)).all()

    assert vote["data"]["content"] == ballot.partition(".")[2]
    assert vote["data"]["verb"] == "reject"
    assert vote["data"]["reason"] == ledger.salted_digest(reason.salt, REASON)
    assert reason.body == REASON


def test_who_acted_is_on_the_record_and_the_clock_is_nobody(house: House) -> None:
    house.propose()
    house.advance(hours=25)

    actors = {body["kind"]: body["actor"] for body in bodies(house)}

    assert actors["use_case.proposed"] == actors["approval.request_opened"] is not None
    assert actors["approval.reminded"] is None


def test_canonical_bytes_do_not_depend_on_the_order_things_were_said() -> None:
    assert ledger.canonical({"b": 1, "a": "ü"}) == ledger.canonical({"a": "ü", "b": 1}) == '{"a":"ü","b":1}'


def test_a_moment_takes_one_form_whatever_zone_it_was_given_in() -> None:
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert ledger.stamp(moment) == ledger.stamp(elsewhere) == "2026-03-02T09:00:00.000000Z"


def test_a_salted_digest_proves_the_text_and_only_with_its_salt() -> None:
    salt, other = ledger.new_salt(), ledger.new_salt()

    assert ledger.salted_digest(salt, "yes") == hashlib.sha256(f"{salt}\nyes".encode()).hexdigest()
    assert ledger.salted_digest(salt, "yes") != ledger.salted_digest(salt, "no")
    assert ledger.salted_digest(salt, "yes") != ledger.salted_digest(other, "yes")


# ------------------------------------------------------------------------------------ nothing changes it


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE ledger_events SET body = '{}'", id="change a body"),
        pytest.param("UPDATE ledger_events SET hash = hash", id="change nothing"),
        pytest.param("DELETE FROM ledger_events", id="delete everything"),
        pytest.param("DELETE FROM ledger_events WHERE seq = 1", id="delete the beginnings"),
        pytest.param(
            "INSERT OR REPLACE INTO ledger_events SELECT stream, seq, '{}', prev_hash, hash FROM ledger_events",
            id="replace on SQLite",
        ),
        pytest.param(
            "INSERT INTO ledger_events SELECT * FROM ledger_events WHERE true "
            "ON CONFLICT (stream, seq) DO UPDATE SET body = '{}'",
            id="insert over it",
        ),
        pytest.param("TRUNCATE ledger_events", id="truncate on PostgreSQL"),
    ],
)
def test_no_statement_changes_the_record(house: House, statement: str) -> None:
    house.propose()
    before = rows(house.database)

    with pytest.raises(DatabaseError), house.database.transaction() as session:
        session.connection().execute(text(statement))

    assert rows(house.database) == before


# ------------------------------------------------------------------------------------ whoever tries is found


def honest(streams: int = 3, events: int = 4) -> list[Row]:
    """Return chains as the product writes them, without a database."""
    written = []
    for number in range(streams):
        stream, previous = f"request:{number}", "0" * 64
        for seq in range(1, events + 1):
            body = ledger.canonical({"data": {"n": seq}, "kind": "approval.voted", "seq": seq, "stream": stream})
            link = ledger.chain_hash(previous, body)
            written.append(Row(stream, seq, body, previous, link))
            previous = link
    return written


HONEST = honest()


def test_an_honest_record_verifies(house: House) -> None:
    full_story(house)

    report = verifier.verify(rows(house.database))

    assert report.problem is None
    assert report.events == len(rows(house.database))
    assert report.head in report.sentence()
    with house.database.reading() as session:
        assert ledger.head_of_all(session) == ledger.Head(report.streams, report.head)


def test_an_empty_record_verifies() -> None:
    assert verifier.verify([]).problem is None


@given(
    position=st.integers(0, len(HONEST) - 1),
    column=st.sampled_from(["stream", "body", "prev_hash", "hash"]),
    where=st.integers(0, 10_000),
    change=st.integers(1, 127),
)
def test_one_changed_character_anywhere_is_found(position: int, column: str, where: int, change: int) -> None:
    row = HONEST[position]
    value = getattr(row, column)
    at = where % len(value)
    changed = value[:at] + chr((ord(value[at]) + change) % 0x3000) + value[at + 1 :]
    tampered = [*HONEST[:position], replace(row, **{column: changed}), *HONEST[position + 1 :]]

    report = verifier.verify(sorted(tampered, key=lambda each: (each.stream, each.seq)))

    assert report.problem is not None


@given(position=st.integers(0, len(HONEST) - 1), seq=st.integers(-3, 12))
def test_a_changed_number_is_found(position: int, seq: int) -> None:
    row = HONEST[position]
    tampered = [*HONEST[:position], replace(row, seq=seq), *HONEST[position + 1 :]]

    assert (verifier.verify(tampered).problem is None) == (seq == row.seq)


@given(position=st.integers(0, len(HONEST) - 1))
def test_a_row_taken_out_is_found_at_once_or_by_the_head(position: int) -> None:
    report = verifier.verify([*HONEST[:position], *HONEST[position + 1 :]])

    is_last_of_stream = HONEST[position].seq == 4
    assert (report.problem is None) == is_last_of_stream
    assert report.head != verifier.verify(HONEST).head


@given(first=st.integers(0, len(HONEST) - 1), second=st.integers(0, len(HONEST) - 1))
def test_two_rows_that_changed_places_are_found(first: int, second: int) -> None:
    tampered = list(HONEST)
    one, other = HONEST[first], HONEST[second]
    tampered[first] = replace(other, stream=one.stream, seq=one.seq)
    tampered[second] = replace(one, stream=other.stream, seq=other.seq)

    assert (verifier.verify(tampered).problem is None) == (first == second)


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        pytest.param(lambda: [*HONEST[:2], HONEST[1], *HONEST[2:]], "missing", id="a row twice"),
        pytest.param(lambda: [*HONEST, *HONEST[:4]], "second time", id="a stream that begins again"),
        pytest.param(lambda: [*HONEST[4:8], *HONEST[:4], *HONEST[4:8]], "second time", id="a stream with two chains"),
        pytest.param(lambda: rehashed(lambda body: body | {"seq": 9}), "moved", id="moved within its stream"),
        pytest.param(lambda: rehashed(lambda body: body | {"stream": "request:9"}), "moved", id="moved from another"),
        pytest.param(lambda: rehashed(lambda _: []), "moved", id="a body that is a list"),
        pytest.param(lambda: rehashed(lambda _: None), "moved", id="a body that is nothing"),
        pytest.param(lambda: [replace(HONEST[0], prev_hash="1" * 64)], "follow", id="a beginning that is none"),
        pytest.param(
            lambda: [Row("request:0", 1, "no JSON", "0" * 64, ledger.chain_hash("0" * 64, "no JSON"))],
            "not JSON",
            id="a body that is no JSON",
        ),
    ],
)
def test_a_forgery_is_called_what_it_is(forge: Callable[[], list[Row]], said: str) -> None:
    report = verifier.verify(forge())

    assert report.problem is not None
    assert said in report.problem
    assert report.problem in report.sentence()


def rehashed(change: Callable[[dict[str, Any]], Any]) -> list[Row]:
    """Return a stream whose last row was forged by somebody who knows how hashes are made."""
    *kept, last = HONEST[:4]
    body = json.dumps(change(json.loads(last.body)))
    return [*kept, replace(last, body=body, hash=ledger.chain_hash(last.prev_hash, body))]


def test_a_rewritten_history_has_another_head() -> None:
    forged = honest()
    forged[4:8] = [replace(row, stream="request:1") for row in forged[4:8]]
    body = ledger.canonical({"data": {"n": 99}, "kind": "approval.voted", "seq": 4, "stream": "request:1"})
    last = forged[7]
    forged[7] = replace(last, body=body, hash=ledger.chain_hash(last.prev_hash, body))

    report = verifier.verify(forged)

    assert report.problem is None
    assert report.head != verifier.verify(HONEST).head


def test_the_head_is_the_same_whatever_order_a_database_sorts_streams_in() -> None:
    other_way = [*HONEST[8:], *HONEST[:4], *HONEST[4:8]]

    assert verifier.verify(other_way).head == verifier.verify(HONEST).head


def test_tampering_behind_the_products_back_is_found(house: House) -> None:
    house.propose()
    with house.database.transaction() as session:
        if house.database.engine.dialect.name == "postgresql":
            session.connection().execute(text("ALTER TABLE ledger_events DISABLE TRIGGER USER"))
        else:
            session.connection().execute(text("DROP TRIGGER ledger_events_no_update"))
        session.connection().execute(
            text("UPDATE ledger_events SET body = replace(body, 'approval.stage_opened', 'approval.voted')")
        )

    report = verifier.verify(rows(house.database))

    assert report.problem is not None
    assert "request:" in report.problem


def test_granting_a_role_twice_is_one_fact(house: House) -> None:
    with house.database.transaction() as session:
        ann = people.identify(session, "U_ANN", now=house.clock.now())
        assert isinstance(ann, people.Actor)
        assert reactions.grant_role(session, "governance", ann.id, actor=None, now=house.clock.now())[0] is False
    with house.database.reading() as session:
        facts = session.exec(select(LedgerEvent).where(col(LedgerEvent.stream) == "role:governance")).all()

    assert len(facts) == 1


values = st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none() | st.lists(st.text())


@given(st.dictionaries(st.text("abcdefghijklmnopqrstuvwxyz_"), values))
def test_the_quick_way_to_write_an_event_gives_the_canonical_bytes(data: dict[str, Any]) -> None:
    event = {"data": data, "seq": 3, "v": 1}
    assert ledger._body(event) == ledger.canonical(event)  # noqa: SLF001
