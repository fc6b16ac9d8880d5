"""DOC and PPT are refused, and each with its own reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from old_documents import old_document

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.legacy_office import parse_legacy


def failure_of(data: bytes) -> FileFailure:
    with pytest.raises(FileFailure) as caught:
        parse_legacy(data, "a.doc")
    return caught.value


@pytest.mark.parametrize("name", ["WordDocument", "PowerPoint Document"])
def test_an_old_file_says_what_to_do(name: str) -> None:
    failure = failure_of(old_document(name))
    assert failure.code == "file.needs_libreoffice"
    assert "LibreOffice: install it" in failure.reason


def test_a_locked_one_is_named_so() -> None:
    assert failure_of(old_document("WordDocument", flags=0x0100)).code == "file.password"
    assert failure_of(old_document("EncryptedSummary")).code == "file.password"


@given(st.binary(max_size=600))
def test_anything_else_is_damaged(noise: bytes) -> None:
    assert failure_of(noise).code == "file.damaged"
    assert failure_of(OLE_MARK + noise).code == "file.damaged"
