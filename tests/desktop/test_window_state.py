"""What is remembered: read back as it was, private, and never an obstacle."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_desktop.window_state import WindowState, read_state, state_of, write_state

STATE = WindowState(
    place=(10, 20, 1200, 800), maximised=True, left=300, right=500, page="ledger", listed="skipped",
    scope=("hr", "büro"), scheme="dark",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_what_was_written_is_read_back_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    write_state(path, STATE)
    assert read_state(path) == STATE
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["window.json"]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b"[" * 40_000, b'{"place": 3}', b" " * 100_000]
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(damage)
    assert read_state(path) == WindowState()


def test_no_file_and_a_folder_in_its_place_are_as_good_as_none(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none.json") == WindowState()
    assert read_state(tmp_path) == WindowState()


@given(untrusted=st.fixed_dictionaries({}, optional={name: JSON for name in WindowState.__slots__}))
def test_nothing_in_the_file_can_do_harm(untrusted: dict[str, object]) -> None:
    state = state_of(untrusted)
    assert state_of(json.loads(json.dumps({**vars_of(state)}))) == state
    assert state.left >= 0
    assert state.place is None or min(state.place[2:]) > 0


def vars_of(state: WindowState) -> dict[str, object]:
    return {name: getattr(state, name) for name in WindowState.__slots__}


def test_what_is_sound_is_kept_beside_what_is_not() -> None:
    state = state_of({"place": [1, 2, 0, 5], "page": "no such page", "scheme": "dark", "left": True, "right": 480})
    assert state == WindowState(scheme="dark", right=480)
