"""Where the page finds a picture: at its address, or among the workspace's files."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def image_source(image: Mapping[str, Any]) -> str:
    """Return the address of an image block or element; empty if it shows nothing."""
    if image.get("image_url"):
        return str(image["image_url"])
    file = image.get("slack_file") or {}
    if file.get("url"):
        return str(file["url"])
    return f"/files-pri/by-id/{quote(str(file['id']), safe='')}" if file.get("id") else ""
