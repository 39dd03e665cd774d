"""What time does: the clock beats, late, twice, or not to the end."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from handlers import ticks
from tests.support.machine.base import Base
from tests.support.machine.dying import Stale


class Waiting(Base):
    """Time passes, and the clock beats: late, twice, or not to the end."""

    @rule(hours=st.sampled_from([0.1, 0.5, 1, 2, 5, 24, 72, 24 * 7, 24 * 21]), beats=st.integers(0, 2))
    def move_time(self, hours: float, beats: int) -> None:
        self.clock += timedelta(hours=hours)
        for _ in range(beats):
            self.tick()

    @rule(fate=st.integers(1, 120))
    def beat_and_die(self, fate: int) -> None:
        """Let the process die in the middle of a beat, and the next one do it all."""
        self.carry_out(lambda: ticks.tick(self.database, self.clock), fate, in_steps=True)
        self.tick()

    @rule(hours=st.sampled_from([0, 0.5, 2, 8, 24, 72]))
    def beat_twice_at_once(self, hours: float) -> None:
        """Let a second session, which has read what is due before the first one commits, do it again."""
        self.clock += timedelta(hours=hours)
        stale = Stale(self.database, self.clock)
        self.tick()
        with stale.pictures():
            self.tick()
