"""HTML: the main text, and nothing that was not meant to be read."""

from __future__ import annotations

from studiolo_indexer.parsers.html import parse_html


def test_main_text_headings_lists_and_tables_are_read_and_the_rest_left_out() -> None:
    page = b"""<html><head><title>Leave policy</title><style>p{}</style></head><body><nav>Home</nav>
    <h1>Leave</h1><p>Ten <b>days</b> may be<br>carried over.</p><ul><li>first</li><li>second</li></ul>
    <table><tr><th>Plan</th><th>Price</th></tr><tr><td>Basic</td><td>10 euros</td></tr></table>
    <script>alert(1)</script><footer>Imprint</footer></body></html>"""
    document = parse_html(page, "a.html")
    assert document.title == "Leave policy"
    assert [document.text[h.start : h.end] for h in document.headings] == ["Leave"]
    assert "Ten days may be carried over." in document.text
    assert "- first\n- second" in document.text
    assert "Plan | Price\nBasic | 10 euros" in document.text
    for left_out in ("Home", "alert", "Imprint", "p{}"):
        assert left_out not in document.text


def test_text_behind_a_block_is_a_block_of_its_own() -> None:
    assert parse_html(b"<div><p>One.</p>Two.</div>", "a.html").text == "One.\n\nTwo."


def test_preformatted_text_keeps_its_lines() -> None:
    assert "a\n  b" in parse_html(b"<pre>a\n  b</pre>", "a.html").text


def test_absurd_nesting_and_a_huge_line_end() -> None:
    """S5, S6: 100,000 nested elements, a line of some megabytes."""
    assert "deep" in parse_html(b"<div>" * 100_000 + b"deep", "a.html").text
    assert len(parse_html(b"<p>" + b"word " * 800_000, "a.html").text) > 3_000_000
