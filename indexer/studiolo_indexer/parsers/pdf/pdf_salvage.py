"""Pages of a PDF whose end or page tree is lost (a broken download, a bad disk): they get a new page tree; pure.

PDFium finds the objects of such a file by itself, but without a catalogue and a tree it opens nothing. What stands in
compressed object streams is not found. Source: PDF 32000-1:2008, 7.5.8 (rebuilding), 7.7.3 (page tree), annex F.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, pairwise

_OBJECT = re.compile(rb"(?<!\d)(\d{1,8})\s+(\d{1,5})\s+obj\b")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PARENT = re.compile(rb"/Parent\s+(\d{1,8})\s+\d{1,5}\s+R")
_FIRST_OF_LINEARIZED = re.compile(rb"/Linearized\b[^<>]{0,300}?/O\s+(\d{1,8})\b")
_PAGES_OF_LINEARIZED = re.compile(rb"/Linearized\b[^<>]{0,300}?/N\s+(\d{1,6})\b")
_LOOKED_AT_BYTES = 2048
_MOST_PAGES = 20_000
_DICTIONARY_BYTES = 20_000


def salvaged(data: bytes) -> tuple[bytes, int] | None:
    """Give the file with a new page tree behind it and how many of its pages are lost; None if no page is found.

    A lost page is an empty one, so that the others keep their numbers as far as the file still tells.
    """
    if b"/Encrypt" in data:
        return None  # without its key nothing of it can be read
    found, parents, highest = _page_objects(data)
    if not found:
        return None
    head = data[:_LOOKED_AT_BYTES]
    first, count = _FIRST_OF_LINEARIZED.search(head), _PAGES_OF_LINEARIZED.search(head)
    pages = sorted(found)
    if first and int(first[1]) in found:  # a file made for the web begins with its first page, under a late number
        pages.remove(int(first[1]))
        pages.insert(0, int(first[1]))
    lost = max(0, min(int(count[1]), _MOST_PAGES) - len(pages)) if count else 0
    tree = parents.most_common(1)[0][0] if parents else highest + 1
    empty, catalogue = highest + 2, highest + 3 + lost
    kids = [*pages, *range(empty, empty + lost)]
    added = [b"%d 0 obj\n<</Type/Page/Parent %d 0 R>>\nendobj\n" % (n, tree) for n in kids[len(pages) :]]
    references = b" ".join(b"%d 0 R" % n for n in kids)
    added.append(b"%d 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (tree, len(kids), references))
    added.append(b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (catalogue, tree))
    added.append(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n0\n%%%%EOF\n" % (catalogue + 1, catalogue))
    return data + b"\n" + b"".join(added), lost


def _page_objects(data: bytes) -> tuple[set[int], Counter[int], int]:
    """Give the numbers of the page objects, which nodes they hang on, and the highest number of any object."""
    found: set[int] = set()
    parents: Counter[int] = Counter()
    highest = 0
    for match, following in pairwise(chain(_OBJECT.finditer(data), (None,))):
        number = int(match[1]) if match else 0
        highest = max(highest, number)
        begin = match.end() if match else 0
        end = following.start() if following else len(data)
        words = data[begin : min(end, begin + _DICTIONARY_BYTES)]
        if _PAGE.search(words) and number not in found and len(found) < _MOST_PAGES:
            found.add(number)
            parents.update(int(n) for n in _PARENT.findall(words)[:1])
    return found, parents, highest
