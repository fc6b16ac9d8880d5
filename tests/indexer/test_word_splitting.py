"""Scripts without spaces are cut into letters and pairs; others keep their words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.word_splitting import split_for_index, split_for_query


def test_chinese_is_cut_and_the_words_around_it_stay() -> None:
    assert split_for_index("Leave 年假十 (HR)").split() == ["Leave", "年", "假", "十", "年假", "假十", "(HR)"]
    assert split_for_query("Leave 年假十").split() == ["Leave", "年假", "假十"]
    assert split_for_query("猫").split() == ["猫"]


def test_a_text_with_spaces_is_left_as_it_is() -> None:
    text = "Unused leave of up to ten days; § 14, Kündigungsfrist, отпуск."
    assert split_for_index(text) == split_for_query(text) == text


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), min_size=1))
def test_what_is_asked_for_in_the_words_of_a_text_is_in_it(text: str) -> None:
    assert set(split_for_query(text).split()) <= set(split_for_index(text).split())


@given(st.text())
def test_any_text_becomes_one_that_can_be_written(text: str) -> None:
    assert split_for_index(text + "\udce9").encode().isascii() == split_for_index(text).isascii()
