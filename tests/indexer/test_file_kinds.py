"""The words for kinds of files name what people mean by them."""

from __future__ import annotations

import pytest

from studiolo_indexer import media_types as m
from studiolo_indexer.file_kinds import is_mailbox, is_single_mail, kind_named


def holds(word: str, suffix: str, media_type: str | None = None, *, is_recognised: bool = False) -> bool:
    kind = kind_named(word)
    assert kind is not None, word
    return kind.holds(suffix, media_type, is_recognised=is_recognised)


@pytest.mark.parametrize(
    ("word", "inside", "outside"),
    [
        ("pdf", "pdf", "docx eml"),
        (".PDF", "pdf", "txt"),
        ("docx", "docx docm", "doc odt pdf"),
        ("doc", "doc", "docx"),
        ("word", "docx doc odt rtf", "txt pdf xlsx"),
        ("excel", "xlsx xls xlsb ods", "csv docx"),
        ("tabelle", "xlsx", "docx"),
        ("slides", "pptx ppt odp", "pdf"),
        ("mail", "eml msg mbox", "html mht txt"),
        ("eml", "eml", "msg mht"),
        ("image", "png jpeg tiff gif", "pdf"),
        ("jpg", "jpg jpeg", "png"),
        ("text", "txt md rst tex log", "html py"),
        ("code", "py rs sql ipynb", "txt json"),
        ("py", "py", "rs"),
        ("html", "html htm mht", "xml"),
        ("data", "csv json yaml xml", "xlsx"),
        ("yml", "yml yaml", "toml"),
    ],
)
def test_a_word_takes_the_endings_that_it_means(word: str, inside: str, outside: str) -> None:
    assert [s for s in inside.split() if not holds(word, s)] == []
    assert [s for s in outside.split() if holds(word, s)] == []


def test_what_the_bytes_say_counts_too() -> None:
    assert holds("rtf", "doc", m.RTF)
    assert holds("word", "", m.DOCX)
    assert holds("pdf", "bin", m.PDF)
    assert not holds("pdf", "bin", m.PLAIN)


def test_a_scan_is_a_picture_or_has_recognised_pages() -> None:
    assert holds("scan", "tiff")
    assert holds("scan", "pdf", m.PDF, is_recognised=True)
    assert not holds("scan", "pdf", m.PDF)
    assert not holds("image", "pdf", m.PDF, is_recognised=True)


@pytest.mark.parametrize("word", ["", "banana", "string", "p df", "exe"])
def test_other_words_name_nothing(word: str) -> None:
    assert kind_named(word) is None


def test_a_mail_has_one_sender_and_a_mailbox_many() -> None:
    assert [is_single_mail(s) for s in ("eml", "msg", "mbox", "mht", "txt")] == [True, True, False, False, False]
    assert [is_mailbox(s) for s in ("mbox", "mbx", "eml")] == [True, True, False]
