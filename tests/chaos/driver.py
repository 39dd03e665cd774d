"""A random run: people propose and decide at once while the bot, and PostgreSQL, are killed under them.

One seed gives the same choices: who does what how often, when the bot dies and where. What the machine makes of
them still differs from run to run.
"""

import os
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.cli.demo import is_ready
from db.enums import Verb
from handlers.ids import INPUT, Action, Block
from tests.chaos.harness import APPROVERS, PROPOSERS, Card, Company, Json, is_whole
from tests.chaos.invariants import Accepted, broken, read
from tests.support.postgres import OwnPostgres

TEST_SECONDS = 30.0
REST_SECONDS = 60.0
PATIENCE_SECONDS = 60.0

UNDONE = {"app_not_connected": "met no bot", "operation_timeout": "unanswered"}

# Where the bot dies by itself, beside being killed from outside: "" is nowhere.
PLACES = (
    "",
    "",
    "before_commit:{n}",
    "after_commit:{n}",
    "socket.before_ack:{n}",
    "socket.after_ack:{n}",
    "outbox.after_claim:{n}",
    "outbox.after_send:{n}",
    "outbox.after_mark:{n}",
)


def chosen_seconds() -> float:
    """Return how long a random run takes: what GATEHOUSE_CHAOS_MINUTES says, else what fits the test command."""
    minutes = os.environ.get("GATEHOUSE_CHAOS_MINUTES")
    return float(minutes) * 60 if minutes else TEST_SECONDS


def chosen_seed() -> int:
    return int(os.environ.get("GATEHOUSE_CHAOS_SEED") or secrets.randbelow(2**32))


def _choices(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same choices again, not secrets


@dataclass(slots=True)
class Report:
    """What happened in a run. `lost` and `doubled` are the two counts that must stay zero."""

    engine: str
    seed: int
    seconds: float
    counts: Counter[str] = field(default_factory=Counter)
    problems: dict[str, list[str]] = field(default_factory=dict)
    slowest_recovery: float = 0

    @property
    def lost(self) -> int:
        return len(self.problems.get("nothing_acknowledged_is_missing", ()))

    @property
    def doubled(self) -> int:
        doubling = ("every_proposal_became_one_use_case", "every_promise_is_one_message", "only_those_asked_decided")
        return sum(len(self.problems.get(name, ())) for name in doubling)

    def as_json(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            **dict(sorted(self.counts.items())),
            "slowest_recovery_seconds": round(self.slowest_recovery, 2),
            "lost": self.lost,
            "doubled": self.doubled,
            "problems": self.problems,
        }

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        return (
            f"{self.engine}, seed {self.seed}, {self.seconds:.0f} s: {counts}, slowest recovery "
            f"{self.slowest_recovery:.1f} s, {self.lost} lost, {self.doubled} doubled"
        )


class Run:
    """The people and the killer of one run."""

    def __init__(self, company: Company, *, engine: str, seed: int, seconds: float, server: OwnPostgres | None) -> None:
        self.company = company
        self.report = Report(engine, seed, seconds)
        self.accepted: list[Accepted] = []
        self._server = server
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._calm = threading.Event()

    def play(self) -> Report:
        """Let everybody act until the time is up, let them finish undisturbed, and check what is left."""
        started = time.monotonic()
        seed = self.report.seed
        people: list[Callable[[], None]] = [
            *(self._player(self._propose, person, f"{seed} {person}") for person in PROPOSERS),
            *(self._player(self._decide, person, f"{seed} {person}") for person in APPROVERS),
        ]
        with ThreadPoolExecutor(len(people)) as hands:
            playing = [hands.submit(person) for person in people]
            try:
                self._destroy(_choices(f"{seed} killer"), until=started + self.report.seconds)
            finally:
                self._over.set()
            self.company.restart_bot()
            self._calm.set()
            wait(playing, timeout=PATIENCE_SECONDS)
            for each in playing:
                each.result(timeout=0)
        self.company.rest(seconds=REST_SECONDS)
        self.report.seconds = time.monotonic() - started
        lease = timedelta(seconds=self.company.lease_seconds)
        history = self.company.history
        world = read(self.company.database, self.company.everything(), self.accepted, history=history, lease=lease)
        self.report.problems = broken(world)
        self.report.counts["use cases"] = len(world.use_cases)
        self.report.counts["decisions"] = len(world.votes)
        self.report.counts["messages"] = len(world.workspace.by_key())
        return self.report

    # ------------------------------------------------------------------------------------ destruction

    def _destroy(self, choose: random.Random, *, until: float) -> None:
        """Kill the bot again and again, wait for it to be back, and crash the database under it now and then."""
        rounds = 0
        while time.monotonic() < until:
            rounds += 1
            self._crash_bot(choose, until)
            if self._server is not None and rounds % 3 == 0:
                self._crash_database(self._server, choose)

    def _crash_bot(self, choose: random.Random, until: float) -> None:
        """Start the bot with a place to die at, and kill it if it has not died there in time."""
        place = choose.choice(PLACES).format(n=choose.randint(2, 12))
        life = choose.uniform(0.3, 3.0)
        self.company.kill_bot()
        started = time.monotonic()
        self.company.start_bot(crash_at=place, until_ready=False)
        ready = False
        while time.monotonic() < until:
            if self.company.bot_died():
                self._count("deaths at a named point")
                return
            if not ready and is_ready(self.company.bot_port):
                ready = True
                recovered = time.monotonic()
                self.report.slowest_recovery = max(self.report.slowest_recovery, recovered - started)
            if ready and time.monotonic() - recovered > life:
                self._count("kills")
                return
            time.sleep(0.02)

    def _crash_database(self, server: OwnPostgres, choose: random.Random) -> None:
        """Crash PostgreSQL under a running bot, bring it back, and see the bot recover by itself."""
        self.company.kill_bot()
        self.company.start_bot()
        time.sleep(choose.uniform(0.2, 1.0))
        server.crash()
        self._count("database crashes")
        time.sleep(choose.uniform(0, 1.5))
        server.restart()
        back = time.monotonic()
        self.company.wait_for(self.company.bot_is_ready, "the bot did not recover from a database crash", seconds=5)
        self.report.slowest_recovery = max(self.report.slowest_recovery, time.monotonic() - back)
        time.sleep(choose.uniform(0.2, 1.0))

    # ----------------------------------------------------------------------------------------- people

    def _player(self, play: Callable[[str, random.Random], None], person: str, seed: str) -> Callable[[], None]:
        return lambda: play(person, _choices(seed))

    def _propose(self, person: str, choose: random.Random) -> None:
        """Propose one use case after the other, sending each form until Slack shows it as accepted."""
        number = 0
        while not self._over.is_set():
            number += 1
            name = f"Use case {number} of {person}"
            form = self._insist(lambda: self._form(person, name))  # noqa: B023 - called at once
            times = choose.choice((1, 1, 2, 3))
            reference = self._insist(lambda: self._send_form(person, form, times))  # noqa: B023 - called at once
            self._accept(Accepted(person, "proposal", reference, name=name, view=form))
            time.sleep(choose.uniform(0.3, 1.2))

    def _form(self, person: str, name: str) -> str | None:
        """Go on with the draft in front of this person, or begin one; return its window once it is whole."""
        if not self.company.seen_by(person)["modals"]:
            self._click(person, "command", channel="C0GENERAL", command="/usecase", text="new")
        while modals := self.company.seen_by(person)["modals"]:
            if is_whole(modals[-1]):
                return str(modals[-1]["id"])
            answer = self._counted(self.company.submit_step(person, modals[-1], name))
            if not answer["ok"] or answer.get("response_action") == "errors":
                return None
        return None

    def _send_form(self, person: str, form: str, times: int) -> str | None:
        """Send the form several times at once, as an impatient hand does; return the reference Slack showed."""
        modal = self.company.modal(person)
        if not str(modal["title"]["text"]).startswith("UC-"):
            self._together(times, lambda: self.company.submit_form(person, form))
            while (modal := self.company.modal(person))["title"]["text"] == "Not done":
                self.company.act(person, "close", view_id=modal["id"])  # what went wrong stands above the draft
        if not str(modal["title"]["text"]).startswith("UC-"):
            return None
        self.company.act(person, "close", view_id=modal["id"])
        return str(modal["title"]["text"])

    def _decide(self, person: str, choose: random.Random) -> None:
        """Decide whatever is asked, until everybody is calm and nothing is left to decide."""
        while True:
            card = self._undecided(person, choose)
            if card is None:
                if self._calm.is_set() and self._nothing_is_open():
                    return
                time.sleep(0.1)
                continue
            times = choose.choice((1, 1, 2, 3))
            if choose.random() < 0.6:
                self._press_approve(person, card, times)
            else:
                self._vote_in_modal(person, card, times, choose)

    def _undecided(self, person: str, choose: random.Random) -> Card | None:
        """Return the oldest or any card that asks this person: mostly the oldest, so that both meet at it."""
        cards = self._ballots(person)
        if not cards:
            return None
        return cards[0] if choose.random() < 0.7 else choose.choice(cards)

    def _press_approve(self, person: str, card: Card, times: int) -> None:
        answers = self._together(times, lambda: self.company.press(person, card, Action.APPROVE))
        if any(answer["ok"] for answer in answers):
            self._accept(Accepted(person, "press", card.reference, verb=Verb.APPROVE))

    def _vote_in_modal(self, person: str, card: Card, times: int, choose: random.Random) -> None:
        """Read it all, then send the decision several times at once: one modal, so one and the same delivery."""
        container = {"type": "message", "channel": card.channel, "ts": card.ts}
        opened = self._click(person, "press", container=container, action_id=str(Action.OPEN))
        modals = self.company.seen_by(person)["modals"]
        if not opened["ok"] or not modals or not modals[-1].get("submit"):
            self._close_all(person)
            return
        verb = choose.choice((Verb.APPROVE, Verb.REJECT))
        state = {Block.DECISION: {INPUT: verb.value}, Block.REASON: {INPUT: "Because of the seed."}}
        view = str(modals[-1]["id"])
        self._together(times, lambda: self.company.act(person, "submit", view_id=view, state=state))
        shown = self.company.seen_by(person)["modals"]
        if shown and "Your decision is stored" in str(shown[-1]["blocks"]):
            self._accept(Accepted(person, "modal", card.reference, verb=verb, view=view))
        self._close_all(person)

    def _close_all(self, person: str) -> None:
        for modal in reversed(self.company.seen_by(person)["modals"]):
            self.company.act(person, "close", view_id=modal["id"])

    def _nothing_is_open(self) -> bool:
        return self.company.is_at_rest() and not any(self._ballots(person) for person in APPROVERS)

    def _ballots(self, person: str) -> list[Card]:
        return [card for card in self.company.direct_cards(person) if Action.APPROVE in card.actions]

    # ---------------------------------------------------------------------------------------- counting

    def _click(self, person: str, do: str, **what: Any) -> Json:
        return self._counted(self.company.act(person, do, **what))

    def _together(self, times: int, click: Callable[[], Json]) -> Sequence[Json]:
        if times == 1:
            return [self._counted(click())]
        with ThreadPoolExecutor(times) as hands:
            return [self._counted(each.result()) for each in [hands.submit(click) for _ in range(times)]]

    def _counted(self, answer: Json) -> Json:
        self._count("clicks")
        if answer.get("error") == "app_not_connected":
            time.sleep(0.3)  # a person looks at the warning
        self._count("acknowledged" if answer["ok"] else UNDONE.get(answer["error"], "refused by the workspace"))
        return answer

    def _insist(self, attempt: Callable[[], str | None]) -> str:
        deadline = None
        while True:
            result = attempt()
            if result is not None:
                return result
            if self._calm.is_set():
                deadline = deadline or time.monotonic() + PATIENCE_SECONDS / 2
                assert time.monotonic() < deadline, self.company.told("a person gave up in the end")
            time.sleep(0.3)

    def _accept(self, accepted: Accepted) -> None:
        with self._guard:
            self.accepted.append(accepted)

    def _count(self, what: str) -> None:
        with self._guard:
            self.report.counts[what] += 1
