"""Files: announced, sent, shared in channels, and fetched by those who may."""

import base64
import mimetypes
from collections.abc import Iterator
from typing import Any

from sandbox.errors import ApiError
from sandbox.ids import random_id, secret
from sandbox.model import File
from sandbox.store import Kind, Store, record
from sandbox.workspace import Workspace

Json = dict[str, Any]
LARGEST = 10 * 1024 * 1024
_SHOWN_AS_IS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Files:
    def __init__(self, *, workspace: Workspace, store: Store) -> None:
        self._workspace = workspace
        self._store = store
        self._files = {key: File(**body) for key, body in store.all(Kind.FILE)}

    def announce(self, user: str, *, name: str, size: int, alt_text: str, app_id: str = "") -> File:
        """Prepare for a file somebody is going to send."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        _, _, ending = name.rpartition(".")
        file = File(
            id=random_id("F"),
            name=name,
            title=name,
            user=user,
            size=size,
            created=int(self._workspace.now().timestamp()),
            mimetype=kind,
            filetype=ending.lower() if ending != name else "binary",
            token=secret(),
            alt_text=alt_text,
            app_id=app_id,
        )
        self._put(file)
        return file

    def receive(self, token: str, content: bytes) -> File | None:
        """Keep what was sent to an upload's address, once; None if nobody announced it."""
        file = next((one for one in self._files.values() if one.token == token and not one.complete), None)
        if file is None or len(content) > LARGEST:
            return None
        file.size, file.sent = len(content), True
        self._store.put(Kind.CONTENT, file.id, {"base64": base64.b64encode(content).decode()})
        self._put(file)
        return file

    def complete(self, file: File, *, title: str, channels: list[str]) -> None:
        file.complete, file.title = True, title or file.title
        file.channels = sorted({*file.channels, *channels})
        self._put(file)

    def get(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def known(self, file_id: str) -> File:
        """Return a file that is there, or refuse as Slack does."""
        file = self._files.get(file_id)
        if file is None or not file.sent:
            raise ApiError("file_not_found")
        if file.deleted:
            raise ApiError("file_deleted")
        return file

    def content(self, file: File) -> bytes:
        kept = self._store.get(Kind.CONTENT, file.id)
        return b"" if kept is None or file.deleted else base64.b64decode(kept["base64"])

    def delete(self, file: File) -> None:
        file.deleted = True
        self._store.drop(Kind.CONTENT, file.id)
        self._put(file)

    def missing_in(self, blocks: list[Json]) -> list[str]:
        """Return what Slack says of blocks that show files there are not."""
        return [
            f"[ERROR] invalid slack file [json-pointer:{pointer}/slack_file]"
            for pointer, shown in _slack_files(blocks, "/blocks")
            if not self._is_there(shown)
        ]

    def _is_there(self, shown: Json) -> bool:
        addressed = (file for file in self._files.values() if shown.get("url") in _addresses(self.shown(file)))
        file = self._files.get(str(shown["id"])) if "id" in shown else next(addressed, None)
        return file is not None and file.sent and not file.deleted

    def address(self, file: File) -> str:
        return f"{self._workspace.url}files-pri/{self._workspace.team.id}-{file.id}/{file.name}"

    def shown(self, file: File) -> Json:
        """Return a file as Slack describes it."""
        if file.deleted:
            return {"id": file.id, "mode": "tombstone"}
        place = self.address(file)
        shown: Json = {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.filetype,
            "pretty_type": file.filetype.upper(),
            "user": file.user,
            "user_team": self._workspace.team.id,
            "editable": False,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": bool(file.channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": place,
            "url_private_download": place.replace(f"/{file.name}", f"/download/{file.name}"),
            "permalink": f"{self._workspace.url}files/{file.user}/{file.id}/{file.name}",
            "media_display_type": "unknown",
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
            "alt_txt": file.alt_text,
        }
        return shown

    def _put(self, file: File) -> None:
        self._files[file.id] = file
        self._store.put(Kind.FILE, file.id, record(file))


def is_picture(file: File) -> bool:
    """Tell whether a browser may show it as it is: pictures that cannot carry scripts."""
    return file.mimetype in _SHOWN_AS_IS


def _addresses(shown: Json) -> list[str]:
    return [str(shown[key]) for key in ("url_private", "permalink") if key in shown]


def _slack_files(value: Any, pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield every `slack_file` at any depth, and where what shows it stands."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _slack_files(part, f"{pointer}/{index}")
    elif isinstance(value, dict):
        if isinstance(value.get("slack_file"), dict):
            yield pointer, value["slack_file"]
        for key, part in value.items():
            yield from _slack_files(part, f"{pointer}/{key}")
