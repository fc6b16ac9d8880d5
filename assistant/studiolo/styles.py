"""Answer styles: named profiles of how an answer is written, kept in a TOML file, chosen for each collection; light.

A style decides the words of the prompt and the form of the answer, never what is found (the question alone does) and
never the rules about sources. What an answer must look like is said without regular expressions: a form, limits, the
beginnings of lines that must be there, and a pattern of wildcards for each line (line_patterns.py). A regular
expression of a user may run for hours over a short text, and Python cannot stop one that runs.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from studiolo.errors import AssistantError
from studiolo.paths import write_atomically
from studiolo.toml_text import write_toml

VERSION = 1
StyleForm = Literal["prose", "bullets", "table", "letter"]
FORMS: tuple[StyleForm, ...] = get_args(StyleForm)

MAX_STYLES = 100
MAX_FILE_BYTES = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MAX_TITLE = 80
_MAX_INSTRUCTIONS = 600  # some 150 tokens of a prompt of 900
_MAX_REQUIRED = 12
_MAX_LINE = 80
_MAX_SENTENCES = 50
_MAX_WORDS = 2000
_HEAD = (
    "# The answer styles of Studiolo. Edit this file as you like; `studiolo styles show short` prints an example.\n"
    "# Comments are not kept when `studiolo styles` changes it.\n"
)


@dataclass(frozen=True, slots=True)
class Style:
    """How an answer is written.

    0 and empty mean: no such limit, nothing required. `required` are beginnings of lines (headings or fields; in a
    table the names of columns); `line_pattern` is what each line must look like. `salutation` and `closing` count in
    letters alone.
    """

    name: str
    title: str = ""
    instructions: str = ""
    form: StyleForm = "prose"
    max_sentences: int = 0
    max_words: int = 0
    required: tuple[str, ...] = ()
    line_pattern: str = ""
    salutation: str = "Dear Sir or Madam,"
    closing: str = "Yours faithfully,"
    builtin: bool = False

    @property
    def has_lines(self) -> bool:
        """Whether line ends mean something in its answers; else they are sentences in a row."""
        return self.form != "prose" or bool(self.required or self.line_pattern)

    @property
    def has_format(self) -> bool:
        """Whether there is anything that an answer could fail to be."""
        return self.has_lines or bool(self.max_sentences or self.max_words)

    def as_dict(self) -> dict[str, object]:
        """Give the record that is printed and sent."""
        return {**dataclasses.asdict(self), "required": list(self.required)}


STANDARD = Style("standard", "One to three sentences", builtin=True)
BUILTIN = (
    STANDARD,
    Style("short", "One sentence", max_sentences=1, builtin=True),
    Style(
        "detailed",
        "A full answer",
        "Give the conditions, exceptions, amounts and dates that the sources state.",
        max_sentences=8,
        builtin=True,
    ),
    Style("table", "A table", form="table", max_sentences=8, builtin=True),
    Style("letter", "A formal letter", form="letter", max_sentences=6, builtin=True),
)
_BUILTIN_NAMES = frozenset(style.name for style in BUILTIN)
_KEYS = tuple(f.name for f in dataclasses.fields(Style) if f.name not in ("name", "builtin"))


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles, built-in ones first, and which one is used where nobody names one."""

    styles: tuple[Style, ...] = BUILTIN
    default: str = STANDARD.name
    by_collection: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> Style:
        """Give a style by its name; capitals do not matter.

        Raises:
            AssistantError: `style.unknown`.
        """
        for style in self.styles:
            if style.name == name.strip().casefold():
                return style
        raise AssistantError("style.unknown", name)

    def of_scope(self, name: str | None, collections: Sequence[str]) -> Style:
        """Give the style of an answer: the named one, else the collections' own if they agree, else the default.

        Raises:
            AssistantError: `style.unknown`.
        """
        if name is not None:
            return self.get(name)
        chosen = dict(self.by_collection)
        wanted = {chosen.get(collection, self.default) for collection in collections}
        return self.get(wanted.pop() if len(wanted) == 1 else self.default)

    def as_dict(self) -> dict[str, object]:
        """Give the document of `styles list`."""
        return {
            "styles": [style.as_dict() for style in self.styles],
            "default": self.default,
            "collections": dict(self.by_collection),
        }


def load_styles(path: Path) -> Styles:
    """Read the styles; a missing file means the built-in ones, keys that this version does not know are left alone.

    Raises:
        AssistantError: `styles.damaged` if the file is no TOML, or a style in it is none; it is left as it is.
    """
    body = _read(path)
    own = []
    for name, values in _table(body, "styles").items():
        if not isinstance(values, dict):
            raise AssistantError("styles.damaged", f"styles.{name} must be a table")
        try:
            own.append(checked_style(name, values))
        except AssistantError as error:
            raise AssistantError("styles.damaged", str(error)) from error
    styles = Styles(
        styles=(*BUILTIN, *own),
        default=_text_of(body.get("use", STANDARD.name), "use"),
        by_collection=tuple((c, _text_of(n, c)) for c, n in _table(body, "collections").items()),
    )
    known = {style.name for style in styles.styles}
    missing = {name for name in (styles.default, *dict(styles.by_collection).values()) if name not in known}
    if missing or len(own) > MAX_STYLES:
        what = f"there is no style {min(missing)}" if missing else f"more than {MAX_STYLES} styles"
        raise AssistantError("styles.damaged", what)
    return styles


def checked_style(name: str, values: Mapping[str, object]) -> Style:
    """Make a style of untrusted values.

    Raises:
        AssistantError: `style.bad` with what is wrong; `style.builtin` if a built-in style has that name.
    """
    if name in _BUILTIN_NAMES:
        raise AssistantError("style.builtin", name)
    if not _NAME.fullmatch(name):
        raise AssistantError(
            "style.bad", f"{name[:50]!r} is no name (small letters a-z, digits and hyphens, at most 40)"
        )
    known = {key: _checked(name, key, value) for key, value in values.items() if key in _KEYS}
    style = Style(name, **known)
    if style.form not in FORMS:
        raise AssistantError("style.bad", f"{name}: form must be {', '.join(FORMS[:-1])} or {FORMS[-1]}")
    return style if style.title else dataclasses.replace(style, title=name)


def add_style(path: Path, style: Style, *, replace: bool = False) -> None:
    """Keep a style of the user's own.

    Raises:
        AssistantError: `style.exists` if there is one of that name and it is not to be replaced; as `load_styles`.
        OSError: If the file cannot be written.
    """
    before = load_styles(path)
    own = [s.name for s in before.styles if not s.builtin]
    if style.name in own and not replace:
        raise AssistantError("style.exists", style.name)
    if style.name not in own and len(own) >= MAX_STYLES:
        raise AssistantError("style.bad", f"there are {MAX_STYLES} styles already")
    body = _read(path)
    # What a newer version has written into the style stays.
    unknown = {k: v for k, v in _table(_table(body, "styles"), style.name).items() if k not in _KEYS}
    plain = Style(style.name)
    chosen = {key: getattr(style, key) for key in _KEYS if getattr(style, key) != getattr(plain, key)}
    if chosen.get("title") == style.name:
        del chosen["title"]
    _write(path, body | {"styles": _table(body, "styles") | {style.name: chosen | unknown}})


def remove_style(path: Path, name: str) -> Style:
    """Remove a style of the user's own; collections that used it get the default, and the default becomes `standard`.

    Raises:
        AssistantError: `style.unknown`, or `style.builtin` if it came with the program; as `load_styles`.
        OSError: If the file cannot be written.
    """
    style = load_styles(path).get(name)
    if style.builtin:
        raise AssistantError("style.builtin", style.name)
    body = _read(path)
    body["styles"] = {n: s for n, s in _table(body, "styles").items() if n != style.name}
    body["collections"] = {c: n for c, n in _table(body, "collections").items() if n != style.name}
    if body.get("use") == style.name:
        del body["use"]
    _write(path, body)
    return style


def use_style(path: Path, name: str, collection: str | None) -> Style:
    """Choose the style of a collection's answers; without a collection, of all that have none of their own.

    Raises:
        AssistantError: `style.unknown`; as `load_styles`.
        OSError: If the file cannot be written.
    """
    style = load_styles(path).get(name)
    body = _read(path)
    if collection is None:
        body["use"] = style.name
    else:
        body["collections"] = _table(body, "collections") | {collection: style.name}
    _write(path, body)
    return style


def use_no_style(path: Path, collection: str) -> None:
    """Take back the choice of a collection: its answers get the default style.

    Raises:
        AssistantError: As `load_styles`.
        OSError: If the file cannot be written.
    """
    load_styles(path)
    body = _read(path)
    body["collections"] = {c: n for c, n in _table(body, "collections").items() if c != collection}
    _write(path, body)


def _read(path: Path) -> dict[str, Any]:  # Any: untrusted TOML, checked where it is used
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise AssistantError("styles.damaged", f"{path.name} is larger than 1 MB")
        return tomllib.loads(data.decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AssistantError("styles.damaged", f"{path.name}: {error}") from error


def _write(path: Path, body: Mapping[str, object]) -> None:
    ordered = {"version": VERSION, **{k: v for k, v in body.items() if k != "version"}}
    kept = {k: v for k, v in ordered.items() if k not in ("styles", "collections") or v}
    write_atomically(path, (_HEAD + write_toml(kept)).encode("utf-8"))


def _table(body: Mapping[str, Any], name: str) -> dict[str, Any]:  # Any: untrusted TOML
    table = body.get(name, {})
    if not isinstance(table, dict):
        raise AssistantError("styles.damaged", f"{name} must be a table")
    return table


def _text_of(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise AssistantError("styles.damaged", f"{where} must name a style")
    return value


_LONGEST = {
    "title": _MAX_TITLE,
    "instructions": _MAX_INSTRUCTIONS,
    "form": _MAX_TITLE,
    "line_pattern": _MAX_LINE,
    "salutation": _MAX_LINE,
    "closing": _MAX_LINE,
}
_HIGHEST = {"max_sentences": _MAX_SENTENCES, "max_words": _MAX_WORDS}


def _checked(style: str, key: str, value: object) -> Any:  # Any: the type that the field of Style has
    if key in _HIGHEST:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST[key]:
            raise AssistantError("style.bad", f"{style}: {key} must be a number from 0 to {_HIGHEST[key]}")
        return value
    if key == "required":
        if not isinstance(value, list | tuple) or len(value) > _MAX_REQUIRED:
            raise AssistantError("style.bad", f"{style}: required must be a list of at most {_MAX_REQUIRED} lines")
        lines = tuple(_checked_text(style, key, line, _MAX_LINE) for line in value)
        if not all(any(c.isalnum() for c in line) for line in lines):
            raise AssistantError("style.bad", f"{style}: what is required must hold a letter or a digit")
        return lines
    return _checked_text(style, key, value, _LONGEST[key])


def _checked_text(style: str, key: str, value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise AssistantError("style.bad", f"{style}: {key} must be text")
    text = value.strip()
    if len(text) > longest:
        raise AssistantError("style.bad", f"{style}: {key} has {len(text)} characters, at most {longest} are taken")
    allowed = "\n\t" if key == "instructions" else ""
    if any(not c.isprintable() and c not in allowed for c in text):
        raise AssistantError("style.bad", f"{style}: {key} must be printable text")
    return text
