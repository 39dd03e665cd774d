"""Where the facts of a request stand on the record."""

import hashlib
from collections.abc import Iterable
from uuid import UUID


def stream_of(request_id: UUID) -> str:
    """Return the ledger stream of a request; it grows under the request's lock."""
    return f"request:{request_id}"


def digest_over(digests: Iterable[str]) -> str:
    """Return one digest over several section digests, whatever their order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
