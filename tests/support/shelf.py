"""Files as Slack keeps them: handed to who shows the right token, and everybody else is led to a sign-in page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Shelf:
    """What is kept, by name. `asked` are the tokens it was asked with."""

    address: str
    token: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, content: bytes, name: str = "policy.yml") -> str:
        """Keep a file and return its address."""
        self.files[f"/files-pri/{name}"] = content
        return f"{self.address}/files-pri/{name}"


@contextmanager
def shelf(token: str) -> Iterator[Shelf]:
    """Serve a shelf on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(self.headers.get("Authorization", ""))
            content = kept.files.get(self.path)
            if kept.asked[-1] != f"Bearer {token}":
                self.send_response(302)
                self.send_header("Location", f"{kept.address}/signin")
            else:
                self.send_response(404 if content is None else 200)
            self.end_headers()
            if content is not None:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Shelf(f"http://127.0.0.1:{server.server_port}", token)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()
