"""Makes the identifiers Slack would make: ids, timestamps, tickets, hashes."""

import hashlib
import secrets
import string
import uuid
from datetime import datetime

_ALPHABET = string.ascii_uppercase + string.digits
_BLOCK_ALPHABET = string.ascii_letters + string.digits + "+/="
_MICROSECONDS = 1_000_000


def random_id(prefix: str) -> str:
    """Return an id such as `V0A1B2C3D4E` that nobody has seen before."""
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def derived_id(prefix: str, *parts: str) -> str:
    """Return the same id for the same parts, on every machine and at every start."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8])
    letters = []
    for _ in range(9):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return prefix + "0" + "".join(letters)


def derived_number(*parts: str) -> str:
    """Return a dozen digits, the same for the same parts."""
    return str(int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8]) % 10**12).zfill(12)


def random_block_id() -> str:
    return "".join(secrets.choice(_BLOCK_ALPHABET) for _ in range(5))


def view_hash(now: datetime) -> str:
    return f"{int(now.timestamp())}.{secrets.token_urlsafe(6)}"


def trigger_id(team_id: str) -> str:
    """Return `number.number.hex`, the shape apps store and log."""
    team_number = int.from_bytes(hashlib.sha256(team_id.encode()).digest()[:4])
    return f"{secrets.randbelow(10**13)}.{team_number}.{secrets.token_hex(16)}"


def envelope_id() -> str:
    return str(uuid.uuid4())


def secret() -> str:
    return secrets.token_urlsafe(24)


class Timestamps:
    """Hands out `ts` values: microseconds of the workspace's time, unique and strictly increasing."""

    def __init__(self, *, last: str = "0.000000") -> None:
        self._last = micros(last)

    def at(self, now: datetime) -> str:
        wanted = int(now.timestamp() * _MICROSECONDS)
        self._last = max(wanted, self._last + 1)
        return f"{self._last // _MICROSECONDS}.{self._last % _MICROSECONDS:06d}"


def micros(ts: str) -> int:
    """Return a `ts` as whole microseconds, or raise ValueError."""
    seconds, _, fraction = ts.partition(".")
    if not (seconds.isdecimal() and seconds.isascii()) or len(seconds) > 12:  # noqa: PLR2004
        raise ValueError(f"not a timestamp: {ts!r}")
    if fraction and not (fraction.isdecimal() and fraction.isascii() and len(fraction) <= 6):  # noqa: PLR2004
        raise ValueError(f"not a timestamp: {ts!r}")
    return int(seconds) * _MICROSECONDS + int((fraction or "0").ljust(6, "0"))
