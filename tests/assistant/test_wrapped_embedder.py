"""Who wraps an embedder says of itself what the one inside says."""

from __future__ import annotations

import numpy as np

from studiolo.wrapped_embedder import WrappedEmbedder
from studiolo_models.fakes import FakeEmbedder


def test_vectors_and_tokens_are_those_of_the_embedder_inside() -> None:
    """A table of vectors is known by the identity: another one would embed all documents again (R21)."""
    inside = FakeEmbedder(dimension=16, identity="fb5e")
    wrapped = WrappedEmbedder(inside)
    assert (wrapped.identity, wrapped.dimension, wrapped.max_tokens) == ("fb5e", 16, inside.max_tokens)
    assert wrapped.count_tokens(["one two", "three"]) == inside.count_tokens(["one two", "three"])
    assert np.array_equal(wrapped.embed_query("leave"), inside.embed_query("leave"))
