"""The line at the foot: offline or not, which model, and how far indexing is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from studiolo.messages import Progress
from studiolo.quantities import count, duration
from studiolo_desktop.widgets.icons import set_icon
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, push_button
from studiolo_desktop.words import document_of, one_line, rows_of, text_of, tooltip

HEIGHT = 30
_ROOM_FOR_SPEED = 900


class Footer(QWidget):
    """Says what is true, in few words."""

    pause_wanted = Signal(bool)
    speed_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._busy = False
        self._paused = False
        self._speed = "full"
        self._on_battery = False
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(12)
        self.offline = PlainLabel(self, "Starting …", tone="muted")
        self.model = ElidedLabel(self, "", tone="muted")
        self.model.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.progress = ElidedLabel(self, "", tone="muted", sentence=True)
        self.progress.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 4)
        self.bar.setAccessibleName("Indexing progress")
        self.pause = push_button(self, "Pause", kind="quiet", name="Pause indexing", icon="pause")
        self.pause.clicked.connect(self._toggle_pause)
        self.speed = push_button(self, "Slow down", kind="quiet", name="Slow indexing down", icon="speed")
        self.speed.clicked.connect(self._toggle_speed)
        row.addWidget(self.offline)
        row.addWidget(self.model)
        row.addWidget(self.progress, 1)
        row.addWidget(self.bar)
        row.addWidget(self.speed)
        row.addWidget(self.pause)
        self.show_idle()

    def show_engine(self, words: str) -> None:
        """Say what the engine is doing while nothing is known of it."""
        self.offline.setText(words)
        self.offline.set_tone("muted")
        self.offline.setToolTip("")

    def show_hello(self, hello: Mapping[str, object]) -> None:
        """Show what the engine said of itself: the guards, and the model in use."""
        offline = document_of(hello, "offline")
        findings = rows_of(offline, "findings")
        bad = [text_of(f, "check") for f in findings if f.get("ok") is not True]
        verified = offline.get("verified") is True and not bad
        if verified:
            self.offline.setText("Offline, verified")
        else:
            self.offline.setText(one_line("Not verified offline: " + (", ".join(bad) or "no guard answered"), limit=80))
        self.offline.set_tone("ok" if verified else "bad")
        lines = [f"{text_of(f, 'check')}: {text_of(f, 'detail')}" for f in findings]
        self.offline.setToolTip(tooltip(" · ".join(lines)))
        models = document_of(hello, "models")
        names = [text_of(models, "chat") or "no chat model", text_of(hello, "adapter")]
        self.model.setText(one_line(" · ".join(n for n in names if n), limit=60))

    def show_progress(self, progress: Progress) -> None:
        """Show how far indexing is."""
        if self._paused:
            return
        if progress.files_total <= 0:
            self._show(f"{one_line(progress.collection, limit=40)}: looking for changes …", busy=True)
            return
        rate = f"{progress.chunks_per_second:,.0f} passages/s" if (progress.chunks_per_second or 0.0) >= 1 else ""
        left = f"{duration(progress.seconds_left)} left" if progress.seconds_left else ""
        easy = "gently, on battery" if self._on_battery else ""
        self._show(" · ".join(words for words in (_work(progress), left, rate, easy) if words), busy=True)
        self.bar.setRange(0, progress.files_total)
        self.bar.setValue(min(progress.files_done, progress.files_total))
        self.bar.show()

    def show_idle(self, words: str = "") -> None:
        """Show that nothing is being indexed."""
        if not self._paused:
            self._show(words, busy=False)

    def show_paused(self, *, paused: bool) -> None:
        """Show that indexing waits for the user."""
        self._paused = paused
        self._show("Indexing is paused" if paused else "", busy=paused)

    def show_speed(self, *, speed: str, on_battery: bool) -> None:
        """Show how hard indexing works: at the chosen speed ("full", "gentle"), or gently since it runs on battery."""
        self._speed, self._on_battery = speed, on_battery
        slow = speed == "gentle"
        self.speed.setText("Full speed" if slow else "Slow down")
        self.speed.setAccessibleName("Index at full speed" if slow else "Slow indexing down")
        self.speed.setToolTip(
            tooltip("Use the whole processor again." if slow else "Leave two thirds of the processor to your own work.")
        )
        self._show_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what a narrow window has no room for."""
        super().resizeEvent(event)
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.pause.setVisible(self._busy)
        can_choose = self._busy and not self._paused and not self._on_battery
        self.speed.setVisible(can_choose and self.width() >= _ROOM_FOR_SPEED)

    def _show(self, words: str, *, busy: bool) -> None:
        self._busy = busy
        self.progress.setText(words)
        self.bar.hide()
        self._show_buttons()
        self.pause.setText("Resume" if self._paused else "Pause")
        set_icon(self.pause, "play" if self._paused else "pause")
        self.pause.setAccessibleName("Resume indexing" if self._paused else "Pause indexing")

    @Slot()
    def _toggle_speed(self) -> None:
        self.speed_wanted.emit("full" if self._speed == "gentle" else "gentle")

    @Slot()
    def _toggle_pause(self) -> None:
        self.pause_wanted.emit(not self._paused)


def _work(progress: Progress) -> str:
    """Say what is in hand: files of a collection, or pages of a document whose text is being recognised."""
    if progress.phase == "recognise":
        page = min(progress.files_done + 1, progress.files_total)
        return f"Recognising {one_line(progress.current, limit=40)}: page {page:,} of {progress.files_total:,}"
    return (
        f"{one_line(progress.collection, limit=40)}: {progress.files_done:,} of {count(progress.files_total, 'file')}"
    )
