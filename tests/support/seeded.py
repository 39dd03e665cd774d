"""The demo's people and its thirty real cases, stored by the services: no workspace runs, and nobody decides."""

from datetime import timedelta
from uuid import UUID, uuid5

from bot.cli.demo import company
from bot.cli.demo_cases import Case, read
from bot.cli.demo_setup import ROLES
from db.enums import Affected, Area, Build, DataClass, Decision, Direction, OutputUse, Practice, Processing, Verb
from db.session import Session
from handlers.profiles import profile_of
from tests.support.house import House
from workflows import approvals, people, policy, reactions, setup
from workflows.approvals import Vote, Voted
from workflows.intake import Kpi, OwnAnswer, Proposal
from workflows.people import Group
from workflows.policy import UNKNOWN, Question

_SPACE = UUID("5f0c2a1e-0000-4000-8000-000000000000")


def seed(house: House) -> None:
    """Put the shipped policy in force and propose every real case, in the order in which the demo's people did."""
    with house.database.transaction() as session:
        policy.apply(session, policy.default_text(), actor=None, now=house.clock.now())
        known = _people(session, house)
        cases = sorted((case for case in read() if not case.made_up), key=lambda case: -case.ago)
        for case in cases:
            house.clock.advance(minutes=1)
            proposer = people.find(session, known[case.proposer])
            assert proposer is not None
            says = _proposal(session, case, known, house)
            token = uuid5(_SPACE, case.key)
            reactions.propose(session, says, token=token, proposer=proposer, now=house.clock.now())


def decide(house: House, role: str, number: int) -> None:
    """Let the first of those asked approve this many open lanes of a role, the oldest first."""
    with house.database.transaction() as session:
        for request in approvals.in_review(session):
            lanes = [lane for lane in request.open_lanes() if lane.role == role]
            for lane in lanes[: 1 if number else 0]:
                vote = Vote(lane.id, Verb.APPROVE, lane.content_digest)
                voter, now = lane.seats[0].person, house.clock.now()
                delivery = f"seeded:{lane.id}"
                outcome = reactions.cast_vote(session, vote, voter=voter, delivery=delivery, now=now)
                assert isinstance(outcome, Voted), outcome
                number -= 1
    assert not number, f"{number} more lanes of {role} were to be decided"


def _people(session: Session, house: House) -> dict[str, str]:
    """Store who is there and who holds which role; return their Slack ids by name."""
    now, told = house.clock.now(), company()
    users = {user["name"]: user for user in told["users"]}
    for user in users.values():
        shown = {"team_id": house.deps.workspace.team_id, "profile": {"real_name": user["real_name"]}} | user
        people.store_profile(session, profile_of(shown, house.deps.workspace), now=now)
    groups = [Group(each["id"], each["handle"], each["name"]) for each in told["usergroups"]]
    people.store_groups(session, groups, now=now)
    people.withdraw_role(session, "governance", _id_of(session, "U_ANN"), actor=None, now=now)
    for group in told["usergroups"]:
        people.store_members(session, group["id"], group["users"], asked_at=now)
    for role, holders in ROLES.items():
        for who in holders:
            house.clock.advance(seconds=1)  # who got a role first is asked first
            now = house.clock.now()
            if who.startswith("S"):
                setup.grant_to_group(session, role, who, actor=None, now=now)
            else:
                reactions.grant_role(session, role, _id_of(session, who), actor=None, now=now)
    return {name: user["id"] for name, user in users.items()}


def _id_of(session: Session, slack_id: str) -> UUID:
    found = people.find(session, slack_id)
    assert found is not None, slack_id
    return found.id


def _proposal(session: Session, case: Case, known: dict[str, str], house: House) -> Proposal:
    answers, today = case.answers, house.clock.now().date()
    given = dict(answers.get("questions") or {})
    asked = [question for question in policy.questions(session) if question.key in given]
    return Proposal(
        name=" ".join(case.name.split()),
        problem=answers["problem"],
        team=answers["team"],
        owner_id=_id_of(session, known[case.owner]),
        sponsor_id=_id_of(session, known[answers["sponsor"]]),
        objective=answers["objective"],
        output_use=OutputUse(answers["output_use"]),
        outputs=answers["outputs"],
        benefit=answers["benefit"],
        data_class=DataClass(answers["data_class"]),
        processing=Processing(answers["processing"]),
        build=Build(answers["build"]),
        affected=tuple(map(Affected, answers["affected"])),
        decision=Decision(answers["decision"]),
        areas=tuple(map(Area, answers["areas"])),
        practices=tuple(map(Practice, answers["practices"])),
        kpis=tuple(
            Kpi(
                kpi["name"],
                kpi["unit"],
                Direction(kpi["direction"]),
                kpi["baseline"],
                kpi["target"],
                None,
                today + timedelta(days=kpi["due_in_days"]),
            )
            for kpi in answers["kpis"][:1]
        ),
        vendor=answers["vendor"] or "",
        model=answers["model"] or "",
        oversight=answers["oversight"] or "",
        own=tuple(_own(question, given[question.key]) for question in asked),
        confidential=bool(answers.get("confidential")),
    )


def _own(question: Question, given: str | list[str]) -> OwnAnswer:
    values = (given,) if isinstance(given, str) else tuple(given)
    words = {**question.options, UNKNOWN: "I do not know"}
    return OwnAnswer(question.key, question.section, question.ask, values, tuple(words[value] for value in values))
