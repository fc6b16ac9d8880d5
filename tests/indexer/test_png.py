"""Our PNG is one that others read."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studiolo_indexer.parsers.pictures.png import encode_png


@given(
    height=st.integers(1, 20),
    width=st.integers(1, 20),
    channels=st.sampled_from([1, 3, 4]),
    grey=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_what_was_written_is_read_again(height: int, width: int, channels: int, grey: bool, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    if grey:
        pixels[:, :, :] = pixels[:, :, :1]
    read = Image.open(io.BytesIO(encode_png(pixels)))
    assert read.size == (width, height)
    wanted = np.repeat(pixels, 3, axis=2) if channels == 1 else pixels[:, :, :3]
    assert np.array_equal(np.asarray(read.convert("RGB")), wanted)


@pytest.mark.parametrize(("colour", "mode"), [((7, 7, 7), "L"), ((7, 8, 7), "RGB")])
def test_a_page_without_colours_takes_a_third_of_the_place(colour: tuple[int, int, int], mode: str) -> None:
    pixels = np.full((5, 4, 3), colour, np.uint8)
    assert Image.open(io.BytesIO(encode_png(pixels))).mode == mode
