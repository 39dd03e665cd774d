"""What stands on somebody's Home."""

from tests.support.house import House


def home_buttons(house: House, who: str) -> dict[str, str]:
    """Return the buttons on somebody's Home by what they say; of several that say the same the first one."""
    found: dict[str, str] = {}
    for block in house.world.homes[who]["blocks"]:
        for element in [block.get("accessory") or {}, *block.get("elements", [])]:
            if element.get("type") == "button":
                found.setdefault(element["text"]["text"], element["value"])
    return found
