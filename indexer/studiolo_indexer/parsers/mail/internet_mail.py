"""Mail (EML, MHT, mbox): headers, the text, what is attached; a mail is a part, and so is each attachment.

An attachment is read as the file that it is, by the same parsers, within bounds of depth, number and bytes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import EML, MBOX, MSG, media_type_for, sniff
from studiolo_indexer.parsers.building import TextBuilder, safe_text
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.joining import DocumentJoiner
from studiolo_indexer.parsers.mail.mime import Entity, MimeReader, decoded_words
from studiolo_indexer.parsers.web.html import read_page
from studiolo_indexer.records import Document

_MOST_DEPTH = 5
_MOST_ATTACHMENTS = 500
_MOST_BYTES = 256 * 2**20
_MOST_MAILS = 100_000
# Of the minute that a file has; a slow attachment must not take the mail with it.
_MOST_SECONDS = 30.0
_SHOWN = (("from", "From"), ("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"), ("date", "Date"))
_SHOWN_CHARS = 2000
# A plain text of so few letters beside a page usually says only that the mail is a page.
_STUB_CHARS = 300
_TEXTS = frozenset(("text/plain", "text/html", "text/enriched", "message/delivery-status"))
_FROM_LINE = re.compile(rb"(?:^|\r?\n\r?\n|\n\n)From [^\r\n]{1,200}\r?\n(?=[!-9;-~]{1,76}:)")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_SUFFIXES = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/plain": "txt",
}
_TOO_DEEP = "it is nested too deeply; what lies deeper was left out"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a mail's text: plain, or a page (HTML)."""

    text: str
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file within a mail, or a mail that is unpacked already."""

    name: str
    data: bytes = b""
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, whatever its format: headers for people, the pieces of its text, and what is attached."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    body: tuple[Piece, ...]
    attached: tuple[Attached, ...]


def parse_eml(data: bytes, name: str) -> Document:
    """Read a mail, or a web page that was saved as one (MHT).

    Raises:
        FileFailure: file.password if it is encrypted, file.damaged if it is no mail.
    """
    thread = MailReader()
    mail = thread.unpack(data)
    if mail is None:
        raise FileFailure("file.damaged", "It is no mail.")
    thread.add(mail)
    return thread.document(EML, mail)


def parse_mbox(data: bytes, name: str) -> Document:
    """Read a mailbox; each mail is a part.

    Raises:
        FileFailure: file.damaged if it holds no mail.
    """
    thread = MailReader()
    found = 0
    for piece in _mails_of(data):
        try:
            mail = thread.unpack(piece)
        except FileFailure as failure:
            thread.joiner.warn(f"a mail was left out: {failure.reason}")
            continue
        if mail is not None:
            thread.add(mail)
            found += 1
    if not found:
        raise FileFailure("file.damaged", "It holds no mail.")
    return thread.document(MBOX, None)


def _mails_of(data: bytes) -> Iterator[bytes]:
    lines = [(found.start(), found.end()) for found in _FROM_LINE.finditer(data)][:_MOST_MAILS]
    ends = [*(start for start, _ in lines[1:]), len(data)]
    for (_, start), end in zip(lines, ends, strict=False):
        yield _QUOTED_FROM.sub(rb"\1", data[start:end])


class MailReader:
    """Reads mails into one document; what is attached is bounded for all of them together."""

    def __init__(self) -> None:
        self.joiner = DocumentJoiner()
        self._until_s = time.monotonic() + _MOST_SECONDS
        self._left_bytes = _MOST_BYTES
        self._left_files = _MOST_ATTACHMENTS

    def unpack(self, data: bytes) -> Mail | None:
        """Unpack a mail of bytes; None if it is none.

        Raises:
            FileFailure: file.password if it is encrypted.
        """
        mime = MimeReader()
        entity = mime.read(data)
        if mime.is_cut:
            self.joiner.warn(_TOO_DEEP)
        if not entity.headers or not entity.headers.keys() & {
            "from",
            "to",
            "subject",
            "date",
            "content-type",
            "received",
        }:
            return None
        gathered = _Gathered()
        gathered.take(entity)
        headers = [(label, decoded_words(entity.headers.get(name, ""))) for name, label in _SHOWN]
        return Mail(
            tuple((label, value) for label, value in headers if value),
            decoded_words(entity.headers.get("subject", "")),
            tuple(gathered.body),
            tuple(gathered.attached),
        )

    def add(self, mail: Mail, *, depth: int = 0) -> None:
        """Add a mail, then what is attached to it."""
        self.joiner.add(_written(mail), kind="message", label=safe_text(mail.subject))
        for attached in mail.attached:
            self._left_files -= 1
            self._left_bytes -= len(attached.data)
            if self._left_files < 0 or self._left_bytes < 0 or time.monotonic() > self._until_s:
                self.joiner.warn("it holds more attachments than are read")
                return
            self._attachment(attached, depth + 1)

    def document(self, media_type: str, mail: Mail | None) -> Document:
        """Finish; the title and properties are those of the one mail."""
        headers = dict(mail.headers) if mail is not None else {}
        return self.joiner.document(
            media_type=media_type,
            parser="mail",
            title=safe_text(mail.subject) if mail is not None else "",
            properties=[
                ("author", safe_text(headers.get("From", ""))),
                ("created", iso_date(headers.get("Date", ""))),
            ],
        )

    def _attachment(self, attached: Attached, depth: int) -> None:
        if depth > _MOST_DEPTH:
            self.joiner.warn(_TOO_DEEP)
            return
        media_type = sniff(attached.data, media_type_for(attached.name))
        try:
            if attached.mail is not None:
                self.add(attached.mail, depth=depth)
            elif media_type == EML:
                mail = self.unpack(attached.data)
                if mail is not None:
                    self.add(mail, depth=depth)
            elif media_type == MSG:
                from studiolo_indexer.parsers.mail.outlook import unpack_msg

                self.add(unpack_msg(attached.data), depth=depth)
            elif media_type is not None and media_type != MBOX and not media_type.startswith("image/"):
                document = _read(attached)
                self.joiner.add(document, kind="message", label=safe_text(attached.name), level=1)
        except FileFailure as failure:
            self.joiner.warn(f"attachment {safe_text(attached.name)}: {failure.reason}")


def _read(attached: Attached) -> Document:
    """Read a file as the extractor would; a parser that fails on it fails for this file alone.

    Raises:
        FileFailure: As the parser of the file.
    """
    from studiolo_indexer.extract_worker import answer

    reply = answer({"op": "extract", "name": attached.name}, attached.data)
    if "failure" in reply:
        raise FileFailure(reply["failure"]["code"], reply["failure"]["reason"])
    document: Document = reply["document"]
    return document


def _written(mail: Mail) -> Document:
    """Write a mail: subject, headers, the names of what is attached, the text."""
    builder = TextBuilder()
    builder.block(mail.subject, level=1)
    lines = [f"{label}: {value[:_SHOWN_CHARS]}" for label, value in mail.headers]
    names = ", ".join(attached.name for attached in mail.attached if attached.name)
    lines += [f"Attachments: {names[:_SHOWN_CHARS]}"] if names else []
    builder.block("\n".join(lines))
    warnings: list[str] = []
    for piece in mail.body:
        if piece.is_page:
            warnings += read_page(builder, piece.text, below=1).warnings
        else:
            builder.block(piece.text)
    return builder.document(media_type=EML, parser="mail", warnings=dict.fromkeys(warnings))


def preferred(texts: list[Piece], pages: list[Piece]) -> list[Piece]:
    """Choose between the plain text of a mail and the same as a page: the text, unless it says much less."""
    if not texts or not pages:
        return texts or pages
    text = " ".join(piece.text for piece in texts)
    if len(text) >= _STUB_CHARS:
        return texts
    page = TextBuilder()
    for piece in pages:
        read_page(page, piece.text)
    words = len(page.document(media_type=EML, parser="mail").text.split())
    return texts if len(text.split()) * 2 >= words else pages


class _Gathered:
    """Takes a mail apart: what is shown as text, the same as a page, and what is attached."""

    def __init__(self) -> None:
        self.body: list[Piece] = []
        self.attached: list[Attached] = []

    def take(self, entity: Entity) -> None:
        """Take all parts; the depth is bounded by `MimeReader`.

        Raises:
            FileFailure: file.password if a part is encrypted.
        """
        kind = entity.content_type
        is_enveloped = entity.parameter("content-type", "smime-type") == "enveloped-data"
        if kind == "multipart/encrypted" or (kind.startswith("application/") and is_enveloped):
            raise FileFailure("file.password", "It is an encrypted mail.")
        if kind == "multipart/alternative":
            within = _Gathered()
            for child in entity.children:
                within.take(child)
            texts = [piece for piece in within.body if not piece.is_page]
            self.body += preferred(texts, [piece for piece in within.body if piece.is_page])
            self.attached += within.attached
        elif entity.children:
            for child in entity.children:
                self.take(child)
        elif kind == "message/rfc822":
            self.attached.append(Attached(entity.file_name or "mail.eml", entity.content()))
        elif not entity.is_attached and kind in _TEXTS and not entity.file_name:
            text = entity.text()
            if text.strip():
                self.body.append(Piece(text, kind == "text/html"))
        elif not (kind.startswith("image/") and "content-id" in entity.headers) and kind != "application/pgp-signature":
            self._attach(entity, kind)

    def _attach(self, entity: Entity, kind: str) -> None:
        name = entity.file_name
        if "." not in name and kind in _SUFFIXES:
            name = f"{name or 'attachment'}.{_SUFFIXES[kind]}"
        if name:
            self.attached.append(Attached(name, entity.content()))
