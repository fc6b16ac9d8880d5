"""Subtitles (SRT, WebVTT): what is said, by whom, in parts that are named by their time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from studiolo_indexer.media_types import SUBTITLES
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.plain import plain_document
from studiolo_indexer.records import Document

_TIMES = re.compile(
    r"[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})[ \t]+-->[ \t]+(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,]\d{1,3}"
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]+)>")
_MARKS = re.compile(r"</?(?:v|c|i|b|u|s|lang|ruby|rt|font)(?=[\s.>])[^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}", re.IGNORECASE)
_HEADER = re.compile(r"\ufeff?WEBVTT[ \t]*-?[ \t]*([^\n]*)")
_PART_CHARS = 600
_PAUSE_S = 8


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: int
    end_s: int
    lines: list[str]


def parse_subtitles(data: bytes, name: str) -> Document:
    """Read SRT or WebVTT; cue numbers and styles are left out, times become the names of parts.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    builder = TextBuilder()
    header = _HEADER.match(text)
    written, since, ended_s = 0, 0, 0
    speaker = last = ""
    for cue in _cues(text):
        paused = cue.start_s - ended_s >= _PAUSE_S and since > _PART_CHARS // 4
        if not written or since > _PART_CHARS or paused:
            builder.begin_part("section", _clock(cue.start_s))
            since, speaker = 0, ""
        for named, line in _said(cue.lines):
            if line == last:
                continue  # captions that roll repeat the line before
            shown = f"{named}: {line}" if named and named != speaker else line
            builder.block(shown, tight=since > 0)
            speaker, last = named, line
            since += len(shown)
            written += 1
        ended_s = max(ended_s, cue.end_s)
    if not written:
        return plain_document(text)
    title = header.group(1).strip() if header else ""
    return builder.document(media_type=SUBTITLES, parser="subtitles", title=title)


def _cues(text: str) -> Iterator[_Cue]:
    """Give the cues: a line of times and the lines below it, up to an empty one or the next cue."""
    cue: _Cue | None = None
    for line in text.split("\n"):
        times = _TIMES.match(line) if "-->" in line else None
        if times:
            if cue is not None:
                # Without an empty line between, the next cue's number was taken for words.
                if cue.lines and cue.lines[-1].strip().isdigit():
                    cue.lines.pop()
                yield cue
            hours, minutes, seconds, _, *end = times.groups()
            cue = _Cue(_seconds(hours, minutes, seconds), _seconds(*end), [])
        elif not line.strip():
            if cue is not None and cue.lines:
                yield cue
                cue = None
        elif cue is not None:
            cue.lines.append(line)
    if cue is not None:
        yield cue


def _seconds(hours: str | None, minutes: str, seconds: str) -> int:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _said(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Give what is said line by line, each with its speaker (empty where none is named)."""
    speaker = ""
    for line in lines:
        voices = _VOICE.split(line)  # words, name, words, name, words …
        for at in range(0, len(voices), 2):
            if at:
                speaker = " ".join(voices[at - 1].split())
            words = " ".join(html.unescape(_MARKS.sub("", voices[at])).split())
            if words:
                yield speaker, words
