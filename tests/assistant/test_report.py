"""The report is one page that opens offline, runs nothing, and shows documents' words as words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from evaluated import a_row, a_run

from studiolo.evaluation.comparing import compare
from studiolo.evaluation.report import report_page
from studiolo.evaluation.runs import Run

HOSTILE = '</td></table><script src=http://evil.example/x.js></script><img src=x onerror=alert(1)> & "quotes" \''
ABOUT = {"modes": ["hybrid", "text"], "k": 6, "answers_by": "quotes"}
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Collects the tags and attributes of a page, and checks that every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not (self.get_starttag_text() or "").endswith("/>") or tag not in ("rect", "path"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def a_hostile_run(name: str, f1: float) -> Run:
    row = a_row(
        1,
        {"f1": f1, "file.hit@5": 1.0, "text:file.hit@5": 0.5, "answer_ms": 12.0},
        cause="model",
        question=HOSTILE,
        expected=(HOSTILE,),
        sources=(HOSTILE,),
        found=(HOSTILE,),
        answer=HOSTILE,
        cited=(HOSTILE,),
    )
    return Run(name, ABOUT, (row,), (HOSTILE,))


def pages() -> str:
    runs = [a_hostile_run(HOSTILE, 0.5), a_hostile_run("after", 0.9)]
    return report_page(HOSTILE, runs, [compare(*runs, seed=0)], seed=0)


def test_words_of_documents_stay_words() -> None:
    page = Page(pages())
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form"}
    assert not {name for name in page.attributes if name.startswith("on")} | (page.attributes & {"src", "href"})
    assert page.words.count(HOSTILE) >= 10
    assert page.open == []


def test_nothing_is_fetched_and_the_policy_says_so() -> None:
    page = report_page("set", [a_hostile_run("a", 1.0)], [], seed=0)
    without_words = page.replace("http://evil.example", "")
    assert not re.search(r"https?://|url\(|@import", without_words)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "prefers-color-scheme:dark" in page


def test_each_measure_has_a_bar_for_each_mode_and_its_numbers() -> None:
    page = report_page("set", [a_hostile_run("a", 1.0)], [], seed=0)
    assert page.count('class="whisker"') == 4
    assert [page.count(f'<rect class="mode{n}"') for n in (0, 1)] == [3, 1]
    assert "0.500" in page
    assert "12 ms" in page


def test_a_comparison_names_the_changed_questions() -> None:
    assert "F1: 1 improved" in pages()
    assert "0.50 → 0.90" in pages()


def test_each_part_of_the_ranking_has_a_line_with_its_interval() -> None:
    full = a_run("full", "file.mrr", [1.0] * 30)
    others = [a_run("without names", "file.mrr", [0.5] * 30), a_run("without age", "file.mrr", [1.0] * 30)]
    page = report_page("set", [full], [], [compare(full, other, seed=0) for other in others], seed=0)
    table = Page(page).words.partition("What each part of the ranking is worth")[2]
    assert "30 questions" in table
    assert "file MRR: 1.000" in table
    assert "without names1.000 → 0.500-0.500 [-0.500, -0.500]worse" in table
    assert "without age" in table
    assert "What each part" not in report_page("set", [full], [], seed=0)
