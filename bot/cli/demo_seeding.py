"""Fill the demo: people lay a foundation, propose, decide and answer through their own hands, day after day.

Nothing is written past the app: what is in its database afterwards is what a bot makes of real presses. What was done
is noted beside the workspace, so that a seeding which was killed goes on where it stopped.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.cli.demo_calendar import Event, People, events_of
from bot.cli.demo_cases import Case, Deed, Thread
from bot.cli.demo_deploying import DEPLOYING
from bot.cli.demo_forms import Fields, fields_of, filled, unasked
from bot.cli.demo_hands import WAIT_SECONDS, Hands, HandsError, Json, elements, messages
from bot.cli.demo_oversight import OVERSIGHT, Stage
from bot.cli.demo_programme import PROGRAMME
from bot.cli.demo_windows import MOST_PAGES, Windows, button_in
from handlers.ids import Action, Command, Shortcut

ROOM: Final = "C0GENERAL"
DOUBT_SECONDS: Final = 4.0  # what was done already leaves no button to wait for
TRIES: Final = 5
"""How often the clock is moved on: on a busy machine the bot may need longer for an hour than the workspace waits."""
DIFFERS: Final = "Ours is for another team, with other data."
VERBS: Final = {"approve": Action.APPROVE, "request_changes": Action.REQUEST_CHANGES, "reject": Action.REJECT}
DEEDS: Final = {**OVERSIGHT, **PROGRAMME, **DEPLOYING}
_REFERENCE = re.compile(r"\bUC-\d+\b")


@dataclass(slots=True)
class Notes:
    """What was done so far, in a file: written before and after each event, so that a kill leaves one in doubt."""

    path: Path
    today: str = ""
    done: list[str] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    trying: str = ""

    @classmethod
    def read(cls, path: Path) -> "Notes":
        try:
            return cls(path, **json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls(path)

    def write(self) -> None:
        told = {"today": self.today, "done": self.done, "references": self.references, "trying": self.trying}
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(told), encoding="utf-8")
        beside.replace(self.path)


class Seeding:
    """Plays cases and threads in the workspace at `address`. `people` are ids by name; `say` is told how far it is.

    `doubt` is how many seconds it looks for a button that may have been pressed before it was killed.
    """

    def __init__(
        self,
        address: str,
        cases: Sequence[Case],
        threads: Sequence[Thread] = (),
        *,
        people: People,
        notes: Notes,
        say: Callable[[int, int], None],
        doubt: float = DOUBT_SECONDS,
    ) -> None:
        self._doubt = doubt
        self._hands = Hands(address)
        self._windows = Windows(self._hands)
        self._cases = cases
        self._threads = threads
        self._people = people
        self._ids = {name: person.id for name, person in people.items()}
        self._notes = notes
        self._say = say

    @property
    def is_done(self) -> bool:
        """Say whether everything has happened, and the clock shows today or what somebody moved it to."""
        _, behind = self._hands.clock()
        if not self._notes.today or behind > timedelta(seconds=1):
            return False
        return {event.name for event in self._events()} <= set(self._notes.done)

    def run(self) -> None:
        """Do what is left to do, then bring the clock to today. Raises HandsError at the first thing that fails."""
        if not self._notes.today:
            now, behind = self._hands.clock()
            self._notes.today = (now + behind).date().isoformat()
        events = self._events()
        try:
            for number, event in enumerate(events, start=1):
                if event.name not in self._notes.done:
                    self._move_to(event.at)
                    self._do(event)
                    self._say(number, len(events))
        finally:
            self._move_to(None)

    def _events(self) -> list[Event]:
        return events_of(self._cases, self._people, date.fromisoformat(self._notes.today), self._threads)

    def _move_to(self, moment: datetime | None) -> None:
        """Move the workspace's clock to a moment or, without one, to the real time, which it never passes.

        Where the bot was too busy to follow, the clock stands somewhere before that, and is moved on.
        """
        for tries_left in reversed(range(TRIES)):
            now, behind = self._hands.clock()
            ahead = behind if moment is None else min(moment - now, behind)
            if ahead <= timedelta():
                return
            try:
                self._hands.move_clock(ahead)
            except HandsError:
                if not tries_left:
                    raise
            else:
                return

    def _do(self, event: Event) -> None:
        """Do one event and note it. The one a killed seeding was at may have been done already."""
        in_doubt = self._notes.trying == event.name
        self._hands.patience = self._doubt if in_doubt else WAIT_SECONDS
        self._notes.trying = event.name
        self._notes.write()
        try:
            if event.deed is not None:
                self._follow(event, event.deed, in_doubt=in_doubt)
            elif event.case is not None:
                self._propose(event.case, in_doubt=in_doubt)
        except HandsError as problem:
            does = event.deed.does if event.deed else "propose"
            raise HandsError(f"{event.key}, {event.who}, {does}: {problem}") from problem
        self._notes.done.append(event.name)
        self._notes.trying = ""
        self._notes.write()

    # --------------------------------------------------------------------------------------- proposing

    def _propose(self, case: Case, *, in_doubt: bool) -> None:
        who = self._ids[case.proposer]
        reference = self._shown_as(case) if in_doubt and not case.joins else None
        if reference is None:
            self._windows.close(who)
            if in_doubt:
                self._discard_draft(who, case)
            self._begin(who, case)
            reference = self._go_through(who, case, case.answers)
        if reference is not None:
            self._notes.references[case.key] = reference

    def _begin(self, who: str, case: Case) -> None:
        """Open the form: by the command, or from what the proposer said in a channel."""
        if case.began_as is None:
            self._hands.act(who, "command", channel=ROOM, command=Command.USE_CASE.value, text="new")
            return
        said = (
            message["ts"]
            for channel, message in messages(self._hands.sees(who))
            if channel == ROOM and message["user"] == who and message["text"] == case.began_as
        )
        ts = next(said, None) or self._hands.act(who, "say", channel=ROOM, text=case.began_as)["ts"]
        self._hands.act(who, "shortcut", callback_id=Shortcut.FROM_MESSAGE.value, channel=ROOM, ts=ts)

    def _go_through(self, who: str, case: Case, answers: Mapping[str, Any]) -> str | None:
        """Fill in page after page until there is nothing left to send; return the reference that is named then."""
        fields = self._fields(answers)
        view = self._hands.wait_for("The form", lambda: self._windows.open(who))
        for _ in range(MOST_PAGES):
            is_left = case.stops_at is not None and view["private_metadata"].endswith(f".{case.stops_at}")
            if is_left or view["submit"] is None:
                self._windows.close(who)
                found = _REFERENCE.search(json.dumps(view["blocks"]))
                return found.group() if found and not is_left else None
            view = self._turn(who, view, case, fields)
        raise HandsError(f"The form has more than {MOST_PAGES} pages.")

    def _turn(self, who: str, view: Json, case: Case, fields: Fields) -> Json:
        """Do what a page asks for, and return the next one."""
        join = button_in(view["blocks"], Action.JOIN, self._notes.references[case.joins]) if case.joins else None
        if join is not None:
            self._windows.press_in(who, view, join)
            return self._windows.must_be_open(who)
        state = filled(self._hands, who, view, fields)
        more = button_in(view["blocks"], Action.ADD_KPI)
        if more is not None and unasked(view, fields, "kpi_name"):
            self._windows.press_in(who, view, more, state=state)
            return self._windows.must_be_open(who)
        answer = self._hands.act(who, "submit", view_id=view["id"], state=state)
        if answer["response_action"] != "update":
            raise HandsError(f"The form was answered with {answer['response_action']}: {answer.get('errors')}")
        return self._windows.must_be_open(who)

    def _fields(self, answers: Mapping[str, Any]) -> Fields:
        now, _ = self._hands.clock()
        return fields_of({"differs": DIFFERS, **answers}, self._ids, now.date())

    def _shown_as(self, case: Case) -> str | None:
        """Return the reference under which a case can be read anywhere in the workspace."""
        everything = self._hands.everything()
        name = json.dumps(_short(case.name), ensure_ascii=False)[1:-1]
        drawn = [*(message for channel in everything["channels"] for message in channel["messages"])]
        for blocks in (json.dumps(one["blocks"], ensure_ascii=False) for one in drawn):
            if name in blocks and (found := _REFERENCE.search(blocks)):
                return found.group()
        return None

    def _discard_draft(self, who: str, case: Case) -> None:
        """Throw away what a killed seeding left half written; a draft without a name was hardly begun."""
        self._hands.act(who, "home")
        home = self._hands.wait_for("Home", lambda: self._hands.sees(who)["home"])
        for block, element in elements(home["blocks"]):
            label = element.get("accessibility_label") or ""
            own = (f"Discard {_short(case.name)}", "Discard the draft")
            if element["action_id"] == Action.DISCARD and label.startswith(own):
                self._windows.press_in(who, home, (block, element))
                return

    # ------------------------------------------------------------------------------------ what follows

    def _follow(self, event: Event, deed: Deed, *, in_doubt: bool) -> None:
        who = self._ids[deed.who]
        if deed.does == "leave":
            self._hands.leave(who)
            return
        self._windows.close(who)
        reference = self._notes.references.get(event.key, event.key)
        try:
            if event.case is not None and deed.does in ("resubmit", "change"):
                self._write_again(who, reference, event.case, deed)
            elif deed.does in DEEDS:
                DEEDS[deed.does](self._stage(), who, reference, deed)
            else:
                self._decide(who, reference, deed)
        except HandsError:
            if not in_doubt:
                raise

    def _stage(self) -> Stage:
        return Stage(self._hands, self._windows, self._ids, date.fromisoformat(self._notes.today), ROOM)

    def _write_again(self, who: str, reference: str, case: Case, deed: Deed) -> None:
        """Change what was sent, from its card; or ask for a change of what is approved, from Home."""
        if deed.does == "resubmit":
            self._windows.press_on_card(who, Action.EDIT, reference)
        else:
            self._windows.press_at_home(who, Action.EDIT, reference)
        if self._go_through(who, case, {**case.answers, **deed.changed}) is None:
            raise HandsError(f"The edit of {reference} was not sent.")

    def _decide(self, who: str, reference: str, deed: Deed) -> None:
        """Press the button on one's own card, or where a card is for many, open it and decide there."""
        pressed = self._windows.press_on_card(who, VERBS[deed.does], reference, otherwise=Action.OPEN)
        if pressed != Action.APPROVE:
            self._windows.fill_in(who, {"decision": deed.does, "reason": deed.says or None})


def _short(name: str) -> str:
    """Return how a name begins wherever it is shown, on one line and cut."""
    return " ".join(name.split())[:40]
