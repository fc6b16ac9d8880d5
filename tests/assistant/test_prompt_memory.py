"""A second question over the same passages keeps the beginning of the prompt, and its numbers stay right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from studiolo.evidence import Evidence, find_evidence
from studiolo.prompt_memory import PromptMemory
from studiolo_indexer.records import Passage
from studiolo_models.fakes import FakeEmbedder

TEXTS = (
    "Leave lapses on 31 March. Unused leave may be carried over. A request is made in writing. It is answered soon.",
    "The canteen opens at noon. A lunch costs five euros.",
    "Parking is free. A space is requested at the reception.",
)


def passage(n: int, text: str, sha256: str = "v1") -> Passage:
    return Passage(f"c{n}", f"d{n}", "documents", b"/d%d.md" % n, f"/d{n}.md", "P", "section", None, 0, len(text), text,
                   "", 0.5, 0.5, ("vector",), sha256, "2026-01-01")  # fmt: skip


def evidence(question: str, passages: Sequence[Passage] | None = None) -> tuple[Evidence, ...]:
    found = passages or [passage(n, text) for n, text in enumerate(TEXTS)]
    return tuple(find_evidence(question, found, FakeEmbedder()))


FIRST = evidence("When does leave lapse?")
SECOND = evidence("What does a lunch in the canteen cost?")


def ids(found: Sequence[Evidence]) -> list[str]:
    return [item.passage.chunk_id for item in found]


def remembering(form: str, found: Sequence[Evidence]) -> PromptMemory:
    memory = PromptMemory()
    memory.keep("cited" if form == "cited" else "focused", found, [item.around_best(0) for item in found])
    return memory


def test_the_questions_of_these_tests_order_the_passages_differently() -> None:
    assert ids(FIRST) != ids(SECOND)
    assert set(ids(FIRST)) == set(ids(SECOND))


def test_the_same_passages_keep_their_numbers_where_a_model_writes_them() -> None:
    kept = remembering("cited", FIRST).in_order(SECOND)
    assert ids(kept) == ids(FIRST)
    assert [item.number for item in kept] == [1, 2, 3]
    assert {item.passage.chunk_id: item.best for item in kept} == {i.passage.chunk_id: i.best for i in SECOND}


def test_passages_behind_those_of_the_prompt_stay_where_they_are() -> None:
    two = remembering("cited", SECOND[:2])
    other_way_round = [*reversed(SECOND[:2]), SECOND[2]]
    assert ids(two.in_order(other_way_round)) == ids(SECOND)
    assert [item.number for item in two.in_order(other_way_round)] == [1, 2, 3]


@pytest.mark.parametrize("change", ["another passage", "another version", "another form", "a new talk"])
def test_nothing_is_kept_for_a_prompt_over_anything_else(change: str) -> None:
    second = SECOND
    memory = remembering("focused" if change == "another form" else "cited", FIRST)
    focused = remembering("cited" if change == "another form" else "focused", FIRST)
    if change == "another passage":
        second = (*SECOND[:2], replace(SECOND[2], passage=passage(9, TEXTS[2])))
    if change == "another version":
        second = tuple(replace(item, passage=replace(item.passage, sha256="v2")) for item in SECOND)
    if change == "a new talk":
        memory.forget()
        focused.forget()
    assert ids(memory.in_order(second)) == ids(second)
    assert focused.focused(second) is None


def test_a_focused_prompt_goes_on_behind_what_was_read_with_the_sentences_that_it_lacks() -> None:
    texts = remembering("focused", FIRST).focused(SECOND)
    assert texts is not None
    before = [item.around_best(0) for item in FIRST]
    assert texts[: len(before)] == before
    assert all(any(item.quote() in text for text in texts) for item in SECOND)
    lacking = [item.quote() for item in SECOND if not any(item.quote() in text for text in before)]
    assert texts[len(before) :] == lacking != []


def test_a_focused_prompt_begins_anew_before_too_much_has_come_together() -> None:
    memory = PromptMemory()
    memory.keep("focused", FIRST, ["Nothing of use.", *"abcde"])
    assert memory.focused(SECOND) is None
