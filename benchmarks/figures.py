"""A measured figure beside its bar: what benchmarks that measure quality print, and the table of docs/evaluation.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value.

    `bar` is what it should reach, or stay within where `at_most`; None where nothing is asked. `unit` is empty for a
    share, else "ms". `vector` and `text` are what each half of the search reaches alone.
    """

    of: str
    measure: str
    value: float
    bar: float | None = None
    at_most: bool = False
    unit: str = ""
    vector: float | None = None
    text: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """Tell whether the bar is reached."""
        return self.bar is None or (self.value <= self.bar if self.at_most else self.value >= self.bar)

    def shown(self, value: float | None) -> str:
        """Write a value of this figure; empty for None."""
        return "" if value is None else f"{value:.1f} ms" if self.unit == "ms" else f"{value:.3f}"

    @property
    def bar_shown(self) -> str:
        """Write the bar."""
        return ("at most " if self.at_most else "") + self.shown(self.bar) if self.bar is not None else ""

    def line(self) -> str:
        """Write the figure for people."""
        bar = f"  bar {self.bar_shown} {'' if self.met else 'MISSED'}" if self.bar is not None else ""
        halves = f"vector {self.vector:.3f}, text {self.text:.3f}" if self.vector is not None else ""
        told = "; ".join(part for part in (halves, self.note) if part)
        return f"{self.of:13} {self.measure:32} {self.shown(self.value):>8}{bar}" + (f"  ({told})" if told else "")
