"""Every error of the indexer has a code of its own, and the assistant has words for it."""

from __future__ import annotations

from studiolo.errors import report
from studiolo_indexer import errors
from studiolo_indexer.errors import FileFailure, IndexerError


def kinds() -> list[type[IndexerError]]:
    return [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, IndexerError)]


def test_codes_are_not_shared() -> None:
    codes = [k.code for k in kinds() if k is not IndexerError]
    assert len(codes) == len(set(codes))


def test_each_error_is_worded_with_a_hint() -> None:
    for kind in kinds():
        if kind not in (IndexerError, errors.Stopped):
            words = report(kind("the place"))
            assert (words.code, bool(words.message), bool(words.hint)) == (kind.code, True, True)


def test_a_failure_of_a_file_carries_its_reason_to_people() -> None:
    words = report(FileFailure("file.damaged", "It is no readable PDF."))
    assert (words.code, words.message) == ("file.damaged", "It is no readable PDF.")
