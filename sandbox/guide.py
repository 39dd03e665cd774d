"""What a person needs to know to point an app at a workspace that just started."""

from sandbox.model import AppInfo
from sandbox.workspace import Workspace

_APP = """
{name} ({id})
  bot token       {bot_token}
  app token       {app_token}
  signing secret  {signing_secret}
  client          {client_id} / {client_secret}
  hears of things {road}
"""

_PYTHON = """
Bolt for Python:
  from slack_bolt import App
  from slack_bolt.adapter.socket_mode import SocketModeHandler
  from slack_sdk import WebClient
  app = App(client=WebClient(token="{bot_token}", base_url="{api}"))
  SocketModeHandler(app, "{app_token}").start()
"""

_JAVASCRIPT = """
Bolt for JavaScript:
  const {{ App }} = require("@slack/bolt");
  const app = new App({{ token: "{bot_token}", appToken: "{app_token}", socketMode: true,
    clientOptions: {{ slackApiUrl: "{api}" }} }});
  app.start();
"""

_PYTHON_HTTP = """
Bolt for Python, listening at {request_url}:
  app = App(signing_secret="{signing_secret}", client=WebClient(token="{bot_token}", base_url="{api}"))
"""

_JAVASCRIPT_HTTP = """
Bolt for JavaScript, listening at {request_url}:
  const app = new App({{ token: "{bot_token}", signingSecret: "{signing_secret}",
    clientOptions: {{ slackApiUrl: "{api}" }} }});
"""


def guide(workspace: Workspace) -> str:
    """Return base URL, tokens, and how to start an app of either kind with them."""
    api = f"{workspace.url}api/"
    lines = [f"\nThe page for people: {workspace.url}\nThe base URL for apps: {api}\n"]
    lines += [_of(app, _APP, api) for app in workspace.apps.values()]
    first = next(iter(workspace.apps.values()), None)
    if first is not None:
        examples = (_PYTHON_HTTP, _JAVASCRIPT_HTTP) if first.uses_http else (_PYTHON, _JAVASCRIPT)
        lines += [_of(first, example, api) for example in examples]
    return "".join(lines)


def _of(app: AppInfo, template: str, api: str) -> str:
    road = f"at {app.request_url or app.command_url or app.interactivity_url}" if app.uses_http else "over Socket Mode"
    return template.format(
        api=api,
        road=road,
        name=app.name,
        id=app.id,
        bot_token=app.bot_token,
        app_token=app.app_token,
        signing_secret=app.signing_secret,
        client_id=app.client_id,
        client_secret=app.client_secret,
        request_url=app.request_url,
    )
