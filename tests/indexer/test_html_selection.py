"""What of a page is read: the main text; in doubt everything."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from studiolo_indexer.parsers.web.html import parse_html
from studiolo_indexer.parsers.web.html_selection import select, steps


def text_of(markup: str) -> str:
    return parse_html(markup.encode(), "a.html").text


def test_steps_go_in_and_out_in_reading_order() -> None:
    body = LexborHTMLParser("<div>a<b>c</b><!-- x --></div>d").body
    assert body is not None
    walked = [(tag, entering) for _, tag, entering in steps(body, lambda _, tag: tag == "-comment")]
    assert walked == [
        ("div", True), ("-text", True), ("b", True), ("-text", True), ("b", False), ("div", False), ("-text", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav>Menu</nav>",
        "<div role=navigation>Menu</div>",
        "<footer>Menu</footer>",
        "<header><p>Menu</p></header>",
        "<aside>Menu</aside>",
        "<div class='sr-only'>Menu</div>",
        "<select><option>Menu</select>",
        "<button>Menu</button>",
    ],
)
def test_navigation_is_left_out(chrome: str) -> None:
    assert (
        text_of(f"<body>{chrome}<main><p>The main text of this page.</p></main></body>")
        == "The main text of this page."
    )


@pytest.mark.parametrize(
    "content",
    [
        "<article><header><h2>Title</h2></header><footer>By Ada</footer></article>",
        "<header><h1>Title</h1><p>By Ada</p></header>",
        "<form><p>Title</p><p>By Ada</p></form>",
        "<aside>Title By Ada</aside>",
        "<details><summary>Title</summary>By Ada</details>",
        "<div hidden=until-found>Title By Ada</div>",
    ],
)
def test_in_doubt_text_is_kept(content: str) -> None:
    assert text_of(f"<body>{content}<p>Main text.</p></body>").split()[:3] == ["Title", "By", "Ada"]


def test_a_menu_within_a_header_is_left_out_and_its_title_kept() -> None:
    menu = "<div><ul>" + "".join(f"<li><a href=/{n}>Page {n}</a></li>" for n in range(5)) + "</ul></div>"
    assert text_of(f"<main><header><h1>Title</h1>{menu}</header><p>Text.</p></main>") == "Title\n\nText."


def test_a_page_of_nothing_but_navigation_is_kept() -> None:
    assert text_of("<body><nav>" + "<a href=x>Chapter of the book</a> " * 9 + "</nav></body>").startswith("Chapter")


@pytest.mark.parametrize(
    "way",
    [
        "hidden",
        "style='display:none'",
        "style='visibility: hidden'",
        "style='font-size:0px'",
        "style='opacity:0'",
        "style='position:absolute; left:-9999px'",
        "style='mso-hide:all'",
    ],
)
def test_what_no_one_can_see_is_left_out_and_named(way: str) -> None:
    document = parse_html(f"<body><p>Seen.</p><div {way}>secret</div></body>".encode(), "a.html")
    assert document.text == "Seen."
    assert document.warnings == ("hidden text: 6 characters that the page does not show",)


@pytest.mark.parametrize(
    "way", ["style='font-size:0.9em'", "style='opacity:0.5'", "style='left:-1px'", "style='color:red'"]
)
def test_what_can_be_seen_is_read(way: str) -> None:
    document = parse_html(f"<body><p>Seen.</p><div {way}>too</div></body>".encode(), "a.html")
    assert document.text == "Seen.\n\ntoo"
    assert document.warnings == ()


def test_white_letters_are_named_unless_something_dark_is_behind_them() -> None:
    white = "<p>Seen.</p><p style='color:#fff'>secret</p>"
    assert parse_html(white.encode(), "a.html").warnings == ("hidden text: 6 characters in white",)
    dark = f"<div style='background:#000'>{white}</div>"
    assert parse_html(dark.encode(), "a.html").warnings == ()


def test_a_page_that_is_hidden_whole_is_read() -> None:
    assert text_of("<body style='display:none'><p>Shown by a script.</p></body>") == "Shown by a script."


def test_the_elements_left_out_are_known_by_their_id() -> None:
    body = LexborHTMLParser("<nav>x</nav><p>Enough text to be kept.</p>").body
    assert body is not None
    selection = select(body)
    nav = body.css_first("nav")
    assert nav is not None
    assert selection.skips(nav, "nav")
    assert selection.left_out == {nav.mem_id}
