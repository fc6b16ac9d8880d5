"""What is different between two answers to one question, in sentences; pure."""

from __future__ import annotations

from collections.abc import Mapping

from studiolo_desktop.words import file_name, number_of, one_line, rows_of, text_of

_SAME = "It says the same as the answer before."
_CHANGED = "Changed since the answer before: {files}."
_OTHERS = "It rests on other files: {files}."
_MODEL = "Another model answered: {model}."
_OTHERWISE = "The files that it cites are the same; it is worded otherwise."
_SHOWN_FILES = 3


def what_changed(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """Say what is different in an answer that took the place of another one."""
    was, now = _versions(before), _versions(after)
    changed = [path for path, sha256 in now.items() if was.get(path, sha256) != sha256]
    others = [path for path in now if path not in was]
    said = []
    if changed:
        said.append(_CHANGED.format(files=_named(changed)))
    if others:
        said.append(_OTHERS.format(files=_named(others)))
    model = text_of(after, "model")
    if model and text_of(before, "model") and model != text_of(before, "model"):
        said.append(_MODEL.format(model=one_line(model)))
    if text_of(before, "answer") == text_of(after, "answer"):
        return " ".join([_SAME, *said])
    return " ".join(said) or (_OTHERWISE if now else "")


def _versions(answer: Mapping[str, object]) -> dict[str, str]:
    return {
        text_of(row, "path"): text_of(row, "sha256") for row in rows_of(answer, "citations") if number_of(row, "number")
    }


def _named(paths: list[str]) -> str:
    names = [file_name(path) for path in paths[:_SHOWN_FILES]]
    return ", ".join(names) + (" …" if len(paths) > _SHOWN_FILES else "")
