"""What people do with use cases: propose, change, answer whether they still hold, let them go ahead, and put to use."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from db.enums import BreakGlassStatus, RequestStatus, Tier, UseCaseState
from db.ids import new_id
from db.queries import intake as stored
from db.session import Session
from db.tables import Draft
from tests.support.machine.base import Base, fate, number
from tests.support.machine.cases import KINDS, POLICIES, proposal, typed
from tests.support.machine.lives import LIVE, glasses, owner_of
from workflows import auditing, breaking_glass, intake, people, policy, reactions, recertifying
from workflows.breaking_glass import Form
from workflows.intake import NotNow, Page, pages
from workflows.intake import answers as written
from workflows.recertifying import Scope

MOST_CASES, MOST_TEXTS = 4, 6
owners = st.sampled_from(["Owen", "Owen", "Owen", "Bea", "Dan"])
kinds = st.sampled_from(KINDS)


class Following(Base):
    """Ann and Owen propose; Lars sponsors; anybody tries everything else."""

    @precondition(lambda self: len(self.world.cases) < MOST_CASES)
    @rule(by=st.sampled_from(["Ann", "Ann", "Owen"]), owner=owners, kind=kinds, confidential=st.booleans(), fate=fate)
    def propose(self, by: str, owner: str, kind: str, fate: int, *, confidential: bool) -> None:
        if not self.may_act(by):
            return
        owner_id, sponsor_id = self.people[owner].id, self.people["Lars"].id
        place = len(self.world.cases) + 1
        says = proposal(kind, place, owner=owner_id, sponsor=sponsor_id, confidential=confidential)
        token, proposer = new_id(), self.member(by)
        self.do(lambda session: reactions.propose(session, says, token=token, proposer=proposer, now=self.clock), fate)

    @precondition(lambda self: self.world.cases)
    @rule(
        number=number,
        by=st.sampled_from(["", "", "", "Lea", "Dan"]),
        owner=st.sampled_from(["", "", "Owen", "Bea"]),
        kind=kinds,
        benefit=st.sampled_from(["Fewer pies are lost.", "More pies.", "No pies."]),
        fate=fate,
    )
    def edit(self, number: int, by: str, owner: str, *, kind: str, benefit: str, fate: int) -> None:
        """Let somebody send a change, or bring back what is theirs again."""
        case = self.case(number)
        name = by or self.name_of(owner_of(self.world, case))
        if self.may_act(name):
            self._send(
                case, name, typed(kind, benefit=benefit, name="Count pies", owner=self._slack(case, owner)), fate
            )

    @precondition(lambda self: self.with_their_proposers())
    @rule(owner=st.sampled_from(["", "", "", "Bea"]), kind=kinds, fate=fate)
    def bring_back(self, owner: str, kind: str, fate: int) -> None:
        """Resubmit what is with its proposer, so that runs do not end there."""
        request = self.with_their_proposers()[0]
        case, name = self.world.cases[request.subject_id], self.name_of(request.requester_id)
        if self.may_act(name):
            changes = typed(kind, benefit="Better pies.", name="Count pies", owner=self._slack(case, owner))
            self._send(case, name, changes, fate)

    def _send(self, case: Any, name: str, changes: dict[str, Any], fate: int) -> None:
        self.pass_a_second()
        author = self.member(name)
        texts = [each for each in self.world.rows["use_case_revisions"] if each.use_case_id == case.id]
        if len(texts) >= MOST_TEXTS:
            return
        page = self.do(lambda session: self._fill_in(session, case.id, author, changes))
        if isinstance(page, Page):
            self.do(lambda session: self._submit(session, page.draft_id, author), fate)

    def _fill_in(self, session: Session, case_id: UUID, author: Any, changes: dict[str, Any]) -> Page | NotNow | None:
        """Edit a use case up to where it can be sent; None where something about it does not hold."""
        page = intake.edit(session, case_id, author=author, now=self.clock)
        if not isinstance(page, Page):
            return page
        answers = written.written({**page.answers, **changes})
        stored.update_draft(session, page.draft_id, {"answers": answers})
        draft = session.get(Draft, page.draft_id, populate_existing=True)
        assert draft is not None
        found = pages.check(session, draft, author=author, now=self.clock)
        if isinstance(found, pages.Wrong):
            return None
        stored.update_draft(session, page.draft_id, {"shown_hash": found.shown})
        return page

    def _submit(self, session: Session, draft_id: UUID, author: Any) -> Any:
        outcome = reactions.submit(session, draft_id, author=author, now=self.clock)
        assert not isinstance(outcome, Page), "nothing came in between, and the preview is shown again"
        return outcome

    @precondition(lambda self: self.world.cases)
    @rule(number=number, name=st.sampled_from(["", "", "Ann", "Owen", "Lea"]), fate=fate)
    def withdraw(self, number: int, name: str, fate: int) -> None:
        request = self.request(number)
        person = self.member(name or self.name_of(request.requester_id))
        if number != 0 and self.may_act(person.name):  # else half of all runs would end here
            self.do(lambda session: reactions.withdraw(session, request.id, actor=person, now=self.clock), fate)

    @precondition(lambda self: self.asked())
    @rule(
        number=number,
        by=st.sampled_from(["", "", "", "Lars", "Lea", "Ann"]),
        answer=st.sampled_from(["valid", "valid", "valid", "stale", "retire"]),
        fate=fate,
    )
    def answer_whether_it_holds(self, number: int, by: str, answer: str, fate: int) -> None:
        questions = self.asked()
        case = self.world.cases[questions[number % len(questions)].use_case_id]
        name = by or self.name_of(owner_of(self.world, case))
        if not self.may_act(name):
            return
        self.pass_a_second()
        actor, revision = self.member(name), case.revision - (answer == "stale")
        if answer == "retire":
            self.do(
                lambda session: reactions.retire(session, case.id, "Enough pies.", actor=actor, now=self.clock), fate
            )
        else:
            self.do(
                lambda session: reactions.still_valid(session, case.id, revision, actor=actor, now=self.clock), fate
            )

    @precondition(lambda self: self.world.cases)
    @rule(
        by=st.sampled_from(["Lea", "Lea", "Ann"]),
        tier=st.sampled_from([None, Tier.LOW, Tier.MEDIUM, Tier.HIGH]),
        team=st.sampled_from([None, "Bakery"]),
        days=st.sampled_from([6, 7, 15, 40]),
        fate=fate,
    )
    def ask_owners(self, by: str, tier: Tier | None, team: str | None, *, days: int, fate: int) -> None:
        """Let somebody start a campaign."""
        if not self.may_act(by):
            return
        self.pass_a_second()
        actor = self.member(by)
        scope = Scope(tier, team, people.local_day(actor, self.clock) + timedelta(days=days))
        self.do(lambda session: recertifying.start(session, scope, actor=actor, now=self.clock), fate)

    @precondition(lambda self: self.in_review())
    @rule(
        number=number,
        by=st.sampled_from(["Dan", "Dan", "Dora", "Bea"]),
        second=st.sampled_from(["Dora", "Dora", "Dan", "Owen"]),
        hours=st.sampled_from(["1", "24", "72", "73"]),
        agrees=st.booleans(),
        fate=fate,
    )
    def break_glass(self, number: int, by: str, second: str, *, hours: str, agrees: bool, fate: int) -> None:
        """Let somebody call break-glass for something undecided, and perhaps the other one agree at once."""
        found = self.in_review()
        request = found[number % len(found)]
        if not self.may_act(by):
            return
        self.pass_a_second()
        form = Form("The pies are burning in the oven.", hours, self.people[second].id)
        caller = self.member(by)
        self.do(
            lambda session: breaking_glass.call(
                session, request.id, form, caller=caller, may_read=self._may_read(session), now=self.clock
            ),
            max(fate, 0),
        )
        if agrees and self.calls():
            self.answer_the_call(len(self.calls()) - 1, "", "agree", fate)

    @precondition(lambda self: self.calls())
    @rule(
        number=number,
        by=st.sampled_from(["", "", "", "Dan", "Dora", "Lea"]),
        deed=st.sampled_from(["agree", "agree", "agree", "decline", "take back"]),
        fate=fate,
    )
    def answer_the_call(self, number: int, by: str, deed: str, fate: int) -> None:
        glass = self.calls()[number % len(self.calls())]
        name = by or self.name_of(glass.called_by if deed == "take back" else glass.second_id)
        if not self.may_act(name):
            return
        self.pass_a_second()
        actor = self.member(name)
        deeds = {
            "agree": lambda session: breaking_glass.agree(
                session, glass.id, actor=actor, may_read=self._may_read(session), now=self.clock
            ),
            "decline": lambda session: breaking_glass.decline(session, glass.id, actor=actor, now=self.clock),
            "take back": lambda session: breaking_glass.take_back(session, glass.id, actor=actor, now=self.clock),
        }
        self.do(deeds[deed], fate)

    @precondition(lambda self: self.can_go_live())
    @rule(number=number, state=st.sampled_from(sorted(LIVE)))
    def put_to_use(self, number: int, state: UseCaseState) -> None:
        """Set a state as whatever leads there will: nothing of the product does yet."""
        found = self.can_go_live()
        case = found[number % len(found)]
        self.do(lambda session: stored.set_state(session, case.id, state, version=case.version))

    @rule(number=st.integers(0, len(POLICIES) - 1), reroute=st.booleans(), fate=fate)
    def apply_a_policy(self, number: int, fate: int, *, reroute: bool) -> None:
        """Put another policy in force, and perhaps lay everything in review out anew under it."""
        self.do(lambda session: policy.apply(session, POLICIES[number], actor=None, now=self.clock))
        for request in self.in_review() if reroute else ():
            self.pass_a_second()
            self.do(partial(self._reroute, request_id=request.id), fate)

    def _reroute(self, session: Session, request_id: UUID) -> Any:
        return reactions.reroute(session, request_id, actor=None, now=self.clock)

    @precondition(lambda self: self.world.rows["fast_lanes"])
    @rule(fate=fate)
    def reopen_the_line(self, fate: int) -> None:
        self.pass_a_second()
        self.do(lambda session: auditing.reopen(session, "small_pies", "Try again.", actor=None, now=self.clock), fate)

    def case(self, number: int) -> Any:
        cases = sorted(self.world.cases.values(), key=lambda each: each.number)
        return cases[number % len(cases)]

    def name_of(self, person_id: UUID) -> str:
        return next(name for name, person in self.people.items() if person.id == person_id)

    def in_review(self) -> list[Any]:
        return [each for each in self.requests() if each.status is RequestStatus.IN_REVIEW]

    def with_their_proposers(self) -> list[Any]:
        """Return what may be sent again, but not what was sent again often."""
        return [each for each in self.requests() if each.status is RequestStatus.CHANGES_REQUESTED]

    def asked(self) -> list[Any]:
        return [each for each in self.world.rows["recertifications"] if each.settled_at is None]

    def calls(self) -> list[Any]:
        return [each for each in glasses(self.world) if each.status is BreakGlassStatus.CALLED]

    def can_go_live(self) -> list[Any]:
        approved = (UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS)
        return [each for each in self.world.cases.values() if each.state in approved and not each.provisional]

    def _slack(self, case: Any, owner: str) -> str:
        """Return the Slack id of a new owner, or of the one there is."""
        return self.people[owner or self.name_of(owner_of(self.world, case))].slack_id

    def _may_read(self, session: Session) -> Any:
        return partial(reactions.may_read, session)
