"""Makes DOCX files of their XML: a body, and other parts of the folder `word`."""

from __future__ import annotations

from hostile_files import zipped

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WHITE = '<w:color w:val="FFFFFF"/>'
BLACK_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'


def made(body: str, **parts: str) -> bytes:
    """Make a file of its body and other parts of the folder `word`, with names like `footnotes`."""
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
    }
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{REL}/{name.rstrip("0123456789")}" Target="{name}.xml"/>' for name in parts
    )
    members["word/_rels/document.xml.rels"] = f"<Relationships>{relations}</Relationships>"
    for name, content in parts.items():
        root = {"header": "hdr", "footer": "ftr"}.get(name.rstrip("0123456789"), name)
        members[f"word/{name}.xml"] = f"<w:{root} {SPACES}>{content}</w:{root}>"
    return zipped(members)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
