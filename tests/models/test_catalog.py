"""The catalogue of known models is whole and names what the starter brings."""

from __future__ import annotations

import hashlib

import pytest
from gguf_files import starter_gguf

from studiolo_models import starter
from studiolo_models.catalog import find_known, known_models


@pytest.mark.real_models
def test_the_starter_chat_model_is_known_by_its_bytes() -> None:
    known = find_known(hashlib.sha256(starter_gguf().read_bytes()).hexdigest())
    assert known is not None
    assert (known.name, known.role, known.licence, known.context_tokens) == (starter.CHAT, "chat", "Apache-2.0", 8192)


def test_both_starters_stand_in_the_catalogue_and_nothing_stands_twice() -> None:
    names = [model.name for model in known_models()]
    assert {starter.CHAT, starter.EMBEDDER} <= set(names)
    assert len(set(names)) == len(names)
    assert all(model.licence and model.source and model.context_tokens > 0 for model in known_models())


def test_other_bytes_are_not_known() -> None:
    assert find_known("0" * 64) is None
