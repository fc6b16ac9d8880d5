"""The tables of control words do not contradict each other, and name code pages that Python has."""

from __future__ import annotations

import codecs

import pytest

from studiolo_indexer.parsers.office import rtf_words


@pytest.mark.parametrize("codec", sorted({*rtf_words.CODECS_BY_CHARSET.values(), *rtf_words.CODECS_BY_WORD.values()}))
def test_every_code_page_is_known(codec: str) -> None:
    assert codecs.lookup(codec).name


def test_no_word_is_both_skipped_and_read() -> None:
    read = {*rtf_words.SAID, *rtf_words.DATES, *rtf_words.LABELS, *rtf_words.MARGINS, *rtf_words.BOXES}
    assert not rtf_words.SKIPPED & (read | rtf_words.READ_THOUGH_MARKED | rtf_words.PARAGRAPH_ENDS)
    assert not set(rtf_words.CHARACTERS) & (rtf_words.SKIPPED | rtf_words.PARAGRAPH_ENDS)
