"""How exactly the text of bad scans is recognised, how long a page takes, and how much memory.

    .venv/bin/python benchmarks/ocr.py [--pages 20]

Pages of known text are drawn at 200 dpi, turned by 2 degrees, blurred and saved as JPEG of quality 60; each goes
through the real extractor process. Bars: a mean character error rate of 3 %, 1.6 GB of memory. The words follow each
other by chance, so that no model could guess them; white space does not count.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import sys
import time
from collections.abc import Sequence

import psutil
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from studiolo_indexer.extraction import OCR_LIMITS, Extractor

BAR_ERROR = 0.03
BAR_MEMORY = 1_600 * 2**20
SIZE = (1654, 2339)  # A4 at 200 dpi
WORDS = (
    "leave policy carries unused days into the next calendar year employees request manager approval weeks before "
    "travel hotel invoice receipt currency contract notice period three months Berlin Zürich Müller GmbH Straße claims "
    "sensor voltage 24 V 4.80 euros 1,250 units 17 March 2023 section 4.2 § 14 records confidentiality audit quarter "
    "revenue operating income (loss) per share diluted total assets liabilities equity warranty net cash provided used"
).split()


def made_text(seed: int) -> list[str]:
    """Make the lines of a page: paragraphs with a heading each."""
    random_words = random.Random(seed)  # noqa: S311 - no secret
    lines: list[str] = []
    for number in range(1, 6):
        lines.append(f"{number} {' '.join(random_words.choices(WORDS, k=4)).title()}")
        words = random_words.choices(WORDS, k=72)
        for at in range(0, len(words), 12):
            lines.append(" ".join(words[at : at + 12]))
        lines.append("")
    return lines


def scanned(lines: Sequence[str], seed: int) -> bytes:
    """Draw a page and make it bad: turned by up to 2 degrees, blurred, JPEG of quality 60."""
    page = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(28)  # 10 points
    for number, line in enumerate(lines):
        draw.text((170, 170 + 46 * number), line, font=font, fill=20)
    page = page.rotate(2 if seed % 2 else -2, Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(1.2))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60, dpi=(200, 200))
    return out.getvalue()


def distance(a: str, b: str) -> int:
    """Give the edit distance of two texts."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def main() -> int:
    """Print error rate, time and memory; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=20)
    pages = parser.parse_args().pages
    command = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
    extractor = Extractor(command=command, limits=OCR_LIMITS)
    errors, seconds, confidences, most = [], [], [], 0
    for seed in range(pages):
        lines = made_text(seed)
        picture = scanned(lines, seed)
        began = time.perf_counter()
        found = extractor.ocr(picture, name="scan.jpg", page=1)
        seconds.append(time.perf_counter() - began)
        wanted = "".join("".join(lines).split())
        errors.append(distance(wanted, "".join(found.text.split())) / len(wanted))
        confidences.append(found.confidence)
        most = max(most, _peak_bytes(extractor.pid()))
    extractor.close()
    print(
        f"{pages} pages: mean character error rate {statistics.mean(errors):.2%}, worst {max(errors):.2%} "
        f"(bar: {BAR_ERROR:.0%}); confidence {statistics.mean(confidences):.3f}; first page {seconds[0]:.1f} s, "
        f"median {statistics.median(seconds):.1f} s; memory {most / 2**20:.0f} MB (bar: {BAR_MEMORY / 2**20:.0f} MB)"
    )
    return int(statistics.mean(errors) > BAR_ERROR or most > BAR_MEMORY)


def _peak_bytes(pid: int) -> int:
    """Give the most memory that a process had; where the system does not tell, what it has now."""
    try:
        with open(f"/proc/{pid}/status") as status:  # noqa: PTH123 - no file, but the kernel's word
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return int(psutil.Process(pid).memory_info().rss)


if __name__ == "__main__":
    sys.exit(main())
