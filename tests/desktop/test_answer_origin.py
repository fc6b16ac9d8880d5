"""Each answer says which model, adapter and strength wrote it (R31)."""

from __future__ import annotations

import pytest

from studiolo_desktop.answer_origin import origin_words

PLAIN = {"model": "small", "model_sha256": "ab" * 32, "adapter": None, "adapter_sha256": None, "adapter_scale": None}
ADAPTED = PLAIN | {"adapter": "letters", "adapter_sha256": "cd" * 32, "adapter_scale": 0.8}


def test_the_model_the_adapter_and_its_strength_are_named_with_their_hashes() -> None:
    assert origin_words(PLAIN) == "Written by small (abababababab)"
    assert origin_words(ADAPTED) == "Written by small (abababababab) with letters (cdcdcdcdcdcd) × 0.8"
    assert origin_words(PLAIN, whole=True) == f"Written by small ({'ab' * 32}), no adapter"
    assert "cd" * 32 in origin_words(ADAPTED, whole=True)


def test_a_model_for_whose_words_quotes_stand_in_is_not_said_to_have_written_them() -> None:
    assert origin_words(PLAIN | {"composed_by": "quotes_instead"}) == "Asked: small (abababababab)"
    assert origin_words(PLAIN | {"composed_by": "model"}).startswith("Written by")


@pytest.mark.parametrize("untrusted", [{}, {"model": None}, {"model": 3, "adapter": "letters"}])
def test_where_no_model_took_part_nothing_is_said(untrusted: dict[str, object]) -> None:
    assert origin_words(untrusted) == ""


def test_names_from_outside_are_harmless() -> None:
    assert "\u202e" not in origin_words({"model": "a\u202eb", "adapter": "c\nd", "adapter_scale": "much"})
