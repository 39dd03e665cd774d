"""The parts of a running workspace, in one place for those who need several."""

from dataclasses import dataclass

from sandbox.events import Events
from sandbox.grants import ResponseUrls, Triggers
from sandbox.posts import Posts
from sandbox.sockets import Sockets
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    workspace: Workspace
    sockets: Sockets
    events: Events
    posts: Posts
    views: Views
    triggers: Triggers
    response_urls: ResponseUrls
