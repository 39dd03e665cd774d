"""A WSGI server on a thread of its own that can be stopped from another one."""

import threading
from typing import TYPE_CHECKING, Any

import waitress
from waitress import wasyncore

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_LOOK_UP = 0.2
"""Seconds after which the server looks whether it was stopped."""


class WsgiServer:
    """Serves one application. Closing waitress while its loop runs elsewhere races, so its loop is ours."""

    def __init__(self, application: "WSGIApplication", *, name: str, host: str, port: int, **options: Any) -> None:
        self._sockets: dict[int, object] = {}
        try:
            self._server = waitress.create_server(
                application, map=self._sockets, host=host, port=port, ident=None, **options
            )
        except OSError:
            wasyncore.close_all(self._sockets)
            raise
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Answer what is being answered, then close."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        else:
            self._server.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            wasyncore.loop(timeout=_LOOK_UP, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown()
        self._server.close()
        wasyncore.close_all(self._sockets)
