"""The parts of a running workspace, in one place for those who need several."""

from dataclasses import dataclass

from sandbox.delivery import Delivery
from sandbox.events import Events
from sandbox.executions import Executions
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.grants import Codes, ResponseUrls, Triggers
from sandbox.hooks import Hooks
from sandbox.posts import Posts
from sandbox.settings import Settings
from sandbox.sockets import Sockets
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    workspace: Workspace
    settings: Settings
    faults: Faults
    hooks: Hooks
    delivery: Delivery
    sockets: Sockets
    events: Events
    posts: Posts
    views: Views
    files: Files
    executions: Executions
    codes: Codes
    triggers: Triggers
    response_urls: ResponseUrls
