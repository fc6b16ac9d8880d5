"""The parent of the extractor process: sends bytes, bounds time, memory and output, trusts nothing that comes back."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast, get_args

import psutil

from studiolo_indexer.errors import STOPPED, FileFailure
from studiolo_indexer.records import (
    Document,
    Heading,
    HighlightBox,
    OcrPage,
    OcrWord,
    PageImage,
    Part,
    PartKind,
    Table,
)
from studiolo_indexer.sandbox import SandboxState

log = logging.getLogger(__name__)

_LOOK_S = 0.1
_LOOKS_BEFORE_SLEEP = 20
_KILL_WAIT_S = 2.0
_UNSAFE = frozenset(chr(c) for c in (0, *range(0xD800, 0xE000)))
_MAX_PARTS = 1_000_000
_MAX_PROPERTIES = 20
_MAX_QUOTE = 5_000  # a request's header is a line of at most 64 KB, in which a letter may take twelve bytes
_MAX_OCR_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """What one file may cost."""

    seconds: float = 60.0
    seconds_per_mb: float = 4.0
    memory_bytes: int = 1_200 * 2**20
    output_bytes: int = 256 * 2**20
    recycle_after: int = 500


# A page takes seconds, and the models a good part of a gigabyte.
# Every picture has lines of other lengths, for each of which the library keeps memory: a fresh child now and then.
OCR_LIMITS = ExtractLimits(seconds=180.0, memory_bytes=1_600 * 2**20, recycle_after=10)


class _Watch:
    """Looks at a child while it works, and kills it when it takes too long or too much memory, or is to stop.

    One thread for the child's whole life: a thread for each file would cost more than reading a small one.
    """

    def __init__(self, process: subprocess.Popen[bytes], *, memory_bytes: int, stop: threading.Event | None) -> None:
        self._process = process
        self._memory_bytes = memory_bytes
        self._stop = stop
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._seconds = 0.0
        self._asleep = False
        self._ended = False
        self.verdict: FileFailure | None = None
        self._thread = threading.Thread(target=self._run, name="extract-watch", daemon=True)
        self._thread.start()

    def begin(self, seconds: float) -> None:
        """Begin to watch one file, which may take so long."""
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        if self._asleep:
            with self._changed:
                self._changed.notify()

    def rest(self) -> None:
        """The file is done."""
        self._deadline = None

    def end(self) -> None:
        """Watch no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        idle = 0
        while not self._ended and self.verdict is None:
            with self._changed:
                # While files come one after the other it only looks now and then; after a while without, it sleeps.
                self._asleep = idle > _LOOKS_BEFORE_SLEEP
                if not self._ended and not (self._asleep and self._deadline is not None):
                    self._changed.wait(None if self._asleep else _LOOK_S)
                self._asleep = False
            deadline = self._deadline
            idle = idle + 1 if deadline is None else 0
            if deadline is not None:
                self._judge(deadline)

    def _judge(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            self.verdict = FileFailure("file.timeout", f"It took longer than {self._seconds:.0f} seconds to read.")
        elif _resident_bytes(self._process.pid) > self._memory_bytes:
            self.verdict = FileFailure("file.memory", "It needs more memory than a document may.")
        elif self._stop is not None and self._stop.is_set():
            self.verdict = FileFailure(STOPPED, "Reading it was stopped.")
        if self.verdict is not None:
            self._process.kill()


class Extractor:
    """One extractor child, started with the first file; owned by one thread.

    Args:
        command: The command that starts `extract_worker`.
        limits: Bounds for each file.
        stop: Ends a file in the middle, with the failure `file.stopped`.
    """

    def __init__(
        self, *, command: Sequence[str], limits: ExtractLimits | None = None, stop: threading.Event | None = None
    ) -> None:
        self._command = list(command)
        self._stop = stop
        self._limits = limits or ExtractLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: _Watch | None = None
        self._served = 0

    def extract(self, data: bytes, *, name: str) -> Document:
        """Give the text of a file's bytes; `name` is its name without folder.

        Raises:
            FileFailure: If the file cannot be read, or costs more than it may.
            OSError: If the child cannot be started.
        """
        untrusted_reply = self._exchange({"op": "extract", "name": name}, data)
        return checked_document(untrusted_reply.get("document"))

    def beginning(self, data: bytes, *, name: str) -> Document | None:
        """Give the first pages of a long document at once; None where reading all takes no longer.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted = self._exchange({"op": "beginning", "name": name}, data).get("document")
        return None if untrusted is None else checked_document(untrusted)

    def render(
        self, data: bytes, *, name: str, page: int, start: int, end: int, width: int, quote: str = ""
    ) -> PageImage:
        """Draw a page of a paged file; `quote` is the text of the span: with it the page alone is read.

        See `parsers.pdf_pages.render_pdf_page`; a picture has no boxes, those of its words are in its `OcrPage`.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        request = {"op": "render", "name": name, "page": page, "start": start, "end": end, "width": width}
        untrusted_reply = self._exchange({**request, "quote": quote if len(quote) <= _MAX_QUOTE else ""}, data)
        return _checked_page(untrusted_reply.get("page"))

    def ocr(self, data: bytes, *, name: str, page: int) -> OcrPage:
        """Recognise the text of a page of a PDF or a picture, from 1; with limits like `OCR_LIMITS`.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted_reply = self._exchange({"op": "ocr", "name": name, "page": page}, data)
        return checked_ocr_page(untrusted_reply.get("ocr"))

    def sandbox(self) -> SandboxState:
        """Ask the child how it is confined.

        Raises:
            FileFailure, OSError: As for `extract`.
        """
        untrusted = self._exchange({"op": "sandbox"}, b"").get("sandbox")
        if not isinstance(untrusted, dict) or not isinstance(untrusted.get("closed"), bool):
            raise FileFailure("file.parser_crashed", "The reader does not answer.")
        return SandboxState(untrusted["closed"], str(untrusted.get("detail"))[:200])

    def pid(self) -> int:
        """Give the process id of the child; 0 if none runs."""
        return self._process.pid if self._process is not None else 0

    def close(self) -> None:
        """End the child: close its input, then terminate, then kill; safe to call twice."""
        process, self._process = self._process, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    log.debug("the child's pipe was closed already")
        for step in (None, process.terminate, process.kill):
            if step is not None:
                step()
            try:
                process.wait(_KILL_WAIT_S)
            except subprocess.TimeoutExpired:
                continue
            return

    def _exchange(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:  # Any: JSON documents
        process = self._running()
        limits = self._limits
        watch = self._watch or _Watch(process, memory_bytes=limits.memory_bytes, stop=self._stop)
        self._watch = watch
        watch.begin(limits.seconds + limits.seconds_per_mb * len(data) / 2**20)
        header = json.dumps({**request, "size_bytes": len(data)}).encode() + b"\n"
        try:
            untrusted_line = _converse(process, header, data, limits.output_bytes)
        finally:
            watch.rest()
        self._served += 1
        if not untrusted_line.endswith(b"\n"):
            too_long = len(untrusted_line) > limits.output_bytes
            process.kill()
            self.close()
            if watch.verdict is not None:
                raise watch.verdict
            if too_long:
                raise FileFailure("file.output_too_large", "It holds more text than a document may.")
            raise FileFailure("file.parser_crashed", "Reading it made the reader crash.")
        try:
            untrusted_reply = json.loads(untrusted_line)
        except (ValueError, RecursionError):
            untrusted_reply = None
        if not isinstance(untrusted_reply, dict):
            self.close()
            raise FileFailure("file.parser_crashed", "Reading it made the reader fail.")
        _raise_failure(untrusted_reply.get("failure"))
        return untrusted_reply

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (
            self._process.poll() is not None or self._served >= self._limits.recycle_after
        ):
            self.close()
        if self._process is None:
            self._served = 0
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process


def _converse(process: subprocess.Popen[bytes], header: bytes, data: bytes, most_bytes: int) -> bytes:
    """Send a request and read its one line; gives what came before the child ended, or more than `most_bytes`."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the extractor has no pipes")
    try:
        process.stdin.write(header)
        process.stdin.write(data)
        process.stdin.flush()
        return process.stdout.readline(most_bytes + 1)
    except (BrokenPipeError, ConnectionResetError):
        return b""


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _raise_failure(untrusted_failure: object) -> None:
    if untrusted_failure is None:
        return
    if isinstance(untrusted_failure, dict):
        code, reason = untrusted_failure.get("code"), untrusted_failure.get("reason")
        if isinstance(code, str) and isinstance(reason, str) and code.startswith("file.") and len(code) < 60:
            raise FileFailure(code, reason[:300])
    raise FileFailure("file.parser_crashed", "Reading it made the reader fail.")


def checked_document(untrusted: object) -> Document:
    """Check a document that came from the child; every span in range and rising, every text safe.

    Raises:
        FileFailure: file.parser_crashed if anything is not what it must be.
    """
    try:
        if not isinstance(untrusted, dict):
            raise TypeError("no object")
        text = _text(untrusted["text"])
        if _UNSAFE & set(text):
            raise ValueError("unsafe text")
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
    except (KeyError, TypeError, ValueError) as error:
        raise FileFailure("file.parser_crashed", "Reading it gave nothing that can be trusted.") from error


def checked_ocr_page(untrusted: object) -> OcrPage:
    """Check a recognised page that came from the child: safe text, words that rise in it, boxes in range.

    Raises:
        FileFailure: file.parser_crashed if anything is not what it must be.
    """
    try:
        if not isinstance(untrusted, dict):
            raise TypeError("no object")
        text = _text(untrusted["text"])
        if _UNSAFE & set(text):
            raise ValueError("unsafe text")
        confidence = _measure(untrusted["confidence"])
        if not 0 <= confidence <= 1:
            raise ValueError("no share")
        rows = _rows(untrusted["words"])
        if len(rows) > _MAX_OCR_WORDS:
            raise ValueError("too many words")
        words: list[OcrWord] = []
        for row in rows:
            start = _number(row["start"], words[-1].end if words else 0, len(text))
            end = _number(row["end"], start, len(text))
            words.append(OcrWord(start, end, *(_measure(row[side]) for side in ("x", "y", "width", "height"))))
        width, height = (_number(untrusted[side], 1, 100_000) for side in ("width", "height"))
        return OcrPage(text, confidence, width, height, tuple(words))
    except (KeyError, TypeError, ValueError) as error:
        raise FileFailure("file.parser_crashed", "Its text could not be recognised.") from error


def _checked_page(untrusted: object) -> PageImage:
    try:
        if not isinstance(untrusted, dict):
            raise TypeError("no object")
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
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise FileFailure("file.parser_crashed", "The page could not be drawn.") from error


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
