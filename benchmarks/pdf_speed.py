"""How fast PDFs are read, how soon a click shows its page with the quoted words marked, and whether these are exact.

    .venv/bin/python benchmarks/pdf_speed.py --data FOLDER [--rounds 2]

Reading: all pages of `sec10q`, against PDFium's bare text through pypdfium2 (`get_text_range`), a process each, in
turns; processor time, the best of the rounds. Bar: a ratio of 0.4. A click: 50 sentences of a PDF of 300 pages, through
the real extractor process; bar: 150 ms (p95). Exact: the letters whose middle lies in the boxes are the sentence's.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil
import pypdfium2 as pdfium

from studiolo_indexer.extract_worker import extract
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import Document

BAR_RATIO = 0.4
BAR_CLICK_S = 0.150
CLICKS = 50
LONG_PAGES = 300
WIDTH = 900
_SENTENCE = re.compile(r"[A-Z][^.!?]{20,300}[.!?](?=\s)")


def read_bare(files: Sequence[Path]) -> int:
    """Read each page's text with pypdfium2 alone; gives the count of letters."""
    letters = 0
    for file in files:
        pdf = pdfium.PdfDocument(file.read_bytes())
        for index in range(len(pdf)):
            page = pdf[index]
            layer = page.get_textpage()
            letters += len(layer.get_text_range())
            layer.close()
            page.close()
        pdf.close()
    return letters


def read_ours(files: Sequence[Path]) -> int:
    """Read each file as the extractor does; gives the count of letters."""
    return sum(len(extract(file.read_bytes(), file.name).text) for file in files)


def timed(way: str, files: Sequence[Path]) -> float:
    """Read all files one way in a process of its own; gives the processor's seconds of the reading alone."""
    command = [sys.executable, __file__, "--way", way, *map(str, files)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def long_pdf(files: Sequence[Path]) -> bytes:
    """Put files together until there are enough pages."""
    whole = pdfium.PdfDocument.new()
    for file in files:
        if len(whole) < LONG_PAGES:
            with_pages = pdfium.PdfDocument(file.read_bytes())
            whole.import_pages(with_pages, list(range(min(len(with_pages), LONG_PAGES - len(whole)))))
    with tempfile.TemporaryFile() as out:
        whole.save(out)
        out.seek(0)
        return out.read()


def boxed_letters(page: pdfium.PdfPage, width: int, boxes: Sequence[Sequence[float]]) -> str:
    """Give the letters whose middle lies in one of the boxes, in PDFium's order.

    Args:
        page: Of the document itself.
        width: Of its picture, in pixels.
        boxes: (x, y, width, height) in pixels of the picture.
    """
    layer = page.get_textpage()
    scale = width / page.get_width()
    found = []
    for at in range(layer.count_chars()):
        left, bottom, right, top = layer.get_charbox(at)
        x, y = scale * (left + right) / 2, scale * (page.get_height() - (bottom + top) / 2)
        if any(bx <= x <= bx + bw and by <= y <= by + bh for bx, by, bw, bh in boxes):
            found.append(layer.get_text_range(at, 1))
    return "".join(found)


def spans(document: Document) -> list[tuple[int, int, int]]:
    """Choose sentences: (page, start, end)."""
    every = [
        (int(part.label), m.start(), m.end())
        for part in document.parts
        for m in _SENTENCE.finditer(document.text, part.start, part.end)
    ]
    return random.Random(7).sample(every, min(CLICKS, len(every)))  # noqa: S311 - no secret


def clicks(data: bytes) -> bool:
    """Click on sentences of a long PDF."""
    extractor = Extractor(command=[sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"])
    document = extractor.extract(data, name="long.pdf")
    pdf = pdfium.PdfDocument(data)
    times, exact = [], 0
    spent = _child_seconds(extractor)
    for page, start, end in spans(document):
        quote = document.text[start:end]
        began = time.perf_counter()
        image = extractor.render(data, name="a.pdf", page=page, start=start, end=end, width=WIDTH, quote=quote)
        times.append(time.perf_counter() - began)
        wanted = Counter(filter(str.isalnum, quote))
        boxes = [(b.x, b.y, b.width, b.height) for b in image.boxes]
        exact += wanted == Counter(filter(str.isalnum, boxed_letters(pdf[image.page - 1], image.width, boxes)))
    spent = _child_seconds(extractor) - spent
    extractor.close()
    times.sort()
    p95 = times[int(0.95 * (len(times) - 1))]
    print(
        f"{len(times)} clicks in {document.pages} pages ({len(data) / 2**20:.1f} MB): median "
        f"{1000 * statistics.median(times):.0f} ms, p95 {1000 * p95:.0f} ms, worst {1000 * times[-1]:.0f} ms "
        f"(bar: {1000 * BAR_CLICK_S:.0f} ms), the child's processor {1000 * spent / len(times):.0f} ms each; "
        f"{exact} of {len(times)} mark exactly the letters of the sentence"
    )
    return p95 <= BAR_CLICK_S and exact >= 0.98 * len(times)


def _child_seconds(extractor: Extractor) -> float:
    used = psutil.Process(extractor.pid()).cpu_times()
    return float(used.user + used.system)


def main() -> int:
    """Print the ratio and the times of clicks; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--way", choices=("bare", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        (read_ours if options.way == "ours" else read_bare)(options.files[:1])  # imports and caches
        began = time.process_time()
        (read_ours if options.way == "ours" else read_bare)(options.files)
        print(time.process_time() - began)
        return 0
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0
    files = sorted((options.data / "sec10q" / "files").glob("*.pdf"))
    times = {"bare": [0.0], "ours": [0.0]}
    for round_number in range(options.rounds):
        for way, found in times.items():
            found.append(timed(way, files))
            print(f"round {round_number + 1}, {way}: {found[-1]:.1f} s", flush=True)
    bare, ours = (min(found[1:]) for found in times.values())
    pages = sum(len(pdfium.PdfDocument(file)) for file in files)
    print(
        f"{pages} pages: PDFium's text {bare:.1f} s, ours {ours:.1f} s ({1000 * ours / pages:.1f} ms a page): "
        f"ratio {bare / ours:.2f} (bar: {BAR_RATIO})"
    )
    good = clicks(long_pdf(files))
    return int(bare / ours < BAR_RATIO or not good)


if __name__ == "__main__":
    sys.exit(main())
