"""LibreOffice in a process of its own: the real one where it is installed, and the rules around it everywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from old_documents import old_document

from studiolo_indexer.convert_worker import convert
from studiolo_indexer.converting import Converter, find_libreoffice
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.sandbox import landlock_version

GUARDED = [sys.executable, "-I", "-m", "studiolo.guarded"]
needs_libreoffice = pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")


class Office:
    """Writes what it is told, and looks at what it was given."""

    def __init__(self, converted: bytes | None) -> None:
        self.converted = converted
        self.seen: list[tuple[str, bytes]] = []

    def save_as(self, source: Path, target: Path) -> bool:
        self.seen.append((source.name, source.read_bytes()))
        if self.converted is not None:
            target.write_bytes(self.converted)
        return True


@pytest.mark.parametrize(
    ("stream", "suffixes"), [("WordDocument", ("doc", "docx")), ("PowerPoint Document", ("ppt", "pptx"))]
)
def test_the_format_is_told_by_the_bytes_and_nothing_stays(
    stream: str, suffixes: tuple[str, str], tmp_path: Path
) -> None:
    office, data = Office(b"new"), old_document(stream)
    assert convert(office, tmp_path, data, "wrong.xls") == (suffixes[1], b"new")  # type: ignore[arg-type]  # a stand-in
    assert office.seen == [(f"document.{suffixes[0]}", data)]
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_converted_is_named(tmp_path: Path) -> None:
    office = Office(None)
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        convert(office, tmp_path, old_document("WordDocument"), "a.doc")  # type: ignore[arg-type]  # a stand-in
    with pytest.raises(FileFailure, match=r"file\.unsupported"):
        convert(office, tmp_path, b"words", "a.txt")  # type: ignore[arg-type]  # a stand-in
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(landlock_version() == 0, reason="this kernel offers no Landlock")
def test_a_libreoffice_that_does_not_begin_is_said(tmp_path: Path) -> None:
    program, temp = tmp_path / "program", tmp_path / "temp"
    program.mkdir()
    temp.mkdir()
    (program / "libmergedlo.so").write_bytes(b"no library")
    made = Converter(command=[*GUARDED, "studiolo_indexer.convert_worker"], program=program, temp=temp)
    with pytest.raises(FileFailure, match=r"file\.needs_libreoffice.*cannot be used"):
        made.convert(old_document("WordDocument"), name="a.doc")
    made.close()


@pytest.fixture(scope="module")
def old_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real DOC: LibreOffice's own."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "new.rtf").write_bytes(rb"{\rtf1\ansi The rent of the mill is 1,250 euros.\par}")
    code = (
        "import sys, os; from pathlib import Path; from studiolo_indexer.convert_worker import Office\n"
        "f = Path(sys.argv[2])\n"
        "done = Office(Path(sys.argv[1]), f).save_as(f / 'new.rtf', f / 'old.doc')\n"
        "os._exit(not done)"
    )
    command = [sys.executable, "-I", "-c", code, str(find_libreoffice()), str(folder)]
    subprocess.run(command, check=True, timeout=120)
    return (folder / "old.doc").read_bytes()


@pytest.fixture
def converter(tmp_path: Path) -> Iterator[Converter]:
    program = find_libreoffice()
    assert program is not None
    made = Converter(command=[*GUARDED, "studiolo_indexer.convert_worker"], program=program, temp=tmp_path)
    yield made
    made.close()


@needs_libreoffice
def test_a_real_old_file_is_read_through_the_real_libreoffice(
    converter: Converter, old_file: bytes, tmp_path: Path
) -> None:
    extractor = Extractor(command=[*GUARDED, "studiolo_indexer.extract_worker"], converter=converter)
    document = extractor.extract(old_file, name="lease.doc")
    assert document.text.strip() == "The rent of the mill is 1,250 euros."
    assert document.parser == "libreoffice, docx"
    extractor.close()
    assert list(tmp_path.iterdir()) == []


@needs_libreoffice
def test_a_damaged_file_does_not_end_it(converter: Converter, old_file: bytes) -> None:
    for cut in (5000, len(old_file) // 2):
        try:
            converter.convert(old_file[:cut] + bytes(len(old_file) - cut), name="cut.doc")
        except FileFailure as failure:
            assert failure.code in {"file.damaged", "file.parser_crashed"}
    assert converter.convert(old_file, name="lease.doc")[1] == "docx"
