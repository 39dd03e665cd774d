"""A house whose programme stands on rows, written as the foundation, use cases and lessons write theirs."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from db.enums import Criterion, FoundationKind, LessonStatus, Phase, UseCaseState, VersionStatus
from db.ids import new_id
from db.tables import FoundationPart, FoundationVersion, GateLapse, Lesson, UseCase, UseCaseStage
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, words
from workflows import people, programme
from workflows.people import Actor
from workflows.programme import Gate, Programme

FIRST, SECOND, THIRD = Phase.FOCUSED_DEPLOYMENT, Phase.OPTIMISATION, Phase.SCALING
LEAD, OTHER_LEAD, OWNER = "U_LENA", "U_LARS", "U_MAREK"
COUNCIL = ("U_CARA", "U_CLEO")
POLICY = policy_text(
    stage("council", lane("council", "council", rule={"at_least": 2}, sections=["purpose"])), kind="gate"
)


class Gates:
    """A house with two programme leads, a council of two who decide about gates, and Marek, who owns the foundation."""

    def __init__(self, house: House, *, policy: str = POLICY) -> None:
        self.house = house
        put_in_force(house, policy)
        for who in (LEAD, OTHER_LEAD):
            hire(house, who, "lead")
        for who in COUNCIL:
            hire(house, who, "council")
        hire(house, OWNER)
        house.act(OWNER, lambda _, __: None)

    # ------------------------------------------------------------------------------ what a gate rests on

    def actor(self, who: str) -> Actor:
        with self.house.database.reading() as session:
            found = people.find(session, who)
        assert found is not None, who
        return found

    def found(self, *missing: FoundationKind, review: date | None = None) -> None:
        """Have every part of the foundation approved but these, which nobody owns."""
        owner, now = self.actor(OWNER).id, self.house.clock.now()
        for kind in FoundationKind:
            if kind not in missing:
                self.approve_part(kind, owner=owner, at=now, review=review)

    def approve_part(
        self, kind: FoundationKind, *, owner: UUID | None = None, at: datetime | None = None, review: date | None = None
    ) -> None:
        """Approve the next version of a part."""
        owner, at = owner or self.actor(OWNER).id, at or self.house.clock.now()
        with self.house.database.transaction() as session:
            part = session.exec(select(FoundationPart).where(FoundationPart.kind == kind)).first()
            number = part.newest + 1 if part else 1
            if part is None:
                part = FoundationPart(kind=kind, owner_id=owner, newest=1, reminders=0, version=1)
                session.add(part)
                session.flush()
            session.connection().execute(
                update(FoundationPart).where(col(FoundationPart.id) == part.id).values(newest=number)
            )
            version: dict[str, Any] = {"part_id": part.id, "number": number, "status": VersionStatus.APPROVED}
            version |= {"link": "https://wiki.example/pack", "summary": "As agreed.", "salt": "s", "review_on": review}
            version |= {"begun_by": owner, "begun_at": at, "submitted_at": at, "approved_at": at}
            session.add(FoundationVersion(**version))
            session.flush()

    def revoke(self, kind: FoundationKind) -> None:
        """Say an hour later of the newest version of a part that it does not hold any more."""
        self.house.clock.advance(hours=1)
        with self.house.database.transaction() as session:
            part = session.exec(select(FoundationPart).where(FoundationPart.kind == kind)).one()
            session.connection().execute(
                update(FoundationVersion)
                .where(col(FoundationVersion.part_id) == part.id, col(FoundationVersion.number) == part.newest)
                .values(revoked_at=self.house.clock.now())
            )

    def deploy(self, reference: str = "UC-1", *, at: datetime | None = None) -> UUID:
        """Have a use case in deployment."""
        now = at or self.house.clock.now()
        with self.house.database.transaction() as session:
            number = int(reference.removeprefix("UC-"))
            use_case_id = session.exec(select(UseCase.id).where(UseCase.number == number)).one()
            values = {"state": UseCaseState.IN_DEPLOYMENT}
            session.connection().execute(update(UseCase).where(col(UseCase.id) == use_case_id).values(values))
            stage = {"use_case_id": use_case_id, "state": UseCaseState.IN_DEPLOYMENT, "entered_at": now}
            session.add(UseCaseStage(**stage))
            session.flush()
        return use_case_id

    def publish_lesson(self, use_case_id: UUID) -> None:
        owner, now = self.actor(OWNER).id, self.house.clock.now()
        with self.house.database.transaction() as session:
            lesson: dict[str, Any] = {"id": new_id(), "number": 1, "use_case_id": use_case_id}
            lesson |= {"status": LessonStatus.PUBLISHED, "worked": "It did.", "did_not": "–", "advice": "–"}
            session.add(Lesson(**lesson, written_by=owner, written_at=now, published_by=owner, published_at=now))
            session.flush()

    # ------------------------------------------------------------------------------ people acting

    def form(self, phase: Phase = FIRST, *, who: str = LEAD, action: Action = Action.ASK_GATE) -> dict[str, Any]:
        """Press the button and return the form."""
        before = len(self.house.world.opened)
        self.house.press(who, action, phase.value)
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        return self.house.world.opened[-1]

    def ask(self, phase: Phase = FIRST, *, who: str = LEAD) -> str:
        """Ask to open a gate; return what the person reads then."""
        return words(self.house.submit(who, self.form(phase, who=who), {}).body or "")

    def waive(
        self, criterion: Criterion, until: date, reason: str = "The wombat is late.", *, who: str = LEAD, **more: Any
    ) -> Any:
        """Ask to do without a criterion; return the answer."""
        form = self.form(more.get("phase", FIRST), who=who, action=Action.WAIVE_CRITERION)
        option = {"type": "static_select", "selected_option": {"value": criterion.value}}
        values = {
            str(Block.WAIVED_CRITERION): option,
            str(Block.WAIVED_UNTIL): {"type": "datepicker", "selected_date": until.isoformat()},
            str(Block.WAIVER_REASON): {"type": "plain_text_input", "value": reason},
        }
        return self.house.submit(who, form, values)

    def decide(self, reference: str = "GATE-1") -> None:
        for who in COUNCIL:
            self.house.clock.advance(seconds=1)
            assert self.house.approve(who, reference).status == 200
        self.house.send()

    def open(self, phase: Phase = FIRST, reference: str = "GATE-1") -> None:
        self.ask(phase)
        self.decide(reference)
        assert self.gate(phase).is_opened

    def beat(self, **later: float) -> None:
        """Let time pass and the clock beat once, and send what follows."""
        self.house.advance(**later)
        self.house.send()

    # ------------------------------------------------------------------------------ looking

    def programme(self) -> Programme:
        with self.house.database.reading() as session:
            return programme.programme_at(session, self.house.clock.now())

    def gate(self, phase: Phase = FIRST) -> Gate:
        return self.programme().gate(phase)

    def lapses(self) -> list[GateLapse]:
        with self.house.database.reading() as session:
            return list(session.exec(select(GateLapse).order_by(col(GateLapse.noticed_at))))

    def told(self, who: str) -> list[str]:
        """Return what somebody was told about gates since this was asked last."""
        self.house.send()
        posts = self.house.posts_to(who)
        already = self._read.get(who, 0)
        self._read[who] = len(posts)
        return [post.text for post in posts[already:] if "ate into" in post.text]

    @property
    def _read(self) -> dict[str, int]:
        return self.__dict__.setdefault("_seen", {})

    def today(self) -> date:
        return self.house.clock.now().date()

    def in_days(self, days: int) -> date:
        return self.today() + timedelta(days=days)
