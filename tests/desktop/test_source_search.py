"""A search in a source: every place once, in the order of the document, and nothing of another search or version."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.source_search import MOST_PLACES, FindWish, Found, SourceSearch

PATH, SHA = "/docs/book.pdf", "a" * 64


class Run:
    """A search over a book of ten pages; `answer` plays the engine, three pages at a time."""

    def __init__(self, qtbot: QtBot) -> None:
        self.owner = QWidget()
        qtbot.addWidget(self.owner)
        self.search = SourceSearch(self.owner)
        self.asked: list[FindWish] = []
        self.moved: list[Found] = []
        self.outdated: list[bool] = []
        self.search.wanted.connect(self.asked.append)
        self.search.moved.connect(self.moved.append)
        self.search.outdated.connect(lambda: self.outdated.append(True))

    def begin(self, *, page: int = 1, jump: bool = True, words: str = "leave") -> None:
        self.search.begin(PATH, SHA, words, page=page, jump=jump)

    def answer(self, pages: tuple[int, ...] = (2, 4, 9), **fields: object) -> None:
        wish = self.asked[-1]
        hits = [{"page": n, "start": 5, "end": 9} for n in pages if wish.page <= n < wish.page + 3]
        following = wish.page + 3 if wish.page + 3 <= 10 else None
        self.search.take(wish, {"sha256": SHA, "hits": hits, "next": following, **fields})

    def finish(self) -> None:
        while self.search.running:
            self.answer()


@pytest.fixture
def run(qtbot: QtBot) -> Run:
    return Run(qtbot)


@pytest.mark.parametrize("page", range(1, 11))
def test_from_whichever_page_it_begins_every_place_is_found_once(run: Run, page: int) -> None:
    run.begin(page=page)
    run.finish()
    assert [place.page for place in run.search.places] == [2, 4, 9]
    assert run.asked[0].page == page
    assert len(run.asked) <= 6
    nearest = next((n for n in (2, 4, 9) if n >= page), 2)
    assert [place.page for place in run.moved] == [nearest]


def test_the_first_place_from_the_shown_page_on_is_gone_to_as_soon_as_it_is_known(run: Run) -> None:
    run.begin(page=3)
    run.answer()
    assert run.moved == [Found(4, 5, 9)]
    assert run.search.running


def test_a_search_that_may_not_jump_only_counts(run: Run) -> None:
    run.begin(page=3, jump=False)
    run.finish()
    assert (run.moved, run.search.number(), len(run.search.places)) == ([], 0, 3)
    run.search.step(1, page=3)
    assert run.moved == [Found(4, 5, 9)]


@pytest.mark.parametrize(("by", "pages"), [(1, [4, 9, 2, 4]), (-1, [4, 2, 9, 4])])
def test_steps_go_round_both_ends(run: Run, by: int, pages: list[int]) -> None:
    run.begin(page=3)
    run.finish()
    for _ in range(3):
        run.search.step(by, page=1)
    assert [place.page for place in run.moved] == pages
    assert run.search.number() == 2


def test_a_step_back_without_a_place_in_hand_goes_before_the_shown_page(run: Run) -> None:
    run.begin(page=5, jump=False)
    run.finish()
    run.search.step(-1, page=5)
    assert run.moved == [Found(4, 5, 9)]


def test_the_place_in_hand_stays_the_same_one_when_more_are_found_before_it(run: Run) -> None:
    run.begin(page=8)
    run.answer()
    assert run.search.number() == 1
    run.finish()
    assert (run.search.current, run.search.number()) == (Found(9, 5, 9), 3)


def test_answers_to_another_search_are_left_out(run: Run) -> None:
    run.begin()
    late = run.asked[-1]
    run.begin(words="sick")
    run.search.take(late, {"sha256": SHA, "hits": [{"page": 1, "start": 0, "end": 5}]})
    run.search.fail(late, ErrorReport("file.damaged", "It is damaged.", ""))
    assert (run.search.places, run.search.error, run.search.running) == ([], "", True)


def test_an_answer_about_another_version_is_left_out_and_said(run: Run) -> None:
    run.begin()
    run.answer(sha256="b" * 64)
    assert (run.search.places, run.outdated) == ([], [True])


def test_an_error_ends_it_and_can_be_read(run: Run) -> None:
    run.begin()
    run.search.fail(run.asked[-1], ErrorReport("file.damaged", "It is damaged.", ""))
    assert (run.search.error, run.search.running) == ("It is damaged.", False)


def test_without_words_nothing_is_asked(run: Run) -> None:
    run.begin(words="")
    run.search.end()
    assert (run.asked, run.search.running) == ([], False)


def test_a_document_without_pages_is_asked_for_once(run: Run) -> None:
    run.search.begin(PATH, SHA, "leave", page=0, jump=True)
    run.search.take(run.asked[-1], {"sha256": SHA, "hits": [{"page": None, "start": 3, "end": 8}], "next": None})
    assert (run.search.running, run.moved, len(run.asked)) == (False, [Found(0, 3, 8)], 1)
    assert run.search.on_page(0) == ([Found(0, 3, 8)], 0)


def test_in_a_text_the_first_place_from_the_shown_one_on_is_gone_to(run: Run) -> None:
    hits = [{"page": None, "start": start, "end": start + 5} for start in (3, 100, 200)]
    for at, start in ((0, 3), (50, 100), (100, 100), (500, 3)):
        run.search.begin(PATH, SHA, "leave", page=0, at=at, jump=True)
        run.search.take(run.asked[-1], {"sha256": SHA, "hits": hits, "next": None})
        assert run.moved[-1].start == start
    run.search.begin(PATH, SHA, "leave", page=0, at=150, jump=False)
    run.search.take(run.asked[-1], {"sha256": SHA, "hits": hits, "next": None})
    run.search.step(-1, page=0)
    assert run.moved[-1].start == 100


def test_no_more_is_asked_for_than_anybody_goes_through(run: Run) -> None:
    run.begin()
    many = [{"page": 1, "start": n, "end": n + 1} for n in range(MOST_PLACES)]
    run.answer(hits=many)
    assert (run.search.running, run.search.more, len(run.search.places)) == (False, True, MOST_PLACES)


@pytest.mark.parametrize("hits", [None, 7, [7], [{"page": -1, "start": -5, "end": "x"}], [{}]])
def test_an_answer_of_any_shape_is_survived(run: Run, hits: object) -> None:
    run.begin()
    run.answer(hits=hits, next="x")
    assert all(place.start <= place.end for place in run.search.places)
    assert not run.search.running


def test_the_places_of_a_page_are_given_with_the_one_in_hand(run: Run) -> None:
    run.begin(page=4)
    run.finish()
    assert run.search.on_page(4) == ([Found(4, 5, 9)], 0)
    assert run.search.on_page(2) == ([Found(2, 5, 9)], -1)
    assert run.search.on_page(3) == ([], -1)
