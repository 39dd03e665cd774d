"""People acting: they press, submit, close, command, say, open a home."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.deeds.command import command, shortcut
from sandbox.deeds.modal import close, submit
from sandbox.deeds.press import press, suggest
from sandbox.deeds.stage import Deed, RefusedError
from sandbox.deeds.talk import home, messages_tab, say
from sandbox.deeds.touch import edit, erase, react
from sandbox.model import MemberKind, User
from sandbox.services import Services

Json = dict[str, Any]

DEEDS: dict[str, Callable[[Deed], Awaitable[Json]]] = {
    "press": press,
    "suggest": suggest,
    "submit": submit,
    "close": close,
    "command": command,
    "shortcut": shortcut,
    "home": home,
    "messages_tab": messages_tab,
    "say": say,
    "react": react,
    "edit": edit,
    "erase": erase,
}


class Interactions:
    """What a person can do; each deed waits for the app's answer, three seconds at most."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def act(self, body: Json) -> Json:
        """Do what `POST /control/act` was asked to do: `{"as": user, "do": deed, …}`.

        Answers `{"ok": True, …}` or `{"ok": False, "error": code, "message": sentence}`.
        """
        try:
            run = DEEDS.get(str(body.get("do")))
            if run is None:
                return RefusedError("unknown_deed", f"Nobody can {body.get('do')!r} here.").body()
            force = body.get("force") is True
            actor = self._actor(str(body.get("as")), force=force)
            deed = Deed(services=self._services, actor=actor, body=body, force=force)
            return {"ok": True, **await run(deed)}
        except RefusedError as refusal:
            return refusal.body()

    def _actor(self, user_id: str, *, force: bool) -> User:
        user = self._services.workspace.user(user_id)
        if user is None:
            raise RefusedError("user_not_found", f"There is nobody with the id {user_id}.")
        if user.kind is MemberKind.BOT:
            raise RefusedError("cannot_act", f"{user.real_name} is a bot; its app acts for it.")
        if user.kind is MemberKind.DEACTIVATED and not force:
            raise RefusedError("account_inactive", f"{user.real_name} is deactivated and cannot act.")
        return user
