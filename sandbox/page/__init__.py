"""The workspace's page: read, switch person, press, fill in, type commands, move the clock."""

from aiohttp import web

from sandbox.interactions import Interactions
from sandbox.page.routes import add_routes
from sandbox.workspace import Workspace


def register(app: web.Application, workspace: Workspace, _interactions: Interactions) -> None:
    """Add the page to the server. People's actions go through `/control/act`, like everybody else's."""
    add_routes(app, workspace)
