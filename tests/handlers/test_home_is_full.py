"""Home takes a hundred blocks: of somebody with everything to do at once, what is urgent stays."""

from datetime import date
from uuid import uuid4

from sqlmodel import col, update

from db.enums import Affected, Blocks, Build, DataClass, Decision, Direction, EvidenceKind, OutputUse, Processing, Verb
from db.tables import Kpi as KpiRow
from db.tables import UseCase
from handlers.blocks import BlockKit, actions, button, header, section
from handlers.home.fitting import MOST_BLOCKS, Part, fitted
from handlers.ids import Action, Command
from sandbox.blockkit.validate import check_view
from tests.handlers.test_auditing import fast
from tests.support.chains import hire, put_in_force
from tests.support.conditions import IN_A_MONTH
from tests.support.house import House, words
from tests.support.renewals import beat, start_campaign
from workflows import approvals, conditions, intake, obligations, people, reactions
from workflows.approvals import Vote, Voted
from workflows.conditions import Asks, Evidence, Wanted
from workflows.intake import Kpi, Proposal
from workflows.people import Actor


def person(house: House, who: str) -> Actor:
    with house.database.reading() as session:
        found = people.find(session, who)
    assert found is not None, who
    return found


def propose(house: House, *, by: str, owner: str, name: str) -> None:
    """Send a proposal that the policy does not approve by itself, with three KPIs."""
    due = date(2026, 12, 1)
    says = Proposal(
        name=name,
        problem="It takes hours.",
        team="Post",
        owner_id=person(house, owner).id,
        sponsor_id=person(house, "U_OTTO").id,
        objective="Answer sooner",
        output_use=OutputUse.CLASSIFYING,
        outputs="A list",
        benefit="A day less",
        data_class=DataClass.INTERNAL,
        processing=Processing.OWN_CLOUD,
        build=Build.IN_HOUSE,
        affected=(Affected.CUSTOMERS,),
        decision=Decision.NONE,
        areas=(),
        practices=(),
        kpis=tuple(Kpi(f"Hours {each}", "hours", Direction.DOWN, 6.0, 3.0, None, due) for each in range(3)),
        oversight="Somebody reads it.",
    )
    proposer = person(house, by)
    house.clock.advance(seconds=1)
    with house.database.transaction() as session:
        reactions.propose(session, says, token=uuid4(), proposer=proposer, now=house.clock.now())


def approve_all(house: House, who: str, *owners_of_conditions: str) -> None:
    """Let somebody approve all they are asked, each on a condition for every one of these people."""
    voter, now = person(house, who), house.clock.now()
    owners = [person(house, each).id for each in owners_of_conditions]
    with house.database.transaction() as session:
        for request in approvals.waiting_for(session, voter.id, limit=100):
            [lane] = request.open_lanes()
            wanted = [
                Wanted(f"Sign it, {number}", each, IN_A_MONTH, EvidenceKind.STATEMENT, Blocks.CONTINUATION)
                for number, each in enumerate(owners)
            ]
            verb = Verb.APPROVE_WITH_CONDITIONS if wanted else Verb.APPROVE
            vote = Vote(lane.id, verb, lane.content_digest, is_confirmed=True)
            outcome = reactions.cast_vote(
                session, vote, voter=voter, delivery=str(uuid4()), now=now, asks=Asks(wanted) if wanted else None
            )
            assert isinstance(outcome, Voted), outcome


def give_evidence(house: House, who: str) -> None:
    owner, now = person(house, who), house.clock.now()
    with house.database.transaction() as session:
        for each in conditions.to_meet(session, owner.id, limit=100):
            obligations.offer(session, each.id, Evidence("", "Done."), actor=owner, now=now)


def shown(house: House, who: str) -> list[BlockKit]:
    house.open_home(who)
    house.send()
    view = house.world.homes[who]
    assert check_view(view, allowed=("home",)) == []
    blocks: list[BlockKit] = view["blocks"]
    return blocks


def test_of_somebody_with_everything_to_do_at_once_what_is_urgent_stays(house: House) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    for who, role in (("U_KIM", "governance"), ("U_MAREK", "reader"), ("U_PRIYA", "reader"), ("U_OTTO", "reader")):
        hire(house, who, role)
    for role in ("lead", "admin"):
        house.grant(role, "U_ANN")
    for number in range(5):
        propose(house, by="U_PRIYA", owner="U_MAREK", name=f"Sort letters {number}")
    approve_all(house, "U_ANN", "U_MAREK")  # whose evidence Ann is to look at
    give_evidence(house, "U_MAREK")
    for number in range(11):
        propose(house, by="U_ANN", owner="U_MAREK", name=f"Read letters {number}")
        propose(house, by="U_PRIYA", owner="U_ANN", name=f"Send letters {number}")
    approve_all(house, "U_KIM", "U_ANN")  # what Ann has to meet
    beat(house)
    with house.database.transaction() as session:
        owned = intake.owned_by(session, person(house, "U_ANN").id, limit=4)
        ids = [each.id for each in owned]
        session.connection().execute(update(UseCase).where(col(UseCase.id).in_(ids)).values(valid_until=IN_A_MONTH))
        others = [each.id for each in intake.owned_by(session, person(house, "U_MAREK").id, limit=40)]
        kpis = update(KpiRow).where(col(KpiRow.use_case_id).in_(others[-5:]))
        session.connection().execute(kpis.values(owner_id=person(house, "U_ANN").id))
    beat(house)
    for number in range(17):
        propose(house, by="U_PRIYA", owner="U_MAREK", name=f"Burn letters {number}")
    for _ in range(6):
        house.drafted("U_ANN", name="Fold letters")
    start_campaign(house, "U_ANN", date(2026, 3, 20), tier="low")
    house.command("U_ANN", "away until 2026-03-20", command=Command.GATEHOUSE)

    blocks = shown(house, "U_ANN")

    said = words(blocks)
    assert len(blocks) <= MOST_BLOCKS
    assert sum("Decide on UC-" in words(each) for each in blocks) == 15
    for part in (
        "I am back",
        "Waiting for you",
        "Evidence to look at",
        "Conditions to meet",
        "Does this still hold?",
        "Your drafts",
        "Your proposals",
        "You own",
        "KPIs you answer for",
        "Where requests wait",
        "Foundation",
        "Fast lane",
        "*Scorecard*: nobody has been asked yet",
        "Do approvals still hold?",
        "Record what is in use",
        "Propose a use case",
        "Settings",
    ):
        assert part in said, part
    # Or this is not the fullest Home there can be. A cut may take a line with its buttons, and so one block more.
    assert len(blocks) >= MOST_BLOCKS - 1


def test_what_is_cut_off_never_leaves_a_line_without_its_buttons() -> None:
    def line(number: int) -> list[BlockKit]:
        return [section(f"{number}"), actions(f"b.{number}", button(Action.OPEN, "Open", str(number)))]

    for length in range(40, 60):
        part = Part([header("All"), *(block for number in range(length) for block in line(number))], "More.")
        blocks = fitted([part, Part([section("Foot")])])
        assert len(blocks) <= MOST_BLOCKS
        assert blocks[-1] == section("Foot")
        kinds = [each["type"] for each in blocks]
        assert all(
            kinds[place + 1] == "actions" for place, each in enumerate(blocks[1:-2], 1) if each["type"] == "section"
        )
