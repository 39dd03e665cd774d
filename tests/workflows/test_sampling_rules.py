"""Failed audits of what a line approves widen the sample or close the line, by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import AuditResult
from workflows.policy import AuditRule, fast_lane

RULE = AuditRule.model_validate(
    {"share": 10, "role": "governance", "widen": {"after_failures": 2, "to": 40}, "close": {"after_failures": 3}}
    | {"of_last": 6}
)
MEANS = {"p": AuditResult.PASSED, "f": AuditResult.FAILED, "u": AuditResult.UNSEEN, "o": AuditResult.OVERTAKEN}


def results(newest_first: str) -> list[AuditResult]:
    return [MEANS[each] for each in newest_first]


@pytest.mark.parametrize(
    ("newest_first", "share", "is_closed"),
    [
        ("", 10, False),
        ("pppppp", 10, False),
        ("f", 10, False),
        ("ff", 40, False),
        ("fppppf", 40, False),
        ("fpppppf", 10, False),  # the older one is out of the six that count
        ("pppppff", 10, False),
        ("ffpfppp", 40, True),
        ("ffppppf", 40, False),
        ("fuf", 40, False),
        ("uuuuuuuu", 10, False),  # that nobody looked says nothing about the line
        ("fuuuuuuff", 40, True),  # and takes no place among those that count
        ("oofoof", 40, False),
    ],
)
def test_failures_among_the_last_audits_decide(newest_first: str, share: int, is_closed: bool) -> None:
    found = fast_lane(RULE, results(newest_first))

    assert (found.share, found.is_closed) == (share, is_closed)
    assert found.is_widened is (share != RULE.share)


@given(st.lists(st.sampled_from(AuditResult), max_size=30))
def test_one_more_failure_never_narrows_the_sample_or_opens_the_line(given_results: list[AuditResult]) -> None:
    before = fast_lane(RULE, given_results)
    after = fast_lane(RULE, [AuditResult.FAILED, *given_results])

    # Unless a failure leaves the window by it, there is one more.
    assert after.failed >= before.failed
    assert after.share >= before.share
    assert after.is_closed or not before.is_closed
    assert after.counted <= RULE.of_last


def test_the_usual_rule_widens_after_one_and_closes_after_three_of_twenty() -> None:
    rule = AuditRule(share=10, role="governance")

    assert [fast_lane(rule, results(each)).share for each in ("p", "f", "ff")] == [10, 50, 50]
    assert [fast_lane(rule, results("f" * count)).is_closed for count in (2, 3)] == [False, True]
    assert not fast_lane(rule, results("ff" + "p" * 18 + "f")).is_closed
