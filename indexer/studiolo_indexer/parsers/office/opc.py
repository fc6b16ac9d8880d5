"""Office packages (DOCX, PPTX, XLSX): their parts, what relates them, and what the document says of itself.

Strict Office Open XML differs from the transitional form that all programs write by its namespaces alone, so they are
replaced before the XML is parsed, and the parsers know one set.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.containers import OLE_MARK, OleFile
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.archives import Archive, parse_xml

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT_MARK = b"http://purl.oclc.org/ooxml/"
_STRICT = tuple(
    (f'"http://purl.oclc.org/ooxml/{strict}"'.encode(), f'"http://schemas.openxmlformats.org/{usual}"'.encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("presentationml/main", "presentationml/2006/main"),
        ("spreadsheetml/main", "spreadsheetml/2006/main"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/chart", "drawingml/2006/chart"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
        ("drawingml/picture", "drawingml/2006/picture"),
        ("drawingml/spreadsheetDrawing", "drawingml/2006/spreadsheetDrawing"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
    )
)
_PROPERTIES = (
    ("author", "creator"),
    ("created", "created"),
    ("modified", "modified"),
    ("subject", "subject"),
    ("keywords", "keywords"),
    ("description", "description"),
)
# What a program writes there by itself is no title.
_NO_TITLE = re.compile(
    r"(?i)^(microsoft word|word[- ]document|powerpoint[- ]\S{1,30}|untitled.{0,4}|slide 1|folie 1)$|^microsoft word -|"
    r"\.(docx?|pptx?|xlsx?|od[tps]|rtf|dot|indd|tex)$"
)


class Package:
    """The parts of an Office file; a part that the text can do without may be damaged, and is named in `warnings`.

    Raises (on construction):
        FileFailure: file.password, file.damaged or file.bomb.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE_MARK):
            streams = OleFile(data).names
            if streams and "encryptedpackage" not in streams:
                raise FileFailure("file.damaged", "Its content is not what its name says.")
        self._archive = Archive(data)
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}
        self._parts = {name.replace("\\", "/").lower(): name for name in self._archive.names}
        self.warnings: list[str] = []
        self.names = tuple(self._archive.names)

    def main_part(self, usual: str) -> str:
        """Name the part that the package begins with; `usual` where it does not say so."""
        return next((part for part in self.related("", "officeDocument") if part in self), usual)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def read(self, part: str) -> bytes | None:
        """Unpack a part; None if there is none. A part is found whatever the case of its name.

        Raises:
            FileFailure: file.password, file.damaged or file.bomb.
        """
        name = self._parts.get(part.lower())
        content = None if name is None else read_member(self._archive, name)
        return content if content is None or _STRICT_MARK not in content else _as_transitional(content)

    def needed(self, part: str) -> etree._Element:
        """Parse a part without which there is no document.

        Raises:
            FileFailure: As `read`; file.damaged also where it is missing.
        """
        content = self.read(part)
        if content is None:
            raise FileFailure("file.damaged", "It holds no document.")
        return parse_xml(content)

    def optional(self, part: str | None) -> etree._Element | None:
        """Parse a part that the document can do without; None if it is missing or damaged.

        Raises:
            FileFailure: file.password or file.bomb.
        """
        try:
            content = self.read(part) if part is not None else None
            return None if content is None else parse_xml(content)
        except FileFailure as failure:
            if failure.code != "file.damaged":
                raise
            self.warnings.append(f"its part {posixpath.basename(part or '')} is damaged and was left out")
            return None

    def related(self, part: str, kind: str) -> list[str]:
        """Name the parts that a part points to by a kind of relation (its last word, as in `footnotes`)."""
        return [target for found, target in self._relations_of(part).values() if found == kind]

    def target(self, part: str, relation_id: str | None) -> str | None:
        """Name the part that a relation of a part points to; None for one that leads out of the package."""
        return self._relations_of(part).get(relation_id or "", ("", None))[1]

    def title(self) -> str:
        """Give the title that the document has in its properties; what a program put there by itself is none."""
        core = self._core()
        return own_title(_words(core, "title")) if core is not None else ""

    def properties(self) -> list[tuple[str, str]]:
        """Give what the document says of itself, as (name, value); dates as ISO text."""
        core = self._core()
        if core is None:
            return []
        found = [(name, _words(core, tag)) for name, tag in _PROPERTIES]
        return [(name, value) for name, value in found if value]

    def _core(self) -> etree._Element | None:
        parts = [*self.related("", "core-properties"), "docProps/core.xml"]
        return self.optional(next((part for part in parts if part in self), None))

    def _relations_of(self, part: str) -> dict[str, tuple[str, str]]:
        """Read the relations of a part, by id: (kind, name of the target part)."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            root = self.optional(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = dict(_relations(root, folder)) if root is not None else {}
        return self._relations[part]


def own_title(title: str) -> str:
    """Give a title that a person chose; nothing for what a program puts there by itself."""
    words = " ".join(title.split())
    return "" if _NO_TITLE.search(words) else words


def read_member(archive: Archive, name: str) -> bytes | None:
    """Unpack a member of an archive; None if there is none of that name.

    Raises:
        FileFailure: As `Archive.read`.
    """
    try:
        return archive.read(name)
    except zlib.error as error:  # zipfile lets it through
        raise FileFailure("file.damaged", "Its archive is damaged.") from error


def attribute(element: etree._Element | None, name: str) -> str:
    """Give an attribute of an element that may be missing; its text without white space around it."""
    return "" if element is None else (element.get(name) or "").strip()


def number(text: str | None, otherwise: int = 0) -> int:
    """Read a whole number of at most nine digits; `otherwise` for anything else."""
    text = (text or "").strip()
    digits = text[1:] if text[:1] in "+-" else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else otherwise


def is_on(element: etree._Element | None, name: str) -> bool:
    """Tell whether a switch is there and is not turned off by its value."""
    return element is not None and attribute(element, name).lower() not in ("0", "false", "off")


def chosen(alternatives: etree._Element) -> etree._Element | None:
    """Choose one branch of an AlternateContent: the first choice, or the fallback where there is none.

    Both say the same thing in two forms; reading both would write every text box twice.
    """
    choice = alternatives.find(f"{MC}Choice")
    return choice if choice is not None else alternatives.find(f"{MC}Fallback")


def _as_transitional(content: bytes) -> bytes:
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    return content


def _relations(root: etree._Element, folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for relation in root.iterchildren("{*}Relationship"):
        target = attribute(relation, "Target").replace("\\", "/")
        if attribute(relation, "TargetMode") != "External" and target:
            kind = attribute(relation, "Type").rstrip("/").rpartition("/")[2]
            place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            yield attribute(relation, "Id"), (kind, posixpath.normpath(place))


def _words(core: etree._Element, tag: str) -> str:
    return " ".join((core.findtext(f"{{*}}{tag}") or "").split())
