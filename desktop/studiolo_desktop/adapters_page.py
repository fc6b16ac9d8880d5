"""Adapters: which there are, which is attached to the model in use, and how strongly."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import size
from studiolo_desktop.measure_words import number_in
from studiolo_desktop.rooms_pages import ListPage
from studiolo_desktop.widgets.action_row import ActionRow
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel
from studiolo_desktop.widgets.number_field import DecimalField
from studiolo_desktop.words import document_of, number_of, one_line, rows_of, text_of

_STEPS = 20
"""Of the slider and the field for 1."""
_SETTLE_MS = 400
_NONE = (
    "No adapter is here. An adapter is a small file that teaches a model a manner of answering. Drop one in GGUF form "
    "on the window, or add it under Models."
)


class _Slider(QSlider):
    """Leaves the wheel to the page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Take no part in scrolling."""
        event.ignore()


class ScaleRow(QWidget):
    """How strongly an adapter works: a slider and a number that say the same; `scaled` when both have come to rest."""

    scaled = Signal(float)

    def __init__(self, parent: QWidget, name: str, *, scale: float, most: float) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        label = PlainLabel(self, "Strength", tone="muted")
        row.addWidget(label)
        self.slider = _Slider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, round(most * _STEPS))
        self.slider.setPageStep(_STEPS // 4)
        self.slider.setAccessibleName(f"Strength of {one_line(name)}, by steps")
        row.addWidget(self.slider, 1)
        self.number = DecimalField(self, f"Strength of {one_line(name)}", low=0.0, high=most, step=1 / _STEPS)
        label.setBuddy(self.number)
        row.addWidget(self.number)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLE_MS)
        self._rest.timeout.connect(self._say)
        self.show_scale(scale)
        self.slider.valueChanged.connect(self._from_slider)
        self.number.valueChanged.connect(self._from_number)

    def show_scale(self, scale: float) -> None:
        """Show a strength without saying that it was chosen; not while the user is choosing one."""
        if not self._rest.isActive():
            for part in (self.slider, self.number):
                part.blockSignals(True)
            self.slider.setValue(round(scale * _STEPS))
            self.number.setValue(scale)
            for part in (self.slider, self.number):
                part.blockSignals(False)

    @Slot(int)
    def _from_slider(self, steps: int) -> None:
        self.number.setValue(steps / _STEPS)

    @Slot(float)
    def _from_number(self, value: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(value * _STEPS))
        self.slider.blockSignals(False)
        self._rest.start()

    @Slot()
    def _say(self) -> None:
        self.scaled.emit(self.number.value())


class AdaptersPage(ListPage):
    """Lists adapters (untrusted documents); one at most is attached."""

    attach_wanted = Signal(str, float)
    """The adapter's name and its strength; an empty name detaches."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Adapters")
        self.error = WrapLabel(self, "", tone="weak")
        self.error.hide()
        column = self.layout()
        if column is not None:
            column.addWidget(self.error)
        self.scale: ScaleRow | None = None
        self._shown: Mapping[str, object] = {}
        self.status.setText("Looking for adapters …")

    def show_adapters(self, document: Mapping[str, object]) -> None:
        """List the adapters; while one is only scaled its row stays, so that the keyboard does."""
        self.error.hide()
        before, self._shown = self._shown, document
        if self.scale is not None and _without_scale(before) == _without_scale(document):
            self.scale.show_scale(number_in(document, "scale", 1.0))
            return
        self.clear()
        self.scale = None
        base = document_of(document, "base")
        self.status.setText(_base_words(base))
        adapters, attached = rows_of(document, "adapters"), text_of(document, "attached")
        if not adapters and not attached:
            self._add().say(_NONE)
        for adapter in adapters:
            self._add_adapter(adapter, document)
        if attached and attached not in {text_of(a, "name") for a in adapters}:
            self._add_gone(attached)

    def show_error(self, error: ErrorReport) -> None:
        """Say why something was refused; the list stays as it is."""
        self.error.setText(f"{error.message} {error.hint} ({error.code})")
        self.error.show()
        if self.scale is not None:
            self.scale.show_scale(number_in(self._shown, "scale", 1.0))

    def _add(self) -> ActionRow:
        row = ActionRow(self.inside)
        self.add(row)
        return row

    def _add_adapter(self, adapter: Mapping[str, object], document: Mapping[str, object]) -> None:
        name, row = text_of(adapter, "name"), self._add()
        is_attached, fits = name == text_of(document, "attached"), adapter.get("fits") is True
        row.say(one_line(name), tone="strong")
        row.say(_adapter_words(adapter))
        if is_attached:
            row.say("Attached: the next answer is written with it." if fits else "Attached", tone="ok")
        if not fits:
            reason = one_line(text_of(adapter, "reason") or "it cannot be told why", limit=200)
            row.say(f"It does not belong to the model in use: {reason}.", tone="weak")
        if is_attached and fits:
            most = max(number_in(document, "most_scale", 2.0), number_in(document, "scale", 1.0))
            self.scale = ScaleRow(row, name, scale=number_in(document, "scale", 1.0), most=most)
            self.scale.scaled.connect(self._rescale)
            row.put(self.scale)
            row.say("1 is as it was trained, 0 as if it were not there.")
        if is_attached:
            row.button("Detach", name=f"Detach {name}", key="").clicked.connect(self._attach)
        elif fits:
            row.button("Attach", name=f"Attach {name}", key=name).clicked.connect(self._attach)

    def _add_gone(self, name: str) -> None:
        row = self._add()
        row.say(one_line(name), tone="strong")
        row.say("It is attached, and its file is not on this computer any more: no answer can be written.", tone="weak")
        row.button("Detach", name=f"Detach {name}", key="").clicked.connect(self._attach)

    @Slot()
    def _attach(self) -> None:
        wanted = str(self.sender().property("key"))
        # One that is newly attached works as it was trained.
        self.attach_wanted.emit(wanted, 1.0)

    @Slot(float)
    def _rescale(self, scale: float) -> None:
        self.attach_wanted.emit(text_of(self._shown, "attached"), scale)


def _without_scale(document: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in document.items() if key != "scale"}


def _base_words(base: Mapping[str, object]) -> str:
    if not base:
        return "There is no chat model, so that nothing can be attached."
    name, digest = one_line(text_of(base, "name"), limit=60), one_line(text_of(base, "sha256"), limit=64)[:12]
    return f"Answers are written by {name} ({digest}). An adapter changes how it writes, and belongs to one model."


def _adapter_words(adapter: Mapping[str, object]) -> str:
    known = (
        f"made for {made_for}" if (made_for := text_of(adapter, "made_for")) else "",
        f"rank {rank}" if (rank := number_of(adapter, "rank")) else "",
        size(number_of(adapter, "size_bytes")),
        text_of(adapter, "licence"),
        text_of(adapter, "sha256")[:12],
    )
    return " · ".join(k for k in known if k)
