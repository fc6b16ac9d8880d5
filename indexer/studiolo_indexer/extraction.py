"""The parent of the extractor process: sends bytes, bounds time, memory and output, trusts nothing that comes back."""

from __future__ import annotations

import base64
import dataclasses
import functools
import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar, cast, get_args

from studiolo_indexer.confined_child import ChildLimits, ConfinedChild
from studiolo_indexer.errors import NEEDS_LIBREOFFICE, FileFailure
from studiolo_indexer.records import (
    Document,
    Heading,
    HighlightBox,
    OcrPage,
    OcrWord,
    PageImage,
    PageWords,
    Part,
    PartKind,
    Table,
)
from studiolo_indexer.sandbox import SandboxState

Json = dict[str, Any]  # Any: a JSON document, untrusted
T = TypeVar("T")

_UNSAFE = frozenset(chr(c) for c in (0, *range(0xD800, 0xE000)))
_MAX_PARTS = 1_000_000
_MAX_PROPERTIES = 20
_MAX_QUOTE = 5_000  # a request's header is a line of at most 64 KB, in which a letter may take twelve bytes
_MAX_OCR_WORDS = 100_000

# A page takes seconds, and the models a good part of a gigabyte.
# Every picture has lines of other lengths, for each of which the library keeps memory: a fresh child now and then.
OCR_LIMITS = ChildLimits(seconds=180.0, memory_bytes=1_600 * 2**20, together_bytes=2_112 * 2**20, recycle_after=10)


class Converts(Protocol):
    """What is needed of a converter (`converting.Converter`)."""

    def convert(self, data: bytes, *, name: str) -> tuple[bytes, str, str]:
        """Give the same document in a format of today, the suffix of that format, and the media type that it had."""

    def close(self) -> None:
        """End it."""


class Extractor:
    """One extractor child, started with the first file; owned by one thread.

    Args:
        command: The command that starts `extract_worker`.
        limits: Bounds for each file.
        stop: Ends a file in the middle, with the failure `file.stopped`.
        converter: Converts what is only read that way, where there is such a program; closed with the extractor.
    """

    def __init__(
        self,
        *,
        command: Sequence[str],
        limits: ChildLimits | None = None,
        stop: threading.Event | None = None,
        converter: Converts | None = None,
    ) -> None:
        self._child = ConfinedChild(command=command, limits=limits or ChildLimits(), stop=stop)
        self._converter = converter
        self._converted: tuple[bytes, tuple[bytes, str, str]] | None = None

    def start(self) -> None:
        """Start the child without waiting for it: a file is about to come.

        Raises:
            OSError: If it cannot be started.
        """
        self._child.start()

    def extract(self, data: bytes, *, name: str) -> Document:
        """Give the text of a file's bytes; `name` is its name without folder.

        Raises:
            FileFailure: If the file cannot be read, or costs more than it may.
            OSError: If the child cannot be started.
        """
        reply, media_type = self._today({"op": "extract", "name": name}, data)
        document = checked_document(reply.get("document"))
        if media_type is None:
            return document
        return dataclasses.replace(document, media_type=media_type, parser=f"libreoffice, {document.parser}")

    def _today(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], str | None]:  # Any: JSON documents
        """Ask the child; of a file that has to be converted the converted one. Gives the media type that it had then.

        The last converted file is kept: its slides are asked for in a row.
        """
        try:
            return self._child.exchange(request, data), None
        except FileFailure as failure:
            if failure.code != NEEDS_LIBREOFFICE or self._converter is None:
                raise
        if self._converted is None or self._converted[0] != data:
            self._converted = data, self._converter.convert(data, name=request["name"])
        converted, suffix, media_type = self._converted[1]
        name = f"{request['name'].rpartition('.')[0]}.{suffix}"
        return self._child.exchange({**request, "name": name}, converted), media_type

    def beginning(self, data: bytes, *, name: str) -> Document | None:
        """Give the first pages of a long document at once; None where reading all takes no longer.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted = self._child.exchange({"op": "beginning", "name": name}, data).get("document")
        return None if untrusted is None else checked_document(untrusted)

    def render(
        self, data: bytes, *, name: str, page: int, start: int, end: int, width: int, quote: str = ""
    ) -> PageImage:
        """Draw a page of a paged file; `quote` is the text of the span: with it the page alone is read.

        See `parsers.pdf.pdf_pages.render_pdf_page`; a picture has no boxes, those of its words are in its `OcrPage`.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        request = {"op": "render", "name": name, "page": page, "start": start, "end": end, "width": width}
        untrusted_reply, _ = self._today({**request, "quote": quote if len(quote) <= _MAX_QUOTE else ""}, data)
        return _checked_page(untrusted_reply.get("page"))

    def words(self, data: bytes, *, name: str, page: int) -> PageWords:
        """Give the words of a page of a paged file with their places; a picture has none of its own.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted_reply, _ = self._today({"op": "words", "name": name, "page": page}, data)
        return checked_page_words(untrusted_reply.get("words"))

    def texts(self, data: bytes, *, name: str, page: int, seconds: float) -> tuple[list[str], int]:
        """Give the texts of pages from `page` on, as far as some seconds reach, and how many pages there are.

        Each is the text of the page's `words`. At least one is given; one that cannot be read says nothing.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        request = {"op": "texts", "name": name, "page": page, "seconds": seconds}
        untrusted_reply, _ = self._today(request, data)
        return _checked_texts(untrusted_reply)

    def ocr(self, data: bytes, *, name: str, page: int) -> OcrPage:
        """Recognise the text of a page of a PDF or a picture, from 1; with limits like `OCR_LIMITS`.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted_reply = self._child.exchange({"op": "ocr", "name": name, "page": page}, data)
        return checked_ocr_page(untrusted_reply.get("ocr"))

    def sandbox(self) -> SandboxState:
        """Ask the child how it is confined.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted = self._child.exchange({"op": "sandbox"}, b"").get("sandbox")
        if not isinstance(untrusted, dict) or not isinstance(untrusted.get("closed"), bool):
            raise FileFailure("file.parser_crashed", "The reader does not answer.")
        return SandboxState(untrusted["closed"], str(untrusted.get("detail"))[:200])

    def pid(self) -> int:
        """Give the process id of the child; 0 if none runs."""
        return self._child.pid()

    def rest(self) -> None:
        """End the converter, which takes a good part of a gigabyte; nothing is read for now."""
        if self._converter is not None:
            self._converter.close()

    def close(self) -> None:
        """End the child and the converter; safe to call twice."""
        self._child.close()
        self.rest()


def _from_the_child(reason: str) -> Callable[[Callable[[Json], T]], Callable[[object], T]]:
    """Let a check fail as a file does, with a reason for people, whatever it meets in what came from the child."""

    def decorate(check: Callable[[Json], T]) -> Callable[[object], T]:
        @functools.wraps(check)
        def checked(untrusted: object) -> T:
            try:
                if not isinstance(untrusted, dict):
                    raise TypeError("no object")
                return check(untrusted)
            except (KeyError, TypeError, ValueError) as error:
                raise FileFailure("file.parser_crashed", reason) from error

        return checked

    return decorate


@_from_the_child("Reading it gave nothing that can be trusted.")
def checked_document(untrusted: Json) -> Document:
    """Check a document that came from the child; every span in range and rising, every text safe.

    Raises:
        FileFailure: file.parser_crashed if anything is not what it must be.
    """
    text = _safe_text(untrusted["text"])
    parts = tuple(_part(row, len(text)) for row in _rows(untrusted["parts"]))
    headings = tuple(_heading(row, len(text)) for row in _rows(untrusted["headings"]))
    _check_cover(parts, len(text))
    pages = untrusted["pages"]
    return Document(
        media_type=_text(untrusted["media_type"])[:200],
        parser=_text(untrusted["parser"])[:60],
        text=text,
        parts=parts,
        title=_text(untrusted["title"])[:300],
        headings=headings,
        tables=tuple(_table(row, len(text)) for row in _rows(untrusted["tables"])),
        properties=tuple(_property(row) for row in _rows(untrusted["properties"])[:_MAX_PROPERTIES]),
        pages=None if pages is None else _number(pages, 1, 10**7),
        ocr_pages=_number(untrusted["ocr_pages"], 0, 10**7),
        warnings=tuple(_text(w)[:300] for w in _rows(untrusted["warnings"])[:100]),
        ocr_wanted=_ocr_wanted(untrusted.get("ocr_wanted", []), pages, parts),
    )


@_from_the_child("Its text could not be recognised.")
def checked_ocr_page(untrusted: Json) -> OcrPage:
    """Check a recognised page that came from the child: safe text, words that rise in it, boxes in range.

    Raises:
        FileFailure: file.parser_crashed if anything is not what it must be.
    """
    text = _safe_text(untrusted["text"])
    confidence = _measure(untrusted["confidence"])
    if not 0 <= confidence <= 1:
        raise ValueError("no share")
    words = _words(untrusted["words"], len(text))
    width, height = (_number(untrusted[side], 1, 100_000) for side in ("width", "height"))
    return OcrPage(text, confidence, width, height, words)


@_from_the_child("The words of the page could not be read.")
def checked_page_words(untrusted: Json) -> PageWords:
    """Check the words of a page that came from the child: safe text, words that rise in it, boxes in range.

    Raises:
        FileFailure: file.parser_crashed if anything is not what it must be.
    """
    text = _safe_text(untrusted["text"])
    width, height = _measure(untrusted["width"]), _measure(untrusted["height"])
    if min(width, height) < 1:
        raise ValueError("no size")
    page, pages = (_number(untrusted[name], 1, 10**7) for name in ("page", "pages"))
    return PageWords(page, pages, text, width, height, _words(untrusted["words"], len(text)))


@_from_the_child("The words of its pages could not be read.")
def _checked_texts(untrusted: Json) -> tuple[list[str], int]:
    texts = [_safe_text(text) for text in _rows(untrusted["texts"])]
    if not texts:
        raise ValueError("no page")
    return texts, _number(untrusted["pages"], 1, 10**7)


def _safe_text(value: object) -> str:
    text = _text(value)
    if _UNSAFE & set(text):
        raise ValueError("unsafe text")
    return text


def _words(untrusted: object, length: int) -> tuple[OcrWord, ...]:
    rows = _rows(untrusted)
    if len(rows) > _MAX_OCR_WORDS:
        raise ValueError("too many words")
    words: list[OcrWord] = []
    for row in rows:
        start = _number(row["start"], words[-1].end if words else 0, length)
        end = _number(row["end"], start, length)
        words.append(OcrWord(start, end, *(_measure(row[side]) for side in ("x", "y", "width", "height"))))
    return tuple(words)


@_from_the_child("The page could not be drawn.")
def _checked_page(untrusted: Json) -> PageImage:
    png = base64.b64decode(_text(untrusted["png"]), validate=True)
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("no PNG")
    boxes = tuple(
        HighlightBox(*(_measure(row[side]) for side in ("x", "y", "width", "height")))
        for row in _rows(untrusted["boxes"])[:2000]
    )
    return PageImage(
        png=png,
        width=_number(untrusted["width"], 1, 20_000),
        height=_number(untrusted["height"], 1, 100_000),
        page=_number(untrusted["page"], 1, 10**7),
        pages=_number(untrusted["pages"], 1, 10**7),
        boxes=boxes,
    )


def _part(row: Any, length: int) -> Part:  # Any: untrusted JSON
    kind = _text(row["kind"])
    if kind not in get_args(PartKind):
        raise ValueError("unknown kind of part")
    # The cast repeats the check above.
    start = _number(row["start"], 0, length)
    return Part(cast("PartKind", kind), _text(row["label"])[:300], start, _number(row["end"], start, length))


def _heading(row: Any, length: int) -> Heading:  # Any: untrusted JSON
    start = _number(row["start"], 0, length)
    return Heading(_number(row["level"], 1, 9), start, _number(row["end"], start, length))


def _table(row: Any, length: int) -> Table:  # Any: untrusted JSON
    start = _number(row["start"], 0, length)
    header_end = _number(row["header_end"], start, length)
    return Table(start, header_end, _number(row["end"], header_end, length))


def _property(row: Any) -> tuple[str, str]:  # Any: untrusted JSON
    name, value = _rows(row)
    return _text(name)[:60], _text(value)[:300]


def _ocr_wanted(untrusted: object, pages: int | None, parts: Sequence[Part]) -> tuple[int, ...]:
    numbers = tuple(_number(row, 1, pages or 0) for row in _rows(untrusted))
    if any(a >= b for a, b in pairwise(numbers)):
        raise ValueError("pages do not rise")
    # Text for a page that is no part could never be put in, and would be waited for without end.
    if not {str(number) for number in numbers} <= {part.label for part in parts if part.kind == "page"}:
        raise ValueError("a page that is no part")
    return numbers


def _check_cover(parts: Sequence[Part], length: int) -> None:
    at = 0
    for part in parts:
        if part.start != at:
            raise ValueError("parts do not cover the text")
        at = part.end
    if at != length:
        raise ValueError("parts do not cover the text")


def _rows(value: object) -> list[Any]:  # Any: untrusted JSON
    if not isinstance(value, list) or len(value) > _MAX_PARTS:
        raise TypeError("no list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError("no number in range")
    return value


def _measure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise ValueError("no measure")
    return float(value)
