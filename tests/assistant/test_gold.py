"""Whether a passage lies where the answer stands, as finely as the question set says it."""

from __future__ import annotations

import unicodedata

from evaluated import a_question

from studiolo.evaluation.gold import Place, resolve
from studiolo.evaluation.question_sets import Source

ROOTS = (b"/docs/hr", b"/more")


def test_a_path_means_the_file_in_any_watched_folder_of_the_scope() -> None:
    gold = resolve(a_question(Source("leave.pdf")), ROOTS)
    assert gold.holds(Place(b"/docs/hr/leave.pdf", None, 0, 9))
    assert gold.holds(Place(b"/more/leave.pdf", 4, 0, 9))
    assert not gold.holds(Place(b"/other/leave.pdf", None, 0, 9))
    assert not resolve(a_question(Source("leave.pdf")), ()).holds(Place(b"/docs/hr/leave.pdf", None, 0, 9))


def test_an_absolute_path_and_another_spelling_of_an_accent_mean_the_same_file() -> None:
    gold = resolve(a_question(Source("/docs/hr/./leave.pdf")), ROOTS)
    assert gold.holds(Place(b"/docs/hr/leave.pdf", 1, 0, 9))
    composed, split = unicodedata.normalize("NFC", "é.pdf"), unicodedata.normalize("NFD", "é.pdf")
    gold = resolve(a_question(Source(composed)), (b"/more",))
    assert gold.holds(Place(b"/more/" + split.encode(), 1, 0, 9))


def test_the_page_counts_where_one_is_named_and_the_span_where_there_is_one() -> None:
    page = resolve(a_question(Source("a.pdf", 3)), (b"/r",))
    assert [page.holds(Place(b"/r/a.pdf", n, 0, 9)) for n in (3, 4, None)] == [True, False, False]
    assert page.holds(Place(b"/r/a.pdf", 2, 0, 9, (3, 4)))
    assert not page.holds(Place(b"/r/a.pdf", 2, 0, 9, (4,)))
    span = resolve(a_question(Source("a.pdf", 3, 100, 120)), (b"/r",))
    assert span.holds(Place(b"/r/a.pdf", 3, 119, 200))
    assert not span.holds(Place(b"/r/a.pdf", 3, 120, 200))
    assert span.sources[0].shared(Place(b"/r/a.pdf", 3, 110, 200)) == range(110, 120)


def test_a_copy_means_the_same_place() -> None:
    gold = resolve(a_question(Source("a.pdf", 3)), (b"/r",)).with_copies(lambda path: [b"/r/b.pdf"])
    assert [gold.holds(Place(b"/r/b.pdf", page, 0, 9)) for page in (3, 4)] == [True, False]
    assert gold.unit_of(Place(b"/r/b.pdf", 3, 0, 9), "page") in gold.units("page")


def test_units_are_named_alike_in_every_folder_and_only_pages_that_are_expected_are_pages() -> None:
    gold = resolve(a_question(Source("a.pdf", 3), Source("b.md")), (b"/r", b"/s"))
    assert len(gold.units("file")) == 2
    assert len(gold.units("page")) == 1
    assert {gold.unit_of(Place(root + b"/a.pdf", 3, 0, 9), "page") for root in (b"/r", b"/s")} == gold.units("page")
    assert gold.unit_of(Place(b"/r/a.pdf", 4, 0, 9), "page") not in gold.units("page")
    assert gold.unit_of(Place(b"/r/a.pdf", 4, 0, 9), "file") in gold.units("file")
