"""A digest that was posted in a channel, as people meet it."""

from uuid import UUID

from tests.support.fakes import Post
from tests.support.house import House
from workflows import digests, settings
from workflows.digests import Digest
from workflows.settings import Digest as DigestSetting

CHANNEL = "C_DIGEST"


def posted(house: House, digest: Digest, channel: str = CHANNEL) -> UUID:
    """Post this week in a channel and send what was promised; return the digest's id."""
    now = house.clock.now()
    with house.database.transaction() as session:
        setting = DigestSetting(channel, now.isoweekday(), now.hour * 60 + now.minute, "UTC")
        settings.set_digest(session, setting, actor=None, now=now)
    with house.database.transaction() as session:
        [turn] = [each for each in digests.turns(session, now=now) if each.channel == channel]
        assert digests.post(session, turn, digest, now=now) == 1
        found = digests.posted_of(session, channel)
        assert found is not None
    house.send()
    return found.id


def headline(house: House, channel: str = CHANNEL) -> Post:
    return next(post for post in house.posts_to(channel) if post.thread is None)


def below(house: House, channel: str = CHANNEL) -> list[Post]:
    return [post for post in house.posts_to(channel) if post.thread is not None]
