"""What every deed needs: who acts, what they asked, and how an app is told and waited for."""

from dataclasses import dataclass
from typing import Any

from sandbox import payloads
from sandbox.envelopes import Answer, Envelope, Outcome
from sandbox.model import AppInfo, Channel, MemberKind, Message, NoticePlace, User, View, ViewType
from sandbox.services import Services
from sandbox.workspace import Workspace

Json = dict[str, Any]


class RefusedError(Exception):
    """The deed did not happen, or the app did not answer it; the message is for the person."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.extra = extra

    def body(self) -> Json:
        return {"ok": False, "error": self.code, "message": self.message, **self.extra}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where the person sees it when something goes wrong."""

    where: NoticePlace
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One person doing one thing. `force` lets even those act whom Slack would not let."""

    services: Services
    actor: User
    body: Json
    force: bool

    @property
    def workspace(self) -> Workspace:
        return self.services.workspace

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise RefusedError("invalid_arguments", f"`{name}` is missing or no text.")
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise RefusedError("invalid_arguments", f"`{name}` must be a text.")
        return value or None

    def residents_only(self) -> None:
        """Refuse people of other organisations: Slack gives them no commands, shortcuts or home."""
        if self.actor.kind is MemberKind.STRANGER and not self.force:
            raise RefusedError(
                "not_allowed", f"{self.actor.real_name} belongs to another organisation and cannot do this."
            )

    def channel(self, channel_id: str) -> Channel:
        """Return a conversation the person is in."""
        found = self.workspace.channel(channel_id)
        if found is None or not (self.force or self.actor.id in found.members):
            raise RefusedError("channel_not_found", f"{self.actor.real_name} is in no channel {channel_id}.")
        return found

    def message(self, channel: Channel, ts: str) -> Message:
        found = self.workspace.message(channel.id, ts)
        if found is None or not (self.force or found.ephemeral_for in (None, self.actor.id)):
            raise RefusedError("message_not_found", f"There is no message {ts} to be seen here.")
        return found

    def view(self, view_id: str) -> View:
        found = self.workspace.view(view_id)
        if found is None or found.user != self.actor.id:
            raise RefusedError("view_not_found", f"{self.actor.real_name} has no view {view_id} in front of them.")
        return found

    def trigger(self, app: AppInfo, *, view_id: str | None = None) -> str:
        return self.services.triggers.issue(app_id=app.id, user=self.actor.id, view_id=view_id)

    def response_url(self, app: AppInfo, channel: Channel, *, message: Message | None = None) -> str:
        token = self.services.response_urls.issue(
            app_id=app.id,
            user=self.actor.id,
            channel=channel.id,
            message_ts=None if message is None else message.ts,
            thread_ts=None if message is None else message.thread_ts,
        )
        return f"{self.workspace.url}response/{token}"

    def head(self, kind: str, app: AppInfo) -> Json:
        """Return what every interaction payload begins with."""
        return {
            "type": kind,
            "user": payloads.actor(self.actor),
            "api_app_id": app.id,
            "token": payloads.verification_token(app),
            "team": payloads.team(self.workspace),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    async def send(self, app: AppInfo, envelope: Envelope, spot: Spot) -> Json:
        """Deliver to the app and return its answer; a failure stays visible until the next try."""
        self.workspace.clear_notices(user=self.actor.id, where=spot.where, target=spot.target)
        answer = await self.services.delivery.deliver(app.id, envelope)
        if answer.outcome is Outcome.ACKNOWLEDGED:
            return answer.payload
        problem = _problem(app, answer)
        self.show(spot, problem.message)
        raise problem

    def show(self, spot: Spot, text: str) -> None:
        self.workspace.add_notice(user=self.actor.id, text=text, where=spot.where, target=spot.target)


def _problem(app: AppInfo, answer: Answer) -> RefusedError:
    if answer.outcome is Outcome.NOT_CONNECTED:
        return RefusedError("app_not_connected", f"{app.name} is not connected.")
    if answer.outcome is Outcome.REFUSED:
        return RefusedError("dispatch_failed", f"{app.name} could not do this. Try again.")
    return RefusedError("operation_timeout", f"{app.name} did not respond in time. Try again.")


def spot_of_view(view: View) -> Spot:
    where = NoticePlace.MODAL if view.type is ViewType.MODAL else NoticePlace.HOME
    return Spot(where=where, target=view.id)


def spot_of_message(message: Message) -> Spot:
    return Spot(where=NoticePlace.MESSAGE, target=f"{message.channel}/{message.ts}")
