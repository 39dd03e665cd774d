"""The Web API: every method the workspace knows, by its name."""

from sandbox.webapi import basics, chat, conversations, people, usergroups, views
from sandbox.webapi.call import Method

METHODS: dict[str, Method] = {
    **basics.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **people.METHODS,
    **usergroups.METHODS,
    **views.METHODS,
}
