"""One engine of each kind for all tests of a process: an engine compiles every statement once, for itself alone."""

from typing import Any

from sqlalchemy import Dialect, Engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from db.engine import make_engine

_kept: dict[str, Engine] = {}


def lasting_engine(url: str) -> Engine:
    """Return the engine of this kind of database, which connects to `url` from now on. Dispose of it after the test."""
    address = make_url(url)
    engine = _kept.get(address.get_backend_name())
    if engine is None:
        engine = _kept[address.get_backend_name()] = make_engine(url, pool_size=12)
        _let_it_move(engine)
    engine.url = address
    return engine


def _let_it_move(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def do_connect(dialect: Dialect, _: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> None:
        places, names = dialect.create_connect_args(engine.url)
        given[:] = places
        named.update(names)
