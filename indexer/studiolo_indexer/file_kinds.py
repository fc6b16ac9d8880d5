"""The words for kinds of files in `type:`: extensions, and families such as word, excel or mail; pure."""

from __future__ import annotations

from dataclasses import dataclass

from studiolo_indexer import media_types as m

_ALIKE = (
    "jpg jpeg jpe jfif", "tif tiff", "htm html xhtml xht mht mhtml", "md markdown mdown", "yaml yml", "mbox mbx",
    "docx docm dotx dotm", "pptx pptm ppsx ppsm potx potm", "xlsx xlsm xltx xltm",
)  # fmt: skip
# A type that the first bytes of a file tell, whatever its name promises.
_TOLD_BY_BYTES = frozenset(
    (m.PDF, m.DOCX, m.DOC, m.ODT, m.RTF, m.XLSX, m.XLS, m.XLSB, m.ODS, m.PPTX, m.PPT, m.ODP, m.ODG)
)
_MAILBOXES = frozenset("mbox mbx".split())
_MAILS = frozenset("eml msg".split())
_WEB = frozenset("mht mhtml".split())

# names, then the media types
_FAMILIES = (
    ("word", frozenset((m.DOCX, m.DOC, m.ODT, m.RTF))),
    ("excel sheet sheets spreadsheet spreadsheets tabelle tabellen", frozenset((m.XLSX, m.XLS, m.XLSB, m.ODS))),
    ("slides slide powerpoint presentation presentations folien", frozenset((m.PPTX, m.PPT, m.ODP))),
    ("mail mails email emails e-mail e-mails", frozenset((m.EML, m.MSG, m.MBOX))),
    ("image images picture pictures photo photos bild bilder foto fotos scan scans", m.PICTURES),
    ("text texts", frozenset((m.PLAIN, m.MARKDOWN, m.RST, m.ASCIIDOC, m.LATEX))),
    ("code source", frozenset((m.SOURCE, m.NOTEBOOK))),
    ("data daten", frozenset((m.CSV, m.JSON, m.JSON_LINES, m.XML, m.SETTINGS))),
    ("ebook ebooks", frozenset((m.EPUB,))),
    ("pdfs", frozenset((m.PDF,))),
)
_RECOGNISED = frozenset("scan scans".split())


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files: the endings of their names, and what their bytes say; `recognised` takes scanned pages too."""

    suffixes: frozenset[str]
    media_types: frozenset[str]
    recognised: bool = False

    def holds(self, suffix: str, media_type: str | None, *, is_recognised: bool) -> bool:
        """Tell whether a file is of this kind.

        Args:
            suffix: What its name ends in, in small letters and without the dot.
            media_type: What was found in it; None where it was not read.
            is_recognised: Whether text of it was recognised from pictures.
        """
        return suffix in self.suffixes or media_type in self.media_types or (self.recognised and is_recognised)


def kind_named(word: str) -> FileKind | None:
    """Give the kind that a word names in any case, with or without a dot before it; None where it names none."""
    name = word.casefold().removeprefix(".")
    family = next((types for names, types in _FAMILIES if name in names.split()), None)
    if family is not None:
        suffixes = frozenset(s for s in m.SUPPORTED_SUFFIXES if m.media_type_for(f"a.{s}") in family) - _WEB
        return FileKind(suffixes, family & _TOLD_BY_BYTES, name in _RECOGNISED)
    if name not in m.SUPPORTED_SUFFIXES:
        return None
    alike = next((group for group in _ALIKE if name in group.split()), name)
    media_type = m.media_type_for(f"a.{name}")
    told = frozenset((media_type,)) if media_type in _TOLD_BY_BYTES and media_type is not None else frozenset()
    return FileKind(frozenset(alike.split()), told)


def is_single_mail(suffix: str) -> bool:
    """Tell whether a file is one mail, with one sender and one date."""
    return suffix in _MAILS


def is_mailbox(suffix: str) -> bool:
    """Tell whether a file holds many mails."""
    return suffix in _MAILBOXES
