"""A digest is kept as it was told: what is read again is what was made."""

import json
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import col

from db.tables import DigestRow, UseCase
from tests.support.digesting import CLAUSES, FILES, TRIAGE, nothing, sample
from tests.support.house import House
from workflows import digests
from workflows.digests import Digest, StoredDigest, making


def test_a_digest_read_again_is_the_one_that_was_made() -> None:
    for made in (sample(), nothing()):
        content = making.as_json(made)

        assert making._adapter().validate_json(content) == made  # noqa: SLF001
        assert making.as_json(made) == content


def test_a_week_in_which_nothing_was_told_is_empty() -> None:
    assert nothing().is_empty
    assert not sample().is_empty


def changed(house: House, digest: Digest, **fields: Any) -> StoredDigest | None:
    """Keep a digest, change what is stored of its approvals, None to drop a field; and read it again."""
    with house.database.transaction() as session:
        kept = digests.keep(session, digest, now=house.clock.now())
        content = json.loads(making.as_json(digest))
        approvals = content["standing"]["approvals"] | fields
        content["standing"]["approvals"] = {key: value for key, value in approvals.items() if value != "dropped"}
        values = {"content": json.dumps(content)}
        session.connection().execute(update(DigestRow).where(col(DigestRow.id) == kept.id).values(**values))
        return digests.find(session, kept.id)


def test_what_was_stored_in_another_shape_is_read_as_far_as_it_says_the_same_and_else_is_there_no_more(
    house: House,
) -> None:
    later = changed(house, sample(), said_by_a_later_one=7)
    assert later is not None
    assert later.digest == sample()
    assert changed(house, sample(), waiting="dropped") is None
    assert changed(house, sample(), waiting="many") is None


def test_a_use_case_that_became_confidential_is_named_no_more_in_what_was_stored_and_still_counts(house: House) -> None:
    house.propose()
    with house.database.transaction() as session:
        case_id = session.connection().execute(select_columns(col(UseCase.id))).scalar_one()
        told = TypeAdapter(Digest).validate_json(making.as_json(sample()).replace(str(FILES.id), str(case_id)))
        kept = digests.keep(session, told, now=house.clock.now())
        assert digests.find(session, kept.id) == kept
        session.connection().execute(update(UseCase).values(confidential=True))
        found = digests.find(session, kept.id)

    assert found is not None
    assert str(case_id) not in making.as_json(found.digest)
    assert FILES.name not in making.as_json(found.digest)
    numbers, standing = found.digest.numbers, found.digest.standing
    assert (numbers.value.returns, numbers.wins, [each.of for each in numbers.kpis.worst]) == ((), (), [TRIAGE])
    assert [each.of for each in standing.coming.listed] == [CLAUSES]
    assert (standing.coming.conditions, numbers.kpis.now) == (
        sample().standing.coming.conditions,
        sample().numbers.kpis.now,
    )
