"""Errors stand where Slack would show them; those whose place is out of sight stand above everything."""

from sandbox.model import Notice, NoticePlace
from sandbox.page.place import Place
from sandbox.workspace import Workspace


def notices_at(workspace: Workspace, place: Place, where: NoticePlace, target: str) -> list[Notice]:
    return [n for n in workspace.errors_for(place.user.id) if (n.where, n.target) == (where, target)]


def stray_notices(workspace: Workspace, place: Place) -> list[Notice]:
    """List the errors whose own place is not in sight, so that none stays unseen."""
    return [notice for notice in workspace.errors_for(place.user.id) if not _in_sight(workspace, place, notice)]


def _in_sight(workspace: Workspace, place: Place, notice: Notice) -> bool:
    here = place.channel.id if place.channel else ""
    match notice.where:
        case NoticePlace.MODAL:
            return any(view.id == notice.target for view in workspace.modals(place.user.id))
        case NoticePlace.HOME:
            if place.app is None or not place.at_home:
                return False
            view = workspace.home(place.user.id, place.app.id)
            return notice.target in {place.app.id, view.id if view else ""}
        case NoticePlace.COMPOSER:
            return notice.target == here
        case NoticePlace.MESSAGE:
            channel, _, ts = notice.target.partition("/")
            return channel == here and any(m.ts == ts for m in workspace.messages(channel, place.user.id))
