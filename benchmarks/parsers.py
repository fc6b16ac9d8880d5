"""How faithfully documents are read: words by format, strings that must be there, encodings, odd PDFs.

    .venv/bin/python benchmarks/parsers.py --data FOLDER [--only docling|mail|markitdown|encodings|pypdf]

Every file goes through the real extractor process. `docling` compares the words of our text with those of an expected
Markdown, whose own marks (links, images, rules of tables) are taken away on both sides: F1 over words as a multiset.
`mail` does so with what Python's own library reads of each EML file.
Bars: mean F1 .95 for docx, html, md, csv, xlsx; .92 for pdf, pptx, odf; .85 for each epub and eml; every string of
`markitdown`; 98 % of `encodings`; right page counts and no crash on `pypdf-samples`.
"""

from __future__ import annotations

import argparse
import codecs
import email
import email.policy
import html
import json
import re
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from lxml import html as html_parser

from studiolo_indexer.converting import Converter, find_libreoffice
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import Document

BARS = {"docx": 0.95, "html": 0.95, "md": 0.95, "csv": 0.95, "xlsx": 0.95, "pdf": 0.92, "pptx": 0.92, "odf": 0.92}
EACH_BARS = {"epub": 0.85, "eml": 0.85}
WORST = 10
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_WORD = re.compile(r"[^\W_]+")
# What a string of markitdown's own output asks for that is no text of the document.
_NO_TEXT = re.compile(
    r"^(\]\(.*|data:image.*|\| --- .*|```\w*|\*\*(From|To|Subject|Authors):\*\*.*|# Email Message|## Content)$"
)
Json = dict[str, Any]  # Any: a JSON document


def words_of(text: str) -> list[str]:
    """Give the words of a text without the marks of Markdown."""
    plain = _COMMENT.sub(" ", text)
    for _ in range(3):  # an image inside a link
        plain = _LINK.sub(r" \1 ", plain)
    return _WORD.findall(html.unescape(plain).replace("\\", "").casefold())


def f1(ours: list[str], expected: list[str]) -> float:
    """Give the harmonic mean of precision and recall over the words as multisets."""
    common = sum((Counter(ours) & Counter(expected)).values())
    return 2 * common / (len(ours) + len(expected)) if ours or expected else 1.0


def read(extractor: Extractor, path: Path) -> Document | str:
    """Read a file; gives the code of its failure where it cannot be read."""
    try:
        return extractor.extract(path.read_bytes(), name=path.name)
    except FileFailure as failure:
        return failure.code


def docling(extractor: Extractor, folder: Path) -> bool:
    """Compare words by format."""
    rows: list[Json] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    scores: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in rows:
        kind = row["source"].partition("/")[0]
        document = read(extractor, folder / row["source"])
        expected = words_of((folder / row["expected_md"]).read_text(encoding="utf-8"))
        score = 0.0 if isinstance(document, str) else f1(words_of(document.text), expected)
        note = f" ({document})" if isinstance(document, str) else ""
        scores[kind].append((score, row["source"] + note))
    good = True
    for kind, found in sorted(scores.items()):
        values = [score for score, _ in found]
        mean, lowest = statistics.mean(values), min(values)
        bar, each = BARS.get(kind), EACH_BARS.get(kind)
        good &= (bar is None or mean >= bar) and (each is None or lowest >= each)
        wanted = f"bar {bar}" if bar else f"bar {each} each" if each else "no bar"
        print(f"  {kind:10} {len(found):3} files, mean word F1 {mean:.3f}, lowest {lowest:.3f} ({wanted})")
    print(f"  the {WORST} worst:")
    for score, source in sorted(row for found in scores.values() for row in found)[:WORST]:
        print(f"    {score:.3f} {source}")
    return good


def mail(extractor: Extractor, folder: Path) -> bool:
    """Compare the words of each EML file with what Python's own library reads of it: headers, body, attached texts."""
    good = True
    for path in sorted(folder.rglob("*.eml")):
        document = read(extractor, path)
        ours = words_of("" if isinstance(document, str) else document.text)
        score = f1(ours, words_of(text_of_mail(path.read_bytes())))
        good &= score >= EACH_BARS["eml"]
        print(f"  {score:.3f} {path.relative_to(folder)} (bar {EACH_BARS['eml']})")
    return good


def text_of_mail(data: bytes) -> str:
    """Read a mail by Python's library alone."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Cc", "Subject", "Date") if message[name]]
    body = message.get_body(("plain", "html"))
    for part in ([body] if body else []) + list(message.iter_attachments()):
        lines.append(part.get_filename() or "")
        if part.get_content_maintype() == "text":
            content = part.get_content()
            is_html = part.get_content_subtype() == "html"
            lines.append(" ".join(map(str, html_parser.fromstring(content).itertext())) if is_html else content)
    return "\n".join(lines)


def markitdown(extractor: Extractor, folder: Path) -> bool:
    """Look for the strings that must be there, word for word; marks of Markdown do not count."""
    rows: list[Json] = json.loads((folder / "must_include.json").read_text(encoding="utf-8"))
    missing, wanted, unread = [], 0, set()
    for row in rows:
        document = read(extractor, folder / "test_files" / row["file"])
        if isinstance(document, str):
            unread.add(f"{row['file']} ({document})")
            continue
        ours = f" {' '.join(words_of(document.text))} "
        for text in row["must_include"]:
            if not _NO_TEXT.match(text):
                wanted += 1
                if f" {' '.join(words_of(text))} " not in ours:
                    missing.append(f"{row['file']}: {text[:70]!r}")
    print(f"  {wanted - len(missing)} of {wanted} strings found; not read: {', '.join(sorted(unread)) or 'none'}")
    for line in missing:
        print(f"    missing in {line}")
    return not missing


def encodings(extractor: Extractor, folder: Path) -> bool:
    """Compare with Python's decoding by the encoding that the folder is named after."""
    right, wrong = 0, []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.parent != folder):
        name = re.sub(r"^((?:windows|iso)-[\d-]+\d|.*?)-(?:[a-z]{5,})$", r"\1", path.parent.name)
        try:
            expected = path.read_bytes().decode(codecs.lookup(name).name)
        except (LookupError, UnicodeDecodeError):
            expected = path.read_bytes().decode(name, "replace") if name else ""
        document = extractor_text(extractor, path)
        same = document is not None and document.split() == expected.replace("\ufeff", "").split()
        right += same
        wrong += [] if same else [f"{path.parent.name}/{path.name}"]
    total = right + len(wrong)
    print(f"  {right} of {total} ({right / total:.1%}) as Python decodes them (bar 98 %); others: {', '.join(wrong)}")
    return right >= 0.98 * total


def extractor_text(extractor: Extractor, path: Path) -> str | None:
    """Read a file as plain text, whatever its name."""
    try:
        return extractor.extract(path.read_bytes(), name="file.txt").text
    except FileFailure:
        return None


def pypdf(extractor: Extractor, folder: Path) -> bool:
    """Compare page counts; an encrypted file must be named so."""
    listed: list[Json] = json.loads((folder / "files.json").read_text(encoding="utf-8"))["data"]
    rows = [row for row in listed if (folder / row["path"]).exists()]
    wrong = []
    for row in rows:
        document = read(extractor, folder / row["path"])
        if isinstance(document, str):
            fine = document == "file.password" if row["encrypted"] else document == "file.no_text"
            what = document
        else:
            fine, what = document.pages == row["pages"], f"{document.pages} pages, not {row['pages']}"
        wrong += [] if fine else [f"{row['path']}: {what}"]
    print(f"  {len(rows) - len(wrong)} of {len(rows)} right; others: {'; '.join(wrong) or 'none'}")
    return not wrong


def main() -> int:
    """Run all five; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--only", choices=("docling", "mail", "markitdown", "encodings", "pypdf"))
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0
    folder = options.data / "parsers"
    guarded = [sys.executable, "-I", "-m", "studiolo.guarded"]
    office, temp = find_libreoffice(), Path(tempfile.mkdtemp())
    command = [*guarded, "studiolo_indexer.convert_worker"]
    converter = Converter(command=command, program=office, temp=temp) if office else None
    extractor = Extractor(command=[*guarded, "studiolo_indexer.extract_worker"], converter=converter)
    good = True
    for name, run, place in (
        ("docling", docling, "docling"),
        ("mail", mail, ""),
        ("markitdown", markitdown, "markitdown"),
        ("encodings", encodings, "encodings"),
        ("pypdf", pypdf, "pypdf-samples"),
    ):
        if options.only in (None, name):
            print(f"{name}:")
            good &= run(extractor, folder / place)
    extractor.close()
    temp.rmdir()
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
