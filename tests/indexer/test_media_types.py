"""The suffix decides, whatever its case."""

from __future__ import annotations

import pytest

from studiolo_indexer.media_types import media_type_for


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.pdf", "application/pdf"),
        ("A.B.PDF", "application/pdf"),
        ("page.htm", "text/html"),
        ("notes.md", "text/markdown"),
        ("x.py", "text/x-source"),
        ("plain.txt", "text/plain"),
        ("noending", None),
        (".txt", None),
        ("picture.png", "image/png"),
    ],
)
def test_a_name_tells_its_media_type(name: str, media_type: str | None) -> None:
    assert media_type_for(name) == media_type
