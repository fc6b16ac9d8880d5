"""Makes small OpenDocument files, packed or flat."""

from __future__ import annotations

from hostile_files import zipped

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("presentation", "presentation"),
        ("meta", "meta"),
        ("chart", "chart"),
        ("svg", "svg-compatible"),
    )
)
OTHERS = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:math="http://www.w3.org/1998/Math/MathML"'
)


def content(kind: str, body: str, styles: str = "") -> str:
    """Write the content of a document of a kind: text, presentation, drawing, spreadsheet."""
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return (
        f"<office:document-content {NAMES} {OTHERS}>{automatic}"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )


def packed(kind: str, body: str, automatic: str = "", **members: str) -> bytes:
    """Make a packed file; `members` are more of its parts, named without `.xml`; `automatic` are styles."""
    files: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content(kind, body, automatic),
    }
    return zipped(files | {f"{name}.xml": part for name, part in members.items()}, stored="mimetype")


def meta(inside: str) -> str:
    """Write what a document says of itself."""
    return f"<office:document-meta {NAMES} {OTHERS}><office:meta>{inside}</office:meta></office:document-meta>"


def flat(kind: str, body: str, about: str = "") -> bytes:
    """Make a flat file."""
    whole = f"<office:meta>{about}</office:meta><office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return f'<?xml version="1.0"?><office:document {NAMES} {OTHERS}>{whole}</office:document>'.encode()
