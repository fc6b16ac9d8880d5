"""Every error of the models has a code of its own, and a sentence and a hint for people."""

from __future__ import annotations

import pytest

from studiolo.errors import report as report_for
from studiolo_models import errors
from studiolo_models.errors import ModelError, WrongLoraBase

CLASSES = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, ModelError)]
CLASSES.remove(ModelError)


def make(kind: type[ModelError]) -> ModelError:
    return WrongLoraBase(lora_arch="qwen2", base_arch="llama") if kind is WrongLoraBase else kind("detail")


def test_each_class_has_its_own_code() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes) >= 11
    assert all(code.startswith("model.") for code in codes)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_each_error_has_a_sentence_and_a_hint(kind: type[ModelError]) -> None:
    report = report_for(make(kind))
    assert report.code == kind.code
    assert report.message.endswith(".")
    assert report.hint


def test_a_wrong_base_names_both() -> None:
    error = WrongLoraBase(lora_arch="qwen2", base_arch="llama")
    assert "qwen2" in str(error)
    assert "llama" in str(error)
