"""Every error has a code, a sentence and a hint, and no traceback reaches a person."""

from __future__ import annotations

import errno
import logging
import re
from pathlib import Path

import pytest

import studiolo_indexer.errors as indexer_errors
import studiolo_models.errors as model_errors
from studiolo.errors import AssistantError, file_advice, file_kind, report


def codes() -> list[str]:
    found = []
    for module in (indexer_errors, model_errors):
        for thing in vars(module).values():
            if isinstance(thing, type) and isinstance(code := vars(thing).get("code"), str):
                found.append(code)
    return sorted(set(found) - {"index.error", "model.error"})


@pytest.mark.parametrize("code", codes())
def test_every_code_of_every_package_is_worded_here(code: str) -> None:
    words = report(AssistantError(code, "some detail"))
    assert words.code == code
    assert words.message.endswith((".", "!")) or words.message.endswith("detail")
    assert words.hint


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "store.full"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "store.unwritable"),
        (OSError(errno.EROFS, "Read-only file system", "/data"), "store.unwritable"),
        (indexer_errors.FileFailure("file.password", "The PDF asks for a password."), "file.password"),
        (indexer_errors.FolderMissing("/nowhere"), "folder.missing"),
    ],
)
def test_errors_of_the_environment_and_of_files_have_their_code(error: Exception, code: str) -> None:
    assert report(error).code == code


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("folder.missing", 2), ("collection.unknown", 2), ("file.damaged", 1), ("store.full", 3), ("model.missing", 3)],
)
def test_exit_codes_follow_whose_fault_it_is(code: str, exit_code: int) -> None:
    assert report(AssistantError(code)).exit_code == exit_code


@pytest.mark.logs("KeyError")
def test_our_own_mistake_is_logged_with_an_id_but_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    """S17: logs hold no text of documents, and an exception's message may."""
    with caplog.at_level(logging.ERROR, logger="studiolo.errors"):
        try:
            raise KeyError("-".join(["SECRET", "TEXT"]))
        except KeyError as error:
            words = report(error)
    assert words.code == "bug.unexpected"
    assert "SECRET-TEXT" not in caplog.text
    assert "test_errors.py" in caplog.text
    caplog.clear()


def test_every_code_of_the_ledger_has_a_name_and_an_advice() -> None:
    """Those that the indexer's code writes down; what `find-all` alone says of a file is none of them."""
    package = Path(__file__).resolve().parents[2] / "indexer" / "studiolo_indexer"
    source = "\n".join(file.read_text(encoding="utf-8") for file in package.rglob("*.py"))
    written = set(re.findall(r'"(file\.[a-z_]+|folder\.(?:hidden|excluded|unreadable)|ignore[d]?\.[a-z_]+)"', source))
    not_of_the_ledger = {
        "file.changed_since", "file.not_read_yet", "file.read_with_loss", "file.stopped", "file.unknown",
        "ignore.bad_pattern",
    }  # fmt: skip
    for code in written - not_of_the_ledger:
        assert file_kind(code) != code, code
        assert file_advice(code).endswith("."), code


def test_a_code_without_words_is_named_as_it_is() -> None:
    assert (file_kind("file.new"), file_advice("file.new")) == ("file.new", "")
