"""Plain text in any encoding, and the headings of Markdown."""

from __future__ import annotations

import pytest

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.plain import decode, markdown_headings, parse_markdown

GERMAN = "Der Urlaub von zehn Tagen darf übertragen werden. Für Bücher gilt: größer ist schöner. " * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "iso-8859-1"])
def test_a_text_is_decoded_whatever_its_encoding(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding))[0] == GERMAN


def test_line_ends_become_one_and_binary_is_no_text() -> None:
    assert decode(b"a\r\nb\rc")[0] == "a\nb\nc"
    with pytest.raises(FileFailure) as caught:
        decode(b"\0\1\2\3" * 1000)
    assert caught.value.code == "file.damaged"


def test_a_file_with_a_few_nul_bytes_is_read_without_them() -> None:
    assert decode(b"words " * 100 + b"\0")[0].endswith("\ufffd")


def test_headings_are_found_outside_code_and_hold_the_words_alone() -> None:
    text = "# One #\n\n```\n# not one\n```\n\nTwo\n---\n\n- item\n---\n\n####### seven\n\n## Three\n"
    assert [(h.level, text[h.start : h.end]) for h in markdown_headings(text)] == [(1, "One"), (2, "Two"), (2, "Three")]


def test_markdown_keeps_the_file_s_own_characters() -> None:
    text = "# Leave\n\n*Ten* days [rule](x.md).\n\n| a | b |\n"
    document = parse_markdown(text.encode(), "a.md")
    assert document.text == text
    assert [p.label for p in document.parts] == ["Leave"]
