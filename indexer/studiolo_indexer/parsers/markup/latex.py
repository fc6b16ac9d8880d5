"""LaTeX: what is printed, not how; formulas as they are written. One pass, no macro is run, nothing is included.

pylatexenc's own reader recurses, and stops at a command that lacks an argument; its table of symbols is used here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from studiolo_indexer.media_types import LATEX
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.tabular import names_columns
from studiolo_indexer.records import Document

_TOKEN = re.compile(
    r"(?P<comment>%[^\n]*(?:\n[ \t]*)?)|\\(?P<edge>begin|end)[ \t]*\{(?P<environment>[^{}\n]{1,60})\}"
    r"|\\(?P<command>[A-Za-z@]+)\*?[ \t]*+(?:\n[ \t]*+(?!\n))?|\\(?P<symbol>[^A-Za-z@])"
    r"|(?P<brace>[{}])|(?P<dollar>\$\$?)|(?P<cell>&)|(?P<blank>\n[ \t]*\n\s*)|(?P<text>[^\\{}$&%\n]+|\n)"
)
_DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand\*?[ \t]*\{?|def[ \t]*)\\([A-Za-z]+)\}?[ \t]*\{([^{}\\]{1,100})(?:\\xspace[ \t]*)?\}"
)
_OPTION = re.compile(r"\s?\[([^\[\]]{0,1000})\]")
_LETTER = re.compile(r"[ \t]*(?:\{\\?([A-Za-z])\}|\\?([A-Za-z])(?![A-Za-z]*\{))")
_LABEL = re.compile(r"\\(?:label|nonumber|notag)\b(?:\{[^{}]{0,200}\})?")
_SECTION = 4
_LEVELS = {
    "part": 2,
    "chapter": 3,
    "section": 4,
    "subsection": 5,
    "subsubsection": 6,
    "paragraph": 7,
    "subparagraph": 8,
}
_ACCENTS = dict(zip("`'^\"~=.uvHckbdrt", (
    "\u0300", "\u0301", "\u0302", "\u0308", "\u0303", "\u0304", "\u0307", "\u0306", "\u030c", "\u030b", "\u0327",
    "\u0328", "\u0331", "\u0323", "\u030a", "\u0361",
), strict=True))  # fmt: skip
_TABULAR = {"tabular": 1, "longtable": 1, "supertabular": 1, "tabular*": 2, "tabularx": 2, "tabulary": 2}
_FORMULAS = frozenset(
    name + star
    for name in "equation align alignat gather multline eqnarray math displaymath flalign".split()
    for star in ("", "*")
)
_AS_WRITTEN = frozenset("verbatim verbatim* Verbatim lstlisting minted alltt".split())
_UNREAD = frozenset("comment tikzpicture pgfpicture filecontents filecontents*".split())
_LISTS = {"itemize": None, "description": None, "thebibliography": None, "enumerate": 0}
_STATEMENTS = frozenset("theorem lemma proof definition corollary remark example proposition".split())
_RULES = frozenset("hline midrule cmidrule endhead endfirsthead".split())
# How many arguments of a command say nothing that is printed.
_SILENT = {
    **dict.fromkeys(
        "label ref eqref pageref autoref cref Cref usepackage documentclass includegraphics input include vspace "
        "hspace bibliography bibliographystyle pagestyle thispagestyle color hypersetup geometry index graphicspath "
        "nocite cline cmidrule phantom hphantom vphantom pdfbookmark tikzset DeclareMathOperator def captionsetup "
        "theoremstyle href textcolor colorbox parbox raisebox scalebox rotatebox bibitem".split(),
        1,
    ),
    **dict.fromkeys(
        "setlength addtolength newcommand renewcommand providecommand newtheorem resizebox fcolorbox multirow fontsize "
        "setcounter".split(),
        2,
    ),
    **dict.fromkeys("definecolor addcontentsline newenvironment renewenvironment".split(), 3),
}
_SILENT_BEGINNINGS = {
    "thebibliography": 1,
    "minipage": 1,
    "multicols": 1,
    "adjustbox": 1,
    "subfigure": 1,
    "wrapfigure": 2,
}
_KEYS = frozenset("cite citep citet citealp citeauthor citeyear parencite textcite autocite footcite".split())
_SPACES = {"quad": " ", "qquad": " ", "newline": "\n", "linebreak": "\n", "tabularnewline": "\n", "and": "; "}
_SIGNS = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "))
_LITERAL = frozenset("%&$#_{}")
_MOST_COLUMNS = 50
_MOST_NESTED = 12
_REPEATED_CHARS = 200
_FREE_CHARS = 1 << 20

Action = Callable[[str], None]


def parse_latex(data: bytes, name: str) -> Document:
    """Read LaTeX; sections, lists, tables and footnotes are kept, the preamble's commands are not.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    reader = _Reader(text)
    reader.read()
    about = reader.about
    return reader.builder.document(
        media_type=LATEX,
        parser="latex",
        title=about.get("title", ""),
        properties=[("author", about.get("author", "")), ("created", iso_date(about.get("date", "")))],
    )


@cache
def _symbols() -> dict[str, str]:
    """Map commands that print a sign to it."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db()
    specs = [spec for category in known.categories() for spec in known.iter_macro_specs([category])]
    return {
        s.macroname: s.simplify_repl for s in specs if isinstance(s.simplify_repl, str) and "%" not in s.simplify_repl
    }


@dataclass(slots=True)
class _Group:
    """An open brace: where its words begin, what becomes of them, and what waits for the braces behind it."""

    start: int
    paragraph: int
    action: Action | None
    waiting: list[Action | None]


@dataclass(slots=True)
class _Rows:
    """A table in hand; its words begin at `start`."""

    start: int
    rows: list[list[str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    span: int = 1
    headers: int = 0

    def cell(self, words: str) -> None:
        """Add a cell, over as many columns as it spans."""
        text = " ".join(words.split())
        again = text if len(text) <= _REPEATED_CHARS else ""
        self.cells += [text, *[again] * (self.span - 1)]
        self.span = 1

    def end_row(self) -> None:
        """Add the cells as a row."""
        if any(self.cells):
            self.rows.append(self.cells)
        self.cells = []


class _Reader:
    """Reads the tokens of a file in order; braces are a stack of our own, so that depth costs nothing."""

    def __init__(self, text: str) -> None:
        self.builder = TextBuilder()
        self.about: dict[str, str] = {}
        self._text = text
        self._at = 0
        self._pieces: list[str] = []
        self._groups: list[_Group] = []
        self._waiting: list[Action | None] = []
        self._lists: list[int | None] = []
        self._tables: list[_Rows] = []
        self._tight = False
        self._is_new_list = False
        self._paragraphs = self._acting = self._unkept_tables = 0
        self._missing: set[str] = set()  # ends that do not come any more
        self._defined = dict(_DEFINED.findall(text))
        self._defined_left = _FREE_CHARS + len(text)
        self._is_printed = "\\begin{document}" not in text

    def read(self) -> None:
        """Write all that is printed."""
        while self._at < len(self._text):
            token = _TOKEN.match(self._text, self._at)
            if token is None:
                self._at += 1  # a backslash at the very end
                continue
            self._at = token.end()
            kind = token.lastgroup or ""
            if kind == "environment":
                (self._begin if token["edge"] == "begin" else self._end)(token[kind].strip())
            elif kind != "comment":
                self._take(kind, token[kind])
        self._paragraph()
        while self._tables:
            self._end_table()

    def _take(self, kind: str, text: str) -> None:
        if kind == "text":
            self._words(text)
        elif kind == "command":
            self._command(text)
        elif kind == "symbol":
            self._symbol(text)
        elif kind == "brace":
            self._brace(text)
        elif kind == "dollar":
            self._formula(text, text)
        elif kind == "cell" and self._tables:
            self._tables[-1].cell(self._cut(self._tables[-1].start))
        elif kind == "blank":
            self._waiting.clear()
            if self._tables or any(group.action for group in self._groups[-3:]):
                self._pieces.append(" ")
            else:
                self._paragraph()

    def _words(self, text: str) -> None:
        if not text.isspace():
            self._waiting.clear()
        for sign, printed in _SIGNS:
            text = text.replace(sign, printed)
        self._pieces.append(" " if text == "\n" else text)

    def _brace(self, brace: str) -> None:
        if brace == "{":
            action = self._waiting.pop(0) if self._waiting else None
            self._acting += action is not None
            # Each level copies its words once.
            if self._acting > _MOST_NESTED:
                self._acting, action = _MOST_NESTED, None
            self._groups.append(_Group(len(self._pieces), self._paragraphs, action, self._waiting))
            self._waiting = []
        elif self._groups:
            group = self._groups.pop()
            self._waiting = group.waiting
            if group.action is not None:
                self._acting -= 1
                group.action(self._cut(group.start if group.paragraph == self._paragraphs else 0))

    def _cut(self, start: int) -> str:
        """Take the words since a place out of what is in hand."""
        words = "".join(self._pieces[start:])
        del self._pieces[start:]
        return words

    def _paragraph(self, *, tight: bool = False) -> None:
        """Write the words in hand as a block."""
        if self._tables:
            return
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        self._pieces.clear()
        self._paragraphs += 1
        if self._is_printed:
            self.builder.block("\n".join(line for line in lines if line), tight=self._tight)
        self._tight = tight

    def _skip_option(self) -> str:
        option = _OPTION.match(self._text, self._at)
        if option is None:
            return ""
        self._at = option.end()
        return option[1]

    def _until(self, ending: str) -> str | None:
        """Give the text up to an ending, and go behind it; None where it does not come."""
        end = -1 if ending in self._missing else self._text.find(ending, self._at)
        if end < 0:
            self._missing.add(ending)
            return None
        text = self._text[self._at : end]
        self._at = end + len(ending)
        return text

    def _formula(self, opening: str, ending: str) -> None:
        start = self._at
        formula = self._until(ending)
        if formula is None or "\n\n" in formula:
            self._at = start
            self._pieces.append(opening if opening[0] == "$" else "")
        else:
            self._pieces.append(opening + formula + ending)

    def _command(self, name: str) -> None:
        if name in _LEVELS:
            self._paragraph()
            self._skip_option()
            self._waiting = [self._heading(_LEVELS[name])]
        elif name in ("title", "author", "date"):
            self._waiting = [self._note(name)]
        elif name in _SILENT:
            self._skip_option()
            self._waiting = [_drop] * _SILENT[name]
            if name == "bibitem":
                self._item(mark="- ")
        elif name in _RULES:
            if self._tables and len(self._tables[-1].rows) == 1:
                self._tables[-1].headers = 1
        elif name in _SPACES:
            self._pieces.append(_SPACES[name])
        elif not self._accent(name):
            self._printing_command(name)

    def _printing_command(self, name: str) -> None:
        if name == "item":
            option = self._skip_option()
            self._item(mark=f"{option}: " if option else "")
        elif name in _KEYS:
            while self._skip_option():
                pass
            self._waiting = [lambda words: self._pieces.append(f"[{words}]")]
        elif name in ("footnote", "footnotetext", "thanks"):
            self._waiting = [lambda words: self._pieces.append(f" ({words.strip()})")]
        elif name == "caption":
            self._skip_option()
            self._waiting = [self._caption]
        elif name == "multicolumn":
            self._waiting = [self._span, _drop]
        elif name in ("verb", "lstinline") and self._at < len(self._text):
            mark = self._text[self._at]
            self._at += 1
            self._pieces.append(self._until("}" if mark == "{" else mark) or "")
        elif name == "maketitle" and self.about.get("title"):
            self._paragraph()
            self.builder.block(self.about["title"], level=1)
            self.builder.block(self.about.get("author", ""))
        elif name == "par":
            self._paragraph()
        else:
            self._sign(name)

    def _sign(self, name: str) -> None:
        """Print what a command stands for; of one that nobody knows, its arguments are printed."""
        defined = self._defined.get(name)
        if defined is not None and self._defined_left > 0:
            self._defined_left -= len(defined)
            self._pieces.append(defined)
        elif name in _symbols():
            self._pieces.append(_symbols()[name])
        else:
            self._skip_option()

    def _symbol(self, sign: str) -> None:
        if sign == "\\":
            self._skip_option()
            if self._tables:
                self._tables[-1].cell(self._cut(self._tables[-1].start))
                self._tables[-1].end_row()
            else:
                self._pieces.append("\n")
        elif sign in "([":
            self._formula("\\" + sign, "\\)" if sign == "(" else "\\]")
        elif sign in _LITERAL:
            self._pieces.append(sign)
        elif sign.isspace() or sign in ",;:":
            self._pieces.append(" ")
        else:
            self._accent(sign)

    def _accent(self, name: str) -> bool:
        letter = _LETTER.match(self._text, self._at) if name in _ACCENTS else None
        if letter is None:
            return False
        self._at = letter.end()
        self._pieces.append(unicodedata.normalize("NFC", (letter[1] or letter[2]) + _ACCENTS[name]))
        return True

    def _heading(self, level: int) -> Action:
        def write(words: str) -> None:
            if self._is_printed:
                self.builder.block(" ".join(words.split()), level=level)

        return write

    def _note(self, name: str) -> Action:
        def note(words: str) -> None:
            self.about.setdefault(name, " ".join(words.split()).replace(" ;", ";"))

        return note

    def _caption(self, words: str) -> None:
        if self._is_printed:
            self.builder.block(" ".join(words.split()))

    def _span(self, words: str) -> None:
        if self._tables and words.strip().isdecimal() and len(words.strip()) < 4:
            self._tables[-1].span = max(1, min(int(words), _MOST_COLUMNS))

    def _item(self, *, mark: str) -> None:
        self._paragraph(tight=bool(self._lists) and not self._is_new_list)
        self._is_new_list = False
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = mark or f"{self._lists[-1]}. "
        self._pieces.append(mark or "- ")

    def _begin(self, name: str) -> None:
        if name == "document":
            self._pieces.clear()
            self._groups.clear()
            self._is_printed = True
        elif name in _AS_WRITTEN or name in _UNREAD or name in _FORMULAS:
            self._whole(name)
        elif name in _TABULAR:
            self._paragraph()
            self._skip_option()
            self._waiting = [_drop] * _TABULAR[name]
            if len(self._tables) < _MOST_NESTED:
                self._tables.append(_Rows(len(self._pieces)))
            else:
                self._unkept_tables += 1
        else:
            self._paragraph()
            option = self._skip_option()
            self._waiting = [_drop] * _SILENT_BEGINNINGS.get(name, 0)
            if name in _LISTS:
                self._is_new_list = not self._lists
                self._lists.append(_LISTS[name])
            elif name == "abstract" and self._is_printed:
                self.builder.block("Abstract", level=_SECTION)
            elif name in _STATEMENTS:
                self._pieces.append(f"{name.capitalize()} ({option}). " if option else f"{name.capitalize()}. ")

    def _whole(self, name: str) -> None:
        """Write an environment as it stands: code, or a formula."""
        start = self._at
        body = self._until(f"\\end{{{name}}}")
        if body is None:
            self._at = start
        elif name in _FORMULAS:
            self._pieces.append(" " + _LABEL.sub("", body).strip() + " ")
        elif name in _AS_WRITTEN and self._is_printed:
            self._paragraph()
            self.builder.block(_OPTION.sub("", body, count=1) if _OPTION.match(body) else body)

    def _end(self, name: str) -> None:
        if name == "document":
            self._at = len(self._text)
        elif name in _TABULAR:
            if self._unkept_tables:
                self._unkept_tables -= 1
            else:
                self._end_table()
        else:
            self._paragraph()
            if name in _LISTS and self._lists:
                self._lists.pop()
                self._tight = False

    def _end_table(self) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        table.cell(self._cut(min(table.start, len(self._pieces))))
        table.end_row()
        if self._tables:
            self._pieces.append("; ".join(" ".join(row) for row in table.rows))
        elif self._is_printed:
            headers = table.headers or int(names_columns(table.rows))
            self.builder.table(table.rows, header_rows=headers if len(table.rows) > 1 else 0)


def _drop(words: str) -> None:
    """Print nothing."""
