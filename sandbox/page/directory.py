"""What the page knows by id: names of people, channels and groups, as one person may see them."""

from dataclasses import dataclass

from sandbox.blockkit.dates import zone_of
from sandbox.blockkit.reader import Choice, Reader
from sandbox.model import Channel, ChannelKind, MemberKind, User
from sandbox.page.place import Place
from sandbox.workspace import Workspace

_LIMITED = (MemberKind.GUEST, MemberKind.STRANGER)


@dataclass(frozen=True, slots=True)
class WorkspaceDirectory:
    workspace: Workspace
    user: User

    def person(self, user_id: str) -> str | None:
        found = self.workspace.user(user_id)
        return found.real_name if found else None

    def channel(self, channel_id: str) -> str | None:
        found = self.workspace.channel(channel_id)
        return found.name if found and self._may_see(found) else None

    def group(self, group_id: str) -> str | None:
        found = self.workspace.usergroups.get(group_id)
        return found.handle if found else None

    def people(self) -> list[Choice]:
        listed = (user for user in self.workspace.people() if user.kind is not MemberKind.DEACTIVATED)
        return [Choice(user.id, user.real_name) for user in listed]

    def conversations(self, kinds: frozenset[str], *, with_apps: bool = True, with_shared: bool = True) -> list[Choice]:
        rooms = [c for c in self.workspace.channels.values() if c.kind is not ChannelKind.IM and self._may_see(c)]
        rooms.sort(key=lambda channel: channel.name)
        found = [
            Choice(c.id, f"#{c.name}")
            for c in rooms
            if (not kinds or c.kind in kinds) and (with_shared or not c.is_ext_shared)
        ]
        if not kinds or "im" in kinds:
            dms = self.workspace.dms_for(self.user.id)
            found += [Choice(c.id, self.partner(c)) for c in dms if with_apps or not self._is_with_app(c)]
        return found

    def _is_with_app(self, channel: Channel) -> bool:
        other = self.workspace.user(self.workspace.other_in_dm(channel, self.user.id))
        return other is not None and other.kind is MemberKind.BOT

    def partner(self, channel: Channel) -> str:
        other = self.workspace.other_in_dm(channel, self.user.id)
        return self.person(other) or other

    def _may_see(self, channel: Channel) -> bool:
        open_to_all = channel.kind is ChannelKind.PUBLIC and self.user.kind not in _LIMITED
        return open_to_all or self.user.id in channel.members


def reader_for(workspace: Workspace, user: User) -> Reader:
    return Reader(
        user_id=user.id,
        zone=zone_of(user.tz),
        now=workspace.now(),
        directory=WorkspaceDirectory(workspace, user),
    )


def place_name(workspace: Workspace, place: Place) -> str:
    if place.channel is None:
        return place.app.name if place.app else workspace.team.name
    if place.channel.kind is ChannelKind.IM:
        return WorkspaceDirectory(workspace, place.user).partner(place.channel)
    return f"#{place.channel.name}"
