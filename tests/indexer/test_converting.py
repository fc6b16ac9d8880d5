"""Old Office files are converted by a LibreOffice that can touch nothing but a folder of its own."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest

from studiolo_indexer import converting
from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.converting import Converter, find_libreoffice
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import DOC, PPT

ANSWERS = """import sys, json, os
from pathlib import Path
while line := sys.stdin.buffer.readline():
    data = sys.stdin.buffer.read(json.loads(line)['size_bytes'])
    program, folder = sys.argv[1:]
    Path(folder, 'profile').write_text('left behind')
    print({reply}, flush=True)
"""


def converter(tmp_path: Path, reply: str) -> Converter:
    command = [sys.executable, "-I", "-c", ANSWERS.replace("{reply}", reply)]
    return Converter(command=command, program=Path("/opt/office"), temp=tmp_path)


def said(suffix: object, converted: object) -> str:
    return repr(json.dumps({"suffix": suffix, "converted": converted}))


@pytest.mark.parametrize(("suffix", "media_type"), [("docx", DOC), ("pptx", PPT)])
def test_the_converted_bytes_come_back_with_what_the_file_was(suffix: str, media_type: str, tmp_path: Path) -> None:
    made = converter(tmp_path, said(suffix, base64.b64encode(b"PK new").decode()))
    assert made.convert(b"old", name="a.doc") == (b"PK new", suffix, media_type)
    assert made.convert(b"old", name="b.doc")[0] == b"PK new"
    assert len(list(tmp_path.iterdir())) == 1, "one folder for as long as it runs"
    made.close()
    made.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "reply",
    [said("exe", "QQ=="), said(["docx"], "QQ=="), said("docx", "not base64!"), said("docx", 7), "'[]'", "'no json'"],
)
def test_what_it_says_is_not_believed(reply: str, tmp_path: Path) -> None:
    made = converter(tmp_path, reply)
    with pytest.raises(FileFailure, match=r"file\.parser_crashed"):
        made.convert(b"old", name="a.doc")
    made.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_ends_it_leaves_nothing_and_the_next_gets_a_new_one(tmp_path: Path) -> None:
    made = converter(tmp_path, "os._exit(1) if data == b'bad' else " + said("docx", "QQ=="))
    with pytest.raises(FileFailure, match=r"file\.parser_crashed"):
        made.convert(b"bad", name="a.doc")
    assert list(tmp_path.iterdir()) == []
    assert made.convert(b"good", name="b.doc")[0] == b"A"
    made.close()


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    script = "import sys; sys.stdin.buffer.readline(); sys.stdin.buffer.read()"
    made = Converter(
        command=[sys.executable, "-I", "-c", script],
        program=Path("/opt/office"),
        temp=tmp_path,
        limits=ChildLimits(seconds=0.3, seconds_per_mb=0),
    )
    with pytest.raises(FileFailure, match=r"file\.timeout"):
        made.convert(b"old", name="a.doc")
    assert list(tmp_path.iterdir()) == []


def test_it_is_found_where_its_library_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "landlock_version", lambda: 1)
    monkeypatch.setattr(converting, "_PLACES", (str(tmp_path / "none"), str(tmp_path / "office")))
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert find_libreoffice() is None
    (tmp_path / "office").mkdir()
    assert find_libreoffice() is None
    (tmp_path / "office" / "libmergedlo.so").touch()
    assert find_libreoffice() == tmp_path / "office"


def test_one_that_is_elsewhere_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "opt" / "program"
    program.mkdir(parents=True)
    for name in ("soffice", "libsofficeapp.so"):
        (program / name).touch()
    (tmp_path / "soffice").symlink_to(program / "soffice")
    monkeypatch.setattr(converting, "landlock_version", lambda: 1)
    monkeypatch.setattr(converting, "_PLACES", ())
    monkeypatch.setattr("shutil.which", lambda name: str(tmp_path / name))
    assert find_libreoffice() == program


def test_nothing_is_converted_where_it_could_not_be_confined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libmergedlo.so").touch()
    monkeypatch.setattr(converting, "_PLACES", (str(tmp_path),))
    monkeypatch.setattr(converting, "landlock_version", lambda: 0)
    assert find_libreoffice() is None
