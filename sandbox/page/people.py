"""How a person or an app appears: name, initials, colour, and what kind of account it is."""

import zlib
from dataclasses import dataclass

from sandbox.model import MemberKind, User

_TINTS = 8
_KINDS = {
    MemberKind.ADMIN: "Admin",
    MemberKind.OWNER: "Owner",
    MemberKind.GUEST: "Guest",
    MemberKind.BOT: "App",
    MemberKind.DEACTIVATED: "Deactivated",
    MemberKind.STRANGER: "Other organisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    id: str
    name: str
    initials: str
    tint: int
    kind: str
    title: str
    is_app: bool


def face_of(user: User | None, user_id: str) -> Face:
    if user is None:
        return Face(id=user_id, name=user_id, initials="?", tint=0, kind="", title="", is_app=False)
    return Face(
        id=user.id,
        name=user.real_name,
        initials=_initials(user.real_name),
        tint=zlib.crc32(user.id.encode()) % _TINTS,
        kind=_KINDS.get(user.kind, ""),
        title=user.title,
        is_app=user.kind is MemberKind.BOT,
    )


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
