"""Build the Bolt app: our listeners, our authorisation, and what every listener may use."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
from handlers.deps import Deps, Workspace

# Bolt looks into the environment itself and warns that we do not use what it finds; what it cannot answer is counted
# by bot.intake.
_BOLT_LOG = logging.getLogger("bot.bolt")
_BOLT_LOG.setLevel(logging.ERROR)

LISTENER_TIMEOUT = 2
"""Seconds a listener waits for Slack: the answer to Slack itself is due after three."""


def listener_client(token: str, api_url: str) -> WebClient:
    """Return the client of listeners. The SDK's own retries are off: they post twice when a connection drops."""
    return WebClient(token=token, base_url=api_url, timeout=LISTENER_TIMEOUT, retry_handlers=[])


def build_app(deps: Deps, client: WebClient, *, signing_secret: str = "", verify: bool = False) -> App:
    """Return the app with every listener registered.

    `verify` checks Slack's signature, for HTTP; Socket Mode payloads carry none. Listeners run on the thread that
    received the payload, and Slack hears nothing before they are done: what it shows as accepted is stored.
    """
    app = App(
        name="gatehouse",  # Bolt would else read the source of every caller for it
        logger=_BOLT_LOG,
        client=client,
        authorize=_authorise(deps.workspace, client.token or ""),
        signing_secret=signing_secret or None,
        process_before_response=True,
        request_verification_enabled=verify,
        ssl_check_enabled=False,
        token_verification_enabled=False,
        attaching_function_token_enabled=False,
        raise_error_for_unhandled_request=False,
    )

    @app.use
    def hand_over_deps(context: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's name for it
        context["deps"] = deps
        next()

    handlers.register(app)
    return app


def _authorise(workspace: Workspace, token: str) -> Callable[..., AuthorizeResult]:
    """Return who we are, as auth.test told at start; asking again on every click would cost each of them a call."""
    result = AuthorizeResult(
        enterprise_id=workspace.enterprise_id,
        team_id=workspace.team_id,
        bot_user_id=workspace.bot_user_id,
        bot_token=token,
    )

    def authorise() -> AuthorizeResult:
        return result

    return authorise
