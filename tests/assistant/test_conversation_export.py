"""What an export says can be read back, and no word of it is anything but a word."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from exported_talks import ATTACKS, Json, attacked, source, talk, turn
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from studiolo.conversation_export import FORMATS, as_html, as_json, as_markdown, file_name, harmless, mark, write


class Page(HTMLParser):
    """Reads a page: its text, its tags, and the attributes that stand in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self._skipped = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self._skipped = tag == "style"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._skipped else data


def read_markdown(text: str) -> tuple[set[str], str]:
    """Read Markdown with every extension; gives the kinds of its parts, and its words as they are shown."""
    kinds: set[str] = set()
    words: list[str] = []

    def walk(tokens: list[Token]) -> None:
        for token in tokens:
            kinds.add(token.type)
            if token.children is not None:
                walk(token.children)
                words.append("\n")
            elif token.type in ("softbreak", "hardbreak"):
                words.append("\n")
            else:
                words.append(token.content)

    walk(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text))
    return kinds, "".join(words)


def squeezed(text: str) -> str:
    return " ".join(text.split())


PLAIN = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special", "hardbreak",
    "softbreak", "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
}  # fmt: skip
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "b"}


def test_there_are_thirty_attacks() -> None:
    assert len(set(ATTACKS)) >= 30


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_anywhere_stays_text_in_html(attack: str) -> None:
    page = Page(as_html(*attacked(attack)))
    assert set(page.tags) == TAGS
    assert page.attributes == {"charset", "http-equiv", "content", "class"}
    assert squeezed(page.text).count(squeezed(harmless(attack))) >= 10


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_anywhere_stays_text_in_markdown(attack: str) -> None:
    kinds, words = read_markdown(as_markdown(*attacked(attack)))
    assert kinds <= PLAIN
    assert squeezed(words).count(squeezed(harmless(attack))) >= 10


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_back_from_json_letter_by_letter(attack: str) -> None:
    text = as_json(*attacked(attack))
    assert text.isascii()
    (kept,) = json.loads(text)["answers"]
    assert (kept["question"], kept["answer"], kept["sources"][0]["path"]) == (attack, attack, attack)


@given(text=st.text(max_size=80))
def test_any_text_is_shown_by_markdown_as_it_is(text: str) -> None:
    kinds, words = read_markdown(f"# x\n\n{mark(text)}\n\nend\n")
    assert kinds <= PLAIN - {"bullet_list_open", "list_item_open"}
    assert squeezed(words) == squeezed(f"x {harmless(text)} end")


@given(text=st.text(alphabet="<>&\"'=/abc! -\n\t[]()#*_", max_size=80))
def test_any_text_is_shown_by_a_page_as_it_is(text: str) -> None:
    page = Page(as_html(talk(), [turn(text)]))
    assert set(page.tags) == TAGS
    assert harmless(text) in page.text


def test_lines_of_an_answer_stay_lines() -> None:
    assert (
        read_markdown(mark("- one\n- two\n\n    three"))[1] == "- one\n- two\n\u00a0\n\u00a0\u00a0\u00a0\u00a0three\n"
    )


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_each_source_has_its_number_path_page_quote_hash_and_date(form: str) -> None:
    """R19."""
    text = write(talk(), [turn(), turn("Two days [1].", question="And?")], form)
    shown = squeezed(read_markdown(text)[1] if form == "markdown" else Page(text).text)
    for part in (
        "[1] /docs/leave.pdf, p. 4", "“ten days”", f"SHA-256 {'ab' * 32}, read 2026-11-26T09:00:00+00:00",
        "[2] /docs/travel.md, Hotels (changed since)", "Ten days [1].", "Two days [1].", "Leave",
        "Asked 2026-11-27T10:00:00+00:00, in hr, answered by smollm2-135m",
    ):  # fmt: skip
        assert part in shown
    assert shown.index("How many days?") < shown.index("Ten days [1].") < shown.index("And?")


def test_the_document_of_json_can_be_read_back_whole() -> None:
    read = json.loads(as_json(talk("Äpfel"), [turn()]))
    assert (read["format"], read["version"], read["title"]) == ("studiolo-conversation", 1, "Äpfel")
    (answer,) = read["answers"]
    assert {k: v for k, v in answer.items() if k != "sources"} == turn()
    wanted = {"number": 1, "path": "/docs/leave.pdf", "page": 4, "quote": "ten days", "sha256": "ab" * 32}
    assert answer["sources"][0].items() >= (wanted | {"indexed_at": "2026-11-26T09:00:00+00:00"}).items()


def test_what_a_reader_must_know_of_an_answer_is_said() -> None:
    sides = [source(1, date="2026", quote="ten days"), source(2, path="/docs/old.pdf", date="2024", quote="five days")]
    said = turn(
        searched_for="How many days for part-time staff?",
        filters={"words": "And for part-time staff?"},
        sentences=[{"text": "All like it.", "verdict": "unsupported"}, {"text": "It may.", "verdict": "weak"}],
        conflicts=[{"about": "days carried over", "sides": sides}],
        feedback={"rating": "down", "correction": "Twelve\ndays."},
    )
    shown = squeezed(Page(as_html(talk(), [said])).text)
    for part in (
        "Understood as: How many days for part-time staff?", "Carried by no source: “All like it.”",
        "Carried by its sources only in part: “It may.”", "Your documents differ: days carried over",
        "/docs/old.pdf, p. 4, 2024: “five days”", "Corrected by hand: Twelve days.",
    ):  # fmt: skip
        assert part in shown


def test_a_refusal_is_told_as_one() -> None:
    refused = turn("", refused=True, citations=[], sentences=[])
    assert "The documents do not answer this." in Page(as_html(talk(), [refused])).text


def test_a_page_forbids_a_browser_to_load_anything() -> None:
    page = as_html(talk(), [turn()])
    assert "default-src 'none'" in page
    assert re.search(r"src=|href=|url\(|@import", page.replace("default-src", "").replace("style-src", "")) is None


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("odd", [{}, {"citations": None}, {"citations": [3, {}], "sentences": "x", "feedback": 3}])
def test_an_answer_of_another_shape_is_borne(form: str, odd: Json) -> None:
    assert write({}, [odd], form).endswith("\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How many days?", "How many days.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ('a<b>:"|*\x00\u202e', "a b.md"),
        (" . ", "conversation.md"),
        ("x" * 300, "x" * 60 + ".md"),
    ],
)
def test_a_file_name_is_one_that_every_file_system_takes(title: str, name: str) -> None:
    assert file_name(title, ".md") == name


def test_answers_of_one_place_stand_together_and_say_which_they_are() -> None:
    turns = [
        turn("One.", id=1), turn("Two.", id=2, question="And then?"), turn("One again.", id=3, instead_of=1),
        turn("Without a number.", id=None), turn("Nor this.", id=None),
    ]  # fmt: skip
    for form in ("markdown", "html"):
        text = re.sub(r"\\|<[^>]+>", "", write(talk(), turns, form))
        places = [text.index(words) for words in ("One.", "One again.", "Two.", "Without a number.", "Nor this.")]
        assert places == sorted(places)
        assert text.index("Answer 1 of 2 in this place") < text.index("Answer 2 of 2 in this place") < places[2]
        assert "of 1 in this place" not in text
    assert [a["id"] for a in json.loads(as_json(talk(), turns))["answers"]] == [1, 3, 2, None, None]


def test_what_an_answer_was_limited_to_is_said() -> None:
    filters = {"understood": [{"filter": "type", "value": "pdf"}, {"filter": "under", "value": "a", "negated": True}]}
    text = as_markdown(talk(), [turn(filters=filters)]).replace("\\", "")
    assert "Limited to: type:pdf, -under:a" in text
    assert "Limited to" not in as_markdown(talk(), [turn(filters={"understood": "all"})])
