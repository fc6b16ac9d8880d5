"""The words of a page and where words stand in a file: exact places, of the version that is named, bit by bit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pptx
import pytest
from pdf_files import drawn, lines

from studiolo import messages, source_reads
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.index_desk import IndexDesk
from studiolo.paths import AppPaths
from studiolo.source_reads import SourceReads, name_of
from studiolo.view_desk import ViewDesk
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FileFailure, FileUnknown
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import OcrPage, OcrWord
from studiolo_models.fakes import FakeEmbedder

PDF = Path(__file__).resolve().parents[2] / "examples" / "hr" / "leave-policy-2026.pdf"
PAGES = 30


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy, a book of pages, a show and a note."""
    root = tmp_path_factory.mktemp("docs")
    shutil.copy(PDF, root / "leave.pdf")
    (root / "book.pdf").write_bytes(
        drawn(
            *(lines([f"This is page {number} of a book.", "Every page has a word."]) for number in range(1, PAGES + 1))
        )
    )
    (root / "half.pdf").write_bytes(drawn(lines(["A page with words."]), lambda canvas: None, lines(["Another."])))
    show = pptx.Presentation()
    for title in ("Leave policy", "Sick leave"):
        slide = show.slides.add_slide(show.slide_layouts[5])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
    show.save(str(root / "leave.pptx"))
    (root / "note.md").write_text("# Note\n\nThe canteen 𝄞 is open. The Canteen\nis  open again.\n")
    return root


@pytest.fixture(scope="module")
def workspace(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The folder, indexed."""
    made = Workspace(AppPaths(tmp_path_factory.mktemp("home")))
    made._embedder = FakeEmbedder()
    desk = IndexDesk(made, emit=lambda event: None, post=lambda step: step())
    desk.handle(messages.AddFolder(id="a", path=str(docs)), Job())
    desk.handle(messages.Sync(id="s"), Job())
    desk.close()
    return made


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[ViewDesk]:
    made = ViewDesk(workspace)
    yield made
    made.close()


def words_of(desk: ViewDesk, path: Path, page: int) -> Json:
    return desk.handle(messages.PageWords(id="w", path=str(path), page=page), Job())


def find(desk: ViewDesk, path: Path, words: str, page: int = 1) -> Json:
    return desk.handle(messages.FindIn(id="f", path=str(path), words=words, page=page), Job())


def find_all(desk: ViewDesk, path: Path, words: str) -> tuple[list[Json], int]:
    """Go on to the end; gives the hits and the number of requests."""
    hits: list[Json] = []
    page: int | None = 1
    asked = 0
    while page is not None:
        part = find(desk, path, words, page)
        hits += part["hits"]
        page, asked = part["next"], asked + 1
    return hits, asked


def test_the_words_of_a_page_stand_on_its_picture_where_the_quote_is_marked(desk: ViewDesk, docs: Path) -> None:
    """R17, by another way: the boxes of words lie over those that the renderer marks."""
    path = docs / "leave.pdf"
    found = words_of(desk, path, 2)
    first = found["words"][3]
    said = found["text"][first[0] : found["words"][9][1]]
    start = desk.handle(messages.Text(id="t", path=str(path)), Job())["text"].index(said)
    end = start + len(said)
    request = messages.View(id="v", path=str(path), page=2, start=start, end=end, quote=said, width=1000)
    view = desk.handle(request, Job())
    assert view["sha256"] == found["sha256"]
    assert (found["page"], found["pages"], found["ocr_confidence"]) == (2, view["pages"], None)
    scale = view["width"] / found["width"]
    x, y, width, height = (value * scale for value in first[2:])
    assert any(
        bx - 2 <= x and x + width <= bx + bw + 2 and by < y + height / 2 < by + bh for bx, by, bw, bh in view["boxes"]
    )


@pytest.mark.parametrize(("page", "shown"), [(-3, 1), (0, 1), (10**30, PAGES)])
def test_no_page_of_a_request_is_too_much(desk: ViewDesk, docs: Path, page: int, shown: int) -> None:
    found = words_of(desk, docs / "book.pdf", page)
    assert (found["page"], found["pages"]) == (shown, PAGES)
    assert isinstance(find(desk, docs / "book.pdf", "word", page)["hits"], list)


def test_a_hit_is_a_slice_of_the_text_of_its_page(desk: ViewDesk, docs: Path) -> None:
    hits, _ = find_all(desk, docs / "leave.pdf", "LEAVE")
    assert len(hits) > 5
    for hit in hits:
        text = words_of(desk, docs / "leave.pdf", hit["page"])["text"]
        assert text[hit["start"] : hit["end"]].casefold() == "leave"


def test_a_slide_is_searched_and_its_words_have_places(desk: ViewDesk, docs: Path) -> None:
    hits, _ = find_all(desk, docs / "leave.pptx", "leave")
    assert [hit["page"] for hit in hits] == [1, 2]
    found = words_of(desk, docs / "leave.pptx", 2)
    assert found["text"][hits[1]["start"] : hits[1]["end"]] == "leave"


def test_a_book_is_searched_a_few_pages_at_a_time_and_read_but_once(
    desk: ViewDesk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_reads, "_READ_S", 0.0)
    read: list[int] = []
    texts = Extractor.texts

    def counting(extractor: Extractor, data: bytes, *, name: str, page: int, seconds: float) -> tuple[list[str], int]:
        read.append(page)
        return texts(extractor, data, name=name, page=page, seconds=seconds)

    monkeypatch.setattr(Extractor, "texts", counting)
    hits, asked = find_all(desk, docs / "book.pdf", "a word")
    assert [hit["page"] for hit in hits] == list(range(1, PAGES + 1))
    assert asked == PAGES
    assert read == list(range(1, PAGES + 1))
    hits, _ = find_all(desk, docs / "book.pdf", "page 7 of")
    assert [hit["page"] for hit in hits] == [7]
    assert len(read) == PAGES


def test_what_is_kept_of_a_document_is_bounded(desk: ViewDesk, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_reads, "_MOST_KEPT_CHARS", 100)
    hits, _ = find_all(desk, docs / "book.pdf", "a word")
    assert len(hits) == PAGES


def test_a_text_is_searched_with_the_offsets_of_its_view(desk: ViewDesk, docs: Path) -> None:
    path = docs / "note.md"
    found = find(desk, path, "canteen is open")
    text = desk.handle(messages.View(id="v", path=str(path)), Job())
    assert (found["pages"], found["next"], found["more"], found["silent"]) == (None, None, False, 0)
    assert found["sha256"] == text["sha256"]
    assert [(h["page"], text["text"][h["start"] : h["end"]]) for h in found["hits"]] == [(None, "Canteen\nis  open")]


def test_more_hits_than_a_line_should_carry_are_cut_and_that_is_told(
    desk: ViewDesk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_reads, "_MOST_HITS", 3)
    found = find(desk, docs / "note.md", "e")
    assert (len(found["hits"]), found["more"]) == (3, True)
    hits, asked = find_all(desk, docs / "book.pdf", "a word")
    assert (len(hits), asked > 5) == (PAGES, True)


def test_recognised_words_take_the_place_of_those_that_a_page_lacks(
    desk: ViewDesk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = OcrPage("a lunch", 0.9, 800, 600, (OcrWord(0, 1, 5, 5, 9, 9), OcrWord(2, 7, 20, 5, 40, 9)))
    monkeypatch.setattr(SourceReads, "_recognised", lambda reads, sha256, number: page if number == 2 else None)
    catalogue = desk._open()
    record = catalogue.find_file(str(docs / "book.pdf").encode())
    assert record is not None
    recognised = type(record)(**{name: getattr(record, name) for name in record.__slots__} | {"ocr_pages": 1})
    monkeypatch.setattr(catalogue, "find_file", lambda path: recognised)
    found = words_of(desk, docs / "book.pdf", 2)
    assert (found["text"], found["width"], found["ocr_confidence"]) == ("a lunch", 800, 0.9)
    assert found["words"] == [[0, 1, 5, 5, 9, 9], [2, 7, 20, 5, 40, 9]]
    hits, _ = find_all(desk, docs / "book.pdf", "a l")
    assert hits == [{"page": 2, "start": 0, "end": 3}]
    assert words_of(desk, docs / "book.pdf", 1)["ocr_confidence"] is None


def test_what_cannot_be_looked_for_or_read_is_named(desk: ViewDesk, docs: Path, tmp_path: Path) -> None:
    with pytest.raises(AssistantError) as nothing:
        find(desk, docs / "note.md", " \n")
    assert nothing.value.code == "question.empty"
    with pytest.raises(FileFailure) as unpaged:
        words_of(desk, docs / "note.md", 1)
    assert unpaged.value.code == "file.unsupported"
    (tmp_path / "other.pdf").write_bytes(PDF.read_bytes())
    with pytest.raises(FileUnknown):
        words_of(desk, tmp_path / "other.pdf", 1)
    with pytest.raises(FileUnknown):
        find(desk, tmp_path / "other.pdf", "a")


@pytest.mark.parametrize(
    ("path", "name"), [("/a/b.pdf", "b.pdf"), ("C:\\a\\b.pdf", "b.pdf"), ("/a/\udcff.pdf", "?.pdf")]
)
def test_the_extractor_is_given_a_name_alone(path: str, name: str) -> None:
    assert name_of(path) == name


def test_pages_without_text_are_counted(desk: ViewDesk, docs: Path) -> None:
    found = find(desk, docs / "half.pdf", "absent")
    assert (found["hits"], found["silent"], found["pages"]) == ([], 1, 3)
