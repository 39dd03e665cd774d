"""Build the whole product from its settings, start it, and stop it cleanly."""

import gc
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException
from types import FrameType

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app import build_app, listener_client
from bot.clock import Clock, ClockFollower, scheduler_of
from bot.crash import CrashPoints
from bot.directory import Directory, directory_client
from bot.intake import Intake
from bot.metrics import Figure, MetricsServer
from bot.outbox import OutboxWorker
from bot.quiet import QuietTimes
from bot.scopes import READ_FILES, scopes_in
from bot.settings import Settings
from bot.sockets import SocketTransport
from bot.web import WebServer
from db import migrate
from db.engine import make_engine
from db.session import Database
from handlers import templating, ticks
from handlers.deps import Deps, Workspace
from workflows import outbox, policy

log = logging.getLogger(__name__)

BEATS_LATE_AFTER = timedelta(seconds=30)


class StartError(Exception):
    """The product cannot start; the message says what to do."""


class Runtime:
    """Everything that runs in one process. Replicas are equal: nothing in memory matters after a crash."""

    def __init__(self, settings: Settings) -> None:
        """Connect to the database and to Slack. Raises StartError or WrongSchemaError when either will not have us."""
        self.settings = settings
        self.clock = Clock()
        templating.use_own(settings.templates)
        checkpoint = CrashPoints(settings.crash_at)
        engine = make_engine(settings.database_url)
        migrate.require_head(engine)
        self.database = Database(engine, checkpoint=checkpoint)
        client = listener_client(settings.bot_token, settings.api_url)
        workspace = introduce(client)
        lease = timedelta(seconds=settings.lease_seconds)
        sender = _sender(settings, patience=lease / 6)
        self.outbox = OutboxWorker(self.database, sender, self.clock, lease=lease, checkpoint=checkpoint)
        self.deps = Deps(
            database=self.database,
            workspace=workspace,
            now=self.clock.now,
            wake_outbox=self.outbox.wake,
            count=self._count,
        )
        reader = directory_client(settings.bot_token, settings.api_url)
        self.directory = Directory(self.database, reader, workspace, self.clock, wake_outbox=self.outbox.wake)
        self.quiet = QuietTimes(self.database, reader, self.clock)
        over_http = settings.transport == "http"
        app = build_app(self.deps, client, signing_secret=settings.signing_secret, verify=over_http)
        self.intake = Intake(app)
        self.socket = None if over_http else _socket(self.intake, settings, checkpoint)
        self.web = self._web(self.intake if over_http else None)
        self.metrics = self._metrics()
        self.scheduler = scheduler_of(
            {
                "tick": (2, self.tick),
                "outbox": (1, self.outbox.wake),
                "directory": (5, self.directory.wake),
                "quiet": (15, self.quiet.keep_up),
                "janitor": (60, self.tidy),
            }
        )
        self.follower = (
            ClockFollower(settings.clock_url, self.clock, settle=self.settle) if settings.clock_url else None
        )

    def _web(self, intake: Intake | None) -> WebServer:
        host, port = self.settings.host, self.settings.port
        with _listening(f"{host}, port {port}", "GATEHOUSE_PORT (and GATEHOUSE_HOST)"):
            return WebServer(host=host, port=port, is_alive=self.is_alive, is_ready=self.is_ready, intake=intake)

    def _metrics(self) -> MetricsServer | None:
        port = self.settings.metrics_port
        if port is None:
            return None
        try:
            with _listening(f"port {port}", "GATEHOUSE_METRICS_PORT"):
                return MetricsServer(port=port, figures=self.figures)
        except StartError:
            self.web.stop()
            raise

    def start(self) -> None:
        """Apply the first policy if there is none, then start everything; the transport last."""
        with self.database.transaction() as session:
            policy.apply_default_if_none(session, now=self.clock.now())
            self.outbox.inherit(session)
        if self.follower:
            self.follower.start()
        self.outbox.start()
        self.directory.start()
        self.scheduler.start()
        if self.socket:
            _connect(self.socket)
        self.web.start()
        if self.metrics:
            self.metrics.start()
        log.info("ready", extra={"team": self.deps.workspace.team_id, "transport": self.settings.transport})

    def stop(self) -> None:
        """Take nothing more in, finish what is under way, and end."""
        if self.socket:
            self.socket.stop()
        self.web.stop()
        if self.metrics:
            self.metrics.stop()
        if self.follower:
            self.follower.stop()
        self.directory.stop()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=True)
        self.outbox.stop()
        self.database.engine.dispose()

    def tick(self) -> None:
        """Do what is due now, and say that we are alive."""
        if ticks.tick(self.database, self.clock.now()):
            self.outbox.wake()
        self.clock.beat()

    def tidy(self) -> None:
        ticks.tidy(self.database, self.clock.now())

    def settle(self) -> None:
        """Do what is due and send what follows from it, until nothing is left to do at this moment."""
        self.quiet.keep_up()
        while ticks.tick(self.database, self.clock.now()) or not self.outbox.is_idle():
            self.outbox.wake()
            if self.outbox.is_halted:
                break
            threading.Event().wait(0.02)

    def figures(self) -> list[Figure]:
        """Return what operators watch: deliveries by outcome since the start, messages waiting and given up."""
        with self.database.reading() as session:
            waiting, given_up = outbox.waiting(session), outbox.undelivered(session)
        beat = (self.clock.real() - self.clock.last_beat).total_seconds()
        return [
            Figure("deliveries_total", "counter", dict(self.intake.counted), label="outcome"),
            Figure.gauge("outbox_waiting", waiting),
            Figure.gauge("outbox_given_up", given_up),
            Figure.gauge("beat_age_seconds", beat),
        ]

    def is_alive(self) -> bool:
        return self.clock.real() - self.clock.last_beat < BEATS_LATE_AFTER

    def is_ready(self) -> bool:
        """Say whether a click would be taken and answered now."""
        try:
            migrate.require_head(self.database.engine)
        except Exception:
            log.exception("the database cannot be used")
            return False
        connected = self.socket is None or self.socket.is_connected
        return connected and self.is_alive() and not self.outbox.is_halted

    def _count(self, what: str) -> None:
        self.intake.count(what)


def _sender(settings: Settings, *, patience: timedelta) -> WebClient:
    """Return the outbox's client, which waits this long for an answer and leaves trying again to the outbox."""
    timeout = max(1, int(patience.total_seconds()))
    return WebClient(token=settings.bot_token, base_url=settings.api_url, timeout=timeout, retry_handlers=[])


def _socket(intake: Intake, settings: Settings, checkpoint: CrashPoints) -> SocketTransport:
    client = WebClient(base_url=settings.api_url)
    return SocketTransport(intake, client, settings.app_token, checkpoint=checkpoint)


@contextmanager
def _listening(place: str, setting: str) -> Iterator[None]:
    """Raise StartError that names the setting when nothing can be served at `place`."""
    try:
        yield
    except (OSError, ValueError) as error:  # waitress has a ValueError of its own for hosts that are none
        why = error.strerror if isinstance(error, OSError) else error
        raise StartError(
            f"Gatehouse cannot listen on {place}: {why}. Stop what uses it, or set {setting} to what is free here."
        ) from error


def _connect(socket: SocketTransport) -> None:
    """Open the socket. Raises StartError when Slack refuses the app-level token."""
    try:
        socket.start()
    except SlackApiError as error:
        raise StartError(
            f"Slack refuses SLACK_APP_TOKEN ({error.response.get('error')}). Take it from your Slack app > "
            "Basic Information > App-Level Tokens; it needs the scope connections:write, and Socket Mode must be on."
        ) from error


def introduce(client: WebClient) -> Workspace:
    """Ask Slack who we are. Raises StartError that says which token is wrong and where to get it."""
    try:
        told = client.auth_test()
    except SlackApiError as error:
        reason = error.response.get("error")
        raise StartError(
            f"Slack refuses SLACK_BOT_TOKEN ({reason}). Take it from your Slack app > Install App > "
            "Bot User OAuth Token; after changing scopes the app must be installed again."
        ) from error
    except (OSError, HTTPException) as error:
        raise StartError(away(client, error)) from error
    return Workspace(
        team_id=str(told["team_id"]),
        enterprise_id=told.get("enterprise_id"),
        bot_user_id=str(told["user_id"]),
        url=str(told.get("url") or ""),
        reads_files=READ_FILES in (scopes_in(told.headers) or ()),
    )


def away(client: WebClient, error: Exception) -> str:
    """Say that Slack did not answer at all."""
    why = getattr(error, "reason", error)
    return f"Slack cannot be reached at {client.base_url} ({why}). Check the network and SLACK_API_URL, and try again."


def run(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; return the process's exit code."""
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    runtime = Runtime(settings)
    try:
        runtime.start()
        # What is here by now stays. Looking through it for garbage again and again took half the time of large answers.
        gc.collect()
        gc.freeze()
        ended.wait()
        log.info("stopping")
    finally:
        runtime.stop()
    return 0
