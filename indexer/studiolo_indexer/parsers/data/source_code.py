"""Source code: the file's own characters, in sections that begin at functions and classes."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Language, Node, Parser

from studiolo_indexer.media_types import SOURCE
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.records import Document, Heading, Part

# Of each suffix its grammar, and the function of the grammar's module that gives it.
_GRAMMARS = {
    "py": ("python", "language"), "pyi": ("python", "language"),
    "js": ("javascript", "language"), "mjs": ("javascript", "language"), "cjs": ("javascript", "language"),
    "jsx": ("javascript", "language"),
    "ts": ("typescript", "language_typescript"), "tsx": ("typescript", "language_tsx"),
    "java": ("java", "language"), "scala": ("scala", "language"), "go": ("go", "language"), "rs": ("rust", "language"),
    "c": ("c", "language"), "h": ("cpp", "language"),
    "cc": ("cpp", "language"), "cpp": ("cpp", "language"), "cxx": ("cpp", "language"),
    "hpp": ("cpp", "language"), "hh": ("cpp", "language"),
    "cs": ("c_sharp", "language"), "rb": ("ruby", "language"), "php": ("php", "language_php"),
    "sh": ("bash", "language"), "bash": ("bash", "language"),
}  # fmt: skip
# Of languages without a grammar here, the lines that define something.
_NAME = r"([A-Za-z_][\w.:-]*)"
_TYPES = r"fun|func|class|struct|interface|object|enum|protocol|extension|actor"
_LINES = {
    "zsh": rf"[ \t]*(?:function[ \t]+{_NAME}|{_NAME}[ \t]*\(\)[ \t]*(?:\{{|$))",
    "fish": rf"[ \t]*function[ \t]+{_NAME}",
    **dict.fromkeys("kt kts swift dart groovy".split(), rf"[ \t]*(?:@?\w+[ \t]+){{0,6}}(?:{_TYPES})[ \t]+{_NAME}"),
    "lua": rf"[ \t]*(?:local[ \t]+)?function[ \t]+{_NAME}",
    **dict.fromkeys("pl pm".split(), rf"[ \t]*(?:sub|package)[ \t]+{_NAME}"),
    "ps1": rf"[ \t]*(?:function|class)[ \t]+{_NAME}",
    "sql": r"[ \t]*create[ \t]+(?:\w+[ \t]+){0,4}(?:table|view|function|procedure|trigger|type|index)[ \t]+"
    r"(?:if[ \t]+not[ \t]+exists[ \t]+)?([\w.\"`\[\]]+)",
    "r": rf"{_NAME}[ \t]*(?:<-|=)[ \t]*function\b",
    "jl": rf"[ \t]*(?:function|struct|module)[ \t]+{_NAME}",
    **dict.fromkeys("ex exs".split(), rf"[ \t]*(?:defmodule|defp?|defmacro)[ \t]+{_NAME}"),
    "vb": rf"[ \t]*(?:\w+[ \t]+){{0,4}}(?:sub|function|class|module)[ \t]+{_NAME}",
    "proto": rf"[ \t]*(?:message|service|enum|rpc)[ \t]+{_NAME}",
    "tf": r"(?:resource|data|module|variable|output)[ \t]+(\"[\w.-]+\"(?:[ \t]+\"[\w.-]+\")?)",
}
_FUNCTIONS = frozenset(
    "function_definition function_declaration generator_function_declaration method_definition method_declaration "
    "constructor_declaration function_item method singleton_method local_function_statement".split()
)
_HOLDERS = frozenset(
    "class_definition class_declaration abstract_class_declaration class_specifier struct_specifier enum_specifier "
    "struct_declaration interface_declaration enum_declaration record_declaration trait_declaration trait_definition "
    "object_definition namespace_definition namespace_declaration internal_module impl_item struct_item enum_item "
    "trait_item mod_item class module type_declaration type_alias_declaration".split()
)
_WRAPPERS = frozenset("decorated_definition export_statement template_declaration".split())
_COMMENTS = frozenset("comment line_comment block_comment attribute_item".split())
_CLOSURES = frozenset("arrow_function function_expression function".split())
# Beyond these a file was made by a program (and the parsers recurse in C: {a:{a:{a:… takes the process with it).
_MOST_CHARS = 256 * 1024
_MOST_IN_A_LINE = 2_000
_MOST_NESTED = 200
_MOST_NODES = 200_000
_MOST_SECONDS = 5.0
_PIECE_BYTES = 1 << 16
_MOST_ANGLES = 40
_BRACKETS = re.compile(r"[\[\](){}<>;]")
_NAME_CHARS = 120


@dataclass(frozen=True, slots=True)
class _Definition:
    """A function or class: where its section begins and its name stands (bytes), its name with those around it."""

    start: int
    name_start: int
    name_end: int
    level: int
    label: str


def parse_source(data: bytes, name: str) -> Document:
    """Read source code; a language without a grammar, or code that is not written by hand, is one section.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    document = Document(
        media_type=SOURCE,
        parser="source",
        text=text,
        parts=(Part("section", "", 0, len(text)),),
    )
    suffix = name.rpartition(".")[2].lower()
    if not _is_written_by_hand(text):
        return document
    source = text.encode("utf-8")
    found: list[_Definition] = []
    if suffix in _LINES:
        found = list(_lines(source, re.compile(_LINES[suffix].encode(), re.IGNORECASE)))
    elif suffix in _GRAMMARS:
        module, function = _GRAMMARS[suffix]
        root = _parsed(Language(getattr(importlib.import_module(f"tree_sitter_{module}"), function)()), source)
        found = sorted(_definitions(root, source), key=lambda d: (d.start, d.name_start)) if root is not None else []
    return _sections(document, source, found) if found else document


def _lines(source: bytes, pattern: re.Pattern[bytes]) -> Iterator[_Definition]:
    """Find the lines that define something."""
    at = 0
    for line in source.split(b"\n"):
        found = pattern.match(line)
        if found and found.lastindex:
            name = found[found.lastindex].decode("utf-8", "replace")
            start, end = found.span(found.lastindex)
            yield _Definition(at, at + start, at + end, 1, name[:_NAME_CHARS])
        at += len(line) + 1


def _parsed(language: Language, source: bytes) -> Node | None:
    """Parse source code; None where it takes too long: some grammars lose their way in what is no code of theirs."""
    until_s = time.monotonic() + _MOST_SECONDS
    try:
        # Read piece by piece, since only so the parser asks whether to go on.
        tree = Parser(language).parse(
            lambda at, _: source[at : at + _PIECE_BYTES], progress_callback=lambda *_: time.monotonic() > until_s
        )
    except ValueError:
        return None
    return tree.root_node


def _is_written_by_hand(text: str) -> bool:
    if len(text) > _MOST_CHARS or max(map(len, text.split("\n"))) > _MOST_IN_A_LINE:
        return False
    depth = angles = 0
    for bracket in _BRACKETS.findall(text):
        # 15 KB of a<a<a<… cost the grammar of C# 600 MB. Where a statement or a bracket ends, no comparison goes on.
        angles = angles + 1 if bracket == "<" else angles - 1 if bracket == ">" else 0
        depth += (bracket in "([{") - (bracket in ")]}")
        depth = max(0, depth)
        if depth > _MOST_NESTED or angles > _MOST_ANGLES:
            return False
    return True


def _sections(document: Document, source: bytes, found: list[_Definition]) -> Document:
    """Begin a part at each definition; a part's label is its name with those of the classes around it."""
    places = sorted({place for d in found for place in (d.start, d.name_start, d.name_end)})
    at = _characters(source, places)
    starts: dict[int, str] = {}
    for definition in found:
        starts.setdefault(at[definition.start], definition.label)
    if 0 not in starts:
        starts = {0: "", **starts}
    begun = sorted(starts)
    ends = [*begun[1:], len(document.text)]
    headings = sorted(
        (Heading(min(d.level, 9), at[d.name_start], at[d.name_end]) for d in found), key=lambda heading: heading.start
    )
    parts = tuple(Part("section", starts[start], start, end) for start, end in zip(begun, ends, strict=True))
    return replace(document, parts=parts, headings=tuple(headings))


def _characters(source: bytes, places: list[int]) -> dict[int, int]:
    """Map rising places in UTF-8 to places in the text."""
    found: dict[int, int] = {}
    done = characters = 0
    for place in places:
        characters += len(source[done:place].decode("utf-8", "ignore"))
        done = place
        found[place] = characters
    return found


def _definitions(root: Node, source: bytes) -> Iterator[_Definition]:
    """Find the functions and classes, not those within functions; without recursion."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, names = waiting.pop()
        kind = node.type
        named = _name_of(node) if kind in _FUNCTIONS or kind in _HOLDERS else _closure_name(node)
        if named is not None:
            name = source[named.start_byte : named.end_byte].decode("utf-8", "replace")
            names = (*names, " ".join(name.split())[:_NAME_CHARS])
            label = ".".join(names)[-_NAME_CHARS:]
            yield _Definition(_beginning(node, source), named.start_byte, named.end_byte, len(names), label)
        if kind not in _FUNCTIONS and kind not in _CLOSURES and len(names) < _MOST_NESTED:
            waiting.extend((child, names) for child in reversed(node.named_children))


def _name_of(node: Node) -> Node | None:
    """Find the node of a definition's name."""
    name = node.child_by_field_name("name")
    if name is not None or node.type not in ("function_definition", "impl_item", "type_declaration"):
        # A struct without a body is only mentioned.
        is_mentioned = node.type.endswith("_specifier") and node.child_by_field_name("body") is None
        return None if is_mentioned else name
    if node.type == "impl_item":
        return node.child_by_field_name("type")
    if node.type == "type_declaration":
        spec = next(iter(node.named_children), None)
        return spec.child_by_field_name("name") if spec is not None else None
    declarator = node.child_by_field_name("declarator")  # C: int (*name(…))(…)
    for _ in range(_MOST_NESTED):
        inner = declarator.child_by_field_name("declarator") if declarator is not None else None
        if inner is None:
            break
        declarator = inner
    return declarator


def _closure_name(node: Node) -> Node | None:
    """Find the name of a constant that is a function: `const area = (r) => …`."""
    if node.type != "variable_declarator":
        return None
    value = node.child_by_field_name("value")
    return node.child_by_field_name("name") if value is not None and value.type in _CLOSURES else None


def _beginning(node: Node, source: bytes) -> int:
    """Give where a definition's section begins: at its line, its decorators or the comment right above it."""
    top = node
    while top.parent is not None and (top.parent.type in _WRAPPERS or top.parent.type.endswith("_declaration")):
        if top.parent.start_point.row < top.start_point.row and top.parent.type not in _WRAPPERS:
            break
        top = top.parent
    above = top.prev_sibling
    while above is not None and above.type in _COMMENTS and above.end_point.row + 1 >= top.start_point.row:
        if source[source.rfind(b"\n", 0, above.start_byte) + 1 : above.start_byte].strip():
            break  # behind code on its line
        top, above = above, above.prev_sibling
    return source.rfind(b"\n", 0, top.start_byte) + 1
