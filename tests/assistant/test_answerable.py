"""What is refused: what no passage is about, and what the passages are about and do not say."""

from __future__ import annotations

import numpy as np
import pytest

from studiolo.answerable import is_answerable
from studiolo.evidence import Evidence
from studiolo.sentences import split_sentences
from studiolo_indexer.records import Passage

TEXT = "The Treaty of Kiel of 1814 gave Norway to Sweden. The king did not sign it in person."


def evidence(text: str, *cosines: float, passage: float) -> list[Evidence]:
    """One passage with a cosine for itself and for each of its sentences."""
    spans = tuple(split_sentences(text))
    found = Passage(
        "a", "d", "c", b"/a", "/a", "", "section", None, 0, 0, text, "", 0.5, passage, ("vector",), "s", "t"
    )
    vectors = np.zeros((len(spans), 4), dtype=np.float32)
    return [Evidence(1, found, spans, vectors, cosines, cosines, 1.0)]


@pytest.mark.parametrize(
    ("question", "answerable"),
    [
        ("What did the Treaty of Kiel give to Sweden?", True),
        ("Did the king sign the treaty of Kiel?", True),  # "did not" answers it
        ("What did the Treaty of Utrecht give to Spain?", False),
        ("What did the Treaty of Kiel give to Denmark in 1720?", False),
        ("What did the treaty not give to Sweden?", False),
    ],
)
def test_a_question_about_another_name_year_or_the_opposite_is_refused(question: str, answerable: bool) -> None:
    """The topic is there, and near: all cosines are the same here."""
    found = evidence(TEXT, 0.66, 0.6, passage=0.66)
    assert is_answerable(question, found, scale_is_known=True) is answerable


def test_what_is_far_from_every_passage_is_refused_whatever_the_embedder() -> None:
    far = evidence(TEXT, 0.1, 0.05, passage=0.12)
    assert not is_answerable("What is the tallest mountain?", far)
    assert not is_answerable("What is the tallest mountain?", far, scale_is_known=True)
    assert not is_answerable("anything", [])


@pytest.mark.parametrize("question", ["Was gab der Vertrag von Utrecht an Spanien?", "Utrecht Spain 1720"])
def test_only_what_is_far_is_refused_where_the_scale_was_not_measured(question: str) -> None:
    """Another language, bare words, another embedder: cosines mean something else there."""
    assert is_answerable(question, evidence(TEXT, 0.5, 0.4, passage=0.5), scale_is_known=True)
    assert is_answerable("What did the Treaty of Utrecht give?", evidence(TEXT, 0.5, 0.4, passage=0.5))
