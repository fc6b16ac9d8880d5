"""Text is safe, parts cover it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.building import TextBuilder, safe_text


@given(st.text(alphabet=st.characters(codec=None) | st.sampled_from("\0\r\n\ud800"), max_size=100))
def test_no_text_holds_a_nul_a_lone_surrogate_or_a_carriage_return(text: str) -> None:
    safe = safe_text(text)
    assert not set(safe) & {"\0", "\r"}
    safe.encode("utf-8")


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 3), st.booleans()), max_size=12))
def test_parts_rise_and_cover_the_text_and_headings_stand_in_it(blocks: list[tuple[str, int, bool]]) -> None:
    builder = TextBuilder()
    for text, level, tight in blocks:
        builder.block(text, level=level, tight=tight)
    document = builder.document(media_type="text/html", parser="html")
    assert "".join(document.text[p.start : p.end] for p in document.parts) == document.text
    assert all(document.text[h.start : h.end].strip() for h in document.headings)


def test_the_title_is_the_given_one_or_the_first_heading() -> None:
    builder = TextBuilder()
    builder.block("Leave", level=1)
    assert builder.document(media_type="", parser="").title == "Leave"
    assert builder.document(media_type="", parser="", title=" The\n policy ").title == "The policy"
