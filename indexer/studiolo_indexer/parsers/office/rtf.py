"""RTF: paragraphs, headings, lists, tables, notes, comments, text boxes; tracked changes as accepted.

Not by striprtf: its expressions take time with the third power of a file's hyperlinks (500 unfinished ones took 3.7 s,
2,000 took 236 s), and it drops notes and text boxes. This reader goes through the bytes once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import RTF
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.docx_numbering import heading_of_name
from studiolo_indexer.parsers.office.drawingml import comment_text
from studiolo_indexer.parsers.office.opc import own_title
from studiolo_indexer.parsers.office.rtf_flow import Flow
from studiolo_indexer.parsers.office.rtf_unseen import INK_WORDS, Ink, RtfUnseen
from studiolo_indexer.parsers.office.rtf_words import (
    ANYWHERE,
    BOXES,
    CHARACTERS,
    CODECS_BY_CHARSET,
    CODECS_BY_WORD,
    DATES,
    LABELS,
    MARGINS,
    PARAGRAPH_ENDS,
    READ_THOUGH_MARKED,
    SAID,
    SKIPPED,
    SYMBOL_CHARSET,
    SYMBOLS,
)
from studiolo_indexer.records import Document

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_MARK = re.compile(rb"[\xef\xbb\xbf\s]*\{\\rtf")
_MAX_DEPTH = 2_000
_MAX_FONTS = 10_000
_TINY_HALF_POINTS = 2
_HIDDEN = "hidden text was left out"
_USUAL_INK = Ink()
_TABLES = {"fonttbl": "fonts", "stylesheet": "styles", "colortbl": "colours"}


@dataclass(slots=True)
class _Group:
    """What holds inside one pair of braces, unless it changes there."""

    destination: str = "text"  # or skipped, fonts, styles, colours, label, a name of SAID or DATES
    fallback_chars: int = 1
    font: int = -1
    hidden: bool = False
    tiny: bool = False
    deleted: bool = False
    style: int = 0
    level: int | None = None
    in_table: bool = False
    ink: Ink = _USUAL_INK


@dataclass(slots=True)
class _Said:
    """What the head of the file says: its properties, fonts and styles."""

    words: dict[str, str] = field(default_factory=dict)
    dates: dict[str, dict[str, int]] = field(default_factory=dict)
    codecs: dict[int, str] = field(default_factory=dict)
    headings: dict[int, int] = field(default_factory=dict)


def parse_rtf(data: bytes, name: str) -> Document:
    """Read an RTF file.

    Raises:
        FileFailure: file.damaged.
    """
    if not _MARK.match(data[:1024]):
        raise FileFailure("file.damaged", "It is no RTF.")
    builder = TextBuilder()
    reader = _Reader(data, builder)
    reader.read()
    return builder.document(
        media_type=RTF,
        parser="rtf",
        title=own_title(reader.said.words.get("title", "")),
        properties=[*reader.properties()],
        warnings=[*reader.warnings, *reader.unseen.warnings()],
    )


class _Reader:
    """Goes through the bytes once, token by token."""

    def __init__(self, data: bytes, builder: TextBuilder) -> None:
        self._data = data
        self._builder = builder
        self._group = _Group()
        self._outer: list[tuple[_Group, int]] = []  # with the number of flows when it began
        self._flows = [Flow(builder)]
        self._at_start = False  # nothing of the group has come yet, but perhaps its mark
        self._marked = False  # the group began with the mark of what old programs skip
        self._bytes = bytearray()
        self._to_skip = 0
        self._codec = "cp1252"
        self._default_font = -1
        self._style_name: list[str] = []
        self._notes = 0
        self._author = ""
        self._margins: dict[str, None] = {}
        self.said = _Said()
        self.warnings: list[str] = []
        self.unseen = RtfUnseen(has_page_colour=rb"\background" in data)

    def read(self) -> None:
        """Read to the end, or to the brace that closes the document."""
        at = 0
        size = len(self._data)
        while at < size:
            token = _TOKEN.match(self._data, at)
            if token is None:  # a backslash at the very end
                break
            at = token.end()
            word, argument, codes, symbol, brace, run = token.groups()
            if run is not None:
                self._byte_run(run)
            elif codes is not None:
                self._byte_run(bytes.fromhex(codes.replace(b"\\'", b"").decode("ascii")))
            elif word is not None:
                at += self._word(word.decode("ascii"), int(argument) if argument is not None else None)
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None and self._brace(brace):
                break
        self._flush()
        while len(self._flows) > 1:
            self._end_flow()
        self._flows[0].end(level=self._level())
        for text in self._margins:
            self._builder.block(text)

    def properties(self) -> Iterator[tuple[str, str]]:
        """Give what the document says of itself, as (name, value); dates as ISO text."""
        for name, text in self.said.words.items():
            if name != "title":
                yield name, text
        for name, parts in self.said.dates.items():
            if parts.get("yr"):
                yield name, f"{parts['yr']:04}-{parts.get('mo', 1):02}-{parts.get('dy', 1):02}"

    def _brace(self, brace: bytes) -> bool:
        """Begin or end a group; gives whether the document has ended."""
        self._flush()
        self._to_skip = 0
        self._at_start, self._marked = brace == b"{", False
        if brace == b"{":
            if len(self._outer) >= _MAX_DEPTH:
                raise FileFailure("file.damaged", "Its groups are nested too deeply.")
            self._outer.append((self._group, len(self._flows)))
            self._group = replace(self._group)
            return False
        if self._group.destination == "styles" and self._style_name:
            self._end_style()
        if not self._outer:
            return True
        self._group, flows = self._outer.pop()
        while len(self._flows) > flows:
            self._end_flow()
        return not self._outer

    def _word(self, word: str, argument: int | None) -> int:
        """Obey a control word; gives the number of raw bytes behind it that are no text."""
        self._flush()
        if word == "bin":
            return max(0, argument or 0)
        if self._to_skip and word in CHARACTERS:
            self._to_skip -= 1  # what an old program would show for a character
            return 0
        self._to_skip = 0
        if self._group.destination == "skipped" and word != "ud":
            return 0
        at_start, self._at_start = self._at_start, False
        if not ((at_start or word in ANYWHERE) and self._opens(word, marked=self._marked)):
            self._obey(word, argument)
        return 0

    def _opens(self, word: str, *, marked: bool) -> bool:
        """Tell whether a word makes its group something else than text, and make it so."""
        group = self._group
        if word in SKIPPED or (marked and word not in READ_THOUGH_MARKED) or (word[0] == "m" and word.endswith("Pr")):
            group.destination = "skipped"
        elif word in _TABLES:
            group.destination = _TABLES[word]
        elif word in SAID or word in DATES or word in LABELS or word == "atnauthor":
            group.destination = "label" if word in LABELS else word
            if word == "atnauthor":
                self._author = ""
        elif word in MARGINS or word in BOXES or word in ("footnote", "annotation"):
            self._begin_flow(word)
        elif word in ("ud", "shpinst", "do", "moMath", "moMathPara", "nesttableprops", "info"):
            group.destination = "text" if word != "info" else word
        else:
            return False
        return True

    def _obey(self, word: str, argument: int | None) -> None:
        """Obey a control word that changes the text or its state."""
        group = self._group
        flow = self._flows[-1]
        if word in INK_WORDS:
            group.ink = self.unseen.obey(group.ink, word, argument)
        if word == "u":
            self._emit(chr((argument or 0) % 0x10000))
            self._to_skip = group.fallback_chars
        elif word in CHARACTERS:
            self._emit(CHARACTERS[word])
        elif group.destination == "text" and word in PARAGRAPH_ENDS:
            flow.end_paragraph(level=self._level(), in_table=group.in_table)
        elif group.destination == "text" and word == "cell":
            flow.end_cell()
        elif group.destination == "text" and word == "row":
            flow.end_row()
        elif group.destination in DATES and argument is not None:
            self.said.dates.setdefault(DATES[group.destination], {})[word] = argument
        elif not self._formats(word, argument):
            self._encodes(word, argument)

    def _formats(self, word: str, argument: int | None) -> bool:
        """Take a word that changes how text counts; gives whether it is one."""
        group = self._group
        is_on = argument != 0
        if word == "v":
            group.hidden = is_on
        elif word == "fs":
            group.tiny = argument is not None and argument <= _TINY_HALF_POINTS
        elif word == "deleted":
            group.deleted = is_on
        elif word == "s":
            group.style = argument or 0
        elif word == "outlinelevel":
            group.level = argument
        elif word == "intbl":
            group.in_table = is_on
        elif word == "pard":
            group.style, group.level, group.in_table = 0, None, False
        elif word == "plain":
            group.hidden, group.tiny, group.deleted, group.font = False, False, False, -1
        else:
            return False
        return True

    def _encodes(self, word: str, argument: int | None) -> None:
        """Take a word that says how bytes become characters."""
        group = self._group
        if word == "f":
            group.font = argument or 0
        elif word == "fcharset" and group.destination == "fonts" and len(self.said.codecs) < _MAX_FONTS:
            known = "symbol" if argument == SYMBOL_CHARSET else CODECS_BY_CHARSET.get(argument or 0)
            if known is not None:
                self.said.codecs[group.font] = known
        elif word == "uc":
            group.fallback_chars = max(0, min(argument if argument is not None else 1, 100))
        elif word == "deff":
            self._default_font = argument or 0
        elif word == "ansicpg":
            self._codec = _codec(argument or 0)
        elif word in CODECS_BY_WORD:
            self._codec = CODECS_BY_WORD[word]

    def _symbol(self, symbol: bytes) -> None:
        """Obey a control symbol."""
        if symbol == b"*":
            self._marked = self._at_start
            return
        self._flush()
        self._at_start = False
        if symbol in (b"\n", b"\r"):
            self._obey("par", None)
        elif self._to_skip:
            self._to_skip -= 1
        else:
            self._emit(SYMBOLS.get(symbol, ""))

    def _byte_run(self, run: bytes) -> None:
        """Keep bytes until something else comes: a character may consist of two of them."""
        self._at_start = False
        if self._to_skip:
            skipped = min(self._to_skip, len(run))
            self._to_skip -= skipped
            run = run[skipped:]
        if self._group.destination != "skipped":
            self._bytes += run

    def _flush(self) -> None:
        """Decode the bytes that were kept."""
        if not self._bytes:
            return
        font = self._group.font if self._group.font >= 0 else self._default_font
        codec = self.said.codecs.get(font, self._codec)
        if codec == "symbol":
            text = self._bytes.decode("latin-1").translate(_SYMBOL_CHARACTERS)
        else:
            text = self._bytes.decode(codec, "replace")
        self._bytes.clear()
        self._emit(text)

    def _emit(self, text: str) -> None:
        """Put text where its group says."""
        group = self._group
        if group.destination == "text":
            unseen = group.hidden or group.tiny
            if unseen and not group.deleted and text.strip():
                self.warnings = [_HIDDEN]
            if not (unseen or group.deleted):
                self._flows[-1].add(text)
                if self._flows[-1].kind != "box":  # which often lies on a picture
                    self.unseen.look(group.ink, text, in_table=group.in_table)
        elif group.destination == "label":
            self._flows[-1].add_label(text)
        elif group.destination == "styles":
            self._style_name.append(text)
        elif group.destination == "colours":
            self.unseen.end_colours(text)
        elif group.destination == "atnauthor":
            self._author += text
        elif group.destination in SAID:
            name = SAID[group.destination]
            self.said.words[name] = self.said.words.get(name, "") + text

    def _begin_flow(self, word: str) -> None:
        kind = "margin" if word in MARGINS else "box" if word in BOXES else word
        mark = ""
        if word == "footnote":
            self._notes += 1
            mark = f"[note {self._notes}]"
            self._emit(mark)
        self._flows.append(Flow(None, kind=kind, mark=mark))
        self._group = replace(self._group, destination="text", style=0, level=None, in_table=False)

    def _end_flow(self) -> None:
        """End a note, comment, box or margin, and hang it on the paragraph around it."""
        flow = self._flows.pop()
        texts = flow.end()
        around = self._flows[-1]
        if flow.kind == "margin":
            self._margins.update(dict.fromkeys(texts))
        elif flow.kind == "annotation":
            around.attach(comment_text(" ".join(texts), author=self._author.strip(), when=""))
        elif flow.kind == "footnote":
            around.attach(f"{flow.mark} {' '.join(texts)}" if texts else "")
        else:
            for text in texts:
                around.attach(text)

    def _end_style(self) -> None:
        name = "".join(self._style_name).strip(" ;")
        self._style_name = []
        level = heading_of_name(name)
        if level is None and self._group.level is not None and 0 <= self._group.level < 9:
            level = self._group.level + 1
        if level is not None and self._group.style:
            self.said.headings[self._group.style] = level

    def _level(self) -> int:
        """Give the heading level of the paragraph in hand, 0 for none."""
        own = self._group.level
        if own is not None:
            return own + 1 if 0 <= own < 9 else 0
        return self.said.headings.get(self._group.style, 0)


def _codec(code_page: int) -> str:
    """Give the name of a code page that Python knows; the usual one of the West for any other."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


# Of a symbol font only the bullets mean something without it.
_SYMBOL_CHARACTERS = {code: "•" if code in (0xB7, 0xA7, 0xD8, 0xA8) else "" for code in range(0x80, 0x100)}
