"""Model files in words: what one is, what memory it needs and whether that is there; pure."""

from __future__ import annotations

from collections.abc import Mapping

from studiolo.quantities import size
from studiolo_desktop.words import document_of, number_of, one_line, text_of

ROLES = {
    "chat": "Writes answers",
    "embedder": "Finds passages",
    "reranker": "Orders passages",
    "adapter": "Adapters",
}
"""What models of a role do, in the order in which they are listed."""

_PARTS = {
    True: "about {needed} of memory: {weights} for its weights, {cache} for a context of {context} tokens, and "
    "{working} to work with",
    False: "about {needed} of memory: {weights} for its weights, and {working} to work with",
}
_FITS = {
    "in_use": "It takes {parts}.",
    "now": "Fits this computer: it needs {parts}. {free} are free.",
    "after_closing": "Fits once other programs are closed: it needs {parts}. {free} of {total} are free.",
    "never": "Does not fit this computer: it needs {parts}. There are {total} in all.",
}
_TONES = {"in_use": "muted", "now": "muted", "after_closing": "weak", "never": "bad"}


def role_in_words(role: str) -> str:
    """Say what models of a role do."""
    return ROLES.get(role, one_line(role, limit=40))


def facts(model: Mapping[str, object]) -> str:
    """Say in a line what a model (an untrusted document) is: size, quantization, context, licence, origin."""
    details = document_of(model, "details")
    context = text_of(details, "context_length")
    known = [
        size(number_of(model, "size_bytes")),
        text_of(details, "quantization"),
        f"trained for {int(context):,} tokens" if context.isdecimal() and len(context) < 10 else "",
        f"licence: {_licence(model)}",
        "came with the program" if model.get("builtin") is True else "",
    ]
    return one_line(" · ".join(part for part in known if part))


def fit_in_words(model: Mapping[str, object]) -> tuple[str, str]:
    """Say whether a model fits, with the numbers; gives the sentence and its tone, empty where nothing is known."""
    memory = document_of(model, "memory")
    fits = text_of(memory, "fits")
    if fits not in _FITS:
        return "", ""
    context = number_of(memory, "context_tokens")
    parts = _PARTS[bool(context)].format(
        needed=size(number_of(memory, "needed_bytes")),
        weights=size(number_of(memory, "weights_bytes")),
        cache=size(number_of(memory, "cache_bytes")),
        working=size(number_of(memory, "working_bytes")),
        context=f"{context:,}",
    )
    # What is in use is counted already in what is no longer free.
    kind = "in_use" if model.get("in_use") is True and fits != "never" else fits
    free, total = (size(number_of(memory, name)) for name in ("available_bytes", "total_bytes"))
    return _FITS[kind].format(parts=parts, free=free, total=total), _TONES[kind]


def _licence(model: Mapping[str, object]) -> str:
    return text_of(model, "licence") or "unknown"
