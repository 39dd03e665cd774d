"""Builds the workspace's server: everything behind one loopback port."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiohttp import web
from yarl import URL

from sandbox import page
from sandbox.answers import ResponseEndpoint
from sandbox.authorization import Authorization
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.delivery import Delivery
from sandbox.downloads import FileEndpoints
from sandbox.events import RETRY_DELAYS, Events
from sandbox.executions import Executions
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.grants import RESPONSE_SECONDS, TRIGGER_SECONDS, Codes, ResponseUrls, Triggers
from sandbox.happenings import Happenings
from sandbox.hooks import Hooks
from sandbox.interactions import Interactions
from sandbox.levers import Levers
from sandbox.mishaps import happen
from sandbox.posts import Posts
from sandbox.records import load_clock, load_state
from sandbox.seed import LOOPBACK, Seed
from sandbox.services import Services
from sandbox.settings import Settings
from sandbox.sockets import Sockets
from sandbox.store import Store
from sandbox.views import Views
from sandbox.webapi.http import WebApi
from sandbox.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_LARGEST_BODY = 16 * 1024 * 1024
SERVICES = web.AppKey("services", Services)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long, in real seconds, the workspace waits for apps; Slack's own values unless told otherwise."""

    ack: float = 3.0
    trigger: float = TRIGGER_SECONDS
    response_url: float = RESPONSE_SECONDS
    retries: tuple[float, ...] = RETRY_DELAYS
    follower: float = 10.0


def build(*, seed: Seed, state: Path | str, timing: Timing | None = None, days_ago: int = 0) -> web.Application:
    """Return the server; call it inside the event loop it will run in. A new workspace begins `days_ago`."""
    timing = timing or Timing()
    store = Store(state)
    offset, step = load_clock(store, days_ago=days_ago)
    clock = Clock(offset=offset, step=step, patience=timing.follower)
    workspace = Workspace(state=load_state(store, seed), store=store, clock=clock)
    clock.on_step = workspace.clock_moved
    services = _services(workspace, store, timing, seed.settings)
    interactions = Interactions(services)
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_only_from_here])
    app[SERVICES] = services
    WebApi(services).register(app)
    ResponseEndpoint(services).register(app)
    Control(services, interactions).register(app)
    Levers(services).register(app)
    Happenings(services).register(app)
    FileEndpoints(services).register(app)
    Authorization(services).register(app)
    app.router.add_get("/link/", services.sockets.handle)
    page.register(app, workspace, interactions)
    app.on_startup.append(_verify)
    app.on_shutdown.append(_hang_up)
    app.cleanup_ctx.append(_closing(store))
    return app


def _services(workspace: Workspace, store: Store, timing: Timing, settings: Settings) -> Services:
    sockets = Sockets(workspace=workspace, settings=settings, deadline=timing.ack)
    faults = Faults()
    hooks = Hooks(deadline=timing.ack)
    delivery = Delivery(workspace=workspace, sockets=sockets, hooks=hooks, faults=faults, deadline=timing.ack)
    events = Events(workspace=workspace, delivery=delivery, settings=settings, retry_delays=timing.retries)
    services = Services(
        workspace=workspace,
        settings=settings,
        faults=faults,
        hooks=hooks,
        delivery=delivery,
        sockets=sockets,
        events=events,
        posts=Posts(workspace=workspace, events=events),
        views=Views(workspace=workspace),
        triggers=Triggers(team_id=workspace.team.id, lifetime=timing.trigger),
        response_urls=ResponseUrls(store=store, lifetime=timing.response_url),
        files=Files(workspace=workspace, store=store),
        executions=Executions(store=store, events=events),
        codes=Codes(),
    )
    delivery.mishap = partial(happen, services)
    return services


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other hosts' names and other sites' scripts: this server trusts the machine it runs on."""
    if not _is_from_here(request.host, request.headers.get("Origin")):
        raise web.HTTPForbidden(text="This workspace answers its own machine only.")
    return await handler(request)


def _is_from_here(host: str, origin: str | None) -> bool:
    try:
        named = URL(f"http://{host}").host
        return named in LOOPBACK and (origin is None or URL(origin).authority == host)
    except ValueError:
        return False


async def _verify(app: web.Application) -> None:
    """Ask apps that listen on HTTP to prove it; one that is not up yet is asked before its first event."""
    services = app[SERVICES]
    for one in services.workspace.apps.values():
        if one.request_url:
            services.delivery.introduce(one)


async def _hang_up(app: web.Application) -> None:
    services = app[SERVICES]
    await services.sockets.close()
    await services.events.close()
    await services.delivery.close()


def _closing(store: Store) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        yield
        store.close()

    return context


async def serve(app: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Start listening; return the runner to clean up and the workspace's address."""
    # Short: followers of the clock and open pages do not end by themselves.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = int(runner.addresses[0][1])
    named = f"[{host}]" if ":" in host else host
    url = f"http://{named}:{bound}"
    app[SERVICES].workspace.url = f"{url}/"
    return runner, url
