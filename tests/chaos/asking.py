"""Weeks in which three bots on one database ask for numbers, and are killed while they do.

In the end everybody was asked once for each use case and week: nobody twice, nobody never.
"""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlmodel import select

from bot.cli.demo import free_port, is_ready
from db.tables import CheckIn, CheckInPrompt
from tests.chaos.harness import BY_THE_POLICY, OWNER, PEOPLE, PROPOSERS, Company
from tests.chaos.invariants import everything_holds

MINUTE = 60
OWNERS = (OWNER, *PEOPLE[5:9])
"""Who is asked: one of them for each use case."""

# Where a bot dies by itself, beside being killed from outside: "" is nowhere.
PLACES = (
    "",
    "before_commit:{n}",
    "after_commit:{n}",
    "outbox.after_claim:{n}",
    "outbox.after_send:{n}",
    "outbox.after_mark:{n}",
)


@dataclass(slots=True)
class Asked:
    """What came of it: kills survived, weeks played, prompts seen, and what did not hold, in sentences."""

    kills: int = 0
    deaths: int = 0
    weeks: int = 0
    prompts: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = f"{self.kills} kills and {self.deaths} deaths at a named point in {self.weeks} weeks"
        return f"{told}, {self.prompts} prompts, {len(self.problems)} missing or double"


class Weeks:
    """Three bots and their killer. `company` runs on PostgreSQL, with its own bot as the first of the three."""

    def __init__(self, company: Company, *, seed: int, use_cases: int = len(OWNERS)) -> None:
        self.company = company
        self.asked = Asked()
        self._choose = random.Random(seed)  # noqa: S311 - the same choices again, not secrets
        self._ports = [free_port(0), free_port(0), free_port(0)]
        self._use_cases = use_cases
        self._owners: dict[str, str] = {}

    def play(self, kills: int) -> Asked:
        """Let weeks pass until bots have died so often; return what came of it. Kills are spread over asking."""
        here = self.company
        for number in range(self._use_cases):
            owner = OWNERS[number % len(OWNERS)]
            people = {"owner": owner, "sponsor": owner}
            reference = here.propose(PROPOSERS[number % len(PROPOSERS)], f"Ask {number}", **BY_THE_POLICY, **people)
            self._owners[reference] = owner
        here.rest()
        here.seconds_to_check_in()  # waits until one is going to be asked
        here.kill_bot()
        for port in self._ports:
            here.start_replica(port)
        self._wait_until_ready()
        while self.asked.kills + self.asked.deaths < kills:
            self._week(min(6, kills - self.asked.kills - self.asked.deaths))
        everything_holds(here)
        return self.asked

    def _week(self, kills: int) -> None:
        """Let the hour come at which everybody is asked, and bots die around it; look at who was asked."""
        here = self.company
        assert here.move_clock(max(here.seconds_to_check_in() - MINUTE, 1))["ok"]
        here.rest()
        with ThreadPoolExecutor(1) as hands:
            moved = hands.submit(here.move_clock, 2 * MINUTE)
            for _ in range(kills):
                self._kill_one()
            self._revive()
            assert moved.result()["ok"], here.told(str(moved.result()))
        self._wait_until_ready()
        self.asked.weeks += 1
        here.rest(seconds=60)
        here.wait_for(lambda: not self._missing(), f"somebody was not asked: {self._missing()}", seconds=30)
        here.rest()
        self._look()

    def _kill_one(self) -> None:
        """Start one of the bots anew, to die where it may, and kill it if it lives on."""
        port = self._choose.choice(self._ports)
        place = self._choose.choice(PLACES).format(n=self._choose.randint(1, 6))
        self._end(port)
        self.company.start_replica(port, crash_at=place)
        until = time.monotonic() + self._choose.uniform(0.3, 1.5)
        while time.monotonic() < until and self.company.replicas[port].exit_code is None:
            time.sleep(0.02)
        if self.company.replicas[port].exit_code is None:
            self._end(port)
            self.asked.kills += 1
        else:
            self.asked.deaths += 1
        self.company.start_replica(port)

    def _end(self, port: int) -> None:
        self.company.replicas[port].kill()

    def _revive(self) -> None:
        for port in self._ports:
            if self.company.replicas[port].exit_code is not None:
                self.company.start_replica(port)

    def _wait_until_ready(self) -> None:
        for port in self._ports:
            self.company.wait_for(lambda at=port: is_ready(at), "a bot did not become ready")

    def _prompts(self) -> dict[str, list[str]]:
        """Return the texts of the prompts people have, by the reference of the use case."""
        seen = self.company.everything()
        return {
            reference: [each.text for each in seen.direct(owner, f"*{reference}* “") if "the numbers for" in each.text]
            for reference, owner in self._owners.items()
        }

    def _missing(self) -> Sequence[str]:
        return [reference for reference, texts in self._prompts().items() if len(texts) < self.asked.weeks]

    def _look(self) -> None:
        """Count what was asked this week, and say what is missing or there twice."""
        prompts = self._prompts()
        for reference, texts in prompts.items():
            if len(texts) != self.asked.weeks:
                self.asked.problems.append(f"{reference} was asked {len(texts)} times in {self.asked.weeks} weeks")
        with self.company.database.reading() as session:
            runs, sent = session.exec(select(CheckIn)).all(), session.exec(select(CheckInPrompt)).all()
        wanted = self.asked.weeks * len(self._owners)
        if not len(runs) == len(sent) == wanted:
            self.asked.problems.append(f"{len(runs)} check-ins and {len(sent)} prompts stored, not {wanted} of each")
        self.asked.prompts = sum(map(len, prompts.values()))
