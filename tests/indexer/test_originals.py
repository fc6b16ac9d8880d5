"""Which originals are handed to another program (S11): documents of the ledger, in their place, at that moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from studiolo_indexer import media_types, originals
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import (
    FileFailure,
    FileUnknown,
    FolderOffline,
    IndexerError,
    OriginalElsewhere,
    OriginalIsProgram,
    OriginalNoDocument,
)
from studiolo_indexer.originals import OPENED_SUFFIXES, find_original, is_document_name, is_program
from studiolo_indexer.records import FileStamp

ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 60
EXE = b"MZ\x90\0" + b"\0" * 60


class Ledger:
    """A watched folder whose files are in the ledger."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "docs"
        self.root.mkdir()
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self._folder = self.catalogue.add_folder(os.fsencode(self.root), "documents")

    def add(self, name: str, data: bytes = b"Some text.") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.note(path)
        return path

    def note(self, path: Path) -> None:
        self.catalogue.add_pending(self._folder.folder_id, os.fsencode(path), FileStamp(1, 1, 1))

    def open(self, path: Path) -> None:
        find_original(self.catalogue, os.fsencode(path), to_open=True)

    def show(self, path: Path) -> None:
        find_original(self.catalogue, os.fsencode(path), to_open=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path)
    yield made
    made.catalogue.close()


@pytest.mark.parametrize(
    "name", ["a.pdf", "B.PDF", "x/y z.docx", "a#b?c%20.txt", "Ä\u0301.md", "-rf.txt", "$(id);`id`.txt", "a\nb.eml"]
)
def test_a_document_of_the_ledger_is_opened_whatever_its_name_looks_like(ledger: Ledger, name: str) -> None:
    path = ledger.add(name)
    ledger.open(path)
    ledger.show(path)
    assert path.exists()


@pytest.mark.parametrize(
    "name",
    "setup.exe run.sh run.bat run.cmd run.ps1 run.py run.js a.vbs a.jar a.desktop a.lnk a.url a.webloc a.app a.hta "
    "a.scr a.com a.msi a.AppImage a.command a.workflow a.reg a.docm a.XLSM a.pptm a.svg a.pdf.exe invoice\u202efdp.exe "
    "a.pdf. .pdf pdf a.exe\u00a0 a.unknown a.iso a.zip a.action a.scpt a.jnlp a.settingcontent-ms".split(" "),
)
def test_programs_scripts_shortcuts_and_macros_are_shown_and_never_opened(ledger: Ledger, name: str) -> None:
    path = ledger.add(name)
    with pytest.raises(OriginalNoDocument):
        ledger.open(path)
    ledger.show(path)


@pytest.mark.parametrize(
    "data",
    [
        ELF,
        EXE,
        b"#!/bin/sh\nrm -rf ~",
        b"\xef\xbb\xbf\n  #!/usr/bin/env python",
        b"\xcf\xfa\xed\xfe" + b"\0" * 30,
        b"# comment\n\n[Desktop Entry]\nExec=sh",
        b"[InternetShortcut]\r\nURL=file:///c:/",
        b"L\0\0\0\x01\x14\x02\0" + b"\0" * 30,
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.txt"])
def test_a_program_that_is_named_like_a_document_is_not_opened(ledger: Ledger, name: str, data: bytes) -> None:
    with pytest.raises(OriginalIsProgram):
        ledger.open(ledger.add(name, data))


@pytest.mark.parametrize("data", [b"", b"MZ Miller wrote:", b"%PDF-1.7", b"# Title\n\nText", b"PK\x03\x04", b"\0" * 9])
def test_what_a_document_may_begin_with_is_no_program(data: bytes) -> None:
    assert not is_program(data)


def test_what_is_not_in_the_ledger_is_not_looked_at(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_text("x")
    (ledger.root / "new.pdf").write_text("x")
    ledger.add("a.pdf")
    for path in (
        tmp_path / "secret.pdf",
        ledger.root / "new.pdf",
        ledger.root / ".." / "secret.pdf",
        ledger.root / "." / "b" / ".." / "a.pdf",
        ledger.root,
        Path("/etc/passwd"),
        Path("a.pdf"),
    ):
        for look in (ledger.open, ledger.show):
            with pytest.raises(FileUnknown):
                look(path)


def test_a_file_that_has_become_a_link_is_not_followed(ledger: Ledger, tmp_path: Path) -> None:
    """It was a document when it was indexed."""
    path = ledger.add("a.pdf")
    (tmp_path / "secret.pdf").write_text("x")
    path.unlink()
    path.symlink_to(tmp_path / "secret.pdf")
    for look in (ledger.open, ledger.show):
        with pytest.raises(OriginalElsewhere):
            look(path)
    path.unlink()
    path.symlink_to(ledger.add("b.pdf"))  # inside of the root it is another file all the same
    with pytest.raises(OriginalElsewhere):
        ledger.open(path)


def test_a_folder_that_has_become_a_link_is_not_followed(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger.add("deep/down/a.pdf")
    other = tmp_path / "other"
    shutil.move(ledger.root / "deep", other)
    (ledger.root / "deep").symlink_to(other)
    with pytest.raises(OriginalElsewhere):
        ledger.open(path)
    shutil.move(ledger.root, tmp_path / "moved")
    ledger.root.symlink_to(tmp_path / "moved")
    with pytest.raises(OriginalElsewhere):
        ledger.show(path)


def test_a_row_outside_of_its_root_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    """There is none; one that got in by a defect must not open anything."""
    beside = tmp_path / "docs-and-more.pdf"
    beside.write_text("x")
    ledger.note(beside)
    with pytest.raises(OriginalElsewhere):
        ledger.open(beside)


def test_what_has_gone_and_a_drive_that_is_away_are_told_apart(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger.add("a.pdf")
    path.unlink()
    with pytest.raises(FileFailure) as caught:
        ledger.open(path)
    assert caught.value.code == "file.vanished"
    shutil.move(ledger.root, tmp_path / "unplugged")
    with pytest.raises(FolderOffline):
        ledger.show(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_folder_with_a_document_s_name_are_not_opened(ledger: Ledger) -> None:
    for make in (os.mkfifo, os.mkdir):
        path = ledger.add(f"{make.__name__}.pdf")
        path.unlink()
        make(path)
        with pytest.raises(OriginalNoDocument):
            ledger.open(path)


def test_an_excluded_folder_of_the_ledger_can_be_shown(ledger: Ledger) -> None:
    (ledger.root / "node_modules").mkdir()
    ledger.note(ledger.root / "node_modules")
    ledger.show(ledger.root / "node_modules")
    with pytest.raises(OriginalNoDocument):
        ledger.open(ledger.root / "node_modules")


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode here")
def test_a_name_that_is_no_unicode_is_opened_by_its_bytes(ledger: Ledger) -> None:
    path = Path(os.fsdecode(os.fsencode(ledger.root) + b"/caf\xe9.pdf"))
    path.write_bytes(b"%PDF-1.7")
    ledger.note(path)
    ledger.open(path)
    assert path.exists()


def test_a_file_that_lies_in_the_cloud_is_judged_by_its_name_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look into it would fetch it (R27)."""
    path = ledger.add("a.pdf", ELF)
    monkeypatch.setattr(originals, "is_online_only", lambda status: True)
    ledger.open(path)
    with pytest.raises(OriginalNoDocument):
        ledger.open(ledger.add("a.exe"))


def test_whatever_is_read_later_no_source_code_and_nothing_unknown_is_opened() -> None:
    assert OPENED_SUFFIXES < media_types.SUPPORTED_SUFFIXES
    code = {s for s in media_types.SUPPORTED_SUFFIXES if media_types.media_type_for(f"a.{s}") == media_types.SOURCE}
    assert not OPENED_SUFFIXES & (code | set("exe com scr lnk url desktop docm xlsm pptm svg jar hta".split()))
    assert {"pdf", "docx", "xlsx", "eml", "txt", "png", "html"} <= OPENED_SUFFIXES


def test_a_stream_behind_a_colon_is_no_document_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_document_name(b"/docs/10:30.pdf")
    monkeypatch.setattr("studiolo_indexer.originals.os.name", "nt")
    assert not is_document_name(b"a.exe:b.pdf")


def test_every_refusal_has_a_code() -> None:
    for kind in (FolderOffline, OriginalElsewhere, OriginalNoDocument, OriginalIsProgram):
        assert issubclass(kind, IndexerError)
        assert kind.code in ("folder.offline", "original.elsewhere", "original.no_document", "original.is_program")
