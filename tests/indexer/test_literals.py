"""What a query says letter for letter comes first."""

from __future__ import annotations

import pytest
from candidates import candidate, names
from effort import assert_grows_linearly

from studiolo_indexer.fusion import Ranked, fuse
from studiolo_indexer.literals import lift_literal, literals

SENTENCE = "Depending on the plans you have, you may be able to coordinate benefits."


def test_a_pasted_sentence_finds_where_it_stands_before_its_near_twins() -> None:
    twin = candidate(
        "a", text="Benefits: you may have plans that coordinate, depending on what you can.", cosine=0.9, match=8
    )
    text = f"Before it.\n\nDepending on the plans\n{SENTENCE[23:]} And after it."
    here = candidate("b", text=text, cosine=0.5, match=9)
    ranked = fuse([twin, here])
    assert names(ranked) == ["a", "b"]
    lifted = lift_literal(ranked, SENTENCE)
    assert (names(lifted)[0], round(lifted[0].score, 3)) == ("b", 1.0)


def test_part_of_a_sentence_lifts_by_its_share_and_a_question_lifts_nothing() -> None:
    half = candidate("a", text="Depending on the plans you have, ask.", cosine=0.5, match=5)
    ranked = fuse([half, candidate("b", text="Other.", cosine=1.0, match=10)])
    before = {r.found.row.doc_id: r.score for r in ranked}
    after = {r.found.row.doc_id: r.score for r in lift_literal(ranked, SENTENCE)}
    assert before["a"] < after["a"] < 1.0
    assert after["b"] == before["b"]
    for question in ("plans you have", "", "Which plans may I have at all?"):
        assert lift_literal(ranked, question) == ranked


def test_words_that_stand_inside_others_or_apart_are_no_run() -> None:
    inside = candidate("a", text="Depending on the plansible you have.", cosine=0.5, match=9)
    apart = candidate("b", text="You have the plans, depending on it.", cosine=0.6, match=8)
    ranked = fuse([inside, apart])
    assert lift_literal(ranked, "depending on the plans you have") == ranked


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("who signed AZ-2024/0815-B?", ["az-2024/0815-b"]),
        ('the words "change of  control" in 2:19-cv-01234', ["change of control", "2:19-cv-01234"]),
        ("Was sagt § 573c BGB?", ["§573c"]),
        ("part B747 in Q3 of the 10-Q and 12.50 euro", ["b747", "12.50"]),
        ("What happened in 2023?", []),
        ("the well-known co-operation", []),
        ("", []),
    ],
)
def test_numbers_of_things_and_quoted_phrases_are_wanted_as_they_stand(query: str, wanted: list[str]) -> None:
    assert literals(query) == wanted


def test_a_number_is_found_whole_and_no_longer_one() -> None:
    """R24: § 5 is not § 57, and part of an id is not the id."""
    texts = ["Under § 57 the tenant pays.", "Five tenants, 5 keys.", "Under §  5 the landlord pays.", "§5a is void."]
    found = (candidate(name, match=1.0, text=text) for name, text in zip("abcd", texts, strict=True))
    ranked = [Ranked(one, 0.9 - n / 10) for n, one in enumerate(found)]
    assert lift_literal(ranked, "§ 5")[0].found.row.text == texts[2]


def test_what_every_report_says_tells_none_from_the_others() -> None:
    found = [candidate(name, match=1.0, text=f"Form AB-100 of {name}.") for name in "abcdefgh"]
    ranked = [Ranked(one, 0.9 - n / 100) for n, one in enumerate(found)]
    assert lift_literal(ranked, "margin in the AB-100") == ranked


def test_a_hostile_query_costs_linear_time() -> None:
    """S19."""
    assert_grows_linearly(lambda n: literals("1-" * n), size=20_000)
    assert_grows_linearly(lambda n: literals('"' + "a" * n), size=200_000)
