"""Turns values into words for people: names, counts, times; pure. What comes from outside is made harmless here."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from studiolo.errors import ErrorReport

_LONGEST = 400
_RUN = re.compile(r"[!-.0-\[\]-~]{24,}")  # ASCII alone: a mark between the letters of other scripts may part what joins
_SOFT_BREAK = "\u200b"
_STATES = {"failed": "Not readable", "skipped": "Left out", "pending": "Waiting", "indexed": "Indexed"}


def one_line(text: str, *, limit: int = _LONGEST) -> str:
    """Give untrusted text as one harmless line.

    Line ends become spaces. Control characters and marks that turn the reading direction become a replacement sign (a
    file called `invoice<RLO>fdp.exe` must not read as a PDF); lone surrogates do too.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(" " if c in "\t\n\r\u2028\u2029" else "\ufffd" if _is_odd(c) else c for c in cut)


def harmless(text: str) -> str:
    """Give untrusted text without what turns its direction or cannot be shown; line ends and tabs stay."""
    return "".join("\ufffd" if c not in "\n\t" and _is_odd(c) else c for c in text.replace("\r\n", "\n"))


def _is_odd(char: str) -> bool:
    # Cc control, Cs lone surrogate, and of Cf only the direction marks: joiners are real in names of many scripts.
    return (
        unicodedata.category(char) in ("Cc", "Cs") or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def breakable(text: str) -> str:
    """Let a long run without a space go on in the next line: Qt's labels would cut it off."""
    return _RUN.sub(lambda run: _SOFT_BREAK.join(re.findall(".{1,12}", run.group())), text)


def tooltip(text: str) -> str:
    """Give text for a tool tip: Qt would read text that looks like markup as rich text, so it is escaped."""
    return f"<span>{html.escape(one_line(text, limit=2000))}</span>" if text else ""


def button_text(text: str) -> str:
    """Give text for a button or an action, in which `&` would mark a key."""
    return one_line(text).replace("&", "&&")


def file_name(path: str) -> str:
    """Give the last part of a path, on any platform."""
    trimmed = path.rstrip("/\\")
    return one_line(trimmed.replace("\\", "/").rsplit("/", 1)[-1] or path)


def name_for_file(title: str) -> str:
    """Give a name for a file that every file system takes, without its ending."""
    plain = "".join(" " if c in '\\/:*?"<>|\ufffd' else c for c in one_line(title))
    return " ".join(plain.split())[:60].strip(" .") or "conversation"


def place(row: Mapping[str, object]) -> str:
    """Say where a passage stands: `p. 4`, or the name of its part, or nothing."""
    page, part = row.get("page"), row.get("part")
    if isinstance(page, int) and not isinstance(page, bool):
        return f"p. {page}"
    return one_line(part, limit=60) if isinstance(part, str) else ""


def folder_of(relative_path: str) -> str:
    """Give the folder in which a file lies below its watched one; empty where it lies in that itself."""
    return one_line(relative_path.replace("\\", "/").rpartition("/")[0])


def state_words(state: str) -> str:
    """Say in words what became of a file."""
    return _STATES.get(state, one_line(state, limit=20))


def moment(text: str) -> str:
    """Say a time of ISO 8601 in the computer's own time zone, like `2026-11-27 14:03`; empty where it is none."""
    try:
        return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return ""


def found_by(row: Mapping[str, object]) -> str:
    """Say how a passage was found: by its `meaning`, by its `words`, or by both; empty where that is not known."""
    names = row.get("found_by")
    ways = {name for name in names if isinstance(name, str)} if isinstance(names, list | tuple) else set()
    if {"vector", "text"} <= ways:
        return "meaning, words"
    return "meaning" if "vector" in ways else "words" if "text" in ways else ""


def recognised(row: Mapping[str, object]) -> str:
    """Say how sure the text is that was recognised from a picture: `OCR 98 %`, or nothing."""
    confidence = row.get("ocr_confidence")
    if not isinstance(confidence, float | int) or isinstance(confidence, bool) or not 0 <= confidence <= 1:
        return ""
    return f"OCR {confidence * 100:.0f} %"


def error_of(untrusted: Mapping[str, object]) -> ErrorReport:
    """Read an error that came over the protocol."""
    code, message, hint = (str(untrusted.get(name, "")) for name in ("code", "message", "hint"))
    return ErrorReport(one_line(code, limit=60), one_line(message) or "Something went wrong.", one_line(hint))


def text_of(row: Mapping[str, object], name: str) -> str:
    """Give a text field of an untrusted document; empty if it is missing or no text."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def number_of(row: Mapping[str, object], name: str) -> int:
    """Give a whole-number field of an untrusted document; 0 if it is missing or no number."""
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def rows_of(row: Mapping[str, object], name: str) -> list[dict[str, object]]:
    """Give a field that lists documents; what is no document is left out."""
    value = row.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def document_of(row: Mapping[str, object], name: str) -> dict[str, object]:
    """Give a field that is a document; empty if it is not."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}
