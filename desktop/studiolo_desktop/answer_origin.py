"""Which model, adapter and strength an answer was written with, in words (R31); pure."""

from __future__ import annotations

from collections.abc import Mapping

from studiolo_desktop.measure_words import number_in
from studiolo_desktop.words import one_line, text_of

_HEX = 12


def origin_words(answer: Mapping[str, object], *, whole: bool = False) -> str:
    """Say who wrote an answer, an untrusted document; empty where no model took part.

    Args:
        answer: The `ask` document.
        whole: Give the whole hashes, not their beginnings.
    """
    model = text_of(answer, "model")
    if not model:
        return ""
    # Where quotes stand in for its words, it was asked and wrote nothing that is shown.
    verb = "Asked:" if text_of(answer, "composed_by") == "quotes_instead" else "Written by"
    words = f"{verb} {_named(model, text_of(answer, 'model_sha256'), whole=whole)}"
    adapter = text_of(answer, "adapter")
    if not adapter:
        return f"{words}, no adapter" if whole else words
    named = _named(adapter, text_of(answer, "adapter_sha256"), whole=whole)
    return f"{words} with {named} × {number_in(answer, 'adapter_scale', 1.0):g}"


def _named(name: str, digest: str, *, whole: bool) -> str:
    shown = one_line(digest, limit=64) if whole else one_line(digest, limit=64)[:_HEX]
    return f"{one_line(name, limit=60)} ({shown})" if shown else one_line(name, limit=60)
