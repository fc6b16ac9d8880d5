"""Files made to hurt: bombs, loops, absurd nesting, lies about sizes. Each is (name, bytes), made on demand."""

from __future__ import annotations

import io
import itertools
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

DEEP = 100_000
LONG_LINE = 30 * 2**20
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = ["lol", *(f"lol{n}" for n in range(1, 10))]
_GROWING = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(_NAMES))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY lol "lol">{_GROWING}]><l>&lol9;</l>'
XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'

Made = tuple[str, bytes]


def zipped(members: dict[str, bytes | str], *, stored: str = "") -> bytes:
    """Pack members into a zip archive; the one named `stored` is not compressed and stands first."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=kind)
    return stream.getvalue()


def docx(body: str | bytes) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def word(inside: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'


def xlsx(sheet: str, strings: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006/relationships"
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{pack}"><Relationship Id="r1" Type="{rel}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    if strings:
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    return zipped(members)


def epub(chapter: bytes | str) -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    return zipped(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "p.opf": package, "c.xhtml": chapter},
        stored="mimetype",
    )


def odf(kind: str, content: bytes | str) -> bytes:
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content}, stored="mimetype")


def pdf(objects: dict[int, bytes]) -> bytes:
    """Write a PDF of these objects with a right cross-reference table; object 1 is the catalogue."""
    out, offsets = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offsets.get(n, 0) for n in range(1, max(objects) + 1))
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, start)


def stream(content: bytes, filters: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), filters) + content + b"\nendstream"


def one_page(content: bytes, *, box: str = "0 0 612 792") -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R >>".encode(),
            4: content,
        }
    )


def pdf_bomb() -> bytes:
    twice = zlib.compress(zlib.compress(b"\0" * (160 * 2**20), 9), 9)
    return one_page(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * min(64 * 2**20, (width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def lying_zip() -> bytes:
    """A member that claims to be 10 bytes long and unfolds to 64 MB."""
    data = bytearray(docx("\0" * (64 * 2**20)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.rfind(mark, 0, data.rfind(b"word/document.xml") if mark == b"PK\x03\x04" else len(data))
        data[place + at : place + at + 4] = struct.pack("<I", 10)
    return bytes(data)


def nested_mail(depth: int) -> bytes:
    lines = [b"Subject: deep", b"MIME-Version: 1.0"]
    for n in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % n, b"", b"--b%d" % n]
    return b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"bottom"])


def ole_loop() -> bytes:
    """An OLE2 file whose sector chain runs in a circle."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * (436 - 4)
    table = struct.pack("<128I", *[(n + 1) % 4 for n in range(128)])
    return head.ljust(512, b"\0") + table + b"\0" * 1024


def damaged(path: Path, seed: int) -> bytes:
    """Cut a real file short, or turn some of its bits over."""
    chooser = random.Random(seed)
    data = bytearray(path.read_bytes())
    if seed % 2:
        return bytes(data[: chooser.randrange(1, len(data))])
    for _ in range(20):
        data[chooser.randrange(len(data))] ^= 1 << chooser.randrange(8)
    return bytes(data)


_ZEROS = b"\0" * (136 * 2**20)
CASES: dict[str, Callable[[], Made]] = {
    "docx: a document of 136 MB of zeros": lambda: ("a.docx", docx(_ZEROS)),
    "docx: 20,000 members": lambda: ("a.docx", zipped({f"word/{n}.xml": "" for n in range(20_000)})),
    "docx: billion laughs": lambda: ("a.docx", docx(LAUGHS)),
    "docx: a file from outside": lambda: ("a.docx", docx(XXE)),
    "docx: 100,000 nested elements": lambda: ("a.docx", docx(word("<w:p>" * DEEP + "</w:p>" * DEEP))),
    "docx: nested tables": lambda: ("a.docx", docx(word("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80))),
    "docx: a lie about a size": lambda: ("a.docx", lying_zip()),
    "docx: a million runs": lambda: ("a.docx", docx(word("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 400_000 + "</w:p>"))),
    "xlsx: two cells, a billion apart": lambda: (
        "a.xlsx",
        xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
    ),
    "xlsx: a bomb of strings": lambda: ("a.xlsx", xlsx("", f"<si><t>{'a' * (132 * 2**20)}</t></si>")),
    "xlsx: billion laughs": lambda: ("a.xlsx", zipped({"xl/workbook.xml": LAUGHS, "[Content_Types].xml": "<Types/>"})),
    "xlsx: a row that is no number": lambda: ("a.xlsx", xlsx('<row r="99999999999"><c r="ZZZZZ1"><v>1</v></c></row>')),
    "pptx: a slide of 136 MB": lambda: ("a.pptx", zipped({"ppt/presentation.xml": _ZEROS, "[Content_Types].xml": ""})),
    "odt: a bomb": lambda: ("a.odt", odf("text", _ZEROS)),
    "odt: billion laughs": lambda: ("a.odt", odf("text", LAUGHS)),
    "ods: a row repeated a billion times": lambda: (
        "a.ods",
        odf(
            "spreadsheet",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            '<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000000">'
            '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
            "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        ),
    ),
    "epub: a chapter of 136 MB": lambda: ("a.epub", epub(_ZEROS)),
    "epub: 100,000 nested elements": lambda: ("a.epub", epub("<div>" * DEEP)),
    "xml: billion laughs": lambda: ("a.xml", LAUGHS.encode()),
    "xml: a file from outside": lambda: ("a.xml", XXE.encode()),
    "xml: one long entity, often": lambda: (
        "a.xml",
        f'<!DOCTYPE d [<!ENTITY x "{"x" * 100_000}">]><d>{"&x;" * 100_000}</d>'.encode(),
    ),
    "xml: 100,000 nested elements": lambda: ("a.xml", b"<a>" * DEEP + b"</a>" * DEEP),
    "html: 100,000 nested elements": lambda: ("a.html", b"<div>" * DEEP + b"deep"),
    "html: 100,000 nested lists, closed": lambda: ("a.html", b"<ul><li>" * DEEP + b"</li></ul>" * DEEP),
    "html: 20,000 nested tables": lambda: ("a.html", b"<table><tr><td>" * 20_000),
    "html: a comment without end": lambda: ("a.html", b"<!--" + b"-" * (8 * 2**20)),
    "html: a million attributes": lambda: ("a.html", b"<p " + b"a=b " * 1_000_000 + b">x</p>"),
    "json: 100,000 nested lists": lambda: ("a.json", b"[" * DEEP + b"]" * DEEP),
    "json: 100,000 nested objects": lambda: ("a.json", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "yaml: aliases that multiply": lambda: (
        "a.yaml",
        ("a0: &a0 x\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))).encode(),
    ),
    "toml: 100,000 nested lists": lambda: ("a.toml", b"a = " + b"[" * DEEP + b"]" * DEEP),
    "markdown: 100,000 nested quotes": lambda: ("a.md", b">" * DEEP + b" deep"),
    "markdown: brackets without end": lambda: ("a.md", b"[" * DEEP + b"(" * DEEP + b"*" * DEEP + b"`" * DEEP),
    "pdf: a page tree that holds itself": lambda: (
        "a.pdf",
        pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"}),
    ),
    "pdf: two billion pages": lambda: (
        "a.pdf",
        pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 2000000000 >>"}),
    ),
    "pdf: a stream of 160 MB in a few bytes": lambda: ("a.pdf", pdf_bomb()),
    "pdf: a page of a hundred kilometres": lambda: ("a.pdf", one_page(stream(b""), box="0 0 300000000 300000000")),
    "pdf: a million letters on each other": lambda: (
        "a.pdf",
        one_page(stream(b"BT /F1 1 Tf " + b"(a) Tj " * 1_000_000 + b"ET")),
    ),
    "pdf: brackets without end": lambda: ("a.pdf", one_page(b"[" * 1_000_000)),
    "txt: a line of 30 MB": lambda: ("a.txt", b"word " * (LONG_LINE // 5)),
    "txt: a word of 30 MB": lambda: ("a.txt", b"a" * LONG_LINE),
    "md: a line of 30 MB": lambda: ("a.md", b"# " + b"word " * (LONG_LINE // 5)),
    "html: a line of 30 MB": lambda: ("a.html", b"<p>" + b"word " * (LONG_LINE // 5)),
    "json: a string of 30 MB": lambda: ("a.json", b'"' + b"a" * LONG_LINE + b'"'),
    "csv: a quote without end": lambda: ("a.csv", b'a,b\n"' + b"x," * (5 * 2**20)),
    "csv: a million columns": lambda: ("a.csv", b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000),
    "txt: NUL bytes": lambda: ("a.txt", b"\0" * 2**20),
    "md: NUL bytes between words": lambda: ("a.md", b"word\0" * 1000 + b"end"),
    "eml: 3,000 nested parts": lambda: ("a.eml", nested_mail(3_000)),
    "eml: 100,000 headers": lambda: ("a.eml", b"X-A: b\r\n" * DEEP + b"\r\nbody"),
    "mbox: 100,000 empty mails": lambda: ("a.mbox", b"From a@b Thu Jan  1 00:00:00 2026\n\n" * DEEP),
    "rtf: 100,000 nested groups": lambda: ("a.rtf", b"{\\rtf1 " + b"{" * DEEP + b"x" + b"}" * DEEP + b"}"),
    "rtf: binary data without end": lambda: ("a.rtf", b"{\\rtf1 \\bin2000000000 " + b"x" * 1000),
    "tex: 100,000 nested braces": lambda: ("a.tex", b"{" * DEEP + b"x" + b"}" * DEEP),
    "py: 100,000 nested brackets": lambda: ("a.py", b"x = " + b"(" * DEEP + b")" * DEEP),
    "js: 50,000 nested functions": lambda: ("a.js", b"function f(){" * 50_000 + b"}" * 50_000),
    "ipynb: 100,000 nested lists": lambda: ("a.ipynb", b'{"cells":' + b"[" * DEEP + b"]" * DEEP + b"}"),
    "ipynb: a cell of 10 MB": lambda: (
        "a.ipynb",
        json.dumps({"cells": [{"cell_type": "code", "source": "x" * (10 * 2**20)}], "nbformat": 4}).encode(),
    ),
    "srt: arrows without end": lambda: ("a.srt", b"00:00:00,000 --> " * 200_000),
    "png: 60,000 by 60,000": lambda: ("a.png", png(60_000, 60_000)),
    "msg: sectors in a circle": lambda: ("a.msg", ole_loop()),
    "xls: sectors in a circle": lambda: ("a.xls", ole_loop()),
    "a name with bidi marks": lambda: ("invoice\u202efdp.txt", b"words"),
    "a name with a lone surrogate": lambda: ("a\udcff.md", b"# words"),
    "a name of many dots": lambda: ("." * 200 + "docx", b"words"),
}


def _damaged_case(path: Path, seed: int) -> Callable[[], Made]:
    return lambda: (path.name, damaged(path, seed))


for _path in sorted(p for p in EXAMPLES.rglob("*") if p.suffix in (".pdf", ".docx", ".html")):
    CASES |= {f"{_path.name}, damaged ({n})": _damaged_case(_path, n) for n in range(4)}
