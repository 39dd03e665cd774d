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
from db.availability import UNAVAILABLE
from db.enums import RequestStatus, Verb
from handlers.ids import INPUT, Action, Block, Callback
from tests.chaos.harness import (
    ANSWERS,
    APPROVERS,
    BY_EVERYBODY,
    BY_THE_POLICY,
    COUNCIL,
    GENERAL,
    PROPOSERS,
    Card,
    Company,
    Json,
    is_last_step,
    reference_in,
)
from tests.chaos.invariants import Accepted, broken, read
from tests.support.postgres import OwnPostgres

TEST_SECONDS = 20.0
REST_SECONDS = 60.0
PATIENCE_SECONDS = 60.0

DECIDERS = (*APPROVERS, *COUNCIL)
PENDING = (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED)

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
        doubling = ("every_draft_became_one_text", "every_promise_is_one_message", "only_those_asked_decided")
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
        self._given_up = threading.Event()
        self._writing = set(PROPOSERS)

    def play(self) -> Report:
        """Let everybody act until the time is up, let them finish undisturbed, and check what is left."""
        started = time.monotonic()
        seed = self.report.seed
        people: list[Callable[[], None]] = [
            *(self._player(self._propose, person, f"{seed} {person}") for person in PROPOSERS),
            *(self._player(self._decide, person, f"{seed} {person}") for person in DECIDERS),
        ]
        with ThreadPoolExecutor(len(people)) as hands:
            playing = [hands.submit(person) for person in people]
            try:
                self._destroy(_choices(f"{seed} killer"), until=started + self.report.seconds)
            finally:
                self._over.set()
            self.company.restart_bot()
            self._calm.set()
            _, waiting = wait(playing, timeout=PATIENCE_SECONDS)
            self._given_up.set()
            for each in playing:
                each.result(timeout=PATIENCE_SECONDS)
        assert not waiting, self.company.told(f"somebody waited for nothing: {self.company.references(*PENDING)}")
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
        """Propose one use case after the other, and change those that came back, until everybody is calm and done.

        Each is sent until Slack shows it as accepted.
        """
        number, changes = 0, Counter[str]()
        while not self._over.is_set():
            number += 1
            name = f"Use case {number} of {person}"
            answers = ANSWERS | choose.choice(({}, {}, {}, {}, BY_THE_POLICY, BY_EVERYBODY)) | {"name": name}
            if choose.random() < 0.1:  # begun and left lying
                self._click(person, "command", channel=GENERAL, command="/usecase", text="new")
                self._click_next(person, answers)
                self.company.close_all(person)
            reference = self._write(person, answers, times=choose.choice((1, 1, 2, 3)))
            self._accept(Accepted(person, "proposal", reference, name=name))
            self._change_what_came_back(person, choose, changes)
            time.sleep(choose.uniform(0.2, 0.8))
        with self._guard:
            self._writing.discard(person)
        while not self._is_done():
            self._change_what_came_back(person, choose, changes)
            time.sleep(0.1)

    def _change_what_came_back(self, person: str, choose: random.Random, changes: Counter[str]) -> None:
        """Edit what was given back and send it again; `changes` counts how often that was done."""
        for reference in self._given_back(person):
            asked = self.company.asked_to_change(person, reference)
            if not asked:
                continue  # the message that asks for it is still to come
            changes[reference] += 1
            name = f"{reference}, change {changes[reference]}"
            answers = {"name": name, "differs": ANSWERS["differs"]}
            answers |= {"benefit": name} if choose.random() < 0.5 else {}
            times = choose.choice((1, 1, 2, 3))
            self._write(person, answers, times=times, edits=asked[-1])
            self._accept(Accepted(person, "change", reference, name=name))

    def _given_back(self, person: str) -> list[str]:
        """Return the references of what waits for this person; nothing while its database is being crashed."""
        try:
            return self.company.references(RequestStatus.CHANGES_REQUESTED, proposed_by=person)
        except UNAVAILABLE:
            return []

    def _write(self, person: str, answers: Json, *, times: int, edits: Card | None = None) -> str:
        """Go through the steps and send the last one, `times` at once; return the reference Slack showed."""
        title = "Edit" if edits else "Propose"

        def onwards() -> str | None:
            modals = self.company.seen_by(person)["modals"]
            if not modals:
                self._begin(person, edits)
                return None
            if reference := reference_in(modals[-1]):
                self.company.act(person, "close", view_id=modals[-1]["id"])
                return reference
            if not modals[-1]["title"]["text"].startswith(title):  # something else, or why it was not done
                self.company.act(person, "close", view_id=modals[-1]["id"])
            elif is_last_step(modals[-1]):
                self._together(times, lambda: self.company.next(person, {}))
            else:
                self._click_next(person, answers)
            return None

        return self._insist(onwards)

    def _begin(self, person: str, edits: Card | None) -> None:
        if edits is None:
            self._click(person, "command", channel=GENERAL, command="/usecase", text="new")
        else:
            self._counted(self.company.press(person, edits, Action.EDIT))

    def _click_next(self, person: str, answers: Json) -> None:
        if self.company.seen_by(person)["modals"]:
            self._counted(self.company.next(person, answers))

    def _decide(self, person: str, choose: random.Random) -> None:
        """Decide whatever is asked, until everybody is calm and nothing is left to decide."""
        while True:
            card = self._undecided(person, choose)
            if card is None:
                if self._is_done():
                    return
                time.sleep(0.1)
                continue
            times, how = choose.choice((1, 1, 2, 3)), choose.random()
            if how < 0.6:
                self._press_approve(person, card, times)
            elif how < 0.7:
                self._vote_in_modal(person, card, times, Action.REQUEST_CHANGES, Verb.REQUEST_CHANGES)
            else:
                verb = choose.choice((Verb.APPROVE, Verb.APPROVE, Verb.REQUEST_CHANGES, Verb.REJECT))
                self._vote_in_modal(person, card, times, Action.OPEN, verb)

    def _undecided(self, person: str, choose: random.Random) -> Card | None:
        """Return the oldest or any card that asks this person: mostly the oldest, so that both meet at it."""
        cards = self._ballots(person)
        if not cards:
            return None
        return cards[0] if choose.random() < 0.7 else choose.choice(cards)

    def _press_approve(self, person: str, card: Card, times: int) -> None:
        answers = self._together(times, lambda: self.company.press(person, card, Action.APPROVE))
        if self._looks_again(person):
            return
        if any(answer["ok"] for answer in answers):
            self._accept(Accepted(person, "press", card.reference, verb=Verb.APPROVE))

    def _looks_again(self, person: str) -> bool:
        """Confirm an approval the person is asked to look at again because they are fast; say whether they were."""
        shown = self.company.seen_by(person)["modals"]
        if not shown or shown[-1].get("callback_id") != Callback.SECOND_LOOK:
            return False
        self._click(person, "submit", view_id=str(shown[-1]["id"]), state={})
        self.company.close_all(person)
        return True

    def _vote_in_modal(self, person: str, card: Card, times: int, opens: Action, verb: Verb) -> None:
        """Open a form, then send the decision several times at once: one modal, so one and the same delivery."""
        opened = self._counted(self.company.press(person, card, opens))
        modals = self.company.seen_by(person)["modals"]
        if not opened["ok"] or not modals or not modals[-1].get("submit"):
            self.company.close_all(person)
            return
        asked = {block["block_id"] for block in modals[-1]["blocks"] if block["type"] == "input"}
        typed = {Block.DECISION: verb.value, Block.REASON: "Because of the seed."}
        state = {block: {INPUT: value} for block, value in typed.items() if block in asked}
        view = str(modals[-1]["id"])
        self._together(times, lambda: self.company.act(person, "submit", view_id=view, state=state))
        if verb is Verb.APPROVE and self._looks_again(person):
            return
        shown = self.company.seen_by(person)["modals"]
        if shown and "Your decision is stored" in str(shown[-1]["blocks"]):
            self._accept(Accepted(person, "modal", card.reference, verb=verb, view=view))
        self.company.close_all(person)

    def _is_done(self) -> bool:
        """Say whether everybody is calm and nothing is left to do, or they have waited too long for it."""
        if self._given_up.is_set():
            return True
        if not self._calm.is_set() or self._writing:
            return False
        return self.company.is_at_rest() and not self.company.references(*PENDING)

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

    def _accept(self, accepted: Accepted) -> None:
        with self._guard:
            self.accepted.append(accepted)

    def _count(self, what: str) -> None:
        with self._guard:
            self.report.counts[what] += 1
