"""What the window remembers from one start to the next, in the data folder; a damaged file is as good as none."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from studiolo.paths import write_atomically
from studiolo_desktop.theme import SCHEMES, Scheme

log = logging.getLogger(__name__)

PAGES = (
    "ask", "ledger", "evaluation", "adapters", "models", "styles", "settings", "privacy", "shortcuts",
)  # fmt: skip
FILE_NAME = "window.json"
_MAX_BYTES = 64 * 1024
_MOST_PIXELS = 100_000
_MOST_COLLECTIONS = 200
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class WindowState:
    """How the window stood when it was closed.

    Args:
        place: x, y, width and height in logical pixels, without the frame; None if nothing is known.
        maximised: Whether it filled the screen.
        left: The width of the left room, 0 for the window's own choice; `right` is the same.
        right: See there.
        page: Which page was open.
        listed: The state of the files that the ledger listed; empty for all.
        scope: The collections that were asked.
        scheme: Which colours the user wants.
    """

    place: tuple[int, int, int, int] | None = None
    maximised: bool = False
    left: int = 0
    right: int = 0
    page: str = "ask"
    listed: str = "failed"
    scope: tuple[str, ...] = ()
    scheme: Scheme = "system"


def read_state(path: Path) -> WindowState:
    """Read what was remembered; what is missing, damaged or out of bounds is as if it had never been written."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        untrusted = json.loads(data) if len(data) <= _MAX_BYTES else None
    except FileNotFoundError:
        return WindowState()
    except (OSError, ValueError, RecursionError) as error:
        log.info("what the window remembered cannot be read: %s", type(error).__name__)
        return WindowState()
    return state_of(untrusted) if isinstance(untrusted, dict) else WindowState()


def write_state(path: Path, state: WindowState) -> None:
    """Write what is to be remembered, for the user alone (0600).

    Raises:
        OSError: If the place cannot be written; the old file is untouched.
    """
    write_atomically(path, json.dumps(asdict(state), indent=1).encode())


def state_of(untrusted: Mapping[str, object]) -> WindowState:
    """Take from a document what is sound in it."""
    place, scope = untrusted.get("place"), untrusted.get("scope")
    numbers = [_pixels(n) for n in place] if isinstance(place, list) and len(place) == 4 else []
    known = [n for n in numbers if n is not None]
    scheme: Scheme = next((s for s in SCHEMES if s == untrusted.get("scheme")), "system")
    page, listed = untrusted.get("page"), untrusted.get("listed")
    return WindowState(
        place=(known[0], known[1], known[2], known[3]) if len(known) == 4 and min(known[2:]) > 0 else None,
        maximised=untrusted.get("maximised") is True,
        left=max(0, _pixels(untrusted.get("left")) or 0),
        right=max(0, _pixels(untrusted.get("right")) or 0),
        page=page if isinstance(page, str) and page in PAGES else "ask",
        listed=listed if isinstance(listed, str) and len(listed) <= _LONGEST_NAME else "failed",
        scope=_names(scope),
        scheme=scheme,
    )


def _names(untrusted: object) -> tuple[str, ...]:
    rows = untrusted if isinstance(untrusted, list) else []
    return tuple(n for n in rows[:_MOST_COLLECTIONS] if isinstance(n, str) and n and len(n) <= _LONGEST_NAME)


def _pixels(untrusted: object) -> int | None:
    if isinstance(untrusted, bool) or not isinstance(untrusted, int) or abs(untrusted) > _MOST_PIXELS:
        return None
    return untrusted
