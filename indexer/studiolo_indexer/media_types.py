"""Which files are documents: by the suffix of their name, corrected by their first bytes; pure."""

from __future__ import annotations

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
SOURCE = "text/x-source"

_CODE = (
    "py pyi js mjs cjs ts tsx jsx java kt kts scala c h cc cpp cxx hpp hh cs go rs rb php pl pm lua r jl swift m mm sh "
    "bash zsh fish ps1 bat cmd sql hs erl ex exs clj dart groovy gradle cmake vb fs proto tf"
)
_PLAIN = "txt text log csv tsv json jsonl yaml yml toml ini cfg conf properties xml srt vtt tex rst adoc asciidoc org"

_BY_SUFFIX: dict[str, str] = {
    "pdf": PDF,
    "docx": DOCX,
    **dict.fromkeys("html htm xhtml".split(), HTML),
    **dict.fromkeys("md markdown mdown".split(), MARKDOWN),
    **dict.fromkeys(_PLAIN.split(), PLAIN),
    **dict.fromkeys(_CODE.split(), SOURCE),
}
SUPPORTED_SUFFIXES: frozenset[str] = frozenset(_BY_SUFFIX)


def media_type_for(name: str) -> str | None:
    """Tell the media type that a file's name promises, or None if such files are not read yet."""
    stem, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower()) if dot and stem else None


def sniff(data: bytes, promised: str | None) -> str | None:
    """Tell the media type of a file's bytes; `promised` holds where they say nothing."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    return promised
