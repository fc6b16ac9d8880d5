"""Which files are documents, by the suffix of their name; pure."""

from __future__ import annotations

_CODE = (
    "py pyi js mjs cjs ts tsx jsx java kt kts scala c h cc cpp cxx hpp hh cs go rs rb php pl pm lua r jl swift m mm sh "
    "bash zsh fish ps1 bat cmd sql hs erl ex exs clj dart groovy gradle cmake vb fs proto tf"
)
_PLAIN = "txt text log csv tsv json jsonl yaml yml toml ini cfg conf properties xml srt vtt tex rst adoc asciidoc org"

_BY_SUFFIX: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "text/html",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "mdown": "text/markdown",
    **dict.fromkeys(_PLAIN.split(), "text/plain"),
    **dict.fromkeys(_CODE.split(), "text/x-source"),
}
SUPPORTED_SUFFIXES: frozenset[str] = frozenset(_BY_SUFFIX)


def media_type_for(name: str) -> str | None:
    """Tell the media type that a file's name promises, or None if such files are not read yet."""
    stem, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower()) if dot and stem else None
