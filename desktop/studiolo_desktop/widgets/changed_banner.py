"""Says that a file which an answer cites is no longer what was cited, and offers to ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.message_bar import Message
from studiolo_desktop.words import file_name, text_of

_CHANGED = "{name} has changed since this was answered."
_GONE = "{name} is gone since this was answered."
_SEVERAL = "{number} files that are cited here have changed or gone since: {names}."
_HINT = "Ask again to have it answered from what your documents say now."
_SHOWN_NAMES = 3


class ChangedBanner(Message):
    """A quiet message above the answer; hidden while every cited file is what it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, action="Ask again", closable=False)
        self.hide()

    def show_outdated(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Show which files have changed or gone: documents with "path" and "state"; none hides it."""
        states = {text_of(row, "path"): text_of(row, "state") for row in rows}
        if not states:
            self.hide()
            return
        names = [file_name(path) for path in states]
        if len(names) == 1:
            sentence = (_GONE if "gone" in states.values() else _CHANGED).format(name=names[0])
        else:
            shown = ", ".join(names[:_SHOWN_NAMES]) + (" …" if len(names) > _SHOWN_NAMES else "")
            sentence = _SEVERAL.format(number=len(names), names=shown)
        self.show_report(ErrorReport("", sentence, _HINT), "weak")
        self.show()
