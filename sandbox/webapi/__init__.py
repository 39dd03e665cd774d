"""The Web API: every method the workspace knows, by its name."""

from dataclasses import replace

from sandbox.reference import methods
from sandbox.webapi import (
    basics,
    blocks,
    chat,
    conversations,
    files,
    functions,
    installation,
    marks,
    membership,
    people,
    unfurls,
    usergroups,
    views,
)
from sandbox.webapi.call import Method

_FAMILIES = (
    basics,
    blocks,
    chat,
    conversations,
    files,
    functions,
    installation,
    marks,
    membership,
    people,
    unfurls,
    usergroups,
    views,
)

METHODS: dict[str, Method] = {
    name: replace(method, scopes=methods()[name].bot_scopes)
    for family in _FAMILIES
    for name, method in family.METHODS.items()
}
