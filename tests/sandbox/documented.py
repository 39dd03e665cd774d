"""One small app, written twice the way Bolt's documentation writes apps: with `App` and with `AsyncApp`."""

from typing import Any

from slack_bolt import App
from slack_bolt.async_app import AsyncApp

Json = dict[str, Any]

FIRST_STEP: Json = {
    "type": "modal",
    "callback_id": "view_1",
    "title": {"type": "plain_text", "text": "Ask for help"},
    "submit": {"type": "plain_text", "text": "Next"},
    "blocks": [
        {
            "type": "input",
            "block_id": "block_c",
            "label": {"type": "plain_text", "text": "What are your hopes and dreams?"},
            "element": {"type": "plain_text_input", "action_id": "dreamy_input", "multiline": True},
        }
    ],
}
TOO_SHORT = "The value must be longer than 5 characters"


def second_step(hopes: str) -> Json:
    return {
        "type": "modal",
        "callback_id": "view_2",
        "private_metadata": hopes,
        "title": {"type": "plain_text", "text": "Are you sure?"},
        "submit": {"type": "plain_text", "text": "Post"},
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": hopes}}],
    }


def question(user: str, hopes: str) -> list[Json]:
    return [
        {
            "type": "section",
            "block_id": "section",
            "text": {"type": "mrkdwn", "text": f"<@{user}> hopes: {hopes}"},
            "accessory": {
                "type": "button",
                "action_id": "button_click",
                "text": {"type": "plain_text", "text": "Click Me"},
                "value": "1",
            },
        }
    ]


def home(clicks: int) -> Json:
    text = f"*Welcome to your Home.* The button was clicked {clicks} times."
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def listen(app: App, channel: str) -> None:
    """Register the listeners of the sync app."""
    clicks: dict[str, int] = {}

    @app.command("/help-me")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FIRST_STEP)

    @app.view("view_1")
    def handle_submission(ack: Any, view: Json) -> None:
        hopes = view["state"]["values"]["block_c"]["dreamy_input"]["value"]
        if len(hopes) <= 5:
            ack(response_action="errors", errors={"block_c": TOO_SHORT})
            return
        ack(response_action="update", view=second_step(hopes))

    @app.view("view_2")
    def handle_confirmation(ack: Any, body: Json, client: Any, view: Json) -> None:
        ack()
        hopes, user = view["private_metadata"], body["user"]["id"]
        client.chat_postMessage(channel=channel, blocks=question(user, hopes), text=hopes)

    @app.action("button_click")
    def action_button_click(ack: Any, body: Json, respond: Any, client: Any) -> None:
        ack()
        user = body["user"]["id"]
        clicks[user] = clicks.get(user, 0) + 1
        respond(text=f"<@{user}> clicked the button", replace_original=True)
        client.views_publish(user_id=user, view=home(clicks[user]))

    @app.event("app_home_opened")
    def update_home_tab(client: Any, event: Json) -> None:
        client.views_publish(user_id=event["user"], view=home(clicks.get(event["user"], 0)))

    @app.message("hello")
    def message_hello(message: Json, say: Any) -> None:
        say(text=f"Hey there <@{message['user']}>!")


def listen_async(app: AsyncApp, channel: str) -> None:
    """Register the listeners of the async app."""
    clicks: dict[str, int] = {}

    @app.command("/help-me")
    async def open_modal(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FIRST_STEP)

    @app.view("view_1")
    async def handle_submission(ack: Any, view: Json) -> None:
        hopes = view["state"]["values"]["block_c"]["dreamy_input"]["value"]
        if len(hopes) <= 5:
            await ack(response_action="errors", errors={"block_c": TOO_SHORT})
            return
        await ack(response_action="update", view=second_step(hopes))

    @app.view("view_2")
    async def handle_confirmation(ack: Any, body: Json, client: Any, view: Json) -> None:
        await ack()
        hopes, user = view["private_metadata"], body["user"]["id"]
        await client.chat_postMessage(channel=channel, blocks=question(user, hopes), text=hopes)

    @app.action("button_click")
    async def action_button_click(ack: Any, body: Json, respond: Any, client: Any) -> None:
        await ack()
        user = body["user"]["id"]
        clicks[user] = clicks.get(user, 0) + 1
        await respond(text=f"<@{user}> clicked the button", replace_original=True)
        await client.views_publish(user_id=user, view=home(clicks[user]))

    @app.event("app_home_opened")
    async def update_home_tab(client: Any, event: Json) -> None:
        await client.views_publish(user_id=event["user"], view=home(clicks.get(event["user"], 0)))

    @app.message("hello")
    async def message_hello(message: Json, say: Any) -> None:
        await say(text=f"Hey there <@{message['user']}>!")
