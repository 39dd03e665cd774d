"""A digest is kept as it was told: what is read again is what was made."""

from tests.support.digesting import nothing, sample
from workflows.digests import making


def test_a_digest_read_again_is_the_one_that_was_made() -> None:
    for made in (sample(), nothing()):
        content = making.as_json(made)

        assert making._adapter().validate_json(content) == made  # noqa: SLF001
        assert making.as_json(made) == content


def test_a_week_in_which_nothing_was_told_is_empty() -> None:
    assert nothing().is_empty
    assert not sample().is_empty
