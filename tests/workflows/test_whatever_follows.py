"""Whatever follows a decision, in any order, on both engines, and what must hold holds after every step.

How long it looks, and from where, is said in `tests/support/machine/running.py`; `./scripts/chaos --people` sets both.
"""

from collections.abc import Callable

import pytest

from tests.support.machine.afterwards import Afterwards
from tests.support.machine.base import Fresh
from tests.support.machine.dying import IDS
from tests.support.machine.running import SECONDS, fresh, prepare, run

__all__ = ["fresh"]

SHARE = SECONDS * 25 / 60
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(SHARE + 300)]


def test_whatever_follows_a_decision_what_was_promised_holds(
    request: pytest.FixtureRequest,
    fresh: Fresh,
    by_chance: None,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    assert by_chance is None
    prepare(monkeypatch)
    monkeypatch.setattr("workflows.auditing.drawing.secrets", IDS)

    class Here(Afterwards):
        pass

    Here.fresh = staticmethod(fresh)
    run(Here, f"what follows on {request.node.callspec.id}", record_property, seconds=SHARE)
