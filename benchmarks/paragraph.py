"""What does a change of one paragraph cost in a document of 300 pages: chunks embedded, and time until it is found?

    .venv/bin/python benchmarks/paragraph.py [--pages 300] [--runs 5]

The engine watches a folder as in the app, with the starter embedder. In it lies a document for each format, every one
with words of its own, so that none borrows another's vectors. Near its middle one paragraph is rewritten, and then one
is inserted, which moves everything after it; each save puts a whole new file in the old one's place. Measured are the
chunks embedded by then, and the time from the save to the first search that finds the new words. Bar: 3 chunks.

A PDF is written twice. *Flowing* is what a word processor prints: what is inserted moves the line at which each later
page ends, until the next chapter begins a new page.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
from first_page import Heard  # type: ignore[import-not-found]  # beside this script
from live_index import Client  # type: ignore[import-not-found]  # beside this script
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from studiolo import messages
from studiolo.engine import Engine
from studiolo.messages import EngineEvent
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace

BAR_CHUNKS = 3
LIMIT_S = 60.0
CHAPTER_PAGES = 20
LINE, TOP, BOTTOM, LEFT, WIDTH = 13, 780, 50, 60, 470
WORDS = (
    "leave policy carries unused days into next year employees request approval weeks before travel hotel invoice "
    "receipt currency contract notice period months claims sensor voltage units section records audit quarter revenue "
    "operating income share total assets liabilities equity warranty cash provided used board report region cost"
).split()


@dataclass(slots=True)
class Section:
    """About a page of text."""

    heading: str
    paragraphs: list[str]


class Passes(Heard):  # type: ignore[misc]  # its module is found at run time
    """Hears the engine, and counts the chunks that passes over the folder embedded."""

    def __init__(self) -> None:
        super().__init__()
        self._embedded = 0
        self._counted = threading.Condition()

    def __call__(self, event: EngineEvent) -> None:
        """Take an event."""
        super().__call__(event)
        if isinstance(event, messages.Progress) and event.phase == "idle":
            with self._counted:
                self._embedded += event.chunks_embedded
                self._counted.notify_all()

    def embedded(self) -> int:
        """Wait for the end of a pass that embedded something; gives what was embedded since this was asked last.

        Raises:
            TimeoutError: If none comes.
        """
        with self._counted:
            if not self._counted.wait_for(lambda: self._embedded > 0, LIMIT_S):
                raise TimeoutError
            embedded, self._embedded = self._embedded, 0
        return embedded


def prose(chooser: random.Random, n_words: int) -> str:
    """Make a paragraph: sentences of words that follow each other by chance."""
    words = chooser.choices(WORDS, k=n_words)
    lengths = iter(lambda: chooser.randint(8, 18), 0)
    sentences = []
    while words:
        length = next(lengths)
        sentences.append(" ".join(words[:length]).capitalize() + ".")
        words = words[length:]
    return " ".join(sentences)


def made(seed: str, pages: int, kind: Format) -> list[Section]:
    """Make a document of so many sections, the same in every run."""
    chooser = random.Random(seed)  # noqa: S311 - a fixed workload, no secret
    return [
        Section(
            f"{page + 1} {prose(chooser, 4).rstrip('.')}",
            [prose(chooser, chooser.randint(kind.least, kind.most)) for _ in range(kind.a_page)],
        )
        for page in range(pages)
    ]


def as_text(sections: list[Section], path: Path) -> None:
    path.write_text("\n\n".join(p for s in sections for p in s.paragraphs))


def as_table(sections: list[Section], path: Path) -> None:
    rows = [",".join(p.rstrip(".").split()) for s in sections for p in s.paragraphs]
    path.write_text("\n".join(["first,second,third,fourth,fifth", *rows]))


def as_markdown(sections: list[Section], path: Path) -> None:
    path.write_text("\n\n".join(block for s in sections for block in (f"## {s.heading}", *s.paragraphs)))


def as_html(sections: list[Section], path: Path) -> None:
    blocks = "\n".join(f"<h2>{s.heading}</h2>" + "\n".join(f"<p>{p}</p>" for p in s.paragraphs) for s in sections)
    path.write_text(f"<html><head><title>Handbook</title></head><body>{blocks}</body></html>")


def as_docx(sections: list[Section], path: Path) -> None:
    document = docx.Document()
    for section in sections:
        document.add_heading(section.heading, 2)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
    document.save(str(path))


def as_pdf_by_page(sections: list[Section], path: Path) -> None:
    _draw(sections, path, starts_page=lambda number: True)


def as_flowing_pdf(sections: list[Section], path: Path) -> None:
    _draw(sections, path, starts_page=lambda number: number % CHAPTER_PAGES == 0)


def _draw(sections: list[Section], path: Path, *, starts_page: Callable[[int], bool]) -> None:
    canvas = Canvas(str(path))
    y = TOP
    for number, section in enumerate(sections):
        if number and starts_page(number):
            canvas.showPage()
            y = TOP
        for at, block in enumerate((section.heading, *section.paragraphs)):
            font, size = ("Helvetica-Bold", 13) if at == 0 else ("Helvetica", 10)
            for line in simpleSplit(block, font, size, WIDTH):
                if y < BOTTOM:
                    canvas.showPage()
                    y = TOP
                canvas.setFont(font, size)
                canvas.drawString(LEFT, y, line)
                y -= LINE
            y -= LINE
    canvas.showPage()
    canvas.save()


@dataclass(frozen=True, slots=True)
class Format:
    """How a document is written, and how many words its paragraphs have; a row of a table is a paragraph too."""

    suffix: str
    write: Callable[[list[Section], Path], None]
    a_page: int = 5
    least: int = 40
    most: int = 90


FORMATS = {
    "plain text": Format("txt", as_text),
    "text of short lines": Format("txt", as_text, a_page=24, least=6, most=20),
    "CSV": Format("csv", as_table, a_page=40, least=5, most=5),
    "Markdown": Format("md", as_markdown),
    "HTML": Format("html", as_html),
    "DOCX": Format("docx", as_docx),
    "PDF, a section a page": Format("pdf", as_pdf_by_page),
    "PDF, flowing": Format("pdf", as_flowing_pdf),
}


def rewrite(sections: list[Section], number: int, text: str) -> None:
    sections[number].paragraphs[2] = text


def insert(sections: list[Section], number: int, text: str) -> None:
    sections[number].paragraphs.insert(2, text)


def measure(name: str, docs: Path, client: Client, passes: Passes, *, pages: int, runs: int) -> bool:
    """Index a document, change it again and again, and print what it cost; tells whether the bar is reached."""
    kind = FORMATS[name]
    sections, chooser = made(name, pages, kind), random.Random(name)  # noqa: S311 - a fixed workload, no secret
    path, fresh = docs / f"{name.replace(' ', '-')}.{kind.suffix}", docs.parent / f"fresh.{kind.suffix}"
    kind.write(sections, fresh)
    fresh.rename(path)
    total = passes.embedded()
    good = True
    for how, change in (("rewritten", rewrite), ("inserted", insert)):
        counts, times = [], []
        for run in range(runs):
            word = f"{how}{name.replace(' ', '').replace(',', '').lower()}{run}"
            change(sections, pages // 2 - runs + 2 * run, f"{prose(chooser, kind.most - 1)} {word}")
            kind.write(sections, fresh)
            started = time.perf_counter()
            fresh.replace(path)
            times.append(client.found_after(word, started))
            counts.append(passes.embedded())
        good &= max(counts) <= BAR_CHUNKS
        print(
            f"{name:22} {total:5} chunks; one paragraph {how:9}: {statistics.median(counts):4.0f} embedded, at most "
            f"{max(counts)} (bar {BAR_CHUNKS}); found after {statistics.median(times):.2f} s, at most {max(times):.2f}",
            flush=True,
        )
    return good


def main() -> int:
    """Measure each format; gives 1 where the bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder, "docs")
        docs.mkdir()
        passes = Passes()
        engine = Engine(Workspace(AppPaths(Path(folder, "home"))), emit=passes)
        engine.start()
        try:
            engine.submit(messages.AddFolder(id="add", path=str(docs)))
            engine.submit(messages.Watch(id="watch"))
            passes.result_of("watch")
            client = Client(engine, passes)
            results = [measure(n, docs, client, passes, pages=options.pages, runs=options.runs) for n in FORMATS]
        finally:
            engine.close()
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
