"""One file's way into the store: any name, and what is embedded."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pdf_files import written
from world import World

from studiolo_indexer import indexing
from studiolo_indexer.errors import FileFailure, Stopped
from studiolo_indexer.records import Document, Vectors
from studiolo_indexer.store import Differences
from studiolo_models.fakes import FakeEmbedder


def settled(world: World, name: str, text: str) -> Path:
    path = world.write(name, text)
    past = time.time() - 3600
    os.utime(path, (past, past))
    return path


NAMES = [
    "it's.txt",
    'a "quote".txt',
    "back\\slash.txt",
    "100%.txt",
    "new\nline.txt",
    "🙂.txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name_can_be_added_changed_moved_and_deleted(world: World, name: str) -> None:
    """R10: paths with quotes, percent, newline, emoji, NFC and NFD leave exact row counts."""
    path = settled(world, name, "Alpha text.")
    world.sync()
    assert world.rows() == 1
    world.write(name, "Beta text.")
    world.sync()
    assert (world.rows(), world.found("Beta text")) == (1, {name})
    path.rename(world.root / ("moved " + name))
    world.sync()
    assert (world.rows(), world.found("Beta text")) == (1, {"moved " + name})
    (world.root / ("moved " + name)).unlink()
    world.sync()
    assert world.rows() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse file names that are no Unicode")
def test_a_name_with_a_lone_latin_1_byte_is_indexed_and_found(world: World) -> None:
    """R10 and evidence: such a name raises in Arrow, SQLite text and .encode()."""
    path = os.path.join(os.fsencode(world.root), b"caf\xe9.txt")
    with open(path, "wb") as stream:
        stream.write(b"Alpha text.")
    world.sync()
    found = world.search("alpha")
    assert [p.path for p in found] == [path]
    os.unlink(path)
    world.sync()
    assert world.rows() == 0


def test_a_text_that_stands_in_many_files_is_embedded_once(world: World) -> None:
    for n in range(5):
        world.write(f"{n}.txt", "The same words in every file.")
    report = world.sync()
    assert (report.chunks_embedded, report.chunks_reused) == (1, 4)
    assert world.rows() == 5


def test_a_text_that_comes_again_while_it_is_being_embedded_is_embedded_once(world: World) -> None:
    """Batches follow one another closely: the vectors of the one before are not written yet."""
    lines = [f"Clause {n} is the same in each of these contracts. " * 12 for n in range(70)]
    for number in range(6):
        settled(world, f"{number}.txt", "\n\n".join([*lines, f"Contract number {number}."]))
    report = world.sync()
    assert sorted(world.embedder.texts_embedded) == sorted(set(world.embedder.texts_embedded))
    assert report.chunks_embedded == len(world.embedder.texts_embedded)
    assert report.chunks_embedded + report.chunks_reused == world.rows()
    assert world.differences().without_vector == []


def test_a_file_without_text_is_indexed_and_found_by_nothing(world: World) -> None:
    world.write("empty.txt", "")
    report = world.sync()
    assert (report.files.indexed, world.rows()) == (1, 0)


def test_a_file_during_which_the_program_was_killed_twice_is_failed_and_not_tried_at_every_start(world: World) -> None:
    """R11: a poison file is not retried at every start."""
    poison = world.write("poison.txt", "Poison.")
    world.write("good.txt", "Fine.")

    class Killed(BaseException):
        """Stands for a SIGKILL in the middle of reading."""

    parse = world.extractor.extract

    def die(data: bytes, *, name: str) -> object:
        if name == "poison.txt":
            raise Killed
        return parse(data, name=name)

    for _ in range(2):
        world.extractor.extract = die  # type: ignore[method-assign, assignment]  # the fault of this test
        with pytest.raises(Killed):
            world.indexer.sync()
        # What a kill leaves: the mark of the file in hand.
        doc_id = next(f.doc_id for f in world.indexer._catalogue.files() if f.path == os.fsencode(poison))
        world.indexer._catalogue.take_in_hand(doc_id)
        world.restart()
    report = world.sync()
    assert (report.files.failed, report.files.indexed) == (1, 1)
    assert "poison.txt" not in world.extractor.names


# ---- long documents ----------------------------------------------------------------------------------------------

PAGES = 120


@pytest.fixture
def book(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PDF of many pages; what counts as long is small here."""
    monkeypatch.setattr(indexing, "LONG_BYTES", 1000)
    path = world.root / "book.pdf"
    path.write_bytes(written(*(f"Page number{n} tells of word{n}." for n in range(1, PAGES + 1))))
    os.utime(path, (1_000_000, 1_000_000))
    return path


def while_reading(world: World, monkeypatch: pytest.MonkeyPatch, look: Callable[[], None]) -> None:
    """Call `look` before a document is read whole."""
    whole = world.extractor.extract

    def extract(data: bytes, *, name: str) -> Document:
        look()
        return whole(data, name=name)

    monkeypatch.setattr(world.extractor, "extract", extract)


def crash_after_the_first_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        while_reading(world, patch, crash)
        with pytest.raises(KeyboardInterrupt):
            world.sync()
    world.restart()


def test_the_first_pages_of_a_long_document_are_found_while_the_others_are_read(
    world: World, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def look() -> None:
        record = world.ledger()["book.pdf"]
        found = [p.page for p in world.search("word1", mode="text") if "word1." in p.text]
        seen.extend([record.state, record.code, record.pages, found, world.found(f"word{PAGES}")])

    while_reading(world, monkeypatch, look)
    report = world.sync()
    assert seen == ["pending", "file.partly_read", PAGES, [1], set()]
    assert world.found(f"word{PAGES}") == {"book.pdf"}
    record = world.ledger()["book.pdf"]
    assert (record.state, record.code, record.parts) == ("indexed", None, PAGES)
    assert (world.rows(), report.added, report.chunks_embedded) == (PAGES, 1, PAGES)
    assert [e.event for e in world.events] == ["indexed", "indexed"]


def test_a_crash_after_the_first_pages_leaves_the_rest_to_the_next_start(
    world: World, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_after_the_first_pages(world, monkeypatch)
    assert world.found("word1") == {"book.pdf"}
    assert world.sync().files.indexed == 1
    assert world.found(f"word{PAGES}") == {"book.pdf"}
    assert world.rows() == PAGES
    assert world.sync().bytes_read == 0


def test_a_long_document_that_fails_after_its_first_pages_is_not_found(
    world: World, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise FileFailure("file.timeout", "It took too long.")

    while_reading(world, monkeypatch, fail)
    assert world.sync().files.failed == 1
    assert world.found("word1") == set()
    assert world.rows() == 0


@pytest.mark.parametrize("way", ["renamed", "copied"])
def test_a_partly_read_document_that_moves_is_read_whole_at_its_new_place(
    world: World, book: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    crash_after_the_first_pages(world, monkeypatch)
    content = book.read_bytes()
    if way == "renamed":
        book.rename(world.root / "moved.pdf")
    else:
        book.unlink()
        (world.root / "moved.pdf").write_bytes(content)
    world.sync()
    assert world.found(f"word{PAGES}") == {"moved.pdf"}
    assert world.rows() == PAGES


# ---- documents of very many chunks -------------------------------------------------------------------------------

N_PARAGRAPHS = 20


class Interrupting(FakeEmbedder):
    """Does something before it embeds the text in which a word stands."""

    def __init__(self, word: str, act: Callable[[], None]) -> None:
        super().__init__()
        self._word, self._act = word, act

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        if any(self._word in text for text in texts):
            self._act()
        return super().embed_documents(texts, before_batch=before_batch)


def long_file(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a text of a chunk a paragraph; three of them are a piece here."""
    monkeypatch.setattr(indexing, "_PIECE_CHUNKS", 3)
    return settled(world, "long.txt", "\n\n".join(f"Paragraph number{n}. " * 36 for n in range(N_PARAGRAPHS)))


def test_a_document_written_in_pieces_is_the_same_as_one_written_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R16: also of its counts, and of what a change of one paragraph costs."""
    path = long_file(world, monkeypatch)
    report = world.sync()
    assert (report.chunks_embedded, report.chunks_reused, world.rows()) == (N_PARAGRAPHS, 0, N_PARAGRAPHS)
    assert world.differences() == Differences([], [], [])
    for n in range(N_PARAGRAPHS):
        assert world.search(f"number{n}", mode="text")[0].text.startswith(f"Paragraph number{n}.")
    path.write_text(path.read_text().replace("number10", "other"))
    report = world.sync()
    assert (report.chunks_embedded, report.chunks_reused, world.rows()) == (1, N_PARAGRAPHS - 1, N_PARAGRAPHS)
    assert world.differences() == Differences([], [], [])


def test_a_stop_between_two_pieces_leaves_the_old_version_and_the_next_pass_the_new(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_file(world, monkeypatch)
    world.sync()
    world.restart()
    world.embedder = Interrupting("newer10", world.stop.set)
    path.write_text(path.read_text().replace("number", "newer"))
    with pytest.raises(Stopped):
        world.sync()
    assert world.found("number3") == {"long.txt"}
    assert world.search("newer3", mode="text") == []
    world.stop.clear()
    world.embedder = FakeEmbedder()
    world.restart()
    world.sync()
    assert world.found("newer3") == {"long.txt"}
    assert world.rows() == N_PARAGRAPHS
    assert world.differences() == Differences([], [], [])


def test_a_long_document_that_is_deleted_between_two_pieces_is_not_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8, second half; what stands in the same batch is found all the same."""
    path = long_file(world, monkeypatch)
    settled(world, "other.txt", "Another text.")
    world.restart()
    world.embedder = Interrupting("number10", path.unlink)
    world.sync()
    assert world.search("number3", mode="text") == []
    assert world.found("Another text") == {"other.txt"}
    assert world.rows() == 1
    assert world.differences() == Differences([], [], [])
