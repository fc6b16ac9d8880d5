"""One flow of text in an RTF file: the body, a note, a comment, a text box; with what hangs on its paragraphs."""

from __future__ import annotations

from studiolo_indexer.parsers.building import TextBuilder

_BULLETS = "•·▪◦‣o§➢\uf0b7\uf0a7\uf0d8-–"


class Flow:
    """Collects the pieces of a paragraph or cell, and writes it when it ends; without a builder it keeps the texts."""

    def __init__(self, builder: TextBuilder | None, *, kind: str = "body", mark: str = "") -> None:
        self.kind = kind
        self.mark = mark
        self.texts: list[str] = []
        self._builder = builder
        self._pieces: list[str] = []
        self._label: list[str] = []
        self._cell: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._attached: list[str] = []
        self._in_list = False

    def add(self, text: str) -> None:
        """Add words to the paragraph in hand."""
        self._pieces.append(text)

    def add_label(self, text: str) -> None:
        """Add to the number or bullet that stands before the paragraph in hand."""
        self._label.append(text)

    def attach(self, text: str) -> None:
        """Add what stands behind the paragraph in hand: a note, a comment, a text box."""
        if text:
            self._attached.append(text)

    def end_paragraph(self, *, level: int = 0, in_table: bool = False) -> None:
        """End a paragraph; inside a table it is a line of a cell."""
        label = self._taken_label()
        text = self._taken()
        line = f"{label} {text}" if label and text else text
        if in_table or self._cell or self._cells:
            self._cell += [line] if line else []
            return
        self._end_table()
        if line:
            self.texts.append(line)
        if self._builder is not None:
            is_item = bool(label) and not level
            self._builder.block(line, level=level, tight=is_item and self._in_list)
            self._in_list = is_item
            self._write_attached()

    def end_cell(self) -> None:
        """End a cell of a table."""
        self.end_paragraph(in_table=True)
        self._cells.append(" ".join(self._cell))
        self._cell = []

    def end_row(self) -> None:
        """End a row of a table; rows that follow each other are one table."""
        if self._cells:
            self._rows.append(self._cells)
        self._cells, self._cell = [], []

    def end(self, *, level: int = 0) -> list[str]:
        """End the flow; gives its paragraphs and rows as texts."""
        if self._cells or self._cell:
            self.end_cell()
            self.end_row()
        self.end_paragraph(level=level)
        return self.texts + (self._attached if self._builder is None else [])

    def _end_table(self) -> None:
        if not self._rows:
            return
        self.texts += [" ".join(cell for cell in row if cell) for row in self._rows]
        if self._builder is not None:
            self._builder.table(self._rows)
            self._write_attached()
        self._rows = []

    def _write_attached(self) -> None:
        if self._builder is not None:
            for text in self._attached:
                self._builder.block(text, tight=True)
            self._attached = []

    def _taken(self) -> str:
        text = "".join(self._pieces).strip()
        self._pieces = []
        # Characters beyond the first 65,536 come in two halves.
        return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _taken_label(self) -> str:
        if not self._label:
            return ""
        label = "".join(self._label).strip()
        self._label = []
        return "-" if label and label in _BULLETS else label
