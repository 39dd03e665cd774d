"""Named points at which a fault test ends the process, as a power cut would."""

import os
import signal
import threading


class CrashPoints:
    """Kills the process the n-th time a named point is reached: `outbox.after_send:3`. An empty spec never does.

    Settings allow a spec with a workspace on this machine only.
    """

    def __init__(self, spec: str) -> None:
        name, _, count = spec.partition(":")
        self._name = name
        self._left = int(count or 1)
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
