"""The viewer over the real engine child: a book is opened, searched, leafed through, copied from; nothing is fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pptx
import pytest
from pdf_files import drawn, lines
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.paths import AppPaths
from studiolo_desktop.app import engine_command
from studiolo_desktop.building import Parts, build

pytestmark = pytest.mark.real_models

SOON_MS = 60_000
PAGES = 500


class Reader:
    """The program with a folder of documents that is indexed."""

    def __init__(self, parts: Parts, qtbot: QtBot, folder: Path) -> None:
        self.parts, self.qtbot = parts, qtbot
        self.source = parts.window.source
        parts.session.add_folders([str(folder)], "documents")
        self.wait(lambda: self._indexed() == len(list(folder.iterdir())))

    def _indexed(self) -> int:
        collections = (self.parts.session.status or {}).get("collections")
        assert isinstance(collections, list)
        return sum(c["files"]["indexed"] for c in collections)

    def wait(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=SOON_MS)

    def open(self, words: str, name: str) -> None:
        """Search for words in everything, and open the first passage of a file."""
        window = self.parts.window
        window.library.search_wanted.emit(words)
        self.wait(lambda: any(name in str(card.passage["path"]) for card in window.search.cards))
        card = next(card for card in window.search.cards if name in str(card.passage["path"]))
        QTest.keyClick(card, Qt.Key.Key_Return)
        self.wait(lambda: self.source.version and self.source.place is not None and name in self.source.place.path)
        if name.endswith((".pdf", ".pptx")):
            self.wait(lambda: self.source.canvas.words is not None)

    def find(self, words: str) -> None:
        """Look for words in the source, to the end."""
        source = self.source
        source.open_search()
        source.find_bar.field.clear()
        QTest.keyClicks(source.find_bar.field, words)
        QTest.keyClick(source.find_bar.field, Qt.Key.Key_Return)
        self.wait(lambda: source.finder.search.words == words and not source.finder.search.running)


@pytest.fixture
def reader(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Reader]:
    """A book of 500 pages, a show and a long note."""
    folder = tmp_path / "documents"
    folder.mkdir()
    pages = (lines([f"Clause {n} is about page {n}.", "zebra" if n % 100 == 7 else ""]) for n in range(1, PAGES + 1))
    (folder / "book.pdf").write_bytes(drawn(*pages))
    (folder / "note.md").write_text("# Note\n\n" + "".join(f"Line {n} of a note.\n\n" for n in range(2000)))
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    assert slide.shapes.title is not None
    slide.shapes.title.text = "The yearly plan of the garden"
    show.save(str(folder / "plan.pptx"))
    paths = AppPaths(tmp_path / "home")
    paths.create()
    made = build(qapp, engine_command(paths), paths)
    made.window.show()
    qtbot.waitUntil(lambda: made.client.state == "ready", timeout=SOON_MS)
    yield Reader(made, qtbot, folder)
    with qtbot.waitSignal(made.client.closed, timeout=SOON_MS):
        made.window.close()
    made.window.deleteLater()


@pytest.mark.timeout(300)
def test_a_book_slides_and_text_are_searched_and_copied_from(reader: Reader) -> None:
    """R17; `benchmarks/blocking.py` measures that the window stays awake meanwhile."""
    source = reader.source
    reader.open("clause 307 page 307", "book.pdf")
    assert (source.page, source.pages) == (307, PAGES)
    assert source.canvas.boxes
    reader.find("zebra")
    assert [place.page for place in source.finder.search.places] == [7, 107, 207, 307, 407]
    assert source.find_bar.count.text() == "4 of 5"
    QTest.keyClick(source.find_bar.field, Qt.Key.Key_Return)
    reader.wait(lambda: source.page == 407 and source.canvas.current_box() is not None)
    reader.find("is about")
    assert len(source.finder.search.places) == PAGES
    source.close_search()
    source.toggle_rail()
    reader.wait(lambda: source.rail.picture(407) is not None)
    for page in (408, 409, 410):
        source.turn_page(1)
        reader.wait(partial(_is_shown, reader, page))
    reader.wait(lambda: source.canvas.words is not None)
    source.canvas.select_all()
    assert source.canvas.selected_text() == "Clause 410 is about page 410."
    reader.open("yearly plan of the garden", "plan.pptx")
    source.canvas.select_all()
    assert source.canvas.selected_text() == "The yearly plan of the garden"
    reader.find("PLAN of")
    assert source.find_bar.count.text() == "1 of 1"
    reader.wait(lambda: source.canvas.current_box() is not None)
    source.close_search()
    reader.open("line 7 of a note", "note.md")
    reader.find("line 1999 of")
    assert source.text.current_text() == "Line 1999 of"


def _is_shown(reader: Reader, page: int) -> bool:
    return reader.source.page == page
