"""A use case that is asked for its numbers, and people who answer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt import BoltResponse
from sqlalchemy import insert
from sqlmodel import col, select, update

from db.enums import Cadence, KpiSource, UseCaseState
from db.ids import new_id
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, CheckInSchedule, Kpi, LedgerEvent, Reading, UseCase
from handlers import ticks
from handlers.ids import Action, Block, Command
from handlers.profiles import profile_of
from tests.support.fakes import TEAM, Post, member
from tests.support.house import House
from workflows import checkins, intake, people, settings
from workflows.checkins import Rhythm, scheduling
from workflows.checkins.periods import moment
from workflows.people import Actor
from workflows.settings import SettingName

SATURDAY = 5
DAY = range(6, 18)  # UTC

MAREK, OTTO, BEN, ANN, PRIYA = "U_MAREK", "U_OTTO", "U_BEN", "U_ANN", "U_PRIYA"


class Asking:
    """Marek owns an approved use case with a KPI, Otto sponsors it. Everybody is in Berlin, works nine to five.

    It is Monday, 2 March 2026; he is asked on Tuesdays at ten, which is nine in UTC.
    """

    def __init__(self, house: House, *, proposer: str = PRIYA, **answers: Any) -> None:
        self.house, self.pressed = house, 0
        with house.database.transaction() as session:
            beginning = checkins.AskedFrom.APPROVAL.value
            settings.change(session, SettingName.CHECK_INS_FROM, beginning, actor=None, now=house.clock.now())
        self.reference = house.propose(proposer, **{"sponsor": OTTO, **answers})
        self.decide()
        house.send()
        self.beat()
        with house.database.reading() as session:
            number = int(self.reference.removeprefix("UC-"))
            self.use_case_id = session.exec(select(UseCase.id).where(UseCase.number == number)).one()

    gatehouse = Command.GATEHOUSE

    def decide(self) -> None:
        """Let Ann approve it."""
        self.house.approve(ANN, self.reference)

    # ------------------------------------------------------------------ time

    def beat(self) -> None:
        """Let the clock do what is due, and what it promises be sent."""
        if ticks.tick(self.house.database, self.house.clock.now()):
            self.house.send()

    def go_to(self, text: str, *, step: float | None = None) -> None:
        """Move the clock to a UTC moment, with a beat every `step` minutes; else hourly by day, and thrice a night."""
        target = datetime.fromisoformat(text).replace(tzinfo=UTC)
        while (now := self.house.clock.now()) < target:
            following = _next_beat(now) if step is None else now + timedelta(minutes=step)
            self.house.clock.advance(seconds=(min(following, target) - now).total_seconds())
            self.beat()
        self.house.send()

    def jump_to(self, text: str) -> None:
        """Move the clock at once, as after an outage, and beat until nothing is left to do."""
        self.house.clock._real = datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: SLF001 - nobody was there
        while ticks.tick(self.house.database, self.house.clock.now()):
            pass
        self.house.send()

    def jump(self, *, days: int) -> None:
        """Move the clock on by days at once, to an hour at which everybody in Berlin works."""
        self.jump_to(f"{self.house.clock.now() + timedelta(days=days):%Y-%m-%d}T13:00")

    # ------------------------------------------------------------------ people

    def move(self, who: str, zone: str) -> None:
        """Let somebody move to another zone, as Slack tells it."""
        self.house.world.people[who] = member(who, tz=zone)
        self.house.tell({"type": "user_change", "user": self.house.world.people[who]})

    def leave(self, who: str) -> None:
        """Let somebody leave the organisation, as Slack tells it."""
        self.house.world.people[who] = member(who, deleted=True)
        self.house.tell({"type": "user_change", "user": self.house.world.people[who]})

    def is_away(self, who: str, first: str, last: str) -> None:
        """Let somebody say that they are away on these days."""
        told = self.house.command(who, f"away from {first} until {last}", command=self.gatehouse)
        assert "away" in told, told

    def give_kpi(self, who: str, kpi_id: UUID | None = None) -> None:
        """Let Marek make a KPI, his first one unless told otherwise, somebody else's to report."""
        [kpi, *_] = [each for each in self.kpis() if kpi_id in (None, each.id)]
        self._edit(Rhythm(kpi.cadence, kpi.every_weeks), who, kpi)

    def ask_for(self, rhythm: Rhythm) -> None:
        """Let Marek say how often his first KPI is asked for."""
        self._edit(rhythm, MAREK)

    def _edit(self, rhythm: Rhythm, owner: str, kpi: Kpi | None = None) -> None:
        kpi = kpi or self.kpis()[0]
        with self.house.database.transaction() as session:
            marek, to = people.find(session, MAREK), people.find(session, owner) or self._met(session, owner)
            assert marek is not None
            intake.edit_kpi(
                session,
                kpi.id,
                seen=kpi.version,
                rhythm=rhythm,
                source=kpi.source,
                owner=to,
                actor=marek,
                now=self.house.clock.now(),
            )

    def add_kpi(self, name: str, cadence: str, *, source: KpiSource = KpiSource.SELF) -> None:
        """Give the use case one KPI more, asked for as often."""
        [first, *_] = self.kpis()
        with self.house.database.transaction() as session:
            values = first.model_dump() | {"id": new_id(), "name": name, "name_key": name, "cadence": Cadence(cadence)}
            values |= {"position": len(self.kpis()), "unit": "a week", "source": source}
            session.connection().execute(insert(Kpi), values)
            scheduling.follow(session, self.use_case_id, now=self.house.clock.now())

    def put_in(self, state: UseCaseState) -> None:
        """Let the use case be in this state, whatever led there."""
        with self.house.database.transaction() as session:
            moved = update(UseCase).where(col(UseCase.id) == self.use_case_id).values(state=state)
            session.connection().execute(moved)

    def ask_on(self, *, weekday: int, minute: int, next_date: date) -> None:
        """Let the organisation ask on this weekday, and its next date be this one."""
        with self.house.database.transaction() as session:
            settings.change(
                session, SettingName.CHECK_IN_TIME, f"{weekday} {minute}", actor=None, now=self.house.clock.now()
            )
            schedule = self.schedule()
            at = moment(schedule.zone, next_date, minute)
            moved = update(CheckInSchedule).where(col(CheckInSchedule.id) == schedule.id)
            session.connection().execute(moved.values(weekday=weekday, minute=minute, next_date=next_date, next_at=at))

    def _met(self, session: Session, who: str) -> Actor:
        profile = profile_of(self.house.world.people[who], self.house.deps.workspace)
        people.store_profile(session, profile, now=self.house.clock.now())
        found = people.find(session, who)
        assert found is not None
        return found

    def unchanged(self, who: str = MAREK, *, stamp: str = "") -> BoltResponse:
        return self.house.press(who, Action.UNCHANGED, str(self.newest().id), stamp=stamp)

    def choose(self, action: Action, what: str, who: str = MAREK, *, row: CheckIn | None = None) -> BoltResponse:
        """Choose something in a menu of the message that asks."""
        option = {"selected_option": {"value": f"{what}.{(row or self.newest()).id}"}}
        self.pressed += 1
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "trigger_id": f"m.{self.pressed}",
            "container": {"type": "message", "message_ts": "1.0", "channel_id": "D"},
            "channel": {"id": "D"},
            "actions": [{"action_id": action, "block_id": "b", "action_ts": f"{self.pressed}.5", **option}],
        }
        return self.house.intake.over_socket(body)

    def fill(self, who: str, **answers: str) -> BoltResponse:
        """Fill in the form opened last, by the names of its blocks, and send it."""
        view = self.house.world.opened[-1]
        return self.house.submit(who, view, self.typed(view, **answers))

    def open_form(self, who: str = MAREK, *, on: date | None = None) -> dict[str, Any]:
        """Press Answer and return the form."""
        before, row = len(self.house.world.opened), self.newest()
        value = f"{self.schedule().id}.{on or row.on_date}"
        self.house.press(who, Action.ANSWER_CHECK_IN, value)
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        return self.house.world.opened[-1]

    def answer(self, value: str, who: str = MAREK, *, view: dict[str, Any] | None = None, **more: str) -> BoltResponse:
        """Answer with this value of the first KPI, and `more` by the names of blocks; what stands there stays."""
        view = view or self.open_form(who)
        return self.house.submit(who, view, self.typed(view, value, **more))

    def pick(self, view: dict[str, Any], confidence: str, who: str = MAREK) -> dict[str, Any]:
        """Choose a confidence in the open form; return the form as it is then."""
        self.pressed += 1
        state = {
            "values": {str(Block.CONFIDENCE): {str(Action.CONFIDENCE): {"selected_option": {"value": confidence}}}}
        }
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": who, "team_id": TEAM},
            "trigger_id": f"p.{self.pressed}",
            "container": {"type": "view", "view_id": "V1"},
            "view": view | {"id": "V1", "hash": "h", "state": state},
            "actions": [{"action_id": Action.CONFIDENCE, "block_id": Block.CONFIDENCE, "action_ts": "1.1"}],
        }
        assert self.house.intake.over_socket(body).status == 200
        return self.house.world.opened[-1]

    def box_in(self, view: dict[str, Any]) -> str:
        """Return the box that confirms a value."""
        [block] = [block for block in view["blocks"] if block.get("block_id") == Block.SURE]
        return str(block["element"]["options"][0]["value"])

    def typed(self, view: dict[str, Any], value: str | None = None, **more: str) -> dict[str, dict[str, Any]]:
        """Return the inputs of a form filled in: on track, unless told otherwise; `second` is the second KPI's."""
        given = {"CONFIDENCE": "on_track", **more}
        named = {str(Block[name]): each for name, each in given.items() if name in Block.__members__}
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        readings = [block["block_id"] for block in inputs if block["block_id"].startswith(f"{Block.READING}.")]
        values = [value, more.get("second"), more.get("third")]
        named |= {block: each for block, each in zip(readings, values, strict=False) if each is not None}
        ids = {block["block_id"]: block["block_id"] for block in inputs}
        ids |= {
            block: block.rpartition(".")[0] for block in ids if block.startswith(Block.FIX_TEXT)
        }  # one for each cause
        return {block["block_id"]: _filled(block["element"], named.get(ids[block["block_id"]])) for block in inputs}

    # ------------------------------------------------------------------ looking

    def schedules(self) -> list[CheckInSchedule]:
        of_it = select(CheckInSchedule).where(CheckInSchedule.use_case_id == self.use_case_id)
        with self.house.database.reading() as session:
            return list(session.exec(of_it.order_by(col(CheckInSchedule.id))))

    def schedule(self) -> CheckInSchedule:
        return next(each for each in self.schedules() if each.ended_at is None)

    def check_ins(self) -> list[CheckIn]:
        of_it = select(CheckIn).where(CheckIn.use_case_id == self.use_case_id)
        with self.house.database.reading() as session:
            return list(session.exec(of_it.order_by(col(CheckIn.on_date))))

    def newest(self) -> CheckIn:
        return self.check_ins()[-1]

    def states(self) -> list[str]:
        """Return “2026-03-03 due” for every check-in there is, the first one first."""
        return [f"{each.on_date} {each.state}" for each in self.check_ins()]

    def readings(self, *, all_there_were: bool = False) -> list[tuple[str, float]]:
        """Return the date and the value of the readings that count, or of all."""
        with self.house.database.reading() as session:
            statement = select(Reading).order_by(col(Reading.read_for), col(Reading.entered_at))
            rows = session.exec(statement).all()
        return [(str(row.read_for), row.value) for row in rows if all_there_were or row.superseded_at is None]

    def answers(self) -> list[CheckInAnswer]:
        with self.house.database.reading() as session:
            return list(session.exec(select(CheckInAnswer).order_by(col(CheckInAnswer.answered_at))))

    def kpis(self) -> list[Kpi]:
        with self.house.database.reading() as session:
            of_it = select(Kpi).where(Kpi.use_case_id == self.use_case_id)
            return list(session.exec(of_it.order_by(col(Kpi.position))))

    def prompts_to(self, who: str = MAREK) -> list[Post]:
        """Return the messages that ask somebody, without reminders."""
        return [post for post in self.house.posts_to(who) if "the numbers for" in post.text]

    def told(self, who: str, words: str) -> list[str]:
        return [post.text for post in self.house.posts_to(who) if words in post.text]

    def facts(self) -> list[str]:
        """Return the kinds on the record about schedules and check-ins."""
        with self.house.database.reading() as session:
            rows = session.exec(select(LedgerEvent).order_by(LedgerEvent.stream, col(LedgerEvent.seq))).all()
        return [row.body.split('"kind":"')[1].split('"')[0] for row in rows if row.stream.startswith("check_in")]


def _next_beat(now: datetime) -> datetime:
    """Return the next full hour in which somebody in Berlin may work, or of a night or weekend the next fourth one."""
    following = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while following.hour % 4 and not (following.weekday() < SATURDAY and following.hour in DAY):
        following += timedelta(hours=1)
    return following


def _filled(element: dict[str, Any], given: str | None) -> dict[str, Any]:
    kind, action_id = element["type"], element["action_id"]
    typed = {"type": kind, "action_id": action_id}
    if kind in ("radio_buttons", "static_select"):
        value = given or element.get("initial_option", {}).get("value")
        return typed | {"selected_option": {"value": value} if value else None}
    if kind == "checkboxes":
        return typed | {"selected_options": [{"value": each} for each in (given or "").split() if each]}
    if kind == "users_select":
        return typed | {"selected_user": given or element.get("initial_user")}
    if kind == "datepicker":
        return typed | {"selected_date": given or element.get("initial_date")}
    return typed | {"value": given if given is not None else element.get("initial_value")}
