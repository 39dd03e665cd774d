"""The workspace: everything in it, the questions one can ask, and who hears of a change."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sandbox.clock import Clock
from sandbox.ids import Timestamps, derived_id, micros, random_id
from sandbox.model import (
    AppInfo,
    Change,
    ChangeKind,
    Channel,
    ChannelKind,
    Command,
    MemberKind,
    Message,
    Notice,
    NoticePlace,
    Shortcut,
    Team,
    User,
    UserGroup,
    View,
    ViewType,
)
from sandbox.records import INSTALLED, State
from sandbox.store import Kind, Store, record

Listener = Callable[[Change], None]


class Workspace:
    """State of the workspace; each change is stored before anybody hears of it.

    `url` is where the server listens, with a slash at its end; it is known once the server runs.
    """

    def __init__(self, *, state: State, store: Store, clock: Clock) -> None:
        self.team: Team = state.team
        self.apps: dict[str, AppInfo] = state.apps
        self.users: dict[str, User] = state.users
        self.channels: dict[str, Channel] = state.channels
        self.usergroups: dict[str, UserGroup] = state.usergroups
        self.clock = clock
        self.url = "http://127.0.0.1/"
        self._store = store
        self._messages: dict[str, dict[str, Message]] = state.messages
        self._views: dict[str, View] = state.views
        self._read: dict[tuple[str, str], str] = state.read
        self._notices: dict[str, Notice] = state.notices
        self._listeners: list[Listener] = []
        newest = max((ts for of in self._messages.values() for ts in of), key=micros, default="0.0")
        self._timestamps = Timestamps(last=newest)

    # ---- questions

    def now(self) -> datetime:
        """Return the workspace's time: the real one plus the offset of its clock."""
        return self.clock.now()

    def user(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def people(self) -> list[User]:
        """Return those a person at the page may act as; the deactivated are listed but cannot act."""
        found = [user for user in self.users.values() if user.kind is not MemberKind.BOT]
        return sorted(found, key=lambda user: user.real_name.casefold())

    def channel(self, channel_id: str) -> Channel | None:
        return self.channels.get(channel_id)

    def channels_for(self, user_id: str) -> list[Channel]:
        found = [c for c in self.channels.values() if c.kind is not ChannelKind.IM and user_id in c.members]
        return sorted(found, key=lambda channel: channel.name)

    def dms_for(self, user_id: str) -> list[Channel]:
        found = [c for c in self.channels.values() if c.kind is ChannelKind.IM and user_id in c.members]
        return sorted(found, key=lambda channel: channel.id)

    def other_in_dm(self, channel: Channel, user_id: str) -> str:
        """Return whom this person talks to in a direct conversation (themselves in their own)."""
        return next((member for member in sorted(channel.members) if member != user_id), user_id)

    def message(self, channel_id: str, ts: str) -> Message | None:
        found = self._messages.get(channel_id, {}).get(ts)
        return None if found is None or found.deleted else found

    def messages(self, channel_id: str, for_user: str | None) -> list[Message]:
        """Return what stands in the channel itself, oldest first; None sees every ephemeral one."""
        return [
            message
            for message in self._visible(channel_id, for_user)
            if message.broadcast or message.thread_ts in (None, message.ts)
        ]

    def thread(self, channel_id: str, thread_ts: str, for_user: str | None) -> list[Message]:
        """Return a thread, its first message included, oldest first."""
        return [
            message for message in self._visible(channel_id, for_user) if thread_ts in (message.ts, message.thread_ts)
        ]

    def everything_in(self, channel_id: str, for_user: str | None) -> list[Message]:
        """Return the channel's messages and those in its threads, oldest first."""
        return self._visible(channel_id, for_user)

    def view(self, view_id: str) -> View | None:
        return self._views.get(view_id)

    def view_by_external_id(self, app_id: str, external_id: str) -> View | None:
        return next((v for v in self._views.values() if v.app_id == app_id and v.external_id == external_id), None)

    def modals(self, user_id: str) -> list[View]:
        """Return the modals open in front of this person, the visible one last."""
        return [v for v in self._views.values() if v.type is ViewType.MODAL and v.user == user_id]

    def home(self, user_id: str, app_id: str) -> View | None:
        mine = (v for v in self._views.values() if v.type is ViewType.HOME and v.user == user_id)
        return next((view for view in mine if view.app_id == app_id), None)

    def unread(self, user_id: str, channel_id: str) -> int:
        read = micros(self._read.get((user_id, channel_id), "0.0"))
        return sum(
            1
            for message in self.messages(channel_id, user_id)
            if message.user != user_id and message.ephemeral_for is None and micros(message.ts) > read
        )

    def commands(self) -> list[Command]:
        return [
            Command(
                app_id=app.id,
                command=str(entry["command"]),
                description=str(entry.get("description") or ""),
                usage_hint=str(entry.get("usage_hint") or ""),
                should_escape=bool(entry.get("should_escape")),
            )
            for app in self.apps.values()
            for entry in app.manifest.get("features", {}).get("slash_commands") or []
        ]

    def shortcuts(self) -> list[Shortcut]:
        return [
            Shortcut(
                app_id=app.id,
                callback_id=str(entry["callback_id"]),
                name=str(entry.get("name") or ""),
                type=str(entry.get("type") or "global"),
                description=str(entry.get("description") or ""),
            )
            for app in self.apps.values()
            for entry in app.manifest.get("features", {}).get("shortcuts") or []
        ]

    def errors_for(self, user_id: str) -> list[Notice]:
        return [notice for notice in self._notices.values() if notice.user == user_id]

    def subscribe(self, callback: Listener) -> Callable[[], None]:
        """Call back after each change, in the server's event loop; the answer ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    # ---- changes

    def next_ts(self) -> str:
        return self._timestamps.at(self.now())

    def mark_read(self, user_id: str, channel_id: str) -> None:
        newest = max((m.ts for m in self.messages(channel_id, user_id)), key=micros, default=None)
        if newest is None or self._read.get((user_id, channel_id)) == newest:
            return
        self._read[(user_id, channel_id)] = newest
        self._store.put(Kind.READ, f"{user_id}/{channel_id}", {"ts": newest})
        self._tell(ChangeKind.UNREAD, [user_id], channel_id)

    def put_user(self, user: User) -> None:
        self.users[user.id] = user
        self._store.put(Kind.USER, user.id, record(user))
        self._tell(ChangeKind.USER, None)

    def put_app(self, app: AppInfo) -> None:
        self._store.put(Kind.APP, app.id, {name: getattr(app, name) for name in INSTALLED})
        self._tell(ChangeKind.USER, None)

    def put_usergroup(self, group: UserGroup) -> None:
        self.usergroups[group.id] = group
        self._store.put(Kind.USERGROUP, group.id, record(group))
        self._tell(ChangeKind.USER, None)

    def put_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._store.put(Kind.CHANNEL, channel.id, record(channel))
        self._tell(ChangeKind.CHANNEL, None, channel.id)

    def open_im(self, one: str, other: str) -> Channel:
        """Return the direct conversation of two people, the same one each time."""
        pair = sorted((one, other))
        channel_id = derived_id("D", self.team.id, *pair)
        if channel_id not in self.channels:
            created = int(self.now().timestamp())
            self.put_channel(Channel(channel_id, "directmessage", ChannelKind.IM, members=set(pair), created=created))
        return self.channels[channel_id]

    def put_message(self, message: Message) -> None:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        self._store.put(Kind.MESSAGE, f"{message.channel}/{message.ts}", record(message))
        self._tell(ChangeKind.MESSAGE, self._readers(message), message.channel)

    def put_view(self, view: View) -> None:
        self._views[view.id] = view
        self._store.put(Kind.VIEW, view.id, record(view))
        self._tell(_view_change(view), [view.user])

    def drop_view(self, view: View) -> None:
        if self._views.pop(view.id, None) is not None:
            self._store.drop(Kind.VIEW, view.id)
            self._tell(_view_change(view), [view.user])

    def add_notice(self, *, user: str, text: str, where: NoticePlace, target: str) -> Notice:
        notice = Notice(id=random_id("N"), user=user, text=text, where=where, target=target)
        self._notices[notice.id] = notice
        self._store.put(Kind.NOTICE, notice.id, record(notice))
        self._tell(ChangeKind.NOTICE, [user])
        return notice

    def dismiss(self, notice_id: str) -> bool:
        notice = self._notices.pop(notice_id, None)
        if notice is None:
            return False
        self._store.drop(Kind.NOTICE, notice_id)
        self._tell(ChangeKind.NOTICE, [notice.user])
        return True

    def clear_notices(self, *, user: str, where: NoticePlace, target: str) -> None:
        """Take down what the same person saw at the same place: they tried again."""
        for notice in self.errors_for(user):
            if (notice.where, notice.target) == (where, target):
                self.dismiss(notice.id)

    def clock_moved(self, offset: float, step: int) -> None:
        self._store.put(Kind.META, "clock", {"offset": offset, "step": step})
        self._tell(ChangeKind.CLOCK, None)

    # ---- inside

    def _visible(self, channel_id: str, for_user: str | None) -> list[Message]:
        return [
            message
            for message in sorted(self._messages.get(channel_id, {}).values(), key=lambda m: micros(m.ts))
            if not message.deleted and (for_user is None or message.ephemeral_for in (None, for_user))
        ]

    def _readers(self, message: Message) -> Iterable[str]:
        if message.ephemeral_for is not None:
            return [message.ephemeral_for]
        channel = self.channels.get(message.channel)
        return channel.members if channel is not None else []

    def _tell(self, kind: ChangeKind, users: Iterable[str] | None, channel: str | None = None) -> None:
        change = Change(kind=kind, users=None if users is None else frozenset(users), channel=channel)
        for listener in list(self._listeners):
            listener(change)


def _view_change(view: View) -> ChangeKind:
    return ChangeKind.HOME if view.type is ViewType.HOME else ChangeKind.VIEW
