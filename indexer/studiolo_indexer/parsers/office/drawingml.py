"""What the drawings of all Office files share: paragraphs, tables, charts, diagrams, alternative text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.numerals import numeral
from studiolo_indexer.parsers.office.omml import M, equation_text
from studiolo_indexer.parsers.office.opc import MC, Package, R, attribute, chosen, number
from studiolo_indexer.parsers.tables import Grid

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
MAX_POINTS = 100_000
_GENERATED = (
    "generated automatically",
    "automatically generated",
    "automatisch generiert",
    "ai-generated content may",
    "image result for",
    "bildergebnis für",
    "résultat de recherche d",
)
_NUMERALS = (
    ("alphaLc", "lowerLetter"),
    ("alphaUc", "upperLetter"),
    ("romanLc", "lowerRoman"),
    ("romanUc", "upperRoman"),
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A file, an address, a kind of thing: what stands there by itself.
_NO_WORDS = re.compile(
    r".{1,250}\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp)$|[a-z]:\\|https?://|"
    r"(?:picture|image|photo|logo|grafik|bild) ?\d{0,4}$",
    re.IGNORECASE,
)


def paragraphs(body: etree._Element) -> list[str]:
    """Give the paragraphs of a text body that hold something; those that are numbered with their numbers."""
    found = []
    counts: dict[int, int] = {}
    for paragraph in body.iter(f"{A}p"):
        text = paragraph_text(paragraph)
        if text.strip():
            label = _number_of(paragraph.find(f"{A}pPr"), counts)
            found.append(f"{label} {text}" if label else text)
    return found


def _number_of(properties: etree._Element | None, counts: dict[int, int]) -> str:
    """Count a numbered paragraph; `counts` holds the last number of each level of the list in hand."""
    numbered = properties.find(f"{A}buAutoNum") if properties is not None else None
    level = number(attribute(properties, "lvl"))
    for deeper in [at for at in counts if at > level or (numbered is None and at == level)]:
        del counts[deeper]
    if numbered is None:
        return ""
    counts[level] = counts.get(level, number(numbered.get("startAt"), 1) - 1) + 1
    form = numbered.get("type") or ""
    text = numeral(counts[level], next((known for start, known in _NUMERALS if form.startswith(start)), "decimal"))
    return f"({text})" if form.endswith("ParenBoth") else f"{text})" if form.endswith("ParenR") else f"{text}."


def paragraph_text(paragraph: etree._Element) -> str:
    """Join the runs of a paragraph; a break is a line end, the number of the slide is left out."""
    pieces: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if node.tag == f"{A}t":
            pieces.append(node.text or "")
        elif node.tag == f"{A}br":
            pieces.append("\n")
        elif node.tag == f"{M}oMath":
            pieces.append(equation_text(node))
        elif node.tag == f"{MC}AlternateContent":
            branch = chosen(node)
            waiting.extend(reversed(branch) if branch is not None else ())
        elif node.tag != f"{A}fld" or node.get("type") != "slidenum":
            waiting.extend(reversed(node))
    # A vertical tab is a break that someone typed into a title.
    return "".join(pieces).replace("\v", "\n").replace("_x000B_", "\n")


def write_table(builder: TextBuilder, table: etree._Element) -> None:
    """Write a table; the first row names the columns."""
    grid = Grid()
    for row in table.iterchildren(f"{A}tr"):
        grid.begin_row()
        for cell in row.iterchildren(f"{A}tc"):
            if cell.get("hMerge") in ("1", "true"):
                continue
            columns = number(cell.get("gridSpan"), 1)
            if cell.get("vMerge") in ("1", "true"):
                grid.continue_above(columns)
            else:
                grid.cell(" ".join(paragraphs(cell)), columns=columns)
    builder.table(grid.rows(), header_rows=grid.name_rows())


def write_chart(builder: TextBuilder, package: Package, part: str | None) -> None:
    """Write a chart: its titles, and its series as a table with a row for each category."""
    root = package.optional(part)
    if root is None:
        return
    for title in (*root.iter(f"{C}title"), *root.iter(f"{CX}title")):
        text = " ".join(paragraphs(title)) or " ".join(v.text or "" for v in title.iter(f"{C}v"))
        builder.block(text)
    if root.tag == f"{CX}chartSpace":
        columns = [[p.text or "" for p in level.iter(f"{CX}pt")] for level in root.iter(f"{CX}lvl")]
        builder.table(_transposed(columns[:100]), header_rows=0)
        return
    left = MAX_POINTS
    for plot in root.iter(f"{C}plotArea"):
        for group in plot.iterchildren():
            series = list(group.iterchildren(f"{C}ser"))
            if series and left > 0:
                rows = _chart_rows(series, left)
                left -= sum(len(row) for row in rows)
                builder.block(_kind(str(group.tag)))
                builder.table(rows)


def write_diagram(builder: TextBuilder, package: Package, part: str | None) -> None:
    """Write the texts of a diagram (SmartArt), a line each."""
    root = package.optional(part)
    if root is None:
        return
    first = True
    for point in root.iter(f"{DGM}pt"):
        if point.get("type", "node") in ("node", "asst"):
            for text in paragraphs(point):
                builder.block(f"- {text}", tight=not first)
                first = False


def write_graphic(builder: TextBuilder, package: Package, part: str, graphic: etree._Element) -> None:
    """Write the charts and diagrams that a drawing in `part` points to."""
    for node in graphic.iter(f"{C}chart", f"{CX}chart", f"{DGM}relIds"):
        if node.tag == f"{DGM}relIds":
            write_diagram(builder, package, package.target(part, node.get(f"{R}dm")))
        else:
            write_chart(builder, package, package.target(part, node.get(f"{R}id")))


def alternative_text(properties: etree._Element | None) -> str:
    """Give what a person wrote about a picture, as a block; nothing where a program guessed."""
    return picture_text(attribute(properties, "descr") or attribute(properties, "title"))


def picture_text(words: str) -> str:
    """Write what a person wrote about a picture as a block; nothing where a program guessed."""
    text = " ".join(words.split())
    if not text or _NO_WORDS.match(text) or any(mark in text.lower() for mark in _GENERATED):
        return ""
    return f"[picture: {text}]"


def comment_text(text: str, *, author: str, when: str, place: str = "") -> str:
    """Write a comment as a block: who, when, on what; nothing where it says nothing."""
    said = " ".join(text.split())
    day = when[:10] if _DAY.match(when) else ""
    about = "".join(f"{word} {value}" for word, value in ((" by", author), (" on", place)) if value)
    return f"[comment{about}{', ' if day else ''}{day}] {said}" if said else ""


def _chart_rows(series: list[etree._Element], most: int) -> list[list[str]]:
    names = [_series_name(one) for one in series]
    values = [_points(one, ("val", "yVal"), most) for one in series]
    categories = next((found for found in (_points(one, ("cat", "xVal"), most) for one in series) if found), {})
    places = sorted({place for column in (categories, *values) for place in column})
    places = places[: most // (len(series) + 1)]
    body = [[categories.get(place, ""), *(column.get(place, "") for column in values)] for place in places]
    return [["", *names], *body] if any(names) else body


def _kind(tag: str) -> str:
    """Say what a chart is, from the name of its element: `bar3DChart` is a bar chart."""
    return f"{tag.removeprefix(C).removesuffix('Chart').removesuffix('3D').capitalize()} chart"


def _series_name(series: etree._Element) -> str:
    text = series.find(f"{C}tx")
    return "" if text is None else " ".join(v.text or "" for v in text.iter(f"{C}v"))


def _points(series: etree._Element, tags: tuple[str, ...], most: int) -> dict[int, str]:
    """Give the cached values of a series by their place; categories of several levels are joined."""
    found: dict[int, str] = {}
    for holder in (child for tag in tags for child in series.iterchildren(f"{C}{tag}")):
        for point in holder.iter(f"{C}pt"):
            value = _plain_number(point.findtext(f"{C}v") or "")
            place = number(point.get("idx"))
            if len(found) < most:
                found[place] = f"{value} {found[place]}" if place in found else value
    return found


def _plain_number(text: str) -> str:
    """Write 4.2999999999999998 as 4.3; anything but a number stays as it is."""
    if len(text) < 12:
        return text
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def _transposed(columns: list[list[str]]) -> Iterator[list[str]]:
    longest = min(max(map(len, columns), default=0), MAX_POINTS // max(1, len(columns)))
    for place in range(longest):
        yield [column[place] if place < len(column) else "" for column in columns]
