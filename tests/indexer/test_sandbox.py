"""The process that meets untrusted bytes can open no document, write no file and start no program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studiolo_indexer import sandbox
from studiolo_indexer.extraction import Extractor

WORKER = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
CONFINE = "import os, subprocess, sys; from studiolo_indexer import sandbox; state = sandbox.confine(); "

needs_landlock = pytest.mark.skipif(sandbox.landlock_version() == 0, reason="this kernel offers no Landlock")


def outcome(attempt: str) -> str:
    """What becomes of an attempt in a confined process: `refused`, or whatever it printed."""
    code = CONFINE + f"\ntry:\n    print({attempt})\nexcept OSError:\n    print('refused')"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_landlock
@pytest.mark.parametrize(
    "attempt",
    [
        "open({path!r}).read()",
        "open({path!r} + '.new', 'w')",
        "open('/etc/passwd').read()",
        "os.listdir({folder!r})",
        "os.unlink({path!r})",
        "os.rename({path!r}, {path!r} + '.moved')",
        "os.truncate({path!r}, 0)",
        "os.mkdir({folder!r} + '/made')",
        "os.symlink('/', {folder!r} + '/link')",
        "subprocess.run(['/bin/true'])",
    ],
)
def test_files_and_programs_are_out_of_reach(attempt: str, tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("private", encoding="utf-8")
    assert outcome(attempt.format(path=str(path), folder=str(tmp_path))) == "refused"
    assert [p.name for p in tmp_path.iterdir()] == ["secret.txt"]
    assert path.read_text(encoding="utf-8") == "private"


@needs_landlock
def test_a_file_that_is_named_may_be_read_and_no_other(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    code = CONFINE.replace("confine()", f"confine(readable=[{str(tmp_path / 'one')!r}])")
    code += f"print(open({str(tmp_path / 'one')!r}).read(), os.access({str(tmp_path / 'other')!r}, os.R_OK))\n"
    code += f"open({str(tmp_path / 'other')!r})"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("one")
    assert "PermissionError" in done.stderr


def test_the_extractor_says_how_it_is_confined_and_still_reads() -> None:
    extractor = Extractor(command=WORKER)
    try:
        assert extractor.sandbox().closed == (sandbox.landlock_version() > 0)
        assert extractor.extract(b"# Leave\n\nTen days.", name="a.md").title == "Leave"
    finally:
        extractor.close()
