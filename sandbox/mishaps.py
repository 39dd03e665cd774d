"""Things that happen to an app from outside, when a rule says so."""

import logging

from sandbox.faults import Rule, Trouble
from sandbox.installs import revoke_token
from sandbox.model import Channel
from sandbox.places import archive
from sandbox.services import Services

_LOG = logging.getLogger(__name__)


def happen(services: Services, rule: Rule, app_id: str, *, channel: str = "") -> None:
    """Do to the app or the channel what the rule says; a rule without one means the one concerned."""
    apps = services.workspace.apps
    app = apps.get(rule.app or app_id)
    meant = [app] if app is not None else list(apps.values())
    match rule.do:
        case Trouble.REVOKE_TOKEN:
            for one in meant:
                revoke_token(services, one)
        case Trouble.CLOSE_SOCKETS:
            for one in meant:
                services.sockets.cut(one.id)
        case Trouble.ARCHIVE_CHANNEL:
            place = _place(services, rule.channel or channel)
            if place is None:
                _LOG.warning("Rule %s names no channel there is", rule.id)
            else:
                archive(services, place)
        case _:
            raise ValueError(f"{rule.do} is no mishap")


def _place(services: Services, wanted: str) -> Channel | None:
    return services.workspace.channel(wanted)
