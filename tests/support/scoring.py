"""Rounds of opinions for tests: Ben leads, Ann, Marek and Otto are asked."""

import json
from datetime import UTC, datetime
from typing import Any

from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.enums import Dimension
from db.tables import Scorecard, ScorecardAsked, ScorecardScore
from handlers import ticks
from handlers.ids import Action, Block, Command
from handlers.scorecards.views import block_of
from tests.support.fakes import Post
from tests.support.house import House, buttons, words

ANN, BEN, MAREK, OTTO, PRIYA = "U_ANN", "U_BEN", "U_MAREK", "U_OTTO", "U_PRIYA"
DUE = "2026-03-13"


class Scoring:
    """It is Monday, 2 March 2026, ten in Berlin, and Ben leads the programme."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.grant("lead", BEN)

    def window(self, who: str = BEN) -> dict[str, Any]:
        """Type `/gatehouse scorecard` and return the window."""
        assert self.house.command(who, "scorecard", command=Command.GATEHOUSE) == ""
        return self.house.world.opened[-1]

    def text(self, who: str = BEN) -> str:
        return words(self.window(who))

    def start_form(self, who: str = BEN) -> dict[str, Any]:
        """Press Start in the window, and return what it shows then."""
        return self.house.turn(who, Action.START_SCORECARD, "window", view=self.window(who))

    def send(self, form: dict[str, Any], *whom: str, who: str = BEN, due: str = DUE, view_id: str = "") -> BoltResponse:
        """Send the form that starts a round."""
        picked = {"type": "multi_users_select", "selected_users": list(whom)}
        values = {Block.SCORECARD_PEOPLE: picked, Block.SCORECARD_DUE: {"type": "datepicker", "selected_date": due}}
        return self.house.submit(who, form, values, view_id=view_id)

    def start(self, *whom: str, who: str = BEN, due: str = DUE) -> BoltResponse:
        """Start a round that asks these people, by default Ann, Marek and Otto."""
        return self.send(self.start_form(who), *(whom or (ANN, MAREK, OTTO)), who=who, due=due)

    def begun(self, *whom: str, due: str = DUE) -> None:
        """Start a round and let everybody be asked."""
        assert "people are asked" in words(json.loads(self.start(*whom, due=due).body or "{}"))
        self.beat()

    def beat(self) -> None:
        ticks.tick(self.house.database, self.house.clock.now())
        self.house.send()

    def go_to(self, moment: str) -> None:
        """Let it be this moment, in UTC, and what is due by then be done."""
        there = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self.house.clock.advance(seconds=(there - self.house.clock.now()).total_seconds())
        self.beat()

    def form(self, who: str) -> dict[str, Any]:
        """Press Answer in the message, and return the form."""
        before = len(self.house.world.opened)
        self.house.press(who, Action.SCORE, str(self.rounds()[-1].id))
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        return self.house.world.opened[-1]

    def answer(self, who: str, score: int | None = 3, **others: int | None) -> str:
        """Give every dimension that is asked this score, with others by name; None is “I cannot say”."""
        view = self.form(who)
        asked = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        given = {block_of(each): others.get(each.value, score) for each in Dimension}
        values = {
            each: {"type": "static_select", "selected_option": {"value": str(given[each] or "none")}} for each in asked
        }
        return words(json.loads(self.house.submit(who, view, values).body or "{}"))

    def close(self, who: str = BEN) -> str:
        """Press Close in the window, and return what it shows then."""
        view = self.window(who)
        return words(self.house.turn(who, Action.CLOSE_SCORECARD, str(self.rounds()[-1].id), view=view))

    def asked(self, who: str) -> list[Post]:
        """Return the messages that ask somebody for their opinion."""
        return [post for post in self.house.posts_to(who) if "Answer" in buttons(post) and "SC-" in post.text]

    def rounds(self) -> list[Scorecard]:
        with self.house.database.reading() as session:
            return list(session.exec(select(Scorecard).order_by(col(Scorecard.number))))

    def rows(self) -> list[ScorecardAsked]:
        with self.house.database.reading() as session:
            return list(session.exec(select(ScorecardAsked)))

    def scores(self) -> list[ScorecardScore]:
        with self.house.database.reading() as session:
            return list(session.exec(select(ScorecardScore)))
