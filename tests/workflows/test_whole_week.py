"""A week of a whole small company: every number of its digest worked out by hand from what people did."""

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from db.enums import CheckInState, RootCause, UsageSource, UseCaseState
from handlers.digests import blocks
from handlers.digests.export import Format, content_of
from tests.support.chains import hire
from tests.support.conditions import approve_if, want
from tests.support.glass import call, with_holders
from tests.support.house import House
from tests.support.living import ANN, OTTO, PRIYA, Living
from workflows import adoption, digests
from workflows.adoption import Figure, TeamUse, Telling, UsageFile
from workflows.digests import DETAILS, Answers, Count, Digest, KpiStanding, Return, Span, Stage, StoredDigest, Window

WEEK = Window.of_week(date(2026, 3, 2), "Europe/Berlin")
NINA, ZOE = "U_NINA", "U_ZOE"


class Company(Living):
    """Week 10 of 2026. UC-1 of Complaints is measured against a baseline; five more are of other teams."""

    def __init__(self, house: House) -> None:
        super().__init__(house, kpi_name="Cost per file", kpi_unit="EUR")
        self.lock_baselines()  # at 6
        self.put_in(UseCaseState.DEPLOYED)
        with_holders(house)
        hire(house, NINA)
        hire(house, ZOE)
        self.used("UC-2", "Zebra", "Board", confidential=["confidential"])  # nobody answers
        self.used("UC-3", "Answer mail", "Service", owner=NINA)
        house.propose(PRIYA, sponsor=OTTO, team="Legal", name="Compare clauses")  # UC-4: nobody answers
        approve_if(house, ANN, want(day=date(2026, 3, 12)))
        house.propose(PRIYA, sponsor=OTTO, team="Design", name="Draw posters")  # UC-5 waits from now on
        call(house, reference="UC-5")
        self.used("UC-6", "Read letters", "Legal", owner=ZOE)
        self.is_away(NINA, "2026-03-03", "2026-03-06")  # so she is asked on the 9th, and can still answer
        self.is_away(ZOE, "2026-03-03", "2026-03-20")
        for moment in ("2026-03-02T09:30", "2026-03-03T09:00"):
            self.jump_to(moment)
        self.answer_all()
        self.house.advance(days=6)
        self.brought("UC-2", "eligible,active", "30,11")
        self.brought("UC-3", "eligible,assigned,active", "20,15,9")

    def used(self, reference: str, name: str, team: str, **answers: Any) -> None:
        """Let a use case be proposed, approved, and in use at once."""
        self.house.propose(PRIYA, sponsor=OTTO, team=team, name=name, **answers)
        self.house.approve(ANN, reference)
        mine, self.use_case_id = self.use_case_id, self.id_of(reference)
        self.put_in(UseCaseState.DEPLOYED)
        self.use_case_id = mine

    def answer_all(self) -> None:
        people = {"ELIGIBLE": "40", "ACTIVE": "28", "HOURS": "4-6", "HOURS_METHOD": "Timed", "COST": "1 EUR"}
        looked = {"LOOKED_AT": "40", "BY_PROMPT": "3", "BY_CONTEXT": "1", "BY_WORKFLOW": "0"}
        said = self.answer("4", WINS="Two days sooner.", **people, **looked)
        assert "errors" not in (said.body or ""), said.body

    def brought(self, reference: str, columns: str, numbers: str) -> None:
        """Bring in a CSV about the whole week."""
        file = io.BytesIO(f"first_day,last_day,{columns}\n2026-03-02,2026-03-08,{numbers}\n".encode())
        now, source = self.house.clock.now(), UsageSource.CSV
        read = adoption.read(file, source, latest=now.date())
        assert isinstance(read, UsageFile), read
        with self.house.database.transaction() as session:
            scope = adoption.scope_of(session, source=source, use_case=reference, is_dry=False, now=now)
            assert isinstance(scope, adoption.Scope), scope
            planned = adoption.plan(session, scope, adoption.hidden(scope, read), file_digest="0" * 64)
            adoption.carry_out(session, planned, now=now)

    def digest(self) -> Digest:
        with self.house.database.reading() as session:
            return digests.digest_of(session, WEEK, now=self.house.clock.now())


def people(many: float) -> Figure:
    return Figure.of(float(many))


def check_standing(digest: Digest) -> None:
    standing = digest.standing
    # UC-1 to UC-6 were proposed; all but UC-5 approved: break-glass approves nothing. None was moved on by its people.
    reached = {each.stage: (each.total, each.new, each.new_before) for each in standing.funnel.reached}
    assert reached == dict.fromkeys(Stage, (0, 0, 0)) | {Stage.PROPOSED: (6, 6, 0), Stage.APPROVED: (5, 5, 0)}
    found = standing.approvals
    assert (found.approved, found.rejected, found.waiting, found.blocked) == (Count(5, 0), Count(0, 0), 1, 0)
    assert found.places is not None
    assert sum(each.waiting for each in found.places) == found.waiting
    assert sum(each.past_due for each in found.places) == found.past_due == 1  # of twelve working hours, a week ago
    assert [(each.of.reference, each.on.day) for each in standing.coming.listed] == [("UC-4", 12)]
    assert (standing.coming.conditions, standing.coming.conditions_late, standing.break_glass) == (1, 0, Count(1, 0))


def check_adoption(digest: Digest) -> None:
    hidden, unsaid, cannot = (
        Figure(each) for each in (Telling.SUPPRESSED, Telling.NOT_REPORTED, Telling.NOT_MEASURABLE)
    )
    # The confidential 30 and 11 are in the total only, so Service's 20 and 9 are hidden with them.
    # 40 + 30 + 20 could, 28 + 11 + 9 did: 48 of 90 are 53.3 %. Nobody said anything of Legal, or of the week before.
    assert digest.adoption.teams == (
        TeamUse("Complaints", 1, people(40), cannot, people(28), people(70), unsaid, unsaid),
        TeamUse("Service", 1, hidden, people(15), hidden, hidden, unsaid, hidden),
    )
    assert digest.adoption.total == TeamUse("", 3, people(90), people(15), people(48), people(53), unsaid, unsaid)
    assert (digest.adoption.unreported, digest.adoption.disputed, digest.adoption.movers) == (1, 0, ())


def check_numbers(digest: Digest, case_id: UUID) -> None:
    numbers = digest.numbers
    # Marek's is on track, 4 of a target of 3; nobody read the four of UC-2, 3, 4 and 6, of which UC-2 is not named.
    assert numbers.kpis.now == {KpiStanding.UNREAD: 4, KpiStanding.ON_TRACK: 1}
    assert [each.of.reference for each in numbers.kpis.worst] == ["UC-3", "UC-4", "UC-6"]
    causes = {RootCause.PROMPT: 3, RootCause.CONTEXT: 1, RootCause.WORKFLOW: 0}
    found = numbers.corrections
    assert (found.looked_at, found.by_cause, found.rate, found.rate_before) == (40, causes, 0.1, None)  # (3 + 1) / 40
    value = numbers.value
    assert (value.gross, value.gross_of, value.gross_before, value.unverifiable) == (Span(4, 6), 1, None, None)
    assert value.net is not None
    assert [round(each, 6) for each in (value.net.low, value.net.high)] == [3.6, 5.4]  # x (1 - 0.1)
    assert value.costs == {"EUR": 1.0}
    [brought] = value.returns
    assert (brought.of.id, brought.value, brought.cost, brought.ratio) == (case_id, 2.0, 1.0, 1.0)  # 6 - 4; (2 - 1) / 1
    assert isinstance(brought, Return)
    assert [(each.of.reference, each.says) for each in numbers.wins] == [("UC-1", "Two days sooner.")]
    # Asked of UC-1 to UC-4 and UC-6: Marek answered once and is silent twice, Nina can still, Zoe is away.
    answers = numbers.answers
    assert answers == Answers(asked=5, answered=1, away=1, skipped=0, silent=2, missing=answers.missing)
    assert answers.still_open == 1
    told = [(each.of.reference, each.state) for each in answers.missing]
    assert told == [("UC-4", CheckInState.DUE), ("UC-6", CheckInState.AWAY)]


def test_every_number_of_a_whole_week_is_what_people_did(house: House) -> None:
    company = Company(house)
    digest = company.digest()

    check_standing(digest)
    check_adoption(digest)
    check_numbers(digest, company.use_case_id)
    found = StoredDigest(UUID(int=1), None, None, digest, "", None)
    said = blocks.headline(found)[0]
    assert "*Use cases*: 6 proposed (6 more), 5 approved (5 more)." in said
    assert "1 waiting, 1 past due, most at Roles held by one person" in said
    assert "*Adoption*: 48 active of 90 eligible users (53 %); 1 use case without an answer." in said
    assert "*KPIs*: 4 no reading, 1 on track.\n" in said
    assert "*Answers*: 1 of 5 asked, 2 missing, 1 away, 1 still open. Break-glass was called 1 time." in said
    below = "\n".join(drawn[0] for each in DETAILS if (drawn := blocks.details(found, each)))
    assert "10 % of 40 outputs people looked at had to be corrected." in below
    assert "Gross, against a locked baseline: 4 to 6 hours, 1 use case\n" in below
    assert "Net of corrections: 3.6 to 5.4 hours, 1 of 1 use case\n" in below
    assert "Service: active: hidden, eligible: hidden; given access: 15" in below
    table = list(csv.DictReader(io.StringIO(content_of(digest, Format.CSV, with_values=True).decode("utf-8-sig"))))
    for told in (said, below, str(table)):
        assert "Zebra" not in told
        assert "UC-2" not in told
    check_table(table)


def check_table(table: list[dict[str, str]]) -> None:
    """Hold the file to the same numbers: totals are sums, and what is missing is empty and says why."""
    by = {(each["section"], each["item"], each["team"], each["measure"]): each for each in table}
    answers = [each for each in table if each["item"] == "All check-ins"]
    asked, *parts = (int(float(each["value"])) for each in answers)
    assert (asked, sum(parts)) == (5, 5)
    service = by["Adoption", "Team", "Service", "active"]
    assert (service["value"], service["telling"]) == ("", "suppressed")
    before = by["Adoption", "All teams", "", "active, seven days before"]
    assert (before["value"], before["telling"]) == ("", "not_reported")
    returned = by["Hours and value", "UC-1 Summarise complaint files", "Complaints", "return on cost"]
    assert float(returned["value"]) == 1.0
    assert all(each["value"] or each["telling"] != "shown" for each in table)
