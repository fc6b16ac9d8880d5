"""The words of one DOCX paragraph, as accepted and as shown; and what hangs on it: notes, comments, boxes, drawings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from studiolo_indexer.parsers.office.docx_numbering import VAL, W
from studiolo_indexer.parsers.office.drawingml import alternative_text
from studiolo_indexer.parsers.office.omml import M, equation_text
from studiolo_indexer.parsers.office.opc import MC, attribute, chosen, is_on, number

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_TINY_HALF_POINTS = 2
_EXPONENT = re.compile(r"[-−+]?\d{1,4}[-+]?$")

# Deleted or moved away, the reading aid above a character, what is no text.
_LEFT_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "rt", "sdtPr", "instrText", "delText"))
_MARKS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
# Boxes and ticks of the fonts Wingdings and Wingdings 2, which forms are made of.
_TICKS = {
    "wingdings": {0x6F: "☐", 0x71: "☐", 0xA8: "☐", 0xFE: "☒", 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0xE0: "→", 0xA7: "▪"},
    "wingdings 2": {0x2A: "☐", 0xA3: "☐", 0x52: "☒", 0x53: "☒", 0x54: "☒", 0x50: "✓", 0x4F: "✗"},
}


@dataclass(slots=True)
class Inline:
    """A paragraph's words, and what hangs on it in the order in which it is marked."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnote or endnote, id)
    comments: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    drawings: list[etree._Element] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    runs: list[etree._Element] = field(default_factory=list)  # those that were read
    hidden: bool = False

    @property
    def text(self) -> str:
        """The words, with line ends where the paragraph breaks a line."""
        return "".join(self.pieces)


class NoteNumbers:
    """Counts notes in the order of their marks: the ids in the file are not what a reader sees."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts = {"footnote": 0, "endnote": 0}

    def mark(self, kind: str, note_id: str) -> str:
        """Give the mark of a note, as `[note 3]`."""
        if (kind, note_id) not in self._numbers:
            self._counts[kind] += 1
            self._numbers[kind, note_id] = self._counts[kind]
        word = "note" if kind == "footnote" else "endnote"
        return f"[{word} {self._numbers[kind, note_id]}]"


def read_inline(paragraph: etree._Element, numbers: NoteNumbers) -> Inline:
    """Read one paragraph; what is nested in it is walked without recursion."""
    inline = Inline()
    fields: list[bool] = []  # for each open field whether its result has begun
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        tag = node.tag
        if tag == f"{W}fldChar":
            _field(fields, attribute(node, f"{W}fldCharType"))
        elif tag == f"{W}r" and _is_hidden(node):
            inline.hidden |= next(node.iter(f"{W}t"), None) is not None
        elif not all(fields) and tag != f"{W}r":
            continue  # inside a field's instruction, even the results of inner fields are no text
        elif tag in _LEFT_OUT:
            continue
        elif not _took(inline, node, numbers):
            if tag == f"{W}r":
                _begin_run(inline, node)
            branch = chosen(node) if tag == f"{MC}AlternateContent" else node
            waiting.extend(reversed(branch) if branch is not None else ())
    return inline


def _took(inline: Inline, node: etree._Element, numbers: NoteNumbers) -> bool:
    """Take what a node says; gives False for one whose children say it."""
    tag = node.tag
    if tag == f"{W}t":
        inline.pieces.append(node.text or "")
    elif tag in _MARKS:
        inline.pieces.append(_MARKS[str(tag)])
    elif tag == f"{W}sym":
        inline.pieces.append(_symbol(node))
    elif tag == f"{M}oMath":
        _equation(inline, node)
    elif tag in _NOTES:
        kind, note_id = _NOTES[str(tag)], attribute(node, f"{W}id")
        inline.pieces.append(numbers.mark(kind, note_id))
        inline.notes.append((kind, note_id))
    elif tag == f"{W}commentReference":
        inline.comments.append(attribute(node, f"{W}id"))
    elif tag == f"{W}txbxContent":
        inline.boxes.append(node)
    else:
        return _took_drawing(inline, node)
    return True


def _begin_run(inline: Inline, run: etree._Element) -> None:
    inline.runs.append(run)
    if inline.pieces and _is_exponent(run, inline.pieces[-1]):
        inline.pieces.append("^")


def _took_drawing(inline: Inline, node: etree._Element) -> bool:
    if node.tag == f"{WP}docPr":
        inline.pictures.append(alternative_text(node))
    elif node.tag == f"{_V}textpath":
        inline.pieces.append(attribute(node, "string"))  # WordArt of old
    elif str(node.tag).endswith("}graphicData"):
        inline.drawings.append(node)
        return False  # a group may hold boxes
    else:
        return False
    return True


def _field(fields: list[bool], kind: str) -> None:
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()


def _is_hidden(run: etree._Element) -> bool:
    """Tell whether a run is hidden, or smaller than anyone can read."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    if is_on(properties.find(f"{W}vanish"), VAL):
        return True
    size = properties.find(f"{W}sz")
    return size is not None and 0 <= number(attribute(size, VAL), 99) <= _TINY_HALF_POINTS


def _is_exponent(run: etree._Element, before: str) -> bool:
    """Tell whether a run is a raised number behind a word: ten to the sixth is not 106."""
    raised = run.find(f"{W}rPr/{W}vertAlign")
    text = (run.findtext(f"{W}t") or "").strip()
    return attribute(raised, VAL) == "superscript" and before[-1:].isalnum() and bool(_EXPONENT.match(text))


def _symbol(node: etree._Element) -> str:
    """Give a character of a symbol font; one that means nothing outside its font is left out."""
    try:
        code = int(attribute(node, f"{W}char") or "0", 16)
    except ValueError:
        return ""
    font = attribute(node, f"{W}font").lower()
    known = _TICKS.get(font, {}).get(code % 0x100, "")
    return known or (chr(code) if 0x20 <= code < 0xD800 and font not in _TICKS else "")


def _equation(inline: Inline, node: etree._Element) -> None:
    """Write an equation; several in one paragraph stand on lines of their own."""
    text = equation_text(node)
    before = node.getprevious()
    if before is not None and before.tag == f"{M}oMath" and inline.pieces:
        inline.pieces.append("\n")
    inline.pieces.append(text)
