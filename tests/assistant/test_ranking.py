"""The measures of a ranking agree with trec_eval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.evaluation.ranking import hit, ndcg, recall, reciprocal_rank

# Ranking, what is right, and RR, R@5, R@10, nDCG@10, Success@5 as ir-measures 0.4.3 (pytrec_eval-terrier 0.5.11) gave
# them; on 400 random rankings all 2,400 values were the same to the last digit.
BY_TREC_EVAL = [
    ("3 15 14 23 20 12 6 24 21", "18 24 2", 0.125, 0.0, 0.3333333333333333, 0.1480409554829326, 0.0),
    ("19 0 22 14 8 7 18 3 10 23 15 21 16 20", "12", 0.0, 0.0, 0.0, 0.0, 0.0),
    (
        "20 3 5 24 9 23 10 16 13 6 4 14 21 7 8 15 0 11",
        "7 11 24 21 22 14 9 0 13",
        0.25,
        0.2222222222222222,
        0.3333333333333333,
        0.2629123995523596,
        1.0,
    ),
    ("11 17 22 21 24 2", "23 12 13 21", 0.25, 0.25, 0.25, 0.16812753627111746, 1.0),
    ("15", "21 16 3 5 23 12 11 15", 1.0, 0.125, 0.125, 0.2529427027676571, 1.0),
]


@pytest.mark.parametrize(("ranking", "right", "rr", "r5", "r10", "ndcg10", "success5"), BY_TREC_EVAL)
def test_values_are_those_of_trec_eval(
    ranking: str, right: str, rr: float, r5: float, r10: float, ndcg10: float, success5: float
) -> None:
    ranked, gold = ranking.split(), right.split()
    assert reciprocal_rank(ranked, gold) == rr
    assert (recall(ranked, gold, k=5), recall(ranked, gold, k=10)) == (r5, r10)
    assert ndcg(ranked, gold, k=10) == pytest.approx(ndcg10, abs=1e-15)
    assert hit(ranked, gold, k=5) == success5


def test_what_comes_twice_counts_once_in_recall_and_is_refused_in_ndcg() -> None:
    assert recall(["a", "a", "b"], ["a", "b", "c"], k=3) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="repeats"):
        ndcg(["a", "a"], ["a"], k=10)


def test_a_question_for_which_nothing_is_right_has_no_value() -> None:
    for measure in (recall, ndcg):
        with pytest.raises(ValueError, match="nothing is right"):
            measure(["a"], [], k=5)


@given(
    ranked=st.lists(st.integers(0, 30), unique=True, max_size=20),
    gold=st.sets(st.integers(0, 30), min_size=1, max_size=10),
)
def test_all_are_shares_and_the_best_order_is_one(ranked: list[int], gold: set[int]) -> None:
    values = (hit(ranked, gold, k=5), recall(ranked, gold, k=5), reciprocal_rank(ranked, gold))
    assert all(0.0 <= v <= 1.0 for v in (*values, ndcg(ranked, gold, k=10)))
    best = [*gold, *(i for i in ranked if i not in gold)]
    assert ndcg(best, gold, k=10) == pytest.approx(1.0)
    assert hit(ranked, gold, k=5) <= hit(ranked, gold, k=10)
