"""The only place that words errors: a stable code, a sentence for people and a hint; light to import.

Exceptions of the other packages carry `code`; their message is for the log. What people read is made here, from
the code and the exception's text, so that the command line, the window and the log say the same.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import traceback
from dataclasses import dataclass

log = logging.getLogger(__name__)

EXIT_PROBLEM = 1
EXIT_USAGE = 2
EXIT_ENVIRONMENT = 3


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What is printed, shown and logged of an error."""

    code: str
    message: str
    hint: str

    def as_dict(self) -> dict[str, str]:
        """Give the form that travels in JSON."""
        return {"code": self.code, "message": self.message, "hint": self.hint}

    @property
    def exit_code(self) -> int:
        """Tell how a command ends with this error: 2 for wrong usage, 1 for a file's fault, else 3."""
        if self.code in _USAGE:
            return EXIT_USAGE
        return EXIT_PROBLEM if self.code.startswith("file.") else EXIT_ENVIRONMENT


class AssistantError(Exception):
    """An error of the assistant's own; `code` chooses the sentence, the text fills it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code


# code: (sentence, hint); "{}" is the exception's own text
_WORDS: dict[str, tuple[str, str]] = {
    "command.not_yet": ("{} is not there yet.", "It comes with a later version; everything else works."),
    "question.empty": ("There is no question.", "Write what you would like to know."),
    "question.no_words": ("There is no word to look for.", "Write the words that must stand in a document, or a phrase in quotes."),
    "question.only_filters": ("There is no question beside the filters.", "Write what you would like to know; `studiolo search` lists documents by filters alone."),
    "question.bad_filter": ("A filter cannot be understood: {}.", "Write after:2025-01 or before:31.12.2025, under:\"My Folder\", type:pdf; what stands in quotes is looked for as words."),
    "question.not_a_filter": ("This was looked for as words, and filters nothing: {}.", "Filters are type:pdf, under:folder, from:sender, name:invoice, after:2025-01 and before:2025-06-30."),
    "question.bad_cursor": ("This examination cannot be continued: {}.", "Start it again from the beginning."),
    "question.bad_file": ("The question file cannot be read: {}", "One JSON object a line, each with id and question."),
    "question.file_changed": ("The question file was changed by somebody else meanwhile: {}.", "Every decision before this one is in it; start again to go on."),
    "question.unknown": ("This question does not wait in the file any more: {}.", "It was decided on already, or somebody else changed the file."),
    "question.bad_decision": ("A question cannot be decided on like this: {}.", "Keep it with its question, or drop it."),
    "question.bad_mode": ("There is no search mode {}.", "Use hybrid, vector or text."),
    "question.bad_k": ("{} passages cannot be found.", "Ask for one or more."),
    "question.bad_state": ("Files have no state {}.", "Use indexed, skipped, failed or pending."),
    "question.bad_order": ("Files cannot be ordered by {}.", "Use path, name, size or indexed_at."),
    "evaluation.bad_side": (
        "This cannot be compared: {}.",
        "Give two sides, like base,adapter:letters; each is a saved run's .json file, or words that `studiolo eval --help` names.",
    ),
    "evaluation.bad_run": ("The saved run cannot be read: {}.", "Give a file that `studiolo eval --save` wrote."),
    "evaluation.unknown_run": ("This run is not kept any more: {}.", "It was deleted, or removed with a folder that it measured."),
    "evaluation.different_questions": ("The runs have no question in common: {}.", "Compare runs of the same question set."),
    "settings.bad_speed": ("Indexing has no speed {}.", "Use full or gentle."),
    "history.unknown": ("There is no past answer {}.", "It may have been removed together with its folder."),
    "history.no_conversation": ("There is no conversation {}.", "It may have been removed, or with the folder that it quotes."),
    "history.bad_format": ("A conversation cannot be written as {}.", "Use markdown, html or json."),
    "history.bad_rating": ("An answer cannot be rated {}.", "Use up or down, or null to take it back."),
    "path.bad": ("This is no path: {}.", "Give the path of a file or a folder."),
    "output.unwritable": ("The results cannot be written: {}.", "Name a file in a folder that exists and that you may write to."),
    "output.full": ("The disk is full; nothing was written to {}.", "Free some space, or choose another place."),
    "output.exists": ("The file is there already: {}.", "Name a new file; what you have confirmed in this one stays."),
    "folder.missing": ("There is no folder at {}.", "Check the path, or plug the drive in."),
    "folder.not_a_directory": ("{} is a file, not a folder.", "Give the folder that the file lies in."),
    "folder.unreadable": ("The folder {} may not be read.", "Ask its owner for the right to list and read it."),
    "folder.refused": ("This folder is never indexed: {}.", "Choose a folder that holds documents, not keys or system files."),
    "folder.overlaps": ("This folder overlaps a watched one: {}.", "Remove the other folder first, or choose another."),
    "ignore.bad_pattern": ("This cannot be left out: {}.", "Patterns are written as in a .gitignore file, like *.log or drafts/."),
    "folder.unknown": ("The folder {} is not watched.", "`studiolo files` shows what is watched."),
    "folder.offline": ("The folder {} cannot be reached.", "Its passages stay; plug it in or mount it to bring it up to date."),
    "file.unknown": ("The file is not in the index: {}.", "Only files of watched folders can be named here."),
    "file.vanished": ("The file is no longer there: {}", "It was moved or deleted after it was found."),
    "file.unreadable": ("The file cannot be read: {}", "Check that it exists and that you may read it."),
    "original.elsewhere": ("This is no longer the file that was read: {}.", "It, or a folder above it, is a link now. Look at where it leads before you open it."),
    "original.no_document": ("Files of this kind are not opened from here: {}.", "Programs, scripts, shortcuts and files with macros can do harm. Its folder can be shown."),
    "original.is_program": ("It is named like a document, and is a program, a script or a shortcut: {}.", "It is not opened. Ask whoever gave it to you."),
    "original.not_opened": ("No program could be started for {}.", "Its folder can be shown; open it from there."),
    "original.not_shown": ("No file manager could be started for {}.", "Its whole path is in the details of the ledger."),
    "collection.unknown": ("There is no collection {}.", "`studiolo files` shows the collections."),
    "store.locked": (
        "Another Studiolo is using this data folder.",
        "Close the app (or the other command), or use another --home.",
    ),
    "store.full": ("The disk is full; indexing has stopped.", "Free some space; nothing that was indexed is lost."),
    "store.unwritable": ("The data folder cannot be written: {}", "Check its owner and its rights, or use another --home."),
    "store.damaged": ("The index cannot be opened: {}", "Run `studiolo doctor`; removing the index folder builds it anew."),
    "settings.damaged": ("The settings cannot be read: {}", "Mend or remove settings.toml; it is left as it is."),
    "setting.unknown": ("There is no setting {}.", "`studiolo settings list` names them all."),
    "setting.bad": ("This cannot be set: {}.", "`studiolo settings list` says what each setting takes."),
    "storage.not_purged": ("This is not removed from here: {}.", "Use history, cache or logs; removing a folder purges its index."),
    "style.unknown": ("There is no style {}.", "`studiolo styles list` shows them."),
    "style.exists": ("There is a style {} already.", "Choose another name, or give --replace."),
    "style.builtin": ("The style {} comes with the program and stays as it is.", "Make one of your own from it: `studiolo styles add NAME --like STYLE`."),
    "style.bad": ("This is no style: {}.", "`studiolo styles add --help` says what a style may hold."),
    "styles.damaged": ("The styles cannot be read: {}.", "Mend or remove styles.toml; it is left as it is."),
    "model.missing": ("No model is there for this: {}.", "`make setup` installs the starter models; `studiolo models add FILE` adds your own."),
    "model.file_gone": ("The model's file has gone: {}.", "Put it back, or remove the model and add it again."),
    "model.changed": ("The model's file has changed since it was added: {}.", "Add it again if the change was wanted."),
    "model.damaged": ("The model file is damaged: {}.", "Copy it again from where it came."),
    "model.unsupported": ("This model cannot be used here: {}.", "Choose another model for this task."),
    "model.load_failed": ("The model could not be loaded: {}.", "Close other programs to free memory, or choose a smaller model."),
    "model.prompt_too_long": ("The question does not fit the model: {}.", "Ask a shorter question."),
    "model.training_extra_missing": ("Compiling a model needs the training extra.", "Install it with: pip install 'studiolo[training]'"),
    "model.worker_failed": ("The model worker ended without a result: {}.", "The log tells why; try again with other programs closed."),
    "model.wrong_base_for_lora": ("This adapter belongs to another model: {}.", "Choose the model that the adapter was trained for."),
    "adapter.bad_scale": ("An adapter cannot be scaled by {}.", "Give a number from 0 to 2; 1 is as it was trained."),
    "model.store_unwritable": ("The model cannot be stored: {}.", "Free some space, or check the rights of the data folder."),
    "reranker.failed": (
        "The reranker {} cannot be used; the passages keep their first order.",
        "`studiolo models verify NAME` checks its files; `studiolo models use --no-reranker` does without one.",
    ),
    "engine.crashed": ("The engine ended unexpectedly.", "It is started again; ask once more."),
    "protocol.error": ("A message could not be understood: {}.", "Window and engine must be of the same version."),
    "request.unknown_target": ("There is nothing to stop.", "It has ended already."),
}  # fmt: skip
_USAGE = frozenset(
    "folder.missing folder.not_a_directory folder.refused folder.overlaps folder.unknown file.unknown file.vanished "
    "collection.unknown question.empty question.bad_file question.bad_mode question.bad_k question.bad_state question.bad_order "
    "question.no_words question.only_filters question.bad_filter question.not_a_filter question.bad_cursor "
    "evaluation.bad_side evaluation.bad_run evaluation.different_questions evaluation.unknown_run adapter.bad_scale "
    "question.unknown question.bad_decision "
    "history.unknown history.no_conversation history.bad_format history.bad_rating settings.bad_speed setting.unknown setting.bad storage.not_purged ignore.bad_pattern command.not_yet path.bad output.unwritable "
    "output.exists question.file_changed style.unknown style.exists style.builtin style.bad".split()
)


# Codes of the ledger: (what they have in common, what can be done); the reason itself stands with each file.
_FILE_CODES: dict[str, tuple[str, str]] = {
    "file.password": ("Locked with a password", "Save a copy without the password into the folder, or leave the file out."),
    "file.damaged": ("Damaged", "Open it in the program that made it and save it anew, or copy it again from where it came."),
    "file.no_text": ("No text in it", "It is read again when it changes; a picture without words has nothing to search."),
    "file.unsupported": ("Kinds that are not read", "Save it as PDF or as text beside the original, if it should be searched."),
    "file.needs_libreoffice": ("Needs LibreOffice", "Install LibreOffice, or save it in a newer format; then try again."),
    "file.too_large": ("Too large", "Divide it into smaller files."),
    "file.output_too_large": ("Too much text", "Divide it into smaller files."),
    "file.bomb": ("Unpacks to too much", "It is not read, since it could exhaust this computer. Ask where it comes from."),
    "file.timeout": ("Took too long", "Try it again while the computer is less busy, or divide it into smaller files."),
    "file.memory": ("Needs too much memory", "Divide it into smaller files, or try it again with other programs closed."),
    "file.parser_crashed": ("The reader failed", "Try it again. If it fails each time, save it anew in the program that made it."),
    "file.changed_while_reading": ("Was being written", "It is read with its next change, or when you try it again."),
    "file.unreadable": ("May not be read", "Check that you may open it yourself, then try it again."),
    "file.vanished": ("Gone while it was read", "It goes from this list with the next look at its folder."),
    "file.special": ("No ordinary file", "Nothing can be done: it holds no document."),
    "file.link": ("Links", "What it points to is read where it lies, if that folder is watched."),
    "file.hidden": ("Hidden", "Give it a name that does not begin with a dot, if it should be read."),
    "file.online_only": ("In the cloud alone", "Let your cloud program keep it on this computer; it is read then."),
    "file.partly_read": ("Being read", "Nothing needs to be done: the rest follows by itself."),
    "file.ocr_waiting": ("Scans that wait", "Nothing needs to be done: its pages are recognised when all else is read."),
    "file.vectors_waiting": ("Being embedded", "Nothing needs to be done: it follows by itself."),
    "folder.hidden": ("Hidden folders", "Give the folder a name that does not begin with a dot, if it should be read."),
    "folder.excluded": ("Folders of programs", "Such folders hold no documents. Move yours elsewhere, if some lie in it."),
    "folder.unreadable": ("Folders that may not be read", "Ask the folder's owner for the right to list and read it."),
    "ignored.pattern": ("Left out by a pattern", "Change what is left out of its folder, or the folder's .studioloignore file."),
    "ignore.too_large": ("Patterns that are not obeyed", "Make the .studioloignore file smaller than 256 KB."),
    "ignore.unreadable": ("Patterns that are not obeyed", "Mend the .studioloignore file: it must be plain text in UTF-8."),
}  # fmt: skip


def file_kind(code: str) -> str:
    """Name what files with a code of the ledger have in common; the code itself where there is no word for it."""
    return _FILE_CODES.get(code, (code, ""))[0]


def file_advice(code: str) -> str:
    """Say what can be done about a file with a code of the ledger; empty where nothing is known."""
    return _FILE_CODES.get(code, ("", ""))[1]


def report(error: BaseException) -> ErrorReport:
    """Word an error for people; one that nobody expected becomes `bug.unexpected` with an id, and is logged."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and code in _WORDS:
        sentence, hint = _WORDS[code]
        # A FileFailure's own text begins with its code, which is for the log.
        text = str(getattr(error, "reason", error))
        return ErrorReport(code, sentence.replace("{}", text.rstrip(".")), hint)
    if isinstance(code, str) and code.startswith("file."):
        return ErrorReport(code, str(getattr(error, "reason", error)), "The other files are not affected.")
    if isinstance(error, OSError):
        return _report_os_error(error)
    return _report_bug(error)


def _report_os_error(error: OSError) -> ErrorReport:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return report(AssistantError("store.full"))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR):
        return report(AssistantError("store.unwritable", f"{error.strerror}: {error.filename}"))
    return _report_bug(error)


def _report_bug(error: BaseException) -> ErrorReport:
    where = traceback.format_exception(error)
    bug_id = hashlib.sha256("".join(where).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    # The traceback holds code, no text of documents; the message is left out, since it may hold some (S17).
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("bug %s: %s\n%s", bug_id, type(error).__name__, frames)
    return ErrorReport(
        "bug.unexpected",
        f"Something went wrong that should not have ({bug_id}, {type(error).__name__}).",
        "The log in the data folder says where; please report it with this id.",
    )
