"""Which files are documents: by the suffix of their name, corrected by their first bytes; pure."""

from __future__ import annotations

import os

from studiolo_indexer.containers import OLE_MARK, ZIP_MARK, OleFile, zip_kind

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODG = "application/vnd.oasis.opendocument.graphics"
DOC = "application/msword"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
RTF = "application/rtf"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
SOURCE = "text/x-source"
CSV = "text/csv"
JSON = "application/json"
JSON_LINES = "application/x-ndjson"
SETTINGS = "text/x-settings"  # YAML, TOML, INI: sections of keys and values
XML = "application/xml"
SUBTITLES = "text/vtt"
RST = "text/x-rst"
ASCIIDOC = "text/asciidoc"
LATEX = "application/x-tex"
NOTEBOOK = "application/x-ipynb+json"
EPUB = "application/epub+zip"
EML = "message/rfc822"
MBOX = "application/mbox"
MSG = "application/vnd.ms-outlook"

_PICTURES: dict[str, str] = {
    "png": "image/png",
    **dict.fromkeys("jpg jpeg jpe jfif".split(), "image/jpeg"),
    **dict.fromkeys("tif tiff".split(), "image/tiff"),
    "bmp": "image/bmp",
    "webp": "image/webp",
    "gif": "image/gif",
}
PICTURES: frozenset[str] = frozenset(_PICTURES.values())

_CODE = (
    "py pyi js mjs cjs ts tsx jsx java kt kts scala c h cc cpp cxx hpp hh cs go rs rb php pl pm lua r jl swift m mm sh "
    "bash zsh fish ps1 bat cmd sql hs erl ex exs clj dart groovy gradle cmake vb fs proto tf"
)
_PLAIN = "txt text log org ics vcf"

_DATA: dict[str, str] = {
    **dict.fromkeys("csv tsv tab".split(), CSV),
    "json": JSON,
    "geojson": JSON,
    **dict.fromkeys("jsonl ndjson".split(), JSON_LINES),
    **dict.fromkeys("yaml yml toml ini cfg conf properties".split(), SETTINGS),
    **dict.fromkeys("xml rss atom opml".split(), XML),
    **dict.fromkeys("srt vtt".split(), SUBTITLES),
    "rst": RST,
    **dict.fromkeys("adoc asciidoc".split(), ASCIIDOC),
    **dict.fromkeys("tex latex ltx".split(), LATEX),
    "ipynb": NOTEBOOK,
    "epub": EPUB,
    **dict.fromkeys("eml mht mhtml".split(), EML),
    **dict.fromkeys("mbox mbx".split(), MBOX),
    "msg": MSG,
}

_OFFICE: dict[str, str] = {
    **dict.fromkeys("docx docm dotx dotm".split(), DOCX),
    **dict.fromkeys("pptx pptm ppsx ppsm potx potm".split(), PPTX),
    **dict.fromkeys("xlsx xlsm xltx xltm".split(), XLSX),
    **dict.fromkeys("xls xlt".split(), XLS),
    **dict.fromkeys("doc dot".split(), DOC),
    **dict.fromkeys("ppt pps pot".split(), PPT),
    **dict.fromkeys("odt ott fodt".split(), ODT),
    **dict.fromkeys("odp otp fodp".split(), ODP),
    **dict.fromkeys("ods ots fods".split(), ODS),
    **dict.fromkeys("odg otg fodg".split(), ODG),
    "xlsb": XLSB,
    "rtf": RTF,
}
_BY_SUFFIX: dict[str, str] = {
    "pdf": PDF,
    **_PICTURES,
    **_OFFICE,
    **dict.fromkeys("html htm xhtml xht".split(), HTML),
    **dict.fromkeys("md markdown mdown".split(), MARKDOWN),
    **_DATA,
    **dict.fromkeys(_PLAIN.split(), PLAIN),
    **dict.fromkeys(_CODE.split(), SOURCE),
}
SUPPORTED_SUFFIXES: frozenset[str] = frozenset(_BY_SUFFIX)


def media_type_for(name: str) -> str | None:
    """Tell the media type that a file's name promises, or None if such files are not read yet."""
    stem, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower()) if dot and stem else None


def same_kind(one: bytes, other: bytes) -> bool:
    """Tell whether two paths end in the same suffix, by which a file's parser is chosen."""
    return os.path.splitext(one)[1].lower() == os.path.splitext(other)[1].lower()


def sniff(data: bytes, promised: str | None) -> str | None:
    """Tell the media type of a file's bytes; `promised` holds where they say nothing."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if promised is None or promised in _OFFICE.values():
        return _office_type(data, promised)
    return promised


_ZIP_KINDS = {"word": DOCX, "ppt": PPTX, "xl": XLSX, **{kind: kind for kind in (ODT, ODP, ODS, ODG)}}
_STREAMS = {"worddocument": DOC, "workbook": XLS, "book": XLS, "powerpoint document": PPT}
_LOOKED_AT_BYTES = 1024


def _office_type(data: bytes, promised: str | None) -> str | None:
    """Tell what an Office file really is: many an old name stands on a new file, on RTF, or on a web page."""
    head = data[:_LOOKED_AT_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{\\rtf"):
        return RTF
    if data.startswith(ZIP_MARK):
        kind = zip_kind(data)
        # A template has the media type of its documents with a word behind it.
        found = _ZIP_KINDS.get(kind.removesuffix("-template"), promised)
        return XLSB if found == XLSX and promised == XLSB else found
    if data.startswith(OLE_MARK):
        streams = OleFile(data).names
        if "encryptedpackage" in streams:
            return promised
        return next((kind for name, kind in _STREAMS.items() if name in streams), promised)
    if promised in (DOC, XLS) and head and b"\0" not in data[:_LOOKED_AT_BYTES]:
        return HTML if head.startswith((b"<html", b"<!doctype html", b"<table")) else PLAIN
    return promised
