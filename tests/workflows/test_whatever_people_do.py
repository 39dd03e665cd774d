"""Anybody does anything in any order, on both engines, and what must hold holds after every step.

How long it looks, and from where, is said in `tests/support/machine/running.py`; `./scripts/chaos --people` sets both.
"""

from collections.abc import Callable

import pytest

from tests.support.machine.base import Fresh
from tests.support.machine.engine import Engine
from tests.support.machine.proposing import follow_pie
from tests.support.machine.running import SECONDS, fresh, prepare, run
from workflows import reactions

__all__ = ["fresh"]

SHARE = SECONDS * 35 / 60
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(SHARE + 300)]


def test_whatever_people_do_what_was_promised_holds(
    request: pytest.FixtureRequest,
    fresh: Fresh,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    prepare(monkeypatch)
    monkeypatch.setattr(reactions, "_settled", follow_pie)

    class Here(Engine):
        pass

    Here.fresh = staticmethod(fresh)
    run(Here, f"people on {request.node.callspec.id}", record_property, seconds=SHARE)
