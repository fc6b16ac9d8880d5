"""What can go wrong with files and the store: one class a code; the sentence for people is made in `studiolo.errors`.

`FileFailure` is the file's fault and becomes a ledger row. `IndexerError` is the environment's and stops the operation.
"""

from __future__ import annotations

NO_TEXT = "file.no_text"
NO_TEXT_REASON = "It holds pictures of text (a scan), or nothing; it has no text to search."
STOPPED = "file.stopped"
NEEDS_LIBREOFFICE = "file.needs_libreoffice"
PARTLY_READ = "file.partly_read"
PARTLY_READ_REASON = "Its first pages can be searched; the others are being read."
READ_AGAIN_REASON = "All of it can be searched; it is read again, since texts are cut in another way now."
OCR_WAITING = "file.ocr_waiting"
OCR_WAITING_REASON = "Pages of it are pictures of text, and wait to be recognised."
VECTORS_WAITING = "file.vectors_waiting"
VECTORS_WAITING_REASON = "It is found by its words; its passages wait to be embedded, to be found by their meaning."

NOT_READ_YET = "file.not_read_yet"
NOT_READ_YET_REASON = "It was not read yet."
CHANGED_SINCE = "file.changed_since"
CHANGED_SINCE_REASON = "It has changed; the version that was read before it did was examined."
READ_WITH_LOSS = "file.read_with_loss"


class FileFailure(Exception):
    """A file cannot be indexed; carries a stable code and the sentence for the ledger.

    Codes: file.password, file.damaged, file.too_large, file.changed_while_reading, file.unreadable, file.vanished,
    file.timeout, file.memory, file.parser_crashed, file.output_too_large, file.no_text, file.bomb,
    file.needs_libreoffice.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class IndexerError(Exception):
    """The environment's fault; stops the operation."""

    code = "index.error"


class FolderMissing(IndexerError):
    """The folder to watch does not exist."""

    code = "folder.missing"


class FolderNotADirectory(IndexerError):
    """What was given as a folder is a file."""

    code = "folder.not_a_directory"


class FolderUnreadable(IndexerError):
    """The folder exists and may not be listed."""

    code = "folder.unreadable"


class FolderRefused(IndexerError):
    """The folder holds credentials, system files or our own data, and is never indexed (S20)."""

    code = "folder.refused"


class FolderOverlaps(IndexerError):
    """The folder lies inside a watched one, or holds one."""

    code = "folder.overlaps"


class PatternsBad(IndexerError):
    """What should be left out of a folder is no pattern."""

    code = "ignore.bad_pattern"


class FolderUnknown(IndexerError):
    """The folder is not watched."""

    code = "folder.unknown"


class FileUnknown(IndexerError):
    """The file is not in the ledger, or lies outside every watched folder."""

    code = "file.unknown"


class FolderOffline(IndexerError):
    """A watched folder cannot be reached."""

    code = "folder.offline"


class OriginalElsewhere(IndexerError):
    """A path of the ledger leads somewhere else now, through a link."""

    code = "original.elsewhere"


class OriginalNoDocument(IndexerError):
    """The name of an original is not one of those that are handed to another program."""

    code = "original.no_document"


class OriginalIsProgram(IndexerError):
    """An original is named like a document, and is a program, a script or a shortcut."""

    code = "original.is_program"


class CollectionUnknown(IndexerError):
    """No folder belongs to a collection of that name."""

    code = "collection.unknown"


class FilterBad(IndexerError):
    """A filter in a query has a value that says nothing."""

    code = "question.bad_filter"


class StoreLocked(IndexerError):
    """Another engine owns this data folder."""

    code = "store.locked"


class StoreFull(IndexerError):
    """The disk is full; nothing was marked as broken."""

    code = "store.full"


class StoreUnwritable(IndexerError):
    """The data folder cannot be written."""

    code = "store.unwritable"


class StoreDamaged(IndexerError):
    """The catalogue or the store cannot be opened."""

    code = "store.damaged"


class Stopped(Exception):
    """The user stopped it: an event, never an error."""


def store_error(error: Exception) -> StoreFull | StoreUnwritable:
    """Give the error of ours that a library's error on writing means: its text alone says which."""
    text = str(error)
    full = "No space left" in text or "os error 28" in text or "Disk quota" in text
    return StoreFull(first_line(error)) if full else StoreUnwritable(first_line(error))


def first_line(error: Exception) -> str:
    """Give the beginning of a library's message."""
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
