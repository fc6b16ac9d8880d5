"""Resolving `[n]`: R18."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo.citations import cite, with_marks
from studiolo.support import Support, support_of

PASSAGES = [
    "Unused leave up to ten days may be carried over.",
    "Leave accrues at 1.75 days per month of service.",
    "The office is closed on public holidays.",
]


def judge(sentence: str, number: int) -> Support:
    return support_of(sentence, PASSAGES[number - 1])


def test_a_number_that_the_model_wrote_is_kept_where_its_passage_says_so() -> None:
    sentences, quotes = cite("Unused leave up to ten days may be carried over [1].", 3, judge)
    assert [s.citations for s in sentences] == [(1,)]
    assert sentences[0].text == "Unused leave up to ten days may be carried over."
    assert [(q.number, PASSAGES[0][q.start : q.end]) for q in quotes] == [(1, PASSAGES[0])]


def test_a_number_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    sentences, _ = cite("Leave accrues at 1.75 days per month. [2] The office is closed on holidays. [3]", 3, judge)
    assert [s.citations for s in sentences] == [(2,), (3,)]


def test_a_sentence_without_a_number_gets_the_passage_that_supports_it_best() -> None:
    sentences, _ = cite("Leave accrues at 1.75 days per month of service.", 3, judge)
    assert sentences[0].citations == (2,)
    assert sentences[0].verdict == "supported"


def test_a_wrong_number_is_replaced_by_the_passage_that_says_it() -> None:
    sentences, _ = cite("Leave accrues at 1.75 days per month of service [3].", 3, judge)
    assert sentences[0].citations == (2,)


def test_an_invented_number_is_flagged_and_never_a_citation() -> None:
    """R18: every [n] maps to a passage that was in the prompt; invented numbers are flagged."""
    sentences, quotes = cite("Unused leave up to ten days may be carried over [9].", 3, judge)
    assert sentences[0].invented == (9,)
    assert sentences[0].citations == (1,)
    assert {q.number for q in quotes} == {1}


def test_a_sentence_that_no_passage_says_is_unsupported_and_cites_nothing() -> None:
    sentences, quotes = cite("Parking costs forty euros a month.", 3, judge)
    assert sentences[0].verdict == "unsupported"
    assert sentences[0].citations == ()
    assert quotes == []


def test_marks_stand_before_the_full_stop_of_their_sentence() -> None:
    sentences, _ = cite("The office is closed on public holidays [3]", 3, judge)
    assert with_marks(sentences) == "The office is closed on public holidays [3]"
    sentences, _ = cite("The office is closed on public holidays.", 3, judge)
    assert with_marks(sentences) == "The office is closed on public holidays [3]."


@given(st.text(alphabet="ab [].,0123456789\n", max_size=120))
def test_every_cited_number_has_a_passage_and_a_quote(answer: str) -> None:
    """R18, for any text that a model may write."""
    sentences, quotes = cite(answer, len(PASSAGES), judge)
    cited = {n for s in sentences for n in s.citations}
    assert cited <= {1, 2, 3}
    assert cited == {q.number for q in quotes}
